"""A case of an enterprise: its draft while it can be written, then how it goes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tidu.accounts.verdicts import Refused
from tidu.casework.actions import (
    appeal,
    resubmit_case,
    submit_case,
    withdraw_case,
)
from tidu.casework.case_clocks import last_day_of_appeal
from tidu.casework.guards import may_be_appealed, may_be_edited, may_be_submitted
from tidu.casework.inspecting import reports_told
from tidu.casework.inspection_models import Found, Inspection
from tidu.casework.models import Case
from tidu.casework.moving import CaseMoved, check_seen
from tidu.casework.objecting import objections_to, reply_to_objection
from tidu.casework.queries import readiness_of, today
from tidu.casework.replaying import replay_case
from tidu.rules.case_table import RETURNED
from tidu.rules.rulesets import Kind
from tidu.web.case_clock_words import clock_of
from tidu.web.case_words import happened, told, way
from tidu.web.enterprise.case_draft import find, show_draft
from tidu.web.enterprise.case_forms import ReasonForm
from tidu.web.enterprise.case_objections import ReplyForm, objections_shown
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked

CONFLICT = 409


def case(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """The page that the case's state asks for."""
    found = find(firm, case)
    if may_be_edited(found):
        return show_draft(request, firm, found)
    return show_case(request, firm, found)


def show_case(
    request: Asked, firm: Firm, case: Case, status: int = 200, **more: Any
) -> HttpResponse:
    """How a case goes: where it is, what was said, what can be done."""
    moves = list(case.moves.all())
    table = case.lifecycle
    last = moves[-1] if moves else None
    refused = last if last and last.data.get("criteria") else None
    leaving = {each.event for each in table.leaving(case.state)}
    context = {
        "firm": firm,
        "tab": "cases",
        "case": case,
        "told": told(case),
        "clock": clock_of(case),
        "stops": way(case, moves),
        "moves": happened(case, moves),
        "refused": refused,
        "may_appeal": "appeal" in leaving and may_be_appealed(case, today()),
        "appeal_until": last_day_of_appeal(case),
        "may_withdraw": "withdraw" in leaving,
        "replay": replay_case(case) if case.assessment else None,
        "objections": objections_shown(request.actor, case, more.get("reply_form")),
        "inspected": [_inspected(each) for each in reports_told(case)],
        "appeal_form": ReasonForm(),
        **more,
    }
    return render(request, "enterprise/case.html", context, status=status)


def reply(request: Asked, firm: Firm, case: int, objection: int) -> HttpResponse:
    """Say what one has to say to an objection, once."""
    found = find(firm, case)
    chosen = get_object_or_404(objections_to(found), pk=objection)
    if request.method != "POST":
        return redirect("case", case)
    form = ReplyForm(request.POST, objection=chosen)
    if not form.is_valid():
        return show_case(request, firm, found, 422, reply_form=form)
    text = form.cleaned_data["text"]
    reply_to_objection(objection=chosen, text=text, by=request.actor)
    messages.success(request, _("已交给核查单位，和异议放在一起"))
    return redirect("case", case)


def _inspected(inspection: Inspection) -> str:
    """What a visit came to, in a sentence; who was there, and photos, are not in it."""
    found = Counter(each.found for each in inspection.answers.all())
    text = _(
        "{day} 实地核查，共 {count} 项：相符 {yes} 项，不符 {no} 项，"
        "无法核实 {unknown} 项；总的结论：{conclusion}。"
    )
    return text.format(
        day=f"{inspection.visited_on:%Y-%m-%d}",
        count=len(inspection.items),
        yes=found[Found.YES],
        no=found[Found.NO],
        unknown=found[Found.UNKNOWN],
        conclusion=inspection.get_conclusion_display(),
    )


def submit(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Say what submitting means, then do it."""
    found = find(firm, case)
    may_be_edited(found).or_refuse()
    ready = may_be_submitted(readiness_of(found))
    if not ready:
        messages.warning(request, str(ready.reason))
        return redirect("case", case)
    context = {
        "firm": firm,
        "tab": "cases",
        "case": found,
        "again": found.state == RETURNED,
        "new": found.round.kind == Kind.NEW,
    }
    if request.method != "POST":
        return render(request, "enterprise/case_submit.html", context)
    try:
        _submit(request, found)
    except (CaseMoved, Refused) as error:
        context["error"] = str(error)
        return render(request, "enterprise/case_submit.html", context, status=CONFLICT)
    text = _("已提交，受理编号 {number}。轮到谁、等了几天，这一页随时看得到")
    messages.success(request, text.format(number=found.number))
    return redirect("case", case)


def _submit(request: Asked, case: Case) -> None:
    seen = _seen(request)
    check_seen(case, seen)
    if case.state == RETURNED:
        reply = request.POST.get("reply", "").strip()[:1000]
        resubmit_case(case=case, by=request.actor, seen=seen, reply=reply)
    else:
        submit_case(case=case, by=request.actor, seen=seen)


def withdraw(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Ask once more, then take the application back."""
    found = find(firm, case)
    form = ReasonForm(request.POST or None, must=False)
    context = {"firm": firm, "tab": "cases", "case": found, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "enterprise/case_withdraw.html", context)
    try:
        check_seen(found, _seen(request))
        withdraw_case(
            case=found,
            by=request.actor,
            seen=found.counter,
            reason=form.cleaned_data["reason"],
        )
    except CaseMoved as error:
        context["error"] = str(error)
        return render(
            request, "enterprise/case_withdraw.html", context, status=CONFLICT
        )
    messages.success(request, _("已撤回。填过的数据都还在，可以重新申报"))
    return redirect("cases")


def ask_again(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Appeal against a refusal, with its reason."""
    found = find(firm, case)
    if request.method != "POST":
        return redirect("case", case)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_case(request, firm, found, 422, appeal_form=form)
    try:
        check_seen(found, _seen(request))
        reason = form.cleaned_data["reason"]
        appeal(case=found, by=request.actor, seen=found.counter, reason=reason)
    except (CaseMoved, Refused) as error:
        return show_case(
            request, firm, found, CONFLICT, appeal_form=form, error=str(error)
        )
    messages.success(request, _("申诉已提交，主管部门会复查并写明结论"))
    return redirect("case", case)


def _seen(request: Asked) -> int:
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isdecimal() else -1
