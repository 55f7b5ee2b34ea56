"""An adviser's day: whom nobody has called, what to do, one firm, one request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.actors import Actor
from tidu.casework.queries import today
from tidu.casework.serving.advisers import note_contact
from tidu.casework.serving.enums import ContactKind, Party
from tidu.casework.serving.models import Adviser, ServedFirm, ServiceRequest
from tidu.casework.serving.permissions import may_see_served, may_serve
from tidu.casework.serving.queries import (
    SILENT_DAYS,
    adviser_of,
    caseload_of,
    contacts_with,
    firms_of,
    requests_of,
    service_of,
    unseen_by,
)
from tidu.casework.wording import say_text
from tidu.registry.models import Enterprise
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.enterprise.evidence import saved
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.service_forms import ContactForm
from tidu.web.service_page import INVALID, Audience, find, show
from tidu.web.service_page import move as make_move
from tidu.web.service_words import Told, notice_word, told
from tidu.web.wording import place_word, scheme_word

_SHOWN = 30  # notices
AUDIENCE = Audience(
    Party.ADVISER, "served_request", "served_move", "caseload", lambda: _("我的服务")
)


@page(may=may_serve)
def caseload(request: Asked) -> HttpResponseBase:
    """Reminders, then needs by silence, then firms by silence."""
    mine = adviser_of(request.actor)
    rows = [told(each) for each in caseload_of(mine)] if mine else []
    firms = list(firms_of(mine)) if mine else []
    if (form := request.GET.get("download")) in FORMS:
        if request.GET.get("what") == "firms":
            return _firms_file(form, firms)
        return _needs_file(form, rows)
    context = {
        "adviser": mine,
        "rows": rows,
        "silent": sum(each.silent for each in rows),
        "firms": [(each, _since(each)) for each in firms],
        **_notices(mine),
        "days": SILENT_DAYS[0],
    }
    return render(request, "adviser/caseload.html", context)


@page(may=may_serve)
def served_request(request: Asked, pk: int) -> HttpResponse:
    """One request the adviser has, or is offered."""
    return show(request, find(request, pk), AUDIENCE)


@page(may=may_serve)
@require_POST
def served_move(request: Asked, pk: int, event: str) -> HttpResponse:
    """Begin, ask, go on, answer, hand over, take over."""
    return make_move(request, find(request, pk), event, AUDIENCE)


@page(may=may_serve)
@require_POST
def request_contact(request: Asked, pk: int) -> HttpResponse:
    """Keep a visit or a call about a request."""
    found = find(request, pk)
    form = ContactForm(request.POST)
    if _kept(request.actor, form, found.enterprise, found):
        messages.success(request, _("联系已记下"))
        return redirect("served_request", pk)
    return show(request, found, AUDIENCE, INVALID, contact_form=form)


@page(may=may_serve)
def served_evidence(request: Asked, pk: int, evidence: int) -> FileResponse:
    """A paper of a request the adviser has."""
    found = find(request, pk)
    rows = found.documents.filter(evidence__removed_at=None).select_related(
        "evidence__blob"
    )
    return saved(get_object_or_404(rows, evidence_id=evidence).evidence)


@page(may=may_serve)
def served_firm(request: Asked, pk: int) -> HttpResponse:
    """A firm on the list: its needs, its titles, visits and calls, and a form."""
    firm = get_object_or_404(Enterprise.objects.select_related("organisation"), pk=pk)
    may_see_served(request.actor, firm).or_refuse()
    form = ContactForm(
        request.POST or None, initial={"on": today(), "kind": ContactKind.CALL}
    )
    if request.method == "POST" and _kept(request.actor, form, firm):
        messages.success(request, _("联系已记下"))
        return redirect("served_firm", pk)
    leaf = leaf_through(contacts_with(firm), request.GET)
    mine = adviser_of(request.actor)
    context = {
        "firm": firm,
        "place": place_word(firm.territory),
        "rows": [told(each) for each in requests_of(firm)],
        "mine": mine,
        "titles": [
            (scheme_word(each.scheme), each)
            for each in firm.titles.filter(revoked_on=None)
        ],
        "leaf": leaf,
        "form": form if mine else None,
    }
    status = INVALID if form.errors else 200
    return render(request, "adviser/firm.html", context, status=status)


def _kept(
    actor: Actor,
    form: ContactForm,
    firm: Enterprise,
    about: ServiceRequest | None = None,
) -> bool:
    """Keep a contact, or put the reason on top of the form."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        note_contact(
            enterprise=firm,
            kind=ContactKind(given["kind"]),
            on=given["on"],
            text=given["text"],
            by=actor,
            request=about,
        )
    except TiduError as error:
        form.add_error(None, error.sentence(english=speaks_english()))
        return False
    return True


def _notices(mine: Adviser | None) -> dict[str, list[tuple[int, str]]]:
    """Reminders of silence, and what is new, each with its request."""
    found: dict[str, list[tuple[int, str]]] = {"reminders": [], "notices": []}
    if mine is None:
        return found
    rows = unseen_by(Party.ADVISER, adviser=mine).order_by("-day", "-made_at")
    for each in rows[:_SHOWN]:
        service = say_text(service_of(each.request).label)
        who = {"firm": each.request.enterprise.name, "service": service}
        text = notice_word(each.event, each.day, who)
        found["reminders" if each.day else "notices"].append((each.request_id, text))
    return found


def _since(served: ServedFirm) -> int | None:
    """Days since the adviser was in touch with the firm; None where never."""
    if served.last_contact_on is None:
        return None
    return (today() - served.last_contact_on).days


def _needs_file(form: str, rows: list[Told]) -> HttpResponseBase:
    columns = [
        *(_("编号"), _("企业名称"), _("服务"), _("通道"), _("状态"), _("轮到谁")),
        *(_("时限"), _("没联系（天）"), _("联系人"), _("联系电话"), _("要解决的事")),
    ]
    lines = (
        [
            *(each.request.number, each.request.enterprise.name, each.label),
            *(each.track, each.state.word, each.turn, each.spent, each.silence),
            *(each.request.contact_name, each.request.contact_phone),
            each.request.need,
        ]
        for each in rows
    )
    return download(form, _("我的服务"), columns, lines)


def _firms_file(form: str, firms: list[Any]) -> HttpResponseBase:
    columns = [_("企业名称"), _("区划"), _("在办需求"), _("最近联系")]
    lines = (
        [
            each.enterprise.name,
            place_word(each.enterprise.territory),
            each.needs,
            each.last_contact_on or "",
        ]
        for each in firms
    )
    return download(form, _("我服务的企业"), columns, lines)
