"""May this person see or work on this recognition list? It is its authority's work."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_see_work_of, may_work_for_authority
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.registry.enums import ListState
from tidu.registry.title_list_models import TitleList


def may_see_list(actor: Actor, titles: TitleList) -> Verdict:
    """The people of the authority that uploaded it."""
    refusal = _("这是另一个单位上传的名单")
    return may_see_work_of(actor, titles.organisation_id, refusal)


def may_work_on_list(actor: Actor, titles: TitleList) -> Verdict:
    """Those who may see it, but no observers."""
    verdict = may_see_list(actor, titles)
    return may_work_for_authority(actor) if verdict else verdict


def list_is_open(titles: TitleList) -> Verdict:
    """Whether its rows can still be decided."""
    return _in(titles, ListState.OPEN)


def list_is_committed(titles: TitleList) -> Verdict:
    """Whether it can be undone."""
    return _in(titles, ListState.COMMITTED)


def _in(titles: TitleList, state: ListState) -> Verdict:
    if titles.state == state:
        return yes()
    said = _("这份名单的状态是“{state}”，不能这样做")
    return no(said.format(state=titles.get_state_display()))
