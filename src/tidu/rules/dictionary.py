"""Read the fact dictionary of a pack: ``facts/*.yaml``, one file per group."""

from __future__ import annotations

import re
from pathlib import Path

from tidu.rules.errors import PackError
from tidu.rules.facts import Choice, Fact, FactDictionary, FactType, Period
from tidu.rules.yamlio import Block, load_block

FACT_ID = re.compile(r"[a-z][a-z0-9_]*")
_TYPES = [each.value for each in FactType]
_PERIODS = [each.value for each in Period]


def load_facts(
    folder: Path, *, prefix: str = "", known: FactDictionary | None = None
) -> dict[str, Fact]:
    """Read all facts of a pack folder, in the order of files and lines.

    ``prefix``: what every id must begin with (a province's facts); ``known``: the
    facts of the base, which may be named but not defined again.
    Raises PackError with file and line: a duplicate id, an unknown key or type.
    """
    facts: dict[str, Fact] = {}
    for path in sorted(folder.glob("facts/*.yaml")):
        block = load_block(path)
        for fact_id in block.keys():
            place = block.place(fact_id)
            inner = block.take_block(fact_id)
            assert inner is not None
            before = facts.get(fact_id) or (known or {}).get(fact_id)
            if before:
                raise inner.error(
                    f"事实 {fact_id} 重复定义", remedy=f"先前的定义在 {before.place}"
                )
            if not FACT_ID.fullmatch(fact_id) or not fact_id.startswith(prefix):
                raise inner.error(
                    f"事实编号 {fact_id} 不合规则",
                    remedy=f"只用小写字母、数字和下划线，并以 {prefix or '字母'} 开头",
                )
            facts[fact_id] = _read_fact(fact_id, path.stem, inner, place)
    _check_references(facts, {**(known or {}), **facts})
    return facts


def _read_fact(fact_id: str, group: str, block: Block, place: str) -> Fact:
    fact = Fact(
        id=fact_id,
        group=group,
        place=place,
        label=block.take_text("label"),
        english=block.take_text("english"),
        type=FactType(block.take_choice("type", _TYPES)),
        period=Period(block.take_choice("period", _PERIODS)),
        form_unit=block.take_text("form_unit", ""),
        choices=tuple(
            Choice(name, inner.take_text("label"), inner.take_text("english"))
            for name, inner in block.take_mapping("choices")
        ),
        also=block.take_texts("also"),
        note=block.take_text("note", ""),
        negative=block.take_flag("negative"),
        least=block.take_number("least") if "least" in block else None,
        most=block.take_number("most") if "most" in block else None,
        dollars=block.take_flag("dollars"),
        undated=block.take_choice("undated", ("last", "current"), "last"),
        expires=block.take_text("expires", ""),
        since=block.take_text("since", ""),
        define=block.take_text("define", ""),
        part_of=block.take_text("part_of", ""),
        accumulates=block.take_flag("accumulates"),
        found_in=block.take_text("found_in", ""),
        found_in_english=block.take_text("found_in_english", ""),
    )
    if bool(fact.choices) != (fact.type in {FactType.CHOICE, FactType.CHOICES}):
        raise block.error(
            f"{fact_id} 的类型与选项不一致",
            remedy="类型为 choice 或 choices 时要写 choices，其他类型不写",
        )
    _check_range(fact, block)
    block.finish()
    return fact


def _check_range(fact: Fact, block: Block) -> None:
    """A range belongs to a count or a number, and names both its ends."""
    if fact.least is None and fact.most is None:
        return
    if fact.type not in {FactType.COUNT, FactType.NUMBER}:
        raise block.error(
            f"{fact.id} 不是个数或数字，不能写 least 和 most",
            remedy="请删去，或把类型改为 count 或 number",
        )
    if fact.least is None or fact.most is None or fact.least > fact.most:
        raise block.error(
            f"{fact.id} 的范围不完整，或 least 大于 most",
            remedy="least 和 most 要同时写，least 不大于 most",
        )


def _check_references(facts: FactDictionary, known: FactDictionary) -> None:
    """Facts named by other facts must exist and be dates where dates are meant."""
    from_dates = {"expires", "since"}
    for fact in facts.values():
        if fact.yearly and (fact.expires or fact.since):
            raise PackError(
                f"{fact.id} 分年度，不能写 expires 或 since",
                place=fact.place,
                remedy="只有不分年度的事实可以由日期推出",
            )
        for name in ("expires", "since", "part_of"):
            other = getattr(fact, name)
            if not other:
                continue
            if other not in known or (
                name in from_dates and known[other].type is not FactType.DATE
            ):
                raise PackError(
                    f"事实 {fact.id} 的 {name} 指向 {other}，它不存在或类型不对",
                    place=fact.place,
                    remedy="请写字典里已有的事实编号",
                )
