"""The reference evaluator: expression tree → outcome or value for one enterprise.

A tree is turned into nested closures once and kept; what it means is written here and
nowhere else. Nothing is divided and nothing is rounded: a ratio is compared by
multiplying, sums and products are exact.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from tidu.rules import nodes
from tidu.rules.judging import (
    OPERATORS,
    Judge,
    as_judged,
    compare_range,
    judge_number,
    judge_proportion,
)
from tidu.rules.outcomes import (
    ALL_RANK,
    ANY_RANK,
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
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
            return lambda scope: _FLAG_OUTCOMES[flag(scope)]
        case nodes.Is(fact, options):
            choice = value(fact)
            return lambda scope: _is_one(choice(scope), options)
        case nodes.Has(fact, option):
            chosen = value(fact)
            return lambda scope: _contains(chosen(scope), option)
        case nodes.All(items):
            return _join(items, ALL_RANK, UNMET)
        case nodes.Any(items):
            return _join(items, ANY_RANK, MET)
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


def _join(
    items: tuple[nodes.Node, ...], rank: Mapping[Outcome, int], decisive: Outcome
) -> Check:
    """Join as ``join_all`` or ``join_any`` does; one decisive outcome ends it."""
    checks = [condition(each) for each in items]

    def check(scope: Scope) -> Outcome:
        joined = NOT_APPLICABLE
        for each in checks:
            outcome = each(scope)
            if outcome is decisive:
                return decisive
            if rank[outcome] < rank[joined]:
                joined = outcome
        return joined

    return check


def _compare(node: nodes.Compare) -> Check:
    match node.left, node.right:
        case nodes.Age(fact, unit), nodes.Number(bound):
            return _compare_age(node.op, value(fact), unit, int(bound))
        case _, nodes.Number():
            measure, judge = halves(node)
            return lambda scope: judge(measure(scope))
    read_left, read_right = value(node.left), value(node.right)
    holds = OPERATORS[node.op]

    def both(scope: Scope) -> Outcome:
        left, right = read_left(scope), read_right(scope)
        if left is None or right is None:
            return UNKNOWN
        if isinstance(left, Interval):
            return compare_range(node.op, left, right)
        return MET if holds(left, right) else UNMET

    return both


def halves(node: nodes.Node) -> tuple[Read, Judge]:
    """A condition as what is measured and how it is judged.

    Steps of bands that measure the same get the same reader, so they can share it.
    """
    match node:
        case nodes.Compare(_, nodes.Age()):
            pass
        case nodes.Compare(op, nodes.Ratio() as left, nodes.Number(bound)):
            return _proportion(left), judge_proportion(op, bound)
        case nodes.Compare(op, nodes.Growth() as left, nodes.Number(bound)):
            rate, count = 1 + bound, left.count
            scale = count * rate if left.mean else EXACT.power(rate, count)
            return _proportion(left), judge_proportion(op, scale)
        case nodes.Compare(op, nodes.SumYears(mean=True) as left, nodes.Number(bound)):
            total = dataclasses.replace(left, mean=False)
            return value(total), judge_number(op, multiply(bound, Decimal(left.count)))
        case nodes.Compare(op, left, nodes.Number(bound)):
            return value(left), judge_number(op, bound)
    return condition(node), as_judged


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def _proportion(node: nodes.Ratio | nodes.Growth) -> Read:
    """The two figures whose quotient is meant; None or UNDEFINED as for a value."""
    if isinstance(node, nodes.Growth):
        return _growth(node)
    read_part, read_whole = value(node.part), value(node.whole)

    def read(scope: Scope) -> Any:
        base = read_whole(scope)
        if base is not None and base <= 0:
            return UNDEFINED
        top = read_part(scope)
        return None if base is None or top is None else (top, base)

    return read


def _growth(node: nodes.Growth) -> Read:
    """First and last figure; for a mean the sum of yearly quotients, multiplied out."""
    series = growth_series(node)

    def read(scope: Scope) -> Any:
        figures = [each(scope) for each in series]
        for base in figures[1:]:
            if base is not None and base <= 0:
                return UNDEFINED
        if None in figures:
            return None
        top, base = figures[:2]
        for new, old in itertools.pairwise(figures[1:]):
            top = EXACT.add(multiply(top, old), multiply(new, base))
            base = multiply(base, old)
        return top, base

    return read


def growth_series(node: nodes.Growth) -> list[Read]:
    """Readers of the figures a growth compares: newest first, all years between."""
    steps = range(node.count + 1) if node.mean else (0, node.count)
    return [value(nodes.shift(node.fact, years)) for years in steps]


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
    refs = [n for n in nodes.walk(item) if isinstance(n, nodes.FactRef)]
    ids = {ref.id for ref in refs if ref.offset is not None}
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
        return MANUAL if found is None else _FLAG_OUTCOMES[found]

    return check


def _yearly(fact_id: str, offset: int) -> Read:
    def read(scope: Scope) -> Any:
        years = scope.values.get(fact_id)
        return None if years is None else years.get(scope.year - offset)

    return read


def _sum_years(node: nodes.SumYears) -> Read:
    reads = [value(nodes.shift(node.fact, years)) for years in range(node.count)]

    def read(scope: Scope) -> Any:
        total, known = Decimal(0), 0
        for each in reads:
            figure = each(scope)
            if figure is not None:
                total = EXACT.add(total, figure)
                known += 1
        if known == node.count:
            return total
        return Interval(total, None) if node.lower_bound and known else None

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
        lows, highs = zip(*used, strict=True)
        return interval(min(lows), max(highs))

    return read


def _row_grade(
    top: int, row: TableRow, only: str, scope: Scope
) -> tuple[int, int] | None:
    """The lowest of the indicators' grades; a missing figure may be any grade."""
    low, high, used = top, top, False
    for indicator in row.indicators:
        if only and only != indicator.fact:
            continue
        used = True
        years = scope.values.get(indicator.fact)
        figure = None if years is None else years.get(scope.year - 1)
        if figure is None:
            low = 1
            continue
        grade = indicator.grade(figure)
        low = min(low, grade)
        high = min(high, grade)
    return (low, high) if used else None


def _bands(node: nodes.Bands) -> Read:
    steps = [(*halves(step.when), step.value) for step in node.steps]

    def read(scope: Scope) -> Any:
        possible = []
        measured = found = None
        for measure, judge, points in steps:
            if measure is not measured:
                measured, found = measure, measure(scope)
            outcome = judge(found)
            if outcome is MET:
                possible.append(points)
                break
            if outcome is UNKNOWN or outcome is MANUAL:
                possible.append(points)
        else:
            possible.append(node.otherwise)
        if len(possible) == 1:
            return possible[0]
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


_FLAG_OUTCOMES = {None: UNKNOWN, True: MET, False: UNMET}


def _is_one(choice: str | None, options: tuple[str, ...]) -> Outcome:
    if choice is None:
        return UNKNOWN
    return MET if choice in options else UNMET


def _contains(chosen: frozenset[str] | None, option: str) -> Outcome:
    if chosen is None:
        return UNKNOWN
    return MET if option in chosen else UNMET
