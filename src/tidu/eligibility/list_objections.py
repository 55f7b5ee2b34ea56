"""Objections to firms on a published list: take them, check, answer."""

from __future__ import annotations

import dataclasses
import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import PUBLIC, Actor
from tidu.accounts.masking import masked_phone, masked_text
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.eligibility.enums import Answered, EntryState, Removal
from tidu.eligibility.pay_list_models import (
    EntitlementEntry,
    EntitlementList,
    ListObjection,
)
from tidu.eligibility.pay_list_queries import today
from tidu.eligibility.pay_lists import ListImpossible, tell_entry
from tidu.eligibility.permissions import may_work_on_list
from tidu.registry.queries import scope_filter
from tidu.registry.told import Told, kept_words
from tidu.rules.pay_list import PUBLISHED


def may_object_to_entry(entry: EntitlementEntry, on: datetime.date) -> Verdict:
    """While the list is published, and the firm still on it."""
    pay_list = entry.pay_list
    if pay_list.opens_on is None or on < pay_list.opens_on:
        return no(_("这份名单还没有开始公示"))
    assert pay_list.ends_on is not None
    if on > pay_list.ends_on:
        day = f"{pay_list.ends_on:%Y-%m-%d}"
        text = _("公示已于 {day} 截止；有问题请联系{office}")
        return no(text.format(day=day, office=pay_list.organisation.name))
    if pay_list.state != PUBLISHED or entry.state != EntryState.KEPT:
        return no(_("这家企业已经不在公示中，不用再提异议"))
    return yes()


@transaction.atomic
def object_to_entry(*, entry: EntitlementEntry, told: Told) -> ListObjection:
    """Take an objection; the list is not approved before it is answered.

    Raises ListImpossible where it is too late, EvidenceError for a file not taken.
    """
    EntitlementList.objects.select_for_update().get(pk=entry.pay_list_id)
    found = EntitlementEntry.objects.select_related("pay_list__organisation").get(
        pk=entry.pk
    )
    if not (verdict := may_object_to_entry(found, today())):
        raise ListImpossible(str(verdict.reason))
    made = ListObjection.objects.create(entry=found, **kept_words(told))
    _tell("filed", made, PUBLIC)
    return made


@transaction.atomic
def answer_list_objection(
    *, objection: ListObjection, by: Actor, answer: str, sustained: bool
) -> None:
    """Answer, with the reason. A sustained one takes the firm off the list."""
    found = ListObjection.objects.select_for_update().get(pk=objection.pk)
    entry = EntitlementEntry.objects.select_related("pay_list__organisation").get(
        pk=found.entry_id
    )
    may_work_on_list(by, entry.pay_list).or_refuse()
    if found.state != Answered.OPEN:
        raise ListImpossible(_("这一件已经答复过；请刷新页面"))
    if not answer.strip():
        raise ListImpossible(_("请写明核查的结论和理由"))
    found.state = Answered.SUSTAINED if sustained else Answered.DISMISSED
    found.answer = answer.strip()
    found.answered_by, found.answered_at = by.name, timezone.now()
    found.save()
    if sustained and entry.state == EntryState.KEPT:
        entry.state, entry.removal = EntryState.REMOVED, Removal.OBJECTION
        entry.reason = found.answer[:500]
        entry.save(update_fields=["state", "removal", "reason"])
        tell_entry("removed", entry, by, reason=entry.reason, objection=found.pk)
    _tell("answered", found, by, state=found.state)


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """Who objected and what, as somebody may read it."""

    name: str
    contact: str
    text: str
    masked: bool


def said_for(actor: Actor, objection: ListObjection) -> Said:
    """Whole for the office that checks it, masked for those above it."""
    if actor.organisation and (
        actor.organisation.pk == objection.entry.pay_list.organisation_id
    ):
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


def list_objections_of(actor: Actor) -> models.QuerySet[ListObjection]:
    """What waits for the actor's office or below it, the oldest open one on top."""
    scope = actor.scope
    if scope is None:
        return ListObjection.objects.none()
    place = "entry__pay_list__organisation__territory"
    return (
        ListObjection.objects.filter(scope_filter(scope, place))
        .select_related("entry__pay_list__organisation", "blob")
        .order_by(
            models.Case(
                models.When(state=Answered.OPEN, then=0),
                default=1,
                output_field=models.IntegerField(),
            ),
            "filed_at",
            "pk",
        )
    )


def _tell(what: str, objection: ListObjection, by: Actor, **data: object) -> None:
    """Never who objected: an event cannot be forgotten."""
    record(
        action=f"eligibility.objection_{what}",
        by=by,
        about=objection,
        territory=objection.entry.territory,
        data={
            "list": objection.entry.pay_list_id,
            "entry": objection.entry_id,
            "enterprise": objection.entry.enterprise_id,
            **data,
        },
    )
