"""Everything held about a person as a file, JSON or XLSX."""

from __future__ import annotations

import io
import json
import re

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tidu.accounts.models import User
from tidu.accounts.personal import held_about
from tidu.web.downloads import XLSX, attachment, write_sheet

_SHEET_NAME = 28  # Excel takes 31; the rest numbers those alike
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def personal_file(person: User, form: str) -> HttpResponse:
    """The person's data; each table with some of it is a sheet, or a list in JSON."""
    held = held_about(person)
    name = _("{name}的个人数据").format(name=person.username)
    if form != "xlsx":
        text = json.dumps(held, ensure_ascii=False, indent=1)
        return attachment(text.encode(), f"{name}.json", "application/json")
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(target, options)
    for number, (title, rows) in enumerate(held.items(), start=1):
        sheet = book.add_worksheet(
            f"{number}{_FORBIDDEN.sub(' ', title)[:_SHEET_NAME]}"
        )
        heads = list(rows[0])
        write_sheet(book, sheet, heads, ([row[head] for head in heads] for row in rows))
    book.close()
    return attachment(target.getvalue(), f"{name}.xlsx", XLSX)
