"""JSON: a list of objects, one enterprise each, as a sheet with keys for a header."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tidu.intake.csv_files import TextFile
from tidu.intake.problems import UnreadableFile
from tidu.intake.sheets import Sheet
from tidu.rules.language import N_

_LONG_NUMBER = 30  # digits


def read(path: Path, text: TextFile) -> Sheet:
    """The objects of a file. Row 0 is the header: the first object is row 1."""
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
