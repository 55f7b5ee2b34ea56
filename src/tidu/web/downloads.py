"""Every list as a file: XLSX and CSV, with nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes as a formula
_BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def as_file(
    form: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A list as a download; ``form`` is xlsx or csv, ``name`` without a suffix."""
    if form == "csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(heads)
        writer.writerows([harmless(cell) for cell in row] for row in rows)
        content = text.getvalue().encode("utf-8-sig")  # Excel needs the mark
        return attachment(content, f"{name}.csv", "text/csv; charset=utf-8")
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _BOOK)
    write_sheet(book, book.add_worksheet(), heads, rows)
    book.close()
    return attachment(target.getvalue(), f"{name}.xlsx", XLSX)


def write_sheet(
    book: Any, sheet: Any, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """A header row that stays in sight, and the rows as text and numbers."""
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, bold)
        sheet.set_column(at, at, 22)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                sheet.write_number(line, at, cell)
            else:
                sheet.write_string(line, at, _text(cell), text)
    sheet.freeze_panes(1, 1)


def harmless(cell: Any) -> Any:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    if isinstance(cell, int | float | Decimal):
        return cell
    text = _text(cell)
    return f"'{text}" if text.startswith(_RUNS) else text


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes that a browser saves and never shows or guesses about."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return str(cell)
