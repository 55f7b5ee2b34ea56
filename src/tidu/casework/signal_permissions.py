"""Who may see signals, have a round screened, and note what a look found.

Never the enterprise, never the public, never an expert: a signal is a question that
an office asks itself before it asks anybody else.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor, scope_of
from tidu.accounts.permissions import may_work_for_authority
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.models import Case, Round
from tidu.casework.permissions import may_run_round


def may_see_signals(actor: Actor, opened: Round) -> Verdict:
    """Offices whose territory covers the round; those below see their own firms'."""
    scope, place = actor.scope, scope_of(opened.organisation.territory)
    if scope is None:
        return no(_("诚信线索只供主管部门查看"))
    if place.startswith(scope) or scope.startswith(place):
        return yes()
    return no(_("这是另一个地方发起的批次"))


def may_screen(actor: Actor, opened: Round) -> Verdict:
    """The authority that opened the round, and the clock."""
    return yes() if actor.system else may_run_round(actor, opened)


def may_look_into(actor: Actor, case: Case) -> Verdict:
    """Officers of the firm's territory who may change things there."""
    scope = actor.scope
    if scope is None or not case.enterprise.territory.startswith(scope):
        return no(_("只有所在地主管部门可以核查线索"))
    verdict = may_work_for_authority(actor)
    if verdict and actor.organisation is None:
        return no(_("请用主管部门人员的身份办理，以便记下是哪个单位"))
    return verdict
