"""One row of cells → one enterprise: values with sources, problems with places."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tidu.intake.cells import (
    Note,
    Reader,
    check_year,
    is_unknown,
    normal,
    reader_for,
    show,
)
from tidu.intake.credit_codes import ALPHABET, LENGTH, check_digit, is_legacy
from tidu.intake.files import Sheet
from tidu.intake.layout import cell_name
from tidu.intake.mapping import ColumnMap, Derivation, number_of, work_out
from tidu.intake.problems import ERROR, WARNING, CellError, Problem, Row
from tidu.rules.facts import (
    Fact,
    FactDictionary,
    Facts,
    FactType,
    FactValue,
    key_of,
    split_key,
)
from tidu.rules.language import N_
from tidu.rules.units import CENT

_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclasses.dataclass(slots=True)
class Entry:
    """A column that holds a fact: where, under which key, read how."""

    at: int
    head: str
    fact: Fact
    key: str
    read: Reader
    year_column: str = ""
    source: str = ""
    doubled: bool = False
    first: str = ""


@dataclasses.dataclass(slots=True)
class Plan:
    """The columns of a sheet that hold facts, and where every named column is."""

    entries: list[Entry]
    heads: dict[str, int]


class RowBuilder:
    """Builds rows of one sheet; counts how figures were taken into ``notes``."""

    def __init__(
        self,
        file: str,
        sheet: Sheet,
        plan: Plan,
        columns: ColumnMap | None,
        facts: FactDictionary,
        notes: Counter[tuple[str, str]],
    ) -> None:
        self.file = file
        self.sheet = sheet
        self.plan = plan
        self.map = columns
        self.facts = facts
        self.notes = notes
        self.form_rows: list[int] = []
        self.width = max((e.at for e in plan.entries), default=0)
        self.width = max([self.width, *plan.heads.values()]) + 1

    def build(self, at: int, cells: list[Any]) -> Row:
        """Read the row at index ``at``."""
        values: dict[str, FactValue] = {}
        sources: dict[str, str] = {}
        problems: list[Problem] = []
        for entry in self.plan.entries:
            cell = cells[entry.at] if entry.at < len(cells) else None
            try:
                if (at, entry.at) in self.sheet.broken:
                    raise CellError(*NO_RESULT)
                if is_unknown(cell):
                    continue
                key = self._key(entry, cells)
                value = entry.read(cell, self._noter(entry.head))
                if entry.doubled and values.get(key, value) != value:
                    raise CellError(*DISAGREE, first=entry.first)
            except CellError as error:
                problems.append(self._problem(at, entry, cell, ERROR, error))
                continue
            if entry.fact.id == "uscc":
                self._take_code(at, entry, show(cell), values, problems)
            else:
                values[key] = value
            sources[key] = self._source(entry, at, cells)
        if len(cells) > self.width and any(
            not is_unknown(c) for c in cells[self.width :]
        ):
            problems.append(self._row_problem(at, ERROR, *TOO_WIDE))
        if self.map:
            self._add_constants(values, sources)
            self._derive(at, cells, values, sources, problems)
        self._check_parts(at, cells, values, problems)
        said = any(p.severity == ERROR or p.what == LEGACY[0] for p in problems)
        if "uscc" not in values and not said:
            problems.append(self._row_problem(at, WARNING, *NO_CODE))
        row = self.form_rows[0] if self.form_rows else at
        uscc, name = values.get("uscc"), values.get("name")
        return Row(
            sheet=self.sheet.name,
            row=row + self.sheet.first,
            uscc=str(uscc) if uscc else None,
            name=str(name) if name else None,
            facts=Facts.of(values, sources),
            problems=problems,
        )

    def _noter(self, head: str) -> Note:
        def note(text: str) -> None:
            self.notes[head, text] += 1

        return note

    def _key(self, entry: Entry, cells: list[Any]) -> str:
        if not entry.year_column:
            return entry.key
        return key_of(entry.fact.id, self._year(entry.year_column, cells))

    def _year(self, column: str, cells: list[Any]) -> int:
        at = self.plan.heads.get(column)
        cell = cells[at] if at is not None and at < len(cells) else None
        text = normal(show(cell)) if cell is not None else ""
        if not re.fullmatch(r"\d{4}", text):
            raise CellError(N_("年份读不懂"), N_("请写四位年份，如 2025"))
        check_year(int(text))
        return int(text)

    def _source(self, entry: Entry, at: int, cells: list[Any]) -> str:
        place = self._place(at, entry.at)
        head = f"{self.file} {place}".strip()
        if entry.source:
            return f"{head}，{self._fill(entry.source, cells)}"
        return head

    def _place(self, at: int, column: int) -> str:
        row = self.form_rows[column] if self.form_rows else at
        if self.sheet.lettered:
            return f"{self.sheet.name}!{cell_name(self.sheet, row, column)}"
        return f"第{row + self.sheet.first}行"

    def _fill(self, template: str, cells: list[Any]) -> str:
        """Put the row's own cells into a source text: 年报第{page}页."""

        def cell_of(match: re.Match[str]) -> str:
            at = self.plan.heads.get(match[1])
            known = at is not None and at < len(cells) and not is_unknown(cells[at])
            return show(cells[at]) if known and at is not None else "?"

        return _PLACE.sub(cell_of, template)

    # -- credit codes --------------------------------------------------------

    def _take_code(
        self,
        at: int,
        entry: Entry,
        cell: str,
        values: dict[str, FactValue],
        problems: list[Problem],
    ) -> None:
        code = normal(cell).upper().replace(" ", "")
        if is_legacy(code):
            error = CellError(*LEGACY)
            problems.append(self._problem(at, entry, cell, WARNING, error))
            return
        problem = None
        if len(code) != LENGTH:
            problem = CellError(*CODE_LENGTH, length=len(code))
        elif bad := next((char for char in code if char not in ALPHABET), ""):
            problem = CellError(*CODE_CHARACTER, char=bad)
        elif check_digit(code[:-1]) != code[-1]:
            problem = CellError(*CODE_CHECK)
        if problem:
            problems.append(self._problem(at, entry, cell, ERROR, problem))
        else:
            values["uscc"] = code

    # -- from a column map ---------------------------------------------------

    def _add_constants(
        self, values: dict[str, FactValue], sources: dict[str, str]
    ) -> None:
        assert self.map is not None
        for each in self.map.constants:
            values[each.key] = reader_for(each.fact, "")(each.text, lambda _: None)
            sources[each.key] = each.source or self.file

    def _derive(
        self,
        at: int,
        cells: list[Any],
        values: dict[str, FactValue],
        sources: dict[str, str],
        problems: list[Problem],
    ) -> None:
        assert self.map is not None
        for each in self.map.derivations:
            try:
                found = self._work_out(each, cells, values)
                if found is None:
                    continue
                year = (
                    self._year(each.year_column, cells)
                    if each.year_column
                    else each.year
                )
            except CellError as error:
                entry = Entry(0, each.text, each.fact, "", lambda cell, _: str(cell))
                problems.append(self._problem(at, entry, "", ERROR, error))
                continue
            key = key_of(each.fact.id, year)
            values[key] = found
            said = self._fill(each.source, cells) if each.source else each.text
            sources[key] = f"{self.file} {self._place(at, 0)}，推算：{said}"

    def _work_out(
        self, each: Derivation, cells: list[Any], values: dict[str, FactValue]
    ) -> FactValue | None:
        """The derived value in base units; None where a figure is missing.

        Counts are rounded to the nearest whole, money to the cent.
        """
        figures: dict[str, Decimal] = {}
        for name in each.columns:
            at = self.plan.heads.get(name)
            if at is not None:
                cell = cells[at] if at < len(cells) else None
                if is_unknown(cell):
                    return None
                figures[name] = number_of(show(cell))
            else:
                known = next(
                    (v for k, v in values.items() if split_key(k)[0] == name), None
                )
                if not isinstance(known, int | Decimal) or isinstance(known, bool):
                    return None
                figures[name] = Decimal(known)
        found = work_out(each.tree, figures)
        if each.fact.type is FactType.COUNT:
            return int(found.quantize(Decimal(1), ROUND_HALF_UP))
        return (
            found.quantize(CENT, ROUND_HALF_UP)
            if each.fact.type is FactType.MONEY
            else found
        )

    # -- checks --------------------------------------------------------------

    def _check_parts(
        self,
        at: int,
        cells: list[Any],
        values: dict[str, FactValue],
        problems: list[Problem],
    ) -> None:
        """Warn where a part is larger than its whole in the same year."""
        for entry in self.plan.entries:
            whole_id = entry.fact.part_of
            if not whole_id:
                continue
            key = entry.key
            whole_key = key_of(whole_id, split_key(key)[1])
            part, whole = values.get(key), values.get(whole_key)
            if (
                isinstance(part, int | Decimal)
                and isinstance(whole, int | Decimal)
                and part > whole
            ):
                error = CellError(*PART_LARGER, whole=self.facts[whole_id].label)
                problems.append(
                    self._problem(at, entry, cells[entry.at], WARNING, error)
                )

    def _problem(
        self, at: int, entry: Entry, cell: Any, severity: str, error: CellError
    ) -> Problem:
        row = self.form_rows[entry.at] if self.form_rows else at
        column = 1 if self.form_rows else entry.at
        return Problem(
            severity=severity,
            file=self.file,
            sheet=self.sheet.name,
            row=row + self.sheet.first,
            column=entry.head,
            cell=cell_name(self.sheet, row, column),
            text="" if cell is None else show(cell),
            what=error.what,
            remedy=error.accepted,
            values=error.values,
        )

    def _row_problem(self, at: int, severity: str, what: str, remedy: str) -> Problem:
        row = self.form_rows[0] if self.form_rows else at
        return Problem(
            severity,
            self.file,
            self.sheet.name,
            row + self.sheet.first,
            "",
            "",
            "",
            what,
            remedy,
        )


def mark_repeats(rows: list[Row], file: str) -> None:
    """The same code twice: the first row counts, a later one must agree with it."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.uscc is None:
            continue
        earlier = first.setdefault(row.uscc, row)
        if earlier is row:
            continue
        values = {"row": earlier.row}
        if earlier.facts.values == row.facts.values:
            row.repeats = earlier.row
            severity, (what, remedy) = WARNING, SAME_AGAIN
        else:
            severity, (what, remedy) = ERROR, SAME_CODE
        place = (file, row.sheet, row.row, "", "", row.uscc)
        row.problems.append(Problem(severity, *place, what, remedy, values))


NO_RESULT = (N_("公式没有结果，或结果是错误值"), N_("请把公式粘贴为数值"))
DISAGREE = (N_("与“{first}”列的数不一致"), N_("请核对后删去一列"))
TOO_WIDE = (N_("这一行的格数比表头多"), N_("请检查是否有未加引号的逗号"))
NO_CODE = (N_("没有统一社会信用代码"), N_("已照常评估；请补上，以便与其他资料对应"))
LEGACY = (N_("是旧的注册号"), N_("已照常评估；请换成18位统一社会信用代码"))
CODE_LENGTH = (
    N_("统一社会信用代码是{length}位"),
    N_("应为18位，请对照营业执照"),
)
CODE_CHARACTER = (
    N_("统一社会信用代码不用字符“{char}”"),
    N_("请对照营业执照；不用 I、O、S、V、Z"),
)
CODE_CHECK = (N_("统一社会信用代码的校验位不对"), N_("请对照营业执照逐位核对"))
PART_LARGER = (N_("大于“{whole}”"), N_("已照所填评估；请核对这两个数"))
SAME_CODE = (
    N_("与第{row}行的统一社会信用代码相同，内容不同"),
    N_("以第{row}行为准，请删去一行"),
)
SAME_AGAIN = (N_("与第{row}行完全相同"), N_("只计一次"))
