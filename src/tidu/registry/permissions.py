"""May this person see or change this enterprise?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_work_for_authority
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.registry.models import Claim, Enterprise


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
