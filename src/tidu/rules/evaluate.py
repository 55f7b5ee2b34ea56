"""The reference evaluator: expression tree → outcome or value for one enterprise.

A tree is turned into nested closures once and kept; what it means is written here and
nowhere else. Nothing is divided and nothing is rounded: a ratio is compared by
multiplying, sums and products are exact.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from tidu.rules import nodes
from tidu.rules.outcomes import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
    join_all,
    join_any,
    join_at_least,
    negate,
)
from tidu.rules.scope import (
    EXACT,
    NOT_USED,
    UNDEFINED,
    Interval,
    Scope,
    add_years,
    as_range,
    interval,
    multiply,
)
from tidu.rules.tables import TableRow

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


Check = Callable[[Scope], Outcome]
Read = Callable[[Scope], Any]


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def condition(node: nodes.Node) -> Check:
    """Turn a condition into a function of a scope that gives its outcome."""
    match node:
        case nodes.Compare():
            return _compare(node)
        case nodes.Flag(fact):
            flag = value(fact)
            return lambda scope: _as_outcome(flag(scope))
        case nodes.Is(fact, options):
            choice = value(fact)
            return lambda scope: _is_one(choice(scope), options)
        case nodes.Has(fact, option):
            chosen = value(fact)
            return lambda scope: _contains(chosen(scope), option)
        case nodes.All(items):
            checks = tuple(condition(each) for each in items)
            return lambda scope: join_all([check(scope) for check in checks])
        case nodes.Any(items):
            checks = tuple(condition(each) for each in items)
            return lambda scope: join_any([check(scope) for check in checks])
        case nodes.Not(item):
            inner = condition(item)
            return lambda scope: negate(inner(scope))
        case nodes.Choose(when, then, otherwise):
            return _choose(condition(when), condition(then), condition(otherwise))
        case nodes.AtLeast(count, items):
            checks = tuple(condition(each) for each in items)
            return lambda scope: join_at_least(count, [c(scope) for c in checks])
        case nodes.EachYear():
            return condition(nodes.expand(node))
        case nodes.Ever(item):
            return _ever(item)
        case nodes.WhereGiven(nodes.Flag(fact) as item):
            given, counted = value(fact), condition(item)
            return lambda scope: (
                NOT_APPLICABLE if given(scope) is None else counted(scope)
            )
        case nodes.Reviewed():
            return _reviewed(node)
        case nodes.Manual():
            return lambda _scope: MANUAL
    raise TypeError(f"not a condition: {node!r}")


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def value(node: nodes.Node) -> Read:
    """Turn a value into a function: exact, None (unknown), Interval or UNDEFINED."""
    match node:
        case nodes.Number(number):
            return lambda _scope: number
        case nodes.FactRef(fact_id, _, None):
            return lambda scope: scope.values.get(fact_id)
        case nodes.FactRef(fact_id, _, int() as offset):
            return _yearly(fact_id, offset)
        case nodes.SumYears():
            return _sum_years(node)
        case nodes.FirstGiven(options):
            reads = tuple(value(each) for each in options)
            return lambda scope: next(
                (v for v in (read(scope) for read in reads) if v is not None), None
            )
        case nodes.PartOf(part, whole):
            return _part_of(value(part), value(whole))
        case nodes.Score(score_id):
            return lambda scope: scope.scores[score_id]
        case nodes.Grade():
            return _grade(node)
        case nodes.Bands():
            return _bands(node)
        case nodes.Sum():
            return _sum(node)
        case nodes.Given(fact, most):
            return _given(value(fact), most)
        case nodes.Lowest(items):
            return _combine(items, min)
        case nodes.Total(items, cap):
            return _combine(items, lambda parts: min(sum(parts, Decimal(0)), cap))
    raise TypeError(f"not a value: {node!r}")


def compare_known(op: str, left: Any, right: Any) -> Outcome:
    """Compare an exact value or an Interval with an exact bound."""
    if not isinstance(left, Interval):
        return MET if OPERATORS[op](left, right) else UNMET
    low, high = left
    match op:
        case ">=" | ">":
            sure = low is not None and OPERATORS[op](low, right)
            never = high is not None and not OPERATORS[op](high, right)
        case "<=" | "<":
            sure = high is not None and OPERATORS[op](high, right)
            never = low is not None and not OPERATORS[op](low, right)
        case "==":
            sure, never = False, _outside(low, high, right)
        case _:
            sure, never = _outside(low, high, right), False
    if sure:
        return MET
    return UNMET if never else UNKNOWN


def _outside(low: Any, high: Any, bound: Any) -> bool:
    return (low is not None and bound < low) or (high is not None and bound > high)


def _compare(node: nodes.Compare) -> Check:
    op = node.op
    match node.left, node.right:
        case nodes.Ratio(part, whole), nodes.Number(bound):
            return _compare_ratio(op, value(part), value(whole), bound)
        case nodes.Growth() as growth, nodes.Number(bound):
            return _compare_growth(op, growth, bound)
        case nodes.Age(fact, unit), nodes.Number(bound):
            return _compare_age(op, value(fact), unit, int(bound))
        case nodes.SumYears(count, mean=True) as total, nodes.Number(bound):
            in_all = nodes.Number(multiply(bound, Decimal(count)))
            sum_node = dataclasses.replace(total, mean=False)
            return _compare(nodes.Compare(op, sum_node, in_all))
        case left, nodes.Number(bound):
            read = value(left)

            def against_number(scope: Scope) -> Outcome:
                found = read(scope)
                if found is None:
                    return UNKNOWN
                if found is UNDEFINED:
                    return MANUAL
                return compare_known(op, found, bound)

            return against_number
    read_left, read_right = value(node.left), value(node.right)

    def both(scope: Scope) -> Outcome:
        left, right = read_left(scope), read_right(scope)
        if left is None or right is None or isinstance(right, Interval):
            return UNKNOWN
        return compare_known(op, left, right)

    return both


def _compare_ratio(op: str, part: Read, whole: Read, bound: Decimal) -> Check:
    holds = OPERATORS[op]

    def check(scope: Scope) -> Outcome:
        base = whole(scope)
        if base is not None and base <= 0:
            return MANUAL
        top = part(scope)
        if base is None or top is None:
            return UNKNOWN
        return MET if holds(top, multiply(base, bound)) else UNMET

    return check


def _compare_growth(op: str, node: nodes.Growth, bound: Decimal) -> Check:
    holds = OPERATORS[op]
    series = growth_series(node)
    factor = 1 + bound
    whole_factor = EXACT.power(factor, node.count)

    def check(scope: Scope) -> Outcome:
        figures = [read(scope) for read in series]
        bases = figures[1:] if node.mean else figures[-1:]
        if any(base is not None and base <= 0 for base in bases):
            return MANUAL
        if any(figure is None for figure in figures):
            return UNKNOWN
        if not node.mean:
            left, right = figures[0], multiply(figures[-1], whole_factor)
        else:
            left, right = _mean_growth_sides(figures, node.count * factor)
        return MET if holds(left, right) else UNMET

    return check


def growth_series(node: nodes.Growth) -> list[Read]:
    """Readers of the figures a growth compares: newest first, all years between."""
    steps = range(node.count + 1) if node.mean else (0, node.count)
    return [value(nodes.shift(node.fact, years)) for years in steps]


def _mean_growth_sides(figures: list[Any], factor: Decimal) -> tuple[Any, Any]:
    """Both sides of mean(v[i]/v[i+1]) against the factor, multiplied out."""
    bases = figures[1:]
    product = functools.reduce(multiply, bases, Decimal(1))
    left = Decimal(0)
    for index, figure in enumerate(figures[:-1]):
        others = (base for at, base in enumerate(bases) if at != index)
        left = EXACT.add(left, functools.reduce(multiply, others, figure))
    return left, multiply(factor, product)


def _compare_age(op: str, read: Read, unit: str, bound: int) -> Check:
    holds = OPERATORS[op]

    def check(scope: Scope) -> Outcome:
        since = read(scope)
        if since is None:
            return UNKNOWN
        if unit == "days":
            return MET if holds((scope.on - since).days, bound) else UNMET
        return MET if holds(scope.on, add_years(since, bound)) else UNMET

    return check


def _choose(when: Check, then: Check, otherwise: Check) -> Check:
    def check(scope: Scope) -> Outcome:
        chosen = when(scope)
        if chosen is MET:
            return then(scope)
        if chosen is UNMET:
            return otherwise(scope)
        first = then(scope)
        return first if first is otherwise(scope) else chosen

    return check


def _ever(item: nodes.Node) -> Check:
    def check(scope: Scope) -> Outcome:
        return UNKNOWN if year_of_ever(item, scope) is None else MET

    return check


def year_of_ever(item: nodes.Node, scope: Scope) -> nodes.Node | None:
    """The item as of the latest year on file in which it holds, or None."""
    ids = {n.id for n in nodes.walk(item) if isinstance(n, nodes.FactRef)}
    years = {year for fact_id in ids for year in scope.values.get(fact_id) or ()}
    for year in sorted(years, reverse=True):
        shifted = nodes.shift(item, scope.year - 1 - year)
        if condition(shifted)(scope) is MET:
            return shifted
    return None


def _reviewed(node: nodes.Reviewed) -> Check:
    verdict = value(node.fact)
    before = condition(node.item) if node.item else None

    def check(scope: Scope) -> Outcome:
        if before is not None:
            outcome = before(scope)
            if outcome is not MET:
                return outcome
        found = verdict(scope)
        return MANUAL if found is None else _as_outcome(found)

    return check


def _yearly(fact_id: str, offset: int) -> Read:
    def read(scope: Scope) -> Any:
        years = scope.values.get(fact_id)
        return None if years is None else years.get(scope.year - offset)

    return read


def _sum_years(node: nodes.SumYears) -> Read:
    reads = [value(nodes.shift(node.fact, years)) for years in range(node.count)]

    def read(scope: Scope) -> Any:
        figures = [each(scope) for each in reads]
        known = [figure for figure in figures if figure is not None]
        if len(known) < len(figures) and (not node.lower_bound or not known):
            return None
        total = functools.reduce(EXACT.add, known, Decimal(0))
        return total if len(known) == len(figures) else Interval(total, None)

    return read


def _part_of(part: Read, whole: Read) -> Read:
    def read(scope: Scope) -> Any:
        found = part(scope)
        if found is not None:
            return found
        bound = whole(scope)
        if isinstance(bound, bool):
            return None if bound else False
        return None if bound is None else Interval(None, bound)

    return read


def _grade(node: nodes.Grade) -> Read:
    table = node.table

    def read(scope: Scope) -> Any:
        rows = table.candidates(scope.values.get(table.by))
        graded = [row for row in rows if row.indicators]
        if not graded:
            return UNDEFINED
        if node.strict and len(graded) < len(rows):
            return None
        ranges = [_row_grade(table.top, row, node.indicator, scope) for row in graded]
        used = [each for each in ranges if each is not None]
        if not used:
            return NOT_USED
        return interval(min(each[0] for each in used), max(each[1] for each in used))

    return read


def _row_grade(
    top: int, row: TableRow, only: str, scope: Scope
) -> tuple[int, int] | None:
    """The lowest of the indicators' grades; a missing figure may be any grade."""
    low = high = None
    for indicator in row.indicators:
        if only not in {"", indicator.fact}:
            continue
        years = scope.values.get(indicator.fact)
        figure = None if years is None else years.get(scope.year - 1)
        least, most = (1, top) if figure is None else (indicator.grade(figure),) * 2
        low = least if low is None else min(low, least)
        high = most if high is None else min(high, most)
    return None if low is None or high is None else (low, high)


def _bands(node: nodes.Bands) -> Read:
    steps = [(condition(step.when), step.value) for step in node.steps]

    def read(scope: Scope) -> Any:
        possible = []
        for check, points in steps:
            outcome = check(scope)
            if outcome is MET:
                possible.append(points)
                break
            if outcome is UNKNOWN or outcome is MANUAL:
                possible.append(points)
        else:
            possible.append(node.otherwise)
        return interval(min(possible), max(possible))

    return read


def _sum(node: nodes.Sum) -> Read:
    steps = [(condition(step.when), step.value) for step in node.steps]

    def read(scope: Scope) -> Any:
        low = high = Decimal(0)
        for check, points in steps:
            outcome = check(scope)
            if outcome is MET:
                low, high = low + points, high + points
            elif outcome is UNKNOWN or outcome is MANUAL:
                high += points
        return interval(min(low, node.cap), min(high, node.cap))

    return read


def _given(read_fact: Read, most: Decimal) -> Read:
    def read(scope: Scope) -> Any:
        found = read_fact(scope)
        if found is None:
            return Interval(Decimal(0), most)
        return max(Decimal(0), min(found, most))

    return read


def _combine(
    items: tuple[nodes.Node, ...], join: Callable[[Iterable[Any]], Any]
) -> Read:
    reads = [value(each) for each in items]

    def read(scope: Scope) -> Any:
        ranges = [as_range(each(scope)) for each in reads]
        lows, highs = [r.low for r in ranges], [r.high for r in ranges]
        return interval(join(lows), join(highs))

    return read


def _as_outcome(flag: bool | None) -> Outcome:
    if flag is None:
        return UNKNOWN
    return MET if flag else UNMET


def _is_one(choice: str | None, options: tuple[str, ...]) -> Outcome:
    if choice is None:
        return UNKNOWN
    return MET if choice in options else UNMET


def _contains(chosen: frozenset[str] | None, option: str) -> Outcome:
    if chosen is None:
        return UNKNOWN
    return MET if option in chosen else UNMET
