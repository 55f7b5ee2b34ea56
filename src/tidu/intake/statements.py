"""Standard statements, 资产负债表 and 利润表: one firm's figures, each with its cell.

A figure is taken for a year only where the statement covers the whole year, or is of
its last day. What a quarter or a half-year says is told and left alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from tidu.intake.sheets import Sheet
from tidu.intake.statement_terms import (
    BALANCE,
    CLOSING,
    CUMULATIVE,
    CURRENT,
    HEADINGS,
    INCOME,
    LINES,
    OPENING,
    TITLES,
    Span,
    code_in,
    filer_in,
    heading,
    is_label_heading,
    is_of_the_year,
    kind_of_line,
    line_name,
    span_in,
    span_of_heading,
    unit_in,
)
from tidu.intake.writing import is_blank, show

_LOOK_AT = 15  # rows a title and the headings may take
_LONGEST_TITLE = 24
_LEAST_LINES = 3  # known lines that make a statement of a sheet without its title
OWN, BESIDE = 0, 1  # the statement's own year, or the one it compares with


@dataclasses.dataclass(frozen=True, slots=True)
class Amounts:
    """One column of amounts: its heading, the role of it, the time if it names one."""

    at: int
    text: str
    word: str
    role: str
    span: Span | None
    unit: str


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One amount of a statement, not yet read: which fact and year, from which cell.

    ``rank``: OWN, or BESIDE for a year the statement only compares with.
    """

    fact_id: str
    year: int
    rank: int
    row: int
    column: int
    line: str
    unit: str
    cell: Any


@dataclasses.dataclass(slots=True)
class Statement:
    """A sheet that is a statement: whose, of when, in which unit, and its columns.

    ``blocks``: the columns of line names with those of their amounts; ``left``: columns
    that were not taken because they are of no whole year.
    """

    sheet: Sheet
    kind: str
    header: int
    blocks: list[tuple[int, list[Amounts]]]
    name: str = ""
    code: str = ""
    unit: str = ""
    span: Span | None = None
    left: list[Amounts] = dataclasses.field(default_factory=list)

    def figures(self) -> Iterator[Figure]:
        """Every amount that belongs to a fact and a year; ``left`` is filled."""
        lines = LINES[self.kind]
        for labels, columns in self.blocks:
            taken = self._years(columns)
            for at in range(self.header + 1, len(self.sheet.head)):
                cells = self.sheet.head[at]
                text = show(cells[labels]) if labels < len(cells) else ""
                fact_id = lines.get(line_name(text))
                if fact_id is None:
                    continue
                for column, year, rank in taken:
                    cell = cells[column.at] if column.at < len(cells) else None
                    unit = column.unit or self.unit
                    yield Figure(fact_id, year, rank, at, column.at, text, unit, cell)

    def _years(self, columns: list[Amounts]) -> list[tuple[Amounts, int, int]]:
        """The columns that are of a whole year, with it; the others are ``left``."""
        found = []
        roles = {column.role for column in columns}
        for column in columns:
            if column.role == CURRENT and CUMULATIVE in roles:
                continue  # the year so far tells more than the month
            year = self._year(column)
            if year is None:
                self.left.append(column)
            else:
                rank = OWN if column.role in {CLOSING, CURRENT, CUMULATIVE} else BESIDE
                found.append((column, year, rank))
        return found

    def _year(self, column: Amounts) -> int | None:
        span = column.span or self.span
        if span is None:
            return None
        if column.span:  # the heading is a date of its own
            whole = span.year_end if self.kind == BALANCE else span.whole_year
            return span.year if whole else None
        if self.kind == BALANCE:
            if column.role == OPENING:
                named = is_of_the_year(column.word)
                return span.year - 1 if span.year_end or named else None
            return span.year if span.year_end else None
        if column.role == CUMULATIVE:
            # A month's statement for December holds the whole year in this column.
            whole = span.year_end and span.first in {1, None}
            return span.year if whole else None
        if not span.whole_year:
            return None
        return span.year if column.role == CURRENT else span.year - 1


def find_statement(sheet: Sheet) -> Statement | None:
    """The statement in a sheet, or None if it is none."""
    for header in range(min(_LOOK_AT, len(sheet.head))):
        blocks = _blocks(sheet, header)
        if not blocks:
            continue
        kind, lines = _kind(sheet, header, blocks)
        dated = all(column.role == "" for _, columns in blocks for column in columns)
        plain = lines >= _LEAST_LINES and not dated  # its own words are enough
        if kind and (plain or _titled(sheet, header, kind)):
            found = Statement(sheet, kind, header, blocks)
            _read_title(found)
            if dated:
                _give_roles(found)
            return found
    return None


def _blocks(sheet: Sheet, header: int) -> list[tuple[int, list[Amounts]]]:
    """Columns of line names in a row of headings, each with its amounts."""
    blocks: list[tuple[int, list[Amounts]]] = []
    for at, cell in enumerate(sheet.head[header]):
        text = show(cell)
        if is_label_heading(text):
            blocks.append((at, []))
            continue
        word, unit = heading(text)
        role = HEADINGS.get(word, "")
        span = span_of_heading(word)
        if blocks and (role or span):
            blocks[-1][1].append(Amounts(at, text, word, role, span, unit))
    return [block for block in blocks if block[1]]


def _kind(
    sheet: Sheet, header: int, blocks: list[tuple[int, list[Amounts]]]
) -> tuple[str, int]:
    """Which statement the lines below belong to, or nothing, and how many do."""
    counts = {BALANCE: 0, INCOME: 0}
    for labels, _ in blocks:
        for cells in sheet.head[header + 1 :]:
            if labels < len(cells) and isinstance(cells[labels], str):
                kind = kind_of_line(line_name(cells[labels]))
                if kind:
                    counts[kind] += 1
    best = max(counts, key=lambda kind: counts[kind])
    return (best, counts[best]) if counts[best] else ("", 0)


def _titled(sheet: Sheet, header: int, kind: str) -> bool:
    """Whether the sheet is called a statement: by its name or by a title."""
    titles = [sheet.name, *(show(c) for row in sheet.head[:header] for c in row)]
    return any(
        word in title.replace(" ", "") and len(title) <= _LONGEST_TITLE
        for title in titles
        for word in TITLES[kind]
    )


def _give_roles(statement: Statement) -> None:
    """Headings that are only dates: the latest is the statement's own year."""
    for at, (labels, columns) in enumerate(statement.blocks):
        latest = max(column.span.year for column in columns if column.span)
        own, beside = (
            (CLOSING, OPENING) if statement.kind == BALANCE else (CURRENT, "prior")
        )
        statement.blocks[at] = (
            labels,
            [
                dataclasses.replace(
                    column,
                    role=own if column.span and column.span.year == latest else beside,
                )
                for column in columns
            ],
        )


def _read_title(statement: Statement) -> None:
    """Name, code, unit and date from the rows over the table, and the sheet's name."""
    for row in statement.sheet.head[: statement.header]:
        for at, cell in enumerate(row):
            text = show(cell)
            if not text:
                continue
            statement.unit = statement.unit or unit_in(text)
            name, code = filer_in(text), code_in(text)
            if name is not None:
                statement.name = statement.name or name or _beside(row, at)
            if code is not None:
                statement.code = statement.code or code or _beside(row, at)
            statement.span = statement.span or span_in(text)
    statement.span = statement.span or span_in(statement.sheet.name)


def _beside(row: list[Any], at: int) -> str:
    """The next cell with something in it that is no date and no unit."""
    texts = (show(cell) for cell in row[at + 1 :] if not is_blank(cell))
    found = next(texts, "")
    return "" if span_in(found) or unit_in(found) else found
