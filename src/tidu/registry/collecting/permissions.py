"""May this person see or run this round? A round is its authority's own work."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_see_work_of, may_work_for_authority
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.registry.collection_models import CollectionRound


def may_see_round(actor: Actor, opened: CollectionRound) -> Verdict:
    """The people of the authority that opened it."""
    refusal = _("这是另一个单位发起的收集")
    return may_see_work_of(actor, opened.organisation_id, refusal)


def may_work_on_round(actor: Actor, opened: CollectionRound) -> Verdict:
    """Those who may see it, but no observers."""
    verdict = may_see_round(actor, opened)
    return may_work_for_authority(actor) if verdict else verdict


def round_is_open(opened: CollectionRound) -> Verdict:
    """Whether anything of it can still change."""
    if opened.closed_at:
        return no(_("这次收集已结束；需要再问，请另发起一次"))
    return yes()
