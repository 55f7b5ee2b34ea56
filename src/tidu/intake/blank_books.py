"""Write a blank form as a workbook that people fill and :func:`read_file` reads.

The county form has one line for each firm under two rows of headers, years over names;
the enterprise form asks one firm, a line for each figure. Both carry a sheet 填表说明
and a sheet 指标字典, which reading passes over.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from tidu.intake.blank_cells import (
    NUMBER_FORMATS,
    WIDTHS,
    example,
    filled,
    header_text,
    lines_of,
    unit_text,
    validation,
    writer_for,
)
from tidu.intake.blank_forms import Ask, Blank, Section, year_text
from tidu.intake.blank_pages import write_dictionary, write_instructions
from tidu.rules.facts import Facts

A3, A4 = 8, 9  # Excel's numbers of paper sizes
ACCENT, PALE, LINE = "#0F6E6E", "#E3F1F0", "#9FB8B6"
KNOWN, DOUBTFUL = "#F3F3EE", "#FCD9A8"
FORM_HEADINGS = ("项目", "填写内容", "单位", "年度", "在哪里找", "怎样填")
_FORM_WIDTHS = (28, 24, 8, 9, 32, 30)
_FIRST = 5  # index of the first firm's row: title, note, group, year, name
_FROZEN = 3  # columns: number, name, code
_PAGE_WIDTH = 260  # characters across a landscape A3 sheet that can still be read
_LINE_HEIGHT = 14
_NAME_WIDTH, _CODE_WIDTH = 28, 22


def write_county(
    path: Path,
    blank: Blank,
    *,
    name: str = "摸底表",
    further: Callable[[Any], None] | None = None,
) -> None:
    """Write the county form: known figures of ``blank.firms`` stand in their cells.

    ``name`` is that of its sheet; ``further`` adds sheets behind it.
    """
    book = _open(path, blank)
    _County(book, blank, name).write()
    if further:
        further(book)
    _close(book, blank)


def write_enterprise(path: Path, blank: Blank) -> None:
    """Write the form of one firm; what is known of ``blank.firms[0]`` is filled in."""
    book = _open(path, blank)
    _Enterprise(book, blank).write()
    _close(book, blank)


def _open(path: Path, blank: Blank) -> Any:
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": blank.title})
    return book


def _close(book: Any, blank: Blank) -> None:
    write_instructions(book, blank)
    write_dictionary(book, blank)
    book.close()


class _Formats:
    """The few looks of a form, made once for each number format."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.base = {"font_name": "Microsoft YaHei", "font_size": 10}
        edge = {"border": 1, "border_color": LINE, "valign": "vcenter"}
        head = {**self.base, **edge, "text_wrap": True, "align": "center"}
        self.title = book.add_format({**self.base, "bold": True, "font_size": 16})
        self.note = book.add_format({**self.base, "font_color": "#555555"})
        self.group = book.add_format(
            {**head, "bold": True, "font_color": "white", "bg_color": ACCENT,
             "align": "left", "text_wrap": False, "left": 0, "right": 0}
        )  # fmt: skip
        self.number = book.add_format({**self.base, **edge, "align": "center"})
        self.name = book.add_format({**head, "bold": True, "bg_color": PALE})
        self.optional = book.add_format({**head, "bg_color": PALE})
        self.text = book.add_format({**self.base, **edge, "text_wrap": True})
        self.strong = book.add_format(
            {**self.base, **edge, "text_wrap": True, "bold": True}
        )
        self.section = book.add_format(
            {**self.base, **edge, "bold": True, "bg_color": PALE}
        )
        self.faint = book.add_format(
            {**self.base, **edge, "text_wrap": True, "font_color": "#555555"}
        )
        self.cells: dict[tuple[str, str, bool], Any] = {}

    def cell(self, ask: Ask, tint: str, *, wrap: bool = False) -> Any:
        """The look of a cell to be filled; what is known already has a tint."""
        number = NUMBER_FORMATS.get(ask.fact.type, "General")
        key = (number, tint, wrap)
        if key not in self.cells:
            look = {
                **self.base, "num_format": number, "border": 1,
                "border_color": LINE, "valign": "vcenter", "text_wrap": wrap,
            }  # fmt: skip
            if wrap:
                look["align"] = "left"
            if tint:
                look["bg_color"] = tint
            self.cells[key] = self.book.add_format(look)
        return self.cells[key]


class _County:
    def __init__(self, book: Any, blank: Blank, name: str) -> None:
        self.blank = blank
        self.formats = _Formats(book)
        self.sheet = book.add_worksheet(name)
        self.put = writer_for(self.sheet)
        self.sections = blank.sections
        self.last = _FIRST + max(1, len(blank.firms) + blank.rows) - 1
        self.width = 0

    def write(self) -> None:
        sheet, formats = self.sheet, self.formats
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self.blank.title, formats.title)
        sheet.set_row(0, 26)
        sheet.write_string(1, 0, _county_note(self.blank), formats.note)
        sheet.set_row(2, 18)
        sheet.set_row(3, 18)
        sheet.merge_range(2, 0, 4, 0, "序号", formats.name)
        sheet.set_column(0, 0, 5)
        column, lines = 1, 1
        for section in self.sections:
            lines = max(lines, self._section(section, column))
            column += len(section.asks)
        sheet.set_row(4, lines * _LINE_HEIGHT + 4)
        self._numbers()
        self._page(column - 1)

    def _section(self, section: Section, left: int) -> int:
        """Write one group from a column on; how many lines its longest name takes."""
        # Not merged: a merged cell would lose its end where a printed page breaks.
        for at in range(len(section.asks)):
            title = None if at else section.title
            self.put(2, left + at, title, self.formats.group)
        return max(self._column(ask, left + at) for at, ask in enumerate(section.asks))

    def _column(self, ask: Ask, at: int) -> int:
        text = header_text(ask.fact)
        width = {"name": _NAME_WIDTH, "uscc": _CODE_WIDTH}.get(
            ask.fact.id, WIDTHS[ask.fact.type]
        )
        self.width += width
        self.sheet.set_column(at, at, width)
        look = self.formats.name if ask.expected else self.formats.optional
        # The year stands over every column, so that it is seen on each printed page.
        self.sheet.write_string(3, at, year_text(ask), look)
        self.sheet.write_string(4, at, text, look)
        first = xl_rowcol_to_cell(_FIRST, at)
        rule = validation(ask.fact, ask.name, ask.year, first)
        self.sheet.data_validation(_FIRST, at, self.last, at, rule)
        for row in range(_FIRST, self.last + 1):
            facts = self._firm(row - _FIRST)
            value = facts.get(ask.key) if facts else None
            tint = KNOWN if value is not None else ""
            if (row - _FIRST, ask.key) in self.blank.marked:
                tint = DOUBTFUL
            cell = None if value is None else filled(ask.fact, value)
            self.put(row, at, cell, self.formats.cell(ask, tint))
        return lines_of(text, width)

    def _firm(self, at: int) -> Facts | None:
        return self.blank.firms[at] if at < len(self.blank.firms) else None

    def _numbers(self) -> None:
        for number, row in enumerate(range(_FIRST, self.last + 1), start=1):
            self.sheet.write_number(row, 0, number, self.formats.number)
            self.sheet.set_row(row, 20)

    def _page(self, right: int) -> None:
        sheet = self.sheet
        sheet.freeze_panes(_FIRST, _FROZEN)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(max(1, round(self.width / _PAGE_WIDTH + 0.4)), 0)
        sheet.repeat_rows(2, 4)
        sheet.repeat_columns(0, _FROZEN - 1)
        sheet.print_area(0, 0, self.last, right)
        sheet.set_footer("&L&A&C第 &P 页，共 &N 页")


def _county_note(blank: Blank) -> str:
    doubt = "橙色的格子各文件不一致，见“填报冲突”。" if blank.marked else ""
    return doubt + (
        f"按{blank.on:%Y-%m-%d}的标准；一行一家企业，单位见表头。不知道的留空或写“不详”，"
        "不要写0。点一下格子可看在哪里找；粗体列必填，细体列有则填。"
    )


class _Enterprise:
    def __init__(self, book: Any, blank: Blank) -> None:
        self.blank = blank
        self.formats = _Formats(book)
        self.sheet = book.add_worksheet("填报表")
        self.put = writer_for(self.sheet)
        self.known = blank.firms[0] if blank.firms else Facts({})

    def write(self) -> None:
        sheet, formats = self.sheet, self.formats
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self.blank.title, formats.title)
        sheet.set_row(0, 26)
        sheet.write_string(1, 0, _enterprise_note(self.blank), formats.note)
        for at, (text, width) in enumerate(
            zip(FORM_HEADINGS, _FORM_WIDTHS, strict=True)
        ):
            sheet.write_string(2, at, text, formats.group)
            sheet.set_column(at, at, width)
        sheet.set_row(2, 20)
        row = 3
        for section in self.blank.sections:
            for at in range(len(FORM_HEADINGS)):
                self.put(row, at, None if at else section.title, formats.section)
            sheet.set_row(row, 20)
            row += 1
            for ask in section.asks:
                self._line(row, ask)
                row += 1
        sheet.freeze_panes(3, 1)
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_footer("&L&A&C第 &P 页，共 &N 页")

    def _line(self, row: int, ask: Ask) -> None:
        fact, formats = ask.fact, self.formats
        label = formats.strong if ask.expected else formats.text
        self.sheet.write_string(row, 0, fact.label, label)
        value = self.known.get(ask.key)
        cell = None if value is None else filled(fact, value)
        look = formats.cell(ask, "" if value is None else KNOWN, wrap=True)
        self.put(row, 1, cell, look)
        rule = validation(fact, ask.name, ask.year, xl_rowcol_to_cell(row, 1))
        self.sheet.data_validation(row, 1, row, 1, rule)
        texts = (unit_text(fact), year_text(ask), fact.found_in, example(fact))
        for at, text in enumerate(texts, start=2):
            self.put(row, at, text, formats.faint)
        lines = max(
            lines_of(text, width)
            for text, width in zip((fact.label, "", *texts), _FORM_WIDTHS, strict=True)
        )
        self.sheet.set_row(row, max(20, lines * _LINE_HEIGHT + 4))


def _enterprise_note(blank: Blank) -> str:
    return (
        f"按{blank.on:%Y-%m-%d}的标准。只填“填写内容”一列；不知道的留空或写“不详”，"
        "不要写0。粗体项必填，细体项有则填。"
    )
