"""Where the header is: a name row, perhaps under a row of years, or a form sheet."""

from __future__ import annotations

import dataclasses
from typing import Any

from tidu.intake.cells import is_unknown, show
from tidu.intake.files import Sheet
from tidu.intake.headers import Header, HeaderReader
from tidu.intake.problems import CellError
from tidu.intake.workbooks import column_letters

_LOOK_AT = 15  # rows a title, notes and the header may take
_FORM_LEAST = 3  # recognised labels below each other that make a form


@dataclasses.dataclass(slots=True)
class Column:
    """One column with something in its header; ``error`` where it cannot be used."""

    at: int
    header: Header
    error: CellError | None = None


@dataclasses.dataclass(slots=True)
class Layout:
    """How a sheet is to be read: ``first`` is the first data row, from 0."""

    columns: list[Column]
    first: int


def expand_merged(sheet: Sheet) -> None:
    """Write a merged cell's value into every cell it covers, header rows only."""
    for top, left, bottom, right in sheet.merged:
        if top >= min(_LOOK_AT, len(sheet.rows)):
            continue
        if left >= len(sheet.rows[top]):
            continue
        value = sheet.rows[top][left]
        for row in sheet.rows[top : bottom + 1]:
            row.extend([""] * (right + 1 - len(row)))
            row[left : right + 1] = [value] * (right + 1 - left)


def find_layout(sheet: Sheet, reader: HeaderReader) -> Layout | None:
    """The header that names most facts; None where no row names any."""
    best: Layout | None = None
    most = 0
    for at, row in enumerate(sheet.rows[:_LOOK_AT]):
        above = _years_above(sheet, at, reader)
        columns = _columns(row, above, reader)
        known = sum(each.header.fact is not None for each in columns)
        if known > most:
            best, most = Layout(columns, at + 1), known
    return best


def _columns(
    row: list[Any], above: dict[int, str], reader: HeaderReader
) -> list[Column]:
    found = []
    for at, cell in enumerate(row):
        text = show(cell) if cell is not None else ""
        if not text:
            continue
        try:
            found.append(Column(at, reader.read(text, above.get(at, ""))))
        except CellError as error:
            fact = reader.names.get(text)
            found.append(Column(at, Header(text, fact, None, ""), error))
    return found


def _years_above(sheet: Sheet, at: int, reader: HeaderReader) -> dict[int, str]:
    """The year over each column; a year also counts for the blanks to its right."""
    if at == 0:
        return {}
    found: dict[int, str] = {}
    year = ""
    for column, cell in enumerate(sheet.rows[at - 1]):
        text = show(cell) if cell is not None else ""
        if text:
            year = text if reader.year_of(text) is not None else ""
        if year:
            found[column] = year
    width = len(sheet.rows[at])
    if year:
        found |= dict.fromkeys(range(len(sheet.rows[at - 1]), width), year)
    return found


def read_form(sheet: Sheet, reader: HeaderReader) -> list[tuple[int, Header, Any]]:
    """A form sheet (label | value) as (row, header, cell), or [] if it is none."""
    if max((len(row) for row in sheet.rows), default=0) < 2:  # noqa: PLR2004 - a pair
        return []
    found: list[tuple[int, Header, Any]] = []
    for at, row in enumerate(sheet.rows):
        label = show(row[0]) if row and row[0] is not None else ""
        if not label or len(row) < 2:  # noqa: PLR2004 - a pair
            continue
        try:
            header = reader.read(label)
        except CellError:
            header = Header(label, None, None, "")
        found.append((at, header, row[1]))
    named = sum(header.fact is not None for _, header, _ in found)
    wide = any(not is_unknown(cell) for row in sheet.rows for cell in row[3:])
    return found if named >= _FORM_LEAST and not wide else []


def cell_name(sheet: Sheet, row: int, column: int) -> str:
    """D7 in a spreadsheet, empty elsewhere; row and column count from 0."""
    return f"{column_letters(column)}{row + 1}" if sheet.lettered else ""
