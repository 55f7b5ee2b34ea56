"""What things are called: texts in two languages, facts, composed quantities."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tidu.rules.facts import FactDictionary


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A text for people: Chinese, and its English translation."""

    chinese: str
    english: str

    def __bool__(self) -> bool:
        return bool(self.chinese)

    def say(self, *, english: bool = False) -> str:
        """The text in the language asked for."""
        return self.english if english else self.chinese


NO_TEXT = Text("", "")


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """What facts and composed quantities (资产负债率) are called.

    ``quantities`` maps a printed expression to its name.
    """

    facts: FactDictionary
    quantities: Mapping[str, Text]
