"""What if: other figures for a moment, the ladder and the findings that change."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidu.eligibility.standings import Standings
from tidu.eligibility.what_if import (
    Changed,
    Knob,
    assume,
    differences,
    form_factor,
    knobs,
)
from tidu.intake.problems import CellError
from tidu.rules.facts import NUMERIC, FactType, FactValue
from tidu.rules.ladder import RUNGS, is_detail, next_scheme
from tidu.rules.naming import name_key, show_fact
from tidu.rules.sentences import what_was_found
from tidu.rules.units import plain
from tidu.web.context import speaks_english
from tidu.web.enterprise.facts_form import as_typed, read_typed, say
from tidu.web.enterprise.figures import unit_label
from tidu.web.enterprise.firm import Firm
from tidu.web.enterprise.ladder import standings_today
from tidu.web.findings import OutcomeMark, mark
from tidu.web.pages import Asked


@dataclasses.dataclass(frozen=True, slots=True)
class Dial:
    """One figure to play with, as the form shows it."""

    key: str
    label: str
    unit: str
    typed: str
    present: str
    most: str
    step: str
    at: str
    options: list[tuple[str, str]]
    error: str

    @property
    def slides(self) -> bool:
        return bool(self.most)


@dataclasses.dataclass(frozen=True, slots=True)
class Rung:
    """One title before and after."""

    label: str
    before: OutcomeMark
    after: OutcomeMark

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclasses.dataclass(frozen=True, slots=True)
class Effect:
    """One finding before and after, in words. ``changed``: its outcome or points."""

    scheme: str
    label: str
    detail: bool
    before: OutcomeMark
    after: OutcomeMark
    was: str
    now: str
    sentence: str
    changed: bool


def what_if(request: Asked, firm: Firm) -> HttpResponse:
    """The page; asked by its own form, only the part that changes. Nothing is saved."""
    english = speaks_english()
    found = standings_today(firm)
    target = next_scheme(found.pack, found.prepared, found.schemes)
    offered = knobs(found, target) if target else []
    changes, dials = _read(request, offered, found, english=english)
    after = assume(found, changes)
    rungs = _rungs(found, after, english=english)
    effects = [
        _effect(each, found, english=english) for each in differences(found, after)
    ]
    context: dict[str, Any] = {
        "firm": firm,
        "tab": "what_if",
        "dials": dials,
        "wrong": any(each.error for each in dials),
        "assumed": _assumed(changes, found, english=english),
        "rungs": rungs,
        "changed_rungs": [each for each in rungs if each.changed],
        "same_rungs": [each for each in rungs if not each.changed],
        "effects": [each for each in effects if each.changed],
        "unchanged": [each for each in effects if not each.changed],
        "link": f"{firm.url('what_if')}?{_query(dials, offered, changes)}",
        "on": found.on,
    }
    if not request.headers.get("HX-Request"):
        return render(request, "enterprise/what_if.html", context)
    answer = render(request, "enterprise/_what_if.html", context)
    answer["HX-Replace-Url"] = context["link"]
    return answer


def _read(
    request: HttpRequest, offered: list[Knob], found: Standings, *, english: bool
) -> tuple[dict[str, FactValue | None], list[Dial]]:
    """What was typed, as changes; and the form with what is wrong beside it."""
    changes: dict[str, FactValue | None] = {}
    dials = []
    for knob in offered:
        untouched = as_typed(knob.fact, knob.present, found.pack, english=english)
        typed = request.GET.get(knob.key, str(untouched))[:100]
        error = ""
        value = knob.present
        if typed != untouched:
            try:
                value = read_typed(knob.fact, typed)
            except CellError as wrong:
                error = say(wrong, english=english)
        if value != knob.present:
            changes[knob.key] = value
        dials.append(_dial(knob, typed, value, error, found, english=english))
    return changes, dials


def _dial(
    knob: Knob,
    typed: str,
    value: FactValue | None,
    error: str,
    found: Standings,
    *,
    english: bool,
) -> Dial:
    fact, words = knob.fact, found.pack.words
    options: list[tuple[str, str]] = []
    if fact.type is FactType.BOOLEAN:
        options = [("", _("不详")), ("true", _("是")), ("false", _("否"))]
    elif fact.type is FactType.CHOICE:
        labels = [
            (each.id, fact.choice_label(each.id, english=english))
            for each in fact.choices
        ]
        options = [("", _("不详")), *labels]
    at = Decimal(0)
    if fact.type in NUMERIC and isinstance(value, Decimal | int):
        at = max(Decimal(0), Decimal(value) / form_factor(fact))
    return Dial(
        key=knob.key,
        label=name_key(knob.key, words, english=english),
        unit=unit_label(fact),
        typed=typed,
        present=_present(knob, found, english=english),
        most=plain(max(knob.most, at)) if knob.most is not None else "",
        step=plain(knob.step) if knob.step is not None else "",
        at=plain(at),
        options=options,
        error=error,
    )


def _present(knob: Knob, found: Standings, *, english: bool) -> str:
    """The figure as it is now; an amount in the unit of its field."""
    if knob.fact.type in NUMERIC and knob.present is not None:
        typed = as_typed(knob.fact, knob.present, found.pack, english=english)
        return f"{typed}{unit_label(knob.fact)}"
    return show_fact(knob.key, knob.present, found.pack.words, english=english)


def _query(dials: list[Dial], offered: list[Knob], changes: dict[str, Any]) -> str:
    """The changed values as an address keeps them."""
    keys = {knob.key for knob in offered if knob.key in changes}
    return urlencode([(each.key, each.typed) for each in dials if each.key in keys])


def _assumed(
    changes: dict[str, FactValue | None], found: Standings, *, english: bool
) -> list[tuple[str, str, str]]:
    words = found.pack.words
    return [
        (
            name_key(key, words, english=english),
            show_fact(key, found.facts.get(key), words, english=english),
            show_fact(key, value, words, english=english),
        )
        for key, value in changes.items()
    ]


def _rungs(before: Standings, after: Standings, *, english: bool) -> list[Rung]:
    return [
        Rung(
            before.pack.schemes[each].label.say(english=english),
            mark(before.schemes[each].outcome, english=english),
            mark(after.schemes[each].outcome, english=english),
        )
        for schemes in RUNGS
        for each in schemes
        if each in before.schemes
    ]


def _effect(changed: Changed, found: Standings, *, english: bool) -> Effect:
    def value(finding: Any) -> str:
        return what_was_found(finding, english=english) if finding.reading else ""

    return Effect(
        scheme=found.pack.schemes[changed.scheme].label.say(english=english),
        label=changed.after.about.label.say(english=english),
        detail=is_detail(changed.after),
        before=mark(changed.before.outcome, english=english),
        after=mark(changed.after.outcome, english=english),
        was=value(changed.before),
        now=value(changed.after),
        sentence=changed.after.sentence(english=english),
        changed=(changed.before.outcome, changed.before.points)
        != (changed.after.outcome, changed.after.points),
    )
