"""XLSX through calamine, and what calamine does not say: formulas without a result."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine as calamine

from tidu.intake.problems import UnreadableFile

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<c\s([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_REFERENCE = re.compile(rb'r="([A-Z]+)(\d+)"')
_RESULT = re.compile(rb"<v>[^<]+</v>")

Merged = list[tuple[int, int, int, int]]


def read_workbook(path: Path) -> list[tuple[str, list[list[Any]], Merged]]:
    """Name, cells and merged ranges of every visible sheet."""
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            found = []
            for meta in book.sheets_metadata:
                if meta.visible != calamine.SheetVisibleEnum.Visible:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                rows = sheet.to_python(skip_empty_area=False)
                merged = [
                    (top, left, bottom, right)
                    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
                ]
                found.append((meta.name, rows, merged))
            return found
    except calamine.PasswordError as error:
        raise UnreadableFile(f"{path} 加了密码；请去掉密码后再试") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            f"{path} 不是完整的 Excel 文件；请在 Excel 里打开后另存为 xlsx"
        ) from error


def broken_cells(archive: zipfile.ZipFile) -> dict[str, frozenset[tuple[int, int]]]:
    """Per sheet: cells that hold an error, or a formula nobody has calculated."""
    found = {}
    for name, member in _sheet_files(archive).items():
        data = archive.read(member)
        if b"<f" not in data and b't="e"' not in data:
            continue
        places = set()
        for attributes, body in _CELL.findall(data):
            bad_formula = b"<f" in body and not _RESULT.search(body)
            place = _REFERENCE.search(attributes)
            if place and (bad_formula or b't="e"' in attributes):
                places.add((int(place[2]) - 1, column_number(place[1].decode())))
        found[name] = frozenset(places)
    return found


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names with the archive members that hold them."""
    links = ElementTree.fromstring(  # noqa: S314 - expat refuses entity bombs
        archive.read("xl/_rels/workbook.xml.rels")
    )
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    members = set(archive.namelist())
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_REL), "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if member in members:
            found[sheet.get("name", "")] = member
    return found


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
