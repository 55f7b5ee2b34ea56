"""An expert's sheets: which are to be done by when, filling one in, stepping back."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_as_expert
from tidu.casework.queries import pack_for
from tidu.casework.review_models import Review
from tidu.casework.review_planning import ReviewError
from tidu.casework.reviewing import (
    SheetIncomplete,
    declare_conflict,
    expert_of,
    may_review,
    reviews_of,
    save_review,
    submit_review,
)
from tidu.casework.sheets import IDENTITY, Sheet, sheet_of
from tidu.rules.facts import split_key
from tidu.rules.naming import name_key, show_fact
from tidu.web.context import speaks_english
from tidu.web.expert.sheet_forms import ConflictForm, SheetForm
from tidu.web.findings import FindingRow, finding_row
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.wording import scheme_word

INVALID = 422


@page(may=may_act_as_expert)
def sheets(request: Asked) -> HttpResponse:
    found = reviews_of(request.actor)
    open_ones = found.filter(submitted_at=None)
    context = {
        "leaf": leaf_through(found, request.GET),
        "open": open_ones.count(),
        "late": open_ones.filter(draw__plan__due_on__lt=timezone.localdate()).count(),
        "expert": expert_of(request.actor),
        "today": timezone.localdate(),
    }
    return render(request, "expert/sheets.html", context)


@page(may=may_act_as_expert)
def sheet(request: Asked, pk: int) -> HttpResponse:
    review = _find(request, pk)
    shown = sheet_of(review)
    form = SheetForm(
        request.POST if request.method == "POST" else None, review=review, sheet=shown
    )
    if request.method == "POST" and _keep(request, review, form):
        return redirect("sheets") if review.submitted_at else redirect("sheet", pk)
    context = _context(request, review, shown) | {"form": form}
    return render(
        request, "expert/sheet.html", context, status=INVALID if form.errors else 200
    )


@page(may=may_act_as_expert)
def conflict(request: Asked, pk: int) -> HttpResponse:
    review = _find(request, pk)
    may_review(request.actor, review).or_refuse()
    form = ConflictForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        declare_conflict(review=review, reason=reason, by=request.actor)
        messages.success(request, _("已记下回避，这份评审表已收回，由另一位专家评"))
        return redirect("sheets")
    context = {"form": form, "review": review}
    return render(
        request, "expert/conflict.html", context, status=INVALID if form.errors else 200
    )


def _find(request: Asked, pk: int) -> Review:
    return get_object_or_404(
        reviews_of(request.actor).select_related(
            "case__enterprise",
            "case__assessment",
            "case__round__packs",
            "expert__office",
        ),
        pk=pk,
    )


def _keep(request: Asked, review: Review, form: SheetForm) -> bool:
    """Save what was typed, and submit it where asked; False where it is wrong."""
    if not form.is_valid():
        return False
    try:
        save_review(review=review, written=form.written(), by=request.actor)
        if "submit" not in request.POST:
            messages.success(request, _("草稿已保存"))
            return True
        if not form.cleaned_data["confirm"]:
            form.add_error("confirm", _("草稿已保存。要提交，请先勾选确认"))
            return False
        submit_review(review=review, written=form.written(), by=request.actor)
    except SheetIncomplete as error:
        review.submitted_at = review.total = None
        for field, text in error.lacking:
            form.add_error(field, text)
        return False
    except ReviewError as error:
        form.add_error(None, error.sentence(english=speaks_english()))
        return False
    messages.success(request, _("评审表已提交，谢谢"))
    return True


@dataclasses.dataclass(frozen=True, slots=True)
class FactRow:
    """One figure that was frozen, in words."""

    label: str
    value: str


def _context(request: Asked, review: Review, shown: Sheet) -> dict[str, Any]:
    may = may_review(request.actor, review)
    return {
        "review": review,
        "plan": review.draw.plan,
        "sheet": shown,
        "rows": _rows(review, shown),
        "facts": _facts(review, shown),
        "may": may,
        "scheme": scheme_word(review.case.round.scheme),
        "today": timezone.localdate(),
    }


def _rows(review: Review, shown: Sheet) -> list[FindingRow]:
    """The clauses that figures decide, without where the figures come from."""
    scheme, english = review.case.round.scheme, speaks_english()
    judged = {each.finding.id for each in shown.judged}
    rows = [
        finding_row(each.finding, scheme, english=english)
        for each in shown.clauses
        if each.finding.id not in judged
    ]
    return [
        dataclasses.replace(
            each,
            sources=(),
            value=shown.blind(each.value),
            says=shown.blind(each.says),
            todo="",
            note=shown.blind(each.note),
            sentence=shown.blind(each.sentence),
        )
        for each in rows
    ]


def _facts(review: Review, shown: Sheet) -> list[FactRow]:
    words, english = pack_for(review.case).words, speaks_english()
    return [
        FactRow(
            name_key(key, words, english=english),
            shown.blind(show_fact(key, value, words, english=english)),
        )
        for key, value in sorted(shown.facts.items())
        if split_key(key)[0] not in IDENTITY
    ]
