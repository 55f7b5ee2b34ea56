"""Advisers of an authority: load, silence and pace; who is on whose list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.enums import OrganisationKind
from tidu.accounts.models import Organisation
from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.serving.advisers import (
    change_adviser,
    enter_adviser,
    give_firm,
    take_back_firm,
)
from tidu.casework.serving.enums import AdviserKind
from tidu.casework.serving.models import Adviser, ServedFirm
from tidu.casework.serving.permissions import (
    may_keep_adviser,
    may_keep_advisers,
    may_see_adviser,
)
from tidu.casework.serving.queries import (
    SILENT_DAYS,
    Load,
    caseload_of,
    firms_of,
    loads_seen_by,
)
from tidu.registry.models import Enterprise
from tidu.registry.queries import enterprises_of
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.service_forms import FirmForm, KnownAdviserForm, NewAdviserForm
from tidu.web.service_words import told

INVALID = 422


@page(may=may_act_for_authority)
def advisers(request: Asked) -> HttpResponseBase:
    """Every adviser of the territory with their load, the longest silence on top."""
    loads = loads_seen_by(request.actor)
    kind = request.GET.get("kind", "")
    if kind in AdviserKind.values:
        loads = [each for each in loads if each.adviser.kind == kind]
    if (form := request.GET.get("download")) in FORMS:
        return _file(form, loads)
    english = speaks_english()
    context = {
        "rows": [(each, each.usual.sentence(english=english)) for each in loads],
        "kinds": AdviserKind.choices,
        "kind": kind,
        "days": SILENT_DAYS[0],
        "may": may_keep_advisers(request.actor),
    }
    return render(request, "officer/advisers.html", context)


@page(may=may_keep_advisers)
def adviser_new(request: Asked) -> HttpResponse:
    """Enter an adviser with an account; the password is shown once."""
    assert request.actor.organisation is not None
    sides = Organisation.objects.filter(
        kind=OrganisationKind.PROVIDER,
        closed_at=None,
        territory__startswith=request.actor.organisation.territory[:2],
    ).order_by("name")[:200]
    form = NewAdviserForm(request.POST or None, sides=sides)
    if form.is_valid():
        given = form.cleaned_data
        of = next((each for each in sides if str(each.pk) == given["of"]), None)
        try:
            made, password = enter_adviser(
                username=given["username"],
                name=given["name"],
                kind=AdviserKind(given["kind"]),
                field=given["field"],
                of=of,
                by=request.actor,
            )
            context = {"adviser": made, "password": password}
            return render(request, "officer/adviser_entered.html", context)
        except TiduError as error:
            form.add_error("username", error.sentence(english=speaks_english()))
    status = INVALID if form.errors else 200
    return render(request, "officer/adviser_new.html", {"form": form}, status=status)


@page(may=may_act_for_authority)
def adviser_one(request: Asked, pk: int) -> HttpResponse:
    """One adviser: what they have, whom they serve, what is known of them."""
    found = _find(request, pk)
    form = _known(found, request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            change_adviser(
                adviser=found,
                kind=AdviserKind(given["kind"]),
                field=given["field"],
                active=given["active"],
                by=request.actor,
            )
            messages.success(request, _("已保存"))
            return redirect("adviser", pk)
        except TiduError as error:
            form.add_error("active", error.sentence(english=speaks_english()))
    return _show(request, found, form, FirmForm(auto_id="firm_%s"))


@page(may=may_act_for_authority)
@require_POST
def adviser_firm(request: Asked, pk: int) -> HttpResponse:
    """Put a firm on an adviser's list."""
    found = _find(request, pk)
    form = FirmForm(request.POST, auto_id="firm_%s")
    if form.is_valid():
        try:
            give_firm(adviser=found, enterprise=_firm(request, form), by=request.actor)
            messages.success(request, _("已分给专员"))
            return redirect("adviser", pk)
        except TiduError as error:
            form.add_error("firm", error.sentence(english=speaks_english()))
        except Enterprise.DoesNotExist:
            form.add_error("firm", _("本区划没有这家企业；请核对代码或全称"))
    return _show(request, found, _known(found), form)


@page(may=may_act_for_authority)
@require_POST
def adviser_firm_end(request: Asked, pk: int) -> HttpResponse:
    """Take a firm off an adviser's list."""
    rows = ServedFirm.objects.select_related("adviser__office", "enterprise")
    served = get_object_or_404(rows, pk=pk, ended_at=None)
    try:
        take_back_firm(served=served, by=request.actor)
        messages.success(request, _("已从名单里拿出"))
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
    return redirect("adviser", served.adviser_id)


def _firm(request: Asked, form: FirmForm) -> Enterprise:
    typed = form.cleaned_data["firm"].strip()
    rows = enterprises_of(request.actor).filter(closed_at=None)
    found = rows.filter(uscc=typed.upper()).first() or rows.filter(name=typed).first()
    if found is None:
        raise Enterprise.DoesNotExist
    return found


def _find(request: Asked, pk: int) -> Adviser:
    rows = Adviser.objects.select_related(
        "membership__user", "membership__organisation", "office"
    )
    found = get_object_or_404(rows, pk=pk)
    may_see_adviser(request.actor, found).or_refuse()
    return found


def _known(found: Adviser, data: Any = None) -> KnownAdviserForm:
    initial = {n: getattr(found, n) for n in ("kind", "field", "active")}
    return KnownAdviserForm(data, initial=initial)


def _show(
    request: Asked, found: Adviser, form: KnownAdviserForm, firm_form: FirmForm
) -> HttpResponse:
    context = {
        "adviser": found,
        "rows": [told(each) for each in caseload_of(found)],
        "firms": firms_of(found),
        "form": form,
        "firm_form": firm_form,
        "may": may_keep_adviser(request.actor, found),
    }
    status = INVALID if form.errors or firm_form.errors else 200
    return render(request, "officer/adviser.html", context, status=status)


def _file(form: str, loads: list[Load]) -> HttpResponseBase:
    columns = [
        *(_("姓名"), _("类别"), _("单位"), _("服务的主管部门"), _("服务企业（家）")),
        *(_("在办（件）"), _("九天以上没联系（件）"), _("超期（件）")),
        *(_("一年办结（件）"), _("一半在几个工作日内"), _("九成在几个工作日内")),
    ]
    lines = (
        [
            *(str(each.adviser), each.adviser.get_kind_display()),
            *(each.adviser.membership.organisation.name, each.adviser.office.name),
            *(each.firms, each.open, each.silent, each.late),
            *(each.usual.count, each.usual.p50, each.usual.p90),
        ]
        for each in loads
    )
    return download(form, _("服务专员"), columns, lines)
