"""Tables that grade an enterprise by its industry: the size classification.

A row names industry codes and, per indicator, the lower bound of each grade above the
lowest. Codes are GB/T 4754-2017 with their letter; the longest listed code counts.
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
from collections.abc import Mapping
from decimal import Decimal

from tidu.rules.vocabulary import Text


@dataclasses.dataclass(frozen=True, slots=True)
class Indicator:
    """One column of a row: fact id and the lower bounds of grades 2, 3, 4 …"""

    fact: str
    bounds: tuple[Decimal, ...]
    unit: str

    def grade(self, value: Decimal | int) -> int:
        """The grade this figure alone reaches; a bound belongs to the grade above."""
        return 1 + bisect.bisect_right(self.bounds, value)


@dataclasses.dataclass(frozen=True, slots=True)
class TableRow:
    """The industries that share bounds; ``indicators`` empty: nobody grades them."""

    id: str
    label: str
    english: str
    codes: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    note: str = ""
    note_english: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    """A grading table over the fact ``by`` (an industry code)."""

    id: str
    by: str
    grades: tuple[str, ...]
    labels: tuple[Text, ...]
    rows: tuple[TableRow, ...]
    letters: tuple[tuple[str, int, int], ...]

    def __repr__(self) -> str:
        """Its name: a table written out hides the tree it stands in."""
        return f"Table({self.id!r})"

    @property
    def top(self) -> int:
        """The highest grade."""
        return len(self.grades)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact some row reads, each once."""
        found = dict.fromkeys(i.fact for row in self.rows for i in row.indicators)
        return tuple(found)

    @functools.cached_property
    def by_code(self) -> Mapping[str, tuple[TableRow, ...]]:
        """The rows of each code as it is listed."""
        listed = dict.fromkeys(code for row in self.rows for code in row.codes)
        return {
            code: tuple(row for row in self.rows if code in row.codes)
            for code in listed
        }

    def with_letter(self, code: str) -> str:
        """Write a code with its letter: 3912 → C3912; letters and the rest stay."""
        if code[:2].isdigit():
            division = int(code[:2])
            for letter, first, last in self.letters:
                if first <= division <= last:
                    return letter + code
        return code.upper()

    def candidates(self, code: str | None) -> tuple[TableRow, ...]:
        """The rows a code may belong to: one for a full code, several for a short one.

        An unknown code (None) may be any row; a code outside the table gives ().
        """
        if code is None:
            return self.rows
        full = self.with_letter(code)
        for length in range(len(full), 0, -1):
            rows = self.by_code.get(full[:length])
            if rows:
                return rows
        return tuple(
            row for row in self.rows if any(c.startswith(full) for c in row.codes)
        )
