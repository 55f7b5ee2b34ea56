"""My enterprise: what to do next, in order, and what has happened."""

from __future__ import annotations

import dataclasses
import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.standings import Standings
from tidu.registry.enums import FilingSource
from tidu.registry.models import Filing
from tidu.rules.ladder import next_scheme, next_step
from tidu.rules.naming import name_keys
from tidu.web.context import speaks_english
from tidu.web.enterprise.entitlements import listed_now
from tidu.web.enterprise.figures import pack_of
from tidu.web.enterprise.firm import Firm
from tidu.web.enterprise.holding import owed_now
from tidu.web.enterprise.ladder import (
    Ask,
    asks,
    cards_of,
    standings_today,
    told_deadlines,
    told_rounds,
)
from tidu.web.enterprise.service_requests import waiting_for_firm
from tidu.web.pages import Asked
from tidu.web.wording import person_word

_RECENT = 30  # days that a notice stays
_FEW = 10  # figures below which a firm has only begun
_SEVERAL = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Todo:
    """One next step: what, why, and the page where it is done."""

    what: str
    why: str
    url: str
    urgent: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to the enterprise's figures."""

    when: datetime.date
    text: str
    url: str


def home(request: Asked, firm: Firm) -> HttpResponse:
    """The page an enterprise's people begin on."""
    english = speaks_english()
    found = standings_today(firm)
    following = next_scheme(found.pack, found.prepared, found.schemes)
    cards = cards_of(found, english=english)
    missing = asks(firm, found, following, english=english)
    context = {
        "firm": firm,
        "tab": "home",
        "following": cards[following] if following else None,
        "todos": _todos(firm, found, following, missing, english=english),
        "notices": _notices(firm),
        "rounds": told_rounds(found, english=english),
        "deadlines": told_deadlines(firm, found, english=english),
        "filled": len(firm.enterprise.current.entries),
        "on": found.on,
    }
    return render(request, "enterprise/home.html", context)


def _todos(
    firm: Firm,
    found: Standings,
    following: str | None,
    missing: list[Ask],
    *,
    english: bool,
) -> list[Todo]:
    """What to do next: clocks first, then disagreements, gaps, conditions not met."""
    todos = []
    for each in told_deadlines(firm, found, english=english):
        if each["deadline"].soon:
            what = _("{title}还有 {days} 天到期，准备复核").format(
                title=each["label"], days=each["deadline"].days
            )
            why = _("有效期至 {day}").format(day=each["deadline"].date)
            todos.append(
                Todo(what, why, f"{firm.url('ladder')}#deadlines", urgent=True)
            )
    todos += [Todo(*each, reverse("holding"), urgent=True) for each in owed_now(firm)]
    todos += [Todo(*each, reverse("my_entitlements")) for each in listed_now(firm)]
    todos += [Todo(*each) for each in waiting_for_firm(firm)]
    entries = firm.enterprise.current.entries
    conflicts = [key for key, entry in entries.items() if entry.get("conflict")]
    if conflicts:
        words = pack_of(firm.enterprise).words
        what = _("核对 {count} 个来源不一致的数").format(count=len(conflicts))
        todos.append(
            Todo(what, name_keys(conflicts, words, english=english), firm.url("facts"))
        )
    if len(entries) < _FEW:
        what = _("先把数据填上：上传一张表，或逐项填写")
        why = _("现在只有 {count} 个数，多数条件还看不出来").format(count=len(entries))
        todos.append(Todo(what, why, firm.url("facts")))
    for ask in missing[:_SEVERAL]:
        what = _("补上“{name}”").format(name=ask.label)
        why = _("单独就能决定：{names}") if ask.alone else _("影响：{names}")
        why = why.format(names=_("、").join(ask.decides))
        todos.append(Todo(what, why, ask.url))
    if following and found.schemes[following].rule_set:
        label = found.pack.schemes[following].label.say(english=english)
        what = _("看下一级“{title}”差什么").format(title=label)
        why = next_step(found.schemes[following], english=english)
        todos.append(Todo(what, why, firm.url("ladder")))
    if entries and not firm.enterprise.evidence.filter(removed_at=None).exists():
        what = _("上传佐证材料，如审计报告")
        todos.append(Todo(what, _("有佐证的数，核对时不用再问"), firm.url("evidence")))
    return todos


def _notices(firm: Firm) -> list[Notice]:
    """Figures that others filed about the enterprise of late."""
    since = timezone.now() - datetime.timedelta(days=_RECENT)
    filings = Filing.objects.filter(
        enterprise=firm.enterprise,
        filed_at__gte=since,
        source__in=[
            FilingSource.OFFICIAL,
            FilingSource.CORRECTION,
            FilingSource.IMPORT,
        ],
    )[:10]
    words = pack_of(firm.enterprise).words
    return [
        Notice(
            timezone.localdate(each.filed_at),
            _("{who}按“{source}”记录了{names}").format(
                who=each.organisation_name or person_word(each.filed_by),
                source=each.get_source_display(),
                names=name_keys(
                    [
                        k
                        for k in sorted(each.entries)
                        if k.partition("@")[0] in words.facts
                    ],
                    words,
                    english=speaks_english(),
                ),
            ),
            firm.url("facts"),
        )
        for each in filings
    ]
