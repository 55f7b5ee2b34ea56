"""Read a file into enterprises: every row is read, or an error names its cell."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tidu.intake.files import Limits, open_sheets
from tidu.intake.forms import Form, find_form
from tidu.intake.headers import HeaderReader
from tidu.intake.layout import Layout, find_layout
from tidu.intake.mapping import ColumnMap
from tidu.intake.plans import Notes, Places, Plan, is_numbering
from tidu.intake.problems import (
    WARNING,
    CellError,
    ColumnRead,
    Intake,
    Problem,
    Row,
    UnreadableFile,
)
from tidu.intake.records import RowBuilder, mark_repeats
from tidu.intake.sheets import Cells, DamagedLine, Sheet
from tidu.intake.statement_rows import StatementReader
from tidu.intake.statements import Statement, find_statement
from tidu.intake.writing import is_blank, is_unknown, normal, show
from tidu.rules.facts import FactDictionary
from tidu.rules.language import N_, translate

Progress = Callable[[int, int], None]

_TOTALS = ("合计", "总计", "小计", "总计数")
_FOOTNOTE = re.compile(r"(?:注|备注|说明|填表|填报|审核|制表|联系)\S{0,4}:")
_EXPLANATION = re.compile(r"说明|字典|填写指南")
# Sheets that `tidu merge` and the report put beside the figures.
_BESIDE = frozenset({"催报清单", "填报冲突", "数据来源", "读入报告"})


def read_file(
    path: Path,
    facts: FactDictionary,
    *,
    on: datetime.date,
    columns: ColumnMap | None = None,
    progress: Progress | None = None,
    english: bool = False,
    limits: Limits | None = None,
) -> Intake:
    """Read a CSV, XLSX or JSON file; standard statements in it become one row.

    ``on`` fixes what 上年度 means; ``columns`` maps foreign columns; ``progress`` is
    called with the rows done and to do. Raises UnreadableFile, in English where
    ``english``, where the file as a whole cannot be read.
    """
    try:
        reading = _Reading(path, facts, on, columns, english)
        return reading.read(open_sheets(path, limits or Limits()), progress)
    except UnreadableFile as error:
        error.args = (error.sentence(english=english),)
        raise


def read_record(
    record: Mapping[str, Any],
    facts: FactDictionary,
    *,
    on: datetime.date,
    name: str,
    english: bool = False,
) -> Intake:
    """Read one enterprise from a form or a request: keys as columns, values as cells.

    ``name`` is what sentences call the record. Raises UnreadableFile where no key is
    known.
    """
    cells = [list(record), list(record.values())]
    sheet = Sheet.of("", cells, len(cells), first=0)
    return _Reading(Path(name), facts, on, None, english).read([sheet], None)


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
        self.path = path
        self.file = path.name
        self.facts = facts
        self.map = columns
        self.english = english
        self.reader = HeaderReader(facts, on.year)
        self.rows: list[Row] = []
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self.columns: list[ColumnRead] = []
        self.heads: set[str] = set()
        self.notes: Notes = Counter()
        self.remarks: list[str] = []
        self.left_out = 0
        self.blank = 0

    def read(self, sheets: list[Sheet], progress: Progress | None) -> Intake:
        """Read all sheets; UnreadableFile where none has a known column."""
        total = sum(sheet.total for sheet in sheets)
        done = 0
        for sheet in sheets:
            for _ in self._read_sheet(sheet, several=len(sheets) > 1):
                done += 1
                if progress:
                    progress(done, max(done, total))
        self._read_statements()
        if not self.statements and not any(each.key for each in self.columns):
            raise UnreadableFile(
                N_(
                    "{path} 里没有认得的列名；请用事实编号或中文名作表头，"
                    "或用 --columns 给出列名对照表"
                ),
                path=self.path,
            )
        if not self.rows:
            self.remarks.append(self._say(N_("文件里没有数据行")))
        self._check_map()
        mark_repeats(self.rows, self.file)
        return Intake(
            self.file,
            self.rows,
            self._in_order(sheets),
            self._said(),
            self.columns,
            self.left_out,
            self.blank,
        )

    def _read_sheet(self, sheet: Sheet, *, several: bool) -> Iterator[None]:
        """Read a sheet row by row; yields once per row for progress."""
        if remark := self._passed_over(sheet, several=several):
            self.remarks.append(remark)
            return
        if statement := find_statement(sheet):
            self.statements.append(statement)
            yield
            return
        layout = find_layout(sheet, self.reader, self.map)
        form = find_form(sheet, self.reader)
        if form and form.known > (layout.known if layout else 0):
            self._read_form(sheet, form)
            yield
        elif layout:
            yield from self._read_table(sheet, layout)
        elif several and any(not is_blank(cell) for row in sheet.head for cell in row):
            text = N_("工作表“{sheet}”没有认得的列名，没有读")
            self.remarks.append(self._say(text, sheet=sheet.name))

    def _passed_over(self, sheet: Sheet, *, several: bool) -> str:
        """Why a sheet is not looked at, or nothing."""
        if sheet.hidden:
            return self._say(N_("工作表“{sheet}”是隐藏的，没有读"), sheet=sheet.name)
        if several and _EXPLANATION.search(sheet.name):
            text = N_("工作表“{sheet}”像是填表说明，没有读")
            return self._say(text, sheet=sheet.name)
        if several and sheet.name in _BESIDE:
            text = N_("工作表“{sheet}”不是企业数据，没有读")
            return self._say(text, sheet=sheet.name)
        return ""

    def _plan(self, places: Places, layout: Layout | Form) -> Plan:
        used = self.map.used_elsewhere() if self.map else frozenset()
        plan = Plan(places, self.reader, layout.unit, used)
        for column in layout.columns:
            plan.add(column)
        self.columns += plan.columns
        self.heads |= set(plan.heads)
        return plan

    def _builder(self, plan: Plan) -> RowBuilder:
        return RowBuilder(plan, self.map, self.facts)

    # -- tables --------------------------------------------------------------

    def _read_table(self, sheet: Sheet, layout: Layout) -> Iterator[None]:
        header = sheet.head[layout.first - 1]
        plan = self._plan(Places(self.file, sheet, layout.first - 1), layout)
        builder = self._builder(plan)
        width = max(len(header), *(column.at + 1 for column in layout.columns))
        builder.set_width(width, layout.named)
        skipped = self._left_out(plan, header)
        for at, cells in sheet.rows(layout.first):
            if not skipped(at, cells):
                self.rows.append(builder.build(at, cells))
            yield
        plan.finish(self.notes)
        self.problems += [*plan.problems, *builder.lost.values()]

    def _left_out(self, plan: Plan, header: Cells) -> Callable[[int, Cells], bool]:
        """Which rows are no enterprises: blank, totals, footnotes, headers again."""
        numbering = {at for text, at in plan.heads.items() if is_numbering(text)}
        names = [show(cell) for cell in header]
        objects = plan.places.sheet.first == 0

        def skipped(at: int, cells: Cells) -> bool:
            if isinstance(cells, DamagedLine) or objects:
                return False
            filled = (n for n, cell in enumerate(cells) if not is_blank(cell))
            if all(n in numbering for n in filled):
                self.blank += 1
                return True
            first = next((show(cell) for cell in cells if not is_unknown(cell)), "")
            what = _not_an_enterprise(normal(first), cells, names)
            if what is None:
                return False
            error = CellError(*what)
            place = (at, None)
            self.problems.append(plan.places.problem(WARNING, place, "", first, error))
            self.left_out += 1
            return True

        return skipped

    # -- forms ---------------------------------------------------------------

    def _read_form(self, sheet: Sheet, form: Form) -> None:
        """One firm per sheet: labels with their values beside them."""
        places = Places(self.file, sheet, 0, form.labels, form.values)
        plan = self._plan(places, form)
        builder = self._builder(plan)
        self.rows.append(builder.build(0, form.cells))
        plan.finish(self.notes)
        if form.unused:
            row, column = form.unused
            text = show(sheet.head[row][column])
            error = CellError(
                N_("不在名称和内容两列里"), N_("没有读；请一项一行，内容写在名称右边")
            )
            problem = places.problem(WARNING, (row, column), "", text, error)
            plan.problems.append(problem)
        self.problems += plan.problems

    # -- statements ----------------------------------------------------------

    def _read_statements(self) -> None:
        """The statements of a file: one row for each firm that filed them."""
        reader = StatementReader(self.file, self.facts)
        self.rows += reader.rows(self.statements)
        self.columns += reader.columns

    # -- what is said --------------------------------------------------------

    def _check_map(self) -> None:
        """Warn of columns that the map names and the file has not."""
        for name in self.map.columns if self.map else ():
            if name not in self.heads:
                what, remedy = NOT_THERE
                place = (self.file, "", 0, name, "", "")
                self.problems.append(Problem(WARNING, *place, what, remedy))

    def _in_order(self, sheets: Iterable[Sheet]) -> list[Problem]:
        """All problems in the order of the file."""
        order = {sheet.name: at for at, sheet in enumerate(sheets)}
        found = [*self.problems, *(p for row in self.rows for p in row.problems)]
        return sorted(found, key=lambda p: (order.get(p.sheet, -1), p.row))

    def _say(self, msgid: str, **values: Any) -> str:
        return translate(msgid, self.english).format(**values)

    def _said(self) -> list[str]:
        """How figures were taken, once per column and reading, with a count."""
        text = translate(N_("读法：“{column}”列：{note}（{count}格）"), self.english)
        return [
            *self.remarks,
            *(
                text.format(
                    column=head, note=translate(note, self.english), count=count
                )
                for (head, note), count in self.notes.items()
            ),
        ]


def _not_an_enterprise(
    first: str, cells: Cells, names: list[str]
) -> tuple[str, str] | None:
    """Why a row is left out: a total, a line under the table, the header again."""
    if first.startswith(_TOTALS):
        return TOTAL_ROW
    if _FOOTNOTE.match(first) and sum(not is_unknown(cell) for cell in cells) == 1:
        return FOOTNOTE
    if first in names and [show(cell) for cell in cells] == names:
        return HEADER_AGAIN
    return None


TOTAL_ROW = (N_("像是合计行"), N_("没有评估；如果是企业，请改名"))
FOOTNOTE = (N_("像是表尾的说明"), N_("没有评估；如果是企业，请改名"))
HEADER_AGAIN = (N_("重复了表头"), N_("没有评估；可以删去这一行"))
NOT_THERE = (N_("对照表里有这一列，文件里没有"), N_("请核对列名"))
