"""The workbook of ``tidu merge``: the table, whom to chase, conflicts, sources."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidu.intake.blank_books import write_county
from tidu.intake.blank_cells import lines_of
from tidu.intake.blank_forms import Blank
from tidu.intake.merging import MergedFirm
from tidu.intake.problems import ERROR, Problem
from tidu.rules.facts import Facts
from tidu.rules.naming import name_key, show_fact

if TYPE_CHECKING:
    from tidu.cli.merging import Chased

NOTHING = Facts({})
_ACCENT = "#0F6E6E"
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
_A4 = 9
_NAMED = 12  # missing figures that are written out
_ABSENT, _PARTIAL, _DONE, _EXTRA = "未返回", "返回不全", "已齐", "不在名单里"


@dataclasses.dataclass(frozen=True)
class Round:
    """What a collection round brought: firms in the order of ``blank.firms``."""

    blank: Blank
    firms: Sequence[MergedFirm]
    chased: Sequence[Chased]
    problems: Sequence[Problem]
    unreadable: Sequence[str]


def write(path: Path, found: Round) -> None:
    """Write all sheets; the first one is a table that ``tidu assess`` reads."""
    write_county(
        path,
        found.blank,
        name="汇总表",
        further=lambda book: _Pages(book, found).write(),
    )


class _Pages:
    def __init__(self, book: Any, found: Round) -> None:
        self.book = book
        self.found = found
        self.words = found.blank.pack.words
        self.head = book.add_format(
            {**_BASE, "bold": True, "font_color": "white", "bg_color": _ACCENT,
             "text_wrap": True, "border": 1}
        )  # fmt: skip
        self.text = book.add_format(
            {**_BASE, "text_wrap": True, "border": 1, "border_color": "#9FB8B6",
             "num_format": "@"}
        )  # fmt: skip
        self.number = book.add_format(
            {**_BASE, "border": 1, "border_color": "#9FB8B6", "align": "center"}
        )
        self.title = book.add_format({**_BASE, "bold": True, "font_size": 16})

    def write(self) -> None:
        self.chase_list()
        self.conflicts()
        self.sources()
        self.report()

    def page(
        self,
        name: str,
        title: str,
        columns: Sequence[tuple[str, int]],
        lines: Iterable[Sequence[Any]],
    ) -> None:
        """One sheet: a title, a header with filter, a line for each entry."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&C第 &P 页，共 &N 页")
        sheet.write_string(0, 0, title, self.title)
        sheet.set_row(0, 26)
        for at, (label, width) in enumerate(columns):
            sheet.write_string(1, at, label, self.head)
            sheet.set_column(at, at, width)
        sheet.set_row(1, 20)
        row = 1
        for row, line in enumerate(lines, start=2):
            for at, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(row, at, cell, self.number)
                else:
                    sheet.write_string(row, at, cell, self.text)
            widths = (width for _, width in columns)
            sheet.set_row(row, 14 * max(map(lines_of, map(str, line), widths)) + 4)
        sheet.autofilter(1, 0, max(row, 2), len(columns) - 1)
        sheet.freeze_panes(2, 1)
        sheet.repeat_rows(1)

    def chase_list(self) -> None:
        columns = [
            ("企业名称", 32), ("统一社会信用代码", 22), ("联系人", 10), ("电话", 16),
            ("情况", 12), ("缺几项必填", 11), ("缺哪些", 60), ("返回的文件", 28),
        ]  # fmt: skip
        chased = self.found.chased
        absent = sum(each.firm is None for each in chased)
        partial = sum(each.firm is not None and not each.done for each in chased)
        title = f"催报清单：未返回{absent}家，返回不全{partial}家"
        self.page("催报清单", title, columns, map(self._chased, chased))

    def _chased(self, each: Chased) -> list[Any]:
        if each.firm is None:
            state = _ABSENT
        else:
            state = _PARTIAL if each.lacking else _DONE
            state = state if each.expected else f"{state}，{_EXTRA}"
        names = [name_key(k, self.words, english=False) for k in each.lacking[:_NAMED]]
        rest = len(each.lacking) - len(names)
        missing = "、".join(names) + (f"等{len(each.lacking)}项" if rest > 0 else "")
        return [
            each.name,
            each.uscc,
            *each.contact,
            state,
            len(each.lacking),
            "全部" if each.firm is None else missing,
            "、".join(each.firm.files) if each.firm else "",
        ]

    def conflicts(self) -> None:
        columns = [
            ("企业名称", 32), ("统一社会信用代码", 22), ("数据名称", 34),
            ("采用的数", 20), ("采用的来源", 36), ("另一个数", 20), ("另一个来源", 36),
        ]  # fmt: skip
        lines = [
            [
                *self._firm(firm),
                name_key(key, self.words, english=False),
                show_fact(key, first.value, self.words, english=False),
                first.source,
                show_fact(key, other.value, self.words, english=False),
                other.source,
            ]
            for firm in self.found.firms
            for key in firm.conflicts
            for first, *others in [firm.told[key]]
            for other in others
            if other.value != first.value
        ]
        title = f"填报冲突：{len(lines)}处，采用写在前面的文件"
        self.page("填报冲突", title, columns, lines)

    def sources(self) -> None:
        columns = [
            ("企业名称", 32), ("统一社会信用代码", 22), ("数据名称", 34), ("编号", 24),
            ("数", 24), ("来源（文件、工作表、单元格）", 44),
        ]  # fmt: skip
        lines = (
            [
                *self._firm(firm),
                name_key(key, self.words, english=False),
                key,
                show_fact(key, each.value, self.words, english=False),
                each.source,
            ]
            for firm in self.found.firms
            for key, told in firm.told.items()
            for each in told
        )
        self.page("数据来源", "数据来源：每个数来自哪个文件的哪一格", columns, lines)

    def report(self) -> None:
        columns = [("类别", 10), ("内容", 130)]
        lines = [["错误", each] for each in self.found.unreadable]
        lines += [
            ["错误" if each.severity == ERROR else "提醒", each.sentence()]
            for each in self.found.problems
        ]
        self.page("读入报告", "读入报告：没有读懂的和要核对的", columns, lines)

    def _firm(self, firm: MergedFirm) -> list[str]:
        return [firm.name or firm.at, firm.uscc or ""]
