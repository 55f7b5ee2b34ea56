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
from tidu.accounts.verdicts import Verdict


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


ENTRIES: tuple[Entry, ...] = (
    Entry("self_check", _("自测"), permissions.anybody),
    Entry("policies", _("政策库"), permissions.anybody),
    Entry("ladder", _("我的梯度"), permissions.may_act_for_enterprise),
    Entry("registry", _("企业库"), permissions.may_act_for_authority),
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
