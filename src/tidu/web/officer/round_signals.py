"""Signals of a round in the order of reading, its head first; runs, good reasons."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.casework.enums import LookOutcome
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.looking import LookError, forget_known
from tidu.casework.models import Round
from tidu.casework.screening_jobs import screen_soon
from tidu.casework.signal_lists import (
    DONE,
    OPEN,
    WantedSignals,
    counts_of,
    last_screening,
    looks_at,
    queue_for,
    rounds_with_signals,
    with_signals,
)
from tidu.casework.signal_models import CaseSignal, FlaggedCase, KnownTie, Look
from tidu.casework.signal_permissions import may_screen, may_see_signals
from tidu.registry.actions import record_export
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.pages import Asked, page
from tidu.web.paging import address, leaf_of, leaf_through
from tidu.web.wording import place_word, scheme_word

CONFLICT = 409
_WIDTHS = (8, 22, 34, 20, 24, 60, 40, 40, 12, 30)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A case of the queue with its signals, each with the looks at it as it is now."""

    flagged: FlaggedCase
    signals: tuple[tuple[CaseSignal, Look | None], ...]


@page(may=may_act_for_authority)
def signal_rounds(request: Asked) -> HttpResponseBase:
    """The rounds an office may see signals of."""
    if (form := request.GET.get("download")) in FORMS:
        return _rounds_file(request, str(form))
    leaf = leaf_through(rounds_with_signals(request.actor), request.GET)
    counts = counts_of(leaf.items, request.actor)
    rows = [
        (each, next(iter(each.screenings.all()), None), *counts.get(each.pk, (0, 0)))
        for each in leaf.items
    ]
    return render(request, "officer/signal_rounds.html", {"leaf": leaf, "rows": rows})


def _rounds_file(request: Asked, form: str) -> HttpResponseBase:
    found = list(rounds_with_signals(request.actor))
    counts = counts_of(found, request.actor)
    columns = [
        *(_("认定批次"), _("称号"), _("主管部门"), _("核查时间")),
        *(_("读了多少份"), _("本区划有线索的"), _("看过")),
    ]
    runs = {each.pk: next(iter(each.screenings.all()), None) for each in found}
    rows = [
        [
            *(each.title, scheme_word(each.scheme), each.organisation.name),
            timezone.localtime(run.ran_at) if run else "",
            *(run.read if run else "", *counts.get(each.pk, (0, 0))),
        ]
        for each in found
        for run in [runs[each.pk]]
    ]
    return download(form, _("诚信线索"), columns, rows)


@page(may=may_act_for_authority)
def round_signals(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    run, wanted = last_screening(opened), wanted_of(request.GET)
    queue = queue_for(opened, run, request.actor, wanted)
    leaf = leaf_of(list(queue.rows.values_list("pk", flat=True)), request.GET)
    shown = with_signals(FlaggedCase.objects.filter(pk__in=leaf.items))
    context = {
        "opened": opened,
        "run": run,
        "queue": queue,
        "leaf": leaf,
        "rows": [_row(each) for each in shown.order_by("rank")],
        "wanted": wanted,
        "kinds": kind_words(),
        "lookeds": looked_words(),
        "query": address(request.GET, page=""),
        "whole": address(request.GET, page="", rest="" if wanted.rest else "yes"),
        "may": may_screen(request.actor, opened),
        "known": opened.organisation.known_ties.all(),
        "tab": "queue",
    }
    return render(request, "officer/round_signals.html", context)


@page(may=may_work_for_authority)
@require_POST
def round_screen(request: Asked, pk: int) -> HttpResponse:
    """Have the round read again, as a job."""
    opened = find_round(request, pk)
    may_screen(request.actor, opened).or_refuse()
    assert request.actor.membership is not None
    screen_soon(opened.pk, request.actor.membership.pk)
    messages.success(request, _("已开始核查，一般一两分钟内完成；请稍后刷新"))
    return redirect("round_signals", pk)


@page(may=may_act_for_authority)
def signals_export(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """The list as it is filtered, each signal in a row of its own."""
    if form not in FORMS:
        raise Http404
    opened = find_round(request, pk)
    queue = queue_for(
        opened, last_screening(opened), request.actor, wanted_of(request.GET)
    )
    record_export(
        what="signals",
        filters=f"round={pk}&{request.GET.urlencode()}"[:500],
        count=queue.rows.count(),
        form=form,
        by=request.actor,
    )
    columns = [
        *(_("次序"), _("受理编号"), _("企业名称"), _("区划"), _("线索"), _("看到什么")),
        *(_("可能的正常原因"), _("可以问、可以查"), _("看的结果"), _("说明")),
    ]
    rows = with_signals(queue.rows)
    return download(form, _("诚信线索"), columns, _lines(rows), _WIDTHS)


@page(may=may_work_for_authority)
@require_POST
def known_forget(request: Asked, pk: int, known: int) -> HttpResponse:
    """Take a good reason back."""
    opened = find_round(request, pk)
    may_screen(request.actor, opened).or_refuse()
    found = get_object_or_404(KnownTie, pk=known, organisation=opened.organisation)
    try:
        forget_known(known=found, by=request.actor)
    except LookError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤销；下次核查会再提示"))
    return redirect("round_signals", pk)


def find_round(request: Asked, pk: int) -> Round:
    """A round whose signals, or those of its own firms, the actor may see."""
    rows = Round.objects.select_related("organisation")
    opened = get_object_or_404(rows, pk=pk)
    may_see_signals(request.actor, opened).or_refuse()
    return opened


def wanted_of(asked: QueryDict) -> WantedSignals:
    """The filters of an address; what makes no sense is left out."""
    kind, looked = asked.get("kind", ""), asked.get("looked", "")
    return WantedSignals(
        kind=kind if kind in kind_words() else "",
        looked=looked if looked in looked_words() else "",
        rest=asked.get("rest") == "yes",
    )


def kind_words() -> dict[str, str]:
    """The kinds of signals in the reader's language."""
    english = speaks_english()
    return {each.value: each.label(english=english) for each in SignalKind}


def looked_words() -> dict[str, str]:
    """What the filter of looks offers."""
    return {
        OPEN: _("还有没看的"),
        DONE: _("都看过了"),
        **{each.value: str(each.label) for each in LookOutcome},
    }


def _row(flagged: FlaggedCase) -> Row:
    signals = list(flagged.case.signals.all())
    looks = looks_at(signals, list(flagged.case.looks.all()))
    pairs = zip(signals, looks, strict=True)
    return Row(flagged, tuple((s, found[0] if found else None) for s, found in pairs))


def _lines(rows: models.QuerySet[FlaggedCase]) -> Iterator[list[Any]]:
    for each in rows.iterator(chunk_size=500):
        case = each.case
        for signal, look in _row(each).signals:
            yield [
                each.rank,
                case.number,
                case.enterprise.name,
                place_word(case.enterprise.territory),
                signal.label,
                signal.seen,
                signal.may_be,
                signal.ask,
                look.get_outcome_display() if look else _("还没看"),
                look.note if look else "",
            ]
