"""Objections and complaints at the office that checks them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.deciding import Ground
from tidu.casework.enums import ObjectionKind, ObjectionState
from tidu.casework.notice_models import Objection
from tidu.casework.objecting import (
    answer_objection,
    clock_of,
    erase_objector,
    may_answer,
    may_see_objection,
    may_see_person,
    objections_of,
    said_for,
)
from tidu.casework.queries import clauses_of
from tidu.casework.wording import say_text
from tidu.registry.blobs import open_blob
from tidu.rules.case_table import OBJECTION
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.plain_forms import PlainForm, dress

_GROUND = "ground-"


class AnswerForm(PlainForm):
    """What was found; a sustained objection also says of which clauses, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[
            ("dismissed", gettext_lazy("不成立")),
            ("sustained", gettext_lazy("成立")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "写明怎样核查、查到什么。提出人和企业都会看到，"
            "不要写别人的隐私，也不要写出提出人是谁。"
        ),
    )

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = objection.entry.case if objection.entry else None
        if case is None or case.state != OBJECTION:
            return
        for clause in clauses_of(case):
            label = say_text(clause.finding.about.label)
            field = forms.CharField(
                label=label,
                required=False,
                max_length=500,
                help_text=clause.finding.about.clause,
            )
            dress(field)
            self.fields[_GROUND + clause.finding.id] = field

    @property
    def grounds(self) -> list[Ground]:
        """The clauses of which something was written."""
        return [
            Ground(name.removeprefix(_GROUND), text)
            for name, text in self.cleaned_data.items()
            if name.startswith(_GROUND) and text.strip()
        ]

    @property
    def clause_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith(_GROUND)]


@page(may=may_act_for_authority)
def objections(request: Asked) -> HttpResponseBase:
    """The list, those without an answer on top."""
    found, asked = objections_of(request.actor), request.GET
    if (kind := asked.get("kind")) in ObjectionKind.values:
        found = found.filter(kind=kind)
    if (state := asked.get("state")) in ObjectionState.values:
        found = found.filter(state=state)
    if (form := asked.get("download")) in FORMS:
        return _file(str(form), found)
    leaf = leaf_through(found, asked)
    context = {
        "leaf": leaf,
        "rows": [(each, clock_of(each)) for each in leaf.items],
        "english": speaks_english(),
        "kinds": ObjectionKind.choices,
        "states": ObjectionState.choices,
        "tab": "objections",
    }
    return render(request, "officer/objections.html", context)


@page(may=may_act_for_authority)
def objection(request: Asked, pk: int) -> HttpResponse:
    """One of them: what is said, the clock, and the answer."""
    found = _find(request, pk)
    may = may_answer(request.actor, found)
    opened = bool(may) and found.state == ObjectionState.OPEN
    form = AnswerForm(request.POST or None, objection=found) if opened else None
    if (
        request.method == "POST"
        and form
        and form.is_valid()
        and _answered(request, found, form)
    ):
        return redirect("objection", pk)
    context = {
        "found": found,
        "said": said_for(request.actor, found),
        "clock": clock_of(found).sentence(english=speaks_english()),
        "form": form,
        "may": may,
        "may_file": may_see_person(request.actor, found),
        "tab": "objections",
    }
    status = 422 if form and form.errors else 200
    return render(request, "officer/objection.html", context, status=status)


@page(may=may_act_for_authority)
def objection_file(request: Asked, pk: int) -> HttpResponseBase:
    """The evidence, for the office that checks it; saved, never shown."""
    found = _find(request, pk)
    may_see_person(request.actor, found).or_refuse()
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


@page(may=may_act_for_authority)
@require_POST
def objection_erase(request: Asked, pk: int) -> HttpResponse:
    """Take away who objected, once it is answered."""
    erase_objector(objection=_find(request, pk), by=request.actor)
    messages.success(request, _("已删除提出人的姓名和联系方式"))
    return redirect("objection", pk)


def _answered(request: Asked, found: Objection, form: AnswerForm) -> bool:
    given = form.cleaned_data
    try:
        answer_objection(
            objection=found,
            by=request.actor,
            answer=given["answer"],
            sustained=given["outcome"] == "sustained",
            grounds=form.grounds,
        )
    except TiduError as error:
        form.add_error(None, error.sentence(english=speaks_english()))
        return False
    messages.success(request, _("已答复；提出人凭查询号可以看到"))
    return True


def _find(request: Asked, pk: int) -> Objection:
    rows = Objection.objects.select_related(
        "enterprise", "office", "entry__notice", "entry__case__round", "title", "blob"
    )
    found = get_object_or_404(rows, pk=pk)
    may_see_objection(request.actor, found).or_refuse()
    return found


def _file(form: str, found: Any) -> HttpResponseBase:
    heads = [
        _("种类"),
        _("企业名称"),
        _("核查单位"),
        _("收到"),
        _("状态"),
        _("答复时间"),
        _("用时"),
    ]
    english = speaks_english()
    rows = (
        [
            each.get_kind_display(),
            each.enterprise.name,
            each.office.name,
            each.filed_at.date(),
            each.get_state_display(),
            each.answered_at.date() if each.answered_at else None,
            clock_of(each).sentence(english=english),
        ]
        for each in found.iterator(chunk_size=500)
    )
    return download(form, _("异议和举报"), heads, rows)
