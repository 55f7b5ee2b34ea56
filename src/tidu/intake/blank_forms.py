"""What a form asks, in which order: asked facts as the sections of a form.

The workbooks themselves are written by :mod:`tidu.intake.blank_books`.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from tidu.rules.asking import AskedFact, asked_facts, criteria_named
from tidu.rules.facts import Fact, FactDictionary, Facts, Period, key_of, split_key
from tidu.rules.naming import name_fact
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind

IDENTITY = "identity"
ALWAYS = ("name", "uscc", "territory")
_TITLES = {
    IDENTITY: "企业基本情况",
    "economy": "经济指标",
    "specialisation": "专业化",
    "innovation": "创新能力",
    "refinement": "精细化",
    "titles": "已有称号和平台得分",
    "conduct": "诚信和合规",
}
_LAST = {"digital": "数字化水平问卷"}  # long, and only one scheme reads it
_OTHER = "地方指标"
_PART = "其中"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """One cell to be filled for each firm; ``name`` is the fact's full name.

    ``whole``: the key that must stand before this one, whose label begins with 其中.
    """

    fact: Fact
    year: int | None
    name: str
    decides: tuple[str, ...] = ()
    required: bool = False
    whole: str = ""

    @property
    def expected(self) -> bool:
        """Whether a form should not come back without it."""
        return self.required or self.fact.id in ALWAYS

    @property
    def key(self) -> str:
        """``revenue@2025``."""
        return key_of(self.fact.id, self.year)


def year_text(ask: Ask) -> str:
    """The year a figure is of: 2025年, 目前, or nothing for what never changes."""
    if ask.year:
        return f"{ask.year}年"
    return "目前" if ask.fact.period is Period.NOW else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A group of facts under one title."""

    title: str
    asks: tuple[Ask, ...]


@dataclasses.dataclass(frozen=True)
class Blank:
    """A form to write: what it asks, of whom, for which schemes on which day.

    ``rows``: empty lines after those of ``firms`` (county form only); ``criteria``:
    what ``scheme/criterion`` is called; ``marked``: cells (number of the firm, key)
    that are known but doubtful.
    """

    pack: Pack
    on: datetime.date
    schemes: tuple[str, ...]
    sections: tuple[Section, ...]
    criteria: Mapping[str, str] = dataclasses.field(default_factory=dict)
    firms: Sequence[Facts] = ()
    rows: int = 0
    kind: Kind = Kind.NEW
    marked: frozenset[tuple[int, str]] = frozenset()
    title: str = "优质中小企业摸底表"

    @property
    def asks(self) -> list[Ask]:
        """All cells of one firm, in the order of the form."""
        return [ask for section in self.sections for ask in section.asks]


def blank_form(
    pack: Pack, schemes: Sequence[str], on: datetime.date, kind: Kind = Kind.NEW
) -> Blank:
    """The form for schemes on a day, without any firm."""
    labels = criteria_named(pack, schemes, on, kind)
    return Blank(
        pack=pack,
        on=on,
        schemes=tuple(schemes),
        sections=lay_out(pack, asked_facts(pack, schemes, on, kind)),
        criteria={name: label.chinese for name, label in labels.items()},
        kind=kind,
    )


def form_of(blank: Blank, facts: Facts, keys: Iterable[str], name: str) -> Blank:
    """The form for one firm: what is known filled in, only the keys asked."""
    return dataclasses.replace(
        blank,
        sections=only(blank.sections, keys),
        firms=[facts],
        title=f"{blank.title}：{name}" if name else blank.title,
    )


def form_name(*parts: str) -> str:
    """A file name: ``示范省长岭轴承有限公司-91990221MA00000114.xlsx``."""
    return _NOT_IN_NAMES.sub("_", "-".join(filter(None, parts))) + ".xlsx"


def lay_out(pack: Pack, asked: Iterable[AskedFact]) -> tuple[Section, ...]:
    """Put facts into sections, and in each the latest year, then the weightiest first.

    Name, code and division always lead; a part (其中…) follows its whole.
    """
    wanted = {each.key: each for each in asked}
    for fact_id in ALWAYS:
        if fact_id in pack.facts:
            wanted.setdefault(fact_id, AskedFact(fact_id, (), required=False))
    for key in list(wanted):
        if whole := _whole(key, pack.facts):
            wanted.setdefault(whole, AskedFact(whole, (), required=False))
    groups: dict[str, list[Ask]] = {}
    for key, each in wanted.items():
        fact_id, year = split_key(key)
        fact = pack.facts[fact_id]
        name = name_fact(fact_id, pack.words, english=False)
        whole = _whole(key, pack.facts)
        ask = Ask(fact, year, name, each.decides, each.required, whole)
        groups.setdefault(fact.group, []).append(ask)
    order = _order(
        pack.facts, {key: len(asked.decides) for key, asked in wanted.items()}
    )
    return tuple(
        Section(title, tuple(sorted(groups[group], key=order)))
        for group, title in _titles(groups)
    )


def only(sections: Iterable[Section], keys: Iterable[str]) -> tuple[Section, ...]:
    """The sections with these keys and what identifies a firm; wholes stay."""
    kept = set(keys) | set(ALWAYS)
    all_asks = [ask for section in sections for ask in section.asks]
    kept |= {ask.whole for ask in all_asks if ask.key in kept}
    found = [
        Section(section.title, tuple(a for a in section.asks if a.key in kept))
        for section in sections
    ]
    return tuple(section for section in found if section.asks)


def _titles(groups: Iterable[str]) -> list[tuple[str, str]]:
    """The groups that are there with their titles, in the order of a form."""
    there = set(groups)
    others = sorted(there - {*_TITLES, *_LAST})
    named = {**_TITLES, **dict.fromkeys(others, _OTHER), **_LAST}
    return [(group, title) for group, title in named.items() if group in there]


def _whole(key: str, facts: FactDictionary) -> str:
    """The key of what a fact is a part of, where its label alone would not say it."""
    fact_id, year = split_key(key)
    fact = facts[fact_id]
    return key_of(fact.part_of, year) if fact.label.startswith(_PART) else ""


def _order(
    facts: FactDictionary, weights: Mapping[str, int]
) -> Callable[[Ask], tuple[int, ...]]:
    at = {fact_id: number for number, fact_id in enumerate(facts)}

    def place(ask: Ask) -> tuple[int, ...]:
        lead = split_key(ask.whole or ask.key)[0]
        first = ALWAYS.index(lead) if lead in ALWAYS else len(ALWAYS)
        weight = weights.get(ask.whole or ask.key, 0)
        own = at[ask.fact.id] if ask.whole else -1
        return first, -(ask.year or 0), -weight, at[lead], own

    return place
