"""Site inspections of an office: where they wait, the draw, who was drawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.inspecting import (
    announce_inspections,
    cases_to_draw,
    draws_of,
    hold_inspections,
    may_hold,
)
from tidu.casework.inspection_models import Inspection, InspectionDraw
from tidu.casework.models import Round
from tidu.casework.public_draws import published
from tidu.casework.review_models import StepElsewhere
from tidu.casework.step_work import may_work_in_step, step_named, steps_at
from tidu.rules.errors import TiduError
from tidu.rules.procedures import Step, StepKind
from tidu.web.context import speaks_english
from tidu.web.officer.review_forms import HoldForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.plain_forms import PlainForm

INVALID = 422
_KIND = StepKind.SITE_INSPECTION


class DrawForm(PlainForm):
    """How many are inspected: a number, or a share of each place."""

    by = forms.ChoiceField(
        label=gettext_lazy("按什么抽"),
        choices=[
            ("share", gettext_lazy("每个区县按比例（百分之几，不足一家按一家）")),
            ("count", gettext_lazy("一共抽几家")),
        ],
    )
    number = forms.IntegerField(
        label=gettext_lazy("比例或家数"), min_value=1, max_value=100_000
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("by") == "share" and data.get("number", 0) > 100:  # noqa: PLR2004
            self.add_error("number", _("比例不能超过 100"))
        return data

    def rule(self) -> dict[str, int]:
        """As ``announce_inspections`` takes it."""
        return {self.cleaned_data["by"]: self.cleaned_data["number"]}


@page(may=may_act_for_authority)
def inspection_steps(request: Asked) -> HttpResponse:
    steps = steps_at(request.actor.organisation, _KIND)
    return render(request, "officer/inspection_steps.html", {"steps": steps})


@page(may=may_act_for_authority)
def inspection_step(request: Asked, pk: int, step: str) -> HttpResponse:
    opened, found = _step(request, pk, step)
    return _show(request, opened, found, DrawForm(initial={"number": 10}))


@page(may=may_act_for_authority)
@require_POST
def inspection_announce(request: Asked, pk: int, step: str) -> HttpResponse:
    opened, found = _step(request, pk, step)
    form = DrawForm(request.POST)
    if form.is_valid():
        try:
            announce_inspections(
                opened=opened, step=found, rule=form.rule(), by=request.actor
            )
            messages.success(request, _("名单已固定，承诺已公布；现在可以抽取"))
            return redirect("inspection_step", pk, step)
        except TiduError as error:
            form.add_error("number", error.sentence(english=speaks_english()))
    return _show(request, opened, found, form)


@page(may=may_act_for_authority)
@require_POST
def inspection_hold(request: Asked, pk: int, step: str) -> HttpResponse:
    opened, found = _step(request, pk, step)
    office = request.actor.organisation
    assert office is not None
    draw = draws_of(opened, found, office).filter(held_at=None).last()
    form = HoldForm(request.POST)
    if draw is not None and form.is_valid():
        public = form.cleaned_data["public"]
        try:
            made = hold_inspections(draw=draw, by=request.actor, public=public)
            text = _("已抽取，抽中 {count} 家").format(count=len(made))
            messages.success(request, text)
        except TiduError as error:
            messages.error(request, error.sentence(english=speaks_english()))
    return redirect("inspection_step", pk, step)


@page(may=may_act_for_authority)
def inspection_draw(request: Asked, pk: int) -> HttpResponse:
    """What a draw was held on, as JSON, so that anybody can repeat it."""
    draw = get_object_or_404(InspectionDraw.objects.select_related("office"), pk=pk)
    may_hold(request.actor, draw).or_refuse()
    answer = JsonResponse(published(draw), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="inspection-{draw.pk}.json"'
    return answer


def _step(request: Asked, pk: int, step: str) -> tuple[Round, Step]:
    opened = get_object_or_404(Round.objects.select_related("organisation"), pk=pk)
    found = step_named(opened, step, _KIND)
    known = {
        (e.round.pk, e.step.id) for e in steps_at(request.actor.organisation, _KIND)
    }
    if found is None or (pk, step) not in known:
        raise Http404
    return opened, found


def _show(request: Asked, opened: Round, step: Step, form: DrawForm) -> HttpResponse:
    office = request.actor.organisation
    assert office is not None
    draws = list(draws_of(opened, step, office))
    made = Inspection.objects.filter(case__round=opened, step=step.id)
    context = {
        "round": opened,
        "step": step,
        "form": form,
        "hold": HoldForm(),
        "may": may_work_in_step(request.actor, opened, step),
        "elsewhere": StepElsewhere.objects.filter(
            round=opened, step=step.id, office=office
        ).first(),
        "undrawn": cases_to_draw(opened, step, office),
        "waiting": next((e for e in draws if e.held_at is None), None),
        "draws": [each for each in draws if each.held_at],
        "leaf": leaf_through(
            made.select_related("case__enterprise").order_by("finished_at", "id"),
            request.GET,
        ),
    }
    status = INVALID if form.errors else 200
    return render(request, "officer/inspection_step.html", context, status=status)
