"""An edition of a standard in words: its conditions, score card, table, rounds."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tidu.rules import nodes
from tidu.rules.documents import default_documents, place_of_clause
from tidu.rules.library import default_library
from tidu.rules.naming import name_fact, show
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Criterion, Kind, RuleSet, ScoreItem, Window
from tidu.rules.tables import Indicator, Table
from tidu.rules.units import plain
from tidu.rules.wording import grade_word, kind_word
from tidu.web.public.edition_words import EditionTeller

FOR_EVER = datetime.date(9999, 12, 31)


@dataclasses.dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause with the place it is restated at, empty where it is nowhere."""

    text: str
    document: str
    anchor: str


@dataclasses.dataclass(frozen=True, slots=True)
class ConditionShown:
    """One condition, or a group of them; ``any_of``: one part suffices."""

    id: str
    label: str
    requirement: str
    again: str
    clause: ClauseShown
    grade_id: str
    grade: str
    note: str
    only: str
    any_of: bool
    parts: list[ConditionShown]


@dataclasses.dataclass(frozen=True, slots=True)
class ItemShown:
    """One line of the score card: ``steps`` as words and points."""

    group: str
    label: str
    most: str
    steps: list[str]
    clause: ClauseShown
    grade: str
    note: str


@dataclasses.dataclass(frozen=True, slots=True)
class TableLine:
    """One indicator of one industry: lower bounds of each grade but the lowest."""

    label: str
    codes: str
    note: str
    indicator: str
    bounds: list[str]
    first: bool
    lines: int


@dataclasses.dataclass(frozen=True, slots=True)
class LocalShown:
    """What a province adds to the edition: its rounds, its items of the score card."""

    title: str
    rounds: list[tuple[str, str, list[str], ClauseShown]]
    items: list[ItemShown]


@dataclasses.dataclass(frozen=True, slots=True)
class EditionShown:
    """Everything an edition says."""

    id: str
    label: str
    document: str
    number: str
    grade_id: str
    grade: str
    notes: list[str]
    periods: list[str]
    conditions: list[ConditionShown]
    advice: list[ConditionShown]
    items: list[ItemShown]
    most_points: str
    grades: list[str]
    lines: list[TableLine]
    local: list[LocalShown]


def edition_shown(rule_set: RuleSet, pack: Pack, *, english: bool) -> EditionShown:
    """An edition in words, with what provinces add to it."""
    teller = EditionTeller(rule_set, pack, english=english)
    own = rule_set.document
    tables = _tables(rule_set)
    return EditionShown(
        id=rule_set.id,
        label=rule_set.label.say(english=english),
        document=own if own in default_documents() else "",
        number=f"{rule_set.number} {rule_set.annex}".strip(),
        grade_id=rule_set.grade.value,
        grade=grade_word(rule_set.grade, english=english),
        notes=[each.say(english=english) for each in rule_set.notes],
        periods=periods(rule_set, english=english),
        conditions=[_condition(each, own, teller) for each in rule_set.criteria],
        advice=[_condition(each, own, teller) for each in rule_set.advice],
        items=[_item(each, own, teller) for each in rule_set.items],
        most_points=plain(rule_set.score_card.max) if rule_set.score_card else "",
        grades=[
            each.say(english=english) for table in tables for each in table.labels[1:]
        ],
        lines=[
            line for table in tables for line in _lines(table, pack, english=english)
        ],
        local=list(_local(rule_set, english=english)),
    )


def periods(rule_set: RuleSet, *, english: bool) -> list[str]:
    """For which procedures and when an edition applies, one line a window."""
    return list(
        dict.fromkeys(_period(each, english=english) for each in rule_set.windows)
    )


def _period(window: Window, *, english: bool) -> str:
    kinds = _("、").join(
        kind_word(kind, english=english)
        for kind in (Kind.NEW, Kind.REVERIFICATION)
        if kind in window.kinds
    )
    last = window.end - datetime.timedelta(days=1)
    if window.start == datetime.date.min:
        return kinds
    if window.end == FOR_EVER:
        return _("{kinds}：{start} 起").format(kinds=kinds, start=window.start)
    return _("{kinds}：{start} 至 {last}").format(
        kinds=kinds, start=window.start, last=last
    )


def _clause(text: str, own: str) -> ClauseShown:
    return ClauseShown(text, *place_of_clause(text, own, default_documents()))


def _condition(criterion: Criterion, own: str, teller: EditionTeller) -> ConditionShown:
    english = teller.english
    requirement = again = ""
    if criterion.level is not None:
        requirement = "；".join(teller.steps(criterion.level))
        if isinstance(criterion.level, nodes.Grade):
            requirement = _("按划型表分级，见下表")
    elif not criterion.parts:
        requirement = teller.condition(criterion.tree(Kind.NEW))
        if criterion.again is not None:
            again = teller.condition(criterion.again)
    only = ""
    if Kind.REVERIFICATION not in criterion.kinds:
        only = _("只在新申报时考察")
    elif Kind.NEW not in criterion.kinds:
        only = _("只在复核时考察")
    return ConditionShown(
        criterion.id,
        criterion.label.say(english=english),
        requirement,
        again,
        _clause(criterion.clause, own),
        criterion.grade.value,
        grade_word(criterion.grade, english=english),
        criterion.note.say(english=english),
        only,
        criterion.any_of,
        [_condition(each, own, teller) for each in criterion.parts],
    )


def _item(item: ScoreItem, own: str, teller: EditionTeller) -> ItemShown:
    english = teller.english
    group = teller.groups.get(item.group)
    return ItemShown(
        group.say(english=english) if group else "",
        item.label.say(english=english),
        plain(item.max),
        teller.steps(item.points),
        _clause(item.clause, own),
        grade_word(item.grade, english=english),
        item.note.say(english=english),
    )


def _tables(rule_set: RuleSet) -> list[Table]:
    """The grading table a rule set is, where it is one."""
    value = rule_set.value
    return [value.table] if isinstance(value, nodes.Grade) else []


def _lines(table: Table, pack: Pack, *, english: bool) -> Iterable[TableLine]:
    for row in table.rows:
        label = row.english if english else row.label
        note = row.note_english if english else row.note
        codes = "、".join(row.codes)
        if not row.indicators:
            none = [_("不在划型表内，需人工认定")]
            yield TableLine(label, codes, note, "", none, True, 1)  # noqa: FBT003
        for at, each in enumerate(row.indicators):
            name = name_fact(each.fact, pack.words, english=english)
            bounds = _bounds(each, english=english)
            yield TableLine(
                label, codes, note, name, bounds, at == 0, len(row.indicators)
            )


def _bounds(indicator: Indicator, *, english: bool) -> list[str]:
    unit = indicator.unit if indicator.unit in {"元", "美元", "%"} else ""
    word = "" if unit or english else indicator.unit
    return [show(each, unit, english=english) + word for each in indicator.bounds]


def _local(rule_set: RuleSet, *, english: bool) -> Iterable[LocalShown]:
    """What each province's pack says beyond the State's edition."""
    for pack in default_library().provinces.values():
        rounds = [
            (
                each.label.say(english=english),
                _("{opens} 至 {closes}").format(opens=each.opens, closes=each.closes),
                [material.say(english=english) for material in each.materials],
                _clause(each.clause, ""),
            )
            for each in pack.rounds
            if each.rule_set == rule_set.name
        ]
        teller = EditionTeller(rule_set, pack, english=english)
        items = [
            dataclasses.replace(_item(item, rule_set.document, teller), steps=steps)
            for item in rule_set.items
            if (steps := _filled(item, pack, teller))
        ]
        if rounds or items:
            yield LocalShown(pack.title.say(english=english), rounds, items)


def _filled(item: ScoreItem, pack: Pack, teller: EditionTeller) -> list[str]:
    """How a province fills an item that is left to it; nothing where it does not."""
    if not isinstance(item.points, nodes.Given):
        return []
    definition = pack.definitions.get(item.points.fact.id)
    return teller.steps(definition) if definition else []
