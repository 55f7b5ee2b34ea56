"""Objections to lists paid without applying, at the office that checks them."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.eligibility.enums import Answered
from tidu.eligibility.list_objections import (
    answer_list_objection,
    list_objections_of,
    said_for,
)
from tidu.eligibility.pay_list_models import ListObjection
from tidu.eligibility.permissions import may_see_list, may_work_on_list
from tidu.registry.blobs import open_blob
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.officer.entitlement_forms import AnswerForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through


@page(may=may_act_for_authority)
def list_objections(request: Asked) -> HttpResponseBase:
    """The list, those without an answer on top."""
    found = list_objections_of(request.actor)
    if (state := request.GET.get("state", "")) in Answered.values:
        found = found.filter(state=state)
    if (form := request.GET.get("download")) in FORMS:
        heads = [_("企业名称"), _("名单"), _("收到"), _("状态"), _("答复时间")]
        rows = (
            [
                *(each.entry.name, each.entry.pay_list.title, each.filed_at.date()),
                each.get_state_display(),
                each.answered_at.date() if each.answered_at else None,
            ]
            for each in found.iterator(chunk_size=500)
        )
        return download(str(form), _("对名单的异议"), heads, rows)
    context = {
        "leaf": leaf_through(found, request.GET),
        "states": Answered.choices,
        "tab": "objections",
    }
    return render(request, "officer/list_objections.html", context)


@page(may=may_act_for_authority)
def list_objection(request: Asked, pk: int) -> HttpResponse:
    """One of them: what is said, and the answer."""
    found = _find(request, pk)
    may = may_work_on_list(request.actor, found.entry.pay_list)
    opened = bool(may) and found.state == Answered.OPEN
    form = AnswerForm(request.POST or None) if opened else None
    if (
        request.method == "POST"
        and form
        and form.is_valid()
        and _answered(request, found, form)
    ):
        return redirect("list_objection", pk)
    context = {
        "found": found,
        "said": said_for(request.actor, found),
        "form": form,
        "may": may,
        "tab": "objections",
    }
    status = 422 if form and form.errors else 200
    return render(request, "officer/list_objection.html", context, status=status)


@page(may=may_act_for_authority)
def list_objection_file(request: Asked, pk: int) -> HttpResponseBase:
    """The evidence, for the office that checks it; saved, never shown."""
    found = _find(request, pk)
    may_work_on_list(request.actor, found.entry.pay_list).or_refuse()
    if found.blob is None:
        raise Http404
    try:
        content = open_blob(found.blob)
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(content, content_type=found.blob.media_type)
    name = quote(found.file_title)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _answered(request: Asked, found: ListObjection, form: AnswerForm) -> bool:
    given = form.cleaned_data
    try:
        answer_list_objection(
            objection=found,
            by=request.actor,
            answer=given["answer"],
            sustained=given["outcome"] == "sustained",
        )
    except TiduError as error:
        form.add_error(None, error.sentence(english=speaks_english()))
        return False
    messages.success(request, _("已答复；提出人凭查询号可以看到"))
    return True


def _find(request: Asked, pk: int) -> ListObjection:
    rows = ListObjection.objects.select_related("entry__pay_list__organisation", "blob")
    found = get_object_or_404(rows, pk=pk)
    may_see_list(request.actor, found.entry.pay_list).or_refuse()
    return found
