"""The main menu: what each audience can go to, one line a page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tidu.accounts import permissions
from tidu.accounts.actors import Actor
from tidu.accounts.verdicts import Verdict, no


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One page in the menu: its url name, its label, and for whom it is."""

    name: str
    label: str | Promise
    may: Callable[[Actor], Verdict]


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a template writes it."""

    url: str
    label: str
    current: bool


def may_manage_own_people(actor: Actor) -> Verdict:
    """Who leads an organisation has its people in the menu."""
    if actor.organisation is None:
        return no(_("您现在不代表任何单位"))
    return permissions.may_manage_people(actor, actor.organisation)


ENTRIES: tuple[Entry, ...] = (
    Entry("self_check", _("自测"), permissions.anybody),
    Entry("policies", _("政策库"), permissions.anybody),
    Entry("public_notices", _("公示和证书"), permissions.anybody),
    Entry("enterprise_home", _("我的企业"), permissions.may_act_for_enterprise),
    Entry("ladder", _("我的梯度"), permissions.may_act_for_enterprise),
    Entry("package", _("服务包"), permissions.may_act_for_enterprise),
    Entry("cases", _("认定申报"), permissions.may_act_for_enterprise),
    Entry("holding", _("称号和证书"), permissions.may_act_for_enterprise),
    Entry("my_entitlements", _("免申即享"), permissions.may_act_for_enterprise),
    Entry("services", _("服务"), permissions.may_act_for_enterprise),
    Entry("officer_home", _("工作台"), permissions.may_act_for_authority),
    Entry("queue", _("认定办理"), permissions.may_act_for_authority),
    Entry("registry", _("企业库"), permissions.may_act_for_authority),
    Entry("pool", _("培育池"), permissions.may_act_for_authority),
    Entry("simulator", _("政策试算"), permissions.may_act_for_authority),
    Entry("imports", _("导入"), permissions.may_act_for_authority),
    Entry("collections", _("收集"), permissions.may_act_for_authority),
    Entry("notices", _("公示和持证"), permissions.may_act_for_authority),
    Entry("title_lists", _("认定名单"), permissions.may_act_for_authority),
    Entry("monthly", _("月报"), permissions.may_act_for_authority),
    Entry("review_steps", _("评审与核查"), permissions.may_act_for_authority),
    Entry("entitlements", _("免申即享"), permissions.may_act_for_authority),
    Entry("service_queue", _("企业服务"), permissions.may_act_for_authority),
    Entry("caseload", _("我的服务"), permissions.may_act_as_adviser),
    Entry("to_confirm", _("结果确认"), permissions.may_act_for_provider),
    Entry("sheets", _("我的评审"), permissions.may_act_as_expert),
    Entry("people", _("人员"), may_manage_own_people),
    Entry("site_people", _("用户"), permissions.may_run_site),
    Entry("access_log", _("查阅记录"), permissions.may_run_site),
)


def menu_for(request: HttpRequest, actor: Actor) -> list[Shown]:
    """The entries the actor may open; the one the page belongs to is marked.

    A page belongs to the longest entry address that its own begins with.
    """
    found = [(reverse(e.name), e) for e in ENTRIES if e.may(actor)]
    fitting = [url for url, _entry in found if request.path.startswith(url)]
    current = max(fitting, key=len, default="")
    return [Shown(url, str(entry.label), url == current) for url, entry in found]
