"""One cell → one value: which reader a fact's column takes; ticks, options, codes."""

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
from tidu.intake.problems import CellError
from tidu.intake.writing import UNREADABLE, normal, plain_name, show
from tidu.rules.facts import Fact, FactType, FactValue
from tidu.rules.language import N_

Reader = Callable[[Any, Note], FactValue]

SPREADSHEET_ERRORS = frozenset(
    {"#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"}
)
NO_RESULT = (N_("公式没有结果，或结果是错误值"), N_("请把公式粘贴为数值"))
_NONE = "none"
_YES = frozenset({"是", "有", "true", "yes", "y", "1", "√", "✓", "✔", "☑", "对"})
_NO = frozenset({"否", "无", "没有", "false", "no", "n", "0", "×", "✗", "✘", "☒", "错"})
_BREAK = re.compile(r"[、,，;；|\n]")
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
            return lambda cell, _note: _boolean(cell)
        case FactType.CHOICE:
            options = _Options(fact)
            return lambda cell, _note: options.one(cell)
        case FactType.CHOICES:
            several = _Options(fact)
            return lambda cell, _note: several.several(cell)
        case FactType.CODE:
            return lambda cell, _note: _code(cell, fact)
    return lambda cell, _note: _text(cell)


def _boolean(cell: Any) -> bool:
    """是, 有, true, √ … or their contraries."""
    text = normal(show(cell)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError(N_("读不成是否"), N_("请写 是 或 否"))


class _Options:
    """Reads the options of one fact, by id, label, number from 1 or letter."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.names: dict[str, str] = {}
        for each in fact.choices:
            self.names[each.id] = each.id
            self.names[plain_name(each.label)] = each.id
        self.numbered = [each.id for each in fact.choices if each.id != _NONE]

    def one(self, cell: Any) -> str:
        """One option by id or label."""
        found = self.names.get(plain_name(show(cell)))
        if found is None:
            raise self._error()
        return found

    def several(self, cell: Any) -> frozenset[str]:
        """Options in a list, or with 、 or ； between them; 无 alone is none."""
        if isinstance(cell, list):
            found = [self._marked(show(each)) for each in cell]
        elif (whole := self.names.get(plain_name(show(cell)))) is not None:
            found = [whole]
        else:
            found = self._written(normal(show(cell)))
        if _NONE in found and len(set(found)) > 1:
            raise CellError(N_("写了“无”，又写了别的项"), N_("请删去一个"))
        return frozenset(found) - {_NONE}

    def _written(self, text: str) -> list[str]:
        """Options in a text; one whose own name holds a separator stays whole."""
        parts = [each for each in _BREAK.split(text) if each.strip()]
        found = []
        while parts:
            for count in range(len(parts), 1, -1):
                if name := self.names.get(plain_name("".join(parts[:count]))):
                    break
                if name := self.names.get(plain_name("、".join(parts[:count]))):
                    break
            else:
                name, count = self._marked(parts[0]), 1
            found.append(name)
            del parts[:count]
        return found

    def _marked(self, text: str) -> str:
        """An option by name, number from 1, or letter; 无 takes no number."""
        name = plain_name(text)
        if name in self.names:
            return self.names[name]
        at = 0
        if re.fullmatch(r"\d{1,2}", name):
            at = int(name)
        elif re.fullmatch(r"[a-z]", name):
            at = ord(name) - ord("a") + 1
        if not 1 <= at <= len(self.numbered):
            raise self._error()
        return self.numbered[at - 1]

    def _error(self) -> CellError:
        return CellError(
            N_("不是可选的项"),
            N_("可写：{options}"),
            options="、".join(each.label for each in self.fact.choices),
        )


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
