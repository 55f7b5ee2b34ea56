"""Points of score cards in SQL: the least and the most that is still possible."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tidu.bulk import amounts, conditions, values, writing
from tidu.bulk.amounts import Amount
from tidu.bulk.writing import Sql
from tidu.rules import nodes

if TYPE_CHECKING:
    from tidu.bulk.translator import Translator

Ends = tuple[Amount | None, Amount | None]
Join = Callable[[Sequence[Sql]], Sql]
Comparison = Callable[[str, Decimal], Sql]  # operator, bound → truth


@dataclasses.dataclass(frozen=True)
class _Worth:
    """The constants of one node, all written with the same decimals.

    An engine with typed decimals refuses to choose between different scales.
    """

    to: Translator
    points: tuple[Decimal, ...]

    @property
    def places(self) -> int:
        dialect = self.to.dialect
        return max(amounts.constant(each, dialect).places for each in self.points)

    def number(self, value: Decimal | int) -> Sql:
        if self.to.dialect.typed_decimals:
            value = Decimal(value).quantize(Decimal(1).scaleb(-self.places))
        return writing.number(value, self.to.dialect)

    def times(self, count: Sql, points: Decimal) -> Sql:
        return (
            count
            if points == 1 and not self.places
            else writing.times(count, self.number(points))
        )

    def span(self, low: Sql, high: Sql) -> values.Span:
        most = int(max(abs(each) for each in self.points) * 10**self.places) + 1
        ends = (Amount(end, self.places, most) for end in (low, high))
        return values.Span(*ends)


def bands(to: Translator, node: nodes.Bands) -> values.Value:
    """The points of the first step that holds."""
    if _is_ladder(node):
        return _ladder(to, node)
    if _is_choice(node):
        return _by_choice(to, node)
    truths = [conditions.truth(to.condition(step.when)) for step in node.steps]
    if _are_nested(node) and all(each is not None for each in truths):
        return _nested(to, node, [each for each in truths if each is not None])
    checks = [
        conditions.named(to, to.condition(step.when), "band") for step in node.steps
    ]
    worth = _Worth(to, (*(step.value for step in node.steps), node.otherwise))
    far = max(abs(each) for each in worth.points) + 1  # loses against every step
    low, high = (
        _reach(node, checks, join, worth, worth.number(beside))
        for join, beside in ((writing.least, far), (writing.greatest, -far))
    )
    return worth.span(low, high)


def _reach(
    node: nodes.Bands,
    checks: Sequence[conditions.Condition],
    join: Join,
    worth: _Worth,
    beside: Sql,
) -> Sql:
    """The least or most points among the steps that may be the first to hold."""
    options = []
    for at, (check, step) in enumerate(zip(checks, node.steps, strict=True)):
        possible = [writing.untrue(conditions.cannot_hold(check))]
        possible += [writing.untrue(conditions.holds(each)) for each in checks[:at]]
        options.append(_where(possible, worth.number(step.value), beside))
    none = [writing.untrue(conditions.holds(each)) for each in checks]
    options.append(_where(none, worth.number(node.otherwise), beside))
    return join(options)


def _where(possible: list[Sql], points: Sql, beside: Sql) -> Sql:
    return writing.case([(writing.both(possible), points)], beside)


def _is_ladder(node: nodes.Bands) -> bool:
    """Whether all steps measure the same and a better figure never earns less."""
    steps = [step.when for step in node.steps]
    if not all(
        isinstance(each, nodes.Compare) and isinstance(each.right, nodes.Number)
        for each in steps
    ):
        return False
    if len({(each.left, each.op[0]) for each in steps}) != 1:  # type: ignore[attr-defined]
        return False
    op, left = steps[0].op[0], steps[0].left  # type: ignore[attr-defined]
    if op not in "<>" or isinstance(left, nodes.Age | nodes.Grade):
        return False
    if isinstance(left, nodes.SumYears) and left.mean:
        return False
    bounds = [each.right.value for each in steps]  # type: ignore[attr-defined]
    worth = [*(step.value for step in node.steps), node.otherwise]
    falling = [a > b if op == ">" else a < b for a, b in itertools.pairwise(bounds)]
    return all(falling) and all(a > b for a, b in itertools.pairwise(worth))


def _is_choice(node: nodes.Bands) -> bool:
    """Whether each step is an option of one and the same choice."""
    whens = [step.when for step in node.steps]
    return (
        all(isinstance(each, nodes.Is) for each in whens)
        and len({each.fact for each in whens if isinstance(each, nodes.Is)}) == 1
    )


def _by_choice(to: Translator, node: nodes.Bands) -> values.Value:
    """Points by option; all of them are possible while the choice is unknown."""
    worth = _Worth(to, (*(step.value for step in node.steps), node.otherwise))
    first = node.steps[0].when
    assert isinstance(first, nodes.Is)
    fact = to.fact(first.fact)
    found: dict[str, Decimal] = {}
    for step in node.steps:
        assert isinstance(step.when, nodes.Is)
        found = dict.fromkeys(step.when.options, step.value) | found
    chosen = writing.lookup(
        fact, [(writing.string(o), worth.number(p)) for o, p in found.items()]
    )
    earned = writing.coalesce(chosen, worth.number(node.otherwise))
    unknown = writing.is_null(fact)
    low, high = (
        writing.case([(unknown, worth.number(pick(worth.points)))], earned)
        for pick in (min, max)
    )
    return worth.span(low, high)


def _are_nested(node: nodes.Bands) -> bool:
    """Whether each step asks for no more than the one before and earns less."""
    worth = [*(step.value for step in node.steps), node.otherwise]
    whens = [step.when for step in node.steps]
    return all(a > b for a, b in itertools.pairwise(worth)) and all(
        _asks_no_more(less, more) for more, less in itertools.pairwise(whens)
    )


def _asks_no_more(less: nodes.Node, more: nodes.Node) -> bool:
    """Whether a condition certainly holds wherever another of its form does."""
    match less, more:
        case nodes.Any(left), nodes.Any(right):
            pass
        case nodes.All(left), nodes.All(right):
            pass
        case (
            nodes.Compare(op, a, nodes.Number(low)),
            nodes.Compare(other, b, nodes.Number(high)),
        ):
            ordered = low <= high if op[0] == ">" else low >= high
            return op == other and op[0] in "<>" and a == b and ordered
        case _:
            return less == more
    return len(left) == len(right) and all(map(_asks_no_more, left, right))


def _nested(to: Translator, node: nodes.Bands, truths: Sequence[Sql]) -> values.Value:
    """Each step that holds adds what it is worth more than the next one."""
    worth = _Worth(to, (*(step.value for step in node.steps), node.otherwise))
    held = [to.steps.shared(each, "band") for each in truths]
    ends = []
    for unknown in (0, 1):
        rises = itertools.pairwise(worth.points)
        parts = [
            worth.times(writing.count_true(each, unknown), more - less)
            for each, (more, less) in zip(held, rises, strict=True)
        ]
        if node.otherwise:
            parts.append(worth.number(node.otherwise))
        ends.append(writing.add(parts))
    return worth.span(*ends)


def _ladder(to: Translator, node: nodes.Bands) -> values.Value:
    """Nested steps: each bound that is reached adds what it is worth more."""
    first = node.steps[0].when
    assert isinstance(first, nodes.Compare)
    worth = _Worth(to, (*(step.value for step in node.steps), node.otherwise))
    if isinstance(first.left, nodes.Ratio | nodes.Growth):
        proportion = values.proportion(to, first.left)
        climbed = _climb(node, worth, proportion.compare)
        defined = writing.case([(writing.invert(proportion.undefined), climbed)])
        ends: list[Sql | None] = [defined, defined]
    else:
        low, high = values.ends(to.value(first.left))
        if first.op[0] == "<":
            low, high = high, low
        ends = [_climb_to(to, node, worth, end) for end in (low, high)]
    least, most = (worth.number(pick(worth.points)) for pick in (min, max))
    low_points, high_points = (
        bound if end is None else writing.coalesce(end, bound)
        for end, bound in zip(ends, (least, most), strict=True)
    )
    return worth.span(low_points, high_points)


def _climb_to(
    to: Translator, node: nodes.Bands, worth: _Worth, end: Amount | None
) -> Sql | None:
    """The points of one end of a range; None where it is open."""
    if end is None:
        return None

    def reached(op: str, bound: Decimal) -> Sql:
        return conditions.compare_value(to, end, op, bound)

    return _climb(node, worth, reached)


def _climb(node: nodes.Bands, worth: _Worth, compare: Comparison) -> Sql:
    parts = []
    rises = itertools.pairwise(worth.points)
    for step, (more, less) in zip(node.steps, rises, strict=True):
        assert isinstance(step.when, nodes.Compare)
        assert isinstance(step.when.right, nodes.Number)
        reached = compare(step.when.op, step.when.right.value)
        parts.append(worth.times(writing.cast(reached, "INT"), more - less))
    if node.otherwise:
        parts.append(worth.number(node.otherwise))
    return writing.add(parts)


def total_of_steps(to: Translator, node: nodes.Sum) -> values.Value:
    """The points of all steps that hold, up to the cap."""
    worth = _Worth(to, (node.cap, *(step.value for step in node.steps)))
    lows, highs = [], []
    for step in node.steps:
        check = to.condition(step.when)
        known = conditions.truth(check)
        if known is not None:
            known = to.steps.shared(known, "item")
            sure, possible = (writing.count_true(known, each) for each in (0, 1))
        else:
            named = conditions.named(to, check, "item", always=True)
            one, none = writing.integer(1), writing.integer(0)
            sure = writing.case([(conditions.holds(named), one)], none)
            possible = writing.case([(conditions.cannot_hold(named), none)], one)
        lows.append(worth.times(sure, step.value))
        highs.append(worth.times(possible, step.value))
    cap = worth.number(node.cap)
    low, high = (writing.least([cap, writing.add(each)]) for each in (lows, highs))
    return worth.span(low, high)


def given(to: Translator, fact: Amount, most: Decimal) -> values.Value:
    """Points as a fact gives them, held between 0 and ``most``."""
    if to.dialect.typed_decimals:  # which refuse to choose between different scales
        most = most.quantize(Decimal(1).scaleb(-fact.places))
    zero, top = writing.integer(0), writing.number(most, to.dialect)
    held = writing.greatest([zero, writing.least([top, fact.sql])])
    unknown = writing.is_null(fact.sql)
    return values.Span(
        Amount(writing.case([(unknown, zero)], held), fact.places, int(most) * 10**8),
        Amount(writing.case([(unknown, top)], held), fact.places, int(most) * 10**8),
    )


def lowest(items: Sequence[Ends]) -> values.Value:
    """The lowest of several values, each of which has both ends."""
    return _joined(items, writing.least)


def total(to: Translator, items: Sequence[Ends], cap: Decimal) -> values.Value:
    """Several values added up, at most ``cap``."""
    top = writing.number(cap, to.dialect)
    return _joined(items, lambda parts: writing.least([top, writing.add(parts)]))


def _joined(items: Sequence[Ends], join: Join) -> values.Value:
    lows, highs = zip(*items, strict=True)
    known = (*lows, *highs)
    places = max(each.places for each in known)
    most = sum(each.most * 10 ** (places - each.places) for each in known)
    low, high = (
        Amount(join([end.sql for end in side]), places, most) for side in (lows, highs)
    )
    return values.Span(low, high)
