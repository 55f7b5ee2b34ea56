"""Grades in SQL: what a table with a row for each industry says of a firm."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tidu.bulk import values, writing
from tidu.bulk.amounts import Amount
from tidu.bulk.columns import SQL_TYPES
from tidu.bulk.steps import FOUND, PREPARED, LookUp
from tidu.bulk.writing import Sql
from tidu.rules import nodes
from tidu.rules.tables import Indicator, Table, TableRow

if TYPE_CHECKING:
    from tidu.bulk.translator import Translator


@dataclasses.dataclass(frozen=True)
class Keys:
    """The row numbers of a table, by what they mean for a grade.

    ``undefined``: nobody grades them; ``unused``: the indicator is not asked for there;
    ``open``: the industry may be one that nobody grades; ``several``: any of these rows
    may be meant, or the code is not known. Under all others one row's own bounds were
    looked up, if ``alone``.
    """

    undefined: list[Sql]
    unused: list[Sql]
    open: list[Sql]
    several: list[tuple[Sql, list[TableRow]]]
    alone: bool

    @property
    def excluded(self) -> list[Sql]:
        """Where there is no grade to tell; among them every code not in the table."""
        return [*self.undefined, *self.unused, *self.open]


def keys_of(node: nodes.Grade) -> Keys:
    """What each row number means for this grade."""
    undefined: list[Sql] = []
    unused: list[Sql] = []
    open_: list[Sql] = []
    several: list[tuple[Sql, list[TableRow]]] = []
    alone = False
    for index, rows in enumerate((*candidates(node.table), ())):
        key = writing.integer(index if rows else OUTSIDE)
        graded = [each for each in rows if each.indicators]
        used = [each for each in graded if _asked(node, each)]
        if not graded:
            undefined.append(key)
        elif node.strict and len(graded) < len(rows):
            open_.append(key)
        elif not used:
            unused.append(key)
        elif index and len(graded) == 1:  # nothing was looked up without a code
            alone = True
        else:
            several.append((key, used))
    return Keys(undefined, unused, open_, several, alone)


def rows_of_unknown(node: nodes.Grade) -> list[TableRow]:
    """The rows that may be meant where no code is known at all; none: no grade."""
    rows = candidates(node.table)[0]
    graded = [each for each in rows if each.indicators]
    if node.strict and len(graded) < len(rows):
        return []
    return [each for each in graded if _asked(node, each)]


def grade(to: Translator, node: nodes.Grade) -> values.Span:
    """The range of the grade a table gives, or of one indicator of it."""
    keys = keys_of(node)
    if not keys.several and not keys.alone:
        nothing = Amount(writing.null("INT"))
        return values.Span(nothing, nothing)
    name = "__".join(filter(None, (node.table.id, node.indicator)))
    low, high = (
        Amount(to.steps.name(sql, f"{name}__{end}"), 0, node.table.top)
        for sql, end in (
            (_side(to, node, keys, lowest=True), "low"),
            (_side(to, node, keys, lowest=False), "high"),
        )
    )
    return values.Span(low, high)


def compare(to: Translator, node: nodes.Grade, op: str, bound: Decimal) -> Sql:
    """A grade against a constant; NULL where that cannot be said."""
    needed = math.ceil(bound) if op in {">=", "<"} else math.floor(bound) + 1
    if op[0] not in "<>" or not 1 < needed <= node.table.top:
        span, right = to.value(node), writing.number(bound, to.dialect)
        return values.compare_sides(op, span, right)
    keys = keys_of(node)
    told = keys.several or keys.alone
    if not told or not (to.has(node.table.by) or rows_of_unknown(node)):
        return writing.null("BOOLEAN")
    name = "__".join(filter(None, (node.table.id, node.indicator, f"from_{needed}")))
    reached = to.steps.name(_reaches(to, node, keys, needed), name)
    return reached if op[0] == ">" else writing.invert(reached)


def _reaches(to: Translator, node: nodes.Grade, keys: Keys, needed: int) -> Sql:
    """Whether the grade is at least ``needed``: no indicator is below its bound.

    Only that bound is read; whoever is certainly below it is done with first.
    """
    row, table = to.row_of(node.table), node.table
    if not to.has(table.by):
        unknown = rows_of_unknown(node)
        return _agreed([_row_reaches(to, node, each, needed) for each in unknown])
    ranges = [
        (key, _agreed([_row_reaches(to, node, each, needed) for each in rows]))
        for key, rows in keys.several
    ]
    facts = (node.indicator,) if node.indicator else table.facts
    figures = [to.column(fact, to.on.year - 1) for fact in facts]
    silent = writing.both([writing.is_null(each) for each in figures])
    whens = [(silent, writing.null("BOOLEAN"))]
    if keys.open:  # bounds may stand there that are not sure to be the firm's
        whens.append((writing.within(row, keys.open), writing.null("BOOLEAN")))
    known = []
    for fact, figure in zip(facts, figures, strict=True):
        least = writing.column(bound_name(table, fact, needed))
        whens.append((writing.compare("<", figure, least), writing.FALSE))
        unused = writing.is_null(least)
        known.append(writing.either([unused, writing.is_known(figure)]))
    whens.append((writing.within(row, keys.excluded), writing.null("BOOLEAN")))
    if ranges:
        ambiguous = writing.within(row, [key for key, _ in ranges])
        whens.append((ambiguous, writing.lookup(row, ranges)))
    whens.append((writing.both(known), writing.TRUE))
    return writing.case(whens)


def _agreed(truths: Sequence[Sql]) -> Sql:
    """True or false where all of them are."""
    every = (writing.both(truths), writing.TRUE)
    none = (writing.invert(writing.either(truths)), writing.FALSE)
    return truths[0] if len(truths) == 1 else writing.case([every, none])


def _row_reaches(to: Translator, node: nodes.Grade, row: TableRow, needed: int) -> Sql:
    """Whether all of a row's figures reach the bounds of a grade."""
    return writing.both(
        [
            writing.compare(
                ">=",
                to.column(each.fact, to.on.year - 1),
                writing.number(each.bounds[needed - 2], to.dialect),
            )
            for each in _asked(node, row)
        ]
    )


def _asked(node: nodes.Grade, row: TableRow) -> list[Indicator]:
    """The indicators of a row that the node reads."""
    return [i for i in row.indicators if node.indicator in {"", i.fact}]


def _side(to: Translator, node: nodes.Grade, keys: Keys, *, lowest: bool) -> Sql:
    """One end of the grade: a row's own bounds, or the extreme of several rows."""
    row, excluded = to.row_of(node.table), keys.excluded
    join = writing.least if lowest else writing.greatest
    unknown = 1 if lowest else node.table.top
    if not to.has(node.table.by):
        rows = rows_of_unknown(node)
        found = [_of_row(to, node, each, unknown) for each in rows]
        return join(found) if found else writing.null("INT")
    whens = [(writing.within(row, excluded), writing.null("INT"))]
    if keys.several:
        ranges = [
            (key, join([_of_row(to, node, each, unknown) for each in rows]))
            for key, rows in keys.several
        ]
        ambiguous = writing.within(row, [key for key, _ in ranges])
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
    kinds = {
        bound_name(table, fact, at): SQL_TYPES[to.facts[fact].type]
        for fact in table.facts
        for at in range(2, table.top + 1)
    }
    return {
        name: writing.cast(writing.lookup(number, pairs), kinds[name])
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
