"""Which firms declare the same block of amounts, as it is or multiplied through?

Equal amounts are compared fact by fact and year by year, round ones left out; a block
that was multiplied keeps its ratios to revenue. Two companies that handed in the merged
accounts of one confirmed group have the same figures for a reason.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal

from tidu.casework.integrity.applications import Application, Figure, FigureSource
from tidu.casework.integrity.kinds import (
    Place,
    Said,
    Signal,
    SignalKind,
    Tie,
    others,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.facts import FactType
from tidu.rules.language import N_
from tidu.rules.units import show_money

_BASE = "revenue"
_LEAST_DIGITS = 4  # an amount with fewer digits that count is round
_RATIO_STEP = 1e-4  # of a logarithm
_FULL = 10  # values in common
_SEEN_VALUES = N_("{year}年等{count}个金额与案卷{other}的企业完全相同")
_SEEN_RATIOS = N_("{year}年等{count}个金额与案卷{other}的企业成同一比例")
_MAY_BE = N_("两家同属一个集团而关系尚未确认，都报了合并报表；同一会计误用了另一家的表")
_CHECK = N_("对照两家的审计报告原件和纳税申报表，看哪一家的数据是自己的")


@dataclasses.dataclass(frozen=True, slots=True)
class _Copied:
    count: int
    strength: float
    other: Application
    msgid: str
    figures: tuple[Figure, ...]


def copied_figures(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case that has a block of amounts in common with another."""
    people = {each.case: each for each in applications}
    found: dict[str, list[_Copied]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    values = {case: _values(each) for case, each in people.items()}
    ratios = {case: _ratios(each) for case, each in people.items()}
    for keys, least, msgid in (
        (values, limits.copied_values, _SEEN_VALUES),
        (ratios, limits.copied_ratios, _SEEN_RATIOS),
    ):
        for (left, right), count in _pairs(keys, limits).items():
            if (
                count >= least
                and (left, right) not in seen
                and people[left].owner != people[right].owner
            ):
                seen.add((left, right))
                for case, other in ((left, right), (right, left)):
                    shared = keys[case].keys() & keys[other].keys()
                    figures = tuple(
                        keys[case][key] for key in keys[case] if key in shared
                    )
                    strength = ramp(count, least - 1, _FULL)
                    found[case].append(
                        _Copied(count, strength, people[other], msgid, figures)
                    )
    for case, copies in found.items():
        yield _signal(case, copies)


def _money(application: Application) -> list[Figure]:
    return [
        each
        for each in application.figures
        if each.source is FigureSource.APPLICATION
        and each.fact.type is FactType.MONEY
        and each.value > 0
    ]


def _values(application: Application) -> dict[Hashable, Figure]:
    return {
        (each.fact.id, each.year, each.value): each
        for each in _money(application)
        if not _round(each.value)
    }


def _ratios(application: Application) -> dict[Hashable, Figure]:
    figures = _money(application)
    bases = {each.year: each.value for each in figures if each.fact.id == _BASE}
    found: dict[Hashable, Figure] = {}
    for each in figures:
        if each.year in bases and each.value != bases[each.year]:
            step = round(math.log(each.value / bases[each.year]) / _RATIO_STEP)
            found[each.fact.id, each.year, step] = each
    return found


def _round(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) < _LEAST_DIGITS


def _pairs(
    keys: dict[str, dict[Hashable, Figure]], limits: Limits
) -> Counter[tuple[str, str]]:
    """How many keys two cases have in common; keys that many have are left out."""
    holders: dict[Hashable, list[str]] = defaultdict(list)
    for case, own in keys.items():
        for key in own:
            holders[key].append(case)
    counts: Counter[tuple[str, str]] = Counter()
    for cases in holders.values():
        if len(cases) <= limits.common_value:
            counts.update(itertools.combinations(cases, 2))
    return counts


def _signal(case: str, copies: list[_Copied]) -> Signal:
    best = max(copies, key=lambda each: (each.strength, each.count))
    related = sorted({each.other.case for each in copies})
    years = [each.year for each in best.figures]
    values = {"year": max(years), "count": best.count, "other": best.other.case}
    source = min(case, *related)
    return Signal(
        case=case,
        kind=SignalKind.COPIED_FIGURES,
        strength=best.strength,
        related=others(case, related),
        places=tuple(
            Place(case, f"figures/{each.fact.id}@{each.year}", show_money(each.value))
            for each in best.figures
        ),
        seen=Said(best.msgid, values),
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
        tie=Tie(
            f"block:{source}", Said(N_("与案卷{value}相同的数据"), {"value": source})
        ),
    )
