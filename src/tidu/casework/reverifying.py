"""Titles that run out: remind ahead, forecast, and what became of it."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter

from django.utils import timezone

from tidu.accounts.actors import SYSTEM, Actor
from tidu.audit.actions import record
from tidu.casework.duties import titles_ending
from tidu.casework.models import Case
from tidu.casework.title_models import ExpiryReminder
from tidu.eligibility.standings import standings_of
from tidu.registry.models import HeldTitle
from tidu.registry.queries import current_facts, scope_filter
from tidu.rules.case_table import CERTIFIED, REFUSED, UPHELD
from tidu.rules.rulesets import Kind

AHEAD = (12, 6, 3)  # months before the end at which is reminded


def remind(scope: str, on: datetime.date) -> int:
    """Write the reminders that are due in a territory; how many are new.

    One for the nearest of AHEAD that was reached, so that a site that was off for a
    year does not write three at once. Written again, nothing changes.
    """
    count = 0
    for title in titles_ending(scope, on, AHEAD[0]).select_related(
        "enterprise__current"
    ):
        assert title.valid_until is not None
        months = _nearest(title.valid_until, on)
        if ExpiryReminder.objects.filter(title=title, months=months).exists():
            continue
        outcome, rule_set = _forecast(title, on)
        made, new = ExpiryReminder.objects.get_or_create(
            title=title,
            months=months,
            defaults={"outcome": outcome, "rule_set": rule_set, "made_on": on},
        )
        if new:
            count += 1
            record(
                action="casework.title_reminded",
                by=SYSTEM,
                about=title,
                territory=title.enterprise.territory,
                data={
                    "enterprise": title.enterprise_id,
                    "months": months,
                    "forecast": made.outcome,
                },
            )
    return count


@dataclasses.dataclass(frozen=True, slots=True)
class ForecastRow:
    """Finished re-verifications that had one forecast, and how they ended."""

    forecast: str
    certified: int
    refused: int

    @property
    def count(self) -> int:
        return self.certified + self.refused


def forecasts_kept(actor: Actor, scheme: str = "") -> list[ForecastRow]:
    """The forecast of the last reminder before a case was submitted, by its outcome.

    Only cases that were decided, in rounds of re-verification of the actor's territory.
    """
    scope = actor.scope
    if scope is None:
        return []
    ended = Case.objects.filter(
        scope_filter(scope, "enterprise__territory"),
        round__kind=Kind.REVERIFICATION,
        state__in=(CERTIFIED, REFUSED, UPHELD),
    ).select_related("round")
    if scheme:
        ended = ended.filter(round__scheme=scheme)
    cases = list(ended)
    told: dict[tuple[int, str], list[ExpiryReminder]] = {}
    reminders = ExpiryReminder.objects.filter(
        title__enterprise__in={case.enterprise_id for case in cases}
    ).select_related("title")
    for each in reminders:
        told.setdefault((each.title.enterprise_id, each.title.scheme), []).append(each)
    counts: Counter[tuple[str, bool]] = Counter()
    for case in cases:
        found = told.get((case.enterprise_id, case.round.scheme), [])
        counts[_last(found, case), case.state == CERTIFIED] += 1
    return [
        ForecastRow(each, counts[each, True], counts[each, False])
        for each in sorted({forecast for forecast, _ended in counts})
    ]


def _last(reminders: list[ExpiryReminder], case: Case) -> str:
    assert case.submitted_at is not None
    day = timezone.localdate(case.submitted_at)
    before = [each for each in reminders if each.made_on <= day]
    return max(before, key=lambda each: each.made_on).outcome if before else ""


def _nearest(ends: datetime.date, on: datetime.date) -> int:
    from_now = (ends.year - on.year) * 12 + ends.month - on.month
    return min((each for each in AHEAD if each >= from_now), default=AHEAD[0])


def _forecast(title: HeldTitle, on: datetime.date) -> tuple[str, str]:
    found = standings_of(
        current_facts(title.enterprise),
        on=on,
        kind=Kind.REVERIFICATION,
        territory=title.enterprise.territory,
        schemes=[title.scheme],
    ).schemes.get(title.scheme)
    if found is None or found.rule_set is None:
        return "", ""
    return found.outcome.value, found.rule_set.name
