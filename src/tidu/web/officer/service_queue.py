"""Requests of an authority's territory: what waits on top, then all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.serving.enums import Party
from tidu.casework.serving.models import ServiceRequest
from tidu.casework.serving.queries import (
    requests_seen_by,
    service_of,
    unseen_by,
    waiting_in,
)
from tidu.casework.wording import say_text
from tidu.registry.actions import record_export
from tidu.rules import service_table as table
from tidu.rules.library import default_library
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import address, leaf_through
from tidu.web.service_page import Audience, find, show
from tidu.web.service_page import move as make_move
from tidu.web.service_words import adviser_word, notice_word, told
from tidu.web.wording import place_word

AUDIENCE = Audience(
    Party.OFFICE,
    "service_one",
    "service_one_move",
    "service_queue",
    lambda: _("企业服务"),
)
_TODO = (table.ASKED, table.DISPUTED)
_WIDTHS = (16, 34, 14, 20, 14, 20, 24, 18, 12, 26, 10)


@page(may=may_act_for_authority)
def queue(request: Asked) -> HttpResponse:
    """The office's own requests, or the whole territory's; silence on top."""
    actor, asked = request.actor, request.GET
    leaf = leaf_through(_wanted(actor, asked), asked)
    unassigned, disputed = waiting_in(actor)
    context = {
        "leaf": leaf,
        "rows": [told(each) for each in leaf.items],
        "asked": asked,
        "everything": asked.get("whose") == "all",
        "unassigned": unassigned,
        "disputed": disputed,
        "states": [(s.id, say_text(s.label)) for s in table.STATES.values()],
        "services": _services(actor),
        "query": address(asked, page=""),
        "notices": _notices(actor),
        "chips": _chips(asked, actor),
    }
    return render(request, "officer/service_queue.html", context)


@page(may=may_act_for_authority)
def export(request: Asked, form: str) -> HttpResponseBase:
    """The list as a file, with what was filtered."""
    if form not in FORMS:
        raise Http404
    rows = _wanted(request.actor, request.GET)
    record_export(
        what="services",
        filters=request.GET.urlencode()[:500],
        count=rows.count(),
        form=form,
        by=request.actor,
    )
    columns = [
        *(_("编号"), _("企业名称"), _("区划"), _("服务"), _("通道"), _("状态")),
        *(_("轮到谁"), _("专员"), _("提出时间"), _("时限"), _("没联系（天）")),
    ]
    return download(form, _("企业服务"), columns, _lines(rows), _WIDTHS)


@page(may=may_act_for_authority)
def one(request: Asked, pk: int) -> HttpResponse:
    """One request."""
    return show(request, find(request, pk), AUDIENCE)


@page(may=may_act_for_authority)
@require_POST
def move(request: Asked, pk: int, event: str) -> HttpResponse:
    """Assign, register a confirmation, settle a dispute, close."""
    return make_move(request, find(request, pk), event, AUDIENCE)


def _wanted(actor: Actor, asked: QueryDict) -> models.QuerySet[ServiceRequest]:
    rows = requests_seen_by(actor)
    if asked.get("whose") != "all" and actor.organisation:
        rows = rows.filter(office=actor.organisation)
    match asked.get("state", ""):
        case "todo":
            rows = rows.filter(state__in=_TODO)
        case "":
            if asked.get("whose") != "all":
                rows = rows.filter(closed_at=None)
        case "any":
            pass
        case state:
            rows = rows.filter(state=state[:24])
    if service := asked.get("service", ""):
        rows = rows.filter(service=service[:60])
    adviser = asked.get("adviser", "")
    if adviser.isdecimal() and len(adviser) < 10:  # noqa: PLR2004 - fits a number
        rows = rows.filter(adviser=int(adviser))
    return rows


def _services(actor: Actor) -> list[tuple[str, str]]:
    territory = actor.organisation.territory if actor.organisation else ""
    pack = default_library().for_territory(territory)
    return [(each.id, say_text(each.label)) for each in pack.services.values()]


def _chips(asked: QueryDict, actor: Actor) -> list[tuple[str, str]]:
    """The filters in force, each with the address without it."""
    found = []
    known = {
        "todo": _("等本单位处理"),
        "any": _("全部状态"),
        **{s.id: say_text(s.label) for s in table.STATES.values()},
    }
    if (state := str(asked.get("state", ""))) in known:
        found.append((known[state], "state"))
    names = dict(_services(actor))
    if (service := str(asked.get("service", ""))) in names:
        found.append((names[service], "service"))
    if asked.get("adviser"):
        found.append((_("指定的专员"), "adviser"))
    return [(label, address(asked, page="", **{name: ""})) for label, name in found]


def _notices(actor: Actor) -> list[tuple[int, str]]:
    if actor.organisation is None:
        return []
    rows = unseen_by(Party.OFFICE, office=actor.organisation).filter(day__gt=0)[:10]
    return [
        (
            each.request_id,
            notice_word(
                each.event,
                each.day,
                {
                    "firm": each.request.enterprise.name,
                    "service": say_text(service_of(each.request).label),
                },
            ),
        )
        for each in rows
    ]


def _lines(rows: models.QuerySet[ServiceRequest]) -> Iterator[list[Any]]:
    for each in rows.iterator(chunk_size=1000):
        shown = told(each)
        yield [
            each.number or "",
            each.enterprise.name,
            place_word(each.enterprise.territory),
            shown.label,
            shown.track,
            shown.state.word,
            shown.turn,
            adviser_word(each.adviser),
            timezone.localtime(each.asked_at),
            shown.spent,
            shown.silence,
        ]
