"""Publish the list before a decision, for the days that the round gives."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import Organisation
from tidu.accounts.permissions import may_work_for_authority
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.casework.enums import UNITS, DayKind, ObjectionState
from tidu.casework.guards import add_step_check
from tidu.casework.models import Case, Round
from tidu.casework.notice_models import NoticeEntry, Objection, PublicNotice
from tidu.casework.queries import today
from tidu.rules.errors import TiduError
from tidu.rules.procedures import StepKind
from tidu.rules.working_days import default_working_days


class NoticeImpossible(TiduError):
    """A notice cannot be published; the sentence says what to set first."""


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """From when until when a notice stands; the first day is not counted."""

    opens_on: datetime.date
    ends_on: datetime.date
    provisional: bool


def period_of(opened: Round, opens_on: datetime.date) -> Period:
    """The days of a notice by its round. Raises NoticeImpossible without a number."""
    if not opened.notice_days:
        text = _(
            "“{round}”没有写公示天数；请先在批次里填写公示天数和按工作日还是日历日"
        )
        raise NoticeImpossible(text.format(round=opened.title))
    due = default_working_days().due(
        opens_on, opened.notice_days, UNITS[DayKind(opened.notice_kind)]
    )
    return Period(opens_on, due.date, due.provisional)


def waiting_for_notice(
    office: Organisation | None, opened: Round | None = None
) -> models.QuerySet[Case]:
    """Cases of an office that are in a step of notice and on no notice yet."""
    steps = {
        step.id
        for each in ([opened] if opened else _rounds_of(office))
        for step in each.step_list
        if step.kind is StepKind.PUBLIC_NOTICE
    }
    listed = NoticeEntry.objects.filter(
        case=models.OuterRef("pk"), notice__step=models.OuterRef("state")
    )
    found = Case.objects.filter(office=office, state__in=steps)
    if opened:
        found = found.filter(round=opened)
    return (
        found.exclude(models.Exists(listed))
        .select_related("enterprise", "round")
        .order_by("enterprise__territory", "enterprise__name", "pk")
    )


def rounds_to_notice(actor: Actor) -> list[tuple[Round, str, int]]:
    """Rounds with cases that wait for a notice of the office: step, how many."""
    if actor.organisation is None:
        return []
    waiting = (
        waiting_for_notice(actor.organisation)
        .order_by("round_id", "state")
        .values_list("round_id", "state")
        .annotate(count=models.Count("pk"))
    )
    found = list(waiting)
    rounds = Round.objects.select_related("organisation").in_bulk(
        [each[0] for each in found]
    )
    return [(rounds[pk], step, count) for pk, step, count in found]


def may_publish(actor: Actor, opened: Round, step: str) -> Verdict:
    """People of the office in whose step the cases stand."""
    verdict = may_work_for_authority(actor)
    if not verdict:
        return verdict
    here = Case.objects.filter(round=opened, state=step, office=actor.organisation)
    if actor.organisation is None or not here.exists():
        return no(_("这一批次现在没有轮到您单位公示的案卷"))
    return yes()


@transaction.atomic
def publish_notice(
    *,
    opened: Round,
    step: str,
    title: str,
    contact: str,
    opens_on: datetime.date,
    by: Actor,
    cases: Iterable[int] = (),
) -> PublicNotice:
    """Publish a notice for the cases of a round in a step; all that wait unless named.

    Raises NoticeImpossible: no days set, a day that has passed, nobody to list.
    """
    opened = Round.objects.select_for_update().get(pk=opened.pk)  # one at a time
    may_publish(by, opened, step).or_refuse()
    assert by.organisation is not None
    assert by.user is not None
    period = period_of(opened, opens_on)
    if opens_on < today():
        raise NoticeImpossible(_("公示不能从过去的日子开始；请选今天或以后的日期"))
    waiting = waiting_for_notice(by.organisation, opened).filter(state=step)
    wanted = list(cases)
    listed = list(waiting.filter(pk__in=wanted) if wanted else waiting)
    if not listed:
        raise NoticeImpossible(_("没有等待公示的企业；可能已经在另一份公示里"))
    notice = PublicNotice.objects.create(
        round=opened,
        step=step,
        organisation=by.organisation,
        title=title,
        contact=contact,
        opens_on=period.opens_on,
        ends_on=period.ends_on,
        provisional=period.provisional,
        days=opened.notice_days or 0,
        day_kind=opened.notice_kind,
        published_by=by.user,
    )
    NoticeEntry.objects.bulk_create(
        NoticeEntry(
            notice=notice,
            case=each,
            name=each.enterprise.name,
            territory=each.enterprise.territory,
        )
        for each in listed
    )
    _tell(notice, listed, by)
    return notice


def open_notices(on: datetime.date) -> models.QuerySet[PublicNotice]:
    """Notices that stand on a day, the one that ends first on top."""
    return PublicNotice.objects.filter(opens_on__lte=on, ends_on__gte=on).order_by(
        "ends_on", "pk"
    )


def notice_is_over(case: Case) -> Verdict:
    """The case has stood on a notice to its last day, and no objection is open."""
    entries = case.notices.filter(notice__step=case.state)
    entry = entries.select_related("notice").order_by("-notice__ends_on").first()
    if entry is None:
        return no(_("还没有公示；请先发布公示"))
    if entry.notice.ends_on >= today():
        day = f"{entry.notice.ends_on:%Y-%m-%d}"
        return no(_("公示到 {day} 才截止，之后才能往下办").format(day=day))
    if Objection.objects.filter(entry__case=case, state=ObjectionState.OPEN).exists():
        return no(_("还有异议没有答复；请先核查并答复"))
    return yes()


def listen() -> None:
    """A case leaves a step of notice only when the notice is over."""
    add_step_check(StepKind.PUBLIC_NOTICE, notice_is_over)


def _tell(notice: PublicNotice, listed: list[Case], by: Actor) -> None:
    record(
        action="casework.notice_published",
        by=by,
        about=notice,
        territory=notice.organisation.territory,
        data={
            "round": notice.round_id,
            "cases": [each.pk for each in listed],
            "opens_on": notice.opens_on.isoformat(),
            "ends_on": notice.ends_on.isoformat(),
            "provisional": notice.provisional,
        },
    )


def _rounds_of(office: Organisation | None) -> models.QuerySet[Round]:
    return Round.objects.filter(cases__office=office).distinct()
