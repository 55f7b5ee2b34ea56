"""How a cell is written: its text, compared and parsed in one normal form."""

from __future__ import annotations

import functools
import re
import unicodedata
from decimal import Decimal
from typing import Any

UNREADABLE = "\ufffd"  # stands for bytes that are no character
UNKNOWN_TEXTS = frozenset({"", "-", "--", "—", "——", "–", "―", "/", "n/a", "不详"})
_LONGEST_UNKNOWN = 5  # with invisible characters around
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_SAME = {ord("−"): "-", ord("\u00a0"): " "}  # a mathematical minus, a fixed blank
_SHORT = 16  # characters of a cell that is likely to be written in many rows
_DROPPED = re.compile(r"[\s\"'“”‘’«»:*]")


def normal(text: str) -> str:
    """Half-width, without outer blanks: what is compared and parsed."""
    if text.isascii():
        return text.strip()
    return _normal_short(text) if len(text) <= _SHORT else _normal(text)


def _normal(text: str) -> str:
    shown = text.translate(_INVISIBLE)
    return unicodedata.normalize("NFKC", shown).translate(_SAME).strip()


_normal_short = functools.lru_cache(1 << 14)(_normal)


@functools.lru_cache(8192)
def plain_name(text: str) -> str:
    """A name as it is compared: half-width, lower case, without quotes and blanks.

    Kept, as every table and every call is read against the same thousand names.
    """
    return _DROPPED.sub("", normal(text)).lower()


def show(cell: Any) -> str:
    """A cell as its text: 990102.0 from a spreadsheet is 990102."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return _digits(cell)
    if isinstance(cell, list):
        return "、".join(map(show, cell))
    return "" if cell is None else str(cell).strip()


def number_text(cell: Any) -> str:
    """A cell that should hold a number as text; ``?`` where it can hold none."""
    if isinstance(cell, str):
        return normal(cell)
    if isinstance(cell, float):
        return _digits(cell)
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return str(cell)
    return "?"


def _digits(number: float) -> str:
    """The 15 digits a spreadsheet shows: its 0.1 + 0.2 is 0.3, as the reader sees."""
    return f"{number:.15g}"


def is_unknown(cell: Any) -> bool:
    """Whether the cell says that nothing is known."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return len(text) <= _LONGEST_UNKNOWN and _says_nothing(text)


@functools.lru_cache(1 << 14)
def _says_nothing(text: str) -> bool:
    return normal(text).lower() in UNKNOWN_TEXTS


def is_blank(cell: Any) -> bool:
    """Whether nothing is written in the cell at all."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
