"""What the trail does by itself, each night."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from tidu.audit.access import forget_old_accesses


@db_periodic_task(crontab(hour="3", minute="17"))  # type: ignore[untyped-decorator]
def forget_each_night() -> None:
    """Delete accesses that are older than the installation keeps them."""
    forget_old_accesses()
