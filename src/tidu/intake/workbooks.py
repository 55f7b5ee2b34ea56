"""XLSX through calamine, checked beforehand: calamine trusts what a file claims."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import python_calamine as calamine

from tidu.intake import workbook_xml
from tidu.intake.problems import UnreadableFile
from tidu.intake.sheets import HEAD, Cells, Sheet
from tidu.intake.workbook_xml import Findings
from tidu.rules.language import N_

_CHUNK = 1 << 20
_SMALL = 50 * _CHUNK  # below, nothing is a bomb
_MOST_RATIO = 200  # an honest sheet packs 10 to 100 times
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def read(path: Path, most_unpacked: int, most_cells: int) -> list[Sheet]:
    """The visible sheets. Raises UnreadableFile before anything large is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            _weigh(path, archive, most_unpacked)
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(
                    N_("{path} 不是 Excel 的 xlsx 文件；请在 Excel 里另存为 xlsx"),
                    path=path,
                )
            marks = workbook_xml.scan(archive)
    except _DAMAGED as error:
        raise UnreadableFile(
            N_("{path} 不完整或已损坏；请重新下载，或在 Excel 里打开后另存"), path=path
        ) from error
    _check_room(path, marks, most_cells)
    return _sheets(path, marks)


def _weigh(path: Path, archive: zipfile.ZipFile, most: int) -> None:
    """Refuse a bomb by the sizes it declares, then see that they are true.

    Unpacking stops at the declared size and compares the checksum, so that an archive
    cannot hold more than it says.
    """
    packed = max(path.stat().st_size, 1)
    declared = sum(member.file_size for member in archive.infolist())
    if declared > most or (declared > _SMALL and declared / packed > _MOST_RATIO):
        raise UnreadableFile(
            N_("{path} 解压后过大，像是压缩炸弹；请用 Excel 重新另存一份"), path=path
        )
    for member in archive.infolist():
        with archive.open(member) as file:
            while file.read(_CHUNK):
                pass


def _check_room(path: Path, marks: dict[str, Findings], most: int) -> None:
    """Refuse a sheet whose cells stand too far apart to be held in memory."""
    for name, found in marks.items():
        if found.rows * found.columns > most:
            raise UnreadableFile(
                N_(
                    "{path} 工作表“{sheet}”的内容一直到 {cell}，范围太大；"
                    "请删去远处多余的内容，或分成几个文件"
                ),
                path=path,
                sheet=name,
                cell=found.last_cell,
            )


def _sheets(path: Path, marks: dict[str, Findings]) -> list[Sheet]:
    """The visible sheets, and hidden ones by name alone."""
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return [
                _sheet(book.get_sheet_by_name(meta.name), marks.get(meta.name))
                if meta.visible == calamine.SheetVisibleEnum.Visible
                else Sheet(meta.name, [], hidden=True)
                for meta in book.sheets_metadata
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _incomplete(path) from error
    except BaseException as error:  # a Rust panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _incomplete(path) from error


def _incomplete(path: Path) -> UnreadableFile:
    return UnreadableFile(
        N_("{path} 不是完整的 Excel 文件；请在 Excel 里打开后另存为 xlsx"), path=path
    )


def _sheet(sheet: calamine.CalamineSheet, marks: Findings | None) -> Sheet:
    findings = marks or Findings()
    left = sheet.start[1] if sheet.start else 0
    merged = [
        (top, first, bottom, last)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or []
        if top < HEAD
    ]
    return Sheet.of(
        sheet.name,
        _rows(sheet, left, findings.percents),
        sheet.total_height + 1,  # calamine gives the last row's index
        merged=merged,
        broken=frozenset(findings.broken),
        lettered=True,
        columns=sheet.total_width + 1,
    )


def _rows(
    sheet: calamine.CalamineSheet, left: int, percents: dict[int, set[int]]
) -> Iterator[Cells]:
    """Rows from the first on, columns from A; what is shown as 12% becomes 12%."""
    margin: list[Any] = [""] * left
    for at, row in enumerate(sheet.iter_rows()):
        cells: Cells = margin + row
        for column in percents.get(at, ()):
            if column < len(cells) and isinstance(cells[column], float):
                cells[column] = f"{Decimal(f'{cells[column]:.15g}') * 100:f}%"
        yield cells
