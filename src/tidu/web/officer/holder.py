"""One title at the office that answers for it: duties, tasks, revocation, bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.duties import owed_by
from tidu.casework.enums import RevocationKind
from tidu.casework.holding import (
    BarWanted,
    Grounds,
    decide_task,
    lift_bar,
    restore_right,
    revoke,
    set_bar_end,
)
from tidu.casework.offices import (
    is_decided_above,
    may_manage_title,
    may_see_title,
    office_of_title,
)
from tidu.casework.title_models import Bar, DutyTask, LostRight
from tidu.registry.models import HeldTitle
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page
from tidu.web.plain_forms import PlainForm
from tidu.web.titles import years_of

_BARS = [
    ("rules", gettext_lazy("按规定：条款写明年限的照办，没写的不禁止")),
    ("until", gettext_lazy("到下面这一天")),
    ("open", gettext_lazy("禁止，期限由主管部门另定")),
]


class RevokeForm(PlainForm):
    """Why a title is taken away, under which clause, and what bar follows."""

    kind = forms.ChoiceField(label=gettext_lazy("原因"), choices=RevocationKind.choices)
    text = forms.CharField(
        label=gettext_lazy("查明的事实"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("会公开：证书查验页和获证企业名单上都看得到。"),
    )
    clause = forms.CharField(label=gettext_lazy("依据哪一条"), max_length=200)
    bar = forms.ChoiceField(
        label=gettext_lazy("以后能不能再申报"), choices=_BARS, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=gettext_lazy("禁止申报到"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """A bar until a day needs the day."""
        given = super().clean() or {}
        if given.get("bar") == "until" and not given.get("until"):
            self.add_error("until", _("请填禁止到哪一天"))
        return given

    @property
    def wanted(self) -> BarWanted | None:
        match self.cleaned_data["bar"]:
            case "until":
                return BarWanted(self.cleaned_data["until"])
            case "open":
                return BarWanted(None)
            case _:
                return None


@page(may=may_act_for_authority)
def holder(request: Asked, pk: int) -> HttpResponse:
    """Everything of one title; what may be done with it stands below."""
    title = _find(request, pk)
    return _shown(request, title, RevokeForm(initial=_clause(title)))


@page(may=may_act_for_authority)
@require_POST
def title_revoke(request: Asked, pk: int) -> HttpResponse:
    """Take the title away."""
    title = _find(request, pk)
    form = RevokeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        grounds = Grounds(RevocationKind(given["kind"]), given["text"], given["clause"])
        try:
            revoke(title=title, grounds=grounds, bar=form.wanted, by=request.actor)
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
        else:
            messages.success(request, _("已撤销；证书查验页即时显示"))
            return redirect("holder", pk)
    return _shown(request, title, form, status=422)


@page(may=may_act_for_authority)
@require_POST
def task_decide(request: Asked, pk: int) -> HttpResponse:
    """Carry out a proposed consequence, or not."""
    task = get_object_or_404(
        DutyTask.objects.select_related("title__enterprise"), pk=pk
    )
    may_see_title(request.actor, task.title).or_refuse()
    return _do(
        request,
        task.title,
        lambda reason: decide_task(
            task=task,
            carry_out=request.POST.get("what") == "do",
            reason=reason,
            by=request.actor,
        ),
        _("已办理"),
    )


@page(may=may_act_for_authority)
@require_POST
def right_restore(request: Asked, pk: int) -> HttpResponse:
    """Give the right to re-verification back."""
    rows = LostRight.objects.select_related("title__enterprise")
    lost = get_object_or_404(rows, pk=pk)
    may_see_title(request.actor, lost.title).or_refuse()
    return _do(
        request,
        lost.title,
        lambda reason: restore_right(lost=lost, reason=reason, by=request.actor),
        _("已恢复复核资格"),
    )


@page(may=may_act_for_authority)
@require_POST
def bar_change(request: Asked, pk: int) -> HttpResponse:
    """Set the end of a bar, or lift it."""
    bar = get_object_or_404(Bar.objects.select_related("enterprise"), pk=pk)
    title = HeldTitle.objects.filter(
        enterprise=bar.enterprise, scheme=bar.scheme
    ).first()
    title = get_object_or_404(HeldTitle, pk=title.pk if title else 0)
    may_see_title(request.actor, title).or_refuse()
    day = forms.DateField(required=False).clean(request.POST.get("until") or None)

    def change(reason: str) -> None:
        if day is not None:
            set_bar_end(bar=bar, until=day, reason=reason, by=request.actor)
        else:
            lift_bar(bar=bar, reason=reason, by=request.actor)

    return _do(request, title, change, _("已记录"))


def _do(
    request: Asked, title: HeldTitle, action: Callable[[str], None], said: str
) -> HttpResponse:
    """Do it with the reason that was given, and say what came of it."""
    try:
        action(request.POST.get("reason", "")[:1000])
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
    else:
        messages.success(request, said)
    return redirect("holder", title.pk)


def _shown(
    request: Asked, title: HeldTitle, form: RevokeForm, status: int = 200
) -> HttpResponse:
    owed = owed_by(title)
    context = {
        "title": title,
        "owed": owed,
        "years": years_of(title, owed),
        "tasks": title.tasks.select_related("office"),
        "lost": title.lost_rights.all(),
        "bars": Bar.objects.filter(enterprise=title.enterprise, scheme=title.scheme),
        "reminders": title.reminders.all(),
        "changes": title.enterprise.changes.all()[:20],
        "complaints": title.complaints.all()[:20],
        "office": office_of_title(title),
        "may": may_manage_title(request.actor, title),
        "form": form,
        "decided_above": is_decided_above(title),
        "tab": "due",
    }
    return render(request, "officer/holder.html", context, status=status)


def _clause(title: HeldTitle) -> dict[str, str]:
    owed = owed_by(title)
    return {"clause": owed.clause("bar") if owed else "", "bar": "rules"}


def _find(request: Asked, pk: int) -> HeldTitle:
    rows = HeldTitle.objects.select_related(
        "enterprise", "certificate__case__round", "revocation__bar"
    )
    found = get_object_or_404(rows, pk=pk)
    may_see_title(request.actor, found).or_refuse()
    return found
