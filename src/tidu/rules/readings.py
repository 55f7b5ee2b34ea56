"""One comparison as it was read: value, threshold, year, and the gap between them.

A leaf of a tree is turned into a reader once and kept, like the evaluator's closures.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from tidu.rules import nodes
from tidu.rules.evaluate import growth_series, value
from tidu.rules.facts import FactType
from tidu.rules.outcomes import MET, UNKNOWN, UNMET, Outcome, negate
from tidu.rules.scope import Interval, Scope, Undefined, full_years
from tidu.rules.units import CENT, WIDE


class Reading(NamedTuple):
    """One comparison as it was read: what, how much, against what, when.

    ``outcome`` is what the reading contributes, a ``not`` above it already applied.
    ``value`` and ``threshold`` are in base units (元, share of one); a ratio or growth
    is divided here, for reading only. ``unit`` is 元, 美元, %, count, years, days or
    empty. ``gap`` is what is missing to the threshold, in the unit of the part or the
    last year's figure; None where it cannot be said.
    """

    node: nodes.Node
    outcome: Outcome
    value: Any = None
    threshold: Any = None
    op: str = ""
    period: str = ""
    unit: str = ""
    gap: Decimal | int | None = None


# Reads a leaf whose own outcome is known.
Reader = Callable[[Scope, Outcome], Reading]
# The left side for reading, and how far it is from a bound if it falls short.
Measure = Callable[[Scope, Any, bool], tuple[Any, Any]]

EIGHT_PLACES = Decimal("1e-8")
WHOLE_UNITS = frozenset({"count", "days", "years"})
_FACT_UNITS = {FactType.MONEY: "元", FactType.RATIO: "%", FactType.COUNT: "count"}
_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def reader(node: nodes.Node, *, wanted: bool = True) -> Reader:
    """Turn a leaf into its reader; ``wanted``: whether it must hold."""
    match node:
        case nodes.Grade():
            return lambda scope, _outcome: _read_grade(node, scope)
        case nodes.FactRef():
            return _figure(node)
        case nodes.Compare():
            return _comparison(node, wanted)
        case nodes.Flag(fact):
            return _simple(node, wanted, fact, wanted, "==")
        case nodes.Is(fact, options):
            return _simple(node, wanted, fact, options, "in" if wanted else "not in")
        case nodes.Has(fact, option):
            return _simple(node, wanted, fact, option, "has" if wanted else "has not")
        case nodes.Reviewed(fact):
            return _simple(node, wanted, fact, wanted, "==")
    return lambda _scope, outcome: Reading(node, outcome if wanted else negate(outcome))


def _figure(node: nodes.FactRef) -> Reader:
    read_fact, unit = value(node), unit_of(node)

    def read(scope: Scope, _outcome: Outcome) -> Reading:
        found = read_fact(scope)
        return Reading(node, UNKNOWN if found is None else MET, found, unit=unit)

    return read


def _simple(
    node: nodes.Node, wanted: bool, fact: nodes.Node, threshold: Any, op: str
) -> Reader:
    """A leaf that reads one fact as it is."""
    read_fact, period = value(fact), _period(fact)

    def read(scope: Scope, outcome: Outcome) -> Reading:
        return Reading(
            node,
            outcome if wanted else negate(outcome),
            read_fact(scope),
            threshold,
            op,
            period(scope),
        )

    return read


def _comparison(node: nodes.Compare, wanted: bool) -> Reader:
    op = node.op if wanted else _OPPOSITE[node.op]
    unit, period, measure = unit_of(node.left), _period(node.left), _measure(node.left)
    right = node.right
    if not isinstance(right, nodes.Number):
        return _two_values(node, wanted, op)
    bound = right.value
    unit = "美元" if right.unit == "美元" else unit
    shown = int(bound) if unit in WHOLE_UNITS and bound == int(bound) else bound

    def read(scope: Scope, outcome: Outcome) -> Reading:
        if not wanted:
            outcome = negate(outcome)
        found, gap = measure(scope, bound, outcome is UNMET)
        return Reading(node, outcome, found, shown, op, period(scope), unit, gap)

    return read


def _two_values(node: nodes.Compare, wanted: bool, op: str) -> Reader:
    """A comparison whose threshold is itself a figure of the enterprise."""
    unit, period, measure = unit_of(node.left), _period(node.left), _measure(node.left)
    read_bound, whole = value(node.right), unit in WHOLE_UNITS

    def read(scope: Scope, outcome: Outcome) -> Reading:
        if not wanted:
            outcome = negate(outcome)
        bound = certain(read_bound(scope))
        found, gap = measure(scope, bound, outcome is UNMET)
        shown = int(bound) if whole and bound is not None else bound
        return Reading(node, outcome, found, shown, op, period(scope), unit, gap)

    return read


def certain(found: Any) -> Any:
    """A value for reading: an Interval's one known end, None where there is none."""
    if isinstance(found, Interval):
        if found.low is not None and found.high is not None:
            return None
        return found.high if found.low is None else found.low
    return None if isinstance(found, Undefined) else found


def _measure(left: nodes.Node) -> Measure:
    match left:
        case nodes.Ratio():
            return _measure_ratio(left)
        case nodes.Growth():
            return _measure_growth(left)
        case nodes.Age(fact, unit):
            return _measure_age(fact, unit)
        case nodes.Grade():
            return _measure_grade(left)
        case nodes.SumYears(count, mean=True):
            return _measure_value(left, count)
    return _measure_value(left)


def _measure_ratio(left: nodes.Ratio) -> Measure:
    read_part, read_whole = value(left.part), value(left.whole)

    def measure(scope: Scope, bound: Any, short: bool) -> tuple[Any, Any]:
        top, base = read_part(scope), read_whole(scope)
        if top is None or base is None or base <= 0:
            return None, None
        share = _rounded(Decimal(top) / Decimal(base))
        return share, abs(base * bound - top) if short else None

    return measure


def _measure_growth(left: nodes.Growth) -> Measure:
    """The rate to eight decimals, and what the last year lacks of a compound rate."""
    series, count = growth_series(left), left.count

    def measure(scope: Scope, bound: Any, short: bool) -> tuple[Any, Any]:
        known = [read(scope) for read in series]
        if None in known:
            return None, None
        figures = [Decimal(each) for each in known]
        last, *bases = figures
        if min(bases) <= 0 or (not left.mean and last < 0):
            return None, None
        if left.mean:
            rates = map(Decimal.__truediv__, figures, bases)
            rate = sum(rates, Decimal(0)) / count - 1
            return _rounded(rate), None
        rate = (last / bases[-1]) ** (Decimal(1) / count) - 1
        needed = bases[-1] * (1 + bound) ** count
        return _rounded(rate), abs(needed - last) if short else None

    return measure


def _rounded(rate: Decimal) -> Decimal:
    return rate.quantize(EIGHT_PLACES, context=WIDE)


def _measure_age(fact: nodes.FactRef, unit: str) -> Measure:
    read_fact = value(fact)

    def measure(scope: Scope, _bound: Any, _short: bool) -> tuple[Any, Any]:
        since = read_fact(scope)
        if since is None:
            return None, None
        if unit == "days":
            return (scope.on - since).days, None
        return full_years(since, scope.on), None

    return measure


def _measure_grade(left: nodes.Grade) -> Measure:
    read_grade, grades = value(left), left.table.grades

    def measure(scope: Scope, _bound: Any, _short: bool) -> tuple[Any, Any]:
        grade = read_grade(scope)
        return (grades[grade - 1] if isinstance(grade, int) else None), None

    return measure


def _measure_value(left: nodes.Node, years: int = 1) -> Measure:
    """A value as it is, or its mean over some years."""
    read_value = value(left)

    def measure(scope: Scope, bound: Any, short: bool) -> tuple[Any, Any]:
        found = read_value(scope)
        if isinstance(found, Interval | Undefined):
            found = certain(found)
        if found is None or bound is None:
            return found, None
        if years == 1:
            return found, abs(bound - found) if short else None
        mean = Decimal(found) / years
        gap = abs(bound - mean).quantize(CENT, ROUND_CEILING, WIDE) if short else None
        return mean.quantize(CENT, context=WIDE), gap

    return measure


def unit_of(node: nodes.Node) -> str:
    """What a value is shown in: 元, %, count, years, days, or empty."""
    match node:
        case nodes.FactRef(_, kind):
            return _FACT_UNITS.get(kind, "")
        case nodes.SumYears(_, fact) | nodes.PartOf(fact):
            return unit_of(fact)
        case nodes.FirstGiven(options):
            return unit_of(options[0])
        case nodes.Ratio() | nodes.Growth():
            return "%"
        case nodes.Age(_, unit):
            return unit
    return ""


def _read_grade(node: nodes.Grade, scope: Scope) -> Reading:
    """The figure of one indicator beside the bound of the grade it reaches."""
    rows = node.table.candidates(scope.values.get(node.table.by))
    own = [i for row in rows for i in row.indicators if i.fact == node.indicator]
    figure = (scope.values.get(node.indicator) or {}).get(scope.year - 1)
    period = str(scope.year - 1)
    unit = "count" if isinstance(figure, int) else "元"
    if len(own) != 1 or figure is None:
        return Reading(node, UNKNOWN, figure, period=period, unit=unit)
    reached = own[0].grade(figure)
    bound = own[0].bounds[max(reached - 2, 0)]
    op = ">=" if reached > 1 else "<"
    if isinstance(figure, int):
        return Reading(node, MET, figure, int(bound), op, period, unit)
    return Reading(node, MET, figure, bound, op, period, unit)


def _period(node: nodes.Node) -> Callable[[Scope], str]:
    """The accounting years a value covers: ``2025``, ``2023–2025``, or empty."""
    if not (years := _years_back(node)):
        return lambda _scope: ""
    first, last = years
    if first == last:
        return lambda scope: str(scope.year - last)
    return lambda scope: f"{scope.year - first}–{scope.year - last}"


def _years_back(node: nodes.Node) -> tuple[int, int] | None:
    """How many years back a value begins and ends; the widest part of it counts."""
    match node:
        case nodes.FactRef(_, _, offset):
            return None if offset is None else (offset, offset)
        case nodes.SumYears(count, nodes.FactRef(offset=int() as offset)):
            return offset + count - 1, offset
        case nodes.Growth(count, nodes.FactRef(offset=int() as offset)):
            return offset + count, offset
        case nodes.Grade() | nodes.Score():
            return None
    found = [years for part in nodes.children(node) if (years := _years_back(part))]
    return max(found, key=lambda years: years[0] > years[1], default=None)
