"""One cell → one value: which reader a fact's column takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tidu.intake.amounts import (
    Note,
    read_count,
    read_money,
    read_number,
    read_ratio,
)
from tidu.intake.dates import read_date
from tidu.intake.options import OptionReader, read_boolean
from tidu.intake.problems import CellError
from tidu.intake.writing import UNREADABLE, normal, show
from tidu.rules.facts import Fact, FactType, FactValue
from tidu.rules.language import N_

Reader = Callable[[Any, Note], FactValue]

SPREADSHEET_ERRORS = frozenset(
    {"#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"}
)
NO_RESULT = (N_("公式没有结果，或结果是错误值"), N_("请把公式粘贴为数值"))
_INDUSTRY = re.compile(r"[A-T](?:\d{2,4})?|\d{2,4}")
_DIVISION = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}")


def reader_for(fact: Fact, unit: str) -> Reader:
    """The reader of a column: the fact's kind, and the unit its header names."""
    match fact.type:
        case FactType.MONEY:
            return lambda cell, note: read_money(cell, fact, unit, note)
        case FactType.RATIO:
            return lambda cell, note: read_ratio(cell, fact, unit, note)
        case FactType.COUNT:
            return lambda cell, _note: read_count(cell, fact)
        case FactType.NUMBER:
            return lambda cell, _note: read_number(cell, fact)
        case FactType.DATE:
            return read_date
        case FactType.BOOLEAN:
            return lambda cell, _note: read_boolean(cell)
        case FactType.CHOICE:
            options = OptionReader(fact)
            return lambda cell, _note: options.one(cell)
        case FactType.CHOICES:
            several = OptionReader(fact)
            return lambda cell, _note: several.several(cell)
        case FactType.CODE:
            return lambda cell, _note: _code(cell, fact)
    return lambda cell, _note: _text(cell)


def _text(cell: Any) -> str:
    if isinstance(cell, bool | list | dict):
        raise CellError(N_("不是文字"), N_("请写文字"))
    text = show(cell)
    if UNREADABLE in text:
        raise CellError(N_("有读不出的字符"), N_("请重新填写这一格，另存为 UTF-8"))
    return text


def _code(cell: Any, fact: Fact) -> str:
    text = normal(show(cell)).upper()
    if fact.id == "industry":
        if _INDUSTRY.fullmatch(text):
            return text
        raise CellError(
            N_("不是国民经济行业代码"), N_("请按 GB/T 4754 填写，如 C3912 或 3912")
        )
    if _DIVISION.fullmatch(text):
        return text
    raise CellError(N_("不是行政区划代码"), N_("请写六位代码，如 110108"))
