"""What calamine does not say of an XLSX: where formulas have no result, what is shown
as a percentage, how far the cells reach.
"""

from __future__ import annotations

import dataclasses
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from tidu.intake.sheets import column_letters, column_number

_CHUNK = 1 << 20
_LARGEST_PART = 32 << 20
_LONGEST_CELL = 1 << 20  # Excel holds 32,767 characters
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_CELL_START = re.compile(rb"<(?:\w+:)?c\s")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_ERROR = re.compile(rb'\bt="e"')
_TEXT = re.compile(rb'\bt="str"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]+)<")
_PERCENT_FORMATS = {9, 10}  # built in: 0% and 0.00%
_QUOTED = re.compile(r'"[^"]*"|\\.')


@dataclasses.dataclass(slots=True)
class Findings:
    """Of one sheet: broken cells as (row, column), percentages as row → columns."""

    broken: set[tuple[int, int]] = dataclasses.field(default_factory=set)
    percents: dict[int, set[int]] = dataclasses.field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    @property
    def last_cell(self) -> str:
        """The corner of the used room: XFD1048576."""
        return f"{column_letters(max(self.columns, 1) - 1)}{self.rows}"


def scan(archive: zipfile.ZipFile) -> dict[str, Findings]:
    """Look through every sheet of a workbook, a piece at a time."""
    members = set(archive.namelist())
    book = _parsed(archive, "xl/workbook.xml")
    uncalculated = any(
        _local(each) == "calcPr" and each.get("fullCalcOnLoad") in {"1", "true"}
        for each in book.iter()
    )
    percent = _percent_styles(archive) if "xl/styles.xml" in members else frozenset()
    found = {}
    for name, member in _sheet_files(archive, book, members).items():
        found[name] = _Scanner(percent, uncalculated=uncalculated).scan(
            _pieces(archive, member)
        )
    return found


class _Scanner:
    """Looks at the cells of one sheet.

    ``uncalculated``: the program that wrote the file asks Excel to calculate when it is
    opened; its zeros and blanks stand for results nobody has worked out yet.
    """

    def __init__(self, percent: frozenset[bytes], *, uncalculated: bool) -> None:
        self.percent = percent
        self.uncalculated = uncalculated
        self.found = Findings()

    def scan(self, pieces: Iterator[bytes]) -> Findings:
        widest = b""
        for piece in pieces:
            for attributes, body in _CELL.findall(piece):
                place = _REFERENCE.search(attributes)
                if place is None or not body:
                    continue
                letters, row = place[1], int(place[2])
                if (len(letters), letters) > (len(widest), widest):
                    widest = letters
                self.found.rows = max(self.found.rows, row)
                self._look(row - 1, letters, attributes, body)
        self.found.columns = column_number(widest.decode()) + 1
        return self.found

    def _look(self, row: int, letters: bytes, attributes: bytes, body: bytes) -> None:
        bad = b'"e"' in attributes and _ERROR.search(attributes) is not None
        if not bad and b"f" in body and _FORMULA.search(body):
            bad = self._has_no_result(attributes, body)
        if bad:
            self.found.broken.add((row, column_number(letters.decode())))
        elif self.percent and self._is_percent(attributes):
            columns = self.found.percents.setdefault(row, set())
            columns.add(column_number(letters.decode()))

    def _is_percent(self, attributes: bytes) -> bool:
        style = _STYLE.search(attributes)
        return style is not None and style[1] in self.percent

    def _has_no_result(self, attributes: bytes, body: bytes) -> bool:
        result = _RESULT.search(body)
        if self.uncalculated:
            return result is None or result[1].strip() == b"0"
        return result is None and _TEXT.search(attributes) is None  # "" is a result


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """The text of a sheet in pieces that do not cut a cell in two."""
    rest = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            rest += chunk
            starts = [match.start() for match in _CELL_START.finditer(rest)]
            if starts and starts[-1]:
                yield rest[: starts[-1]]
                rest = rest[starts[-1] :]
            elif len(rest) > _LONGEST_CELL * 4:
                yield rest
                rest = b""
    yield rest


def _sheet_files(
    archive: zipfile.ZipFile, book: ElementTree.Element, members: set[str]
) -> dict[str, str]:
    """Sheet names with the archive members that hold them."""
    links = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if _local(sheet) != "sheet":
            continue
        relation = next((v for k, v in sheet.items() if k.endswith("}id")), "")
        target = targets.get(relation, "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if member in members:
            found[sheet.get("name", "")] = member
    return found


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the cell styles that show a share as a percentage."""
    root = _parsed(archive, "xl/styles.xml")
    percent = set(_PERCENT_FORMATS)
    for each in root.iter():
        if _local(each) == "numFmt":
            shown = _QUOTED.sub("", each.get("formatCode", ""))
            if "%" in shown:
                percent.add(int(each.get("numFmtId", "0")))
    formats = next((each for each in root.iter() if _local(each) == "cellXfs"), ())
    return frozenset(
        str(at).encode()
        for at, style in enumerate(formats)
        if int(style.get("numFmtId", "0")) in percent
    )


def _parsed(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    """A small part of the workbook as a tree; ValueError where it is not small."""
    if archive.getinfo(member).file_size > _LARGEST_PART:
        raise ValueError(member)
    return ElementTree.fromstring(archive.read(member))  # noqa: S314 - expat refuses entity bombs


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
