"""Work on a request: assign, begin, ask, hand over, answer, confirm, close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation
from tidu.casework.permissions import may_apply_for
from tidu.casework.queries import today
from tidu.casework.serving import permissions
from tidu.casework.serving.advisers import (
    adviser_for,
    in_touch,
    leave_firm,
    take_firm,
)
from tidu.casework.serving.enums import ConfirmedWay
from tidu.casework.serving.models import Adviser, ServiceDocument, ServiceRequest
from tidu.casework.serving.moving import ServiceError, move_request, tell
from tidu.casework.serving.queries import service_of
from tidu.registry.models import Evidence
from tidu.rules.service_files import Confirmer
from tidu.rules.service_table import ASKED, DISPUTED


@transaction.atomic
def assign(
    *,
    request: ServiceRequest,
    to: Membership,
    by: Actor,
    seen: int,
    text: str = "",
    other_side: Organisation | None = None,
) -> None:
    """Accept a request and give it to somebody; later, give it to somebody else.

    ``other_side``: the organisation whose people will confirm the outcome.
    """
    permissions.may_run_request(by, request).or_refuse()
    if other_side and other_side.kind != OrganisationKind.PROVIDER:
        raise ServiceError(_("对方机构应是本站登记的服务机构"))
    _refuse_stranger(to, request.office)
    adviser = adviser_for(to, by=by)
    before = request.adviser
    event = "assign" if request.state == ASKED else "reassign"
    move_request(
        request=request,
        event=event,
        by=by,
        seen=seen,
        text=text,
        adviser=adviser,
        receiver=None,
        **({"other_side": other_side} if other_side else {}),
    )
    _changed_hands(request, before)


@transaction.atomic
def begin(*, request: ServiceRequest, by: Actor, seen: int, text: str = "") -> None:
    """Say that work has begun."""
    move_request(request=request, event="begin", by=by, seen=seen, text=text)


@transaction.atomic
def ask_firm(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """Ask the firm for something; the clock stands until it replies."""
    said = _must(text, _("请写明要企业补充什么"))
    move_request(request=request, event="ask_firm", by=by, seen=seen, text=said)
    _was_in_touch(request)


@transaction.atomic
def reply(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """The firm gives what was asked."""
    said = _must(text, _("请写明补充了什么"))
    move_request(request=request, event="reply", by=by, seen=seen, text=said)


@transaction.atomic
def go_on(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """Go on without a reply on these pages: the firm told it by telephone."""
    said = _must(text, _("请写明怎样得到了企业的答复"))
    move_request(request=request, event="go_on", by=by, seen=seen, text=said)


@transaction.atomic
def hand_over(
    *, request: ServiceRequest, to: Adviser, by: Actor, seen: int, text: str
) -> None:
    """Offer a request to a colleague, with a note of how it stands."""
    said = _must(text, _("请写一段交接说明：办到哪里、答应了企业什么"))
    if to.pk == request.adviser_id:
        raise ServiceError(_("不能移交给自己"))
    if to.office_id != request.office_id or not to.active:
        raise ServiceError(_("只能移交给本单位在岗的专员"))
    move_request(
        request=request, event="hand_over", by=by, seen=seen, text=said, receiver=to
    )


@transaction.atomic
def take_over(*, request: ServiceRequest, by: Actor, seen: int, text: str = "") -> None:
    """Take what a colleague offers: from now on it is one's own."""
    before, mine = request.adviser, request.receiver
    move_request(
        request=request,
        event="take_over",
        by=by,
        seen=seen,
        text=text,
        adviser=mine,
        receiver=None,
    )
    _changed_hands(request, before)


@transaction.atomic
def give_back(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """Do not take what a colleague offers, and say why."""
    said = _must(text, _("请写明为什么不接手"))
    move_request(
        request=request, event="give_back", by=by, seen=seen, text=said, receiver=None
    )


@transaction.atomic
def answer(
    *, request: ServiceRequest, by: Actor, seen: int, result: str, text: str
) -> None:
    """Say what came of it; it counts once the other side has confirmed it."""
    said = _must(text, _("请写明结果和依据；没有办成的写明原因"))
    if service_of(request).outcome(result) is None:
        raise ServiceError(_("请选一种结果"))
    move_request(
        request=request,
        event="answer",
        by=by,
        seen=seen,
        text=said,
        result=result,
        result_text=said,
    )
    _was_in_touch(request)


@transaction.atomic
def confirm(*, request: ServiceRequest, by: Actor, seen: int, text: str = "") -> None:
    """Say that the outcome is so: the firm, the other side, or its office on paper.

    On paper the document that says so must be named.
    """
    service = service_of(request)
    on_paper = service.confirmer is Confirmer.OTHER_SIDE and (
        by.kind is not OrganisationKind.PROVIDER
    )
    if on_paper:
        _must(text, _("请写明对方的书面材料：单位、文号或编号、日期"))
    way = ConfirmedWay.PAPER if on_paper else ConfirmedWay.ITSELF
    move_request(
        request=request,
        event="confirm",
        by=by,
        seen=seen,
        text=text.strip(),
        confirmed_way=way,
        confirmed_note=text.strip()[:300],
    )


@transaction.atomic
def dispute(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """Say that the outcome is not so, and why."""
    said = _must(text, _("请写明哪里不对"))
    move_request(request=request, event="dispute", by=by, seen=seen, text=said)


@transaction.atomic
def rework(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """After a dispute: let it be worked on again."""
    said = _must(text, _("请写明要重新办什么"))
    move_request(
        request=request,
        event="rework",
        by=by,
        seen=seen,
        text=said,
        result="",
        result_text="",
    )


@transaction.atomic
def close_request(*, request: ServiceRequest, by: Actor, seen: int, text: str) -> None:
    """Close what nobody confirms, a dispute, or a firm's silence; with the reason.

    Without a confirmation it never counts as done.
    """
    said = _must(text, _("请写明为什么这样办结"))
    disputed = request.state == DISPUTED
    kept = {"confirmed_way": "", "confirmed_note": ""} if disputed else {}
    move_request(request=request, event="close", by=by, seen=seen, text=said, **kept)


@transaction.atomic
def tell_change(
    *,
    request: ServiceRequest,
    by: Actor,
    seen: int,
    after: Mapping[str, Any],
    text: str,
) -> None:
    """The firm says what changed, in figures or in words; the request is closed."""
    known = {each.fact.id for each in service_of(request).effects}
    told = {k: v for k, v in after.items() if k in known and v is not None}
    if not told and not text.strip():
        raise ServiceError(_("请填一项变化，或用文字写明有什么变化；没有变化也请写明"))
    move_request(
        request=request,
        event="tell",
        by=by,
        seen=seen,
        text=text.strip(),
        after=told,
        change=text.strip(),
    )


@transaction.atomic
def withdraw(*, request: ServiceRequest, by: Actor, seen: int, text: str = "") -> None:
    """Take a request back."""
    move_request(
        request=request, event="withdraw", by=by, seen=seen, text=text, receiver=None
    )


@transaction.atomic
def hand_in(
    *, request: ServiceRequest, document: str, evidence: Evidence, by: Actor
) -> ServiceDocument:
    """Put evidence of the firm into a request; it is not uploaded again."""
    may_apply_for(by, request.enterprise).or_refuse()
    if not request.open:
        raise ServiceError(_("这项服务已经办结，不能再补材料"))
    wanted = {each.id for each in service_of(request).documents}
    if document not in {*wanted, ""}:
        raise ServiceError(_("这项服务没有要这种材料"))
    if evidence.enterprise_id != request.enterprise_id or evidence.removed_at:
        raise ServiceError(_("只能使用本企业的材料"))
    found, new = ServiceDocument.objects.get_or_create(
        request=request, document=document, evidence=evidence
    )
    if new:
        tell("document", request, by, evidence=evidence.pk, document=document)
    return found


def _must(text: str, wanted: str) -> str:
    if not text.strip():
        raise ServiceError(wanted)
    return text.strip()


def _refuse_stranger(to: Membership, office: Organisation) -> None:
    """Only advisers who serve the office, and officers of its own."""
    known = getattr(to, "adviser", None)
    if to.ended_at is None and known and known.office_id == office.pk:
        if not known.active:
            raise ServiceError(_("这位专员已不在岗，请另选一位"))
        return
    own = to.organisation_id == office.pk and to.role != Role.OBSERVER
    if to.ended_at or not own or known:
        raise ServiceError(_("只能指派给本单位的专员或经办人"))


def _was_in_touch(request: ServiceRequest) -> None:
    """What the adviser writes to the firm here is a contact too."""
    assert request.adviser is not None
    in_touch(request.adviser, request.enterprise, today(), request)


def _changed_hands(request: ServiceRequest, before: Adviser | None) -> None:
    assert request.adviser is not None
    take_firm(request.adviser, request.enterprise)
    if before and before != request.adviser:
        leave_firm(before, request.enterprise)
        request.notices.filter(adviser=before, seen_at=None).update(
            seen_at=timezone.now()
        )
