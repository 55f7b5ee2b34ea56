"""Read a round: who has returned what, whom to chase first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.registry.collection_models import (
    CollectionFirm,
    CollectionReturn,
    CollectionRound,
    Reminder,
)
from tidu.registry.enums import FilingSource, ReturnState
from tidu.registry.models import Filing

OPEN = (ReturnState.SILENT, ReturnState.INCOMPLETE)
"""States in which there is something to chase, in the order of the chase list."""

STATES = tuple(ReturnState)
"""States in the order of the chase list."""


def rounds_of(actor: Actor) -> models.QuerySet[CollectionRound]:
    """The rounds of the actor's own authority."""
    if actor.organisation is None:
        return CollectionRound.objects.none()
    return CollectionRound.objects.filter(organisation=actor.organisation)


def overdue_rounds(actor: Actor) -> models.QuerySet[CollectionRound]:
    """The office's rounds that are past their day and were not closed."""
    today = timezone.localdate()
    return rounds_of(actor).filter(closed_at=None, due__lt=today)


def chase_list(opened: CollectionRound) -> models.QuerySet[CollectionFirm]:
    """The firms of a round, the silent ones first, then by how much is missing.

    ``returned``: a file of the round was committed for it, or it filed itself since the
    round was opened; ``rank``: see ``state_of``; ``reminded``, ``reminded_on``,
    ``reminded_note``: how often, when last and with what result. Firms closed or merged
    since are left out.
    """
    last = Reminder.objects.filter(firm=OuterRef("pk"))
    ranked: models.QuerySet[Any] = _ranked(opened.firms.all())
    firms: models.QuerySet[CollectionFirm] = (
        ranked.annotate(
            reminded_on=Subquery(last.values("on")[:1]),
            reminded_note=Subquery(last.values("note")[:1]),
            reminded=Coalesce(
                Subquery(
                    last.order_by()
                    .values("firm")
                    .annotate(count=Count("pk"))
                    .values("count")
                ),
                0,
            ),
        )
        .order_by("rank", "-lacking_count", "enterprise__name", "pk")
        .select_related("enterprise__contact")
    )
    return firms


def state_of(firm: CollectionFirm) -> ReturnState:
    """Where a firm of a chase list stands."""
    rank: int = firm.rank  # type: ignore[attr-defined]
    return STATES[rank]


def in_state(
    firms: models.QuerySet[Any], *states: ReturnState
) -> models.QuerySet[CollectionFirm]:
    """Those of a chase list that stand in one of these states."""
    return firms.filter(rank__in=[STATES.index(each) for each in states])


def counts_of(opened: CollectionRound) -> dict[ReturnState, int]:
    """How many firms of a round stand where."""
    return counts_of_all([opened])[opened.pk]


def counts_of_all(
    rounds: Sequence[CollectionRound],
) -> dict[int, dict[ReturnState, int]]:
    """How many firms stand where, by round, from one query."""
    firms: models.QuerySet[Any] = _ranked(
        CollectionFirm.objects.filter(round__in=rounds)
    )
    ranks = Counter(
        firms.order_by().values_list("round", "rank").iterator(chunk_size=5000)
    )
    return {
        each.pk: {state: ranks[each.pk, at] for at, state in enumerate(STATES)}
        for each in rounds
    }


def _ranked(firms: models.QuerySet[CollectionFirm]) -> models.QuerySet[CollectionFirm]:
    """The firms that are still there, with whether they returned, and their rank."""
    batches = CollectionReturn.objects.filter(round=OuterRef(OuterRef("round")))
    filed = Filing.objects.filter(
        Q(batch__in=batches.values("batch"))
        | Q(
            source=FilingSource.ENTERPRISE,
            filed_at__gte=OuterRef("round__opened_at"),
        ),
        enterprise=OuterRef("enterprise"),
        withdrawn_at=None,
    )
    rank = {state: Value(at) for at, state in enumerate(STATES)}
    there = firms.filter(enterprise__closed_at=None, enterprise__merged_into=None)
    return there.annotate(returned=Exists(filed)).annotate(
        rank=Case(
            When(lacking_count=0, returned=True, then=rank[ReturnState.COMPLETE]),
            When(lacking_count=0, then=rank[ReturnState.KNOWN]),
            When(returned=True, then=rank[ReturnState.INCOMPLETE]),
            default=rank[ReturnState.SILENT],
            output_field=models.IntegerField(),
        )
    )
