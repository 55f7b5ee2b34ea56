"""Figures as the pages show them: value in people's units, source, who, why."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.eligibility.what_if import form_factor
from tidu.registry.fact_values import from_json
from tidu.registry.ledger import Figure
from tidu.registry.models import Enterprise, Evidence
from tidu.registry.precedence import Filed
from tidu.rules.facts import Fact, FactType, FactValue, key_of, split_key
from tidu.rules.library import default_library
from tidu.rules.naming import name_fact, show_fact
from tidu.rules.packs import Pack
from tidu.rules.units import plain
from tidu.web.wording import found_word, person_word

GROUPS = {
    "economy": gettext_lazy("经营数据"),
    "innovation": gettext_lazy("创新与知识产权"),
    "specialisation": gettext_lazy("细分市场与主导产品"),
    "refinement": gettext_lazy("质量、品牌与管理"),
    "titles": gettext_lazy("称号与有效期"),
    "conduct": gettext_lazy("守法与诚信"),
    "digital": gettext_lazy("数字化水平问卷"),
    "tax": gettext_lazy("税收"),
    "funding": gettext_lazy("财政资金和项目"),
    "listing": gettext_lazy("上市和挂牌"),
    "trade": gettext_lazy("进出口和海关"),
    "green": gettext_lazy("绿色低碳"),
    "self_checks": gettext_lazy("管理、合规和治理自查"),
    "identity": gettext_lazy("企业基本情况"),
    "local": gettext_lazy("本省另加的项目"),
}
IDENTITY = frozenset({"name", "uscc", "territory"})
"""Facts that the registry itself keeps; a form does not change them."""
YEARS_BACK = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """One figure that somebody filed, in words."""

    value: str
    source: str
    filed_by: str
    filed_at: datetime.datetime
    place: str
    evidence: Evidence | None


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """A figure in the table: in force, the others beside it and the reason."""

    key: str
    year: int | None
    now: Shown | None
    others: list[Shown]
    reason: str
    proofs: list[Evidence]


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One fact: its cell for each year, or its only one."""

    fact: Fact
    label: str
    unit: str
    cells: list[Cell]


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A group of the dictionary; ``known`` of ``count`` facts have a figure."""

    id: str
    label: str
    years: list[int]
    yearly: list[Line]
    single: list[Line]
    known: int
    conflicts: int

    @property
    def count(self) -> int:
        return len(self.yearly) + len(self.single)


def pack_of(enterprise: Enterprise) -> Pack:
    """The pack that applies where the enterprise is."""
    return default_library().for_territory(enterprise.territory)


def group_label(group: str) -> str:
    """A group's heading; of one that this program does not know, its id."""
    return str(GROUPS.get(group, group))


def in_group(pack: Pack, group: str) -> list[Fact]:
    """The facts of a group that a form can hold."""
    return [
        each
        for each in pack.facts.values()
        if each.group == group and each.id not in IDENTITY
    ]


def groups_of(pack: Pack) -> list[str]:
    """The groups in the order of the page: known ones first."""
    present = dict.fromkeys(each.group for each in pack.facts.values())
    return [
        *(g for g in GROUPS if g in present),
        *(g for g in present if g not in GROUPS),
    ]


def sections(
    enterprise: Enterprise,
    figures: Mapping[str, Figure],
    evidence: Mapping[int, Evidence],
    on: datetime.date,
    *,
    english: bool,
) -> list[Section]:
    """Every group with all its facts, known or not; further years where known."""
    pack = pack_of(enterprise)

    def line(fact: Fact, years: list[int]) -> Line:
        keys = [key_of(fact.id, year) for year in years] if fact.yearly else [fact.id]
        cells = [
            _cell(key, figures.get(key), evidence, pack, english=english)
            for key in keys
        ]
        label = name_fact(fact.id, pack.words, english=english)
        return Line(fact, label, unit_label(fact), cells)

    found = []
    for group in groups_of(pack):
        facts = in_group(pack, group)
        ids = {fact.id for fact in facts}
        asked = {year for fact in facts for year in years_of(fact, on)}
        known = {year for id_, year in map(split_key, figures) if year and id_ in ids}
        years = sorted(asked | known)
        lines = [line(fact, years) for fact in facts]
        found.append(
            Section(
                id=group,
                label=group_label(group),
                years=years,
                yearly=[each for each in lines if each.fact.yearly],
                single=[each for each in lines if not each.fact.yearly],
                known=sum(any(c.now for c in each.cells) for each in lines),
                conflicts=sum(bool(c.others) for each in lines for c in each.cells),
            )
        )
    return found


def years_of(fact: Fact, on: datetime.date) -> list[int]:
    """The years a form asks a yearly fact for: closed ones, or also the current."""
    if not fact.yearly:
        return []
    last = on.year if fact.undated == "current" else on.year - 1
    return list(range(on.year - YEARS_BACK, last + 1))


def keys_of(fact: Fact, on: datetime.date) -> list[str]:
    """The keys a form asks a fact for."""
    if not fact.yearly:
        return [fact.id]
    return [key_of(fact.id, year) for year in years_of(fact, on)]


def unit_label(fact: Fact) -> str:
    """The unit of a fact's field: 万元, %, 人 …"""
    if fact.type is FactType.RATIO:
        return "%"
    return fact.form_unit


def shown(
    filed: Filed,
    fact: Fact,
    evidence: Mapping[int, Evidence],
    pack: Pack,
    *,
    english: bool,
) -> Shown:
    """One filed figure in words; a null is a withdrawal."""
    key = fact.id
    text = _("撤回（不详）")
    if filed.value is not None:
        value = from_json(filed.value, fact.type)
        text = show_fact(key, value, pack.words, english=english)
    return Shown(
        value=text,
        source=str(filed.source.label),
        filed_by=person_word(filed.filed_by),
        filed_at=filed.filed_at,
        place=found_word(filed.place, english=english),
        evidence=evidence.get(filed.evidence) if filed.evidence else None,
    )


def _cell(
    key: str,
    figure: Figure | None,
    evidence: Mapping[int, Evidence],
    pack: Pack,
    *,
    english: bool,
) -> Cell:
    fact_id, year = split_key(key)
    if figure is None or figure.in_force.chosen is None:
        return Cell(key, year, None, [], "", [])
    fact, found = pack.facts[fact_id], figure.in_force
    assert found.chosen is not None
    return Cell(
        key,
        year,
        shown(found.chosen, fact, evidence, pack, english=english),
        [shown(each, fact, evidence, pack, english=english) for each in found.others],
        found.reason,
        [
            each
            for each in evidence.values()
            if key in each.keys or each.pk == found.chosen.evidence
        ],
    )


def in_form_unit(
    fact: Fact, value: FactValue | None, pack: Pack, *, english: bool
) -> str:
    """A value as a form's field holds it, without the unit that stands beside it."""
    if value is None:
        return ""
    if fact.type in {FactType.MONEY, FactType.RATIO}:
        assert isinstance(value, Decimal)
        number = plain(value / form_factor(fact))
        whole, point, rest = number.partition(".")
        return f"{int(whole):,}{point}{rest}" if whole not in {"-0", ""} else number
    if fact.type in {FactType.COUNT, FactType.NUMBER}:
        return plain(Decimal(str(value)))
    return show_fact(fact.id, value, pack.words, english=english)
