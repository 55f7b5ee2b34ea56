"""A column header → which fact, which year, which unit.

Read are fact ids and labels with ``@2025``, ``2025年X``, ``X（2025年）``, 上年度X, and
a unit in brackets; names are compared half-width, without blanks and quotes.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping

from tidu.intake.cells import ALL_UNITS, check_year, normal, plain_name
from tidu.rules.facts import Fact, FactDictionary, key_of

_AT_YEAR = re.compile(r"@\s*(\d{4})")
_BRACKET = re.compile(r"\(([^()]*)\)\s*$")
_UNITS = frozenset({*ALL_UNITS, "%", "人", "项", "年", "分", "级", "个", "名", "元/人"})
_YEAR = r"(\d{4})\s*年?度?末?"
_LEADING_YEAR = re.compile(r"(\d{4})\s*年(?:度|末)?")
_RELATIVE = (
    ("上上年", 2),
    ("前年", 2),
    ("上年", 1),
    ("去年", 1),
    ("本年", 0),
    ("今年", 0),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """What a header says. ``year`` None: not said; ``fact`` None: an unknown column."""

    text: str
    fact: Fact | None
    year: int | None
    unit: str
    nearest: str = ""

    def key(self, default_year: int) -> str:
        """The fact's key, with ``default_year`` where a yearly fact names none."""
        assert self.fact is not None
        if not self.fact.yearly:
            return self.fact.id
        return key_of(self.fact.id, self.year or default_year)


class HeaderReader:
    """Reads headers against a dictionary; relative years count from ``year``."""

    def __init__(self, facts: FactDictionary, year: int) -> None:
        self.facts = facts
        self.year = year
        self.names: Mapping[str, Fact] = _names(facts)

    def read(self, text: str, above: str = "") -> Header:
        """Read a header; ``above`` is the year row's cell over it.

        Raises CellError for a year outside 1980–2100.
        """
        name, year, unit = self._parts(text)
        if year is None and above:
            year = self.year_of(above)
        fact = self.names.get(plain_name(name)) or self.names.get(plain_name(text))
        if fact is None:
            return Header(text, None, year, unit, self._nearest(name))
        if year is not None and fact.yearly:
            check_year(year)
        return Header(text, fact, year if fact.yearly else None, unit)

    def year_of(self, text: str) -> int | None:
        """The year a cell of a year row names (2025年, 上年度), or None."""
        plain = normal(text)
        if match := re.fullmatch(_YEAR, plain):
            return int(match[1])
        for word, back in _RELATIVE:
            if re.fullmatch(f"{word}(?:度|末)?", plain):
                return self.year - back
        return None

    def _parts(self, text: str) -> tuple[str, int | None, str]:
        name = normal(text).replace("\n", "")
        year: int | None = None
        unit = ""
        if match := _AT_YEAR.search(name):
            year = int(match[1])
            name = name[: match.start()] + name[match.end() :]
        while match := _BRACKET.search(name):
            inner = match[1].strip()
            if inner in _UNITS:
                unit = inner
            elif (found := self.year_of(inner)) is not None:
                year = found
            elif inner.removeprefix("单位:").strip() in _UNITS:
                unit = inner.removeprefix("单位:").strip()
            else:
                break
            name = name[: match.start()].strip()
        if plain_name(name) in self.names:
            return name, year, unit
        if match := _LEADING_YEAR.match(name):
            return name[match.end() :], int(match[1]), unit
        for word, back in _RELATIVE:
            if name.startswith(word):
                rest = re.sub(r"^[度末]", "", name.removeprefix(word))
                return rest, self.year - back, unit
        return name, year, unit

    def _nearest(self, name: str) -> str:
        found = difflib.get_close_matches(plain_name(name), self.names, n=1, cutoff=0.6)
        return self.names[found[0]].label if found else ""


def _names(facts: FactDictionary) -> dict[str, Fact]:
    """Every name of every fact; ids and labels win over further names."""
    found: dict[str, Fact] = {}
    for fact in facts.values():
        for name in fact.also:
            found[plain_name(name)] = fact
    for fact in facts.values():
        found[plain_name(fact.label)] = fact
        found[plain_name(fact.id)] = fact
    return found
