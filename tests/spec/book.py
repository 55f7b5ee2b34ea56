"""What a chapter of the rule language is made of: cases, tables, refusals.

The same objects are run on every engine (test_chapters.py) and printed into
docs/reference/rule-language.md (test_reference.py).
"""

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal

from tidu.rules.facts import Fact, FactType
from tidu.rules.library import default_library
from tidu.rules.nodes import Number
from tidu.rules.units import read_quantity

ON = datetime.date(2026, 6, 1)
YEAR = ON.year
PACK = default_library().national
DICTIONARY = PACK.facts
VALUES = {  # constants a rule set may name
    "min_rnd": Number(Decimal(1_000_000), "元", "100万元", "min_rnd"),
}


ITEM = """\
items:
  - {{id: item, label: 甲, english: a, clause: 一, max: {most}, {points}}}"""


@dataclasses.dataclass(frozen=True)
class Row:
    """Facts as people write them (absent = unknown), and what must come out."""

    expected: str
    facts: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Case:
    """An expression, explained in both languages, with a table of facts.

    ``points``: how one score item counts, as a pack writes it, ``most`` its maximum;
    ``card``: a whole score card. ``score(…)`` reads either. ``aside``: run like the
    others, but too close to its neighbours to be printed.
    """

    chinese: str
    english: str
    expression: str
    rows: tuple[Row, ...]
    points: str = ""
    most: int = 10
    card: str = ""
    on: datetime.date = ON
    aside: bool = False

    @property
    def score_card(self) -> str:
        """The score card to be read, or nothing."""
        if not self.points:
            return self.card
        return ITEM.format(most=self.most, points=self.points)


@dataclasses.dataclass(frozen=True)
class TruthTable:
    """A complete table: an expression over A, B, C and the outcome of each choice.

    ``rows`` maps outcomes written ``met unmet`` to the outcome. ``symmetric``: the
    order of the items does not matter, so each combination stands once.
    """

    chinese: str
    english: str
    expression: str
    rows: Mapping[str, str]
    square: bool = False
    symmetric: bool = False


@dataclasses.dataclass(frozen=True)
class Refusal:
    """An expression the language refuses, the column it points at, and the words."""

    expression: str
    column: int
    what: str
    remedy: str = ""
    condition: bool = True


@dataclasses.dataclass(frozen=True)
class Refusals:
    """A table of refused expressions."""

    chinese: str
    english: str
    rows: tuple[Refusal, ...]


@dataclasses.dataclass(frozen=True)
class Chapter:
    """One chapter of the reference, in a reader's order."""

    number: int
    title: str
    english: str
    parts: tuple[Case | TruthTable | Refusals, ...]


def row(expected: str, **facts: str) -> Row:
    """A row whose facts are plain names: ``row("met", revenue="1500万元")``."""
    return Row(expected, facts)


def years(expected: str, fact: str, *values: str, **more: str) -> Row:
    """A row with one yearly fact, newest year first; empty text is unknown."""
    named = {
        fact if offset == 1 else f"{fact}[y{offset}]": text
        for offset, text in enumerate(values, 1)
        if text
    }
    return Row(expected, named | more)


def read_facts(written: Mapping[str, str], year: int = YEAR) -> dict[str, object]:
    """Facts as people write them → values as an engine reads them."""
    values: dict[str, object] = {}
    for name, text in written.items():
        fact_id, _, offset = name.rstrip("]").partition("[y")
        fact = DICTIONARY[fact_id]
        value = read_value(fact, text)
        if fact.yearly:
            inner = values.setdefault(fact_id, {})
            assert isinstance(inner, dict)
            inner[year - int(offset or 1)] = value
        else:
            values[fact_id] = value
    return values


def read_value(fact: Fact, text: str) -> object:
    """One value as the dictionary types it."""
    match fact.type:
        case FactType.BOOLEAN:
            return {"是": True, "否": False}[text]
        case FactType.DATE:
            return datetime.date.fromisoformat(text)
        case FactType.CHOICES:
            return frozenset(text.split("、"))
        case FactType.COUNT:
            return int(read_quantity(text)[0])
        case FactType.MONEY | FactType.RATIO | FactType.NUMBER:
            return read_quantity(text)[0]
    return text
