"""Lists of cases and rounds as an office asks for them; filters as plain values."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from tidu.accounts.actors import Actor, scope_of
from tidu.casework.clock_models import Escalation
from tidu.casework.clocks import day_of
from tidu.casework.enums import EscalationKind
from tidu.casework.models import Case, Round
from tidu.casework.queries import cases_in_scope, queue_of
from tidu.registry.queries import scope_filter
from tidu.rules.case_table import CERTIFIED, UPHELD

SORTS = {
    "waited": ("state_since", "id"),
    "due": (F("due_on").asc(nulls_last=True), "state_since", "id"),
    "submitted": ("submitted_at", "id"),
}
"""How a list can be sorted, beside its own order."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; an empty value asks for all. ``place``: a division code;
    ``told``: for what administrators were told of it; ``sort``: one of SORTS.
    """

    scheme: str = ""
    round: int | None = None
    state: str = ""
    place: str = ""
    unopened: bool = False
    overdue: bool = False
    paused: bool = False
    told: str = ""
    sort: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases wait for an office, and what is the matter with some of them."""

    count: int = 0
    unopened: int = 0
    overdue: int = 0
    paused: int = 0


def listed(
    actor: Actor, wanted: Wanted, *, everything: bool = False
) -> models.QuerySet[Case]:
    """Cases whose turn it is at the actor's office, or all of its territory."""
    if everything:
        rows = cases_in_scope(actor).order_by("-submitted_at", "-id")
    else:
        rows = queue_of(actor)
    if wanted.scheme:
        rows = rows.filter(round__scheme=wanted.scheme)
    if wanted.round:
        rows = rows.filter(round_id=wanted.round)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.place:
        rows = rows.filter(
            scope_filter(scope_of(wanted.place), "enterprise__territory")
        )
    if wanted.unopened:
        rows = rows.filter(opened_at=None)
    if wanted.overdue:
        rows = rows.filter(is_overdue())
    if wanted.paused:
        rows = rows.exclude(paused_at=None)
    if wanted.told:
        rows = rows.filter(_is_told_of(wanted.told))
    if wanted.sort in SORTS:
        rows = rows.order_by(*SORTS[wanted.sort])
    return rows.select_related("round", "enterprise", "office")


def with_all(numbers: Sequence[int]) -> list[Case]:
    """Cases with what a list shows of them, in the order of their numbers."""
    rows = Case.objects.select_related("round", "enterprise", "office")
    found = rows.in_bulk(list(numbers))
    return [found[each] for each in numbers if each in found]


def rounds_seen_by(actor: Actor) -> models.QuerySet[Round]:
    """Rounds of the actor's own authority and of those above it; see may_see_round."""
    found = Round.objects.select_related("organisation").defer("packs")
    if actor.scope is None:
        return found.none()
    scope = actor.scope
    lengths = range(0, len(scope) + 1, 2)
    codes = [scope[:length].ljust(6, "0") for length in lengths]
    own = models.Q(organisation__territory__in=codes)
    if actor.organisation:
        own |= models.Q(organisation=actor.organisation)
    return found.filter(own)


def states_of(opened: Round) -> dict[str, int]:
    """How many cases of a round are in each state; drafts are counted, not shown."""
    rows = opened.cases.order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))


def decided_in(opened: Round, actor: Actor) -> models.QuerySet[Case]:
    """A round's cases that were certified or finally refused, of the territory."""
    ended = cases_in_scope(actor).filter(round=opened, state__in=(CERTIFIED, UPHELD))
    rows = ended.select_related("enterprise", "assessment", "round")
    return rows.prefetch_related("moves").order_by("id")


def is_overdue(on: datetime.date | None = None) -> Q:
    """Cases whose last day has passed; the day is that of Beijing."""
    return Q(due_on__lt=on or day_of(timezone.now()))


def _is_told_of(kind: str) -> Q:
    """Cases still as they were when their office's administrators were told of them."""
    told = Escalation.objects.filter(
        case=OuterRef("pk"),
        office=OuterRef("office"),
        state=OuterRef("state"),
        kind=kind,
    )
    still = is_overdue() if kind == EscalationKind.OVERDUE else Q(opened_at=None)
    return still & Q(Exists(told))


def waiting_at(actor: Actor) -> Waiting:
    """Cases whose turn it is at the actor's office."""
    if actor.organisation is None or actor.scope is None:
        return Waiting()
    rows = Case.objects.filter(office=actor.organisation).order_by()
    return Waiting(
        **rows.aggregate(
            count=Count("pk"),
            unopened=Count("pk", filter=Q(opened_at=None)),
            overdue=Count("pk", filter=is_overdue()),
            paused=Count("pk", filter=~Q(paused_at=None)),
        )
    )
