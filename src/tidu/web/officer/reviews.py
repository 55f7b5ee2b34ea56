"""Expert reviews of an office: plan, preview, draw, results, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.conflicts import Pair, Reason
from tidu.casework.experts import conflicts_between, experts_of
from tidu.casework.models import Case, Round
from tidu.casework.review_inputs import live_reviews
from tidu.casework.review_models import (
    DrawKind,
    Expert,
    ReviewDraw,
    ReviewPlan,
    StepElsewhere,
)
from tidu.casework.review_planning import (
    Preview,
    announce_draw,
    do_elsewhere,
    draw_one_more,
    hold_draw,
    may_review_in,
    plan_of,
    preview,
    repeats,
    set_plan,
)
from tidu.casework.review_results import (
    ExpertLine,
    Report,
    Standings,
    all_results,
    lacking_cases,
    report_of,
    results_of,
    standings_in,
)
from tidu.casework.step_work import may_work_in_step, step_named, steps_at
from tidu.rules.errors import TiduError
from tidu.rules.procedures import Step, StepKind
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS
from tidu.web.officer.exports import TakenOut, exported
from tidu.web.officer.review_forms import ElsewhereForm, HoldForm, PlanForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_of

INVALID = 422
_AT_ONCE = 40_000  # pairs of case and expert
_DRAWS = 20  # the last ones are listed
_PAIRS = 20  # that must not be: the first ones are listed
_KIND = StepKind.EXPERT_REVIEW


@page(may=may_act_for_authority)
def review_steps(request: Asked) -> HttpResponse:
    office = request.actor.organisation
    steps = [
        (each, plan_of(each.round, each.step.id, office.pk if office else None))
        for each in steps_at(office, _KIND)
    ]
    return render(request, "officer/review_steps.html", {"steps": steps})


@page(may=may_act_for_authority)
def review_step(request: Asked, pk: int, step: str) -> HttpResponse:
    opened, found = _step(request, pk, step)
    return render(request, "officer/review_step.html", _context(request, opened, found))


@page(may=may_act_for_authority)
def review_plan(request: Asked, pk: int, step: str) -> HttpResponse:
    opened, found = _step(request, pk, step)
    may_work_in_step(request.actor, opened, found).or_refuse()
    plan = _own_plan(request, opened, found)
    form = PlanForm(request.POST or None, plan=plan)
    if form.is_valid():
        try:
            set_plan(opened=opened, step=found, given=form.given(), by=request.actor)
            messages.success(request, _("评审安排已确认"))
            return redirect("review_step", pk, step)
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    context = {"form": form, "round": opened, "step": found, "plan": plan}
    status = INVALID if form.errors else 200
    return render(request, "officer/review_plan.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def review_announce(request: Asked, pk: int, step: str) -> HttpResponse:
    plan = _plan(request, pk, step)
    try:
        announce_draw(plan=plan, by=request.actor)
        messages.success(request, _("名单已固定，承诺已公布；现在可以抽取"))
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
    return redirect("review_step", pk, step)


@page(may=may_act_for_authority)
@require_POST
def review_hold(request: Asked, pk: int, step: str) -> HttpResponse:
    plan = _plan(request, pk, step)
    draw = plan.draws.filter(kind=DrawKind.FIRST, held_at=None, dropped_at=None).last()
    form = HoldForm(request.POST)
    if draw is not None and form.is_valid():
        try:
            made = hold_draw(
                draw=draw, by=request.actor, public=form.cleaned_data["public"]
            )
            text = _("已抽取，共分出 {count} 份评审表").format(count=len(made))
            messages.success(request, text)
        except TiduError as error:
            messages.error(request, error.sentence(english=speaks_english()))
    return redirect("review_step", pk, step)


@page(may=may_act_for_authority)
@require_POST
def review_again(request: Asked, pk: int, step: str) -> HttpResponse:
    """Draw for the cases that lack an expert."""
    plan = _plan(request, pk, step)
    may_review_in(request.actor, plan).or_refuse()
    made, left = 0, 0
    for case, third in lacking_cases(plan):
        kind = DrawKind.THIRD if third else DrawKind.REPLACEMENT
        found = draw_one_more(plan=plan, case=case, kind=kind, by=request.actor)
        made, left = made + len(found), left + (not found)
    text = _("补抽了 {made} 位专家，还有 {left} 件没有合适的专家")
    messages.info(request, text.format(made=made, left=left))
    return redirect("review_step", pk, step)


@page(may=may_act_for_authority)
def review_report(request: Asked, pk: int, step: str) -> HttpResponseBase:
    """How strict, how mild, how much agreed: by expert, on the page or as a file."""
    plan = _plan(request, pk, step)
    report = report_of(plan)
    english = speaks_english()
    if (form := request.GET.get("download")) in FORMS:
        return _experts_file(request, form, plan, report)
    leaf = leaf_of(report.experts, request.GET)
    context = {
        "plan": plan,
        "step": plan.step_of_round,
        "agreement": report.agreement.sentence(english=english),
        "leaf": leaf,
        "experts": [(each, _says(each, english=english)) for each in leaf.items],
    }
    return render(request, "officer/review_report.html", context)


@page(may=may_act_for_authority)
def review_results(request: Asked, pk: int, step: str) -> HttpResponseBase:
    """Every sheet with its points and what its case comes to, as a file."""
    plan = _plan(request, pk, step)
    columns = [
        *(_("受理编号"), _("企业名称"), _("专家"), _("原始分")),
        *(_("折算分（仅供参考）"), _("结果"), _("采用分")),
    ]
    english = speaks_english()
    rows = (
        [
            *(str(case.case.number), case.case.enterprise.name),
            *(given.review.expert.name, given.review.total, given.calibrated),
            *(case.settled.sentence(english=english), case.settled.points),
        ]
        for case in all_results(plan)
        for given in case.given
    )
    taken = TakenOut(_("评审结果"), columns, rows, live_reviews(plan).count())
    form = request.GET.get("download", "")
    return exported(
        request, form, taken, what="review_results", filters=f"plan={plan.pk}"
    )


@page(may=may_act_for_authority)
def review_draw(request: Asked, pk: int) -> HttpResponse:
    """What a draw was held on, as JSON: with the seed anybody can repeat it."""
    draw = get_object_or_404(ReviewDraw.objects.select_related("plan__office"), pk=pk)
    may_review_in(request.actor, draw.plan).or_refuse()
    seats = draw.reviews.values_list("case__number", "expert_id", "matched")
    content = {
        "inputs": draw.inputs,
        "inputs_sha256": draw.inputs_digest,
        "commitment": draw.commitment,
        "secret": draw.secret if draw.held_at else "",
        "public": draw.public,
        "seed": draw.seed,
        "seats": [[number, f"E{key:04d}", field] for number, key, field in seats],
    }
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="draw-{draw.pk}.json"'
    return answer


@page(may=may_act_for_authority)
def step_elsewhere(request: Asked, pk: int, step: str) -> HttpResponse:
    opened = get_object_or_404(Round, pk=pk)
    found = step_named(opened, step, _KIND)
    back = "review_step" if found else "inspection_step"
    found = found or step_named(opened, step, StepKind.SITE_INSPECTION)
    if found is None:
        raise Http404
    may_work_in_step(request.actor, opened, found).or_refuse()
    form = ElsewhereForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        do_elsewhere(opened=opened, step=found, reason=reason, by=request.actor)
        messages.success(request, _("已记下：这一步不在本系统办理"))
        return redirect(back, pk, step)
    context = {"form": form, "round": opened, "step": found, "back": back}
    status = INVALID if form.errors else 200
    return render(request, "officer/step_elsewhere.html", context, status=status)


def _says(line: ExpertLine, *, english: bool) -> str:
    """What the report says of an expert, by name."""
    sentence = line.severity.sentence(english=english)
    return sentence.replace(line.severity.expert, line.expert.name, 1)


def _step(request: Asked, pk: int, step: str) -> tuple[Round, Step]:
    """The step of a round that the actor's office works in; 404 for any other."""
    opened = get_object_or_404(Round.objects.select_related("organisation"), pk=pk)
    found = step_named(opened, step, _KIND)
    known = {
        (e.round.pk, e.step.id) for e in steps_at(request.actor.organisation, _KIND)
    }
    if found is None or (pk, step) not in known:
        raise Http404
    return opened, found


def _own_plan(request: Asked, opened: Round, step: Step) -> ReviewPlan | None:
    office = request.actor.organisation
    return plan_of(opened, step.id, office.pk if office else None)


def _plan(request: Asked, pk: int, step: str) -> ReviewPlan:
    opened, found = _step(request, pk, step)
    plan = _own_plan(request, opened, found)
    if plan is None:
        raise Http404
    return plan


def _context(request: Asked, opened: Round, step: Step) -> dict[str, Any]:
    plan = _own_plan(request, opened, step)
    office = request.actor.organisation
    context: dict[str, Any] = {
        "round": opened,
        "step": step,
        "plan": plan,
        "may": may_work_in_step(request.actor, opened, step),
        "elsewhere": StepElsewhere.objects.filter(
            round=opened, step=step.id, office=office
        ).first(),
        "hold": HoldForm(),
    }
    if plan is not None:
        standings = standings_in(plan)
        wanted = bool(request.GET.get("preview"))
        shown = None
        if standings.undrawn:
            shown = preview(plan, at_once=None if wanted else _AT_ONCE)
            context |= _preview(plan, shown)
        context |= _draws(request, plan) | _results(request, plan, standings)
        context |= _aside(plan, shown, standings)
    return context


def _draws(request: Asked, plan: ReviewPlan) -> dict[str, Any]:
    """The draws; one is repeated where ``?check=`` names it, for that takes a while."""
    draws = plan.draws.filter(dropped_at=None).order_by("-id").defer("inputs")
    held = list(draws.exclude(held_at=None)[:_DRAWS])
    wanted = request.GET.get("check", "")
    return {
        "waiting": draws.filter(held_at=None).first(),
        "draws": held,
        "draw_leaf": [
            (each, repeats(each) if str(each.pk) == wanted else None) for each in held
        ],
    }


def _preview(plan: ReviewPlan, shown: Preview) -> dict[str, Any]:
    """A trial; in a large round only where ``?preview=`` asks for it."""
    english = speaks_english()
    return {
        "preview": shown,
        "told": shown.assignment.sentences(english=english) if shown.assignment else [],
        "shortage": shown.shortage.sentence(english=english) if shown.shortage else "",
        "hints": _pairs(plan, shown.cases, shown.conflicts.hints),
        "barred": len(shown.conflicts.barred),
    }


def _aside(
    plan: ReviewPlan, shown: Preview | None, standings: Standings
) -> dict[str, Any]:
    """Who must not review which case, and why: of cases that lack an expert, too."""
    known = Case.objects.filter(pk__in=list(standings.lacking)[:_AT_ONCE])
    lacking = list(known.select_related("enterprise"))
    barred = dict(shown.conflicts.barred) if shown else {}
    if lacking:
        people = experts_of(plan.office).filter(active=True)
        barred |= conflicts_between(lacking, people).barred
    aside = list(barred.items())
    cases = [*(shown.cases if shown else ()), *lacking]
    return {
        "aside": _pairs(plan, cases, dict(aside[:_PAIRS])),
        "aside_count": len(aside),
    }


def _pairs(
    plan: ReviewPlan, cases: Sequence[Case], found: Mapping[Pair, Sequence[Reason]]
) -> list[tuple[Case, Expert, str]]:
    """Pairs of case and expert as a page names them, each with its first reason."""
    if not found:
        return []
    english = speaks_english()
    names = {e.key: e for e in Expert.objects.filter(office=plan.office)}
    numbers = {str(each.number): each for each in cases}
    return [
        (numbers[case], names[key], reasons[0].sentence(english=english))
        for (case, key), reasons in found.items()
    ]


def _results(request: Asked, plan: ReviewPlan, standings: Standings) -> dict[str, Any]:
    english = speaks_english()
    leaf = leaf_of(standings.cases, request.GET)
    shown = results_of(plan, leaf.items, standings)
    return {
        "leaf": leaf,
        "results": [(e, e.settled.sentence(english=english)) for e in shown],
        "done": standings.done,
        "lacking": len(standings.lacking),
    }


def _experts_file(
    request: Asked, form: str, plan: ReviewPlan, report: Report
) -> HttpResponseBase:
    columns = [
        *(_("专家"), _("专家编号"), _("工作单位"), _("已评"), _("平均高低")),
        *(_("折算"), _("同案件数"), _("与同案专家平均相差"), _("请了第三位的件数")),
        _("说明"),
    ]
    english = speaks_english()
    unknown = _("未知")
    rows: list[list[Any]] = []
    for each in report.experts:
        severity, pairs = each.severity, each.partners
        rows.append(
            [
                *(each.expert.name, each.expert.key, each.expert.organisation_name),
                severity.reviews,
                unknown if severity.deviation is None else severity.deviation,
                unknown if severity.shrunk is None else severity.shrunk,
                *(pairs.cases, unknown if pairs.gap is None else pairs.gap),
                *(pairs.thirds, _says(each, english=english)),
            ]
        )
    said = report.agreement.sentence(english=english)
    rows.append([_("全部"), *[None] * (len(columns) - 2), said])
    taken = TakenOut(_("宽严与一致性"), columns, rows, len(report.experts))
    filters = f"plan={plan.pk}"
    return exported(request, form, taken, what="review_report", filters=filters)
