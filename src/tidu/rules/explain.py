"""Why an outcome came out: the readings that decide it, and the facts it misses."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from tidu.rules import evaluate, nodes
from tidu.rules.evaluate import Interval, Scope
from tidu.rules.facts import key_of
from tidu.rules.outcomes import MET, UNKNOWN, UNMET, Outcome


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """One comparison as it was read: what, how much, against what, when.

    ``value`` and ``threshold`` are in base units (元, share of one); a ratio or growth
    is divided here, for reading only. ``gap`` is how far the part, or the figure, is
    from the threshold: always positive, None where it cannot be said.
    """

    node: nodes.Node
    outcome: Outcome
    value: Any = None
    threshold: Any = None
    op: str = ""
    period: str = ""
    unit: str = ""
    gap: Decimal | None = None


def deciding(node: nodes.Node, scope: Scope, outcome: Outcome) -> list[nodes.Node]:
    """The leaves of a condition that carry its outcome, in the order written."""
    match nodes.expand(node):
        case nodes.All(items) | nodes.AtLeast(_, items):
            carrying = [each for each in items if _carries(each, scope, outcome)]
        case nodes.Any(items):
            carrying = [each for each in items if _carries(each, scope, outcome)]
            carrying = carrying[:1] if outcome is MET else carrying
        case nodes.Not(item):
            return deciding(item, scope, evaluate.negate(outcome))
        case nodes.Ever(item) | nodes.WhereGiven(item):
            return [item]
        case nodes.Reviewed(_, nodes.Node() as item):
            before = evaluate.condition(item)(scope)
            return [node] if before is MET else deciding(item, scope, before)
        case leaf:
            return [leaf]
    found = [leaf for each in carrying for leaf in deciding(each, scope, outcome)]
    return list(dict.fromkeys(found))


def _carries(node: nodes.Node, scope: Scope, outcome: Outcome) -> bool:
    return evaluate.condition(node)(scope) is outcome


def measuring(node: nodes.Node, scope: Scope) -> list[nodes.Node]:
    """The leaves that show what a value was taken from: the step that holds, the
    lowest one that does not, or for added points every step."""
    match node:
        case nodes.Bands(steps):
            for step in steps:
                outcome = evaluate.condition(step.when)(scope)
                if outcome is not UNMET:
                    return deciding(step.when, scope, outcome)
            return deciding(steps[-1].when, scope, UNMET)
        case nodes.Sum(steps):
            return [step.when for step in steps]
    return [node]


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
            case nodes.Grade(table):
                found[table.by] = None
                for fact in table.facts:
                    found[key_of(fact, scope.year - 1)] = None
    return list(found)


def missing(node: nodes.Node, scope: Scope) -> list[str]:
    """Keys of the facts whose absence keeps a node from being decided.

    Branches that are decided already ask for nothing more.
    """
    found: dict[str, None] = {}
    _collect(node, scope, found)
    return list(found)


def _collect(node: nodes.Node, scope: Scope, found: dict[str, None]) -> None:
    match node:
        case nodes.FactRef(fact_id, _, offset):
            if evaluate.value(node)(scope) is None:
                year = None if offset is None else scope.year - offset
                found[key_of(fact_id, year)] = None
        case nodes.SumYears(count, fact) | nodes.Growth(count, fact):
            growth = isinstance(node, nodes.Growth)
            steps = range(count + growth)
            if growth and not node.mean:
                steps = range(0, count + 1, count)
            for years in steps:
                _collect(nodes.shift(fact, years), scope, found)
        case nodes.FirstGiven(options):
            if evaluate.value(node)(scope) is None:
                _collect(options[-1], scope, found)
        case nodes.PartOf(part):
            _collect(part, scope, found)
        case nodes.Grade(table, indicator):
            _collect_grade(table, indicator, scope, found)
        case nodes.Score(score_id):
            for item in scope.card:
                if score_id in {"", item.group, item.id}:
                    _collect(item.points, scope, found)
        case nodes.Bands(steps) | nodes.Sum(steps):
            for step in steps:
                outcome = evaluate.condition(step.when)(scope)
                if outcome is MET and isinstance(node, nodes.Bands):
                    break
                if outcome is UNKNOWN:
                    _collect(step.when, scope, found)
        case nodes.Reviewed(_, nodes.Node() as item):
            _collect_open(item, scope, found)
        case nodes.Reviewed() | nodes.Number() | nodes.Manual():
            pass
        case nodes.All() | nodes.Any() | nodes.AtLeast() | nodes.Not():
            for child in nodes.children(node):
                _collect_open(child, scope, found)
        case nodes.EachYear():
            _collect(nodes.expand(node), scope, found)
        case _:
            for child in nodes.children(node):
                _collect(child, scope, found)


def _collect_open(node: nodes.Node, scope: Scope, found: dict[str, None]) -> None:
    if evaluate.condition(node)(scope) is UNKNOWN:
        _collect(node, scope, found)


def _collect_grade(
    table: nodes.Table, indicator: str, scope: Scope, found: dict[str, None]
) -> None:
    rows = table.candidates(scope.values.get(table.by))
    if len(rows) > 1:
        found[table.by] = None
    for row in rows:
        for each in row.indicators:
            years = scope.values.get(each.fact) or {}
            if indicator in {"", each.fact} and scope.year - 1 not in years:
                found[key_of(each.fact, scope.year - 1)] = None


def read_leaf(node: nodes.Node, scope: Scope) -> Reading:
    """Read one leaf: its value, its threshold and the gap between them."""
    if isinstance(node, nodes.Grade):
        return _read_grade(node, scope)
    outcome = evaluate.condition(node)(scope)
    match node:
        case nodes.Compare(op, nodes.Ratio(part, whole), nodes.Number() as bound):
            top, base = evaluate.value(part)(scope), evaluate.value(whole)(scope)
            value = gap = None
            if top is not None and base is not None and base > 0:
                value = (Decimal(top) / Decimal(base)).quantize(Decimal("1e-8"))
                gap = abs(base * bound.value - top) if outcome is UNMET else None
            return _reading(node, outcome, value, bound, op, "%", scope, gap)
        case nodes.Compare(op, nodes.Growth() as growth, nodes.Number() as bound):
            value = _growth_rate(growth, scope)
            return _reading(node, outcome, value, bound, op, "%", scope, None)
        case nodes.Compare(op, nodes.Age(fact, unit), nodes.Number() as bound):
            since = evaluate.value(fact)(scope)
            value = None
            if since is not None:
                days = (scope.on - since).days
                value = days if unit == "days" else evaluate.full_years(since, scope.on)
            return _reading(node, outcome, value, bound, op, unit, scope, None)
        case nodes.Compare(op, left, nodes.Number() as bound):
            return _read_plain(node, op, left, bound, outcome, scope)
        case nodes.Compare(op, left, right):
            value = _exact(evaluate.value(left)(scope))
            threshold = _exact(evaluate.value(right)(scope))
            period = period_of(left, scope)
            return Reading(node, outcome, value, threshold, op, period, _unit(left))
        case nodes.Flag(fact) | nodes.Is(fact) | nodes.Has(fact):
            value = evaluate.value(fact)(scope)
            return Reading(node, outcome, value, period=period_of(fact, scope))
        case nodes.Reviewed(fact):
            return Reading(node, outcome, evaluate.value(fact)(scope))
    return Reading(node, outcome)


def _read_grade(node: nodes.Grade, scope: Scope) -> Reading:
    """The figure of one indicator beside the bound of the grade it reaches."""
    table = node.table
    rows = table.candidates(scope.values.get(table.by))
    own = [i for row in rows for i in row.indicators if i.fact == node.indicator]
    figure = (scope.values.get(node.indicator) or {}).get(scope.year - 1)
    if len(own) != 1 or figure is None:
        return Reading(node, UNKNOWN, figure, period=str(scope.year - 1))
    reached = own[0].grade(figure)
    bound = own[0].bounds[max(reached - 2, 0)]
    op = ">=" if reached > 1 else "<"
    whole = isinstance(figure, int)
    return Reading(
        node,
        MET,
        figure,
        int(bound) if whole else bound,
        op,
        str(scope.year - 1),
        "count" if whole else "元",
    )


def _read_plain(
    node: nodes.Node,
    op: str,
    left: nodes.Node,
    bound: nodes.Number,
    outcome: Outcome,
    scope: Scope,
) -> Reading:
    value = _exact(evaluate.value(left)(scope))
    gap = None
    if value is not None and isinstance(left, nodes.SumYears) and left.mean:
        value = Decimal(value) / left.count
    if value is not None and outcome is UNMET:
        gap = abs(bound.value - value)
    return _reading(node, outcome, value, bound, op, _unit(left), scope, gap)


def _reading(
    node: nodes.Compare,
    outcome: Outcome,
    value: Any,
    bound: nodes.Number,
    op: str,
    unit: str,
    scope: Scope,
    gap: Decimal | None,
) -> Reading:
    threshold = int(bound.value) if unit in WHOLE_UNITS else bound.value
    period = period_of(node.left, scope)
    return Reading(node, outcome, value, threshold, op, period, unit, gap)


WHOLE_UNITS = frozenset({"count", "days", "years"})


def _unit(node: nodes.Node) -> str:
    match node:
        case nodes.FactRef(_, kind):
            return {"money": "元", "ratio": "%", "count": "count"}.get(kind, "")
        case nodes.SumYears(_, fact) | nodes.PartOf(fact):
            return _unit(fact)
        case nodes.FirstGiven(options):
            return _unit(options[0])
    return ""


def _exact(found: Any) -> Any:
    """A value for reading: the certain end of an Interval, None where there is none."""
    if isinstance(found, Interval):
        return found.low if found.low is not None else found.high
    return None if isinstance(found, evaluate.Undefined) else found


def _growth_rate(node: nodes.Growth, scope: Scope) -> Decimal | None:
    """The rate for reading, to eight decimals; None without positive bases."""
    figures = [read(scope) for read in evaluate.growth_series(node)]
    if any(figure is None for figure in figures) or min(figures[1:]) <= 0:
        return None
    if node.mean:
        pairs = zip(figures, figures[1:], strict=False)
        rate = sum(new / old for new, old in pairs) / node.count - 1
    elif figures[0] < 0:
        return None
    else:
        rate = (figures[0] / figures[1]) ** (Decimal(1) / node.count) - 1
    return Decimal(rate).quantize(Decimal("1e-8"))


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
