"""One row of cells → one enterprise: values with sources, problems with places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tidu.intake.cells import NO_RESULT, SPREADSHEET_ERRORS
from tidu.intake.credit_codes import is_legacy, read_code
from tidu.intake.dates import read_year
from tidu.intake.deriving import Known, derive, fill
from tidu.intake.mapping import ColumnMap
from tidu.intake.plans import Entry, Plan
from tidu.intake.problems import ERROR, WARNING, CellError, Problem, Row
from tidu.intake.sheets import Cells, DamagedLine, cell_at, column_letters
from tidu.intake.writing import is_unknown, normal, show
from tidu.rules.facts import FactDictionary, Facts, FactValue, key_of, split_key
from tidu.rules.language import N_


class RowBuilder:
    """Builds the rows of one sheet after its plan."""

    def __init__(
        self,
        plan: Plan,
        columns: ColumnMap | None,
        facts: FactDictionary,
    ) -> None:
        self.plan = plan
        self.places = plan.places
        self.sheet = plan.places.sheet
        self.map = columns
        self.facts = facts
        self.wholes: dict[str, str | None] = {}
        self.line = (-1, "")
        self.width = 0
        self.unnamed: list[int] = []
        self.lost: dict[int, Problem] = {}

    def set_width(self, width: int, named: frozenset[int]) -> None:
        """Say where the header ends and which of its columns have names.

        What stands beyond the header of a text has slipped: an error. In a workbook,
        and in a column without name, it is a note: the first is told.
        """
        self.width = 0 if self.sheet.lettered else width
        last = self.sheet.columns if self.sheet.lettered else width
        self.unnamed = [at for at in range(last) if at not in named]

    def build(self, at: int, cells: Cells) -> Row:
        """Read the row at index ``at``."""
        values: dict[str, FactValue] = {}
        sources: dict[str, str] = {}
        problems: list[Problem] = []
        if isinstance(cells, DamagedLine):
            problem = self._row_problem(at, ERROR, BAD_QUOTES, show(cells[0]))
            return self._row(at, values, sources, [problem])
        for entry in self.plan.entries:
            cell = cell_at(cells, entry.at)
            try:
                self._take(at, entry, cell, cells, values, sources)
            except CellError as error:
                problems.append(self._problem(at, entry, cell, ERROR, error))
        for column in self.unnamed:
            if column < len(cells) and not is_unknown(cells[column]):
                self._lose(at, column, show(cells[column]))
        if self.width and len(cells) > self.width:
            further = [each for each in cells[self.width :] if not is_unknown(each)]
            if further:
                text = show(further[0])
                problems.append(self._row_problem(at, ERROR, TOO_WIDE, text))
        if self.map:
            self._add_from_map(at, cells, values, sources, problems)
        self._check_parts(at, cells, values, problems)
        self._check_code(at, cells, values, problems)
        return self._row(at, values, sources, problems)

    def _lose(self, at: int, column: int, text: str) -> None:
        if column not in self.lost:
            error = CellError(*NAMELESS)
            place = (at, column)
            name = column_letters(column)
            self.lost[column] = self.places.problem(WARNING, place, name, text, error)

    def _row(
        self,
        at: int,
        values: dict[str, FactValue],
        sources: dict[str, str],
        problems: list[Problem],
    ) -> Row:
        uscc, name = values.get("uscc"), values.get("name")
        return Row(
            sheet=self.sheet.name,
            row=self._first_place(at) + self.sheet.first,
            uscc=str(uscc) if uscc else None,
            name=str(name) if name else None,
            facts=Facts.of(values, sources),
            problems=problems,
        )

    def _take(
        self,
        at: int,
        entry: Entry,
        cell: Any,
        cells: Cells,
        values: dict[str, FactValue],
        sources: dict[str, str],
    ) -> None:
        """Read one cell into ``values``; CellError says what is wrong with it."""
        if self.sheet.broken and self.places.cell(at, entry.at) in self.sheet.broken:
            raise CellError(*NO_RESULT)
        if is_unknown(cell):
            return
        if isinstance(cell, str) and cell[0] == "#" and cell in SPREADSHEET_ERRORS:
            raise CellError(*NO_RESULT)
        key = entry.key
        if entry.year_column:
            key = key_of(entry.fact.id, self._year(entry.year_column, cells))
        value: FactValue | None
        if entry.fact.id == "uscc":
            value = read_code(cell)
            if value is None:
                return
        else:
            value = entry.read(cell, entry.note)
        if entry.first and values.get(key, value) != value:
            raise CellError(*DISAGREE, first=entry.first)
        values[key] = value
        sources[key] = self._source(entry, at, cells)

    def _year(self, column: str, cells: Cells) -> int:
        return read_year(cell_at(cells, self.plan.heads.get(column)))

    def _source(self, entry: Entry, at: int, cells: Cells) -> str:
        where = self._where(at, entry.at)
        if entry.source:
            return f"{where}，{fill(entry.source, self.plan.heads, cells)}"
        return where

    def _where(self, at: int, column: int | None) -> str:
        """Where a value stands, as its source says it: firms.xlsx 表!B2."""
        row = at
        if column is not None and (self.sheet.lettered or self.places.values):
            row, column = self.places.cell(at, column)
            if self.sheet.lettered:
                name = self.sheet.cell_name(row, column)
                return f"{self.places.file} {self.sheet.name}!{name}"
        if self.line[0] != row:  # one text for all values of a line
            text = f"{self.places.file} 第{row + self.sheet.first}行"
            self.line = (row, text)
        return self.line[1]

    # -- from a column map ---------------------------------------------------

    def _add_from_map(
        self,
        at: int,
        cells: Cells,
        values: dict[str, FactValue],
        sources: dict[str, str],
        problems: list[Problem],
    ) -> None:
        assert self.map is not None
        for each in self.map.constants:
            values[each.key] = each.value
            sources[each.key] = each.source or self.map.file
        for one in self.map.derivations:
            try:
                known = Known(self.plan.heads, cells, values)
                found = derive(one, known, self.plan.reader.year - 1)
            except CellError as error:
                place = (at, None)
                problems.append(self.places.problem(ERROR, place, one.title, "", error))
                continue
            if found is not None and found[0] not in values:
                key, value = found
                values[key] = value
                said = fill(one.source, self.plan.heads, cells) or one.text
                sources[key] = f"{self._where(at, None)}，推算：{said}"

    # -- checks --------------------------------------------------------------

    def _check_parts(
        self,
        at: int,
        cells: Cells,
        values: dict[str, FactValue],
        problems: list[Problem],
    ) -> None:
        """Warn where a part is larger than its whole in the same year."""
        for key, part in values.items():
            if key not in self.wholes:
                self.wholes[key] = self._whole_of(key)
            whole_key = self.wholes[key]
            whole = values.get(whole_key) if whole_key else None
            if not (
                whole_key
                and isinstance(part, int | Decimal)
                and isinstance(whole, int | Decimal)
                and part > whole
            ):
                continue
            label = self.facts[split_key(whole_key)[0]].label
            error = CellError(*PART_LARGER, whole=label)
            fact_id = split_key(key)[0]
            entry = self._entry_of(fact_id, key)
            if entry is None:
                head, place = self.facts[fact_id].label, (at, None)
                problems.append(self.places.problem(WARNING, place, head, "", error))
            else:
                cell = cell_at(cells, entry.at)
                problems.append(self._problem(at, entry, cell, WARNING, error))

    def _whole_of(self, key: str) -> str | None:
        """The key of what this figure is a part of, in the same year."""
        fact_id, year = split_key(key)
        whole = self.facts[fact_id].part_of
        return key_of(whole, year) if whole else None

    def _entry_of(self, fact_id: str, key: str) -> Entry | None:
        for each in self.plan.entries:
            if each.key == key or (each.year_column and each.fact.id == fact_id):
                return each
        return None

    def _check_code(
        self,
        at: int,
        cells: Cells,
        values: dict[str, FactValue],
        problems: list[Problem],
    ) -> None:
        """Warn of a missing or an old number: the row stays, without a code."""
        if "uscc" in values:
            return
        for entry in self.plan.entries:
            if entry.fact.id == "uscc" and entry.at < len(cells):
                cell = cells[entry.at]
                if is_legacy(normal(show(cell)).replace(" ", "")):
                    error = CellError(*LEGACY)
                    problems.append(self._problem(at, entry, cell, WARNING, error))
                    return
        if all(each.severity != ERROR for each in problems):
            problems.append(self._row_problem(at, WARNING, NO_CODE, ""))

    def _first_place(self, at: int) -> int:
        """The row that stands for the enterprise: of a form, the first value's."""
        if not self.places.values:
            return at
        return min(self.places.cell(at, entry.at)[0] for entry in self.plan.entries)

    def _problem(
        self, at: int, entry: Entry, cell: Any, severity: str, error: CellError
    ) -> Problem:
        place = self.places.cell(at, entry.at)
        text = "" if place in self.sheet.broken else show(cell)
        return self.places.problem(severity, place, entry.head, text, error)

    def _row_problem(
        self, at: int, severity: str, texts: tuple[str, str], text: str
    ) -> Problem:
        place = (self._first_place(at), None)
        return self.places.problem(severity, place, "", text, CellError(*texts))


def mark_repeats(rows: list[Row], file: str) -> None:
    """The same code twice: the first row counts, a later one must agree with it."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.uscc is None:
            continue
        earlier = first.setdefault(row.uscc, row)
        if earlier is row:
            continue
        other = "" if earlier.sheet == row.sheet else earlier.sheet
        if earlier.facts.values == row.facts.values:
            row.repeats = earlier.row
            severity, texts = WARNING, SAME_AGAIN_ELSEWHERE if other else SAME_AGAIN
        else:
            severity, texts = ERROR, SAME_CODE_ELSEWHERE if other else SAME_CODE
        place = (file, row.sheet, row.row, "", "", row.uscc)
        values = {"row": earlier.row, "sheet": other}
        row.problems.append(Problem(severity, *place, *texts, values))


BAD_QUOTES = (
    N_("这一行的引号不成对，或一格过长"),
    N_("请改正引号；其他行不受影响"),
)
DISAGREE = (N_("与“{first}”列的数不一致"), N_("请核对后删去一列"))
NAMELESS = (N_("这一列没有列名"), N_("没有读；请写上列名，或删去这一列"))
TOO_WIDE = (N_("这一行的格数比表头多"), N_("请检查是否有未加引号的逗号"))
NO_CODE = (N_("没有统一社会信用代码"), N_("已照常评估；请补上，以便与其他资料对应"))
LEGACY = (N_("是旧的注册号"), N_("已照常评估；请换成18位统一社会信用代码"))
PART_LARGER = (N_("大于“{whole}”"), N_("已照所填评估；请核对这两个数"))
SAME_CODE = (
    N_("与第{row}行的统一社会信用代码相同，内容不同"),
    N_("以第{row}行为准，请删去一行"),
)
SAME_CODE_ELSEWHERE = (
    N_("与工作表“{sheet}”第{row}行的统一社会信用代码相同，内容不同"),
    N_("以那一行为准，请删去一行"),
)
SAME_AGAIN = (N_("与第{row}行完全相同"), N_("只计一次"))
SAME_AGAIN_ELSEWHERE = (N_("与工作表“{sheet}”第{row}行完全相同"), N_("只计一次"))
