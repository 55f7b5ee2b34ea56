"""The worked cases of mechanisms: ``examples/mechanisms/*.yaml``, run and compared.

Each states by hand who may have it and how much: an outcome, criteria, the level of a
graded criterion, the amount, or a line of its working.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from tidu.rules.amounts import Amount
from tidu.rules.assess import prepare
from tidu.rules.entitlements import Entitlement, answer
from tidu.rules.examples import (
    Failure,
    Written,
    read_written,
    read_written_facts,
)
from tidu.rules.facts import Facts
from tidu.rules.outcomes import Outcome
from tidu.rules.packs import Pack
from tidu.rules.scope import Interval
from tidu.rules.units import plain, read_quantity
from tidu.rules.yamlio import Block, load_block, nearest

OPEN = ".."
_OUTCOMES = [each.value for each in Outcome]


@dataclasses.dataclass(frozen=True, slots=True)
class MechanismExample:
    """One worked case of a mechanism: facts as of a day, and the answers stated.

    ``expected`` maps ``outcome``, a criterion's id, ``level <id>``, ``amount`` or
    ``line <id>`` to the answer in base units: ``125000``; ``0..500000``, an open end
    left empty.
    """

    name: str
    mechanism: str
    on: datetime.date
    facts: Facts
    written: Mapping[str, Written]
    expected: Mapping[str, str]
    place: str


def load_mechanism_examples(pack: Pack, folder: Path) -> list[MechanismExample]:
    """Read every example of a pack's mechanisms. Raises PackError with its line."""
    found: list[MechanismExample] = []
    for path in sorted(folder.glob("examples/mechanisms/*.yaml")):
        block = load_block(path)
        by_name: dict[str, MechanismExample] = {}
        for inner in block.take_blocks("examples"):
            example = _read(inner, pack, by_name)
            if example.name in by_name:
                raise inner.error(
                    f"示例“{example.name}”重名",
                    remedy=f"先前的示例在 {by_name[example.name].place}",
                )
            by_name[example.name] = example
        block.finish()
        found += by_name.values()
    return found


def entitlement_of(pack: Pack, example: MechanismExample) -> Entitlement:
    """What the pack says about an example."""
    mechanism = pack.mechanisms[example.mechanism]
    measure = pack.measures[mechanism.measure]
    facts = prepare(example.facts, pack, example.on)
    return answer(pack, mechanism, measure, facts, example.on)


def compare_mechanism(
    example: MechanismExample, entitlement: Entitlement
) -> list[Failure]:
    """Every answer that differs from what the example states."""
    answers = {
        "outcome": entitlement.outcome.value,
        "amount": "none",
        **{f.id: f.outcome.value for f in entitlement.standing.findings},
    }
    answers |= {
        f"level {f.id}": _show(f.measured)
        for f in entitlement.standing.findings
        if isinstance(f.measured, Decimal | Interval)
    }
    if entitlement.amount:
        answers["amount"] = _show(entitlement.amount.value)
        answers |= _lines(entitlement.amount)
    return [
        Failure(example.place, example.name, what, expected, answers.get(what, "—"))
        for what, expected in example.expected.items()
        if answers.get(what) != expected
    ]


def _lines(amount: Amount) -> dict[str, str]:
    return {f"line {each.line.id}": _show(each.value) for each in amount.lines}


def _show(value: Decimal | Interval) -> str:
    if isinstance(value, Interval):
        low, high = ("" if end is None else plain(end) for end in value)
        return f"{low}{OPEN}{high}"
    return plain(value)


def _read(
    block: Block, pack: Pack, earlier: Mapping[str, MechanismExample]
) -> MechanismExample:
    name = block.take_text("name")
    base_name = block.take_text("base", "")
    base = earlier.get(base_name)
    if base_name and base is None:
        raise block.error(
            f"没有示例“{base_name}”",
            remedy=nearest(base_name, earlier.keys())
            or "base 要写同一文件中排在前面的示例名",
        )
    mechanism = block.take_choice(
        "mechanism", list(pack.mechanisms), base.mechanism if base else None
    )
    on = block.take_parsed(
        "on",
        datetime.date.fromisoformat,
        "日期，如 2026-06-01",
        base.on.isoformat() if base else None,
    )
    if pack.mechanisms[mechanism].window(on) is None:
        raise block.error(f"{mechanism} 在 {on} 不适用", remedy="请核对 on 和 applies")
    written = dict(base.written) if base else {}
    inner = block.take_block("facts")
    if inner is not None:
        written |= read_written(inner, pack.facts, written, on)
    expect = block.take_block("expect")
    if expect is None:
        raise block.error(f"示例“{name}”没有写结论", remedy="请写 expect")
    found = MechanismExample(
        name=name,
        mechanism=mechanism,
        on=on,
        facts=read_written_facts(written, pack.facts, on),
        written=written,
        expected=_expected(expect, pack, mechanism) | _levels(block, pack, mechanism),
        place=f"{block.path}:{block.node.start_mark.line + 1}",
    )
    block.finish()
    return found


def _expected(block: Block, pack: Pack, mechanism_id: str) -> dict[str, str]:
    mechanism = pack.mechanisms[mechanism_id]
    criteria = [c.id for top in mechanism.rule_set.criteria for c in top.walk()]
    lines = [each.id for each in mechanism.amount.lines] if mechanism.amount else []
    stated: dict[str, str] = {}
    for key in block.keys():
        if key == "outcome" or key in criteria:
            stated[key] = block.take_choice(key, _OUTCOMES)
        elif key == "amount":
            stated[key] = block.take_parsed(
                key, _amount, "金额，如 12.5万元、0..50万元"
            )
        elif key in lines:
            stated[f"line {key}"] = block.take_parsed(key, _amount, "金额，如 12.5万元")
        else:
            known = ["outcome", "amount", *criteria, *lines]
            raise block.error(
                f"{mechanism_id} 没有 {key}",
                remedy=nearest(key, known) or f"可用：{'、'.join(known)}",
            )
    block.finish()
    return stated


def _levels(block: Block, pack: Pack, mechanism_id: str) -> dict[str, str]:
    """``levels: {solvency: 2}``: the level of a graded criterion; ``0..2`` if open."""
    inner = block.take_block("levels")
    criteria = pack.mechanisms[mechanism_id].rule_set.criteria
    graded = [c.id for top in criteria for c in top.walk() if c.level is not None]
    stated: dict[str, str] = {}
    for key in inner.keys() if inner else ():
        assert inner is not None
        if key not in graded:
            raise inner.error(
                f"{mechanism_id} 没有分级的条件 {key}",
                remedy=nearest(key, graded) or f"可用：{'、'.join(graded) or '无'}",
            )
        stated[f"level {key}"] = inner.take_parsed(key, _amount, "级别，如 2、0..2")
    return stated


def _amount(text: str) -> str:
    if text == "none":
        return text
    if OPEN not in text:
        return plain(read_quantity(text)[0])
    ends = (each.strip() for each in text.split(OPEN))
    return OPEN.join(plain(read_quantity(end)[0]) if end else "" for end in ends)
