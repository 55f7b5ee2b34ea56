"""Ties of one enterprise: its group, its shareholders, the rights it stands on.

An expert stands aside where a tie of theirs meets one of these, both confirmed.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.experts import add_tie, confirm_tie, drop_tie, may_keep_pool
from tidu.casework.review_models import Tie, TieChoice
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_see_enterprise
from tidu.web.officer.review_forms import TieForm
from tidu.web.pages import Asked, page

INVALID = 422
KINDS = (TieChoice.IP, TieChoice.SHAREHOLDING, TieChoice.GROUP)


@page(may=may_act_for_authority)
def ties(request: Asked, pk: int) -> HttpResponse:
    """The ties that are known, and a form for another."""
    firm = _firm(request, pk)
    form = TieForm(request.POST or None, kinds=KINDS)
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data["confirmed"]
        add_tie(of=firm, given=form.given(), by=request.actor, confirmed=confirmed)
        messages.success(request, _("利害关系已登记"))
        return redirect("firm_ties", pk)
    context = {
        "enterprise": firm,
        "tab": "ties",
        "form": form,
        "ties": firm.ties.order_by("confirmed_by", "id"),
        "may": may_keep_pool(request.actor),
    }
    status = INVALID if form.errors else 200
    return render(request, "officer/firm_ties.html", context, status=status)


@page(may=may_keep_pool)
@require_POST
def tie_decide(request: Asked, pk: int, tie: int, what: str) -> HttpResponse:
    """Confirm a tie or take it back."""
    firm = _firm(request, pk)
    found: Tie = get_object_or_404(firm.ties, pk=tie)
    if what not in {"confirm", "drop"}:
        raise Http404
    (confirm_tie if what == "confirm" else drop_tie)(tie=found, by=request.actor)
    messages.success(request, _("已保存"))
    return redirect("firm_ties", pk)


def _firm(request: Asked, pk: int) -> Enterprise:
    firm = get_object_or_404(Enterprise.objects.select_related("merged_into"), pk=pk)
    may_see_enterprise(request.actor, firm).or_refuse()
    return firm
