"""Read a pack's measures: ``measures/mNN.yaml``, and their ``mechanisms/*.yaml``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules.amounts import AmountRule, Line, Nature, Per, parse_formula
from tidu.rules.errors import PackError
from tidu.rules.facts import FactDictionary
from tidu.rules.measures import (
    Area,
    Limit,
    Measure,
    Mechanism,
    MechanismKind,
    StartWay,
    Strength,
)
from tidu.rules.rulesets import Kind, RuleSet, SourceGrade, Window
from tidu.rules.schemes import (
    GRADES,
    Reader,
    read_window,
    refuse_twice,
    take_named,
    take_note,
)
from tidu.rules.tables import Table
from tidu.rules.units import read_quantity
from tidu.rules.vocabulary import NO_TEXT, Text
from tidu.rules.yamlio import Block, load_block, nearest

MOST = 26
"""Measures of 国办发〔2024〕43号."""

AUDIENCES = ("srdi", "little_giant", "sme")


@dataclasses.dataclass(frozen=True)
class Place:
    """What a pack's mechanisms may name, and where they apply."""

    facts: FactDictionary
    tables: Mapping[str, Table]
    territory: str = ""


def load_measures(folder: Path, place: Place) -> dict[str, Measure]:
    """Read the measures of a national pack, by id, in their order.

    Raises PackError with file and line: a file name that is no measure, a mechanism
    twice, an exclusion of something that does not exist.
    """
    heads = {}
    for path in sorted(folder.glob("measures/*.yaml")):
        heads[path.stem] = _measure(path, place)
    extra = list(load_mechanisms(folder, place, heads))
    found = {
        name: dataclasses.replace(
            head,
            mechanisms=head.mechanisms + tuple(m for m in extra if m.measure == name),
        )
        for name, head in heads.items()
    }
    check_together([m for each in found.values() for m in each.mechanisms])
    return found


def load_mechanisms(
    folder: Path, place: Place, measures: Mapping[str, Measure]
) -> Iterator[Mechanism]:
    """Read ``mechanisms/*.yaml``: lists that each name their measure."""
    for path in sorted(folder.glob("mechanisms/*.yaml")):
        block = load_block(path)
        for each in block.take_blocks("mechanisms"):
            measure = each.take_text("measure")
            if measure not in measures:
                raise each.error(
                    f"没有措施 {measure}", remedy="写 m01 到 m26，并先写好该措施的文件"
                )
            yield read_mechanism(each, measure, place)
        block.finish()


def _measure(path: Path, place: Place) -> Measure:
    block = load_block(path)
    number = path.stem.removeprefix("m")
    if not (
        path.stem.startswith("m") and number.isdigit() and 1 <= int(number) <= MOST
    ):
        raise block.error("文件名不是措施编号", remedy="用 m01.yaml 到 m26.yaml")
    found = Measure(
        id=path.stem,
        number=int(number),
        label=take_named(block),
        audience=block.take_choice("for", AUDIENCES),
        agencies=tuple(_named(each) for each in block.take_blocks("agencies")),
        clause=block.take_text("clause"),
        note=take_note(block),
        mechanisms=tuple(
            read_mechanism(each, path.stem, place)
            for each in block.take_blocks("mechanisms")
        ),
        place=str(path),
    )
    block.finish()
    return found


def _named(block: Block) -> Text:
    found = take_named(block)
    block.finish()
    return found


def read_mechanism(block: Block, measure: str, place: Place) -> Mechanism:
    """Read one mechanism; its own source stands over the criteria and the amount."""
    mechanism_id = block.take_text("id")
    label = take_named(block)
    rule_set, reader = read_who(block, mechanism_id, measure, label, place)
    found = Mechanism(
        id=mechanism_id,
        kind=MechanismKind(block.take_choice("kind", [*MechanismKind])),
        area=Area(block.take_choice("area", [*Area])),
        measure=measure,
        label=label,
        gives=take_pair(block, "gives"),
        rule_set=rule_set,
        agency=take_pair(block, "agency"),
        start=StartWay(block.take_choice("start", [*StartWay], "ask")),
        strength=Strength(block.take_choice("strength", [*Strength], "grant")),
        audience=block.take_choice("for", AUDIENCES, "sme"),
        slot=block.take_text("local", ""),
        fills=block.take_text("fills", ""),
        territory=block.take_text("territory", place.territory),
        limits={name: _limit(each) for name, each in block.take_mapping("limits")},
        amount=_amount(block, reader),
        priority=take_pair(block, "priority", required=False),
        points=block.take_number("points") if "points" in block else None,
        choose_one=block.take_text("choose_one", ""),
        not_with=block.take_texts("not_with"),
        detailed_by=block.take_texts("detailed_by"),
        service=block.take_text("service", ""),
        materials=tuple(_named(each) for each in block.take_blocks("materials")),
        note=take_note(block),
        place=f"{block.path}:{block.node.start_mark.line + 1}",
    )
    _check_mechanism(block, found, place)
    block.finish()
    return found


def read_who(
    block: Block, scheme: str, edition: str, label: Text, place: Place
) -> tuple[RuleSet, Reader]:
    """Who may have it, as a rule set, and the reader that knows its values.

    Nobody is kept out by an empty ``who``. Raises PackError with file and line.
    """
    source = block.take_block("source")
    if source is None:
        raise block.error(
            "缺少 source", remedy="写明 document、number、clause 和 grade"
        )
    grade = SourceGrade(source.take_choice("grade", GRADES))
    reader = Reader(block, grade, place.facts, place.tables)
    found = RuleSet(
        scheme=scheme,
        id=edition,
        label=label,
        document=source.take_text("document"),
        number=source.take_text("number"),
        annex=source.take_text("clause", ""),
        grade=grade,
        windows=read_windows(block),
        values=reader.values,
        criteria=reader.criteria("who"),
        place=f"{block.path}:{block.node.start_mark.line + 1}",
    )
    source.finish()
    refuse_twice(block, found)
    return found, reader


def take_pair(block: Block, key: str, *, required: bool = True) -> Text:
    """Take a text and its ``<key>_english``; both may be left out if not required."""
    if not required and key not in block:
        return NO_TEXT
    return Text(block.take_text(key), block.take_text(f"{key}_english"))


def read_windows(block: Block) -> tuple[Window, ...]:
    """When it applies; a mechanism knows no kinds of procedure."""
    inner = block.take_blocks("applies")
    if not inner:
        raise block.error(
            "缺少 applies", remedy="写 applies: [{from: 2026-01-01, until: …}]"
        )
    return tuple(
        dataclasses.replace(read_window(each), kinds=frozenset(Kind)) for each in inner
    )


def _limit(block: Block) -> Limit:
    ends: dict[str, Decimal | None] = {"least": None, "most": None}
    unit = ""
    for name in ends:
        if name in block:
            ends[name], unit = block.take_parsed(name, read_quantity, "带单位的数")
    found = Limit(ends["least"], ends["most"], unit, block.take_text("clause"))
    block.finish()
    return found


def _amount(block: Block, reader: Reader) -> AmountRule | None:
    inner = block.take_block("amount")
    if inner is None:
        return None
    lines: list[Line] = []
    for each in inner.take_blocks("lines"):
        earlier = {line.id: line.unit for line in lines}
        formula, unit = each.take_parsed(
            "formula",
            lambda text, earlier=earlier: parse_formula(text, reader.names, earlier),  # type: ignore[misc]
            "算式",
        )
        line = Line(each.take_text("id"), take_named(each), formula, unit)
        if line.id in {*earlier, *reader.names.facts, *reader.names.values}:
            raise each.error(f"{line.id} 已有别的含义", remedy="请换一个编号")
        lines.append(line)
        each.finish()
    if not lines:
        raise inner.error("amount 没有一行算式", remedy="至少写一行 lines")
    found = AmountRule(
        nature=Nature(inner.take_choice("nature", [*Nature])),
        per=Per(inner.take_choice("per", [*Per])),
        lines=tuple(lines),
    )
    if (found.nature is Nature.RATE) != (found.unit == "%"):
        raise inner.error(
            f"nature 是 {found.nature}，算出的单位是 {found.unit or '数'}",
            remedy="比例写 rate，金额写 paid、saved 或 ceiling",
        )
    inner.finish()
    return found


def _check_mechanism(block: Block, found: Mechanism, place: Place) -> None:
    if found.slot and (found.rule_set.criteria or found.amount or found.fills):
        raise block.error(
            f"{found.id} 是留给地方的，不能自己写条件或金额",
            remedy="请删去 who、amount 和 fills，只写 limits",
        )
    if found.start is StartWay.TAX_RETURN and found.kind is MechanismKind.GRANT:
        raise block.error(
            f"{found.id} 由税务机关办理，不能写成奖补", remedy="kind 请写 terms"
        )
    if found.start is StartWay.SERVICE and not found.service:
        raise block.error(f"{found.id} 没有写 service", remedy="写明服务事项的编号")
    if not found.territory.startswith(place.territory):
        raise block.error(
            f"territory {found.territory} 不在本包区划 {place.territory} 之内",
            remedy="地方只能为自己的区划发布",
        )


def check_together(mechanisms: Iterable[Mechanism]) -> None:
    """Ids are unique; what is excluded exists. Raises PackError."""
    by_id: dict[str, Mechanism] = {}
    for each in mechanisms:
        if each.id in by_id:
            raise PackError(
                f"措施事项 {each.id} 重复",
                place=each.place,
                remedy=f"先前的在 {by_id[each.id].place}",
            )
        by_id[each.id] = each
    for each in by_id.values():
        for other in (*each.not_with, *each.detailed_by):
            if other not in by_id:
                key = "not_with" if other in each.not_with else "detailed_by"
                raise PackError(
                    f"{each.id} 的 {key} 指向 {other}，没有这个事项",
                    place=each.place,
                    remedy=nearest(other, by_id) or "请写已有的事项编号",
                )


def check_filling(found: Mechanism, slot: Mechanism) -> None:
    """A local filling keeps the kind, the windows and the limits of its slot."""
    if found.kind is not slot.kind:
        raise PackError(
            f"{found.id} 的 kind 与开放项 {found.fills} 不同，应为 {slot.kind}",
            place=found.place,
            remedy="请改 kind",
        )
    for name, limit in slot.limits.items():
        value = found.rule_set.values.get(name)
        if value is None:
            raise PackError(
                f"{found.id} 没有写 {name}",
                place=found.place,
                remedy=f"{slot.rule_set.number}{limit.clause}对它有限制，写进 values",
            )
        number = value.number.value
        low, high = limit.least, limit.most
        if (low is not None and number < low) or (high is not None and number > high):
            raise PackError(
                f"{found.id} 的 {name} 为 {value.number.text}，"
                f"超出{slot.rule_set.number}{limit.clause}的限制",
                place=found.place,
                remedy="请改到国家规定的范围以内",
            )
