"""Ties of a firm with shareholders, group and experts: declared, settled, mended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.casework.declaring import (
    FIRM_KINDS,
    declare_tie,
    lift_tie,
    may_declare,
    may_settle,
    pool_by_name,
    settle_tie,
    ties_of,
)
from tidu.casework.review_models import Expert
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked
from tidu.web.tie_forms import CorrectForm, DeclareForm, own_tie_rows, tie_rows

INVALID = 422


def ties(request: Asked, firm: Firm) -> HttpResponse:
    """What is known of a firm's ties; its own people add, officers settle."""
    may = may_declare(request.actor, firm.enterprise)
    if request.method == "POST":
        may.or_refuse()
    form = DeclareForm(request.POST or None, kinds=FIRM_KINDS)
    if form.is_valid():
        try:
            declare_tie(of=firm.enterprise, declared=form.declared(), by=request.actor)
            messages.success(request, _("已申报，记下了日期；主管部门核实后据此回避"))
            return redirect("ties")
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    settles = may_settle(request.actor, firm.enterprise)
    shown = tie_rows if firm.by_authority else own_tie_rows
    rows = shown(ties_of(firm.enterprise))
    pool = pool_by_name(request.actor) if settles else {}
    context = {
        "firm": firm,
        "tab": "ties",
        "rows": [(each, pool.get(each.tie.party, [])) for each in rows],
        "form": form if may else None,
        "may": may,
        "settles": settles,
    }
    status = INVALID if form.errors else 200
    return render(request, "enterprise/ties.html", context, status=status)


def correct(request: Asked, firm: Firm, tie: int) -> HttpResponse:
    """Correct a tie by declaring it anew; the earlier one stays on record."""
    found = get_object_or_404(firm.enterprise.ties, pk=tie)
    form = CorrectForm(request.POST or None, kinds=FIRM_KINDS, tie=found)
    if form.is_valid():
        try:
            declare_tie(
                of=firm.enterprise,
                declared=form.declared(),
                by=request.actor,
                replaces=found,
                mistaken=form.cleaned_data["mistaken"],
            )
            messages.success(request, _("已更正；原来的一项连同日期都留着"))
            return redirect("ties")
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    context = {"firm": firm, "tab": "ties", "form": form, "tie": found, "back": "ties"}
    status = INVALID if form.errors else 200
    return render(request, "enterprise/tie_correct.html", context, status=status)


@require_POST
def settle(request: Asked, firm: Firm, tie: int) -> HttpResponse:
    """An office confirms a tie, names the expert it means, or says there is none."""
    found = get_object_or_404(firm.enterprise.ties, pk=tie)
    chosen = request.POST.get("expert", "")
    try:
        if request.POST.get("what") == "lift":
            lift_tie(tie=found, by=request.actor)
        else:
            expert = Expert.objects.filter(
                pk=int(chosen) if chosen.isdecimal() else 0
            ).first()
            settle_tie(tie=found, by=request.actor, expert=expert)
        messages.success(request, _("已保存"))
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
    return redirect(firm.url("ties"))
