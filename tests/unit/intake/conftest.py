"""Files as people make them, written for real into a temporary folder."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tidu.intake import Intake, read_file
from tidu.intake.credit_codes import check_digit
from tidu.rules.library import default_library

ON = datetime.date(2026, 6, 1)
CODE = "91990102MA0000001D"  # of a division that does not exist
OTHER = "91990102MA0000002" + check_digit("91990102MA0000002")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Intake]:
    """Write a text as CSV, or a list as JSON, and read it."""

    def read_it(content: str | list, *, name: str = "", encoding: str = "utf-8", **how):
        if isinstance(content, list):
            path = tmp_path / (name or "firms.json")
            path.write_text(json.dumps(content, ensure_ascii=False), encoding=encoding)
        else:
            path = tmp_path / (name or "firms.csv")
            path.write_bytes(content.encode(encoding))
        return read_file(path, default_library().facts, on=ON, **how)

    return read_it


@pytest.fixture
def read_book(tmp_path: Path) -> Callable[..., Intake]:
    """Let a function fill a workbook, and read it."""

    def read_it(fill: Callable[[xlsxwriter.Workbook], None]) -> Intake:
        path = tmp_path / "firms.xlsx"
        book = xlsxwriter.Workbook(str(path))
        fill(book)
        book.close()
        return read_file(path, default_library().facts, on=ON)

    return read_it
