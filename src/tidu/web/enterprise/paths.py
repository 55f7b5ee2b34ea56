"""The cheapest paths to the next rung, worked out when the page asks for them."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidu.eligibility.standings import Standings
from tidu.eligibility.what_if import national_levers
from tidu.planning.paths import Change, Path, Plan
from tidu.planning.paths import plan as plan_paths
from tidu.registry.fact_values import to_json
from tidu.rules.facts import split_key
from tidu.rules.ladder import next_scheme
from tidu.rules.naming import ask_key
from tidu.web.context import speaks_english
from tidu.web.enterprise.firm import Firm
from tidu.web.enterprise.ladder import standings_today
from tidu.web.pages import Asked
from tidu.web.paths import StepShown, step_shown

_FORM = 2  # of what is kept; one of an earlier program is not read
_KEPT = 24 * 3600  # seconds; the key holds the day, so it never outlives it


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """One path in words."""

    year: int
    effort: str
    steps: tuple[StepShown, ...]
    manual: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """A plan in words: its ways, or what blocks every one.

    ``missing``: key, name and group of the figures without which no path can be worked
    out; ``blocked_by``: label, clause and reason of what blocks for another reason.
    """

    target: str
    ways: tuple[Way, ...]
    missing: tuple[tuple[str, str, str], ...]
    blocked_by: tuple[tuple[str, str, str], ...]
    unsolved: tuple[int, ...]


def paths(request: Asked, firm: Firm) -> HttpResponse:
    """The fragment below the ladder; a page of its own without a script."""
    found = standings_today(firm)
    target = next_scheme(found.pack, found.prepared, found.schemes)
    told = planned(found, target, english=speaks_english()) if target else None
    template = "_paths.html" if request.headers.get("HX-Request") else "paths.html"
    asked = [
        (name, f"{firm.url('facts_edit', group)}#id_{key}")
        for key, name, group in (told.missing if told else ())
    ]
    context = {"firm": firm, "tab": "ladder", "told": told, "asked": asked}
    return render(request, f"enterprise/{template}", context)


def planned(found: Standings, target: str, *, english: bool) -> Told:
    """The plan in words, kept for the day while facts and pack stay the same."""
    key = _cache_key(found, target, english=english)
    told = cache.get(key)
    if told is None:
        told = _told(_plan(found, target), found, english=english)
        if not told.unsolved:
            cache.set(key, told, _KEPT)
    assert isinstance(told, Told)
    return told


def _cache_key(found: Standings, target: str, *, english: bool) -> str:
    facts = {key: to_json(value) for key, value in found.facts.items()}
    about = [_FORM, target, found.pack.digest, found.on.isoformat()]
    about += [found.kind, english]
    text = json.dumps([facts, *about], sort_keys=True, ensure_ascii=False)
    return f"paths:{hashlib.sha256(text.encode()).hexdigest()}"


def _plan(found: Standings, target: str) -> Plan:
    return plan_paths(
        found.pack,
        found.facts,
        target,
        on=found.on,
        kind=found.kind,
        levers=national_levers(),
    )


def _told(plan: Plan, found: Standings, *, english: bool) -> Told:
    blockers = tuple(
        (each.label.say(english=english), each.clause, each.reason(english=english))
        for each in plan.blocked_by
        if not each.missing
    )
    words = found.pack.words
    keys = dict.fromkeys(key for each in plan.blocked_by for key in each.missing)
    missing = tuple(
        (
            key,
            ask_key(key, words, english=english),
            words.facts[split_key(key)[0]].group,
        )
        for key in keys
    )
    return Told(
        target=found.pack.schemes[plan.to].label.say(english=english),
        ways=tuple(_way(each, found, english=english) for each in plan.paths),
        missing=missing,
        blocked_by=blockers,
        unsolved=plan.unsolved,
    )


def _way(path: Path, found: Standings, *, english: bool) -> Way:
    pack, on = found.pack, found.on
    return Way(
        year=path.earliest_round,
        effort=path.effort_text(english=english) if path.changes else "",
        steps=tuple(
            step_shown(each, _when(each, on), pack, english=english)
            for each in path.changes
        ),
        manual=tuple(label.say(english=english) for label in path.manual_labels),
    )


def _when(change: Change, on: datetime.date) -> str:
    """Until when a change takes effect: a round, the end of a year, a day."""
    if change.won_in is not None:
        return _("在 {year} 年的批次取得").format(year=change.won_in)
    year = split_key(change.key)[1]
    if year is not None and year < on.year:
        return _("{year} 年已结账，只能更正").format(year=year)
    if year is not None:
        return _("{year} 年内做到，12 月 31 日结账").format(year=year)
    done = on + datetime.timedelta(days=change.lead_days)
    return _("约需 {days} 天，现在动手最快 {day}").format(
        days=change.lead_days, day=done.isoformat()
    )
