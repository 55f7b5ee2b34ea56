"""A forecast as an XLSX workbook: summary, cliff, holders; written as a stream."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from tidu.bulk import storing, syncing
from tidu.bulk.columns import SEPARATOR
from tidu.bulk.forecast import Forecast
from tidu.bulk.path_class import PathClass
from tidu.bulk.transition import COLUMNS, NEW_CRITERION
from tidu.cli.group_names import GroupNames
from tidu.rules.language import N_, translate
from tidu.rules.library import Library
from tidu.rules.outcomes import Outcome
from tidu.rules.wording import outcome_word, path_word

MOST_ROWS = 1_000_000  # a sheet ends at 1,048,576
_ACCENT = "#0F6E6E"


def write(
    path: Path,
    found: Forecast,
    library: Library,
    *,
    english: bool,
    most: int,
) -> int:
    """Write the workbook, whole or not at all; how many holders did not fit."""
    with (
        storing.whole_file(path) as part,
        TemporaryDirectory(prefix=".tidu-", dir=path.parent) as folder,
    ):
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(str(part), options) as book:
            sheets = _Sheets(book, found, library, english=english)
            sheets.summary()
            sheets.cliff()
            sheets.holders(most)
        with part.open("rb+") as file:
            syncing.sync(file)
    return max(0, found.rows - most)


class _Sheets:
    def __init__(
        self, book: Any, found: Forecast, library: Library, *, english: bool
    ) -> None:
        self.book = book
        self.found = found
        self.english = english
        self.schemes = {
            each.id: each.label.say(english=english)
            for each in library.national.schemes.values()
        }
        self.labels = found.labels(english=english)
        self.names = GroupNames(library, english=english)
        base = {"font_name": "Microsoft YaHei", "font_size": 10}
        self.plain = book.add_format(base)
        self.day = book.add_format({**base, "num_format": "yyyy-mm-dd"})
        self.head = book.add_format(
            {**base, "bold": True, "font_color": "white", "bg_color": _ACCENT,
             "text_wrap": True, "valign": "vcenter"}
        )  # fmt: skip
        self.title = book.add_format({**base, "bold": True, "font_size": 14})

    def say(self, msgid: str, **values: Any) -> str:
        return translate(msgid, self.english).format(**values)

    def summary(self) -> None:
        """Totals of each title, then every failing criterion, in one long sheet."""
        outlook = self.found.outlook
        sheet = self.book.add_worksheet(self.say(N_("汇总")))
        for at, width in enumerate([26, 34, *([13] * 16)]):
            sheet.set_column(at, at, width)
        title = self.say(
            N_("按{start}和{end}的复核标准比较，共{rows}项称号"),
            start=outlook.start,
            end=outlook.end,
            rows=f"{self.found.rows:,}",
        )
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, self.say(OURS_SHEET), self.plain)
        row = self._lines(sheet, 3, self._standing_heads(), self._standing_lines())
        paths = [path_word(each.word, english=self.english) for each in PathClass]
        heads = [N_("称号"), N_("条件"), N_("家数"), N_("原符合")]
        self._lines(
            sheet,
            row + 1,
            [*map(self.say, heads), *paths],
            (
                [
                    self.schemes[each.scheme],
                    self.labels[each.scheme, each.criterion],
                    each.holders,
                    each.passed_before,
                    *(each.paths.get(path, 0) for path in PathClass),
                ]
                for each in self.found.failing
            ),
        )

    def _standing_heads(self) -> list[str]:
        words = [outcome_word(each, english=self.english) for each in Outcome]
        paths = [path_word(each.word, english=self.english) for each in PathClass]
        return [
            self.say(N_("称号")),
            self.say(N_("标准")),
            self.say(N_("持有")),
            *(self.say(N_("原标准：{word}"), word=word) for word in words),
            *(self.say(N_("新标准：{word}"), word=word) for word in words),
            *(self.say(N_("出路：{word}"), word=word) for word in paths),
        ]

    def _standing_lines(self) -> Iterator[list[Any]]:
        for each in self.found.standings:
            rules = [
                r.name if r else "–" for r in (each.title.before, each.title.after)
            ]
            yield [
                self.schemes[each.title.scheme],
                " → ".join(rules),
                each.holders,
                *(each.before.get(outcome, 0) for outcome in Outcome),
                *(each.after.get(outcome, 0) for outcome in Outcome),
                *(each.paths.get(path, 0) for path in PathClass),
            ]

    def cliff(self) -> None:
        """One line per title, province and quarter."""
        heads = [
            (self.say(N_("称号")), 26),
            (self.say(N_("省级区划")), 16),
            (self.say(N_("季度")), 10),
            (self.say(N_("到期")), 10),
            *((outcome_word(each, english=self.english), 12) for each in Outcome),
            (self.say(N_("预计失去：至少")), 14),
            (self.say(N_("预计失去：至多")), 14),
        ]
        lines = (
            [
                self.schemes[each.scheme],
                self.names.province(each.province),
                each.quarter or self.say(N_("不详")),
                each.due,
                *(each.outcomes.get(outcome, 0) for outcome in Outcome),
                *each.loss,
            ]
            for each in self.found.cliff
        )
        title = self.say(N_("各省各季度到期的称号和预计失去的数量"))
        self._sheet(self.say(N_("断崖")), title, self.say(RANGE_SHEET), heads, lines)

    def holders(self, most: int) -> None:
        """One line per holder and title."""
        widths = (22, 30, 16, 26, 12, 10, 24, 24, 12, 12, 10, 50, 20, 24, 40, 40)
        heads = [
            (self.say(head), width) for head, width in zip(_HEADS, widths, strict=True)
        ]
        title = self.say(N_("每个持有者的每项称号一行"))
        note = ""
        if self.found.rows > most:
            note = self.say(
                N_("共{rows}行，这里只有前{most}行；要全部的行，请写成 .parquet"),
                rows=f"{self.found.rows:,}",
                most=f"{most:,}",
            )
        lines = (self._holder(line) for line in self.found.lines(most))
        self._sheet(self.say(N_("持有者")), title, note, heads, lines)

    def _holder(self, line: Sequence[Any]) -> list[Any]:
        cells = dict(zip(COLUMNS, line, strict=True))
        scheme = cells["scheme"]
        for name in ("failing", "unknown", "manual"):
            cells[name] = self._joined(
                self.labels[scheme, each] for each in _parts(cells[name])
            )
        for name in ("outcome_before", "outcome_after"):
            cells[name] = self._outcome(cells[name])
        before = _parts(cells["failing_before"])
        cells["failing_before"] = self._joined(map(self._outcome, before))
        cells["failing_path"] = self._joined(
            map(self._path, _parts(cells["failing_path"]))
        )
        cells["path"] = self._path(cells["path"]) if cells["path"] else ""
        cells["scheme"] = self.schemes[scheme]
        if cells["province"]:
            cells["province"] = self.names.province(cells["province"])
        return list(cells.values())

    def _joined(self, texts: Iterable[str]) -> str:
        return self.say(N_("；")).join(texts)

    def _outcome(self, word: str) -> str:
        if word == NEW_CRITERION:
            return self.say(N_("原标准没有"))
        return outcome_word(Outcome(word), english=self.english)

    def _path(self, word: str) -> str:
        return path_word(word, english=self.english)

    def _sheet(
        self,
        name: str,
        title: str,
        note: str,
        heads: Sequence[tuple[str, int]],
        lines: Iterable[Sequence[Any]],
    ) -> None:
        sheet = self.book.add_worksheet(name)
        for at, (_, width) in enumerate(heads):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(3, 1)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, note, self.plain)
        last = self._lines(sheet, 2, [head for head, _ in heads], lines)
        sheet.autofilter(2, 0, max(last - 1, 3), len(heads) - 1)

    def _lines(
        self,
        sheet: Any,
        row: int,
        heads: Sequence[str],
        lines: Iterable[Sequence[Any]],
    ) -> int:
        """A header and the lines below it; the first row that is free again."""
        for at, head in enumerate(heads):
            sheet.write_string(row, at, head, self.head)
        for row, line in enumerate(lines, start=row + 1):  # noqa: B020, PLR1704
            for at, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(row, at, cell, self.plain)
                elif isinstance(cell, datetime.date):
                    sheet.write_datetime(row, at, cell, self.day)
                elif cell:
                    sheet.write_string(row, at, cell, self.plain)
        return row + 1


def _parts(joined: str | None) -> list[str]:
    return joined.split(SEPARATOR) if joined else []


_HEADS = (
    N_("统一社会信用代码"),
    N_("企业名称"),
    N_("省级区划"),
    N_("称号"),
    N_("有效期至"),
    N_("季度"),
    N_("原标准"),
    N_("新标准"),
    N_("原结论"),
    N_("新结论"),
    N_("出路"),
    N_("不符合的条件"),
    N_("各条的出路"),
    N_("各条按原标准"),
    N_("缺数据的条件"),
    N_("待人工认定的条件"),
)
OURS_SHEET = N_(
    "出路的等级（文书、投入、年限、无办法）是 Tidu 自己的划分（自估），不是政策"
)
RANGE_SHEET = N_("至少：不符合；至多：再加上缺数据和待人工认定")
