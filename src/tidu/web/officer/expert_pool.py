"""The pool of experts: who is in it, whom they are tied to, what was confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.experts import (
    add_tie,
    change_expert,
    confirm_tie,
    drop_tie,
    enter_expert,
    experts_of,
    may_keep_expert,
    may_keep_pool,
)
from tidu.casework.review_models import OWN_WORD, Expert, Tie
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS
from tidu.web.officer.exports import TakenOut, exported
from tidu.web.officer.pool_import import pool_cells, pool_heads
from tidu.web.officer.review_forms import (
    ExpertForm,
    NewExpertForm,
    TieForm,
    field_choices,
    field_words,
)
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through

INVALID = 422


@page(may=may_act_for_authority)
def experts(request: Asked) -> HttpResponseBase:
    found = experts_of(request.actor.organisation).annotate(
        open=Count(
            "reviews",
            filter=Q(reviews__released_at=None, reviews__submitted_at=None),
        )
    )
    if typed := request.GET.get("q", "").strip():
        found = found.filter(
            Q(name__icontains=typed) | Q(organisation_name__icontains=typed)
        )
    field = request.GET.get("field", "")
    rows = list(found) if field else []
    if field:
        found = found.filter(pk__in=[e.pk for e in rows if field in e.fields])
    if (form := request.GET.get("download")) in FORMS:
        return _file(request, form, list(found.select_related("user")))
    leaf = leaf_through(found, request.GET)
    context = {
        "leaf": leaf,
        "rows": [(each, field_words(each.fields)) for each in leaf.items],
        "choices": field_choices(),
        "asked": request.GET,
        "may": may_keep_pool(request.actor),
    }
    return render(request, "officer/experts.html", context)


@page(may=may_keep_pool)
def expert_new(request: Asked) -> HttpResponse:
    form = NewExpertForm(request.POST or None)
    if form.is_valid():
        try:
            made, password = enter_expert(
                username=form.cleaned_data["username"],
                about=form.about(),
                by=request.actor,
            )
            context = {"expert": made, "password": password}
            return render(request, "officer/expert_entered.html", context)
        except TiduError as error:
            form.add_error("username", error.sentence(english=speaks_english()))
    status = INVALID if form.errors else 200
    return render(request, "officer/expert_new.html", {"form": form}, status=status)


@page(may=may_act_for_authority)
def expert_one(request: Asked, pk: int) -> HttpResponse:
    expert = _find(request, pk)
    form = ExpertForm(request.POST or None, expert=expert)
    if form.is_valid():
        change_expert(expert=expert, about=form.about(), by=request.actor)
        messages.success(request, _("已保存"))
        return redirect("expert", pk)
    return _show(request, expert, form, TieForm())


@page(may=may_act_for_authority)
@require_POST
def expert_tie(request: Asked, pk: int) -> HttpResponse:
    expert = _find(request, pk)
    form = TieForm(request.POST)
    if not form.is_valid():
        return _show(request, expert, ExpertForm(expert=expert), form)
    confirmed = form.cleaned_data["confirmed"]
    add_tie(of=expert, given=form.given(), by=request.actor, confirmed=confirmed)
    messages.success(request, _("利害关系已登记"))
    return redirect("expert", pk)


@page(may=may_act_for_authority)
@require_POST
def tie_decide(request: Asked, pk: int, what: str) -> HttpResponse:
    """Confirm a tie or take it back."""
    own = Tie.objects.filter(expert__office=request.actor.organisation)
    tie = get_object_or_404(own.exclude(expert=None), pk=pk)
    expert_id = tie.expert_id
    if what not in {"confirm", "drop"}:
        raise Http404
    try:
        (confirm_tie if what == "confirm" else drop_tie)(tie=tie, by=request.actor)
        messages.success(request, _("已保存"))
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
    assert expert_id is not None
    return redirect("expert", expert_id)


def _find(request: Asked, pk: int) -> Expert:
    own = experts_of(request.actor.organisation).exclude(office=None)
    return get_object_or_404(own.select_related("office", "user"), pk=pk)


def _show(
    request: Asked, expert: Expert, form: ExpertForm, tie_form: TieForm
) -> HttpResponse:
    reviews = expert.reviews.aggregate(
        held=Count("pk", filter=Q(released_at=None)),
        open=Count("pk", filter=Q(released_at=None, submitted_at=None)),
        released=Count("pk", filter=Q(released_at__isnull=False)),
    )
    context = {
        "expert": expert,
        "form": form,
        "tie_form": tie_form,
        "own_word": OWN_WORD,
        "ties": expert.ties.select_related("correction").order_by("confirmed_by", "id"),
        "reviews": reviews,
        "may": may_keep_expert(request.actor, expert),
    }
    wrong = form.errors or tie_form.errors
    return render(
        request, "officer/expert.html", context, status=INVALID if wrong else 200
    )


def _file(request: Asked, form: str, found: list[Expert]) -> HttpResponseBase:
    """The pool as the import takes it again."""
    rows = (pool_cells(each) for each in found)
    taken = TakenOut(_("专家库"), pool_heads(), rows, len(found))
    return exported(request, form, taken, what="expert_pool")
