"""What an officer does with a list: start, freeze, publish, approve, pay, receipts."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.eligibility.enums import NoticeDays
from tidu.eligibility.jobs import work_out_list
from tidu.eligibility.list_replaying import replay_list
from tidu.eligibility.pay_files import (
    PAY_HEADS,
    export_list,
    read_receipts,
    record_receipts,
    take_pay_file,
)
from tidu.eligibility.pay_list_models import EntitlementList
from tidu.eligibility.pay_list_queries import today, total_of
from tidu.eligibility.pay_lists import (
    Notice,
    Terms,
    approve_list,
    cancel_list,
    change_budget,
    freeze_list,
    publish_list,
    settle_list,
    start_list,
)
from tidu.eligibility.permissions import (
    may_start_list,
    may_take_pay_file,
    may_work_on_list,
)
from tidu.eligibility.working_out import ask_again
from tidu.intake import UnreadableFile
from tidu.registry.imports.files import fit_name, working_folder
from tidu.rules.errors import TiduError
from tidu.rules.library import default_library
from tidu.rules.pay_list import DRAFT, EXPORTED, FROZEN, listable
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.officer.entitlement_forms import (
    BudgetForm,
    PublishForm,
    ReceiptsForm,
    StartForm,
)
from tidu.web.officer.entitlements import find_list
from tidu.web.pages import Asked, page
from tidu.web.problems import by_sheet

INVALID = 422
_MOST_PROBLEMS = 200


@page(may=may_start_list)
def entitlement_choose(request: Asked) -> HttpResponse:
    """The grants that can be paid here without being asked."""
    assert request.actor.organisation is not None
    territory = request.actor.organisation.territory
    pack = default_library().for_territory(territory)
    found = listable(pack, timezone.localdate(), territory)
    context = {"found": found, "tab": "lists"}
    return render(request, "officer/entitlement_choose.html", context)


@page(may=may_start_list)
def entitlement_new(request: Asked, mechanism: str) -> HttpResponse:
    """Start a list: the policy beside the form; working it out is a job."""
    assert request.actor.organisation is not None
    territory = request.actor.organisation.territory
    pack = default_library().for_territory(territory)
    known = {each.id: each for each in listable(pack, timezone.localdate(), territory)}
    if mechanism not in known:
        raise Http404
    found = known[mechanism]
    form = StartForm(request.POST or None, mechanism=found)
    if request.method == "POST" and form.is_valid():
        terms = Terms(mechanism=mechanism, **form.cleaned_data)
        try:
            made = start_list(terms=terms, by=request.actor)
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
        else:
            _start_job(made)
            return redirect("entitlement", made.pk)
    context = {
        "form": form,
        "mechanism": found,
        "criteria": [c for top in found.rule_set.criteria for c in top.walk() if c.id],
        "tab": "lists",
    }
    status = INVALID if form.errors else 200
    return render(request, "officer/entitlement_new.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def entitlement_budget(request: Asked, pk: int) -> HttpResponse:
    """Another budget, while it is a draft."""
    pay_list = find_list(request, pk)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["budget"])))
        return redirect("entitlement", pk)
    budget = form.cleaned_data["budget"]
    return _done(
        request,
        pk,
        _("预算已改"),
        lambda: change_budget(pay_list=pay_list, budget=budget, by=request.actor),
    )


@page(may=may_act_for_authority)
@require_POST
def entitlement_work_out(request: Asked, pk: int) -> HttpResponse:
    """Work a draft out again by today's figures."""
    pay_list = find_list(request, pk)

    def again() -> None:
        ask_again(pay_list=pay_list, by=request.actor)
        _start_job(pay_list)

    return _done(request, pk, _("已开始重新计算"), again)


@page(may=may_act_for_authority)
@require_POST
def entitlement_freeze(request: Asked, pk: int) -> HttpResponse:
    """Pin who is on it and how much."""
    pay_list, seen = find_list(request, pk), _seen(request)
    return _done(
        request,
        pk,
        _("已冻结：数据、政策和金额都已固定"),
        lambda: freeze_list(pay_list=pay_list, by=request.actor, seen=seen),
    )


@page(may=may_act_for_authority)
def entitlement_publish(request: Asked, pk: int) -> HttpResponse:
    """The days of the notice, then publish it."""
    pay_list = find_list(request, pk)
    may_work_on_list(request.actor, pay_list).or_refuse()
    if pay_list.state != FROZEN:
        return redirect("entitlement", pk)
    first = {"opens_on": today(), "contact": request.actor.organisation_name}
    form = PublishForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        given["day_kind"] = NoticeDays(given["day_kind"])
        try:
            made = publish_list(
                pay_list=pay_list,
                notice=Notice(**given),
                by=request.actor,
                seen=_seen(request),
            )
        except TiduError as error:
            form.add_error(None, error.sentence(english=speaks_english()))
        else:
            text = _("已公示，到 {day} 截止；名单上的企业在自己的首页能看到")
            messages.success(request, text.format(day=f"{made.ends_on:%Y-%m-%d}"))
            return redirect("entitlement", pk)
    context = {
        "form": form,
        "pay_list": pay_list,
        "total": total_of(pay_list),
        "tab": "lists",
    }
    status = INVALID if form.errors else 200
    return render(request, "officer/entitlement_publish.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def entitlement_approve(request: Asked, pk: int) -> HttpResponse:
    """The second person's approval."""
    pay_list, seen = find_list(request, pk), _seen(request)
    return _done(
        request,
        pk,
        _("已批准；由单位管理员导出发放文件"),
        lambda: approve_list(pay_list=pay_list, by=request.actor, seen=seen),
    )


@page(may=may_act_for_authority)
@require_POST
def entitlement_pay(request: Asked, pk: int) -> HttpResponse:
    """Fix who goes out in the next pay file."""
    pay_list, seen = find_list(request, pk), _seen(request)
    return _done(
        request,
        pk,
        _("发放文件已生成，请下载后交银行"),
        lambda: export_list(pay_list=pay_list, by=request.actor, seen=seen),
    )


@page(may=may_act_for_authority)
def entitlement_pay_file(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """The newest pay file with whole account numbers; who takes it is recorded."""
    pay_list = find_list(request, pk)
    may_take_pay_file(request.actor, pay_list).or_refuse()
    if form not in FORMS or not pay_list.batches:
        raise Http404
    lines = take_pay_file(pay_list=pay_list, by=request.actor)
    name = _("发放文件-{title}-第{batch}批").format(
        title=pay_list.title, batch=pay_list.batches
    )
    return download(form, name, PAY_HEADS, lines)


@page(may=may_act_for_authority)
def entitlement_receipts(request: Asked, pk: int) -> HttpResponse:
    """Bring in the bank's file: all of it, or nothing and what is wrong where."""
    pay_list = find_list(request, pk)
    may_work_on_list(request.actor, pay_list).or_refuse()
    if pay_list.state != EXPORTED:
        return redirect("entitlement", pk)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReceiptsForm(*posted)
    context: dict[str, Any] = {"pay_list": pay_list, "form": form, "tab": "lists"}
    if request.method == "POST" and form.is_valid():
        try:
            problems = _receive(request, pay_list, form)
        except TiduError as error:
            form.add_error("file", error.sentence(english=speaks_english()))
        else:
            if not problems:
                return redirect("entitlement", pk)
            shown = problems[:_MOST_PROBLEMS]
            context["groups"] = by_sheet(shown, english=speaks_english())
            context["wrong"] = len(problems)
    status = INVALID if form.errors or context.get("wrong") else 200
    return render(request, "officer/entitlement_receipts.html", context, status=status)


@page(may=may_act_for_authority)
@require_POST
def entitlement_close(request: Asked, pk: int) -> HttpResponse:
    """Cancel it, or settle it, with a reason."""
    pay_list, seen = find_list(request, pk), _seen(request)
    reason = request.POST.get("reason", "")[:500]
    act: Callable[..., None] = (
        settle_list if pay_list.state == EXPORTED else cancel_list
    )
    return _done(
        request,
        pk,
        _("已记录"),
        lambda: act(pay_list=pay_list, by=request.actor, seen=seen, reason=reason),
    )


@page(may=may_act_for_authority)
@require_POST
def entitlement_replay(request: Asked, pk: int) -> HttpResponse:
    """Work every line out again from what was frozen."""
    pay_list = find_list(request, pk)
    if pay_list.state == DRAFT:
        messages.error(request, _("草稿还没有冻结，没有可核对的"))
    else:
        found = replay_list(pay_list)
        say = messages.success if found.equal else messages.error
        say(request, found.sentence)
    return redirect("entitlement", pk)


def _done(
    request: Asked, pk: int, said: str, act: Callable[[], object]
) -> HttpResponse:
    """Do it and say so; what is wrong is said on the same page."""
    try:
        act()
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
    else:
        messages.success(request, said)
    return redirect("entitlement", pk)


def _receive(request: Asked, pay_list: EntitlementList, form: ReceiptsForm) -> Any:
    with _for_a_moment(form.cleaned_data["file"]) as path:
        receipts, problems = read_receipts(path, pay_list)
    if problems:
        return problems
    settled = record_receipts(pay_list=pay_list, receipts=receipts, by=request.actor)
    count = len(receipts)
    text = (
        _("{count} 条回单都到账了，名单已办结")
        if settled
        else _("已记录 {count} 条回单")
    )
    messages.success(request, text.format(count=count))
    return []


@contextlib.contextmanager
def _for_a_moment(file: UploadedFile[bytes]) -> Iterator[Path]:
    """The bank's file while it is read: its whole account numbers are not kept."""
    with tempfile.TemporaryDirectory(dir=working_folder()) as folder:
        path = Path(folder) / fit_name(file.name or "")
        with path.open("wb") as kept:
            for piece in file.chunks():
                kept.write(piece)
        try:
            yield path
        except UnreadableFile as error:  # by its own name, not by ours
            values = {**error.values, "path": path.name}
            raise UnreadableFile(error.msgid, **values) from error


def _seen(request: Asked) -> int:
    """The counter of the list that the person had before them."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() else -1


def _start_job(pay_list: EntitlementList) -> None:
    transaction.on_commit(lambda: work_out_list(pay_list.pk))
