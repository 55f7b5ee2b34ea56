"""What the clocks of cases do by night: due days, escalation, usual times.

Each office's place in its own transaction: what fails in one is logged, and stops no
other. Done again on the same day, nothing changes.
"""

from __future__ import annotations

import datetime
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from tidu.accounts.actors import SYSTEM
from tidu.accounts.models import Organisation
from tidu.accounts.queries import leaders_of
from tidu.audit.actions import record
from tidu.casework.case_clocks import (
    DECIDED,
    DONE,
    FINAL,
    NOT_TIMED,
    histories_of,
    kept_of,
    limit_of,
    run_of,
    runs_of,
    whole_of,
    with_visit,
)
from tidu.casework.clock_models import Escalation, UsualTime
from tidu.casework.clocks import day_of, usual
from tidu.casework.enums import EscalationKind
from tidu.casework.models import Case
from tidu.rules.case_table import RETURNED
from tidu.rules.working_days import default_working_days

LOG = logging.getLogger(__name__)
Work = Callable[[str, datetime.datetime], int]
_AT_ONCE = 500  # cases whose moves are read together


@db_periodic_task(crontab(hour="21", minute="10"))  # type: ignore[untyped-decorator]
def care_for_clocks_each_night() -> None:
    """Ten past five in Beijing; the hour above is UTC."""
    care_for_clocks(timezone.now())


def care_for_clocks(
    now: datetime.datetime, work: tuple[Work, ...] = ()
) -> dict[str, str]:
    """Do a night's work in every place with an office that has cases; place → what
    failed there. How long finished cases took is counted last, for all places.
    """
    places = (
        Case.objects.exclude(office=None)
        .order_by()
        .values_list("office__territory", flat=True)
        .distinct()
    )
    failed: dict[str, str] = {}
    for place in sorted(places):
        try:
            with transaction.atomic():
                for each in work or (keep_clocks, escalate):
                    each(place, now)
        except Exception as error:
            LOG.exception("clocks of %s", place)
            failed[place] = str(error)
    count_usual_times(now)
    return failed


def keep_clocks(place: str, now: datetime.datetime) -> int:
    """Work out again when the cases at a place's offices are due; how many changed.

    A year's holidays may have been announced since; a restored copy may be behind.
    """
    count = 0
    rows = Case.objects.filter(office__territory=place).exclude(state__in=FINAL)
    for cases in _in_parts(rows.select_related("round").order_by("pk")):
        moves, visits = histories_of(cases)
        changed = []
        for case in cases:
            run = run_of(case, moves.get(case.pk, []), visits.get(case.pk, []))
            kept = kept_of(case, run, now)
            if kept != (case.due_on, case.paused_at):
                case.due_on, case.paused_at = kept
                changed.append(case)
        Case.objects.bulk_update(changed, ["due_on", "paused_at"])
        count += len(changed)
    return count


def escalate(place: str, now: datetime.datetime) -> int:
    """Tell the administrators of a place's offices of late cases; how many are new.

    Once for each case and time it came into its step.
    """
    late = list(_late(place, now))
    return sum(_tell(case, kind, days, at) for case, kind, days, at in late)


def open_escalations(
    office: Organisation | None, on: datetime.date
) -> models.QuerySet[Escalation]:
    """What an office's administrators were told of and is still as it was."""
    here = Escalation.objects.filter(
        case__office=office, office=office, case__state=F("state")
    )
    return here.filter(
        Q(kind=EscalationKind.UNOPENED, case__opened_at=None)
        | Q(kind=EscalationKind.OVERDUE, case__due_on__lt=on)
    )


@transaction.atomic
def count_usual_times(now: datetime.datetime) -> int:
    """Count anew how many working days finished work took; how many rows there are."""
    took: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    rows = Case.objects.exclude(submitted_at=None).select_related("round")
    for cases in _in_parts(rows.order_by("pk")):
        moves, visits = histories_of(cases)
        for case in cases:
            about = (case.round.scheme, case.round.kind)
            mine = moves.get(case.pk, [])
            for run in runs_of(case.made_at, mine, limit_of(case.round)):
                if run.ended_by in DONE:
                    clock = with_visit(run, visits.get(case.pk, [])).clock
                    days = clock.read(now, default_working_days()).working_days
                    took[*about, run.state].append(days)
            whole = whole_of(mine)
            if case.state in DECIDED and whole is not None:
                days = whole.read(now, default_working_days()).working_days
                took[*about, ""].append(days)
    UsualTime.objects.all().delete()
    made = [
        UsualTime(
            scheme=scheme, kind=kind, state=state,
            count=found.count, p50=found.p50, p90=found.p90,
        )
        for (scheme, kind, state), days in sorted(took.items())
        for found in [usual(days)]
    ]  # fmt: skip
    UsualTime.objects.bulk_create(made)
    return len(made)


def _late(
    place: str, now: datetime.datetime
) -> Iterator[tuple[Case, EscalationKind, int, int]]:
    """Unopened and overdue cases with their days and the move they came in with."""
    days, today = default_working_days(), day_of(now)
    rows = Case.objects.filter(office__territory=place).exclude(
        state__in=[*FINAL, *NOT_TIMED, RETURNED]
    )
    rows = rows.select_related("round", "office", "enterprise").order_by("pk")
    if settings.UNOPENED_DAYS:
        for case in rows.filter(opened_at=None):
            waited = days.count(day_of(case.state_since), today)
            if waited > settings.UNOPENED_DAYS:
                yield case, EscalationKind.UNOPENED, waited, case.counter
    for cases in _in_parts(rows.filter(due_on__lt=today)):
        moves, visits = histories_of(cases)
        for case in cases:
            run = run_of(case, moves.get(case.pk, []), visits.get(case.pk, []))
            left = run.clock.read(now, days).left or 0
            yield case, EscalationKind.OVERDUE, max(0, -left), run.sequence


def _tell(case: Case, kind: EscalationKind, days: int, sequence: int) -> int:
    office = case.office
    assert office is not None
    _made, new = Escalation.objects.get_or_create(
        case=case,
        kind=kind,
        sequence=sequence,
        defaults={"office": office, "state": case.state, "days": days},
    )
    if new:
        told = leaders_of(office).values_list("user_id", flat=True)
        record(
            action="casework.case_escalated",
            by=SYSTEM,
            about=case,
            territory=office.territory,
            data={
                "enterprise": case.enterprise_id,
                "round": case.round_id,
                "kind": kind.value,
                "step": case.state,
                "days": days,
                "office": office.pk,
                "administrators": sorted(told),
            },
        )
    return int(new)


def _in_parts(rows: models.QuerySet[Case]) -> Iterator[Sequence[Case]]:
    numbers = list(rows.values_list("pk", flat=True))
    for start in range(0, len(numbers), _AT_ONCE):
        yield list(rows.filter(pk__in=numbers[start : start + _AT_ONCE]))
