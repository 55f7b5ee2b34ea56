"""Read a file into enterprises: every row is read, or an error names its cell."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tidu.intake import records
from tidu.intake.cells import is_unknown, reader_for, show
from tidu.intake.files import Sheet, open_sheets
from tidu.intake.headers import Header, HeaderReader
from tidu.intake.layout import (
    Column,
    Layout,
    cell_name,
    expand_merged,
    find_layout,
    read_form,
)
from tidu.intake.mapping import ColumnMap
from tidu.intake.problems import (
    ERROR,
    WARNING,
    CellError,
    Intake,
    Problem,
    Row,
    UnreadableFile,
)
from tidu.intake.records import Entry, Plan, RowBuilder
from tidu.rules.facts import FactDictionary, FactType
from tidu.rules.language import N_, translate
from tidu.rules.units import DOLLAR_UNITS, MONEY_UNITS

Progress = Callable[[int, int], None]
_TOTAL_ROWS = ("合计", "总计", "小计")


def read_file(
    path: Path,
    facts: FactDictionary,
    *,
    on: datetime.date,
    columns: ColumnMap | None = None,
    progress: Progress | None = None,
    english: bool = False,
) -> Intake:
    """Read a CSV, XLSX or JSON file.

    ``on`` fixes what 上年度 means; ``columns`` maps foreign columns. Raises
    UnreadableFile where the file as a whole cannot be read.
    """
    sheets = open_sheets(path)
    reading = _Reading(path, facts, on, columns, english)
    total = sum(len(sheet.rows) for sheet in sheets)
    done = 0
    for sheet in sheets:
        for _ in reading.read_sheet(sheet):
            done += 1
            if progress:
                progress(done, total)
    if not reading.understood:
        raise UnreadableFile(
            f"{path} 里没有认得的列名；请用事实编号或中文名作表头，"
            "或用 --columns 给出列名对照表"
        )
    records.mark_repeats(reading.rows, path.name)
    problems = [*reading.problems]
    for row in reading.rows:
        problems += row.problems
    return Intake(path.name, reading.rows, problems, reading.said())


class _Reading:
    """The work on one file: what was read so far, and how it was taken."""

    def __init__(
        self,
        path: Path,
        facts: FactDictionary,
        on: datetime.date,
        columns: ColumnMap | None,
        english: bool,
    ) -> None:
        self.file = path.name
        self.facts = facts
        self.on = on
        self.map = columns
        self.english = english
        self.reader = HeaderReader(facts, on.year)
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.notes: Counter[tuple[str, str]] = Counter()
        self.understood = False

    def read_sheet(self, sheet: Sheet) -> Iterator[None]:
        """Read a sheet row by row; yields once per row for progress."""
        expand_merged(sheet)
        layout = self._mapped(sheet) if self.map else find_layout(sheet, self.reader)
        form = [] if self.map else read_form(sheet, self.reader)
        named = len([c for c in layout.columns if c.header.fact]) if layout else 0
        if form and sum(h.fact is not None for _, h, _ in form) > named:
            self.understood = True
            self._read_form(sheet, form)
            yield
        elif layout is not None:
            self.understood = True
            yield from self._read_table(sheet, layout)

    # -- headers -------------------------------------------------------------

    def _mapped(self, sheet: Sheet) -> Layout | None:
        """The layout a column map gives: the row that holds most of its columns."""
        assert self.map is not None
        names = {*self.map.columns, *self.map.ignored}
        best = max(
            range(min(len(sheet.rows), 15)),
            key=lambda at: sum(show(cell) in names for cell in sheet.rows[at]),
            default=None,
        )
        if best is None:
            return None
        columns = []
        for at, cell in enumerate(sheet.rows[best]):
            text = show(cell)
            if text in self.map.columns:
                columns.append(Column(at, self.map.columns[text].header))
            elif text and text not in self.map.ignored:
                columns.append(Column(at, Header(text, None, None, "")))
        if not any(column.header.fact for column in columns):
            return None
        return Layout(columns, best + 1)

    def _plan(self, sheet: Sheet, layout: Layout) -> Plan:
        """Check the columns once: unknown, doubled, without year or unit."""
        entries: list[Entry] = []
        seen: dict[str, str] = {}
        heads = {
            column.at: _head(sheet, layout, column.at) for column in layout.columns
        }
        for column in layout.columns:
            header = column.header
            if column.error:
                self._column_problem(sheet, layout, column, column.error)
                continue
            if header.fact is None:
                if not self._used_by_map(heads[column.at]):
                    self._unknown(sheet, layout, column)
                continue
            entry = self._entry(column, heads[column.at])
            self._notice(sheet, layout, column, entry)
            entry.first = seen.setdefault(entry.key, heads[column.at])
            if entry.first != heads[column.at]:
                what, remedy = DOUBLED
                values = {"first": entry.first}
                self._problem(sheet, layout, column, WARNING, what, remedy, values)
                entry.doubled = True
            entries.append(entry)
        return Plan(entries, {head: at for at, head in heads.items()})

    def _entry(self, column: Column, head: str) -> Entry:
        header = column.header
        fact = header.fact
        assert fact is not None
        mapped = self.map.columns.get(head) if self.map else None
        default = self.on.year - (0 if fact.undated == "current" else 1)
        return Entry(
            at=column.at,
            head=head,
            fact=fact,
            key=header.key(default),
            read=reader_for(fact, header.unit),
            year_column=mapped.year_column if mapped else "",
            source=mapped.source if mapped else "",
        )

    def _notice(
        self, sheet: Sheet, layout: Layout, column: Column, entry: Entry
    ) -> None:
        """Warn once of a yearly column without year, a money column without unit."""
        header, fact = column.header, entry.fact
        if fact.yearly and header.year is None and not entry.year_column:
            year = int(entry.key.partition("@")[2])
            self._problem(sheet, layout, column, WARNING, *UNDATED, {"year": year})
        if fact.type is FactType.MONEY and not header.unit:
            values = {"unit": fact.form_unit}
            self._problem(sheet, layout, column, WARNING, *UNITLESS, values)
        elif header.unit and fact.type is FactType.MONEY:
            dollars = header.unit in DOLLAR_UNITS
            if header.unit not in MONEY_UNITS and not dollars:
                values = {"unit": fact.form_unit}
                self._problem(sheet, layout, column, WARNING, *UNITLESS, values)
                entry.read = reader_for(fact, "")

    def _used_by_map(self, head: str) -> bool:
        """Whether a column map needs the column for a year, source or derivation."""
        if self.map is None:
            return False
        texts = [each.source for each in self.map.columns.values()]
        texts += [each.source for each in self.map.derivations]
        years = {each.year_column for each in self.map.columns.values()}
        years |= {each.year_column for each in self.map.derivations}
        derived = {name for each in self.map.derivations for name in each.columns}
        quoted = any(f"{{{head}}}" in text for text in texts)
        return quoted or head in years or head in derived

    def _unknown(self, sheet: Sheet, layout: Layout, column: Column) -> None:
        nearest = column.header.nearest
        what, remedy = NEAREST if nearest else UNKNOWN_COLUMN
        values = {"nearest": nearest}
        self._problem(sheet, layout, column, WARNING, what, remedy, values)

    def _column_problem(
        self, sheet: Sheet, layout: Layout, column: Column, error: CellError
    ) -> None:
        self._problem(
            sheet, layout, column, ERROR, error.what, error.accepted, error.values
        )

    def _problem(
        self,
        sheet: Sheet,
        layout: Layout,
        column: Column,
        severity: str,
        what: str,
        remedy: str,
        values: dict[str, Any],
    ) -> None:
        row = layout.first - 1
        self.problems.append(
            Problem(
                severity=severity,
                file=self.file,
                sheet=sheet.name,
                row=row + sheet.first,
                column=_head(sheet, layout, column.at),
                cell=cell_name(sheet, row, column.at),
                text="",
                what=what,
                remedy=remedy,
                values=values,
            )
        )

    # -- rows ----------------------------------------------------------------

    def _read_table(self, sheet: Sheet, layout: Layout) -> Iterator[None]:
        plan = self._plan(sheet, layout)
        builder = RowBuilder(self.file, sheet, plan, self.map, self.facts, self.notes)
        for at in range(layout.first, len(sheet.rows)):
            cells = sheet.rows[at]
            if not all(is_unknown(cell) and cell in {None, ""} for cell in cells):
                self._read_row(builder, sheet, at, cells)
            yield

    def _read_row(
        self, builder: RowBuilder, sheet: Sheet, at: int, cells: list[Any]
    ) -> None:
        first = next((show(cell) for cell in cells if not is_unknown(cell)), "")
        if first.startswith(_TOTAL_ROWS):
            what, remedy = TOTAL_ROW
            place = (self.file, sheet.name, at + sheet.first, "", "", first)
            self.problems.append(Problem(WARNING, *place, what, remedy))
            return
        self.rows.append(builder.build(at, cells))

    def _read_form(self, sheet: Sheet, form: list[tuple[int, Header, Any]]) -> None:
        """One firm per sheet: labels down the first column, values beside them."""
        cells = [[h.text for _, h, _ in form], [cell for _, _, cell in form]]
        columns = [Column(at, header) for at, (_, header, _) in enumerate(form)]
        upright = Sheet(sheet.name, cells)
        places = [row for row, _, _ in form]
        upright.broken = frozenset(
            (1, at) for at, row in enumerate(places) if (row, 1) in sheet.broken
        )
        start = len(self.problems)
        plan = self._plan(upright, Layout(columns, 1))
        title = [
            p
            for p in self.problems[start:]
            if p.what in {NEAREST[0], UNKNOWN_COLUMN[0]}
        ]
        if title and form[0][1].fact is None and title[0] in self.problems:
            self.problems.remove(title[0])  # the form's own heading
        builder = RowBuilder(self.file, upright, plan, self.map, self.facts, self.notes)
        builder.form_rows = places
        self.rows.append(builder.build(1, cells[1]))

    def said(self) -> list[str]:
        """How figures were taken, once per column and reading, with a count."""
        text = translate(N_("读法：“{column}”列：{note}（{count}格）"), self.english)
        return [
            text.format(column=head, note=translate(note, self.english), count=count)
            for (head, note), count in self.notes.items()
        ]


DOUBLED = (
    N_("与“{first}”列是同一项"),
    N_("以“{first}”列为准；两列不一致的行不评估，请删去一列"),
)
UNDATED = (N_("没有写年份"), N_("按{year}年读取；请在表头写明年份"))
UNITLESS = (N_("没有写单位"), N_("按{unit}读取；请在表头写明单位"))
NEAREST = (N_("不认识这一列"), N_("已忽略；是不是想写“{nearest}”"))
UNKNOWN_COLUMN = (N_("不认识这一列"), N_("已忽略；需要时用 --columns 给出对照"))
TOTAL_ROW = (N_("像是合计行"), N_("没有评估；如果是企业，请改名"))


def _head(sheet: Sheet, layout: Layout, at: int) -> str:
    row = sheet.rows[layout.first - 1]
    return show(row[at]) if at < len(row) and row[at] is not None else ""
