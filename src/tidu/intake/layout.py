"""Where the header is: a name row, perhaps under a row of years, or a form sheet."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from tidu.intake.headers import Header, HeaderReader, unit_line
from tidu.intake.problems import CellError
from tidu.intake.sheets import Sheet
from tidu.intake.writing import is_blank, show

if TYPE_CHECKING:
    from tidu.intake.mapping import ColumnMap

_LOOK_AT = 15  # rows a title, notes and the header may take
_YEARS_UP = 3  # rows a year may stand above its names

Grid = list[list[Any]]


@dataclasses.dataclass(slots=True)
class Column:
    """One column with something in its header; ``error`` where it cannot be used.

    ``year_column`` and ``source`` come from a column map.
    """

    at: int
    text: str
    header: Header
    error: CellError | None = None
    year_column: str = ""
    source: str = ""


@dataclasses.dataclass(slots=True)
class Layout:
    """How a sheet is to be read: ``first`` is the first data row, from 0.

    ``unit``: of a line over the table (单位：元), for amounts whose column has none;
    ``named``: the columns with a name, also those that a column map ignores.
    """

    columns: list[Column]
    first: int
    unit: str = ""
    named: frozenset[int] = frozenset()

    @property
    def known(self) -> int:
        """How many columns hold a fact."""
        return sum(each.header.fact is not None for each in self.columns)


def find_layout(
    sheet: Sheet, reader: HeaderReader, columns: ColumnMap | None = None
) -> Layout | None:
    """The header that names most facts; None where no row names any."""
    head = sheet.head[:_LOOK_AT]
    tall, full = _spread(sheet, head)
    best: Layout | None = None
    for at in range(len(head)):
        texts = _texts(tall, at, reader)
        years = _years_above(sheet, full, at, reader)
        found = [
            _column(column, text, years.get(column, ""), reader, columns)
            for column, text in texts.items()
            if not (columns and text in columns.ignored)
        ]
        layout = Layout(found, at + 1, _unit_above(head[:at]), frozenset(texts))
        if layout.known > (best.known if best else 0):
            best = layout
    return best


def _spread(sheet: Sheet, head: Grid) -> tuple[Grid, Grid]:
    """The head with merged cells written downwards, and in every cell they cover."""
    tall = [list(row) for row in head]
    full = [list(row) for row in head]
    for top, left, bottom, right in sheet.merged:
        if top >= len(head) or left >= len(head[top]):
            continue
        value = head[top][left]
        for at in range(top, min(bottom + 1, len(head))):
            for grid, last in ((tall, left), (full, right)):
                row = grid[at]
                row.extend([""] * (last + 1 - len(row)))
                row[left : last + 1] = [value] * (last + 1 - left)
    return tall, full


def _texts(grid: Grid, at: int, reader: HeaderReader) -> dict[int, str]:
    """The names of a row; where it is blank, a fact named in the row above counts."""
    found = {}
    above = grid[at - 1] if at else []
    for column in range(max(len(grid[at]), len(above))):
        text = show(grid[at][column]) if column < len(grid[at]) else ""
        if not text and column < len(above):
            over = show(above[column])
            text = over if over and reader.fact_of(over) is not None else ""
        if text:
            found[column] = text
    return found


def _column(
    at: int, text: str, above: str, reader: HeaderReader, columns: ColumnMap | None
) -> Column:
    mapped = columns.columns.get(text) if columns else None
    if mapped:
        return Column(at, text, mapped.header, None, mapped.year_column, mapped.source)
    return read_column(at, text, above, reader)


def read_column(at: int, text: str, above: str, reader: HeaderReader) -> Column:
    """A column by its own header; ``above`` is the year over it."""
    try:
        return Column(at, text, reader.read(text, above))
    except CellError as error:
        return Column(at, text, Header(text, reader.fact_of(text), None, ""), error)


def _years_above(
    sheet: Sheet, grid: Grid, at: int, reader: HeaderReader
) -> dict[int, str]:
    """The year over each column, from the nearest row above that names years.

    A year in a single cell also counts for the blanks to its right; one in a merged
    cell counts for what the cell covers.
    """
    for row in range(at - 1, max(-1, at - 1 - _YEARS_UP), -1):
        found: dict[int, str] = {}
        year = ""
        for column in range(max(len(grid[row]), len(grid[at]))):
            text = show(grid[row][column]) if column < len(grid[row]) else ""
            if text:
                year = text if reader.year_of(text) is not None else ""
            if year:
                found[column] = year
            if sheet.covers(row, column):
                year = ""
        if found:
            return found
    return {}


def _unit_above(rows: Grid) -> str:
    for row in reversed(rows):
        for cell in row:
            if not is_blank(cell) and (unit := unit_line(show(cell))):
                return unit
    return ""
