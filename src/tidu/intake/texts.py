"""Text files of any usual encoding: CSV line by line, JSON as a list of objects.

A line of CSV that cannot be taken apart spoils no other.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tidu.intake.problems import UnreadableFile
from tidu.intake.sheets import Cells, DamagedLine, Sheet
from tidu.intake.writing import UNREADABLE
from tidu.rules.language import N_

_CHUNK = 1 << 20
_LONGEST_LINE = 1_000_000  # characters
_MOST_DAMAGED = 1_000  # lines; with more it is no CSV
_SAMPLE_LINES = 30
_FEW_LETTERS = 3
_SHOWN = 200  # characters of a damaged line
_LONG_NUMBER = 30  # digits
_DELIMITERS = ",\t;"
_IN_QUOTES = re.compile(r'"[^"]*"')
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*")
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclasses.dataclass(frozen=True, slots=True)
class TextFile:
    """What is known of a text before it is read: encoding, lines, first character.

    ``errors``: what becomes of bytes that are no character, as ``open`` takes it.
    """

    encoding: str
    lines: int
    first: str
    errors: str = "strict"


def examine(path: Path, start: bytes) -> TextFile:
    """Find the encoding by decoding the whole file once, a piece at a time."""
    if start.startswith(_UTF16):
        encodings = ["utf-16"]
    elif start.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    if b"\0" in start and encodings[0] != "utf-16":
        raise UnreadableFile(
            N_("{path} 不是表格文件；请用 CSV、XLSX 或 JSON"), path=path
        )
    for encoding in encodings:
        try:
            return _decoded(path, encoding)
        except UnicodeDecodeError as error:
            if encoding.startswith("utf-8") and _has_letters(start):
                return _decoded(path, encoding, "replace")
            if encoding == encodings[-1]:
                raise UnreadableFile(
                    N_("{path} 的文字编码读不懂；请另存为 UTF-8 的 CSV"), path=path
                ) from error
    raise AssertionError(encodings)


def _has_letters(start: bytes) -> bool:
    """Whether a file starts with UTF-8 Chinese: a bad byte later is then a slip."""
    text = start.decode("utf-8", "replace")
    good = sum(not char.isascii() for char in text) - text.count(UNREADABLE)
    return good > _FEW_LETTERS and text.count(UNREADABLE) < good / 2


def _decoded(path: Path, encoding: str, errors: str = "strict") -> TextFile:
    """Decode and count; UnicodeError where the encoding is another one."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    lines = 0
    first = last = ""
    since_break = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            first = first or text.lstrip()[:1]
            last = text[-1:] or last
            breaks = text.count("\n") or text.count("\r")
            lines += breaks
            since_break = 0 if breaks else since_break + len(text)
            if "\0" in text:
                raise UnreadableFile(
                    N_("{path} 不是表格文件；请用 CSV、XLSX 或 JSON"), path=path
                )
            if since_break > 2 * _LONGEST_LINE and first not in {"[", "{"}:
                raise _endless(path, lines + 1)
    decoder.decode(b"", final=True)
    return TextFile(encoding, lines + (last not in {"\n", "\r"}), first, errors)


def read_csv(path: Path, text: TextFile, most_rows: int) -> Sheet:
    """A CSV as one sheet whose rows are read as they are asked for."""
    if text.lines > most_rows:
        raise UnreadableFile(
            N_("{path} 有 {lines} 行，超过 {most} 行；请按县区或年份分成几个文件"),
            path=path,
            lines=text.lines,
            most=most_rows,
        )
    with _open(path, text) as file:
        sample = [file.readline(_LONGEST_LINE) for _ in range(_SAMPLE_LINES)]
    delimiter = _delimiter([line for line in sample if line.strip()])
    return Sheet.of("", _records(path, text, delimiter), text.lines)


def _open(path: Path, text: TextFile) -> io.TextIOWrapper:
    return path.open(encoding=text.encoding, errors=text.errors, newline="")


def _delimiter(sample: list[str]) -> str:
    """The delimiter that stands equally often in most lines."""
    if sample and (match := _SEPARATOR_LINE.fullmatch(sample[0])):
        return match[1]

    def weight(delimiter: str) -> tuple[int, int]:
        counts = [_IN_QUOTES.sub("", line).count(delimiter) for line in sample]
        usual = Counter(count for count in counts if count).most_common(1)
        return (usual[0][1] if usual else 0, sum(counts))

    return max(_DELIMITERS, key=weight)


class _Lines:
    """Lines for the parser, which can be put back after a damaged one."""

    def __init__(self, path: Path, file: io.TextIOBase) -> None:
        self.path = path
        self.file = file
        self.back: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else self.file.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= _LONGEST_LINE:
            raise _endless(self.path, self.number + 1)
        self.number += 1
        self.taken.append(line)
        return line

    def put_back(self) -> str:
        """Return the first line taken for this record, and put the others back."""
        first, *others = self.taken
        self.back.extendleft(reversed(others))
        self.number -= len(others)
        return first


def _records(path: Path, text: TextFile, delimiter: str) -> Iterator[Cells]:
    damaged = 0
    with _open(path, text) as file:
        lines = _Lines(path, file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.taken.clear()
            try:
                cells: Cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                damaged += 1
                if damaged > _MOST_DAMAGED:
                    raise UnreadableFile(
                        N_("{path} 里引号不成对的行太多；请用 Excel 打开后另存为 CSV"),
                        path=path,
                    ) from error
                yield DamagedLine([lines.put_back().strip()[:_SHOWN]])
                continue
            if '="' in lines.taken[0]:
                cells = [_EXCEL_TEXT.sub(r"\1", each) for each in cells]
            yield cells


def _endless(path: Path, line: int) -> UnreadableFile:
    return UnreadableFile(
        N_("{path} 第 {line} 行过长，不像表格；请用 Excel 打开后另存为 CSV"),
        path=path,
        line=line,
    )


def read_json(path: Path, text: TextFile) -> Sheet:
    """The objects of a file; row 0 is the header, so that the first object is row 1."""
    records = [_flatten(each) for each in _objects(path, text)]
    header = list(dict.fromkeys(key for record in records for key in record))
    rows = [[record.get(key) for key in header] for record in records]
    plain = [key.partition("\0")[0] for key in header]
    return Sheet.of("", [plain, *rows], len(rows) + 1, first=0)


def _objects(path: Path, text: TextFile) -> list[dict[str, Any]]:
    try:
        found = json.loads(
            path.read_text(text.encoding, text.errors),
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=str,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            N_(
                "{path} 第 {line} 行第 {column} 列：不是合法的 JSON；"
                "请检查逗号、引号和括号"
            ),
            path=path,
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise UnreadableFile(
            N_("{path} 嵌套太深；请写成一个企业一个对象的列表"), path=path
        ) from error
    if isinstance(found, dict):
        found = found.get("enterprises", [found])
    if not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
        raise UnreadableFile(
            N_("{path} 应是列表，一个企业一个对象；请调整后再试"), path=path
        )
    return found


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < _LONG_NUMBER else Decimal(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that comes twice stays twice, as two columns for one fact."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        name = key
        while name in found:
            name += "\0"
        found[name] = value
    return found


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
