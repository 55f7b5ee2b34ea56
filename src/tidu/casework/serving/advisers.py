"""Advisers: who they are, which firms are theirs, how they were in touch."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actions import enter_person
from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation
from tidu.audit.actions import record
from tidu.casework.queries import today
from tidu.casework.serving import permissions
from tidu.casework.serving.enums import AdviserKind, ContactKind, Party
from tidu.casework.serving.models import (
    Adviser,
    Contact,
    ServedFirm,
    ServiceNotice,
    ServiceRequest,
)
from tidu.casework.serving.moving import ServiceError, tell
from tidu.registry.models import Enterprise


@transaction.atomic
def enter_adviser(
    *,
    username: str,
    name: str,
    kind: AdviserKind,
    field: str,
    by: Actor,
    of: Organisation | None = None,
) -> tuple[Adviser, str]:
    """Somebody who serves firms for the actor's office; their one-time password.

    ``of``: the provider whose people they are (a university, an association); without
    it they are people of the office itself.
    """
    permissions.may_keep_advisers(by).or_refuse()
    assert by.organisation is not None
    home = of or by.organisation
    if home != by.organisation and home.kind != OrganisationKind.PROVIDER:
        raise ServiceError(_("专员只能是本单位或服务机构的人员"))
    membership, password = enter_person(
        username=username, name=name, organisation=home, role=Role.ADVISER, by=by
    )
    return make_adviser(membership, by.organisation, kind, field, by=by), password


def make_adviser(
    membership: Membership,
    office: Organisation,
    kind: AdviserKind,
    field: str = "",
    *,
    by: Actor,
) -> Adviser:
    """Keep that a member serves firms for an office; inside the caller's action."""
    made = Adviser.objects.create(
        membership=membership, office=office, kind=kind, field=field.strip()
    )
    _tell("entered", made, by, kind=kind, field=made.field)
    return made


def adviser_for(membership: Membership, *, by: Actor) -> Adviser:
    """The member as an adviser; an officer becomes one with the first request."""
    known = Adviser.objects.filter(membership=membership).first()
    office = membership.organisation
    kind = AdviserKind.SERVICE_OFFICER
    return known or make_adviser(membership, office, kind, by=by)


@transaction.atomic
def change_adviser(
    *, adviser: Adviser, kind: AdviserKind, field: str, active: bool, by: Actor
) -> None:
    """Write what is now known; who still has requests cannot be taken off."""
    permissions.may_keep_adviser(by, adviser).or_refuse()
    if not active and adviser.requests.filter(closed_at=None).exists():
        raise ServiceError(_("还有没办结的服务，请先改派或移交"))
    adviser.kind, adviser.field, adviser.active = kind, field.strip(), active
    adviser.save(update_fields=["kind", "field", "active"])
    _tell("changed", adviser, by, kind=kind, field=adviser.field, active=active)


@transaction.atomic
def give_firm(*, adviser: Adviser, enterprise: Enterprise, by: Actor) -> ServedFirm:
    """Put a firm of the territory on an adviser's list."""
    permissions.may_keep_adviser(by, adviser).or_refuse()
    if not enterprise.territory.startswith(by.scope or "-"):
        raise ServiceError(_("这家企业不在您单位的区划内"))
    if not adviser.active:
        raise ServiceError(_("这位专员已不在岗，请另选一位"))
    found, new = take_firm(adviser, enterprise)
    if new:
        _tell("firm_given", adviser, by, enterprise=enterprise.pk)
    return found


@transaction.atomic
def take_back_firm(*, served: ServedFirm, by: Actor) -> None:
    """Take a firm off an adviser's list; not while they work on a request of it."""
    permissions.may_keep_adviser(by, served.adviser).or_refuse()
    open_ones = ServiceRequest.objects.filter(
        adviser=served.adviser, enterprise=served.enterprise, closed_at=None
    )
    if open_ones.exists():
        raise ServiceError(_("还有没办结的服务，请先改派或移交"))
    served.ended_at = timezone.now()
    served.save(update_fields=["ended_at"])
    _tell("firm_taken", served.adviser, by, enterprise=served.enterprise_id)


def take_firm(adviser: Adviser, enterprise: Enterprise) -> tuple[ServedFirm, bool]:
    """Put a firm on a list, once; inside the caller's action."""
    return ServedFirm.objects.get_or_create(
        adviser=adviser, enterprise=enterprise, ended_at=None
    )


def leave_firm(adviser: Adviser, enterprise: Enterprise) -> None:
    """Take a firm off a list whose requests have all gone to others."""
    mine = ServiceRequest.objects.filter(
        adviser=adviser, enterprise=enterprise, closed_at=None
    )
    if not mine.exists():
        ServedFirm.objects.filter(
            adviser=adviser, enterprise=enterprise, ended_at=None
        ).update(ended_at=timezone.now())


@transaction.atomic
def note_contact(
    *,
    enterprise: Enterprise,
    kind: ContactKind,
    on: datetime.date,
    text: str,
    by: Actor,
    request: ServiceRequest | None = None,
) -> Contact:
    """Keep a visit, call or message; it ends the silence. A note does not."""
    permissions.may_see_served(by, enterprise).or_refuse()
    served = ServedFirm.objects.filter(
        enterprise=enterprise, adviser__membership=by.membership, ended_at=None
    ).select_related("adviser")
    mine = served.first()
    if mine is None:
        raise ServiceError(_("这家企业没有分给您，不能替别人记联系"))
    if not text.strip():
        raise ServiceError(_("请写一句：谈了什么、答应了什么"))
    if on > today():
        raise ServiceError(_("联系日期不能晚于今天"))
    if request and request.adviser_id != mine.adviser_id:
        raise ServiceError(_("这项服务由别人办理"))
    made = Contact.objects.create(
        adviser=mine.adviser,
        enterprise=enterprise,
        request=request,
        kind=kind,
        on=on,
        text=text.strip(),
        made_by_id=by.user_id,
        made_by=by.name,
    )
    if kind is not ContactKind.NOTE:
        in_touch(mine.adviser, enterprise, on, request)
    told = {"kind": kind, "on": on.isoformat(), "contact": made.pk}
    if request:
        tell("contact", request, by, **told)
    else:
        _tell("contact", mine.adviser, by, enterprise=enterprise.pk, **told)
    return made


def in_touch(
    adviser: Adviser,
    enterprise: Enterprise,
    on: datetime.date,
    request: ServiceRequest | None = None,
) -> None:
    """End the silence: of the firm, and of the request it was about."""
    served = ServedFirm.objects.filter(
        adviser=adviser, enterprise=enterprise, ended_at=None
    )
    served.filter(Q(last_contact_on=None) | Q(last_contact_on__lt=on)).update(
        last_contact_on=on
    )
    if request and request.last_contact_on < on:
        request.last_contact_on = on
        request.save(update_fields=["last_contact_on"])
    if request:
        reminders = request.notices.filter(day__gt=0, seen_at=None, since__lt=on)
        reminders.update(seen_at=timezone.now())


@transaction.atomic
def note_seen(
    *, request: ServiceRequest, party: Party, adviser: Adviser | None = None
) -> None:
    """A party has opened the request: what it was told of is no longer new.

    Reminders stay until there was a contact.
    """
    found = ServiceNotice.objects.filter(
        request=request, party=party, seen_at=None, day=0
    )
    if party is Party.ADVISER:
        found = found.filter(adviser=adviser)
    found.update(seen_at=timezone.now())


def _tell(what: str, adviser: Adviser, by: Actor, **data: object) -> None:
    record(
        action=f"casework.adviser_{what}",
        by=by,
        about=adviser,
        territory=adviser.office.territory,
        data=data,
    )
