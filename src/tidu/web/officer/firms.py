"""The pages of one enterprise for its authorities only: identity, titles, events."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.accounts.verdicts import Refused
from tidu.audit.queries import events_about
from tidu.registry import actions
from tidu.registry.duplicate_models import Merger
from tidu.registry.enums import IdentityKind
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_manage_enterprise, may_see_enterprise
from tidu.registry.titles import record_title
from tidu.web.officer.events import event_lines
from tidu.web.officer.firm_forms import IdentityForm, ReasonForm, TitleForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through


@page(may=may_act_for_authority)
def identity(request: Asked, pk: int) -> HttpResponse:
    firm = _firm(request, pk)
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        given["kind"] = IdentityKind(given["kind"])
        try:
            actions.change_identity(enterprise=firm, by=request.actor, **given)
        except (actions.IdentityTaken, Refused) as error:
            form.add_error("value", str(error))
        else:
            messages.success(request, _("已登记，原来的保留在历史里。"))
            return redirect("firm_identity", pk)
    mergers = Merger.objects.filter(kept=firm).select_related("duplicate")
    context = _head(request, firm, "identity") | {
        "form": form,
        "former": firm.former.all(),
        "mergers": mergers,
        "reason": ReasonForm(),
    }
    return render(request, "officer/firm_identity.html", context)


@page(may=may_act_for_authority)
def titles(request: Asked, pk: int) -> HttpResponse:
    firm = _firm(request, pk)
    form = TitleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                record_title(enterprise=firm, by=request.actor, **form.cleaned_data)
        except IntegrityError:
            form.add_error("valid_from", _("这个称号从这一天起的记录已经有了"))
        else:
            messages.success(request, _("已登记。"))
            return redirect("firm_titles", pk)
    context = _head(request, firm, "titles") | {
        "form": form,
        "titles": firm.titles.all(),
    }
    return render(request, "officer/firm_titles.html", context)


@page(may=may_act_for_authority)
def filings(request: Asked, pk: int) -> HttpResponse:
    firm = _firm(request, pk)
    leaf = leaf_through(firm.filings.select_related("batch"), request.GET)
    context = _head(request, firm, "filings") | {"leaf": leaf}
    return render(request, "officer/firm_filings.html", context)


@page(may=may_act_for_authority)
def events(request: Asked, pk: int) -> HttpResponse:
    firm = _firm(request, pk)
    leaf = leaf_through(events_about(firm), request.GET)
    context = _head(request, firm, "events") | {
        "leaf": leaf,
        "lines": event_lines(leaf.items),
    }
    return render(request, "officer/firm_events.html", context)


@page(may=may_act_for_authority)
@require_POST
def close(request: Asked, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.close_enterprise, _("已出库。"))


@page(may=may_act_for_authority)
@require_POST
def reopen(request: Asked, pk: int) -> HttpResponse:
    return _with_reason(request, pk, actions.reopen_enterprise, _("已恢复。"))


def _with_reason(request: Asked, pk: int, action: Any, done: str) -> HttpResponse:
    firm = _firm(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        action(enterprise=firm, reason=form.cleaned_data["reason"], by=request.actor)
        messages.success(request, done)
    else:
        messages.error(request, _("没有保存：请写明原因。"))
    return redirect("firm_identity", pk)


def _firm(request: Asked, pk: int) -> Enterprise:
    firms = Enterprise.objects.select_related("current", "merged_into")
    firm = get_object_or_404(firms, pk=pk)
    may_see_enterprise(request.actor, firm).or_refuse()
    return firm


def _head(request: Asked, firm: Enterprise, tab: str) -> dict[str, Any]:
    return {
        "enterprise": firm,
        "tab": tab,
        "may": may_manage_enterprise(request.actor, firm),
    }
