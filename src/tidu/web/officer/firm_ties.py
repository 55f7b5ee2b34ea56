"""An office enters a tie of a firm: its group, a shareholder, a right it stands on.

An expert stands aside where a tie of theirs meets one of these, both confirmed.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tidu.casework.experts import add_tie, may_keep_pool
from tidu.casework.review_models import TieChoice
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_see_enterprise
from tidu.web.officer.review_forms import TieForm
from tidu.web.pages import Asked, page

INVALID = 422
KINDS = (TieChoice.IP, TieChoice.SHAREHOLDING, TieChoice.GROUP)


@page(may=may_keep_pool)
def tie_add(request: Asked, pk: int) -> HttpResponse:
    """The form for one tie; the firm's own page lists them all."""
    firm = get_object_or_404(Enterprise.objects.select_related("merged_into"), pk=pk)
    may_see_enterprise(request.actor, firm).or_refuse()
    form = TieForm(request.POST or None, kinds=KINDS)
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data["confirmed"]
        add_tie(of=firm, given=form.given(), by=request.actor, confirmed=confirmed)
        messages.success(request, _("利害关系已登记"))
        return redirect("firm_ties", pk)
    context = {"enterprise": firm, "tab": "ties", "form": form}
    status = INVALID if form.errors else 200
    return render(request, "officer/firm_tie_add.html", context, status=status)
