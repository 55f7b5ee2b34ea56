"""The work queue: cases whose turn it is, unopened on top; all of the territory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.casework.enums import EscalationKind
from tidu.casework.lists import (
    SORTS,
    Wanted,
    listed,
    rounds_seen_by,
    waiting_at,
    with_all,
)
from tidu.casework.models import Case
from tidu.casework.wording import say_text
from tidu.registry.actions import record_export
from tidu.rules.case_table import COMMON, DRAFT
from tidu.rules.divisions import default_divisions
from tidu.web.case_clock_words import CaseClock, clocks_of
from tidu.web.case_words import Tables, told
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import address, leaf_through
from tidu.web.wording import place_word, scheme_word

_WIDTHS = (20, 34, 21, 14, 30, 24, 16, 26, 14, 8, 14, 16, 18)
_AT_ONCE = 1000  # rows of a download whose clocks are read together


@page(may=may_act_for_authority)
def queue(request: Asked) -> HttpResponse:
    actor, everything = request.actor, request.GET.get("whose") == "all"
    wanted = wanted_of(request.GET)
    # numbers first: 20,000 wide rows would be sorted to show fifty
    numbers = listed(actor, wanted, everything=everything).values_list("pk", flat=True)
    leaf = leaf_through(numbers, request.GET, full=not everything)
    cases = with_all(leaf.items)
    tables, clocks = Tables(), clocks_of(cases)
    context = {
        "leaf": leaf,
        "rows": [
            (told(each, tables, by_office=True), clocks[each.pk]) for each in cases
        ],
        "everything": everything,
        "wanted": wanted,
        "waiting": waiting_at(actor),
        "sorts": sort_words(),
        "may": may_work_for_authority(actor) and not everything,
        "query": address(request.GET, page=""),
        "chips": _chips(request.GET, wanted),
        **choices(actor, wanted),
    }
    return render(request, "officer/queue.html", context)


@page(may=may_act_for_authority)
def queue_export(request: Asked, form: str) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404
    everything = request.GET.get("whose") == "all"
    rows = listed(request.actor, wanted_of(request.GET), everything=everything)
    record_export(
        what="cases",
        filters=request.GET.urlencode()[:500],
        count=rows.count(),
        form=form,
        by=request.actor,
    )
    columns = [
        *(_("受理编号"), _("企业名称"), _("统一社会信用代码"), _("区划"), _("批次")),
        *(_("称号"), _("状态"), _("轮到谁"), _("已用"), _("还剩")),
        *(_("应在这天前办结"), _("暂停"), _("提交时间")),
    ]
    return download(form, _("案卷"), columns, _lines(rows), _WIDTHS)


def wanted_of(asked: QueryDict) -> Wanted:
    """The filters of an address; what makes no sense is left out."""
    place, number = asked.get("place", ""), asked.get("round", "")
    fits = place.isdecimal() and len(place) == 6  # noqa: PLR2004 - a code
    return Wanted(
        scheme=asked.get("scheme", "")[:40],
        round=int(number) if number.isdecimal() and len(number) < 10 else None,  # noqa: PLR2004
        state=asked.get("state", "")[:40],
        place=place if fits else "",
        unopened=asked.get("unopened") == "yes",
        overdue=asked.get("overdue") == "yes",
        paused=asked.get("paused") == "yes",
        told=why if (why := asked.get("told", "")) in EscalationKind.values else "",
        sort=sort if (sort := asked.get("sort", "")) in SORTS else "",
    )


def sort_words() -> list[tuple[str, str]]:
    """How the list can be sorted; its own order first."""
    return [
        ("", _("没打开的在前")),
        ("due", _("时限最近的在前")),
        ("waited", _("等得最久的在前")),
        ("submitted", _("提交最早的在前")),
    ]


def choices(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """What the filters offer: schemes and rounds that are there, states, places."""
    rounds = list(rounds_seen_by(actor)[:100])
    chosen = [each for each in rounds if wanted.round in {None, each.pk}]
    states: dict[str, str] = {}
    for each in chosen[:10]:
        for state in each.lifecycle.states.values():
            states.setdefault(state.id, say_text(state.label))
    states.pop(DRAFT, None)
    territory = actor.organisation.territory if actor.organisation else ""
    below = default_divisions().children("" if territory == "000000" else territory)
    return {
        "schemes": [
            (s, scheme_word(s)) for s in dict.fromkeys(r.scheme for r in rounds)
        ],
        "rounds": [(each.pk, each.title) for each in rounds],
        "states": list(states.items()),
        "places": [(each.code, each.name) for each in below],
    }


def _chips(asked: QueryDict, wanted: Wanted) -> list[tuple[str, str]]:
    """The filters in force, each with the address without it."""
    found = []
    if wanted.scheme:
        found.append((scheme_word(wanted.scheme), "scheme"))
    if wanted.round:
        found.append((_("批次 {number}").format(number=wanted.round), "round"))
    if wanted.state:
        common = COMMON.get(wanted.state)
        found.append((say_text(common.label) if common else _("指定的状态"), "state"))
    if wanted.place:
        found.append((place_word(wanted.place), "place"))
    if wanted.unopened:
        found.append((_("还没有人打开"), "unopened"))
    if wanted.overdue:
        found.append((_("超过时限"), "overdue"))
    if wanted.paused:
        found.append((_("暂停中"), "paused"))
    if wanted.told:
        why = EscalationKind(wanted.told).label
        found.append((_("已提醒单位管理员：{why}").format(why=why), "told"))
    return [(label, address(asked, page="", **{name: ""})) for label, name in found]


def _lines(rows: models.QuerySet[Case]) -> Iterator[list[Any]]:
    tables = Tables()
    waiting = rows.iterator(chunk_size=_AT_ONCE)
    while cases := list(itertools.islice(waiting, _AT_ONCE)):
        clocks = clocks_of(cases)
        for case in cases:
            yield _line(case, tables, clocks[case.pk])


def _line(case: Case, tables: Tables, clock: CaseClock) -> list[Any]:
    shown = told(case, tables, by_office=True)
    submitted = case.submitted_at and timezone.localtime(case.submitted_at)
    return [
        case.number or "",
        case.enterprise.name,
        case.enterprise.uscc or "",
        place_word(case.enterprise.territory),
        case.round.title,
        scheme_word(case.round.scheme),
        shown.state.word,
        shown.turn,
        clock.used,
        clock.left,
        clock.due,
        clock.paused,
        submitted,
    ]
