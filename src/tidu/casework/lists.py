"""Lists of cases and rounds as an office asks for them; filters as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.db import models
from django.db.models import Count

from tidu.accounts.actors import Actor, scope_of
from tidu.casework.models import Case, Round
from tidu.casework.queries import cases_in_scope, queue_of
from tidu.registry.queries import scope_filter
from tidu.rules.case_table import CERTIFIED, UPHELD


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; an empty value asks for all. ``place``: a division code."""

    scheme: str = ""
    round: int | None = None
    state: str = ""
    place: str = ""
    unopened: bool = False


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


def waiting_at(actor: Actor) -> tuple[int, int]:
    """Cases whose turn it is at the actor's office, and those nobody has opened."""
    if actor.organisation is None or actor.scope is None:
        return 0, 0
    rows = Case.objects.filter(office=actor.organisation).order_by()
    counts = rows.aggregate(
        all=Count("pk"), unopened=Count("pk", filter=models.Q(opened_at=None))
    )
    return counts["all"], counts["unopened"]
