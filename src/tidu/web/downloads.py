"""Lists as files: XLSX and CSV, with nothing in them that a sheet would run."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from tidu.registry import file_kinds

FORMS = ("xlsx", "csv")
XLSX = file_kinds.XLSX.media_type
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula
_WIDEST, _NARROWEST = 50, 10
_A4 = 9
_IN_MEMORY = 32 * 1024 * 1024  # bytes; what is larger waits on disk
_XLSX_ROWS = 1_048_576

Rows = Iterable[Sequence[Any]]
Sheet = tuple[str, Sequence[str], Rows]  # title, heads, rows


def download(
    form: str,
    name: str,
    columns: Sequence[str],
    rows: Rows,
    widths: Sequence[int] = (),
) -> StreamingHttpResponse | FileResponse:
    """A table as a file; ``form`` is one of FORMS, ``rows`` are read as they are sent.

    ``widths``: characters a column of the XLSX takes, which then prints on A4 across.

    Text that a spreadsheet would take for a formula stays text: in CSV behind an
    apostrophe, in XLSX by its type.
    """
    day = timezone.localdate().isoformat()
    if form == "csv":
        answer = StreamingHttpResponse(
            _csv(columns, rows), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = _attachment(f"{name}-{day}.csv")
        return answer
    return _xlsx(f"{name}-{day}.xlsx", columns, rows, widths)


def as_book(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """Several tables as one XLSX download; ``name`` without a suffix."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    for title, heads, rows in sheets:
        write_sheet(book, book.add_worksheet(title), heads, rows)
    book.close()
    return attachment(target.getvalue(), f"{name}.xlsx", XLSX)


def guarded(cell: Any) -> Any:
    """A cell as CSV may hold it."""
    if isinstance(cell, str) and cell.startswith(_RUNS):
        return f"'{cell}"
    return "" if cell is None else cell


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # Excel takes it for Unicode
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


def _xlsx(
    name: str, columns: Sequence[str], rows: Rows, widths: Sequence[int]
) -> FileResponse:
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    book = xlsxwriter.Workbook(file, _OPTIONS)
    write_sheet(book, book.add_worksheet(), columns, rows, widths)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def write_sheet(
    book: Any,
    sheet: Any,
    columns: Sequence[str],
    rows: Rows,
    widths: Sequence[int] = (),
) -> None:
    """A header row that stays in sight, and the rows as text, numbers and dates.

    With ``widths`` (characters) the sheet is also set up for A4, landscape.
    """
    bold = book.add_format({"bold": True, "bottom": 1})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    if widths:
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    for at, title in enumerate(columns):
        width = min(_WIDEST, max(_NARROWEST, 2 * len(title) + 4))
        width = widths[at] if at < len(widths) else width
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, bold)
    for number, row in enumerate(rows, start=1):
        if number == _XLSX_ROWS:
            break
        for at, cell in enumerate(row):
            _write(sheet, number, at, cell, date)


def _write(sheet: Any, row: int, at: int, cell: Any, date: Any) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(row, at, "是" if cell else "否")
        case int() | float() | Decimal():
            sheet.write_number(row, at, cell)
        case datetime.datetime():
            sheet.write_string(row, at, f"{cell:%Y-%m-%d %H:%M}")
        case datetime.date():
            sheet.write_datetime(row, at, cell, date)
        case _:
            sheet.write_string(row, at, str(cell))


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes that a browser saves and never shows or guesses about."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = _attachment(name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or ""
