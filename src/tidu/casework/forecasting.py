"""How holders stood when a round of re-verification was opened, and how it ended.

The forecast is written once, by the round's own standard and packs and the figures of
that day, and never again: what came later cannot make it look better.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterator

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from tidu.accounts.actors import SYSTEM, Actor, scope_of
from tidu.audit.actions import record
from tidu.casework.archives import library_for
from tidu.casework.duties import titles_ending
from tidu.casework.models import Case, Round
from tidu.casework.title_models import RoundForecast
from tidu.eligibility.pool import months_after
from tidu.eligibility.standings import standings_of
from tidu.registry.models import HeldTitle
from tidu.registry.queries import current_facts, scope_filter
from tidu.rules.case_table import CERTIFIED, LAPSED, REFUSED, UPHELD, WITHDRAWN
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.rulesets import Kind

AHEAD = 12  # months after a round's last day in which a title may end to be due in it
SLICE = 100  # holders in one transaction
_RECENT = datetime.timedelta(days=1)

PASSED, FAILED, RUNNING, ABSENT = "passed", "failed", "running", "absent"
ENDS = (PASSED, FAILED, RUNNING, ABSENT)
"""How it ended for a holder: certified, refused, not yet decided, did not apply."""


@db_task()  # type: ignore[untyped-decorator]
def freeze_soon(pk: int) -> None:
    """Write the forecast of a round that was just opened."""
    freeze(Round.objects.select_related("organisation", "packs").get(pk=pk))


@db_periodic_task(crontab(minute="*/10"))  # type: ignore[untyped-decorator]
def go_on_freezing() -> None:
    """Take up forecasts that were not finished; only on the day of their round."""
    since = timezone.now() - _RECENT
    rounds = Round.objects.filter(kind=Kind.REVERIFICATION, opened_at__gte=since)
    for opened in rounds.select_related("organisation", "packs"):
        freeze(opened)


def freeze(opened: Round) -> int:
    """Write the forecast of every holder whose title is due and has none; how many."""
    if opened.kind != Kind.REVERIFICATION:
        return 0
    count = 0
    while written := _freeze_some(opened):
        count += written
    return count


def holders_due(opened: Round) -> models.QuerySet[HeldTitle]:
    """Titles of the round's scheme and place that end within a year of its last day."""
    today = timezone.localdate()
    ends = months_after(opened.closes_on, AHEAD)
    months = (ends.year - today.year) * 12 + ends.month - today.month + 1
    scope = scope_of(opened.organisation.territory)
    return titles_ending(scope, today, max(months, 0)).filter(
        scheme=opened.scheme, valid_until__lte=ends
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """A forecast beside what became of its holder. ``case``: None without one."""

    forecast: RoundForecast
    case: Case | None
    end: str

    @property
    def differs(self) -> bool:
        """A sure forecast, decided the other way."""
        said = self.forecast.outcome
        return (said, self.end) in {(MET.value, FAILED), (UNMET.value, PASSED)}


def forecasts_in(opened: Round, actor: Actor) -> models.QuerySet[RoundForecast]:
    """The forecasts of a round for the actor's territory, with the case's key."""
    scope = actor.scope
    if scope is None:
        return RoundForecast.objects.none()
    return (
        RoundForecast.objects.filter(
            scope_filter(scope, "enterprise__territory"), round=opened
        )
        .annotate(case_id=Subquery(_cases().values("pk")[:1]))
        .select_related("enterprise", "title")
        .order_by("pk")
    )


def differing(found: models.QuerySet[RoundForecast]) -> models.QuerySet[RoundForecast]:
    """Those that were decided against a sure forecast."""
    refused = Exists(_cases().filter(state__in=(REFUSED, UPHELD)))
    certified = Exists(_cases().filter(state=CERTIFIED))
    return found.filter(
        models.Q(refused, outcome=MET.value) | models.Q(certified, outcome=UNMET.value)
    )


def counted(found: models.QuerySet[RoundForecast]) -> Counter[tuple[str, str]]:
    """How many of each forecast ended how. One query."""
    counts: Counter[tuple[str, str]] = Counter()
    ended = found.annotate(ended=Subquery(_cases().values("state")[:1])).order_by()
    rows = ended.values_list("outcome", "ended").annotate(count=Count("pk"))
    for outcome, state, count in rows:
        counts[outcome, _end(state)] += count
    return counts


def compared(found: list[RoundForecast]) -> Iterator[Compared]:
    """Forecasts with their cases. One query."""
    ids = [key for each in found if (key := getattr(each, "case_id", None))]
    cases = Case.objects.select_related("round").in_bulk(ids)
    for each in found:
        case = cases.get(getattr(each, "case_id", None) or 0)
        yield Compared(each, case, _end(case.state if case else None))


def _cases() -> models.QuerySet[Case]:
    """Submitted ones; a draft is its firm's own, and counts as none."""
    filed = Case.objects.exclude(submitted_at=None)
    alive = filed.exclude(state__in=(WITHDRAWN, LAPSED))
    mine = alive.filter(round=OuterRef("round"), enterprise=OuterRef("enterprise"))
    return mine.order_by("-pk")


def _end(state: str | None) -> str:
    if state is None:
        return ABSENT
    if state == CERTIFIED:
        return PASSED
    return FAILED if state in {REFUSED, UPHELD} else RUNNING


@transaction.atomic
def _freeze_some(opened: Round) -> int:
    known = RoundForecast.objects.filter(
        round=opened, enterprise=OuterRef("enterprise")
    )
    titles = holders_due(opened).filter(~Exists(known))
    due = list(titles.select_related("enterprise__current")[:SLICE])
    library, today = library_for(opened.packs), timezone.localdate()
    made = {}
    for title in due:
        found = standings_of(
            current_facts(title.enterprise),
            on=opened.on,
            kind=Kind.REVERIFICATION,
            territory=title.enterprise.territory,
            schemes=[opened.scheme],
            library=library,
        ).schemes.get(opened.scheme)
        rule_set = found.rule_set if found else None
        made[title.enterprise_id] = RoundForecast(
            round=opened,
            title=title,
            enterprise=title.enterprise,
            outcome=found.outcome.value if found and rule_set else "",
            rule_set=rule_set.name if rule_set else "",
            made_on=today,
        )
    RoundForecast.objects.bulk_create(made.values(), ignore_conflicts=True)
    if made:
        record(
            action="casework.round_forecast",
            by=SYSTEM,
            about=opened,
            territory=opened.organisation.territory,
            data={"scheme": opened.scheme, "holders": len(made)},
        )
    return len(made)
