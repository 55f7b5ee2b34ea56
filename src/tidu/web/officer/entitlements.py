"""Lists that an authority pays without being asked: all, one, one firm of it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.eligibility.enums import EntryState, Working
from tidu.eligibility.kept_packs import mechanism_of, pack_of
from tidu.eligibility.list_replaying import answer_for
from tidu.eligibility.pay_files import days_since, ready_to_pay
from tidu.eligibility.pay_list_models import (
    EntitlementEntry,
    EntitlementList,
)
from tidu.eligibility.pay_list_queries import (
    days_to_payment,
    lists_of,
    states_of,
    total_of,
)
from tidu.eligibility.pay_lists import (
    keep_entry,
    may_be_approved,
    may_be_frozen,
    over_budget,
    remove_entry,
)
from tidu.eligibility.permissions import (
    may_move_list,
    may_see_list,
    may_start_list,
    may_work_on_list,
)
from tidu.rules.errors import TiduError
from tidu.rules.pay_list import CANCELLED, DRAFT, FROZEN, PAY_LIST, PUBLISHED
from tidu.rules.units import show_money
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.findings import finding_row
from tidu.web.officer.entitlement_forms import BudgetForm, ReasonForm, money_text
from tidu.web.officer.entitlement_words import history_of, say
from tidu.web.officer.exports import TakenOut, exported
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.wording import asked_word, place_word

_TRACK = ("draft", "frozen", "published", "approved", "exported", "paid")
_MOST_MISSING = 10
_LATE = datetime.timedelta(minutes=10)  # after which a job may have died


@page(may=may_act_for_authority)
def entitlements(request: Asked) -> HttpResponseBase:
    """The lists of the territory, with the median of days to payment."""
    found = lists_of(request.actor)
    if (state := request.GET.get("state", "")) in PAY_LIST.states:
        found = found.filter(state=state)
    if (form := request.GET.get("download")) in FORMS:
        return _lists_file(str(form), found)
    paid = EntitlementEntry.objects.filter(
        pay_list__in=lists_of(request.actor).values("pk")
    )
    context = {
        "leaf": leaf_through(found, request.GET),
        "states": [(each.id, say(each.label)) for each in PAY_LIST.states.values()],
        "days": days_to_payment(paid),
        "may": may_start_list(request.actor),
        "tab": "lists",
    }
    return render(request, "officer/entitlements.html", context)


@page(may=may_act_for_authority)
def entitlement(request: Asked, pk: int) -> HttpResponse:
    """One list: where it stands, what to do next, who is on it."""
    pay_list = find_list(request, pk)
    mechanism = mechanism_of(pay_list)
    counts = states_of(pay_list)
    rows = filtered(pay_list, request)
    leaf = leaf_through(rows, request.GET)
    total = total_of(pay_list)
    context = {
        "pay_list": pay_list,
        "mechanism": mechanism,
        "track": track_of(pay_list),
        "counts": {each.value: counts[each.value] for each in EntryState},
        "firms": sum(n for state, n in counts.items() if state != EntryState.REMOVED),
        "total": total,
        "lacking": _lacking_account(pay_list, counts),
        "over": over_budget(pay_list, total) if total > pay_list.budget else "",
        "leaf": leaf,
        "states": EntryState.choices,
        "todo": todo_of(request, pay_list),
        "unmet": _unmet(pay_list),
        "days": days_to_payment(pay_list.entries.all()),
        "since": days_since(pay_list),
        "history": history_of(pay_list),
        "tab": "lists",
        **_job(pay_list),
    }
    return render(request, "officer/entitlement.html", context)


@page(may=may_act_for_authority)
def entitlement_progress(request: Asked, pk: int) -> HttpResponse:
    """The panel that asks every two seconds; at the end the page is opened anew."""
    pay_list = find_list(request, pk)
    job = _job(pay_list)
    context = {"pay_list": pay_list, **job}
    answer = render(request, "officer/_entitlement_progress.html", context)
    if not job["working"]:
        answer["HX-Refresh"] = "true"
    return answer


@page(may=may_act_for_authority)
def entitlement_export(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """The firms as filtered, as a file; accounts masked. Who took it is recorded."""
    pay_list = find_list(request, pk)
    rows = filtered(pay_list, request)
    heads = [
        *(_("企业名称"), _("统一社会信用代码"), _("区划"), _("金额（元）")),
        *(_("状态"), _("移出原因"), _("说明"), _("账号"), _("发放批次"), _("到账日期")),
    ]
    taken = TakenOut(pay_list.title, heads, _lines(rows), rows.count())
    filters = request.GET.urlencode()
    return exported(request, form, taken, what=f"entitlement:{pk}", filters=filters)


@page(may=may_act_for_authority)
def entitlement_open(request: Asked, pk: int) -> HttpResponseBase:
    """Firms whose figures are missing, and which; what is missing most on top."""
    pay_list = find_list(request, pk)
    found = pay_list.open_entries.select_related("enterprise")
    if (form := request.GET.get("download")) in FORMS:
        heads = [_("企业名称"), _("统一社会信用代码"), _("区划"), _("缺什么")]
        return download(str(form), _("缺数据的企业"), heads, _open_lines(found))
    missing = sorted(pay_list.missing.items(), key=lambda each: -each[1])
    context = {
        "pay_list": pay_list,
        "leaf": leaf_through(found, request.GET),
        "missing": [(asked_word(k), n) for k, n in missing[:_MOST_MISSING]],
        "tab": "lists",
    }
    return render(request, "officer/entitlement_open.html", context)


@page(may=may_act_for_authority)
def entitlement_entry(request: Asked, entry: int) -> HttpResponse:
    """One firm: findings, the amount with its working; take it off or put it back."""
    found = get_object_or_404(
        EntitlementEntry.objects.select_related(
            "pay_list__organisation", "pay_list__packs", "enterprise", "account"
        ),
        pk=entry,
    )
    pay_list = found.pay_list
    may_see_list(request.actor, pay_list).or_refuse()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _changed(request, found, form):
        return redirect("entitlement_entry", entry)
    context = {
        "entry": found,
        "pay_list": pay_list,
        "form": form,
        "changeable": pay_list.state in {FROZEN, PUBLISHED}
        and bool(may_work_on_list(request.actor, pay_list)),
        "objections": list(found.objections.all()),
        "tab": "lists",
        **_answer(found),
    }
    status = 422 if form.errors else 200
    return render(request, "officer/entitlement_entry.html", context, status=status)


def find_list(request: Asked, pk: int) -> EntitlementList:
    """The list of an address; refused where another authority runs it."""
    rows = EntitlementList.objects.select_related("organisation", "packs", "frozen_by")
    found = get_object_or_404(rows, pk=pk)
    may_see_list(request.actor, found).or_refuse()
    return found


def filtered(
    pay_list: EntitlementList, request: Asked
) -> models.QuerySet[EntitlementEntry]:
    """The firms that the filters in the address ask for."""
    rows = pay_list.entries.select_related("account").order_by(
        models.Case(models.When(state=EntryState.REMOVED, then=1), default=0),
        "territory",
        "name",
        "pk",
    )
    if words := request.GET.get("q", "").strip()[:100]:
        by_name = models.Q(name__icontains=words)
        rows = rows.filter(by_name | models.Q(uscc__iexact=words))
    if (state := request.GET.get("state", "")) in EntryState.values:
        rows = rows.filter(state=state)
    if (place := request.GET.get("place", "")).isdigit():
        rows = rows.filter(territory=place[:6])
    return rows


@dataclasses.dataclass(frozen=True, slots=True)
class Todo:
    """What can be done with a list: its events, and what stands in the way."""

    event: str
    label: str
    allowed: bool
    reason: str


def todo_of(request: Asked, pay_list: EntitlementList) -> list[Todo]:
    """The events that lead on from where a list stands, with what is in the way."""
    found = []
    for each in PAY_LIST.leaving(pay_list.state):
        verdict = may_move_list(request.actor, pay_list, each.by)
        reason = "" if verdict else str(verdict.reason)
        if verdict:
            reason = _in_the_way(pay_list, each.event)
        found.append(Todo(each.event, say(each.label), not reason, reason))
    return found


def _in_the_way(pay_list: EntitlementList, event: str) -> str:
    """What else has to be done before an event."""
    mechanism = mechanism_of(pay_list)
    if event == "freeze" and mechanism:
        check = may_be_frozen(pay_list, mechanism)
        return "" if check else check.reason
    if event == "approve":
        check = may_be_approved(pay_list)
        return "" if check else check.reason
    if event in {"export", "export_again"} and not ready_to_pay(pay_list).exists():
        return _("没有可以发放的：企业还没有确认账户，或账户与别家相同")
    return ""


def _lacking_account(pay_list: EntitlementList, counts: Mapping[str, int]) -> int:
    """How many of those that are still to be paid have no account that can be used."""
    if pay_list.state in {DRAFT, FROZEN, CANCELLED}:
        return 0
    waiting = counts[EntryState.KEPT] + counts[EntryState.RETURNED]
    return waiting - ready_to_pay(pay_list).count() if waiting else 0


def track_of(pay_list: EntitlementList) -> list[tuple[str, bool]]:
    """The steps of a list in words; the one it is in is marked."""
    states = _TRACK if pay_list.state in _TRACK else (DRAFT, pay_list.state)
    return [(say(PAY_LIST.states[s].label), s == pay_list.state) for s in states]


def _job(pay_list: EntitlementList) -> dict[str, Any]:
    running = pay_list.working in {Working.WAITING, Working.RUNNING}
    return {
        "working": running and pay_list.state == DRAFT,
        "late": timezone.now() - pay_list.state_since > _LATE,
        "failed": pay_list.working == Working.FAILED,
        "budget_form": BudgetForm(initial={"budget": money_text(pay_list.budget)}),
        "reason_form": ReasonForm(),
    }


def _unmet(pay_list: EntitlementList) -> list[tuple[str, int]]:
    """The first criterion that fails, in words, with how many firms it rules out."""
    mechanism = mechanism_of(pay_list)
    labels = {}
    if mechanism:
        tops = mechanism.rule_set.criteria
        labels = {c.id: say(c.label) for top in tops for c in top.walk()}
    return [
        (labels.get(each, each or _("不适用")), firms)
        for each, firms in sorted(pay_list.unmet.items(), key=lambda one: -one[1])
    ]


def _answer(entry: EntitlementEntry) -> dict[str, Any]:
    """The findings and the working of a firm, from what is kept."""
    english = speaks_english()
    mechanism = pack_of(entry.pay_list).mechanisms.get(entry.pay_list.mechanism)
    if mechanism is None or mechanism.amount is None:
        return {"rows": [], "lines": []}
    found = answer_for(entry)
    own = mechanism.rule_set.document
    rows = [
        finding_row(each, entry.pay_list.mechanism, own, english=english)
        for each in found.standing.findings
    ]
    lines = [
        (line.label.say(english=english), _shown(entry.lines.get(line.id), line.unit))
        for line in mechanism.amount.lines
    ]
    return {"rows": rows, "lines": lines, "mechanism": mechanism}


def _shown(value: str | None, unit: str) -> str:
    if value is None:
        return "—"
    return show_money(Decimal(value)) if unit == "元" else value


def _changed(request: Asked, found: EntitlementEntry, form: ReasonForm) -> bool:
    act = keep_entry if found.state == EntryState.REMOVED else remove_entry
    try:
        act(entry=found, by=request.actor, reason=form.cleaned_data["reason"])
    except TiduError as error:
        form.add_error("reason", error.sentence(english=speaks_english()))
        return False
    messages.success(request, _("已记录"))
    return True


def _lines(rows: models.QuerySet[EntitlementEntry]) -> Iterator[list[Any]]:
    for each in rows.iterator(chunk_size=1000):
        yield [
            *(each.name, each.uscc, place_word(each.territory), each.amount),
            *(each.get_state_display(), each.get_removal_display(), each.reason),
            each.account.masked if each.account else "",
            *(each.batch, each.paid_on),
        ]


def _open_lines(rows: Any) -> Iterator[list[Any]]:
    for each in rows.iterator(chunk_size=1000):
        firm = each.enterprise
        missing = "、".join(asked_word(key) for key in each.missing)
        yield [firm.name, firm.uscc or "", place_word(firm.territory), missing]


def _lists_file(form: str, found: models.QuerySet[EntitlementList]) -> HttpResponseBase:
    heads = [
        *(_("名称"), _("主管部门"), _("按哪一天"), _("预算（元）"), _("家数")),
        *(_("合计（元）"), _("状态"), _("公示开始"), _("公示截止"), _("已到账（家）")),
    ]
    rows = (
        [
            *(each.title, each.organisation.name, each.on, each.budget),
            *(each.firms, each.total, say(each.shown_state.label)),  # type: ignore[attr-defined]
            *(each.opens_on, each.ends_on, each.paid),  # type: ignore[attr-defined]
        ]
        for each in found
    )
    return download(form, _("免申即享名单"), heads, rows)
