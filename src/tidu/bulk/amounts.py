"""Exact figures in SQL: an expression, its decimals, and how large it may become.

Nothing is divided and nothing is rounded. Each figure carries the largest whole number
it may be once its point is taken away, so that a product an engine cannot hold exactly
is refused when the query is built, never rounded when it runs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tidu.bulk import writing
from tidu.bulk.writing import SMALL, Dialect, Sql
from tidu.rules.errors import TiduError


class NotExactError(TiduError):
    """An engine's decimals are too narrow for a condition."""


@dataclasses.dataclass(frozen=True)
class Amount:
    """A figure that is exact or NULL.

    ``places``: decimals of its type. ``most``: the largest magnitude as a whole number
    of its last decimal place.
    """

    sql: Sql
    places: int = 0
    most: int = SMALL


def constant(value: Decimal, dialect: Dialect) -> Amount:
    """A number of a rule set."""
    _, digits, exponent = value.as_tuple()
    places = max(0, -int(exponent))
    whole = int("".join(map(str, digits))) * 10 ** max(0, int(exponent))
    return Amount(writing.number(value, dialect), places, whole)


def total(items: Sequence[Amount]) -> Amount:
    """Their sum; NULL if one is NULL.

    Whole numbers are added up first, then everything in the narrowest decimals: an
    engine that widens a sum by a digit each time soon leaves 64 bits.
    """
    if len(items) == 1:
        return items[0]
    places = max(each.places for each in items)
    most = sum(each.most * 10 ** (places - each.places) for each in items)
    parts = [each for each in items if each.places]
    whole_ones = [each for each in items if not each.places]
    if whole_ones:
        added = writing.add([each.sql for each in whole_ones])
        parts.append(Amount(added, 0, sum(each.most for each in whole_ones)))
    sums = [_narrowed(each) for each in parts] if places else [parts[0].sql]
    return Amount(writing.add(sums), places, most)


def _narrowed(amount: Amount) -> Sql:
    """The figure in the narrowest decimals that hold it, if its range is known."""
    if amount.most >= SMALL:
        return amount.sql
    width = max(len(str(amount.most)), amount.places + 1)
    return writing.cast(amount.sql, writing.decimal_type(width, amount.places))


def scaled(amount: Amount, factor: Decimal, dialect: Dialect) -> Sql:
    """A figure times a constant."""
    if factor == 1:
        return amount.sql
    by = constant(factor, dialect)
    most = amount.most * max(1, by.most)
    _check(most, dialect)
    return writing.times(_widened(amount, most, dialect), by.sql)


def whole(amount: Amount, dialect: Dialect) -> Amount:
    """The figure without its point, as a whole number."""
    if not amount.places:
        return amount
    by = 10**amount.places
    shifted = writing.times(
        _widened(amount, amount.most * by, dialect), writing.integer(by)
    )
    kind = writing.decimal_type(_width(amount.most), 0)
    return Amount(writing.cast(shifted, kind), 0, amount.most)


def multiplied(left: Amount, right: Amount, dialect: Dialect) -> Amount:
    """The product of two figures."""
    most = left.most * right.most
    _check(most, dialect)
    sql = writing.times(_widened(left, most, dialect), right.sql)
    return Amount(sql, left.places + right.places, most)


def compare_scaled(
    op: str, top: Amount, base: Amount, scale: Decimal, dialect: Dialect
) -> Sql:
    """``top op base × scale``, both sides by the smallest whole factors.

    Both have the same decimals: what is divided by what is of one unit.
    """
    ratio = Fraction(scale)
    factors = ratio.denominator, ratio.numerator
    sides = [
        multiplied(side, constant(Decimal(factor), dialect), dialect)
        if factor != 1
        else side
        for side, factor in zip((top, base), factors, strict=True)
    ]
    for each in sides:
        _check(each.most, dialect)
    return writing.compare(op, sides[0].sql, sides[1].sql)


def _widened(amount: Amount, most: int, dialect: Dialect) -> Sql:
    """The figure in a type that its product, up to ``most``, fits into.

    Whole numbers overflow on every engine, decimals only where they keep their width.
    """
    if most <= SMALL or (amount.places and not dialect.keeps_width):
        return amount.sql
    return writing.cast(amount.sql, writing.decimal_type(_width(most), amount.places))


def _check(most: int, dialect: Dialect) -> None:
    if dialect.most is not None and most > dialect.most:
        raise NotExactError(
            f"{dialect.name} 的小数最多 {len(str(dialect.most))} 位，"
            f"这个条件要 {len(str(most))} 位才算得准；请改用 postgres 或 clickhouse"
        )


def _width(most: int) -> int:
    """Digits of a type that holds it, in the sizes that engines keep them."""
    digits = len(str(most))
    return next(size for size in (18, 38, 76, digits) if digits <= size)
