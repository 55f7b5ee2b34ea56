"""Why an outcome came out: the readings that decide it, with their gaps."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from tidu.rules import evaluate, nodes
from tidu.rules.facts import FactType, key_of
from tidu.rules.outcomes import MET, UNKNOWN, UNMET, Outcome, negate
from tidu.rules.scope import Interval, Scope, Undefined, full_years
from tidu.rules.units import CENT


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
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


Leaf = tuple[nodes.Node, bool]  # a leaf, and whether it must hold


def deciding(
    node: nodes.Node,
    scope: Scope,
    outcome: Outcome,
    wanted: bool = True,  # noqa: FBT002
) -> list[Leaf]:
    """The leaves of a condition that carry its outcome, in the order written."""
    match nodes.expand(node):
        case nodes.All(items) | nodes.AtLeast(_, items):
            carrying = [each for each in items if _carries(each, scope, outcome)]
        case nodes.Any(items):
            carrying = [each for each in items if _carries(each, scope, outcome)]
            carrying = carrying[:1] if outcome is MET else carrying
        case nodes.Not(item):
            return deciding(item, scope, negate(outcome), not wanted)
        case nodes.Choose(when, then, otherwise):
            chosen = evaluate.condition(when)(scope)
            if chosen is MET or chosen is UNMET:
                branch = then if chosen is MET else otherwise
                return deciding(branch, scope, outcome, wanted)
            return deciding(when, scope, chosen, wanted)
        case nodes.Ever(item):
            return [(evaluate.year_of_ever(item, scope) or item, wanted)]
        case nodes.WhereGiven(item):
            return [(item, wanted)]
        case nodes.Reviewed(_, nodes.Node() as item):
            before = evaluate.condition(item)(scope)
            if before is MET:
                return [(node, wanted)]
            return deciding(item, scope, before, wanted)
        case leaf:
            return [(leaf, wanted)]
    found = [
        leaf for each in carrying for leaf in deciding(each, scope, outcome, wanted)
    ]
    return list(dict.fromkeys(found))


def _carries(node: nodes.Node, scope: Scope, outcome: Outcome) -> bool:
    return evaluate.condition(node)(scope) is outcome


def measuring(node: nodes.Node, scope: Scope) -> list[Leaf]:
    """The leaves that show what points or a grade were taken from.

    Of bands the step that holds or is open, else the lowest; of a sum every step.
    """
    match node:
        case nodes.Bands(steps):
            for step in steps:
                outcome = evaluate.condition(step.when)(scope)
                if outcome is not UNMET:
                    return deciding(step.when, scope, outcome)
            return deciding(steps[-1].when, scope, UNMET)[:1]
        case nodes.Sum(steps):
            return [(step.when, True) for step in steps]
        case nodes.Given(fact):
            return [(fact, True)]
    return [(node, True)]


def keys_read(node: nodes.Node, scope: Scope) -> list[str]:
    """Keys of every fact a node reads, known or not."""
    found: dict[str, None] = {}
    for each in nodes.walk(node):
        match each:
            case nodes.FactRef(fact_id, _, offset):
                year = None if offset is None else scope.year - offset
                found[key_of(fact_id, year)] = None
            case nodes.SumYears(count, nodes.FactRef(fact_id, _, int() as offset)):
                for years in range(count):
                    found[key_of(fact_id, scope.year - offset - years)] = None
            case nodes.Growth(count, nodes.FactRef(fact_id, _, int() as offset)):
                for years in range(count + 1):
                    found[key_of(fact_id, scope.year - offset - years)] = None
            case nodes.Grade(table, indicator):
                found[table.by] = None
                for fact in (indicator,) if indicator else table.facts:
                    found[key_of(fact, scope.year - 1)] = None
    return list(found)


_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}


def read_leaf(leaf: Leaf, scope: Scope) -> Reading:
    """Read one leaf: its value, its threshold and the gap between them."""
    node, wanted = leaf
    if isinstance(node, nodes.Grade):
        return _read_grade(node, scope)
    if isinstance(node, nodes.FactRef):
        found = evaluate.value(node)(scope)
        outcome = UNKNOWN if found is None else MET
        return Reading(node, outcome, found, unit=unit_of(node))
    outcome = evaluate.condition(node)(scope)
    if not wanted:
        outcome = negate(outcome)
    if isinstance(node, nodes.Compare):
        return _read_comparison(node, outcome, wanted, scope)
    match node:
        case nodes.Flag(fact):
            value = evaluate.value(fact)(scope)
            return Reading(node, outcome, value, wanted, "==", period_of(fact, scope))
        case nodes.Is(fact, options):
            value = evaluate.value(fact)(scope)
            op = "in" if wanted else "not in"
            return Reading(node, outcome, value, options, op, period_of(fact, scope))
        case nodes.Has(fact, option):
            value = evaluate.value(fact)(scope)
            return Reading(node, outcome, value, option, "has")
        case nodes.Reviewed(fact):
            return Reading(node, outcome, evaluate.value(fact)(scope), wanted, "==")
    return Reading(node, outcome)


def _read_comparison(
    node: nodes.Compare, outcome: Outcome, wanted: bool, scope: Scope
) -> Reading:
    op = node.op if wanted else _OPPOSITE[node.op]
    unit = unit_of(node.left)
    period = period_of(node.left, scope)
    if isinstance(node.right, nodes.Number):
        bound: Any = node.right.value
        unit = "美元" if node.right.unit == "美元" else unit
    else:
        bound = _certain(evaluate.value(node.right)(scope))
    value, gap = _measure(node.left, bound, scope)
    if unit in WHOLE_UNITS and bound is not None:
        bound = int(bound)
    if outcome is not UNMET:
        gap = None
    return Reading(node, outcome, value, bound, op, period, unit, gap)


def _measure(left: nodes.Node, bound: Any, scope: Scope) -> tuple[Any, Any]:
    """The left side for reading, and how far it is from the bound."""
    match left:
        case nodes.Ratio(part, whole):
            top, base = evaluate.value(part)(scope), evaluate.value(whole)(scope)
            if top is None or base is None or base <= 0:
                return None, None
            share = (Decimal(top) / Decimal(base)).quantize(EIGHT_PLACES)
            return share, abs(base * bound - top)
        case nodes.Growth():
            return _measure_growth(left, bound, scope)
        case nodes.Age(fact, unit):
            since = evaluate.value(fact)(scope)
            if since is None:
                return None, None
            if unit == "days":
                return (scope.on - since).days, None
            return full_years(since, scope.on), None
        case nodes.Grade(table):
            grade = evaluate.value(left)(scope)
            known = isinstance(grade, int)
            return (table.grades[grade - 1] if known else None), None
    found = _certain(evaluate.value(left)(scope))
    if found is None or bound is None:
        return found, None
    if isinstance(left, nodes.SumYears) and left.mean:
        found = (Decimal(found) / left.count).quantize(CENT)
    return found, abs(bound - found)


EIGHT_PLACES = Decimal("1e-8")
WHOLE_UNITS = frozenset({"count", "days", "years"})
_FACT_UNITS = {FactType.MONEY: "元", FactType.RATIO: "%", FactType.COUNT: "count"}


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


def _certain(found: Any) -> Any:
    """A value for reading: an Interval's one known end, None where there is none."""
    if isinstance(found, Interval):
        if found.low is not None and found.high is not None:
            return None
        return found.high if found.low is None else found.low
    return None if isinstance(found, Undefined) else found


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


def _measure_growth(
    node: nodes.Growth, bound: Decimal, scope: Scope
) -> tuple[Decimal | None, Decimal | None]:
    """The rate to eight decimals, and what the last year lacks of a compound rate."""
    figures = [read(scope) for read in evaluate.growth_series(node)]
    if any(figure is None for figure in figures):
        return None, None
    last, *bases = figures
    if min(bases) <= 0 or (not node.mean and last < 0):
        return None, None
    if node.mean:
        pairs = zip(figures, bases, strict=False)
        rate = sum((new / old for new, old in pairs), Decimal(0)) / node.count - 1
        return rate.quantize(EIGHT_PLACES), None
    rate = (last / bases[-1]) ** (Decimal(1) / node.count) - 1
    needed = bases[-1] * (1 + bound) ** node.count
    return rate.quantize(EIGHT_PLACES), abs(needed - last)


def period_of(node: nodes.Node, scope: Scope) -> str:
    """The accounting years a value covers: ``2025``, ``2023–2025``, or empty."""
    match node:
        case nodes.FactRef(_, _, offset):
            return "" if offset is None else str(scope.year - offset)
        case nodes.SumYears(count, nodes.FactRef(offset=int() as offset)):
            return _span(scope.year - offset - count + 1, scope.year - offset)
        case nodes.Growth(count, nodes.FactRef(offset=int() as offset)):
            return _span(scope.year - offset - count, scope.year - offset)
        case nodes.Grade() | nodes.Score():
            return ""
    periods = [period_of(child, scope) for child in nodes.children(node)]
    return max(periods, key=len, default="")


def _span(first: int, last: int) -> str:
    return str(last) if first == last else f"{first}–{last}"
