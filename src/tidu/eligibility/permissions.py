"""May this person see, work out, approve, pay or object? One function each."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.permissions import (
    may_do_work_of,
    may_see_work_of,
    may_work_for_authority,
)
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.eligibility.pay_list_models import EntitlementList
from tidu.registry.models import Enterprise
from tidu.rules.pay_list import CASHIER, SECOND


def may_start_list(actor: Actor) -> Verdict:
    """People of an authority who may change things there."""
    verdict = may_work_for_authority(actor)
    if verdict and actor.organisation is None:
        return no(_("请用主管部门人员的身份办理，以便记下是哪个单位"))
    return verdict


def may_see_list(actor: Actor, pay_list: EntitlementList) -> Verdict:
    """The authority that runs it, and those above it."""
    scope = actor.scope
    if scope is not None and pay_list.organisation.territory.startswith(scope):
        return yes()
    text = _("这份名单由另一个主管部门办理")
    return may_see_work_of(actor, pay_list.organisation_id, text)


def may_work_on_list(actor: Actor, pay_list: EntitlementList) -> Verdict:
    """People of the authority that runs it, but no observers."""
    text = _("这份名单由另一个主管部门办理")
    return may_do_work_of(actor, pay_list.organisation_id, text)


def may_approve_list(actor: Actor, pay_list: EntitlementList) -> Verdict:
    """Four eyes: somebody of the office who did not freeze the list."""
    verdict = may_work_on_list(actor, pay_list)
    if verdict and actor.user_id == pay_list.frozen_by_id:
        return no(_("名单是您冻结的，请由本单位另一个人批准"))
    return verdict


def may_take_pay_file(actor: Actor, pay_list: EntitlementList) -> Verdict:
    """The office's administrator: only the pay file has whole account numbers."""
    verdict = may_work_on_list(actor, pay_list)
    if verdict and actor.role is not Role.ADMINISTRATOR:
        return no(_("发放文件有完整账号，只有本单位的单位管理员可以导出"))
    return verdict


def may_move_list(actor: Actor, pay_list: EntitlementList, party: str) -> Verdict:
    """Whoever the table of states names for a move."""
    if party == SECOND:
        return may_approve_list(actor, pay_list)
    if party == CASHIER:
        return may_take_pay_file(actor, pay_list)
    return may_work_on_list(actor, pay_list)


def may_keep_account(actor: Actor, enterprise: Enterprise) -> Verdict:
    """The people of the enterprise, and nobody for them."""
    if actor.organisation and actor.organisation.pk == enterprise.organisation_id:
        return yes()
    return no(_("收款账户只能由本企业人员填写"))
