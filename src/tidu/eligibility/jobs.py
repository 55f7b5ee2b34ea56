"""Keep standings up to date as jobs: whoever changed the facts, whatever changed."""

from __future__ import annotations

import time

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from tidu.eligibility.actions import refresh_standings
from tidu.eligibility.pay_list_models import EntitlementList
from tidu.eligibility.queries import stale_enterprises
from tidu.eligibility.snapshots import making, write_snapshot
from tidu.eligibility.working_out import work_out

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


@db_task()  # type: ignore[untyped-decorator]
def make_snapshot(scope: str) -> None:
    """Write the snapshot of a territory, unless a living job is at it."""
    if making(scope) in {None, (0, 0)}:
        write_snapshot(scope)


@db_task()  # type: ignore[untyped-decorator]
def work_out_list(pk: int) -> None:
    """Work a draft list out; one that was dropped meanwhile is nobody's."""
    found = EntitlementList.objects.select_related("organisation").filter(pk=pk).first()
    if found is not None:
        work_out(found)
