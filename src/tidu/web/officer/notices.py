"""Notices of an office: what waits for one, publishing it, those that were."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.enums import ObjectionState
from tidu.casework.models import Round
from tidu.casework.notice_models import PublicNotice
from tidu.casework.noticing import (
    NoticeImpossible,
    Period,
    may_publish,
    period_of,
    publish_notice,
    rounds_to_notice,
    waiting_for_notice,
)
from tidu.casework.queries import today
from tidu.registry.queries import scope_filter
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.plain_forms import PlainForm
from tidu.web.wording import scheme_word

_SHOWN = 200


class NoticeForm(PlainForm):
    """What a notice says; its last day is worked out."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    opens_on = forms.DateField(
        label=gettext_lazy("公示开始"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("开始当天不算在公示天数里。"),
    )
    contact = forms.CharField(
        label=gettext_lazy("异议联系方式"),
        max_length=300,
        help_text=gettext_lazy("科室、电话、地址，给不上网的人用。"),
    )


@page(may=may_act_for_authority)
def notices(request: Asked) -> HttpResponseBase:
    """What waits for a notice of the office, and the notices of the territory."""
    scope = request.actor.scope
    assert scope is not None
    found = (
        PublicNotice.objects.filter(scope_filter(scope, "organisation__territory"))
        .select_related("organisation", "round")
        .annotate(
            firms=Count("entries", distinct=True),
            disputed=Count(
                "entries__objections",
                filter=Q(entries__objections__state=ObjectionState.OPEN),
                distinct=True,
            ),
        )
    )
    if (form := request.GET.get("download")) in FORMS:
        heads = [
            *(_("标题"), _("主管部门"), _("公示开始"), _("公示截止")),
            *(_("家数"), _("未答复的异议")),
        ]
        rows = (
            [n.title, n.organisation.name, n.opens_on, n.ends_on, n.firms, n.disputed]
            for n in found
        )
        return download(str(form), _("公示"), heads, rows)
    context = {
        "waiting": rounds_to_notice(request.actor),
        "leaf": leaf_through(found, request.GET),
        "on": today(),
        "tab": "notices",
    }
    return render(request, "officer/notices.html", context)


@page(may=may_act_for_authority)
def notice_new(request: Asked, opened: int, step: str) -> HttpResponse:
    """See whom a notice will list and until when, then publish it."""
    found = get_object_or_404(Round.objects.select_related("organisation"), pk=opened)
    may_publish(request.actor, found, step).or_refuse()
    waiting = waiting_for_notice(request.actor.organisation, found).filter(state=step)
    count = waiting.count()
    if not count and request.method != "POST":
        raise Http404
    form = NoticeForm(request.POST or None, initial=_first(request, found))
    if (
        request.method == "POST"
        and form.is_valid()
        and _published(request, found, step, form)
    ):
        return redirect("notices")
    context = {
        "form": form,
        "round": found,
        "count": count,
        "cases": list(waiting[:_SHOWN]),
        "more": max(0, count - _SHOWN),
        "tab": "notices",
        **_period(found, form),
    }
    status = 422 if form.errors else 200
    return render(request, "officer/notice_new.html", context, status=status)


def _first(request: Asked, opened: Round) -> dict[str, Any]:
    scheme = scheme_word(opened.scheme)
    return {
        "title": _("关于拟认定{scheme}名单的公示").format(scheme=scheme),
        "opens_on": today(),
        "contact": request.actor.organisation_name,
    }


def _published(request: Asked, opened: Round, step: str, form: NoticeForm) -> bool:
    try:
        made = publish_notice(
            opened=opened, step=step, by=request.actor, **form.cleaned_data
        )
    except NoticeImpossible as error:
        form.add_error(None, error.sentence(english=speaks_english()))
        return False
    text = _("已发布，公示到 {day}").format(day=f"{made.ends_on:%Y-%m-%d}")
    messages.success(request, text)
    return True


def _period(opened: Round, form: NoticeForm) -> dict[str, Period | str]:
    """The days as they would be, or what has to be set first."""
    day = today()
    if form.is_bound and isinstance(
        given := form.cleaned_data.get("opens_on"), datetime.date
    ):
        day = given
    try:
        return {"period": period_of(opened, day)}
    except NoticeImpossible as error:
        return {"missing": error.sentence(english=speaks_english())}
