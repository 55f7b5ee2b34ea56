"""Holders of a territory: what ends, what they owe, tasks, changes, forecasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.duties import titles_due
from tidu.casework.enums import TaskState
from tidu.casework.offices import may_see_title
from tidu.casework.queries import today
from tidu.casework.reverifying import AHEAD, forecasts_kept
from tidu.casework.title_models import (
    ChangeReport,
    DutyTask,
    ExpiryReminder,
    LostRight,
)
from tidu.registry.models import HeldTitle
from tidu.registry.queries import scope_filter
from tidu.rules.outcomes import Outcome
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.findings import mark
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.titles import certificate_answer
from tidu.web.wording import place_word, scheme_word


@page(may=may_act_for_authority)
def holders_due(request: Asked) -> HttpResponseBase:
    """Titles that end within months: reminders, forecasts, rights that are lost."""
    asked = request.GET
    typed = asked.get("months", "")
    months = int(typed) if typed in {str(each) for each in AHEAD} else AHEAD[0]
    found = titles_due(request.actor, today(), months).prefetch_related(
        Prefetch("reminders", ExpiryReminder.objects.order_by("made_on", "pk")),
        Prefetch("lost_rights", LostRight.objects.filter(restored_on=None)),
    )
    if scheme := asked.get("scheme"):
        found = found.filter(scheme=scheme)
    if (form := asked.get("download")) in FORMS:
        return _due_file(str(form), found)
    leaf = leaf_through(found, asked)
    context = {
        "leaf": leaf,
        "rows": [_row(each) for each in leaf.items],
        "months": months,
        "choices": AHEAD,
        "tab": "due",
    }
    return render(request, "officer/holders_due.html", context)


@page(may=may_act_for_authority)
def duty_tasks(request: Asked) -> HttpResponseBase:
    """Consequences that were proposed, those that wait on top."""
    scope = request.actor.scope
    assert scope is not None
    found = (
        DutyTask.objects.filter(scope_filter(scope, "title__enterprise__territory"))
        .select_related("title__enterprise", "office")
        .order_by("decided_at", "proposed_at", "pk")
    )
    if (state := request.GET.get("state")) in TaskState.values:
        found = found.filter(state=state)
    if (form := request.GET.get("download")) in FORMS:
        heads = [
            *(_("企业名称"), _("称号"), _("后果"), _("未更新的年度"), _("条款")),
            *(_("状态"), _("理由")),
        ]
        rows = (
            [
                each.title.enterprise.name,
                scheme_word(each.title.scheme),
                each.get_consequence_display(),
                "、".join(map(str, each.years)),
                each.clause,
                each.get_state_display(),
                each.reason,
            ]
            for each in found
        )
        return download(str(form), _("待处置"), heads, rows)
    context = {
        "leaf": leaf_through(found, request.GET),
        "states": TaskState.choices,
        "tab": "tasks",
    }
    return render(request, "officer/duty_tasks.html", context)


@page(may=may_act_for_authority)
def change_reports(request: Asked) -> HttpResponseBase:
    """Changes that holders reported, the newest on top; late ones are marked."""
    scope = request.actor.scope
    assert scope is not None
    found = ChangeReport.objects.filter(
        scope_filter(scope, "enterprise__territory")
    ).select_related("enterprise")
    if request.GET.get("late") == "yes":
        found = found.filter(late=True)
    if (form := request.GET.get("download")) in FORMS:
        heads = [
            *(_("企业名称"), _("变化"), _("发生日期"), _("报告时间")),
            *(_("应在这天前报告"), _("逾期"), _("条款"), _("说明")),
        ]
        rows = (
            [
                each.enterprise.name,
                each.get_kind_display(),
                each.happened_on,
                each.reported_at.date(),
                each.due_on,
                each.late,
                each.clause,
                each.text,
            ]
            for each in found
        )
        return download(str(form), _("变化报告"), heads, rows)
    context = {"leaf": leaf_through(found, request.GET), "tab": "changes"}
    return render(request, "officer/change_reports.html", context)


@page(may=may_act_for_authority)
def forecasts(request: Asked) -> HttpResponseBase:
    """What was forecast of re-verifications, beside how they ended."""
    rows = [
        (_outcome(row.forecast), row)
        for row in forecasts_kept(request.actor, request.GET.get("scheme", ""))
    ]
    if (form := request.GET.get("download")) in FORMS:
        heads = [_("当时的预测"), _("通过"), _("未通过"), _("合计")]
        lines = (
            [
                shown.word if shown else _("没有预测"),
                row.certified,
                row.refused,
                row.count,
            ]
            for shown, row in rows
        )
        return download(str(form), _("预测对照"), heads, lines)
    context = {
        "rows": rows,
        "count": sum(row.count for _shown, row in rows),
        "tab": "forecasts",
    }
    return render(request, "officer/forecasts.html", context)


@page(may=may_act_for_authority)
def certificate_file(request: Asked, pk: int) -> HttpResponseBase:
    """The signed PDF of a title of the territory."""
    found = get_object_or_404(
        HeldTitle.objects.select_related("enterprise", "certificate__blob"), pk=pk
    )
    may_see_title(request.actor, found).or_refuse()
    return certificate_answer(found)


def _row(title: HeldTitle) -> dict[str, Any]:
    reminders = list(title.reminders.all())
    return {
        "title": title,
        "reminded": reminders[-1] if reminders else None,
        "forecast": _outcome(reminders[-1].outcome) if reminders else None,
        "lost": list(title.lost_rights.all()),
    }


def _outcome(value: str) -> Any:
    return mark(Outcome(value), english=speaks_english()) if value else None


def _due_file(form: str, found: Iterable[HeldTitle]) -> HttpResponseBase:
    heads = [
        *(_("企业名称"), _("统一社会信用代码"), _("区划"), _("称号")),
        *(_("有效期至"), _("提醒日期"), _("预测"), _("失去复核资格")),
    ]

    def line(title: HeldTitle) -> list[Any]:
        row = _row(title)
        told, forecast = row["reminded"], row["forecast"]
        return [
            title.enterprise.name,
            title.enterprise.uscc or "",
            place_word(title.enterprise.territory),
            scheme_word(title.scheme),
            title.valid_until,
            told.made_on if told else None,
            forecast.word if forecast else "",
            bool(row["lost"]),
        ]

    return download(form, _("到期和复核"), heads, (line(each) for each in found))
