"""Objections to a notice and complaints about holders: take them, check, answer."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import PUBLIC, Actor
from tidu.accounts.masking import masked_phone, masked_text
from tidu.accounts.permissions import may_do_work_of, may_see_work_of
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.casework.clocks import Clock, Reading
from tidu.casework.deciding import Ground, NoReason, grounds_of
from tidu.casework.enums import UNITS, DayKind, ObjectionKind, ObjectionState
from tidu.casework.models import Case
from tidu.casework.moving import move_case
from tidu.casework.notice_models import NoticeEntry, Objection
from tidu.casework.offices import office_of_title
from tidu.casework.permissions import may_apply_for
from tidu.casework.queries import today
from tidu.registry.models import HeldTitle
from tidu.registry.queries import scope_filter
from tidu.registry.told import Told, kept_words
from tidu.rules.case_table import OBJECTION
from tidu.rules.errors import TiduError
from tidu.rules.working_days import DayUnit, default_working_days


class ObjectionImpossible(TiduError):
    """It cannot be taken now; the sentence says why and where else to turn."""


def may_object(entry: NoticeEntry, on: datetime.date) -> Verdict:
    """While the notice stands, and the case is still in its step or under check."""
    notice = entry.notice
    if on < notice.opens_on:
        return no(_("公示从 {day} 开始").format(day=f"{notice.opens_on:%Y-%m-%d}"))
    if on > notice.ends_on:
        day = f"{notice.ends_on:%Y-%m-%d}"
        text = _("公示已于 {day} 截止；认定以后仍可以实名举报")
        return no(text.format(day=day))
    if entry.case.state not in {notice.step, OBJECTION}:
        return no(_("这家企业已经不在公示中，不用再提异议"))
    return yes()


@transaction.atomic
def file_objection(*, entry: NoticeEntry, told: Told) -> Objection:
    """Take an objection; the case goes to the check of objections.

    Raises ObjectionImpossible, EvidenceError for a file that is not taken.
    """
    case = Case.objects.select_for_update().get(pk=entry.case_id)
    entry.case = case
    if not (verdict := may_object(entry, today())):
        raise ObjectionImpossible(str(verdict.reason))
    made = _take(
        told,
        Objection(
            kind=ObjectionKind.OBJECTION,
            entry=entry,
            enterprise=case.enterprise,
            office=entry.notice.organisation,
        ),
    )
    if case.state == entry.notice.step:
        move_case(
            case=case,
            event="object",
            by=PUBLIC,
            seen=case.counter,
            data={"objection": made.pk},
        )
    return made


@transaction.atomic
def file_complaint(*, title: HeldTitle, told: Told) -> Objection:
    """Take a complaint about a holder, for the office that answers for the title."""
    if title.revoked_on:
        raise ObjectionImpossible(_("这个称号已经撤销，不用再举报"))
    office = office_of_title(title)
    if office is None:
        text = _("本站没有这家企业的主管部门，不能受理；请向当地主管部门举报")
        raise ObjectionImpossible(text)
    return _take(
        told,
        Objection(
            kind=ObjectionKind.COMPLAINT,
            title=title,
            enterprise=title.enterprise,
            office=office,
        ),
    )


@transaction.atomic
def answer_objection(
    *,
    objection: Objection,
    by: Actor,
    answer: str,
    sustained: bool,
    grounds: Sequence[Ground] = (),
) -> None:
    """Answer, with the reason. A sustained objection refuses the case by its grounds.

    A complaint that holds opens the way to a revocation, which is decided apart.
    Raises NoReason without an answer, or where a refusal names no clause.
    """
    found = Objection.objects.select_for_update().get(pk=objection.pk)
    may_answer(by, found).or_refuse()
    if found.state != ObjectionState.OPEN:
        raise ObjectionImpossible(_("这一件已经答复过；请刷新页面"))
    if not answer.strip():
        raise NoReason(_("请写明核查的结论和理由"))
    found.state = ObjectionState.SUSTAINED if sustained else ObjectionState.DISMISSED
    found.answer = answer.strip()
    found.answered_by, found.answered_at = by.name, timezone.now()
    found.save()
    if found.entry is not None:
        _move(found, by, sustained=sustained, grounds=grounds)
    _tell("answered", found, by, state=found.state)


@transaction.atomic
def erase_objector(*, objection: Objection, by: Actor) -> None:
    """Take away who objected, once it is answered; what was said stays."""
    may_answer(by, objection).or_refuse()
    if objection.state == ObjectionState.OPEN:
        raise ObjectionImpossible(_("答复以后才能删除提出人的姓名和联系方式"))
    objection.person_name = objection.person_contact = ""
    objection.save(update_fields=["person_name", "person_contact"])
    _tell("person_erased", objection, by)


def may_see_objection(actor: Actor, objection: Objection) -> Verdict:
    """The office in charge, and the authorities above the firm, names masked."""
    scope = actor.scope
    if scope is not None and objection.office.territory.startswith(scope):
        return yes()
    return may_see_work_of(actor, objection.office_id, _("这一件由另一个主管部门核查"))


def may_see_person(actor: Actor, objection: Objection) -> Verdict:
    """Who objected is for the office in charge alone, however high another is."""
    text = _("提出人的姓名和联系方式只有负责核查的单位能看")
    return may_see_work_of(actor, objection.office_id, text)


def may_answer(actor: Actor, objection: Objection) -> Verdict:
    """People of the office in charge, but no observers."""
    text = _("这一件由另一个主管部门核查")
    return may_do_work_of(actor, objection.office_id, text)


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """Who objected and what, as somebody may read it."""

    name: str
    contact: str
    text: str
    masked: bool


def said_for(actor: Actor, objection: Objection) -> Said:
    """Whole for the office in charge, masked for everybody else."""
    if may_see_person(actor, objection):
        return Said(
            objection.person_name,
            objection.person_contact,
            objection.text,
            masked=False,
        )
    return Said(
        objection.person_name[:1] + "*" * len(objection.person_name[1:]),
        masked_phone(objection.person_contact),
        masked_text(objection.text),
        masked=True,
    )


def objections_to(case: Case) -> models.QuerySet[Objection]:
    """What was objected to a case; a complaint about a title is not told its firm."""
    return (
        Objection.objects.filter(entry__case=case)
        .select_related("entry__case__round", "entry__notice", "office", "enterprise")
        .order_by("filed_at", "pk")
    )


def said_to_firm(objection: Objection) -> str:
    """The text without who objected: neither their name nor any number in it."""
    text = masked_text(objection.text)
    for each in (objection.person_name, objection.person_contact):
        if each.strip():
            text = text.replace(each.strip(), "＊＊")
    return text


def may_reply(actor: Actor, objection: Objection) -> Verdict:
    """The firm's own people, once, while it is checked."""
    verdict = may_apply_for(actor, objection.enterprise)
    if not verdict:
        return verdict
    if objection.kind != ObjectionKind.OBJECTION:
        return no(_("举报由主管部门核查，不在这里说明"))
    if objection.replied_at:
        return no(_("已经说明过一次；还有要补充的，请联系核查单位"))
    if objection.state != ObjectionState.OPEN:
        return no(_("核查已有结论，不用再说明"))
    return yes()


@transaction.atomic
def reply_to_objection(*, objection: Objection, text: str, by: Actor) -> None:
    """What the firm says to it, once; the office that checks reads it.

    Raises NoReason without a text.
    """
    found = Objection.objects.select_for_update().get(pk=objection.pk)
    may_reply(by, found).or_refuse()
    if not text.strip():
        raise NoReason(_("请写明情况和依据"))
    found.reply = text.strip()
    found.replied_by, found.replied_by_id = by.name, by.user_id
    found.replied_at = timezone.now()
    found.save(update_fields=["reply", "replied_by", "replied_by_id", "replied_at"])
    _tell("replied", found, by)


def objections_of(actor: Actor) -> models.QuerySet[Objection]:
    """What waits for the actor's office or below it, the oldest open one on top."""
    scope = actor.scope
    if scope is None:
        return Objection.objects.none()
    return (
        Objection.objects.filter(scope_filter(scope, "office__territory"))
        .select_related("enterprise", "office", "entry__case__round", "title")
        .order_by(
            models.Case(
                models.When(state=ObjectionState.OPEN, then=0),
                default=1,
                output_field=models.IntegerField(),
            ),
            "filed_at",
            "pk",
        )
    )


def clock_of(objection: Objection) -> Reading:
    """How long it has waited; the round may give a limit, a complaint has none."""
    limit: dict[str, Any] = {}
    if objection.entry is not None:
        limit = objection.entry.case.round.limits.get(OBJECTION) or {}
    unit = UNITS[DayKind(limit["kind"])] if limit.get("kind") else DayUnit.WORKING_DAY
    clock = Clock(
        started=objection.filed_at,
        unit=unit,
        allowed=limit.get("days"),
        ended=objection.answered_at,
    )
    return clock.read(timezone.now(), default_working_days())


def _take(told: Told, made: Objection) -> Objection:
    for name, value in kept_words(told).items():
        setattr(made, name, value)
    made.save()
    _tell("filed", made, PUBLIC)
    return made


def _move(
    objection: Objection, by: Actor, *, sustained: bool, grounds: Sequence[Ground]
) -> None:
    assert objection.entry is not None
    case = Case.objects.select_for_update().get(pk=objection.entry.case_id)
    told = {"objection": objection.pk}
    if case.state != OBJECTION:
        return  # another objection has decided it
    if sustained:
        move_case(
            case=case,
            event="sustain",
            by=by,
            seen=case.counter,
            reason=objection.answer[:1000],
            data={**told, "criteria": grounds_of(case, list(grounds))},
        )
        return
    others = Objection.objects.filter(entry__case=case, state=ObjectionState.OPEN)
    if not others.exists():
        move_case(
            case=case,
            event="dismiss",
            by=by,
            seen=case.counter,
            reason=objection.answer[:1000],
            target=case.step,
            data=told,
        )


def _tell(what: str, objection: Objection, by: Actor, **data: object) -> None:
    """Never who objected: an event cannot be forgotten."""
    record(
        action=f"casework.objection_{what}",
        by=by,
        about=objection,
        territory=objection.enterprise.territory,
        data={
            "kind": objection.kind,
            "enterprise": objection.enterprise_id,
            "entry": objection.entry_id,
            "title": objection.title_id,
            **data,
        },
    )
