"""The fact dictionary, and the facts of one enterprise.

A fact has a type, a period and a unit. Money is a Decimal in 元 (or 美元), a ratio a
Decimal share of one, a count an int, a date a ``datetime.date``, a choice its id, a
multiple choice a frozenset of ids. Unknown is absence: there is no null and no zero
in its place.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
from collections.abc import Iterator, Mapping
from decimal import Decimal

FactValue = str | bool | int | Decimal | datetime.date | frozenset[str]
Years = Mapping[int, FactValue]


class FactType(enum.StrEnum):
    """What a fact's value is."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    BOOLEAN = "boolean"
    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    RATIO = "ratio"
    CHOICE = "choice"
    CHOICES = "choices"


NUMERIC = frozenset({FactType.MONEY, FactType.COUNT, FactType.NUMBER, FactType.RATIO})


class Period(enum.StrEnum):
    """When a fact holds: for ever, at the filing, or for one accounting year."""

    STATIC = "static"
    NOW = "now"
    YEAR = "year"


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice fact."""

    id: str
    label: str
    english: str


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the dictionary.

    ``form_unit`` is the unit a form uses when nobody wrote one (万元, 人, %).
    ``expires``: a date fact; earlier than the assessment date it makes this one false.
    ``since``: a date fact that wins; the value is then full years at 31 December of y1.
    ``define``: an expression that computes the fact where it is not given.
    ``least``, ``most``: the ends of a count's or a number's range, both or neither.
    ``part_of``: the fact this one cannot exceed in the same year.
    ``accumulates``: events that add up, so known years bound a sum from below.
    ``undated``: the year an undated column counts for: ``last`` (y1) or ``current``.
    ``found_in``: where an accountant finds it: statement and line, certificate, list;
    ``found_in_english`` says the same, or nothing.
    """

    id: str
    label: str
    english: str
    group: str
    type: FactType
    period: Period
    form_unit: str = ""
    choices: tuple[Choice, ...] = ()
    also: tuple[str, ...] = ()
    note: str = ""
    negative: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    dollars: bool = False
    undated: str = "last"
    expires: str = ""
    since: str = ""
    define: str = ""
    part_of: str = ""
    accumulates: bool = False
    found_in: str = ""
    found_in_english: str = ""
    place: str = ""

    @property
    def yearly(self) -> bool:
        """Whether it has one value per accounting year."""
        return self.period is Period.YEAR

    def where_found(self, *, english: bool = False) -> str:
        """Where to look it up; Chinese where nobody has put it into English."""
        return (english and self.found_in_english) or self.found_in

    def choice_label(self, choice_id: str, *, english: bool = False) -> str:
        """Write an option's id as its label."""
        for each in self.choices:
            if each.id == choice_id:
                return each.english if english else each.label
        return choice_id


FactDictionary = Mapping[str, Fact]


def key_of(fact_id: str, year: int | None = None) -> str:
    """Write a fact and its year as outside files do: ``revenue@2025``."""
    return fact_id if year is None else f"{fact_id}@{year}"


@functools.lru_cache(1 << 12)  # a table asks for the same few keys in every row
def split_key(key: str) -> tuple[str, int | None]:
    """Read ``revenue@2025`` → (revenue, 2025), ``name`` → (name, None)."""
    fact_id, _, year = key.partition("@")
    return fact_id, int(year) if year else None


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one enterprise; never changed after it was made.

    ``values`` maps a fact id to its value, a yearly fact id to {year: value}.
    ``sources`` maps a key (``revenue@2025``) to where the value stands, in words.
    """

    values: Mapping[str, FactValue | Years]
    sources: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @staticmethod
    def of(
        flat: Mapping[str, FactValue], sources: Mapping[str, str] | None = None
    ) -> Facts:
        """Make facts from flat keys: ``{"revenue@2025": Decimal(6000_0000), …}``."""
        values: dict[str, FactValue | dict[int, FactValue]] = {}
        for key, value in flat.items():
            fact_id, year = split_key(key)
            if year is None:
                values[fact_id] = value
            else:
                years = values.setdefault(fact_id, {})
                assert isinstance(years, dict)
                years[year] = value
        return Facts(values, dict(sources or {}))

    def get(self, key: str) -> FactValue | None:
        """The value under a flat key, or None for unknown."""
        fact_id, year = split_key(key)
        value = self.values.get(fact_id)
        if year is None:
            return None if isinstance(value, Mapping) else value
        return value.get(year) if isinstance(value, Mapping) else None

    def items(self) -> Iterator[tuple[str, FactValue]]:
        """All flat keys with their values."""
        for fact_id, value in self.values.items():
            if isinstance(value, Mapping):
                for year, one in value.items():
                    yield key_of(fact_id, year), one
            else:
                yield fact_id, value

    def flat(self) -> dict[str, FactValue]:
        """The facts as one flat dictionary, free to change."""
        return dict(self.items())

    def changed(self, changes: Mapping[str, FactValue | None]) -> Facts:
        """The facts with some values replaced; None takes a value away."""
        flat = self.flat()
        for key, value in changes.items():
            if value is None:
                flat.pop(key, None)
            else:
                flat[key] = value
        return Facts.of(flat, self.sources)
