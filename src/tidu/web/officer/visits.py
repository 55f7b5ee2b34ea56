"""A visit on site, on a phone: the checklist item by item, photos, the report."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.inspecting import (
    add_photo,
    answer_item,
    finish_inspection,
    may_inspect,
    may_see_inspection,
    name_for_inspection,
    open_items,
    remove_photo,
)
from tidu.casework.inspection_models import (
    Found,
    Inspection,
    InspectionAnswer,
    InspectionPhoto,
)
from tidu.casework.models import Case
from tidu.casework.queries import cases_in_scope
from tidu.registry.blobs import open_blob
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page
from tidu.web.plain_forms import PlainForm

INVALID = 422


class FinishForm(PlainForm):
    """Who was there, when, and what they found in all."""

    first = forms.CharField(label=gettext_lazy("核查人员一"), max_length=50)
    second = forms.CharField(label=gettext_lazy("核查人员二"), max_length=50)
    visited_on = forms.DateField(
        label=gettext_lazy("到访日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    conclusion = forms.ChoiceField(
        label=gettext_lazy("总的结论"),
        choices=[("", "—"), *Found.choices],
    )
    summary = forms.CharField(
        label=gettext_lazy("核查说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NameForm(PlainForm):
    """Why a case is inspected that no draw chose."""

    reason = forms.CharField(label=gettext_lazy("为什么指定核查这一家"), max_length=300)


@dataclasses.dataclass(frozen=True, slots=True)
class ItemShown:
    """One item of the checklist with what was found of it."""

    id: str
    label: str
    declared: str
    clause: str
    answer: InspectionAnswer | None
    photos: list[InspectionPhoto]


@page(may=may_act_for_authority)
def visit(request: Asked, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk), FinishForm(initial=_initial()))


@page(may=may_act_for_authority)
@require_POST
def visit_item(request: Asked, pk: int, item: str) -> HttpResponse:
    """Keep one item by itself; says when, or why not."""
    inspection = _find(request, pk)
    try:
        answer = answer_item(
            inspection=inspection,
            item=item,
            found=request.POST.get("found", ""),
            note=request.POST.get("note", "")[:500],
            by=request.actor,
        )
        wrong = ""
    except TiduError as error:
        answer, wrong = None, error.sentence(english=speaks_english())
    if not request.htmx:
        messages.add_message(
            request,
            messages.ERROR if wrong else messages.SUCCESS,
            wrong or _("已保存"),
        )
        return HttpResponseRedirect(reverse("visit", args=[pk]) + f"#item-{item}")
    context = {"answer": answer, "wrong": wrong, "left": len(open_items(inspection))}
    status = INVALID if wrong else 200
    return render(request, "officer/_visit_saved.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def visit_photo(request: Asked, pk: int, item: str) -> HttpResponse:
    inspection = _find(request, pk)
    wrong = []
    for file in request.FILES.getlist("photo"):
        assert isinstance(file, UploadedFile)
        try:
            add_photo(
                inspection=inspection,
                item=item,
                file=io.BytesIO(file.read()),
                file_name=file.name or "",
                size=file.size or 0,
                by=request.actor,
            )
        except TiduError as error:
            sentence = error.sentence(english=speaks_english())
            wrong.append(_("{name}：{why}").format(name=file.name, why=sentence))
    if not request.htmx:
        for each in wrong:
            messages.error(request, each)
        return HttpResponseRedirect(reverse("visit", args=[pk]) + f"#item-{item}")
    photos = inspection.photos.filter(removed_at=None, item=item)
    context = {"photos": photos, "wrong": wrong, "may": True}
    status = INVALID if wrong else 200
    return render(request, "officer/_visit_photos.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def visit_finish(request: Asked, pk: int) -> HttpResponse:
    inspection = _find(request, pk)
    form = FinishForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            finish_inspection(
                inspection=inspection,
                inspectors=[given["first"], given["second"]],
                visited_on=given["visited_on"],
                conclusion=Found(given["conclusion"]),
                summary=given["summary"],
                by=request.actor,
            )
            messages.success(request, _("核查报告已完成"))
            return redirect("visit", pk)
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    return _show(request, inspection, form)


@page(may=may_act_for_authority)
def inspect_case(request: Asked, pk: int) -> HttpResponse:
    """Name a case for an inspection."""
    seen = cases_in_scope(request.actor).select_related("enterprise", "round")
    case: Case = get_object_or_404(seen, pk=pk)
    form = NameForm(request.POST or None)
    if form.is_valid():
        try:
            made = name_for_inspection(
                case=case, by=request.actor, reason=form.cleaned_data["reason"]
            )
            return redirect("visit", made.pk)
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
    context = {"form": form, "case": case}
    status = INVALID if form.errors else 200
    return render(request, "officer/inspect_case.html", context, status=status)


@page(may=may_act_for_authority)
def photo_show(request: Asked, pk: int) -> HttpResponseBase:
    photo = _find_photo(request, pk)
    try:
        with open_blob(photo.blob) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type=photo.blob.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@page(may=may_act_for_authority)
@require_POST
def photo_remove(request: Asked, pk: int) -> HttpResponse:
    photo = _find_photo(request, pk)
    remove_photo(photo=photo, by=request.actor)
    back = reverse("visit", args=[photo.inspection_id])
    return HttpResponseRedirect(f"{back}#item-{photo.item}")


def _find_photo(request: Asked, pk: int) -> InspectionPhoto:
    rows = InspectionPhoto.objects.filter(removed_at=None).select_related(
        "blob", "inspection__case__enterprise", "inspection__case__round"
    )
    photo = get_object_or_404(rows, pk=pk)
    may_see_inspection(request.actor, photo.inspection).or_refuse()
    return photo


def _find(request: Asked, pk: int) -> Inspection:
    rows = Inspection.objects.select_related(
        "case__enterprise", "case__round__organisation", "case__office", "draw"
    )
    found = get_object_or_404(rows, pk=pk)
    may_see_inspection(request.actor, found).or_refuse()
    return found


def _initial() -> dict[str, Any]:
    return {"visited_on": timezone.localdate()}


def _show(request: Asked, inspection: Inspection, form: FinishForm) -> HttpResponse:
    context = {
        "inspection": inspection,
        "case": inspection.case,
        "items": _items(inspection),
        "found": Found.choices,
        "left": len(open_items(inspection)),
        "may": may_inspect(request.actor, inspection),
        "form": form,
    }
    status = INVALID if form.errors else 200
    return render(request, "officer/visit.html", context, status=status)


def _items(inspection: Inspection) -> list[ItemShown]:
    answers = {each.item: each for each in inspection.answers.all()}
    photos: dict[str, list[InspectionPhoto]] = {}
    for each in inspection.photos.filter(removed_at=None).select_related("blob"):
        photos.setdefault(each.item, []).append(each)
    suffix = "_en" if speaks_english() else ""
    return [
        ItemShown(
            each["id"],
            each[f"label{suffix}"],
            each[f"declared{suffix}"],
            each["clause"],
            answers.get(each["id"]),
            photos.get(each["id"], []),
        )
        for each in inspection.items
    ]
