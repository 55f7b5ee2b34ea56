"""What every kind of file becomes: sheets of cells, the first rows kept at hand."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

HEAD = 300  # rows kept: more than any form or heading takes

Cells = list[Any]


def cell_at(cells: Cells, at: int | None) -> Any:
    """The cell of a column; None where there is no such column or the row is short."""
    return cells[at] if at is not None and at < len(cells) else None


class DamagedLine(Cells):
    """A line of text that cannot be taken apart into cells; it holds its text."""


@dataclasses.dataclass(slots=True)
class Sheet:
    """Cells by row and column, both from 0; further rows come as they are asked for.

    ``total``: how many rows there will be, about; ``merged``: (first row, first column,
    last row, last column) of merged cells; ``broken``: cells whose formula has no
    usable result; ``first``: the number people give the first row (0 where the header
    is no row of theirs, as in JSON); ``lettered``: cells have names such as D7;
    ``columns``: how many a workbook's sheet has; ``hidden``: it has no rows here.
    """

    name: str
    head: list[Cells]
    rest: Iterator[Cells] = dataclasses.field(default_factory=lambda: iter(()))
    total: int = 0
    merged: list[tuple[int, int, int, int]] = dataclasses.field(default_factory=list)
    broken: frozenset[tuple[int, int]] = frozenset()
    lettered: bool = False
    first: int = 1
    columns: int = 0
    hidden: bool = False

    @staticmethod
    def of(name: str, rows: Iterable[Cells], total: int, **how: Any) -> Sheet:
        """A sheet that keeps its first rows and takes the others one by one."""
        rest = iter(rows)
        head = list(itertools.islice(rest, HEAD))
        return Sheet(name, head, rest, max(total, len(head)), **how)

    def rows(self, start: int) -> Iterator[tuple[int, Cells]]:
        """Rows with their index, from ``start`` on; the later ones only once."""
        yield from enumerate(self.head[start:], start)
        yield from enumerate(self.rest, max(start, len(self.head)))

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell lies in a merged one."""
        return any(
            top <= row <= bottom and left <= column <= right
            for top, left, bottom, right in self.merged
        )

    def cell_name(self, row: int, column: int) -> str:
        """D7 in a spreadsheet, empty elsewhere."""
        return f"{column_letters(column)}{row + 1}" if self.lettered else ""


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
