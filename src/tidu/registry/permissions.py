"""May this person see or change this enterprise?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import (
    may_do_work_of,
    may_see_work_of,
    may_work_for_authority,
)
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.registry.claim_models import Claim
from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Enterprise, Segment


def may_see_enterprise(actor: Actor, enterprise: Enterprise) -> Verdict:
    """Its own people, and the authorities whose territory it is in."""
    if actor.organisation and actor.organisation.pk == enterprise.organisation_id:
        return yes(_("本企业人员"))
    scope = actor.scope
    if scope is not None and enterprise.territory.startswith(scope):
        return yes(_("企业在本单位的区划内"))
    if scope is not None:
        return no(_("这家企业不在您单位的区划内"))
    return no(_("只有本企业人员和所在地主管部门可以查看"))


def may_file_for(actor: Actor, enterprise: Enterprise) -> Verdict:
    """Those who may see it, but no observers."""
    verdict = may_see_enterprise(actor, enterprise)
    if verdict and actor.scope is not None:
        return may_work_for_authority(actor)
    return verdict


def may_decide_claim(actor: Actor, claim: Claim) -> Verdict:
    """Officers of the enterprise's place, but never about themselves."""
    if claim.user_id == actor.user_id:
        return no(_("不能核实自己的申请"))
    verdict = may_work_for_authority(actor)
    if verdict:
        return may_see_enterprise(actor, claim.enterprise)
    return verdict


def may_manage_enterprise(actor: Actor, enterprise: Enterprise) -> Verdict:
    """Close, merge, move, record titles: the authorities of its territory."""
    verdict = may_see_enterprise(actor, enterprise)
    return may_work_for_authority(actor) if verdict else verdict


def may_move(actor: Actor, enterprise: Enterprise, territory: str) -> Verdict:
    """To another place within the territory that the actor answers for."""
    verdict = may_manage_enterprise(actor, enterprise)
    if verdict and not territory.startswith(actor.scope or ""):
        return no(_("迁到本单位区划以外的，请上级主管部门变更"))
    return verdict


def may_drop_segment(actor: Actor, segment: Segment) -> Verdict:
    """The people of the organisation that keeps it."""
    refusal = _("这是另一个单位的常用筛选")
    return may_do_work_of(actor, segment.organisation_id, refusal)


def may_import(actor: Actor, territory: str | None = None) -> Verdict:
    """People of an authority who may change things, for their own territory."""
    verdict = may_work_for_authority(actor)
    if not verdict:
        return verdict
    if actor.organisation is None or actor.scope is None:
        return no(_("请用主管部门人员的身份导入，以便记下是哪个单位导入的"))
    if territory is not None and not territory.startswith(actor.scope):
        return no(_("区划 {code} 不在本单位的区划内").format(code=territory))
    return yes()


def may_see_import(actor: Actor, batch: ImportBatch) -> Verdict:
    """The people of the authority that uploaded it: an import is a draft of theirs."""
    refusal = _("这是另一个单位的导入")
    return may_see_work_of(actor, batch.organisation_id, refusal)


def may_work_on_import(actor: Actor, batch: ImportBatch) -> Verdict:
    """Those who may see it, but no observers."""
    verdict = may_see_import(actor, batch)
    return may_work_for_authority(actor) if verdict else verdict
