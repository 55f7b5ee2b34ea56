"""My titles: certificates, yearly update, changes to report, what stands in the way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.casework.duties import owed_by
from tidu.casework.enums import ChangeKind
from tidu.casework.exclusions import bars_on
from tidu.casework.holding import confirm_update, may_confirm, report_change
from tidu.casework.queries import today
from tidu.registry.models import HeldTitle
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked
from tidu.web.plain_forms import PlainForm
from tidu.web.titles import certificate_answer, years_of
from tidu.web.wording import scheme_word


class ChangeForm(PlainForm):
    """A change, when it happened, and what it is."""

    kind = forms.ChoiceField(label=gettext_lazy("变化"), choices=ChangeKind.choices)
    happened_on = forms.DateField(
        label=gettext_lazy("发生日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("如：原名称、新名称；合并的对方；迁往哪里。"),
    )


def holding(request: Asked, firm: Firm) -> HttpResponse:
    """The titles, what each asks for this year, and a form to report a change."""
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reported(request, firm, form):
        return redirect("holding")
    titles = firm.enterprise.titles.select_related(
        "enterprise", "certificate__case__round"
    )
    context = {
        "firm": firm,
        "titles": [_row(each) for each in titles],
        "changes": firm.enterprise.changes.all()[:20],
        "bars": bars_on(today()).filter(enterprise=firm.enterprise),
        "form": form,
        "tab": "holding",
    }
    status = 422 if form.errors else 200
    return render(request, "enterprise/holding.html", context, status=status)


@require_POST
def update(request: Asked, firm: Firm, title: int) -> HttpResponse:
    """Confirm that the figures are up to date this year."""
    found = get_object_or_404(firm.enterprise.titles, pk=title)
    made = confirm_update(title=found, by=request.actor)
    said = _("{year} 年的更新已记录").format(year=made.year)
    messages.success(request, said)
    return redirect("holding")


def certificate(request: Asked, firm: Firm, title: int) -> HttpResponseBase:  # noqa: ARG001 - a view
    """One's own certificate."""
    rows = firm.enterprise.titles.select_related("certificate__blob")
    return certificate_answer(get_object_or_404(rows, pk=title))


def owed_now(firm: Firm) -> list[tuple[str, str]]:
    """What the firm's titles ask for this year, and why; for its first page."""
    found, on = [], today()
    titles = firm.enterprise.titles.select_related(
        "enterprise", "certificate__case__round"
    ).filter(revoked_on=None, valid_until__gte=on)
    for title in titles:
        owed = owed_by(title)
        if owed is None or not may_confirm(title, on):
            continue
        day = owed.duties.update_day(on.year)
        what = _("做“{scheme}”的年度更新").format(scheme=scheme_word(title.scheme))
        why = _("{day} 以前，依据{clause}").format(
            day=day, clause=owed.clause("update")
        )
        found.append((what, why))
    return found


def _reported(request: Asked, firm: Firm, form: ChangeForm) -> bool:
    given = form.cleaned_data
    try:
        made = report_change(
            enterprise=firm.enterprise,
            kind=ChangeKind(given["kind"]),
            happened_on=given["happened_on"],
            text=given["text"],
            by=request.actor,
        )
    except TiduError as error:
        form.add_error("happened_on", error.sentence(english=speaks_english()))
        return False
    said = _("已报告")
    if made.late and made.due_on:
        text = _("已报告；按{clause}应在 {day} 以前报告，已记为逾期")
        said = text.format(clause=made.clause, day=f"{made.due_on:%Y-%m-%d}")
    messages.success(request, said)
    return True


def _row(title: HeldTitle) -> dict[str, Any]:
    owed, on = owed_by(title), today()
    return {
        "title": title,
        "certificate": getattr(title, "certificate", None),
        "ended": bool(title.valid_until and title.valid_until < on),
        "owed": owed,
        "years": years_of(title, owed),
        "may_confirm": may_confirm(title, on) if not title.revoked_on else None,
        "due_on": owed.duties.update_day(on.year) if owed else None,
        "clause": owed.clause("update") if owed else "",
        "lost": title.lost_rights.filter(restored_on=None).first(),
        "reminder": title.reminders.order_by("-made_on").first(),
    }
