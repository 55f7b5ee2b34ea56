"""The monthly table as a workbook: one sheet to hand in, one with the names behind."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _

from tidu.registry.monthly import Exit, Held, MonthlyTable
from tidu.web.wording import place_word, scheme_word

_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
_EDGE = {"border": 1, "border_color": "#9FB8B6"}
_PALE = "#E3F1F0"
_A4 = 9
_FIRST_WIDTH, _WIDTH, _HEIGHT = 26, 11, 19


def monthly_workbook(
    table: MonthlyTable, words: Mapping[str, Any], places: Sequence[str]
) -> FileResponse:
    """``places``: the names of ``table.places``."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False}
    )
    _Book(book).write(table, words, places)
    book.close()
    file.seek(0)
    name = f"{words['title']}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def name_lines(table: MonthlyTable) -> Iterator[list[Any]]:
    """The firms behind the figures: entered, left, due."""
    for held in table.entered:
        yield [_("新增"), *_cells(held)]
    for each in table.exits:
        yield [_("退出：{why}").format(why=exit_word(each)), *_cells(each.held)]
    for held in table.due:
        yield [_("6个月内到期"), *_cells(held)]


def exit_word(each: Exit) -> str:
    """Why a firm no longer holds a title."""
    if each.revoked:
        return _("撤销")
    return _("出库") if each.closed else _("到期")


def _cells(held: Held) -> list[Any]:
    return [
        held.name,
        held.uscc,
        place_word(held.territory),
        scheme_word(held.scheme),
        held.valid_from,
        held.valid_until,
    ]


class _Book:
    def __init__(self, book: Any) -> None:
        self.book = book
        look = book.add_format
        self.title = look({**_FONT, "bold": True, "font_size": 16, "align": "center"})
        self.note = look({**_FONT, "font_color": "#555555"})
        self.right = look({**_FONT, "font_color": "#555555", "align": "right"})
        self.part = look({**_FONT, "bold": True, "font_size": 11})
        self.head = look(
            {**_FONT, **_EDGE, "bold": True, "bg_color": _PALE, "align": "center",
             "text_wrap": True}
        )  # fmt: skip
        self.text = look({**_FONT, **_EDGE})
        self.number = look({**_FONT, **_EDGE, "num_format": "#,##0"})
        self.bold = look({**_FONT, **_EDGE, "bold": True})
        self.sum = look({**_FONT, **_EDGE, "bold": True, "num_format": "#,##0"})
        self.date = look({**_FONT, **_EDGE, "num_format": "yyyy-mm-dd"})

    def write(
        self, table: MonthlyTable, words: Mapping[str, Any], places: Sequence[str]
    ) -> None:
        sheet = self.book.add_worksheet(_("月报"))
        schemes = [each.scheme for each in table.tiers]
        last = max(7, len(schemes) + 3)
        sheet.hide_gridlines(2)
        sheet.set_default_row(_HEIGHT)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer("&C" + _("第 &P 页，共 &N 页"))
        sheet.set_column(0, 0, _FIRST_WIDTH)
        sheet.set_column(1, last, _WIDTH)
        sheet.merge_range(0, 0, 0, last, words["title"], self.title)
        sheet.set_row(0, 30)
        sheet.write_string(
            1, 0, _("填报单位：{sender}").format(sender=words["sender"]), self.note
        )
        sheet.write_string(
            1, last, _("制表日期：{day}").format(day=words["made"]), self.right
        )
        row = self._tiers(sheet, 3, table)
        row = self._places(sheet, row + 1, table, places)
        said = _("三、本月导入：{files} 份表，新入库 {entered} 家，更新 {updated} 家。")
        imports = table.imports
        sheet.write_string(
            row + 1,
            0,
            said.format(
                files=imports.files, entered=imports.entered, updated=imports.updated
            ),
            self.part,
        )
        for at, text in enumerate(notes()):
            sheet.write_string(row + 3 + at, 0, text, self.note)
        self._names(table)

    def _tiers(self, sheet: Any, row: int, table: MonthlyTable) -> int:
        sheet.write_string(row, 0, _("一、各层级持有企业（家）"), self.part)
        self._head(sheet, row + 1, tier_columns())
        for at, each in enumerate(table.tiers, start=row + 2):
            sheet.write_string(at, 0, scheme_word(each.scheme), self.text)
            figures = (
                each.before,
                each.entered,
                each.expired,
                each.revoked,
                each.closed,
                each.after,
                each.due,
            )
            for column, figure in enumerate(figures, start=1):
                sheet.write_number(at, column, figure, self.number)
        return row + 2 + len(table.tiers)

    def _places(
        self, sheet: Any, row: int, table: MonthlyTable, places: Sequence[str]
    ) -> int:
        sheet.write_string(row, 0, _("二、各地情况（家）"), self.part)
        schemes = [each.scheme for each in table.tiers]
        self._head(
            sheet,
            row + 1,
            [
                _("地区"),
                _("库内企业"),
                *map(scheme_word, schemes),
                _("有称号的企业"),
                _("本年未填报"),
            ],
        )
        sheet.set_row(row + 1, 44)
        lines = list(zip(places, table.places, strict=True))
        if len(lines) > 1:
            lines.append((_("合计"), table.total))
        for at, (name, line) in enumerate(lines, start=row + 2):
            whole = line is table.total
            sheet.write_string(at, 0, name, self.bold if whole else self.text)
            held = [line.holders[each] for each in schemes]
            figures = [line.firms, *held, line.any_title, line.unfiled]
            for column, figure in enumerate(figures, start=1):
                look = self.sum if whole else self.number
                sheet.write_number(at, column, figure, look)
        return row + 2 + len(lines)

    def _names(self, table: MonthlyTable) -> None:
        sheet = self.book.add_worksheet(_("名单"))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.set_default_row(_HEIGHT)
        titles = (
            _("类别"), _("企业名称"), _("统一社会信用代码"), _("区划"), _("称号"),
            _("有效期自"), _("有效期至"),
        )  # fmt: skip
        self._head(sheet, 0, titles)
        for at, width in enumerate((14, 34, 22, 14, 26, 12, 12)):
            sheet.set_column(at, at, width)
        for row, cells in enumerate(name_lines(table), start=1):
            for at, cell in enumerate(cells):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(row, at, cell, self.date)
                else:
                    sheet.write_string(row, at, cell or "", self.text)

    def _head(self, sheet: Any, row: int, titles: Sequence[str]) -> None:
        for at, text in enumerate(titles):
            sheet.write_string(row, at, text, self.head)


def tier_columns() -> list[str]:
    """The heads of the first table."""
    return [
        _("层级"),
        _("上月末"),
        _("本月新增"),
        _("到期退出"),
        _("撤销"),
        _("出库"),
        _("本月末"),
        _("6个月内到期"),
    ]


def notes() -> list[str]:
    """How the figures are made."""
    return [
        _("注：1. 上月末＋新增－到期－撤销－出库＝本月末；复核后延续的不算新增。"),
        _("2. 同一家企业有几个称号的，在各层级分别计数；“有称号的企业”只计一次。"),
        _("3. 按制表时的称号、填报和区划算出；补录的名单会改变以前月份的数。"),
    ]
