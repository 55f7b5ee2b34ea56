"""What if a figure were another one: which figures matter, and what would change."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tidu.eligibility.standings import Standings, standings_of
from tidu.intake.amounts import ALL_UNITS
from tidu.planning.levers import Levers, load_levers
from tidu.rules import nodes
from tidu.rules.assess import Standing
from tidu.rules.explain import keys_read
from tidu.rules.facts import NUMERIC, Fact, FactType, FactValue, split_key
from tidu.rules.findings import Finding
from tidu.rules.library import default_library
from tidu.rules.outcomes import UNKNOWN, UNMET, Outcome
from tidu.rules.rulesets import ScoreItem

MOST = 8
_FEW = 2  # places kept for questions that no slider answers
_PLAYED = NUMERIC | {FactType.BOOLEAN, FactType.CHOICE}
_WIDE = {  # a slider's end in base units where nothing says how far to go
    FactType.MONEY: Decimal(50_000_000),
    FactType.COUNT: Decimal(50),
    FactType.NUMBER: Decimal(100),
    FactType.RATIO: Decimal(1),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Knob:
    """One figure to play with. ``most``, ``step``: of a slider, in the form's unit;
    both None for yes or no and for options.
    """

    key: str
    fact: Fact
    present: FactValue | None
    most: Decimal | None = None
    step: Decimal | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Changed:
    """One finding that the assumed figures change."""

    scheme: str
    before: Finding
    after: Finding


@functools.cache
def national_levers() -> Levers:
    """What an enterprise can change, as the national pack has it."""
    return load_levers(default_library().national)


def knobs(found: Standings, scheme: str) -> list[Knob]:
    """The figures that matter for a scheme, at most eight.

    Amounts that can change an outcome come first, then yes-or-no questions and options
    that can, then other figures; among equals those behind failing gates, then what is
    missing, then items short of their most points.
    """
    standing = found.schemes[scheme]
    levers = national_levers().by_fact
    reached: dict[str, Decimal | None] = {}
    for key, bound, needed in _candidates(standing):
        fact = found.pack.facts.get(split_key(key)[0])
        if (
            fact is None
            or fact.type not in _PLAYED
            or fact.id in found.pack.definitions
        ):
            continue
        if fact.id in levers or needed:
            reached[key] = _larger(reached.get(key), bound)
    offered = [
        _knob(key, found.pack.facts[split_key(key)[0]], found, bound)
        for key, bound in reached.items()
    ]
    turning = [each for each in offered if _turns(each, found, scheme)]
    amounts = _one_year_first([each for each in turning if each.most is not None])
    others = [each for each in turning if each.most is None]
    amounts = amounts[: MOST - min(len(others), _FEW)]
    ranked = [*amounts, *others, *(each for each in offered if each not in turning)]
    return ranked[:MOST]


def _one_year_first(knobs: list[Knob]) -> list[Knob]:
    """Further years of a figure that is missing anyway come after all else."""
    first: set[str] = set()
    again = []
    for each in knobs:
        if each.fact.id in first and each.present is None:
            again.append(each.key)
        first.add(each.fact.id)
    return sorted(knobs, key=lambda each: each.key in again)


def _turns(knob: Knob, found: Standings, scheme: str) -> bool:
    """Whether some value of the figure changes an outcome of the scheme."""
    before = _outcomes(found, scheme)
    for value in _extremes(knob):
        after = standings_of(
            found.facts.changed({knob.key: value}),
            on=found.on,
            kind=found.kind,
            territory=found.pack.territory,
            schemes=[scheme],
        )
        if _outcomes(after, scheme) != before:
            return True
    return False


def _outcomes(found: Standings, scheme: str) -> list[Outcome]:
    """Of the scheme and of its conditions; what items score is no outcome."""
    standing = found.schemes[scheme]
    gates = [f.outcome for f in standing.findings if f.points is None]
    return [standing.outcome, *gates]


def _extremes(knob: Knob) -> list[FactValue]:
    """The ends of the slider, in base units; every option where there are some."""
    if knob.fact.type is FactType.BOOLEAN:
        return [True, False]
    if knob.most is None:
        return [each.id for each in knob.fact.choices]
    ends = [Decimal(0), knob.most * form_factor(knob.fact)]
    if knob.fact.type is FactType.COUNT:
        return [int(each) for each in ends]
    return [*ends]


def assume(found: Standings, changes: Mapping[str, FactValue | None]) -> Standings:
    """The standings if the figures were others; nothing is saved."""
    return standings_of(
        found.facts.changed(changes),
        on=found.on,
        kind=found.kind,
        territory=found.pack.territory,
        schemes=found.schemes,
    )


def differences(before: Standings, after: Standings) -> list[Changed]:
    """The findings whose outcome, points or reading changes, in the pack's order."""
    found: list[Changed] = []
    for scheme, old in before.schemes.items():
        new = {each.id: each for each in after.schemes[scheme].findings}
        found += [
            Changed(scheme, each, new[each.id])
            for each in old.findings
            if each.id in new and _said(each) != _said(new[each.id])
        ]
    return found


def _said(finding: Finding) -> tuple[Any, ...]:
    reading = finding.reading
    value = reading.value if reading else None
    return finding.outcome, finding.measured, value


def _candidates(standing: Standing) -> Iterator[tuple[str, Decimal | None, bool]]:
    """Key, the bound it is held against, whether it is missing; most wanted first."""
    gates = [f for f in standing.findings if not f.part_of and f.points is None]
    items = [f for f in standing.findings if isinstance(f.about, ScoreItem)]
    for finding in gates:
        if finding.outcome is UNMET:
            yield from _read(finding)
    for finding in gates:
        if finding.outcome is UNKNOWN:
            yield from ((key, None, True) for key in finding.missing)
    for finding in items:
        if finding.outcome is UNKNOWN:
            yield from ((key, None, True) for key in finding.missing)
        elif finding.points != finding.about.max:  # type: ignore[union-attr]
            yield from _read(finding)
    for finding in gates:
        if finding.outcome not in {UNMET, UNKNOWN}:
            yield from _read(finding)


def _read(finding: Finding) -> Iterable[tuple[str, Decimal | None, bool]]:
    for reading in finding.readings:
        match reading.node:
            case nodes.Compare(_, nodes.FactRef()) if isinstance(
                reading.threshold, Decimal | int
            ) and not isinstance(reading.threshold, bool):
                bound: Decimal | None = Decimal(reading.threshold)
            case _:
                bound = None
        for key in keys_read(reading.node, finding.basis.scope):
            yield key, bound, False


def _larger(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [each for each in (one, other) if each is not None]
    return max(known) if known else None


def _knob(key: str, fact: Fact, found: Standings, bound: Decimal | None) -> Knob:
    present = found.facts.get(key)
    if fact.type not in NUMERIC:
        return Knob(key, fact, present)
    factor = form_factor(fact)
    now = Decimal(0)
    if isinstance(present, Decimal | int) and not isinstance(present, bool):
        now = abs(Decimal(present))
    wanted = max(now * 2, (bound or Decimal(0)) * Decimal("1.5"))
    if fact.most is not None:
        wanted = fact.most
    most = _round_up((wanted or _WIDE[fact.type]) / factor)
    step = Decimal(1) if fact.type is FactType.COUNT else most / 200
    return Knob(key, fact, present, most, max(step.normalize(), Decimal("0.01")))


def form_factor(fact: Fact) -> Decimal:
    """What one of a form's unit is in base units: 万元 → 10000, % → 0.01."""
    if fact.type is FactType.MONEY:
        return ALL_UNITS[fact.form_unit or ("万美元" if fact.dollars else "万元")]
    if fact.type is FactType.RATIO:
        return Decimal("0.01")
    return Decimal(1)


def _round_up(number: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10, 20, 50 … that is not smaller."""
    size = Decimal(10) ** number.adjusted()
    for times in (1, 2, 5, 10):
        if size * times >= number:
            return size * times
    raise AssertionError(number)
