"""Signals as an office reads them: the head of the queue, of its own territory."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from tidu.accounts.actors import Actor
from tidu.casework.enums import LookOutcome
from tidu.casework.integrity.limits import DEFAULT
from tidu.casework.models import Case, Round
from tidu.casework.signal_inputs import cases_to_screen
from tidu.casework.signal_models import CaseSignal, FlaggedCase, Look, Screening
from tidu.registry.queries import scope_filter

ALL, OPEN, DONE = "", "no", "yes"


@dataclasses.dataclass(frozen=True, slots=True)
class WantedSignals:
    """What of a round's signals is asked for. ``looked``: ``no`` for those somebody has
    still to look at; ``rest``: what comes after the head of the queue.
    """

    kind: str = ""
    looked: str = ALL
    rest: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Queue:
    """The order of reading of an office. ``cases``: submitted ones of its territory;
    ``head``: how many an officer reads; ``flagged``: all of them with a signal.
    """

    rows: models.QuerySet[FlaggedCase]
    cases: int
    head: int
    flagged: int

    @property
    def further(self) -> int:
        """Flagged cases behind the head."""
        return self.flagged - self.head


def last_screening(opened: Round) -> Screening | None:
    """The newest run over a round."""
    return opened.screenings.first()


def queue_for(
    opened: Round, run: Screening | None, actor: Actor, asked: WantedSignals
) -> Queue:
    """The cases of an office in their order of reading, with their signals.

    Of the cases of its territory the first 5 % are its head; three queries and those
    of the rows. Nothing for an actor without a territory.
    """
    nothing = FlaggedCase.objects.none()
    if actor.scope is None or run is None:
        return Queue(nothing, 0, 0, 0)
    own = scope_filter(actor.scope, "enterprise__territory")
    cases = cases_to_screen(opened).filter(own).count()
    rows = run.cases.filter(scope_filter(actor.scope, "case__enterprise__territory"))
    flagged = rows.count()
    head = min(flagged, math.ceil(cases * DEFAULT.queue_share))
    if head < flagged:
        ranks = rows.order_by("rank").values_list("rank", flat=True)
        bound = ranks[head - 1] if head else 0
        rows = (
            rows.filter(rank__gt=bound) if asked.rest else rows.filter(rank__lte=bound)
        )
    elif asked.rest:
        rows = nothing
    return Queue(_narrowed(rows, asked), cases, head, flagged)


def with_signals(rows: models.QuerySet[FlaggedCase]) -> models.QuerySet[FlaggedCase]:
    """The rows with all that a list shows of them."""
    return rows.select_related("case__enterprise", "case__round").prefetch_related(
        Prefetch("case__signals", CaseSignal.objects.order_by("-strength", "kind")),
        "case__looks",
    )


def looks_at(signals: Sequence[CaseSignal], looks: Sequence[Look]) -> list[list[Look]]:
    """The looks at each signal as it is now, the newest first."""
    return [
        [
            each
            for each in looks
            if each.kind == signal.kind and each.digest == signal.digest
        ]
        for signal in signals
    ]


def rounds_with_signals(actor: Actor) -> models.QuerySet[Round]:
    """Rounds of which an office may see signals (``may_see_signals``), with runs."""
    found = Round.objects.select_related("organisation").defer("packs")
    if actor.scope is None:
        return found.none()
    lengths = range(0, len(actor.scope), 2)
    above = [actor.scope[:length].ljust(6, "0") for length in lengths]
    own = scope_filter(actor.scope, "organisation__territory")
    rows = found.filter(own | Q(organisation__territory__in=above))
    return rows.prefetch_related("screenings")


def counts_of(rounds: Sequence[Round], actor: Actor) -> dict[int, tuple[int, int]]:
    """Round → flagged cases of the actor's territory, and those looked into."""
    if actor.scope is None:
        return {}
    own = scope_filter(actor.scope, "case__enterprise__territory")
    rows = (
        FlaggedCase.objects.filter(own, screening__round__in=rounds)
        .values("screening__round_id")
        .order_by()
        .annotate(flagged=Count("pk"), open=Count("pk", filter=_unlooked()))
    )
    return {
        each["screening__round_id"]: (each["flagged"], each["flagged"] - each["open"])
        for each in rows
    }


def seen_by(actor: Actor, numbers: Sequence[int]) -> list[Case]:
    """Of some cases those in the actor's territory, by their number."""
    if actor.scope is None:
        return []
    own = scope_filter(actor.scope, "enterprise__territory")
    found = Case.objects.filter(own, pk__in=set(numbers), submitted_at__isnull=False)
    return list(found.select_related("enterprise").order_by("number"))


def _narrowed(
    rows: models.QuerySet[FlaggedCase], asked: WantedSignals
) -> models.QuerySet[FlaggedCase]:
    if asked.kind:
        of_kind = CaseSignal.objects.filter(case=OuterRef("case"), kind=asked.kind)
        rows = rows.filter(Exists(of_kind))
    if asked.looked == OPEN:
        rows = rows.filter(_unlooked())
    elif asked.looked == DONE:
        rows = rows.exclude(_unlooked())
    elif asked.looked in LookOutcome.values:
        looks = Look.objects.filter(case=OuterRef("case"), outcome=asked.looked)
        rows = rows.filter(Exists(looks))
    return rows.order_by("rank")


def _unlooked() -> Q:
    """A signal of the case at which, as it is now, nobody has looked."""
    looks = Look.objects.filter(
        case=OuterRef("case"), kind=OuterRef("kind"), digest=OuterRef("digest")
    )
    signals = CaseSignal.objects.filter(case=OuterRef("case"))
    return Q(Exists(signals.filter(~Exists(looks))))
