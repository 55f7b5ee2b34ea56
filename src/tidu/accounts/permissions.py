"""May this person do this to people and organisations?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation
from tidu.accounts.verdicts import Verdict, no, yes


def may_sign_in_only(actor: Actor) -> Verdict:
    """Anybody who has signed in."""
    if actor.user or actor.system:
        return yes()
    return no(_("请先登录"))


def may_act_for_authority(actor: Actor) -> Verdict:
    """People of an authority, in whatever role; they see their own territory."""
    if actor.scope is not None:
        return yes()
    return no(_("此页供主管部门使用，您当前的身份不是主管部门人员"))


def may_see_work_of(actor: Actor, organisation_id: int, refusal: str) -> Verdict:
    """The people of the organisation whose own work it is: a draft, a kept view."""
    if actor.organisation and actor.organisation.pk == organisation_id:
        if actor.role is Role.ADVISER:
            return no(_("服务专员只能看分给自己的企业和需求"))
        return yes()
    return no(refusal)


def may_do_work_of(actor: Actor, organisation_id: int, refusal: str) -> Verdict:
    """Those who may see it, but no observers."""
    verdict = may_see_work_of(actor, organisation_id, refusal)
    return may_work_for_authority(actor) if verdict else verdict


def may_work_for_authority(actor: Actor) -> Verdict:
    """People of an authority who may change things there: everybody but observers."""
    verdict = may_act_for_authority(actor)
    if verdict and actor.role is Role.OBSERVER:
        return no(_("您是只读人员，可以查看，不能修改"))
    return verdict


def may_act_for_enterprise(actor: Actor) -> Verdict:
    """People of an enterprise, for their own enterprise."""
    if actor.kind is OrganisationKind.ENTERPRISE:
        return yes()
    return no(_("此页供企业使用，您当前的身份不是企业人员"))


def may_act_as_expert(actor: Actor) -> Verdict:
    """Experts of a pool, for the sheets that were drawn for them."""
    if actor.role is Role.EXPERT and actor.kind is OrganisationKind.EXPERT_POOL:
        return yes()
    return no(_("此页供评审专家使用，您当前的身份不是评审专家"))


def may_act_as_adviser(actor: Actor) -> Verdict:
    """Advisers of an authority or a provider, for the firms they were given."""
    if actor.role is Role.ADVISER:
        return yes()
    return no(_("此页供服务专员使用，您当前的身份不是服务专员"))


def may_act_for_provider(actor: Actor) -> Verdict:
    """People of a provider: a bank, an institute, a centre."""
    if actor.role is Role.PROVIDER_MEMBER:
        return yes()
    return no(_("此页供服务机构使用，您当前的身份不是服务机构人员"))


def may_run_site(actor: Actor) -> Verdict:
    """Those who run the installation."""
    if actor.system or actor.is_superuser:
        return yes()
    return no(_("此页供系统管理员使用"))


def may_manage_people(
    actor: Actor, organisation: Organisation | None = None
) -> Verdict:
    """An organisation's own administrator or owner; those who run the site."""
    if may_run_site(actor):
        return yes()
    leads = actor.role in {Role.ADMINISTRATOR, Role.OWNER}
    if not leads:
        return no(_("只有单位管理员或企业负责人可以管理本单位人员"))
    if organisation and organisation != actor.organisation:
        return no(_("只能管理本单位的人员"))
    return yes()


def anybody(_actor: Actor) -> Verdict:
    """The page is for the public."""
    return yes()


def may_reset_sign_in_of(actor: Actor, membership: Membership) -> Verdict:
    """Who manages the organisation, for a person who acts for no other one."""
    verdict = may_manage_people(actor, membership.organisation)
    if not verdict or may_run_site(actor):
        return verdict
    if membership.ended_at:
        return no(_("此人已不在本单位"))
    if membership.user_id == actor.user_id:
        return no(_("自己的密码请在“我的账户”里修改"))
    if membership.user.is_superuser:
        return no(_("系统管理员的密码由另一位系统管理员重设"))
    held = [m for m in membership.user.memberships.all() if m.ended_at is None]
    if len(held) > 1:
        return no(_("此人还在别的单位任职，请系统管理员重设"))
    return verdict
