"""Dates and years as people write them: 2025/6/1, 2025年6月, a spreadsheet's own."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from tidu.intake.problems import CellError
from tidu.intake.writing import normal, show
from tidu.rules.language import N_

FIRST_YEAR, LAST_YEAR = 1980, 2100
_WRITTEN = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})年(\d{1,2})月"),
    re.compile(r"(\d{4})[-/.](\d{1,2})"),
)
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_EXCEL_DAYS = range(29_221, 73_051)  # 1980-01-01 … 2099-12-31
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EIGHT = 8  # digits of 20250601
_MONTH_ONLY = 2  # parts


def read_date(cell: Any, note: Callable[[str], None]) -> datetime.date:
    """A date; one that names only the month is its first day."""
    if isinstance(cell, datetime.date):  # a datetime is one too
        return _dated(cell.year, cell.month, cell.day)
    text = _TIME.sub("", normal(show(cell))).replace(" ", "")
    if text.isdigit() and len(text) < _EIGHT and int(text) in _EXCEL_DAYS:
        note(N_("五位数按 Excel 的日期序号读取，如 45809 读作 2025-06-01"))
        found = _EXCEL_EPOCH + datetime.timedelta(days=int(text))
        return _dated(found.year, found.month, found.day)
    for pattern in _WRITTEN:
        if match := pattern.fullmatch(text):
            parts = [int(each) for each in match.groups()]
            if len(parts) == _MONTH_ONLY:
                note(N_("只写到月的日期按当月1日计"))
                parts.append(1)
            return _dated(*parts)
    raise CellError(N_("读不成日期"), N_("可写 2025-06-01、2025年6月1日 或 2025年6月"))


def _dated(year: int, month: int, day: int) -> datetime.date:
    check_year(year)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise CellError(N_("没有这一天"), N_("请核对年月日")) from error


def check_year(year: int) -> None:
    """Refuse a year outside 1980–2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellError(
            N_("年份超出范围"),
            N_("年份应在{first}到{last}之间"),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )


def read_year(cell: Any) -> int:
    """The year in a cell of its own: 2025, 2025年, 2025年度."""
    match = re.fullmatch(r"(\d{4})(?:年度?)?", normal(show(cell)))
    if match is None:
        raise CellError(N_("年份读不懂"), N_("请写四位年份，如 2025"))
    check_year(int(match[1]))
    return int(match[1])
