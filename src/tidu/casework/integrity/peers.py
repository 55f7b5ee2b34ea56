"""Whose ratios lie far above those of the same industry?

Median and median absolute deviation of the logarithm, so that forged figures among the
peers hardly move them. Peers are the finest level of GB/T 4754 with enough firms. A
ratio that cannot be computed is unknown and never seen as far.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from tidu.casework.integrity.applications import Application, Figure, FigureSource
from tidu.casework.integrity.kinds import (
    MOST_STRENGTH,
    Place,
    Said,
    Signal,
    SignalKind,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.language import N_, Phrase
from tidu.rules.units import show_money

LEVELS = (5, 4, 3, 1)  # characters of a code: class, group, division, section
_TO_SIGMA = 1.4826  # from the median absolute deviation, of a normal distribution
_NONE, _FULL = 0.0, 12.0  # robust deviations
_COUNTING = 0.1  # what each further ratio adds
_DIGITS = 4

_SEEN = N_(
    "{year}年{ratio}为{value}，同行业{peers}家的中位数为{median}，偏离{distance}个稳健标准差"
)
_SEEN_MORE = N_("{seen}；另有{more}项比率同样偏离")
_MAY_BE = N_("行业代码登记有误；商业模式不同，如委托加工；真实的快速增长；填写单位有误")
_CHECK = N_("核对行业代码与单位，抽查与该比率有关的账目、社保人数和纳税记录")


@dataclasses.dataclass(frozen=True, slots=True)
class RatioOf:
    """Two fact ids of one year. Only high values are suspicious: they are wanted."""

    label: str
    above: str
    below: str
    per_head: bool = False


RATIOS = (
    RatioOf(N_("研发费用占营业收入"), "rnd_expense", "revenue"),
    RatioOf(N_("人均营业收入"), "revenue", "employees", per_head=True),
    RatioOf(N_("净利润占营业收入"), "net_profit", "revenue"),
    RatioOf(N_("研发人员占从业人员"), "rnd_staff", "employees"),
)  # a firm without debts is no outlier: low debt gave five false alarms to a hit


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    application: Application
    year: int
    value: float  # logarithm


@dataclasses.dataclass(frozen=True, slots=True)
class _Far:
    application: Application
    ratio: RatioOf
    year: int
    value: float
    median: float
    distance: float
    peers: int


def far_from_peers(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case with a ratio far from its peers, the farthest told."""
    declared = [(each, _declared(each)) for each in applications if each.industry]
    found: dict[str, list[_Far]] = defaultdict(list)
    for ratio in RATIOS:
        readings = [
            reading
            for application, figures in declared
            if (reading := _read(application, figures, ratio))
        ]
        for each in _far(ratio, readings, limits):
            found[each.application.case].append(each)
    for far in found.values():
        yield _signal(sorted(far, key=lambda each: -each.distance))


def _declared(application: Application) -> Mapping[str, Mapping[int, Figure]]:
    figures: dict[str, dict[int, Figure]] = defaultdict(dict)
    for each in application.figures:
        if each.source is FigureSource.APPLICATION:
            figures[each.fact.id][each.year] = each
    return figures


def _read(
    application: Application,
    figures: Mapping[str, Mapping[int, Figure]],
    ratio: RatioOf,
) -> _Reading | None:
    """The latest year in which both are known and positive."""
    above, below = figures.get(ratio.above, {}), figures.get(ratio.below, {})
    for year in sorted(above.keys() & below.keys(), reverse=True):
        if above[year].value > 0 and below[year].value > 0:
            value = math.log(above[year].value / below[year].value)
            return _Reading(application, year, value)
    return None


def _far(ratio: RatioOf, readings: list[_Reading], limits: Limits) -> Iterator[_Far]:
    groups: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        for level in LEVELS:
            code = str(reading.application.industry)
            if len(code) >= level:
                groups[code[:level]].append(reading.value)
    norms = {
        code: _norm(values, limits)
        for code, values in groups.items()
        if len(values) >= limits.peers
    }
    for reading in readings:
        code = str(reading.application.industry)
        finest = next((code[:each] for each in LEVELS if code[:each] in norms), None)
        if finest is None:
            continue
        median, spread = norms[finest]
        distance = (reading.value - median) / spread
        if distance > limits.peer_distance:
            yield _Far(
                reading.application,
                ratio,
                reading.year,
                math.exp(reading.value),
                math.exp(median),
                distance,
                len(groups[finest]),
            )


def _norm(values: list[float], limits: Limits) -> tuple[float, float]:
    median = statistics.median(values)
    deviation = statistics.median(abs(each - median) for each in values)
    return median, max(_TO_SIGMA * deviation, limits.least_spread)


def _signal(far: list[_Far]) -> Signal:
    first = far[0]
    seen = Said(
        _SEEN,
        {
            "year": first.year,
            "ratio": Phrase(first.ratio.label),
            "value": _shown(first.value, first.ratio),
            "peers": first.peers,
            "median": _shown(first.median, first.ratio),
            "distance": f"{first.distance:.1f}",
        },
    )
    if len(far) > 1:
        seen = Said(_SEEN_MORE, {"seen": seen, "more": len(far) - 1})
    strength = ramp(first.distance, _NONE, _FULL)
    return Signal(
        case=first.application.case,
        kind=SignalKind.FAR_FROM_PEERS,
        strength=min(strength + _COUNTING * (len(far) - 1), MOST_STRENGTH),
        related=(),
        places=tuple(
            Place(
                first.application.case,
                f"figures/{fact}@{each.year}",
                _shown(each.value, each.ratio),
            )
            for each in far
            for fact in (each.ratio.above, each.ratio.below)
        ),
        seen=seen,
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
    )


def _shown(value: float, ratio: RatioOf) -> str:
    """Four digits that count: an amount per head, else a percentage."""
    if ratio.per_head:
        digits = _DIGITS - 1 - math.floor(math.log10(value))
        return show_money(round(Decimal(value), digits))
    share = Decimal(f"{value * 100:.{_DIGITS}g}")  # no exponent in what people read
    return f"{share:f}%"
