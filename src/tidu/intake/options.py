"""Yes and no, one option, several options: what was ticked or written out."""

from __future__ import annotations

import re
from typing import Any

from tidu.intake.problems import CellError
from tidu.intake.writing import normal, plain_name, show
from tidu.rules.facts import Fact
from tidu.rules.language import N_

NONE = "none"
_YES = frozenset({"是", "有", "true", "yes", "y", "1", "√", "✓", "✔", "☑", "对"})
_NO = frozenset({"否", "无", "没有", "false", "no", "n", "0", "×", "✗", "✘", "☒", "错"})
_BREAK = re.compile(r"[、,，;；|\n]")


def read_boolean(cell: Any) -> bool:
    """是, 有, true, √ … or their contraries."""
    text = normal(show(cell)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError(N_("读不成是否"), N_("请写 是 或 否"))


class OptionReader:
    """Reads the options of one fact, by id, label, number from 1 or letter."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.names: dict[str, str] = {}
        for each in fact.choices:
            self.names[each.id] = each.id
            self.names[plain_name(each.label)] = each.id
        self.numbered = [each.id for each in fact.choices if each.id != NONE]

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
        if NONE in found and len(set(found)) > 1:
            raise CellError(N_("写了“无”，又写了别的项"), N_("请删去一个"))
        return frozenset(found) - {NONE}

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
