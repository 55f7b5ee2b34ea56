"""An expert's own ties: declared, dated, corrected by adding."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_as_expert
from tidu.casework.declaring import EXPERT_KINDS, declare_tie, ties_of
from tidu.casework.review_models import Expert
from tidu.casework.reviewing import expert_of
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page
from tidu.web.tie_forms import CorrectForm, DeclareForm, tie_rows

INVALID = 422


@page(may=may_act_as_expert)
def expert_ties(request: Asked) -> HttpResponse:
    expert = _own(request)
    form = DeclareForm(request.POST or None, kinds=EXPERT_KINDS)
    if form.is_valid():
        try:
            declare_tie(of=expert, declared=form.declared(), by=request.actor)
            messages.success(request, _("已申报；以后不会再把这家企业分给您"))
            return redirect("expert_ties")
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    context = {"expert": expert, "rows": tie_rows(ties_of(expert)), "form": form}
    status = INVALID if form.errors else 200
    return render(request, "expert/ties.html", context, status=status)


@page(may=may_act_as_expert)
def expert_tie_correct(request: Asked, pk: int) -> HttpResponse:
    """Correct one of them; the earlier one stays on record."""
    expert = _own(request)
    found = get_object_or_404(expert.ties, pk=pk)
    form = CorrectForm(request.POST or None, kinds=EXPERT_KINDS, tie=found)
    if form.is_valid():
        try:
            declare_tie(
                of=expert,
                declared=form.declared(),
                by=request.actor,
                replaces=found,
                mistaken=form.cleaned_data["mistaken"],
            )
            messages.success(request, _("已更正；原来的一项连同日期都留着"))
            return redirect("expert_ties")
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    context = {"form": form, "tie": found, "back": "expert_ties"}
    status = INVALID if form.errors else 200
    return render(request, "enterprise/tie_correct.html", context, status=status)


def _own(request: Asked) -> Expert:
    expert = expert_of(request.actor)
    if expert is None:
        raise Http404
    return expert
