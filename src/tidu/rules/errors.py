"""What went wrong, in one sentence for the person who must mend it."""

from __future__ import annotations

from typing import Any

from tidu.rules.language import say


class TiduError(Exception):
    """An error of ours: what happened, where, and the remedy, as one sentence.

    ``str()`` is Chinese. ``values`` fill the ``{named}`` places of the msgid, in either
    language; without them it is taken for a finished sentence. ``exit_code`` is the
    contract's (1 any failure, 3 rows not read, 4 a pack is wrong).
    """

    exit_code = 1

    def __init__(self, msgid: str = "", **values: Any) -> None:
        super().__init__(say(msgid, english=False, **values))
        self.msgid = msgid
        self.values = values

    def sentence(self, *, english: bool = False) -> str:
        """The sentence in Chinese or English."""
        return say(self.msgid, english, **self.values)


class PackError(TiduError):
    """A pack cannot be used. ``str()`` gives ``file:line: what; remedy``."""

    exit_code = 4

    def __init__(self, what: str, *, place: str = "", remedy: str = "") -> None:
        text = f"{place}: {what}" if place else what
        super().__init__(f"{text}；{remedy}" if remedy else text)
        self.what = what
        self.place = place
        self.remedy = remedy


class ExpressionError(ValueError):
    """An expression is not of the rule language; ``column`` counts from 1."""

    def __init__(self, what: str, column: int, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.column = column
        self.remedy = remedy
