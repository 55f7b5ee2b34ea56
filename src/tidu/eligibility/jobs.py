"""Keep standings up to date as jobs: whoever changed the facts, whatever changed."""

from __future__ import annotations

import time

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from tidu.eligibility.actions import refresh_standings
from tidu.eligibility.queries import stale_enterprises

SLICE = 100  # firms written at once
_TURN = 40.0  # seconds of a turn; other jobs come between two


@db_task()  # type: ignore[untyped-decorator]
def refresh_soon() -> None:
    """Work out stale standings now, for one turn."""
    refresh_stale()


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def refresh_each_minute() -> None:
    """Go on with stale standings."""
    refresh_stale()


def refresh_stale(seconds: float = _TURN) -> int:
    """Work out stale standings again until none is left or time is up; how many."""
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end:
        firms = stale_enterprises().select_related("current").order_by("pk")[:SLICE]
        count = refresh_standings(list(firms), on=timezone.localdate())
        done += count
        if count < SLICE:
            break
    return done
