"""Who looked and who took data out: one function appends, one forgets what is old."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from tidu.audit.actions import Witness
from tidu.audit.models import Access, AccessKind

LEAST_DAYS = 183  # logs are kept for six months at least


def note_access(
    *,
    kind: AccessKind,
    by: Witness,
    firm: models.Model | None = None,
    page: str = "",
    what: str = "",
    address: str = "",
) -> Access:
    """Append that somebody saw or took something.

    ``firm``: whose data it was, None for a list; ``page``: the url name; ``what``: the
    file's name or the address; ``address``: where the request came from.
    """
    return Access.objects.create(
        at=timezone.now(),
        kind=kind,
        actor_id=by.user_id,
        actor_name=by.name,
        actor_role=by.role_name,
        organisation_name=by.organisation_name,
        address=address,
        firm_id=firm.pk if firm else None,
        firm_name=str(firm)[:200] if firm else "",
        page=page[:64],
        what=what[:500],
    )


def accesses_to(firm: models.Model) -> models.QuerySet[Access]:
    """What was seen and taken of one firm, the newest first."""
    return Access.objects.filter(firm_id=firm.pk)


def kept_days() -> int:
    """For how many days accesses are kept: the setting, never under six months."""
    return max(LEAST_DAYS, int(settings.ACCESS_KEPT_DAYS))


def forget_old_accesses(now: datetime.datetime | None = None) -> int:
    """Delete accesses older than they are kept; how many."""
    last = (now or timezone.now()) - datetime.timedelta(days=kept_days())
    count, _kinds = Access.objects.filter(at__lt=last).delete()
    return count
