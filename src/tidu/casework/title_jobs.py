"""What the clock does to titles: notes missed updates, proposes, reminds.

Each county in its own transaction: what fails in one is logged, and stops no other.
Done again on the same day, nothing changes.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from django.db import transaction
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from tidu.accounts.actors import SYSTEM
from tidu.audit.actions import record
from tidu.casework.duties import Owed, owed_by, valid_titles
from tidu.casework.enums import TaskState, UpdateWay
from tidu.casework.holding import note_update
from tidu.casework.offices import office_of_title
from tidu.casework.queries import today
from tidu.casework.reverifying import remind
from tidu.casework.title_models import DutyTask, MissedUpdate
from tidu.registry.enums import FilingSource
from tidu.registry.models import Filing
from tidu.rules.facts import split_key

LOG = logging.getLogger(__name__)
Work = Callable[[str, datetime.date], int]


@db_periodic_task(crontab(hour="2", minute="40"))  # type: ignore[untyped-decorator]
def care_for_titles_each_night() -> None:
    """Note updates, misses and reminders of every territory."""
    care_for_titles(today())


def care_for_titles(on: datetime.date, work: tuple[Work, ...] = ()) -> dict[str, str]:
    """Do a day's work in every county that has titles; county → what failed there."""
    titles = valid_titles(on).order_by().select_related(None)
    places = titles.values_list("enterprise__territory", flat=True).distinct()
    failed: dict[str, str] = {}
    for place in sorted(places):
        for each in work or (note_updates, remind):
            try:
                with transaction.atomic():
                    each(place, on)
            except Exception as error:
                LOG.exception("titles of %s", place)
                failed[place] = str(error)
    return failed


def note_updates(scope: str, on: datetime.date) -> int:
    """Note updates by filings, misses, what they lead to; how many misses are new."""
    count = 0
    for title in valid_titles(on).filter(enterprise__territory=scope):
        owed = owed_by(title)
        if owed is None:
            continue
        for year in owed.years:
            count += _note(owed, year, on)
        _propose(owed)
    return count


def _note(owed: Owed, year: int, on: datetime.date) -> int:
    title, due = owed.title, owed.duties.update_day(year)
    if datetime.date(year, 1, 1) > on or title.updates.filter(year=year).exists():
        return 0
    if filed := _filed(owed, year):
        note_update(owed, year, UpdateWay.FILED, filed, SYSTEM)
        return 0
    if on <= due:
        return 0
    made, new = MissedUpdate.objects.get_or_create(
        title=title, year=year, defaults={"due_on": due}
    )
    if new:
        record(
            action="casework.title_update_missed",
            by=SYSTEM,
            about=title,
            territory=title.enterprise.territory,
            data={
                "enterprise": title.enterprise_id,
                "year": year,
                "due_on": made.due_on.isoformat(),
            },
        )
    return int(new)


def _filed(owed: Owed, year: int) -> datetime.date | None:
    """The day on which the firm itself filed figures of the year before, in time."""
    filings = Filing.objects.filter(
        enterprise=owed.title.enterprise,
        source=FilingSource.ENTERPRISE,
        withdrawn_at=None,
        filed_at__date__gte=datetime.date(year, 1, 1),
        filed_at__date__lte=owed.duties.update_day(year),
    ).order_by("filed_at")
    for each in filings:
        if any(split_key(key)[1] == year - 1 for key in each.entries):
            return each.filed_at.date()
    return None


def _propose(owed: Owed) -> None:
    """Propose the consequence once the misses of the period are enough."""
    title, duties = owed.title, owed.duties
    years = sorted(title.misses.values_list("year", flat=True))
    office = office_of_title(title)
    if len(years) < duties.misses or office is None:
        return
    known = title.tasks.filter(consequence=duties.consequence)
    if known.filter(state=TaskState.OPEN).exists():
        return
    if any(each.years == years for each in known):
        return  # a person has decided about these years
    task = DutyTask.objects.create(
        title=title,
        office=office,
        consequence=duties.consequence,
        years=years,
        clause=owed.clause("update"),
        grade=duties.grade,
    )
    record(
        action="casework.title_consequence_proposed",
        by=SYSTEM,
        about=title,
        territory=title.enterprise.territory,
        data={
            "enterprise": title.enterprise_id,
            "task": task.pk,
            "years": years,
            "consequence": duties.consequence.value,
        },
    )
