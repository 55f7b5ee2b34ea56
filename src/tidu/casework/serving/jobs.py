"""Remind advisers whose firm has heard nothing for 9, 21 or 45 days, each night."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.db.models import Q
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from tidu.accounts.actors import SYSTEM
from tidu.casework.queries import today
from tidu.casework.serving.enums import Party
from tidu.casework.serving.models import ServiceNotice, ServiceRequest
from tidu.casework.serving.moving import tell
from tidu.casework.serving.queries import SILENT_DAYS

LOG = logging.getLogger(__name__)


@db_periodic_task(crontab(hour="2", minute="55"))  # type: ignore[untyped-decorator]
def remind_each_night() -> None:
    """Write the reminders of a day."""
    remind_of_silence(today())


def remind_of_silence(on: datetime.date) -> int:
    """Remind of every open request by the days of its silence; how many are new.

    On a day after several the largest counts; done again, nothing changes. After 45
    days the office is told too. What fails for one request stops no other.
    """
    first = on - datetime.timedelta(days=SILENT_DAYS[0])
    silent = ServiceRequest.objects.filter(closed_at=None, last_contact_on__lte=first)
    rows = silent.filter(~Q(adviser=None)).select_related("enterprise")
    count = 0
    for request in rows.order_by("pk").iterator(chunk_size=500):
        try:
            with transaction.atomic():
                count += _remind(request, on)
        except Exception:
            LOG.exception("reminder of request %s", request.pk)
    return count


def _remind(request: ServiceRequest, on: datetime.date) -> int:
    elapsed = (on - request.last_contact_on).days
    day = max(each for each in SILENT_DAYS if each <= elapsed)
    parties = [Party.ADVISER]
    if day == SILENT_DAYS[-1]:
        parties.append(Party.OFFICE)
    made = [
        new
        for party in parties
        for _notice, new in [
            ServiceNotice.objects.get_or_create(
                request=request,
                party=party,
                day=day,
                since=request.last_contact_on,
                defaults={
                    "event": "reminder",
                    "adviser_id": request.adviser_id
                    if party is Party.ADVISER
                    else None,
                },
            )
        ]
    ]
    if any(made):
        since = request.last_contact_on.isoformat()
        tell("reminded", request, SYSTEM, day=day, since=since)
    return sum(made)
