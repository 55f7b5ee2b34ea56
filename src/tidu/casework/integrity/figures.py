"""Which figures differ from an earlier filing, from tax or from the annual report?

Differences within the tolerance of the source are none; accounts of a whole group are
not compared with those of one company; a restatement that a person has confirmed
explains the difference. One that is only claimed is told with the signal.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from tidu.casework.integrity.applications import Application, Figure, FigureSource
from tidu.casework.integrity.kinds import (
    MOST_STRENGTH,
    Named,
    Place,
    Said,
    Signal,
    SignalKind,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.facts import FactType
from tidu.rules.language import N_, Phrase
from tidu.rules.units import plain, show_money

_SOURCES = {
    FigureSource.EARLIER_FILING: N_("以前的填报"),
    FigureSource.TAX: N_("税务数据"),
    FigureSource.ANNUAL_REPORT: N_("年度报告"),
}
_SEEN = N_("{year}年{fact}：本次申报{here}，{source}{there}，超出允许的差异{tolerance}")
_SEEN_MORE = N_("{seen}；另有{more}处不一致")
_SEEN_CLAIMED = N_("{seen}；企业称已更正，尚未核实")
_MAY_BE = N_("审计调整或差错更正；合并报表与单户报表口径不同；税会差异；填写单位有误")
_CHECK = N_("请企业说明差异并提供审计报告、更正说明或纳税申报表；核实后登记为已更正")
_NONE, _FULL = -0.3, math.log(2)  # one is twice the other
_COUNTING = 0.15  # what each further difference adds


def differing_figures(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case in which a figure differs beyond the tolerance."""
    for application in applications:
        found = sorted(
            (
                (_apart(here, there), number, here, there)
                for number, (here, there) in enumerate(_pairs(application))
                if not _explained(here, there) and _differ(here, there, limits)
            ),
            reverse=True,
            key=lambda each: (each[0], -each[1]),
        )
        if found:
            yield _signal(
                application.case,
                [(here, there) for _, _, here, there in found],
                limits,
            )


def _pairs(application: Application) -> Iterator[tuple[Figure, Figure]]:
    declared: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for each in application.figures:
        if each.source is FigureSource.APPLICATION:
            declared[each.fact.id, each.year].append(each)
    for there in application.figures:
        if there.source is not FigureSource.APPLICATION:
            for here in declared[there.fact.id, there.year]:
                yield here, there


def _explained(here: Figure, there: Figure) -> bool:
    if here.restatement_confirmed or there.restatement_confirmed:
        return True
    known = here.merged is not None and there.merged is not None
    return known and here.merged is not there.merged


def _differ(here: Figure, there: Figure, limits: Limits) -> bool:
    money = here.fact.type is FactType.MONEY
    slack = limits.money_slack if money else limits.count_slack
    tolerance = limits.tolerances[there.source]
    larger = max(abs(here.value), abs(there.value))
    return abs(here.value - there.value) > max(slack, tolerance * larger)


def _apart(here: Figure, there: Figure) -> float:
    """How far two values lie apart, as a logarithm; of different signs: infinitely."""
    if here.value * there.value <= 0:
        return math.inf
    return abs(math.log(here.value / there.value))


def _signal(case: str, found: list[tuple[Figure, Figure]], limits: Limits) -> Signal:
    here, there = found[0]
    seen = Said(
        _SEEN,
        {
            "year": here.year,
            "fact": Named(here.fact.label, here.fact.english),
            "here": _shown(here),
            "source": Phrase(_SOURCES[there.source]),
            "there": _shown(there),
            "tolerance": f"{plain(limits.tolerances[there.source] * 100)}%",
        },
    )
    if len(found) > 1:
        seen = Said(_SEEN_MORE, {"seen": seen, "more": len(found) - 1})
    if here.restated or there.restated:
        seen = Said(_SEEN_CLAIMED, {"seen": seen})
    strength = ramp(_apart(here, there), _NONE, _FULL) + _COUNTING * (len(found) - 1)
    return Signal(
        case=case,
        kind=SignalKind.DIFFERING_FIGURE,
        strength=min(strength, MOST_STRENGTH),
        related=(),
        places=tuple(
            Place(
                case, f"figures/{each.fact.id}@{each.year}/{each.source}", _shown(each)
            )
            for pair in found
            for each in pair
        ),
        seen=seen,
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
    )


def _shown(figure: Figure) -> str:
    value: Decimal = figure.value
    return show_money(value) if figure.fact.type is FactType.MONEY else plain(value)
