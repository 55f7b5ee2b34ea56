"""A column header → which fact, which year, which unit.

Read are fact ids and labels with ``@2025``, ``2025年X``, ``X（2025年）``, 上年度X, and
a unit in brackets; names are compared half-width, without blanks and quotes.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping

from tidu.intake.amounts import ALL_UNITS
from tidu.intake.dates import check_year
from tidu.intake.writing import normal, plain_name
from tidu.rules.facts import Fact, FactDictionary, key_of

UNITS = frozenset({*ALL_UNITS, "%", "人", "项", "年", "分", "级", "个", "名", "家"})
_AT_YEAR = re.compile(r"@\s*(\d+)")
_BRACKET = re.compile(r"\(([^()]*)\)\s*$")
_BETWEEN = re.compile(r"[,，、;；/\s]+")
_UNIT_WORD = re.compile(r"^(?:金额)?单位:?")
_YEAR = re.compile(r"(\d{4})\s*年?[度末底]?")
_LEADING_YEAR = re.compile(r"(\d{4})(?!\d)\s*(年?)[度末底]?")
_TRAILING_YEAR = re.compile(r"(?<!\d)(\d{4})\s*年?[度末底]?$")
_NUMBERING = re.compile(r"^[(]?(?:\d{1,2}|[一二三四五六七八九十]+)[).、.]+")
_UNIT_LINE = re.compile(r"\(?(?:金额)?单位:(?:人民币)?(\S+?)\)?")
_CLASSES = {"i": "1", "l": "1", "一": "1", "1": "1", "ii": "2", "二": "2", "2": "2"}
_OF_CLASS = "类知识产权"
_CLASS = re.compile(rf"(?<![0-9一二三四五六七八九十a-z])(ii|[il一二12]){_OF_CLASS}")
_LONGEST = 120  # characters of a header worth reading
_DEEPEST = 2  # 1、2025年X(万元)2025: nobody writes more around a name
_RELATIVE = (
    ("上上年", 2),
    ("前年", 2),
    ("上一年", 1),
    ("上年", 1),
    ("去年", 1),
    ("本年", 0),
    ("当年", 0),
    ("今年", 0),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """What a header says. ``year`` None: not said; ``fact`` None: an unknown column.

    ``strange_unit``: the fact would be known, but not the unit in its brackets.
    """

    text: str
    fact: Fact | None
    year: int | None
    unit: str
    strange_unit: str = ""

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
        fact = self.names.get(_same_name(name))
        if fact is None:
            return Header(text, None, year, unit, self._strange_unit(name))
        if year is not None and fact.yearly:
            check_year(year)
        return Header(text, fact, year if fact.yearly else None, unit)

    def fact_of(self, text: str) -> Fact | None:
        """The fact a header names, whatever its year."""
        return self.names.get(_same_name(self._parts(text)[0]))

    def year_of(self, text: str) -> int | None:
        """The year a cell of a year row names (2025年, 上年度), or None."""
        plain = normal(text)
        if match := _YEAR.fullmatch(plain):
            return int(match[1])
        for word, back in _RELATIVE:
            if re.fullmatch(f"{word}[度末底]?", plain):
                return self.year - back
        return None

    def nearest(self, text: str) -> str:
        """The label of the fact whose name is most like a header, or nothing."""
        name = _same_name(self._parts(text)[0])
        found = difflib.get_close_matches(name, self.names, n=1, cutoff=0.6)
        return self.names[found[0]].label if found else ""

    def _parts(self, text: str, depth: int = 0) -> tuple[str, int | None, str]:
        """Take year and unit off a header: what is left is the name."""
        name = normal(text).replace("\n", "")[:_LONGEST]
        year: int | None = None
        unit = ""
        if match := _AT_YEAR.search(name):
            year = int(match[1])
            name = name[: match.start()] + name[match.end() :]
        while _same_name(name) not in self.names:
            match = _BRACKET.search(name)
            said = self._bracket(match[1]) if match else None
            if match is None or said is None:
                break
            year, unit = said[0] or year, said[1] or unit
            name = name[: match.start()].strip()
        if _same_name(name) in self.names:
            return name, year, unit
        if depth == _DEEPEST:
            return name, year, unit
        bare, other_year, other_unit = self._without_year(name, depth + 1)
        return bare, year or other_year, unit or other_unit

    def _bracket(self, inner: str) -> tuple[int | None, str] | None:
        """Year and unit of a bracket (万元, 2025年); None if it says anything else."""
        year: int | None = None
        unit = ""
        for part in _BETWEEN.split(inner.strip()):
            word = _UNIT_WORD.sub("", part)
            if word in UNITS:
                unit = word
            elif (found := self.year_of(part)) is not None:
                year = found
            else:
                return None
        return year, unit

    def _without_year(self, name: str, depth: int) -> tuple[str, int | None, str]:
        """2025年X, 上年度X, X2025年 and 1、X as name, year and unit."""
        if match := _LEADING_YEAR.match(name):
            rest, _, unit = self._parts(name[match.end() :], depth)
            if match[2] or _same_name(rest) in self.names:
                return rest, int(match[1]), unit
        for word, back in _RELATIVE:
            if name.startswith(word):
                rest = re.sub(r"^[度末底]", "", name[len(word) :])
                return rest, self.year - back, ""
        if match := _TRAILING_YEAR.search(name):
            rest, _, unit = self._parts(name[: match.start()], depth)
            if _same_name(rest) in self.names:
                return rest, int(match[1]), unit
        if match := _NUMBERING.match(name):
            rest, year, unit = self._parts(name[match.end() :], depth)
            if _same_name(rest) in self.names:
                return rest, year, unit
        return name, None, ""

    def _strange_unit(self, name: str) -> str:
        """What stands in the brackets of a name that is known without them."""
        match = _BRACKET.search(name)
        if match and self.fact_of(name[: match.start()]) is not None:
            return match[1].strip()
        return ""


def unit_line(text: str) -> str:
    """The unit of a line over a table (单位：万元), or nothing."""
    match = _UNIT_LINE.fullmatch(normal(text).replace(" ", ""))
    return match[1] if match and match[1] in ALL_UNITS else ""


def _same_name(text: str) -> str:
    """A name as headers are compared: Ⅰ类, I类, 1类 and 一类 are one class."""
    name = plain_name(text)
    if _OF_CLASS not in name:
        return name
    return _CLASS.sub(lambda found: _CLASSES[found[1]] + _OF_CLASS, name)


def _names(facts: FactDictionary) -> dict[str, Fact]:
    """Every name of every fact; ids and labels win over further names."""
    found: dict[str, Fact] = {}
    for fact in facts.values():
        for name in fact.also:
            found[_same_name(name)] = fact
    for fact in facts.values():
        found[_same_name(fact.label)] = fact
        found[_same_name(fact.id)] = fact
    return found
