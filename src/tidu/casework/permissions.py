"""May this person see, move or run this? One function each, with a reason."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor, scope_of
from tidu.accounts.models import Organisation
from tidu.accounts.permissions import (
    may_do_work_of,
    may_see_work_of,
    may_work_for_authority,
)
from tidu.accounts.queries import authority_over
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.models import Case, Round
from tidu.registry.models import Enterprise
from tidu.rules.case_table import ABOVE, ANYBODY, APPLICANT, CLOCK
from tidu.rules.lifecycle import Transition
from tidu.rules.procedures import Level


def may_apply_for(actor: Actor, enterprise: Enterprise) -> Verdict:
    """The people of the enterprise, and nobody for them."""
    if actor.organisation and actor.organisation.pk == enterprise.organisation_id:
        return yes(_("本企业人员"))
    return no(_("只有本企业人员可以申报"))


def may_see_case(actor: Actor, case: Case) -> Verdict:
    """The applicant; once it is submitted, the authorities of its territory."""
    if verdict := may_apply_for(actor, case.enterprise):
        return verdict
    scope = actor.scope
    if scope is None or not case.enterprise.territory.startswith(scope):
        return no(_("只有申报企业和所在地主管部门可以查看这份案卷"))
    if case.submitted_at is None:
        return no(_("企业还没有提交，草稿只有企业自己能看"))
    return yes(_("企业在本单位的区划内"))


def may_work_on_case(actor: Actor, case: Case) -> Verdict:
    """The office whose turn it is."""
    owner = case.lifecycle.states[case.state].owner
    return _may_as(actor, case, owner)


def may_move_case(actor: Actor, case: Case, transition: Transition) -> Verdict:
    """Whoever the table of states names for this move."""
    return _may_as(actor, case, transition.by)


def may_open_round(actor: Actor) -> Verdict:
    """People of an authority who may change things there."""
    verdict = may_work_for_authority(actor)
    if verdict and actor.organisation is None:
        return no(_("请用主管部门人员的身份发起，以便记下是哪个单位"))
    return verdict


def may_see_round(actor: Actor, opened: Round) -> Verdict:
    """The authority that opened it, and those within its territory."""
    scope = actor.scope
    if scope is not None and scope.startswith(_scope(opened.organisation)):
        return yes()
    return may_see_work_of(actor, opened.organisation_id, _("这是另一个地方发起的批次"))


def may_run_round(actor: Actor, opened: Round) -> Verdict:
    """The authority that opened it."""
    return may_do_work_of(
        actor, opened.organisation_id, _("这一批次由发起的主管部门办理")
    )


def office_for(case: Case, level: Level) -> Organisation | None:
    """The office of a level for a case; where there is none, the next one up."""
    code = case.enterprise.territory[: level.digits].ljust(6, "0")
    return authority_over(code)


def _may_as(actor: Actor, case: Case, party: str) -> Verdict:
    if party == ANYBODY:
        return yes()
    if party == CLOCK:
        return yes() if actor.system else no(_("到期后由系统办理"))
    if party == APPLICANT:
        return may_apply_for(actor, case.enterprise)
    if party == ABOVE:
        return may_run_round(actor, case.round)
    if party not in Level.__members__.values():
        return no(_("这份案卷已办结"))
    mine = Level(party) == case.lifecycle.states[case.state].owner
    office = case.office if mine else office_for(case, Level(party))
    if office is None or actor.organisation != office:
        name = office.name if office else Level(party).label.chinese
        return no(_("现在轮到{office}办理").format(office=name))
    return may_work_for_authority(actor)


def _scope(organisation: Organisation) -> str:
    return scope_of(organisation.territory)
