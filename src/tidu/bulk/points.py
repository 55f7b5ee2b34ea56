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

Ends = tuple[Amount, Amount]
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

    def first(self, checks: Sequence[Sql]) -> Sql:
        """What the first check that is true earns, or the last points if none is."""
        steps = [self.number(each) for each in self.points]
        return writing.case(zip(checks, steps, strict=False), steps[-1])

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
    if ladders := _best_of(node):
        return highest([values.ends(to.value(each)) for each in ladders])
    checks = [
        conditions.named(to, to.condition(step.when), "band") for step in node.steps
    ]
    worth = _Worth(to, (*(step.value for step in node.steps), node.otherwise))
    if _falls(worth.points):
        return _falling(worth, checks)
    far = max(abs(each) for each in worth.points) + 1  # loses against every step
    low, high = (
        _reach(node, checks, join, worth, worth.number(beside))
        for join, beside in ((writing.least, far), (writing.greatest, -far))
    )
    return worth.span(low, high)


def _falls(points: Sequence[Decimal]) -> bool:
    """Whether no step earns more than one before it."""
    return all(a >= b for a, b in itertools.pairwise(points))


def _falling(worth: _Worth, checks: Sequence[conditions.Condition]) -> values.Value:
    """At least what the first sure step earns, at most the first possible one."""
    sure = [conditions.holds(each) for each in checks]
    possible = [conditions.may_hold(each) for each in checks]
    return worth.span(worth.first(sure), worth.first(possible))


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
    """Whether all steps measure the same and a better figure never earns less.

    Whatever the order of the bounds: a better figure passes more of them, so the first
    one passed stands earlier, and earlier steps earn no less.
    """
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
    return _falls([*(step.value for step in node.steps), node.otherwise])


def _is_choice(node: nodes.Bands) -> bool:
    """Whether each step is an option of one and the same choice."""
    whens = [step.when for step in node.steps]
    return (
        all(isinstance(each, nodes.Is) for each in whens)
        and len({each.fact for each in whens if isinstance(each, nodes.Is)}) == 1
    )


def _best_of(node: nodes.Bands) -> list[nodes.Bands]:
    """The ladders of which the best one counts; none if the steps are something else.

    A step that asks for one of several figures is the same step of several ladders.
    """
    whens = [step.when for step in node.steps]
    asked = [each.items for each in whens if isinstance(each, nodes.Any)]
    if len(asked) < len(whens) or len({len(each) for each in asked}) != 1:
        return []
    ladders = [
        dataclasses.replace(
            node,
            steps=tuple(
                dataclasses.replace(step, when=when)
                for step, when in zip(node.steps, column, strict=True)
            ),
        )
        for column in zip(*asked, strict=True)
    ]
    return ladders if all(map(_is_ladder, ladders)) else []


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


def _ladder(to: Translator, node: nodes.Bands) -> values.Value:
    """Steps of one figure; where it is unknown, all of them are possible."""
    first = node.steps[0].when
    assert isinstance(first, nodes.Compare)
    worth = _Worth(to, (*(step.value for step in node.steps), node.otherwise))
    if isinstance(first.left, nodes.Ratio | nodes.Growth):
        rate = values.proportion(to, first.left)
        return _of_known(to, node, worth, rate.compare, rate.known)
    found = to.value(first.left)
    if isinstance(found, Amount):
        known = writing.is_known(found.sql)
        return _of_known(to, node, worth, _against(to, found), known)
    low, high = (found.low, found.high)
    if first.op[0] == "<":
        low, high = high, low
    least, most = worth.number(worth.points[-1]), worth.number(worth.points[0])
    ends = [
        writing.case(
            [(writing.is_known(end.sql), _climb(node, worth, _against(to, end)))],
            bound,
        )
        for end, bound in ((low, least), (high, most))
    ]
    return worth.span(*ends)


def _against(to: Translator, figure: Amount) -> Comparison:
    return lambda op, bound: conditions.compare_value(to, figure, op, bound)


def _of_known(
    to: Translator, node: nodes.Bands, worth: _Worth, compare: Comparison, known: Sql
) -> values.Value:
    """Both ends are alike where the figures are known: one ladder serves both.

    What is unknown is set aside first; engines compare quicker where nothing is NULL.
    """
    least, most = (worth.number(worth.points[at]) for at in (-1, 0))
    earned = writing.case([(known, _climb(node, worth, compare))], least)
    low = to.steps.name(earned, "earned")
    return worth.span(low, writing.case([(known, low)], most))


def _climb(node: nodes.Bands, worth: _Worth, compare: Comparison) -> Sql:
    """What the first bound that is reached earns."""
    reached = []
    for step in node.steps:
        assert isinstance(step.when, nodes.Compare)
        assert isinstance(step.when.right, nodes.Number)
        reached.append(compare(step.when.op, step.when.right.value))
    return worth.first(reached)


def total_of_steps(to: Translator, node: nodes.Sum) -> values.Value:
    """The points of all steps that hold, up to the cap."""
    worth = _Worth(to, (node.cap, *(step.value for step in node.steps)))
    zero, cap = worth.number(0), worth.number(node.cap)
    checks = [
        conditions.named(to, to.condition(step.when), "item") for step in node.steps
    ]
    worths = [worth.number(step.value) for step in node.steps]
    sure = [
        writing.case([(conditions.holds(check), earned)], zero)
        for check, earned in zip(checks, worths, strict=True)
    ]
    possible = [
        writing.case([(conditions.cannot_hold(check), zero)], earned)
        for check, earned in zip(checks, worths, strict=True)
    ]
    return worth.span(
        *(writing.least([cap, writing.add(each)]) for each in (sure, possible))
    )


def given(to: Translator, fact: Amount, most: Decimal) -> values.Value:
    """Points as a fact gives them, held between 0 and ``most``."""
    if to.dialect.typed_decimals:  # which refuse to choose between different scales
        most = most.quantize(Decimal(1).scaleb(-fact.places))
    zero, top = writing.integer(0), writing.number(most, to.dialect)
    above = writing.compare(">", fact.sql, top)
    positive = writing.compare(">=", fact.sql, zero)
    held = writing.case([(above, top), (positive, fact.sql)], zero)
    largest = int(most * 10**fact.places)
    kind = writing.decimal_type(len(str(largest)), fact.places)
    low = to.steps.name(writing.cast(held, kind), "given")
    high = writing.case([(writing.is_null(fact.sql), top)], low)
    return values.Span(*(Amount(end, fact.places, largest) for end in (low, high)))


def lowest(items: Sequence[Ends]) -> values.Value:
    """The lowest of several values, each of which has both ends."""
    return _joined(items, writing.least)


def highest(items: Sequence[Ends]) -> values.Value:
    """The highest of several values, each of which has both ends."""
    return _joined(items, writing.greatest)


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
