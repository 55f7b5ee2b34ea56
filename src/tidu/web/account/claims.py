"""Claims on enterprises that the registry knows: an officer confirms or refuses."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.enums import Role
from tidu.accounts.errors import AccountError
from tidu.accounts.permissions import may_act_for_authority
from tidu.accounts.queries import people_of
from tidu.registry.claim_models import Claim
from tidu.registry.claims import claims_before, confirm_claim, refuse_claim
from tidu.registry.enums import ClaimState
from tidu.registry.permissions import may_decide_claim
from tidu.web.account.forms import DecisionForm
from tidu.web.downloads import download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through


@page(may=may_act_for_authority)
def claims(request: Asked) -> HttpResponseBase:
    """The claims of the territory; ``state`` filters, those waiting come first."""
    state = request.GET.get("state", ClaimState.WAITING)
    found = claims_before(request.actor)
    if state in ClaimState.values:
        found = found.filter(state=state)
    if form := request.GET.get("download"):
        heads = [
            _("企业"),
            _("信用代码"),
            _("申请人"),
            _("申请时间"),
            _("状态"),
            _("理由"),
        ]
        rows = [
            [
                c.enterprise.name,
                c.enterprise.uscc,
                c.user.name,
                c.made_at,
                c.get_state_display(),
                c.reason,
            ]
            for c in found
        ]
        return download(form, _("认领申请"), heads, rows)
    leaf = leaf_through(found, request.GET)
    context = {"leaf": leaf, "state": state, "states": ClaimState.choices}
    return render(request, "account/claims.html", context)


@page(may=may_act_for_authority)
def claim(request: Asked, pk: int) -> HttpResponseBase:
    """One claim beside what the registry has; POST decides."""
    found = get_object_or_404(
        Claim.objects.select_related("enterprise__organisation", "user", "decided_by"),
        pk=pk,
    )
    may_decide_claim(request.actor, found).or_refuse()
    account = found.enterprise.organisation
    known = list(people_of(account)) if account else []
    role = Role.FILER if known else Role.OWNER
    form = DecisionForm(request.POST or None, initial={"role": role})
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, found, form)
        except AccountError as error:
            form.add_error("reason", str(error))
    context = {"claim": found, "form": form, "people": known}
    status = 422 if form.errors else 200
    return render(request, "account/claim.html", context, status=status)


def _decided(request: Asked, found: Claim, form: DecisionForm) -> HttpResponseBase:
    if request.POST.get("decision") == "confirm":
        confirm_claim(claim=found, role=form.cleaned_role(), by=request.actor)
        messages.success(request, _("已确认，对方现在可以使用这家企业的账户"))
    else:
        reason = form.cleaned_data["reason"]
        refuse_claim(claim=found, reason=reason, by=request.actor)
        messages.success(request, _("已退回，对方会看到理由"))
    return redirect("claims")
