"""Screen rounds as jobs: when submission has ended, and when an office asks."""

from __future__ import annotations

import logging

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from tidu.accounts.actors import SYSTEM, Actor
from tidu.accounts.models import Membership
from tidu.casework.models import Move, Round
from tidu.casework.queries import today
from tidu.casework.signal_models import Screening

LOG = logging.getLogger(__name__)
_SUBMISSIONS = ("submit", "resubmit", "withdraw")


@db_task()  # type: ignore[untyped-decorator]
def screen_soon(round_id: int, membership_id: int | None = None) -> None:
    """Screen a round now, for who asked; without a membership for the clock."""
    screen_for(round_id, membership_id)


@db_periodic_task(crontab(hour="4", minute="10"))  # type: ignore[untyped-decorator]
def screen_each_night() -> None:
    """Screen the rounds that have ended and moved on since they were read."""
    screen_ended()


def screen_for(round_id: int, membership_id: int | None) -> Screening | None:
    """Screen a round; None where the person is no longer there who asked for it."""
    # The libraries of the search take memory that no page of the site needs.
    from tidu.casework.screening import screen_round  # noqa: PLC0415 - slow import

    by = SYSTEM
    if membership_id is not None:
        members = Membership.objects.select_related("user", "organisation")
        found = members.filter(pk=membership_id, ended_at=None).first()
        if found is None:
            return None
        by = Actor(found.user, found)
    opened = Round.objects.select_related("organisation", "packs").get(pk=round_id)
    return screen_round(opened=opened, by=by)


def screen_ended() -> list[int]:
    """Screen each ended round of which something is unread; one never stops another."""
    done = []
    for number in list(rounds_to_screen().values_list("pk", flat=True)):
        try:
            screen_for(number, None)
        except Exception:
            LOG.exception("round %s", number)
        else:
            done.append(number)
    return done


def rounds_to_screen() -> models.QuerySet[Round]:
    """Rounds past their last day, with something submitted or withdrawn since a run."""
    runs = Screening.objects.filter(round=OuterRef("pk")).order_by("-ran_at")
    ended = Round.objects.filter(
        Q(closed_at__isnull=False) | Q(closes_on__lt=today())
    ).annotate(read_at=Subquery(runs.values("ran_at")[:1]))
    moves = Move.objects.filter(case__round=OuterRef("pk"), event__in=_SUBMISSIONS)
    newer = moves.filter(at__gt=OuterRef("read_at"))
    unread = Q(read_at=None) & Exists(moves)
    return ended.filter(unread | Exists(newer)).order_by("pk")
