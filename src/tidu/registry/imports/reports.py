"""The report of a checked file: every problem with its cell, as a workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine as calamine
import xlsxwriter
from django.utils.translation import gettext as _

from tidu.intake import Problem
from tidu.intake.problems import ERROR
from tidu.registry.asked_language import asked_in_english
from tidu.registry.blobs import blob_path, store_blob
from tidu.registry.file_kinds import XLSX
from tidu.registry.import_models import ImportBatch
from tidu.registry.imports.files import working_folder
from tidu.registry.models import Blob

if TYPE_CHECKING:
    from tidu.registry.imports.checking import Check

_PROBLEMS = 1  # the second sheet, after the overview
_MOST = 1_000_000  # rows of a sheet that Excel opens
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_report(batch: ImportBatch, found: Check) -> Blob:
    """Write all problems, the undecided rows and how figures were taken.

    In the language of who asked for the check.
    """
    english = asked_in_english(batch.summary)
    with tempfile.TemporaryDirectory(dir=working_folder()) as folder:
        path = Path(folder) / "report.xlsx"
        book = xlsxwriter.Workbook(str(path), _OPTIONS)
        bold = book.add_format({"bold": True, "text_wrap": True})
        _counts(book, bold, batch, found)
        _table(
            book,
            bold,
            _("问题"),
            (_("级别"), 8),
            (_("工作表"), 12),
            (_("行"), 8),
            (_("列"), 24),
            (_("单元格"), 8),
            (_("原文"), 24),
            (_("问题"), 40),
            (_("怎么改"), 48),
            rows=(_problem(each, english=english) for each in found.problems[:_MOST]),
        )
        _table(
            book,
            bold,
            _("待认定"),
            (_("行"), 8),
            (_("企业名称"), 36),
            (_("统一社会信用代码"), 22),
            rows=((w.row.row, w.row.name, w.row.uscc or "") for w in found.waiting),
        )
        _table(
            book,
            bold,
            _("读法"),
            (_("说明"), 90),
            rows=((text,) for text in found.intake.readings),
        )
        book.close()
        with path.open("rb") as file:
            return store_blob(file, media_type=XLSX.media_type)


def problem_rows(report: Blob) -> list[list[Any]]:
    """The sheet of problems of a report: its header, then a row for each problem."""
    with calamine.CalamineWorkbook.from_path(str(blob_path(report.sha256))) as book:
        return list(book.get_sheet_by_index(_PROBLEMS).to_python())


def _counts(book: Any, bold: Any, batch: ImportBatch, found: Check) -> None:
    errors = sum(each.severity == ERROR for each in found.problems)
    counts = found.counts
    lines = (
        (_("文件"), batch.file_name),
        (_("按哪一天算上年度"), batch.on.isoformat()),
        (_("数据行"), len(found.rows)),
        (_("新企业"), counts.new),
        (_("已在库企业"), counts.known),
        (_("待认定"), counts.waiting),
        (_("错误"), errors),
        (_("提醒"), len(found.problems) - errors),
        (_("与现行数据不同的数"), counts.changed),
        (_("新增的数"), counts.added),
    )
    _table(book, bold, _("概况"), (_("项目"), 24), (_("数"), 60), rows=lines)


def _problem(problem: Problem, *, english: bool) -> tuple[Any, ...]:
    place = (problem.sheet, problem.row or "", problem.column, problem.cell)
    what, remedy = problem.parts(english=english)
    return (problem.head(english=english), *place, problem.text, what, remedy)


def _table(
    book: Any, bold: Any, name: str, *columns: tuple[str, int], rows: Any
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, bold)
    for row, cells in enumerate(rows, start=1):
        for at, cell in enumerate(cells):
            sheet.write(row, at, cell)
