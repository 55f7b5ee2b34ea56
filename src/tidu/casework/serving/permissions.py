"""May this person see a request, move it, keep advisers? One function each."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.permissions import (
    may_act_as_adviser,
    may_act_for_authority,
    may_do_work_of,
    may_work_for_authority,
)
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.permissions import may_apply_for
from tidu.casework.serving.models import Adviser, ServedFirm, ServiceRequest
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_see_enterprise
from tidu.rules import service_table as table
from tidu.rules.lifecycle import Transition
from tidu.rules.service_files import Confirmer, Service


def may_serve(actor: Actor) -> Verdict:
    """Advisers, and officers who serve firms themselves."""
    return may_act_as_adviser(actor) or may_work_for_authority(actor)


def may_keep_advisers(actor: Actor) -> Verdict:
    """People of an authority who may change things there."""
    verdict = may_work_for_authority(actor)
    if verdict and actor.organisation is None:
        return no(_("请用主管部门人员的身份办理，以便记下是哪个单位"))
    return verdict


def may_keep_adviser(actor: Actor, adviser: Adviser) -> Verdict:
    """The office whom the adviser serves."""
    return may_do_work_of(actor, adviser.office_id, _("这是另一个主管部门的专员"))


def may_see_adviser(actor: Actor, adviser: Adviser) -> Verdict:
    """The authorities in whose territory the adviser's office lies."""
    scope = actor.scope
    if scope is not None and adviser.office.territory.startswith(scope):
        return yes()
    return no(_("这是另一个主管部门的专员"))


def may_see_request(actor: Actor, request: ServiceRequest) -> Verdict:
    """The firm, its authorities, the adviser in charge, and who has to confirm."""
    if verdict := may_apply_for(actor, request.enterprise):
        return verdict
    if is_adviser(actor, request.adviser) or is_adviser(actor, request.receiver):
        return yes(_("由您办理"))
    if is_other_side(actor, request):
        return yes(_("由您单位确认结果"))
    if may_act_for_authority(actor):
        return may_see_enterprise(actor, request.enterprise)
    return no(_("只有企业、所在地主管部门和经办专员可以查看这项服务"))


def may_see_served(actor: Actor, enterprise: Enterprise) -> Verdict:
    """The advisers on whose list the firm is; its authorities."""
    if actor.scope is not None:
        return may_see_enterprise(actor, enterprise)
    served = ServedFirm.objects.filter(
        enterprise=enterprise, adviser__membership=actor.membership, ended_at=None
    )
    if actor.membership and served.exists():
        return yes(_("由您服务的企业"))
    return no(_("这家企业没有分给您"))


def may_move_request(
    actor: Actor, request: ServiceRequest, service: Service, transition: Transition
) -> Verdict:
    """Whoever the table of states names for this move."""
    match transition.by:
        case table.FIRM:
            return may_apply_for(actor, request.enterprise)
        case table.ADVISER:
            return _as_adviser(actor, request.adviser)
        case table.RECEIVER:
            return _as_adviser(actor, request.receiver)
        case table.CONFIRMER:
            return may_confirm(actor, request, service)
    return may_run_request(actor, request)


def may_run_request(actor: Actor, request: ServiceRequest) -> Verdict:
    """The office that answers for it."""
    text = _("这项服务由{office}办理").format(office=request.office.name)
    return may_do_work_of(actor, request.office_id, text)


def may_confirm(actor: Actor, request: ServiceRequest, service: Service) -> Verdict:
    """The firm, or the other side; on paper its office, but never who worked on it."""
    if service.confirmer is Confirmer.FIRM:
        return may_apply_for(actor, request.enterprise)
    if is_other_side(actor, request):
        return yes(_("由您单位确认结果"))
    if is_adviser(actor, request.adviser):
        return no(_("结果由对方确认，经办人不能替对方确认"))
    text = _("结果由{side}确认；没有账户的，由{office}凭书面材料登记")
    side = service.other_side.chinese
    said = text.format(side=side, office=request.office.name)
    return may_do_work_of(actor, request.office_id, said)


def is_adviser(actor: Actor, adviser: Adviser | None) -> bool:
    """Whether the actor is this adviser, acting as such."""
    return bool(
        adviser
        and actor.membership
        and actor.membership.pk == adviser.membership_id
        and actor.role is not Role.OBSERVER
    )


def is_other_side(actor: Actor, request: ServiceRequest) -> bool:
    """Whether the actor is of the organisation that has to confirm."""
    return bool(
        actor.organisation
        and actor.kind is OrganisationKind.PROVIDER
        and actor.role is Role.PROVIDER_MEMBER
        and actor.organisation.pk == request.other_side_id
    )


def _as_adviser(actor: Actor, adviser: Adviser | None) -> Verdict:
    if is_adviser(actor, adviser):
        return yes()
    text = _("这项服务由{name}办理")
    return no(text.format(name=adviser) if adviser else _("还没有指派专员"))
