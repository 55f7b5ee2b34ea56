"""Entries that may be one enterprise: pairs for a person, merging, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.registry.duplicate_models import Merger
from tidu.registry.duplicates import suggestions, tell_apart
from tidu.registry.mergers import may_be_merged, merge_enterprises, undo_merger
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_manage_enterprise
from tidu.web.officer.firm_forms import MergeForm
from tidu.web.pages import Asked, page


@page(may=may_act_for_authority)
def duplicates(request: Asked) -> HttpResponse:
    pairs = suggestions(request.actor)
    return render(request, "officer/duplicates.html", {"pairs": pairs})


@page(may=may_work_for_authority)
def merge(request: Asked, kept: int, duplicate: int) -> HttpResponse:
    firms = Enterprise.objects.select_related("current")
    one = get_object_or_404(firms, pk=kept)
    other = get_object_or_404(firms, pk=duplicate)
    for each in (one, other):
        may_manage_enterprise(request.actor, each).or_refuse()
    verdict = may_be_merged(one, other)
    form = MergeForm(request.POST or None)
    if request.POST.get("apart") and form.is_valid():
        source = form.cleaned_data["source"]
        tell_apart(one=one, other=other, source=source, by=request.actor)
        messages.success(request, _("已记下：不是同一家，以后不再提示。"))
        return redirect("duplicates")
    if request.method == "POST" and verdict and form.is_valid():
        merge_enterprises(
            kept=one,
            duplicate=other,
            source=form.cleaned_data["source"],
            by=request.actor,
        )
        messages.success(request, _("已合并。合错了，可以在“身份和历史”里撤销。"))
        return redirect("firm_identity", one.pk)
    context = {"one": one, "other": other, "form": form, "verdict": verdict}
    context["sides"] = [
        (each, each.filings.count(), each.titles.count()) for each in (one, other)
    ]
    return render(request, "officer/merge.html", context)


@page(may=may_work_for_authority)
@require_POST
def merger_undo(request: Asked, pk: int) -> HttpResponse:
    mergers = Merger.objects.select_related("kept", "duplicate")
    merger = get_object_or_404(mergers, pk=pk)
    undo_merger(merger=merger, by=request.actor)
    messages.success(request, _("已撤销合并，两家各归各的。"))
    return redirect("firm_identity", merger.kept_id)
