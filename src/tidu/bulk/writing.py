"""Small words of SQL as sqlglot expressions: names, numbers, cases, texts.

Everything is built as a tree and written by sqlglot, so that each engine gets its own
dialect. Parts are shared, not copied: writing a query copies it whole. The few things
it does not translate are decided in :class:`Dialect`.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlglot import exp

Sql = exp.Expression

SMALL = 10**18 - 1  # the largest whole number that stays in 64 bits
WIDE = 10**38 - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Dialect:
    """What sets an engine apart beyond its grammar.

    ``most``: the largest whole number its decimals hold exactly, None without limit.
    ``typed_decimals``: a literal with a point, or beyond 64 bits, is a float there, so
    such numbers are written with their type. ``keeps_width``: a product is as wide as
    its operands, so one that may outgrow them needs a wider operand. ``fenced``: it
    would write a step's columns out wherever they are used, over and over, unless
    ``OFFSET 0`` forbids it.
    ``proven``: the agreement tests run on the real engine.
    """

    name: str
    most: int | None = WIDE
    typed_decimals: bool = False
    keeps_width: bool = False
    fenced: bool = False
    proven: bool = False


PROVEN = {
    each.name: each
    for each in (
        Dialect("duckdb", keeps_width=True, proven=True),
        Dialect("postgres", most=None, fenced=True, proven=True),
        Dialect("spark", proven=True),
        Dialect(
            "clickhouse",
            most=10**76 - 1,
            typed_decimals=True,
            keeps_width=True,
            proven=True,
        ),
    )
}


def column(name: str) -> Sql:
    """A column by its name, quoted."""
    return exp.column(name, quoted=True)


def number(value: Decimal | int, dialect: Dialect) -> Sql:
    """A constant as it is, with just its own decimals."""
    found = Decimal(value)
    _, digits, exponent = found.as_tuple()
    places = max(0, -int(exponent))
    text = f"{abs(found):f}"
    literal: Sql = exp.Literal.number(text)
    if dialect.typed_decimals and (places or abs(found) > SMALL):
        width = max(len(digits), places)
        literal = cast(exp.Literal.string(text), decimal_type(width, places))
    return exp.Neg(this=literal) if found < 0 else literal


def integer(value: int) -> Sql:
    """A whole constant."""
    literal = exp.Literal.number(str(abs(value)))
    return exp.Neg(this=literal) if value < 0 else literal


def string(value: str) -> Sql:
    """A text constant."""
    return exp.Literal.string(value)


def date(value: datetime.date) -> Sql:
    """A date constant."""
    return cast(exp.Literal.string(value.isoformat()), "DATE")


def cast(this: Sql, to: str) -> Sql:
    """``CAST(this AS to)``; the type as standard SQL calls it."""
    return exp.Cast(this=this, to=_type(to))


@functools.cache
def _type(name: str) -> exp.DataType:
    return exp.DataType.build(name)


def null(to: str) -> Sql:
    """An unknown value of a type."""
    return cast(exp.Null(), to)


def decimal_type(width: int, places: int) -> str:
    """``DECIMAL(18, 2)``."""
    return f"DECIMAL({width}, {places})"


def count_true(truth: Sql, *, unknown: bool) -> Sql:
    """1 where it is true, 0 where false; whether what is unknown counts as well."""
    if unknown:
        return case([(invert(truth), integer(0))], integer(1))
    return case([(truth, integer(1))], integer(0))


def case(whens: Iterable[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    """``CASE WHEN … THEN … ELSE … END``; without ``otherwise`` NULL."""
    found = exp.Case(ifs=[exp.If(this=when, true=then) for when, then in whens])
    if otherwise is not None:
        found.set("default", otherwise)
    return found


def lookup(this: Sql, found: Iterable[tuple[Sql, Sql]]) -> Sql:
    """``CASE this WHEN … THEN … END``; NULL where nothing fits."""
    return exp.Case(
        this=this,
        ifs=[exp.If(this=when, true=then) for when, then in found],
    )


def compare(op: str, left: Sql, right: Sql) -> Sql:
    """``left op right`` with op as the rules write it."""
    return _COMPARISONS[op](this=_tight(left), expression=_tight(right))


_COMPARISONS: dict[str, type[Sql]] = {
    ">=": exp.GTE,
    ">": exp.GT,
    "<=": exp.LTE,
    "<": exp.LT,
    "==": exp.EQ,
    "!=": exp.NEQ,
}


def equal(left: Sql, right: Sql) -> Sql:
    """``left = right``."""
    return compare("==", left, right)


def within(this: Sql, options: Sequence[Sql]) -> Sql:
    """``this IN (…)``; one option is written as an equation."""
    if len(options) == 1:
        return equal(this, options[0])
    return exp.In(this=_tight(this), expressions=list(options))


def is_null(this: Sql) -> Sql:
    """``this IS NULL``."""
    return exp.Is(this=_tight(this), expression=exp.Null())


def is_known(this: Sql) -> Sql:
    """``NOT this IS NULL``."""
    return invert(is_null(this))


def invert(this: Sql) -> Sql:
    """``NOT this``; a double negation falls away."""
    if isinstance(this, exp.Not):
        inner: Sql = this.this.unnest()
        return inner
    return exp.Not(this=_tight(this))


def untrue(condition: Sql) -> Sql:
    """TRUE unless the condition is true: NULL counts as "not"."""
    return invert(coalesce(condition, FALSE))


def both(items: Sequence[Sql]) -> Sql:
    """All of them, in three-valued logic."""
    return _chain(exp.And, items)


def either(items: Sequence[Sql]) -> Sql:
    """One of them, in three-valued logic."""
    return _chain(exp.Or, items)


def add(items: Sequence[Sql]) -> Sql:
    """The sum; NULL if one is NULL."""
    return _chain(exp.Add, items)


def times(left: Sql, right: Sql) -> Sql:
    """The product."""
    return exp.Mul(this=_tight(left), expression=_tight(right))


def concatenate(items: Sequence[Sql]) -> Sql:
    """Texts one after another; NULL if one is NULL."""
    return _chain(exp.DPipe, items)


def _chain(kind: type[exp.Expression], items: Sequence[Sql]) -> Sql:
    found = _tight(items[0])
    for each in items[1:]:
        found = kind(this=found, expression=_tight(each))
    return found


def _tight(this: Sql) -> Sql:
    """What keeps together where it stands inside another expression."""
    if isinstance(this, exp.Binary | exp.Not | exp.In | exp.Is | exp.Between | exp.Neg):
        return exp.Paren(this=this)
    return this


def coalesce(this: Sql, *others: Sql) -> Sql:
    """The first that is known."""
    return exp.Coalesce(this=this, expressions=list(others))


def unless(this: Sql, excluded: Sql) -> Sql:
    """``NULLIF``: NULL where it equals ``excluded``."""
    return exp.Nullif(this=this, expression=excluded)


def least(items: Sequence[Sql]) -> Sql:
    """The smallest; none of them may be NULL, for engines differ there."""
    return _extreme(exp.Least, items)


def greatest(items: Sequence[Sql]) -> Sql:
    """The largest; none of them may be NULL."""
    return _extreme(exp.Greatest, items)


def _extreme(kind: type[exp.Expression], items: Sequence[Sql]) -> Sql:
    first, *rest = items
    return kind(this=first, expressions=rest, ignore_nulls=True) if rest else first


def start(this: Sql, length: int) -> Sql:
    """The first ``length`` characters."""
    return exp.Substring(this=this, start=integer(1), length=integer(length))


def rest(this: Sql, first: int) -> Sql:
    """The text from a character on."""
    return exp.Substring(this=this, start=integer(first))


def negative(this: Sql) -> Sql:
    """The same amount below zero."""
    return exp.Neg(this=_tight(this))


def position(this: Sql, wanted: Sql) -> Sql:
    """Where a text stands in another, from 1; 0 if it does not."""
    return exp.StrPosition(this=this, substr=wanted)


def upper(this: Sql) -> Sql:
    """In capital letters."""
    return exp.Upper(this=this)


def minus(left: Sql, right: Sql) -> Sql:
    """The difference."""
    return exp.Sub(this=_tight(left), expression=_tight(right))


def year_of(this: Sql) -> Sql:
    """The calendar year of a date, as a whole number."""
    return cast(exp.Extract(this=exp.var("YEAR"), expression=this), "BIGINT")


def table(name: str) -> Sql:
    """A table by its name."""
    return exp.Table(this=exp.to_identifier(name))


TRUE = exp.true()
FALSE = exp.false()
