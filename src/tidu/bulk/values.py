"""Values in SQL: exact figures, ranges with two ends, and proportions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tidu.bulk import amounts, grades, points, writing
from tidu.bulk.amounts import Amount
from tidu.bulk.writing import Dialect, Sql
from tidu.rules import nodes

if TYPE_CHECKING:
    from tidu.bulk.translator import Translator


@dataclasses.dataclass(frozen=True)
class Span:
    """All that is known of a value; an end is NULL where it is open."""

    low: Amount
    high: Amount


Value = Amount | Span


def translate(to: Translator, node: nodes.Node) -> Value:
    """Translate a value and what is below it."""
    match node:
        case nodes.Number(number):
            return amounts.constant(number, to.dialect)
        case nodes.FactRef():
            return to.amount(node)
        case nodes.SumYears():
            return _sum_years(to, node)
        case nodes.FirstGiven(options):
            return _first_given([to.amount(each) for each in options])
        case nodes.PartOf(part, whole):
            own, bound = to.amount(part), to.amount(whole)
            return Span(own, _first_given([own, bound]))
        case nodes.Score(score_id):
            return to.scores[score_id]
        case nodes.Grade():
            return grades.grade(to, node)
        case nodes.Bands():
            return points.bands(to, node)
        case nodes.Sum():
            return points.total_of_steps(to, node)
        case nodes.Given(fact, most):
            return points.given(to, to.amount(fact), most)
        case nodes.Lowest(items):
            return points.lowest([ends(to.value(each)) for each in items])
        case nodes.Total(items, cap):
            return points.total(to, [ends(to.value(each)) for each in items], cap)
    raise TypeError(f"not a value: {node!r}")


def ends(value: Value) -> tuple[Amount, Amount]:
    """Both ends of a value; an exact one has them alike."""
    return (value, value) if isinstance(value, Amount) else (value.low, value.high)


def exact(to: Translator, node: nodes.Node) -> Amount:
    """A value that has no range of its own."""
    found = to.value(node)
    if not isinstance(found, Amount):
        raise TypeError(f"not an exact value: {node!r}")
    return found


def flag(to: Translator, fact: nodes.Node) -> Sql:
    """A boolean fact; a part of something false is false."""
    match fact:
        case nodes.PartOf(part, whole):
            implied = writing.unless(to.fact(whole), writing.TRUE)
            return writing.coalesce(to.fact(part), implied)
        case nodes.FactRef():
            return to.fact(fact)
    raise TypeError(f"not a flag: {fact!r}")


def compare_sides(op: str, found: Value, right: Sql) -> Sql:
    """A value against an exact bound; NULL where its range leaves that open."""
    if isinstance(found, Amount):
        return writing.compare(op, found.sql, right)
    low, high = found.low, found.high
    match op:
        case ">=" | ">":
            worst, best = low, high
        case "<=" | "<":
            worst, best = high, low
        case _:
            return _compare_equal(op, found, right)
    sure = writing.compare(op, worst.sql, right)
    never = writing.compare(_OPPOSITE[op], best.sql, right)
    return writing.case([(sure, writing.TRUE), (never, writing.FALSE)])


_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def _compare_equal(op: str, found: Span, right: Sql) -> Sql:
    """Equal only where both ends are; different where the bound lies outside."""
    same, other = writing.TRUE, writing.FALSE
    if op == "!=":
        same, other = other, same
    outside = [
        writing.compare(apart, end.sql, right)
        for apart, end in ((">", found.low), ("<", found.high))
    ]
    fixed = [writing.equal(end.sql, right) for end in (found.low, found.high)]
    return writing.case([(writing.either(outside), other), (writing.both(fixed), same)])


def _first_given(options: Sequence[Amount]) -> Amount:
    first, *rest = (each.sql for each in options)
    places = max(each.places for each in options)
    most = max(each.most * 10 ** (places - each.places) for each in options)
    return Amount(writing.coalesce(first, *rest), places, most)


def _sum_years(to: Translator, node: nodes.SumYears) -> Value:
    figures = [to.amount(node.fact, back) for back in range(node.count)]
    whole = amounts.total(figures)
    if not node.lower_bound or len(figures) == 1:
        return whole
    given = writing.invert(writing.is_null(_first_given(figures).sql))
    known = [writing.coalesce(each.sql, writing.integer(0)) for each in figures]
    low = writing.case([(given, writing.add(known))])
    return Span(Amount(low, whole.places, whole.most), whole)


# -- proportions ---------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Proportion:
    """Two figures whose quotient is meant.

    ``undefined``: where a base is not positive, people must decide. ``power``: the rate
    asked for counts that often; ``terms``: it is the mean of that many quotients.
    ``known``: true where every figure is known and every base positive.
    """

    top: Amount
    base: Amount
    undefined: Sql
    known: Sql
    dialect: Dialect
    growth: bool = False
    power: int = 1
    terms: int = 0

    def scale(self, bound: Decimal) -> Decimal:
        """What the base is multiplied by to be compared with the top."""
        if not self.growth:
            return bound
        rate = 1 + bound
        return self.terms * rate if self.terms else rate**self.power

    def compare(self, op: str, bound: Decimal) -> Sql:
        """``top op base × scale``, to be asked where the figures are known."""
        scale = self.scale(bound)
        return amounts.compare_scaled(op, self.top, self.base, scale, self.dialect)


def proportion(to: Translator, node: nodes.Ratio | nodes.Growth) -> Proportion:
    """The figures of a ratio or growth."""
    if isinstance(node, nodes.Ratio):
        top, base = exact(to, node.part), exact(to, node.whole)
        return Proportion(top, base, *_defined(top, [base]), to.dialect)
    steps = range(node.count + 1) if node.mean else (0, node.count)
    figures = [to.amount(node.fact, back) for back in steps]
    undefined, known = _defined(figures[0], figures[1:])
    if not node.mean or node.count == 1:
        top, base = figures
        return Proportion(
            top, base, undefined, known, to.dialect, growth=True, power=node.count
        )
    top, base = _mean_growth(to, figures)
    terms = len(figures) - 1
    return Proportion(top, base, undefined, known, to.dialect, growth=True, terms=terms)


def _mean_growth(to: Translator, figures: Sequence[Amount]) -> tuple[Amount, Amount]:
    """The sum of yearly quotients, multiplied out, as whole numbers."""
    if not to.dialect.keeps_width:  # it may drop decimals of a product that is too wide
        figures = [amounts.whole(each, to.dialect) for each in figures]
    newest, *rest = figures
    top, base = newest, rest[0]
    for at, old in enumerate(rest[1:]):
        added = amounts.multiplied(rest[at], base, to.dialect)
        top = amounts.total([amounts.multiplied(top, old, to.dialect), added])
        base = amounts.multiplied(base, old, to.dialect)
    return top, base


def _defined(top: Amount, bases: Sequence[Amount]) -> tuple[Sql, Sql]:
    """Where a base is not positive; where every figure is known and defined."""
    zero = writing.integer(0)
    known = [writing.is_known(top.sql)]
    known += [writing.compare(">", each.sql, zero) for each in bases]
    undefined = [writing.compare("<=", each.sql, zero) for each in bases]
    return writing.either(undefined), writing.both(known)
