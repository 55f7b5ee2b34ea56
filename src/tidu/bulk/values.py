"""Values in SQL: exact figures, ranges with two ends, proportions and grades."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tidu.bulk import amounts, points, writing
from tidu.bulk.amounts import Amount
from tidu.bulk.steps import FOUND, PREPARED, LookUp
from tidu.bulk.writing import Dialect, Sql
from tidu.rules import nodes
from tidu.rules.tables import Indicator, Table, TableRow

if TYPE_CHECKING:
    from tidu.bulk.translator import Translator


@dataclasses.dataclass(frozen=True)
class Span:
    """All that is known of a value; an end is None, or NULL, where it is open."""

    low: Amount | None
    high: Amount | None


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
            return grade(to, node).span
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


def ends(value: Value) -> tuple[Amount | None, Amount | None]:
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
            sure, never = _sure(op, low, right), _never(op, high, right)
        case "<=" | "<":
            sure, never = _sure(op, high, right), _never(op, low, right)
        case _:
            return _compare_equal(op, found, right)
    whens = [
        *((each, writing.TRUE) for each in sure),
        *((each, writing.FALSE) for each in never),
    ]
    return writing.case(whens)


def _sure(op: str, end: Amount | None, right: Sql) -> list[Sql]:
    return [] if end is None else [writing.compare(op, end.sql, right)]


def _never(op: str, end: Amount | None, right: Sql) -> list[Sql]:
    return [] if end is None else [writing.compare(_OPPOSITE[op], end.sql, right)]


_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def _compare_equal(op: str, found: Span, right: Sql) -> Sql:
    """Equal only where both ends are; different where the bound lies outside."""
    same, other = writing.TRUE, writing.FALSE
    if op == "!=":
        same, other = other, same
    outside = [
        writing.compare(apart, end.sql, right)
        for apart, end in ((">", found.low), ("<", found.high))
        if end is not None
    ]
    whens = [(writing.either(outside), other)]
    if found.low is not None and found.high is not None:
        fixed = [writing.equal(end.sql, right) for end in (found.low, found.high)]
        whens.append((writing.both(fixed), same))
    return writing.case(whens)


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
    asked for counts that often; ``terms``: it is the mean of that many quotients, both
    figures are whole numbers then.
    """

    top: Amount
    base: Amount
    undefined: Sql
    dialect: Dialect
    growth: bool = False
    power: int = 1
    terms: int = 0

    @property
    def defined(self) -> Sql:
        """Where every base is known and positive."""
        return writing.invert(self.undefined)

    def scale(self, bound: Decimal) -> Decimal:
        """What the base is multiplied by to be compared with the top."""
        if not self.growth:
            return bound
        rate = 1 + bound
        return self.terms * rate if self.terms else rate**self.power

    def compare(self, op: str, bound: Decimal) -> Sql:
        """``top op base × scale``; NULL where a figure is missing."""
        scale = self.scale(bound)
        if self.terms > 1:
            return amounts.compare_scaled(op, self.top, self.base, scale, self.dialect)
        scaled = amounts.scaled(self.base, scale, self.dialect)
        return amounts.compare(op, self.top, scaled, self.dialect)


def proportion(to: Translator, node: nodes.Ratio | nodes.Growth) -> Proportion:
    """The figures of a ratio or growth."""
    if isinstance(node, nodes.Ratio):
        top, base = exact(to, node.part), exact(to, node.whole)
        return Proportion(top, base, _not_positive([base]), to.dialect)
    steps = range(node.count + 1) if node.mean else (0, node.count)
    figures = [to.amount(node.fact, back) for back in steps]
    undefined = _not_positive(figures[1:])
    if not node.mean or node.count == 1:
        top, base = figures
        return Proportion(
            top, base, undefined, to.dialect, growth=True, power=node.count
        )
    return _mean_growth(to, figures, undefined)


def _mean_growth(
    to: Translator, figures: Sequence[Amount], undefined: Sql
) -> Proportion:
    """The sum of yearly quotients, multiplied out, as whole numbers."""
    newest, *rest = (amounts.whole(each, to.dialect) for each in figures)
    top, base = newest, rest[0]
    for at, old in enumerate(rest[1:]):
        added = amounts.multiplied(rest[at], base, to.dialect)
        top = amounts.total([amounts.multiplied(top, old, to.dialect), added])
        base = amounts.multiplied(base, old, to.dialect)
    return Proportion(
        top, base, undefined, to.dialect, growth=True, terms=len(figures) - 1
    )


def _not_positive(bases: Sequence[Amount]) -> Sql:
    zero = writing.integer(0)
    return writing.either([writing.compare("<=", each.sql, zero) for each in bases])


# -- grades --------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Graded:
    """A grade's range, and the row numbers for which there is none.

    ``undefined``: nobody grades them; ``unused``: the indicator is not asked for there;
    ``open``: the industry may be one that nobody grades.
    """

    span: Span
    undefined: list[Sql]
    unused: list[Sql]
    open: list[Sql]


def grade(to: Translator, node: nodes.Grade) -> Graded:
    """The grade a table gives, or one indicator of it."""
    found = Graded(Span(None, None), [], [], [])
    several: list[tuple[Sql, list[TableRow]]] = []
    graded_alone = False
    row = to.row_of(node.table)
    for index, rows in enumerate((*candidates(node.table), ())):
        key = writing.integer(index if rows else OUTSIDE)
        graded = [each for each in rows if each.indicators]
        used = [each for each in graded if _asked(node, each)]
        if not graded:
            found.undefined.append(key)
        elif node.strict and len(graded) < len(rows):
            found.open.append(key)
        elif not used:
            found.unused.append(key)
        elif len(graded) == 1:
            graded_alone = True
        else:
            several.append((key, used))
    if not several and not graded_alone:
        return found
    excluded = [*found.undefined, *found.unused, *found.open]
    name = "__".join(filter(None, (node.table.id, node.indicator)))
    sides = [
        _side(to, node, several, excluded, row, lowest=lowest)
        for lowest in (True, False)
    ]
    low, high = (
        Amount(to.steps.name(sql, f"{name}__{end}"), 0, node.table.top)
        for sql, end in zip(sides, ("low", "high"), strict=True)
    )
    return dataclasses.replace(found, span=Span(low, high))


def _asked(node: nodes.Grade, row: TableRow) -> list[Indicator]:
    """The indicators of a row that the node reads."""
    return [i for i in row.indicators if node.indicator in {"", i.fact}]


def _side(
    to: Translator,
    node: nodes.Grade,
    several: Sequence[tuple[Sql, list[TableRow]]],
    excluded: Sequence[Sql],
    row: Sql,
    *,
    lowest: bool,
) -> Sql:
    """One end of the grade: a row's own bounds, or the extreme of several rows."""
    join = writing.least if lowest else writing.greatest
    unknown = 1 if lowest else node.table.top
    whens = [(writing.within(row, excluded), writing.null("INT"))] if excluded else []
    if several:
        ranges = [
            (key, join([_of_row(to, node, each, unknown) for each in rows]))
            for key, rows in several
        ]
        if not to.has(node.table.by):  # then every code is unknown
            return ranges[0][1]
        ambiguous = writing.within(row, [key for key, _ in several])
        whens.append((ambiguous, writing.lookup(row, ranges)))
    return writing.case(whens, _of_own_row(to, node, unknown))


def _of_row(to: Translator, node: nodes.Grade, row: TableRow, unknown: int) -> Sql:
    """The lowest of a row's grades; a missing figure may be any grade."""
    found = []
    for indicator in _asked(node, row):
        figure = to.column(indicator.fact, to.on.year - 1)
        bounds = [writing.number(each, to.dialect) for each in indicator.bounds]
        reached = _reached(figure, bounds)
        found.append(writing.coalesce(reached, writing.integer(unknown)))
    return writing.least(found)


def _of_own_row(to: Translator, node: nodes.Grade, unknown: int) -> Sql:
    """The same by the bounds that were looked up with the row; unused ones are NULL."""
    table, top = node.table, writing.integer(node.table.top)
    found = []
    for fact in (node.indicator,) if node.indicator else table.facts:
        names = [bound_name(table, fact, at) for at in range(2, table.top + 1)]
        bounds = [writing.column(each) for each in names]
        reached = _reached(to.column(fact, to.on.year - 1), bounds)
        known = writing.coalesce(reached, writing.integer(unknown))
        unused = writing.is_null(bounds[0])
        found.append(
            writing.coalesce(reached, top)
            if unknown == table.top
            else writing.case([(unused, top)], known)
        )
    return writing.least(found)


def _reached(figure: Sql, bounds: Sequence[Sql]) -> Sql:
    """1 and one more for each bound that is reached."""
    steps = [writing.cast(writing.compare(">=", figure, b), "INT") for b in bounds]
    return writing.add([writing.integer(1), *steps])


def bound_name(table: Table, fact: str, grade: int) -> str:
    """The looked-up column with the lower bound of a grade."""
    return f"{table.id}__{fact}_{grade}"


def _bounds(to: Translator, table: Table) -> dict[str, Sql]:
    """The bounds of the one row a code means, by the number of its rows."""
    found: dict[str, list[tuple[Sql, Sql]]] = {
        bound_name(table, fact, at): []
        for fact in table.facts
        for at in range(2, table.top + 1)
    }
    for index, rows in enumerate(candidates(table)):
        graded = [each for each in rows if each.indicators]
        for indicator in graded[0].indicators if len(graded) == 1 else ():
            for at, bound in enumerate(indicator.bounds, 2):
                value = writing.number(bound, to.dialect)
                pair = (writing.integer(index), value)
                found[bound_name(table, indicator.fact, at)].append(pair)
    number = writing.column(FOUND)
    return {
        name: writing.cast(writing.lookup(number, pairs), "DECIMAL(18, 2)")
        for name, pairs in found.items()
    }


OUTSIDE = -1  # the row number of a code that the table does not know


def candidates(table: Table) -> list[tuple[TableRow, ...]]:
    """Every set of rows a code may mean; the first one is that of an unknown code."""
    found = {table.rows: None}
    for code in (*table.by_code, *_stems(table)):
        found[table.candidates(code)] = None
    return list(found)


def _stems(table: Table) -> list[str]:
    """The beginnings of listed codes that are not listed themselves."""
    starts = {code[:end] for code in table.by_code for end in range(len(code))}
    return sorted(starts - set(table.by_code))


def row_number(to: Translator, table: Table) -> Sql:
    """Which of :func:`candidates` a firm's code means, by its longest listed stem."""
    known = candidates(table)
    absent = writing.integer(known.index(table.candidates(None)))
    if not to.has(table.by):
        return absent
    to.column(table.by, None)
    code = writing.column(PREPARED)
    whens: list[tuple[Sql, Sql]] = []
    lengths = sorted({len(each) for each in table.by_code}, reverse=True)
    for length in lengths:
        listed = [each for each in table.by_code if len(each) == length]
        head = writing.start(code, length)
        whens += _lookups(head, listed, table, known)
    whens += _lookups(code, _stems(table), table, known)
    found = writing.case(whens, writing.integer(OUTSIDE))
    prepared = _with_letter(table, writing.column(table.by))
    what = LookUp(table.by, prepared, found, absent, _bounds(to, table))
    return to.steps.look_up(f"{table.id}__row", what)


def _lookups(
    head: Sql, codes: Sequence[str], table: Table, known: list[tuple[TableRow, ...]]
) -> list[tuple[Sql, Sql]]:
    by_rows: dict[tuple[TableRow, ...], list[Sql]] = {}
    for each in codes:
        rows = table.by_code.get(each) or table.candidates(each)
        by_rows.setdefault(rows, []).append(writing.string(each))
    return [
        (writing.within(head, listed), writing.integer(known.index(rows)))
        for rows, listed in by_rows.items()
    ]


def _with_letter(table: Table, given: Sql) -> Sql:
    """The code with its letter, as :meth:`Table.with_letter` writes it."""
    whens = []
    for letter, first, last in table.letters:
        divisions = [
            writing.string(text)
            for number in range(first, last + 1)
            for text in sorted({str(number), f"{number:02d}"})
        ]
        begins = writing.within(writing.start(given, 2), divisions)
        whens.append((begins, writing.concatenate([writing.string(letter), given])))
    return writing.case(whens, writing.upper(given))
