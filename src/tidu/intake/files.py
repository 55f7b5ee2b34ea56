"""Open a file safely: CSV, XLSX or JSON → sheets of cells, or one clear sentence.

Nothing is handed to a parser before its size is known: an archive is refused by what it
would unpack to, and counted while it is unpacked.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from tidu.intake.problems import UnreadableFile
from tidu.intake.workbooks import broken_cells, read_workbook

MOST_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 600 * 1024 * 1024
MOST_RATIO = 200  # an honest sheet packs 10 to 40 times
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20
_BROKEN = (EOFError, OSError, KeyError, NotImplementedError, RuntimeError)


@dataclasses.dataclass(slots=True)
class Sheet:
    """Cells by row and column, both from 0.

    ``merged``: (first row, first column, last row, last column) of merged cells;
    ``broken``: cells whose formula has no usable result; ``first``: the number people
    give the first row (0 where the header is no row of theirs, as in JSON).
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = dataclasses.field(default_factory=list)
    broken: frozenset[tuple[int, int]] = frozenset()
    lettered: bool = False
    first: int = 1


def open_sheets(path: Path) -> list[Sheet]:
    """All visible sheets of a file; a CSV is one sheet, JSON becomes one.

    Raises UnreadableFile with what is wrong and what to do.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise UnreadableFile(f"找不到文件 {path}；请检查文件名") from error
    except OSError as error:
        raise UnreadableFile(
            f"打不开 {path}（{error.strerror}）；请检查权限"
        ) from error
    if size == 0:
        raise UnreadableFile(f"{path} 是空文件；请检查是否选对了文件")
    if size > MOST_BYTES:
        raise UnreadableFile(
            f"{path} 有 {size // 1024**2} MB，超过 {MOST_BYTES // 1024**2} MB；"
            "请按县区或年份分成几个文件"
        )
    if start.startswith(_OLD_OFFICE):
        raise UnreadableFile(
            f"{path} 加了密码，或是旧的 xls 格式；请去掉密码，另存为 xlsx 或 csv"
        )
    if start.startswith(b"PK"):
        return _xlsx(path)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise UnreadableFile(f"{path} 不是 Excel 文件，或已损坏；请重新导出")
    text = _decode(path)
    if path.suffix.lower() == ".json" or text.lstrip()[:1] in {"[", "{"}:
        return [_json(path, text)]
    return [_csv(path, text)]


def _xlsx(path: Path) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            _weigh(path, archive)
            broken = broken_cells(archive)
    except (zipfile.BadZipFile, zlib.error, ParseError, *_BROKEN) as error:
        raise UnreadableFile(
            f"{path} 不完整或已损坏；请重新下载，或在 Excel 里打开后另存"
        ) from error
    return [
        Sheet(name, rows, merged, broken.get(name, frozenset()), lettered=True)
        for name, rows, merged in read_workbook(path)
    ]


def _weigh(path: Path, archive: zipfile.ZipFile) -> None:
    """Unpack everything once, counting: an archive may lie about its sizes."""
    packed = max(path.stat().st_size, 1)
    unpacked = 0
    for member in archive.infolist():
        with archive.open(member) as file:
            while chunk := file.read(_CHUNK):
                unpacked += len(chunk)
                bomb = unpacked > 10 * _CHUNK and unpacked / packed > MOST_RATIO
                if unpacked > MOST_UNPACKED or bomb:
                    raise UnreadableFile(
                        f"{path} 解压后过大，像是压缩炸弹；请用 Excel 重新另存一份"
                    )


def _decode(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    if b"\0" in data[:_CHUNK] and encodings[0] != "utf-16":
        raise UnreadableFile(f"{path} 不是表格文件；请用 CSV、XLSX 或 JSON")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"{path} 的文字编码读不懂；请另存为 UTF-8 的 CSV")


def _csv(path: Path, text: str) -> Sheet:
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Any]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise UnreadableFile(
            f"{path} 第 {reader.line_num} 行附近的引号不成对，或一格过长（{error}）；"
            "请用 Excel 打开后另存为 CSV"
        ) from error
    return Sheet("", rows)


def _json(path: Path, text: str) -> Sheet:
    """A list of objects as a sheet: keys are the header, one row per object."""
    try:
        found = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"{path} 第 {error.lineno} 行第 {error.colno} 列：不是合法的 JSON；"
            "请检查逗号、引号和括号"
        ) from error
    except RecursionError as error:
        raise UnreadableFile(
            f"{path} 嵌套太深；请写成一个企业一个对象的列表"
        ) from error
    if isinstance(found, dict):
        found = found.get("enterprises", [found])
    if not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
        raise UnreadableFile(f"{path} 应是列表，一个企业一个对象；请调整后再试")
    records = [_flatten(each) for each in found]
    header = list(dict.fromkeys(key for record in records for key in record))
    rows = [[record.get(key) for key in header] for record in records]
    return Sheet("", [header, *rows], first=0)


def _flatten(record: dict[str, Any]) -> dict[str, Any]:
    """``{"facts": {…}}`` and ``{"revenue": {"2025": …}}`` as flat keys."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if key == "facts" and isinstance(value, dict):
            flat |= _flatten(value)
        elif isinstance(value, dict):
            flat |= {f"{key}@{year}": one for year, one in value.items()}
        else:
            flat[key] = value
    return flat
