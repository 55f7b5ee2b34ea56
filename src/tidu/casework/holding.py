"""After certification: updates, changes, consequences, restoring, revoking, bars."""

from __future__ import annotations

import dataclasses
import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.casework.deciding import NoReason
from tidu.casework.duties import Owed, owed_by, valid_titles
from tidu.casework.enums import (
    GRAVE,
    ChangeKind,
    RevocationKind,
    TaskState,
    UpdateWay,
)
from tidu.casework.offices import may_manage_title
from tidu.casework.queries import today
from tidu.casework.title_models import (
    AnnualUpdate,
    Bar,
    ChangeReport,
    DutyTask,
    LostRight,
    TitleRevocation,
)
from tidu.eligibility.pool import months_after
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.permissions import may_file_for
from tidu.registry.titles import revoke_title
from tidu.rules.errors import TiduError
from tidu.rules.procedures import Consequence

_MONTHS = 12
_REASON = 300  # characters of a title's revocation in the registry


class DutyImpossible(TiduError):
    """It cannot be done to this title now; the sentence says why."""


def may_confirm(title: HeldTitle, on: datetime.date) -> Verdict:
    """The year's update of a title that counts, once."""
    owed = owed_by(title)
    if owed is None:
        return no(_("没有这个称号的年度更新规定"))
    if on.year not in owed.years:
        return no(_("今年不要求更新"))
    if title.updates.filter(year=on.year).exists():
        return no(_("今年已经更新过"))
    return yes()


@transaction.atomic
def confirm_update(*, title: HeldTitle, by: Actor) -> AnnualUpdate:
    """Confirm that the figures of a holder are up to date this year.

    After the day it is recorded as late: a miss that was noted stays.
    """
    may_file_for(by, title.enterprise).or_refuse()
    on = today()
    may_confirm(title, on).or_refuse()
    owed = owed_by(title)
    assert owed is not None
    return note_update(owed, on.year, UpdateWay.CONFIRMED, on, by)


def note_update(
    owed: Owed, year: int, way: UpdateWay, on: datetime.date, by: Actor
) -> AnnualUpdate:
    """Record the update of a year; inside a transaction."""
    title = owed.title
    made, new = AnnualUpdate.objects.get_or_create(
        title=title,
        year=year,
        defaults={
            "way": way,
            "on": on,
            "late": on > owed.duties.update_day(year),
            "made_by": by.name,
            "made_by_id": by.user_id,
        },
    )
    if new:
        _tell("update_noted", title, by, year=year, way=way, late=made.late)
    return made


@transaction.atomic
def report_change(
    *,
    enterprise: Enterprise,
    kind: ChangeKind,
    happened_on: datetime.date,
    text: str,
    by: Actor,
) -> ChangeReport:
    """Report a change of a holder; late after the months that its titles' clauses give.

    The strictest of its titles counts. A change is never refused for being late.
    """
    may_file_for(by, enterprise).or_refuse()
    on = today()
    if happened_on > on:
        raise DutyImpossible(_("变化还没有发生；请在发生以后报告"))
    owed = [
        each
        for title in valid_titles(on).filter(enterprise=enterprise)
        if (each := owed_by(title))
    ]
    days = sorted(
        (each.change_day(happened_on), each.clause("change")) for each in owed
    )
    due_on, clause = days[0] if days else (None, "")
    made = ChangeReport.objects.create(
        enterprise=enterprise,
        kind=kind,
        happened_on=happened_on,
        text=text.strip(),
        due_on=due_on,
        late=due_on is not None and on > due_on,
        clause=clause,
        made_by=by.name,
        made_by_id=by.user_id,
    )
    record(
        action="casework.change_reported",
        by=by,
        about=made,
        territory=enterprise.territory,
        data={
            "enterprise": enterprise.pk,
            "kind": kind,
            "happened_on": happened_on.isoformat(),
            "late": made.late,
        },
    )
    return made


@transaction.atomic
def decide_task(*, task: DutyTask, carry_out: bool, reason: str, by: Actor) -> None:
    """Carry a proposed consequence out, or do not, with the reason.

    Raises NoReason, DutyImpossible where it was decided already.
    """
    found = DutyTask.objects.select_for_update().get(pk=task.pk)
    title = found.title
    may_manage_title(by, title).or_refuse()
    if found.state != TaskState.OPEN:
        raise DutyImpossible(_("这一件已经办理过；请刷新页面"))
    reason = _given(reason)
    found.state = TaskState.DONE if carry_out else TaskState.DROPPED
    found.reason, found.decided_by, found.decided_at = reason, by.name, timezone.now()
    found.save()
    data = {"task": found.pk, "consequence": found.consequence, "reason": reason}
    _tell("task_done" if carry_out else "task_dropped", title, by, **data)
    if not carry_out:
        return
    if found.consequence == Consequence.REVOKED:
        grounds = Grounds(RevocationKind.MISSED, reason, found.clause)
        revoke(title=title, grounds=grounds, by=by)
    elif not title.lost_rights.filter(restored_on=None).exists():
        LostRight.objects.create(
            title=title,
            since=today(),
            reason=reason,
            clause=found.clause,
            made_by=by.name,
        )


@transaction.atomic
def restore_right(*, lost: LostRight, reason: str, by: Actor) -> None:
    """Give the right to re-verification back, with the reason."""
    may_manage_title(by, lost.title).or_refuse()
    if lost.restored_on:
        raise DutyImpossible(_("复核资格已经恢复；请刷新页面"))
    lost.restored_on, lost.restored_reason = today(), _given(reason)
    lost.save(update_fields=["restored_on", "restored_reason"])
    _tell("right_restored", lost.title, by, reason=lost.restored_reason)


@dataclasses.dataclass(frozen=True, slots=True)
class Grounds:
    """Why a title is taken away, and under which clause."""

    kind: RevocationKind
    text: str
    clause: str


@dataclasses.dataclass(frozen=True, slots=True)
class BarWanted:
    """A bar as the authority sets it; ``until`` None: no end is set yet."""

    until: datetime.date | None


def least_bar(
    title: HeldTitle, kind: RevocationKind, on: datetime.date
) -> datetime.date | None:
    """Until when a bar lasts at least by the title's rules; None: they leave it open.

    63号第十六条 names the grave reasons; 2号 only falsification.
    """
    owed = owed_by(title)
    if owed is None or not owed.duties.bar_years:
        return None
    only = owed.duties.bar_for
    if (kind == only) if only else (kind in GRAVE):
        return months_after(on, owed.duties.bar_years * _MONTHS)
    return None


@transaction.atomic
def revoke(
    *,
    title: HeldTitle,
    grounds: Grounds,
    by: Actor,
    bar: BarWanted | None = None,
) -> TitleRevocation:
    """Take a title away today: the registry, the certificate and the public see it.

    Where the rules ask for a bar there is one, and not a shorter one. Raises NoReason,
    DutyImpossible.
    """
    title = HeldTitle.objects.select_for_update().get(pk=title.pk)
    may_manage_title(by, title).or_refuse()
    on = today()
    if title.revoked_on:
        raise DutyImpossible(_("这个称号已经撤销；请刷新页面"))
    text = _given(grounds.text)
    if not grounds.clause.strip():
        raise NoReason(_("请写明依据哪一条"))
    least = least_bar(title, grounds.kind, on)
    if least and bar and bar.until and bar.until < least:
        said = _("按规定至少禁止申报到 {day}，不能更短")
        raise DutyImpossible(said.format(day=f"{least:%Y-%m-%d}"))
    if least and (bar is None or bar.until is None):
        bar = BarWanted(least)
    kept = _bar(title, text, grounds.clause, bar, on, by) if bar else None
    made = TitleRevocation.objects.create(
        title=title,
        kind=grounds.kind,
        text=text,
        clause=grounds.clause.strip(),
        on=on,
        bar=kept,
        made_by=by.name,
    )
    label = str(RevocationKind(grounds.kind).label)
    said = f"{label}：{text}（{made.clause}）"
    revoke_title(title=title, on=on, reason=said[:_REASON], by=by)
    title.tasks.filter(state=TaskState.OPEN).update(
        state=TaskState.DROPPED,
        reason=_("称号已撤销"),
        decided_by=by.name,
        decided_at=timezone.now(),
    )
    _tell("revoked", title, by, kind=grounds.kind, clause=made.clause, text=text)
    return made


@transaction.atomic
def set_bar_end(*, bar: Bar, until: datetime.date, reason: str, by: Actor) -> None:
    """Set until when a bar lasts whose end was left open."""
    _may_change_bar(bar, by)
    if bar.until is not None:
        raise DutyImpossible(_("禁止申报的期限已经定了；要提前结束请用解除"))
    bar.until = until
    bar.save(update_fields=["until"])
    _tell_of_bar("bar_set", bar, by, until=until.isoformat(), reason=_given(reason))


@transaction.atomic
def lift_bar(*, bar: Bar, reason: str, by: Actor) -> None:
    """End a bar before its time, with the reason."""
    _may_change_bar(bar, by)
    bar.lifted_on, bar.lifted_reason = today(), _given(reason)
    bar.save(update_fields=["lifted_on", "lifted_reason"])
    _tell_of_bar("bar_lifted", bar, by, reason=bar.lifted_reason)


def _may_change_bar(bar: Bar, by: Actor) -> None:
    title = HeldTitle.objects.filter(
        enterprise=bar.enterprise, scheme=bar.scheme
    ).first()
    assert title is not None, "a bar follows a title"
    may_manage_title(by, title).or_refuse()
    if bar.lifted_on:
        raise DutyImpossible(_("禁止申报已经解除；请刷新页面"))


def _bar(
    title: HeldTitle,
    text: str,
    clause: str,
    wanted: BarWanted,
    on: datetime.date,
    by: Actor,
) -> Bar:
    if wanted.until and wanted.until <= on:
        raise DutyImpossible(_("禁止申报的截止日应在今天以后；请改正"))
    made = Bar.objects.create(
        enterprise=title.enterprise,
        scheme=title.scheme,
        begins_on=on,
        until=wanted.until,
        reason=text,
        clause=clause.strip(),
        made_by=by.name,
    )
    until = wanted.until.isoformat() if wanted.until else None
    _tell_of_bar("bar_set", made, by, until=until, reason=text)
    return made


def _given(reason: str) -> str:
    if not reason.strip():
        raise NoReason(_("请写明理由"))
    return reason.strip()


def _tell(what: str, title: HeldTitle, by: Actor, **data: object) -> None:
    record(
        action=f"casework.title_{what}",
        by=by,
        about=title,
        territory=title.enterprise.territory,
        data={"enterprise": title.enterprise_id, "scheme": title.scheme, **data},
    )


def _tell_of_bar(what: str, bar: Bar, by: Actor, **data: object) -> None:
    record(
        action=f"casework.{what}",
        by=by,
        about=bar,
        territory=bar.enterprise.territory,
        data={"enterprise": bar.enterprise_id, "scheme": bar.scheme, **data},
    )
