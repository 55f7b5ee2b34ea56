"""The columns of a sheet, once for all rows: which fact, which reader, which doubts."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from tidu.intake.amounts import ALL_UNITS, USD_UNITS, WITHOUT_UNIT
from tidu.intake.cells import Reader, reader_for
from tidu.intake.headers import HeaderReader
from tidu.intake.layout import Column
from tidu.intake.problems import (
    ERROR,
    WARNING,
    CellError,
    ColumnRead,
    Problem,
)
from tidu.intake.sheets import Sheet
from tidu.intake.writing import normal
from tidu.rules.facts import Fact, FactType, split_key
from tidu.rules.language import N_

Notes = Counter[tuple[str, str]]

_NUMBERING = frozenset({"序号", "编号", "行号", "no", "no.", "#"})


def is_numbering(head: str) -> bool:
    """Whether a column only counts the rows: 序号."""
    return normal(head).lower() in _NUMBERING


class Entry:
    """A column that holds a fact: where, under which key, read how.

    ``first``: the header of an earlier column for the same fact, which counts;
    ``without_unit``: an amount was read that nobody gave a unit.
    """

    def __init__(self, column: Column, fact: Fact, key: str, unit: str) -> None:
        self.column = column
        self.at = column.at
        self.head = column.text
        self.fact = fact
        self.key = key
        self.read: Reader = reader_for(fact, unit)
        self.year_column = column.year_column
        self.source = column.source
        self.first = ""
        self.without_unit = False
        self.notes: Counter[str] = Counter()

    def note(self, text: str) -> None:
        """Remember how a cell was taken."""
        if text == WITHOUT_UNIT:
            self.without_unit = True
        else:
            self.notes[text] += 1


@dataclasses.dataclass(slots=True)
class Places:
    """Where headers and cells stand; a form has a place of its own for each."""

    file: str
    sheet: Sheet
    header_row: int
    labels: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    values: list[tuple[int, int]] = dataclasses.field(default_factory=list)

    def header(self, at: int) -> tuple[int, int]:
        """Row and column of a column's header."""
        return self.labels[at] if self.labels else (self.header_row, at)

    def cell(self, row: int, at: int) -> tuple[int, int]:
        """Row and column of a cell."""
        return self.values[at] if self.values else (row, at)

    def problem(
        self,
        severity: str,
        place: tuple[int, int | None],
        head: str,
        text: str,
        error: CellError,
    ) -> Problem:
        """A problem at a place of this sheet; without a column it is of the row."""
        row, column = place
        return Problem(
            severity=severity,
            file=self.file,
            sheet=self.sheet.name,
            row=row + self.sheet.first,
            column=head,
            cell="" if column is None else self.sheet.cell_name(row, column),
            text=text,
            what=error.what,
            remedy=error.accepted,
            values=error.values,
        )


class Plan:
    """The columns that hold facts, where every named column is, and their doubts."""

    def __init__(
        self,
        places: Places,
        reader: HeaderReader,
        unit: str,
        used_elsewhere: frozenset[str],
    ) -> None:
        self.places = places
        self.reader = reader
        self.unit = unit
        self.used_elsewhere = used_elsewhere
        self.entries: list[Entry] = []
        self.heads: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.columns: list[ColumnRead] = []

    def add(self, column: Column) -> None:
        """Take a column: as an entry, as unknown, or as one that cannot be used."""
        self.heads.setdefault(column.text, column.at)
        fact = column.header.fact
        key = unit = ""
        if column.error:
            self._say(ERROR, column, column.error)
        elif fact is None:
            self._unknown(column)
        else:
            unit = self._unit(column, fact)
            default = self.reader.year - (0 if fact.undated == "current" else 1)
            key = column.header.key(default)
            entry = Entry(column, fact, key, unit)
            self._undated(column, entry)
            self._doubled(column, entry)
            self.entries.append(entry)
        row, at = self.places.header(column.at)
        sheet = self.places.sheet
        cell = sheet.cell_name(row, at)
        self.columns.append(ColumnRead(sheet.name, column.text, cell, key, unit))

    def finish(self, notes: Notes) -> None:
        """Once all rows are read: say which amounts had no unit, and how many."""
        for entry in self.entries:
            if entry.without_unit:
                what = CellError(
                    WITHOUT_UNIT,
                    N_("按{unit}读取；请在表头写明单位"),
                    unit=entry.fact.form_unit,
                )
                self._say(WARNING, entry.column, what)
            for note, count in entry.notes.items():
                notes[entry.head, note] += count
        self.problems.sort(key=lambda each: self.heads.get(each.column, 0))

    def _unit(self, column: Column, fact: Fact) -> str:
        """The unit of a column's header, or of the line over the table."""
        unit = column.header.unit
        if fact.type is FactType.MONEY:
            if unit and unit not in ALL_UNITS:
                self._strange_unit(column, unit)
                unit = ""
            if not unit and self.unit and (self.unit in USD_UNITS) is fact.dollars:
                unit = self.unit
        elif fact.type is FactType.RATIO:
            if unit and unit != "%":
                self._strange_unit(column, unit)
                unit = ""
        elif unit == "%" or unit in ALL_UNITS:
            self._strange_unit(column, unit)
        return unit

    def _strange_unit(self, column: Column, unit: str) -> None:
        error = CellError(
            N_("单位“{unit}”不适合这一项"), N_("没有采用；请改正表头"), unit=unit
        )
        self._say(WARNING, column, error)

    def _undated(self, column: Column, entry: Entry) -> None:
        if not entry.fact.yearly or column.header.year is not None:
            return
        if column.year_column:
            return
        error = CellError(
            N_("没有写年份"),
            N_("按{year}年读取；请在表头写明年份"),
            year=split_key(entry.key)[1],
        )
        self._say(WARNING, column, error)

    def _doubled(self, column: Column, entry: Entry) -> None:
        where = (entry.key, entry.year_column)
        for earlier in self.entries:
            if (earlier.key, earlier.year_column) == where:
                entry.first = earlier.head
                error = CellError(
                    N_("与“{first}”列是同一项"),
                    N_("以“{first}”列为准；两列不一致的行不评估，请删去一列"),
                    first=earlier.head,
                )
                self._say(WARNING, column, error)
                return

    def _unknown(self, column: Column) -> None:
        if column.text in self.used_elsewhere or is_numbering(column.text):
            return
        what = N_("不认识这一列")
        if strange := column.header.strange_unit:
            error = CellError(
                what,
                N_("已忽略；括号里的“{unit}”不是认得的单位或年份"),
                unit=strange,
            )
        elif nearest := self.reader.nearest(column.text):
            error = CellError(
                what, N_("已忽略；是不是想写“{nearest}”"), nearest=nearest
            )
        else:
            error = CellError(
                what, N_("已忽略；需要时改成填报表的列名，或给出列名对照")
            )
        self._say(WARNING, column, error)

    def _say(self, severity: str, column: Column, error: CellError) -> None:
        place: Any = self.places.header(column.at)
        problem = self.places.problem(severity, place, column.text, "", error)
        self.problems.append(problem)
