"""Open a file safely: CSV, XLSX or JSON → sheets of cells, or one clear sentence.

Nothing is handed to a parser before its size is known: an archive is refused by what it
would unpack to, a workbook by the room its cells would take.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tidu.intake import texts, workbooks
from tidu.intake.problems import UnreadableFile
from tidu.intake.sheets import Sheet
from tidu.rules.language import N_

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORKBOOK = "Workbook".encode("utf-16-le")
_ZIP = b"PK"
_START = 4096
_MEGABYTE = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: bytes of a file, rows of a text, bytes and cells of a book."""

    bytes: int = 100 * _MEGABYTE
    rows: int = 1_000_000
    unpacked: int = 600 * _MEGABYTE
    cells: int = 25_000_000


def open_sheets(path: Path, limits: Limits) -> list[Sheet]:
    """All visible sheets of a file; a CSV is one sheet, JSON becomes one.

    Raises UnreadableFile with what is wrong and what to do.
    """
    start = _start(path, limits)
    suffix = path.suffix.lower()
    if start.startswith(_OLD_OFFICE):
        raise _old_office(path)
    if start.startswith(_ZIP):
        return workbooks.read(path, limits.unpacked, limits.cells)
    if suffix in {".xlsx", ".xlsm"}:
        raise UnreadableFile(
            N_("{path} 不是 Excel 文件，或已损坏；请重新导出"), path=path
        )
    if start.lstrip()[:1] == b"<":
        raise UnreadableFile(
            N_("{path} 是网页或 XML，不是表格；请在 Excel 里打开后另存为 xlsx"),
            path=path,
        )
    text = texts.examine(path, start)
    if suffix == ".json" or text.first in {"[", "{"}:
        return [texts.read_json(path, text)]
    return [texts.read_csv(path, text, limits.rows)]


def _start(path: Path, limits: Limits) -> bytes:
    """The first bytes of a file that is there, not empty and not too large."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(_START)
    except FileNotFoundError as error:
        raise UnreadableFile(
            N_("找不到文件 {path}；请检查文件名"), path=path
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFile(
            N_("打不开 {path}（{reason}）；请检查权限"), path=path, reason=reason
        ) from error
    if not start:
        raise UnreadableFile(N_("{path} 是空文件；请检查是否选对了文件"), path=path)
    if size > limits.bytes:
        raise UnreadableFile(
            N_("{path} 有 {size} MB，超过 {most} MB；请按县区或年份分成几个文件"),
            path=path,
            size=size // _MEGABYTE,
            most=limits.bytes // _MEGABYTE,
        )
    return start


def _old_office(path: Path) -> UnreadableFile:
    """A file of the old Office kind: a protected workbook, an .xls, or neither."""
    data = path.read_bytes()
    if _ENCRYPTED in data:
        return UnreadableFile(
            N_("{path} 加了密码；请在 Excel 里去掉密码，另存后再试"), path=path
        )
    if _OLD_WORKBOOK in data:
        return UnreadableFile(
            N_("{path} 是旧的 xls 格式；请在 Excel 里另存为 xlsx 或 csv"), path=path
        )
    return UnreadableFile(
        N_("{path} 加了密码，或是旧的 xls 格式；请去掉密码，另存为 xlsx 或 csv"),
        path=path,
    )
