"""Rounds: those an office sees, opening one, its page with numbers and the diagram."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.casework.documents import PAPERS
from tidu.casework.lists import rounds_seen_by, states_of
from tidu.casework.models import Round
from tidu.casework.permissions import may_open_round, may_run_round, may_see_round
from tidu.casework.rounds import (
    RoundImpossible,
    change_last_day,
    close_round,
    open_round,
    steps_here,
)
from tidu.casework.tracks import track_of_round
from tidu.casework.wording import say_text
from tidu.rules.case_table import CERTIFIED, DRAFT, RECOMMENDED
from tidu.rules.library import default_library
from tidu.rules.packs import Pack
from tidu.rules.procedures import NEED_LABELS, Need
from tidu.rules.rulesets import Kind
from tidu.web.case_words import promise_word, shown_stop
from tidu.web.downloads import FORMS, download
from tidu.web.officer.round_forms import LastDayForm, ResultsForm, TermsForm
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.wording import scheme_word

INVALID = 422


@page(may=may_act_for_authority)
def rounds(request: Asked) -> HttpResponseBase:
    if (form := request.GET.get("download")) in FORMS:
        return _rounds_file(request, form)
    leaf = leaf_through(rounds_seen_by(request.actor), request.GET)
    context = {
        "leaf": leaf,
        "may": may_open_round(request.actor),
        "today": timezone.localdate(),
        "kinds": kind_words(),
    }
    return render(request, "officer/rounds.html", context)


def _rounds_file(request: Asked, form: str) -> HttpResponseBase:
    found, kinds = rounds_seen_by(request.actor), kind_words()
    columns = [
        *(_("名称"), _("称号"), _("程序"), _("主管部门"), _("开始申报")),
        *(_("截止申报"), _("按哪一天"), _("标准"), _("名额")),
    ]
    rows = (
        [
            *(each.title, scheme_word(each.scheme), kinds[Kind(each.kind)]),
            *(each.organisation.name, each.opens_on, each.closes_on, each.on),
            *(each.rule_set, each.capacity),
        ]
        for each in found.iterator(chunk_size=500)
    )
    return download(form, _("认定批次"), columns, rows)


@page(may=may_open_round)
def round_new(request: Asked) -> HttpResponse:
    """First the scheme and the procedure, then the terms with the steps they bring."""
    assert request.actor.organisation is not None
    territory = request.actor.organisation.territory
    pack = default_library().for_territory(territory)
    scheme, kind = request.GET.get("scheme", ""), request.GET.get("kind", "")
    if scheme not in pack.procedures or kind not in {each.value for each in Kind}:
        schemes = [(each, scheme_word(each)) for each in pack.procedures]
        choices = {"schemes": schemes, "kinds": kind_words().items()}
        return render(request, "officer/round_choose.html", choices)
    steps, decides = steps_here(pack.procedures[scheme], territory)
    today = timezone.localdate()
    form = TermsForm(
        request.POST or None,
        steps=steps,
        needs=needs_known(pack, scheme, Kind(kind), today),
        initial={"on": today},
    )
    if form.is_valid():
        try:
            opened = open_round(
                scheme=scheme, kind=Kind(kind), terms=form.terms(), by=request.actor
            )
        except RoundImpossible as error:
            form.add_error("on", str(error))
        else:
            messages.success(request, _("已发起；标准、步骤和标准包从现在起固定"))
            return redirect("round", opened.pk)
    context = {
        "form": form,
        "scheme": scheme,
        "kind": kind_words()[Kind(kind)],
        "steps": [say_text(each.label) for each in steps],
        "decides": decides,
    }
    status = INVALID if form.is_bound else 200
    return render(request, "officer/round_new.html", context, status=status)


@page(may=may_act_for_authority)
def round_one(request: Asked, pk: int) -> HttpResponse:
    return show_round(request, find_round(request, pk))


def show_round(
    request: Asked, opened: Round, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a round; ``more``: a form that was not accepted."""
    counts = states_of(opened)
    used = counts.get(RECOMMENDED, 0) + counts.get(CERTIFIED, 0)
    runs = may_run_round(request.actor, opened)
    context = {
        "opened": opened,
        "kind": kind_words()[Kind(opened.kind)],
        "stops": [shown_stop(e) for e in track_of_round(opened.lifecycle, counts)],
        "count": sum(counts.values()),
        "drafts": counts.get(DRAFT, 0),
        "used": used,
        "promises": [
            (say_text(each.label), promise)
            for each in opened.lifecycle.states.values()
            if (promise := promise_word(opened, each.id))
        ],
        "papers": [
            (label, say_text(NEED_LABELS[Need(need)]))
            for group, label in PAPERS.items()
            if (need := opened.papers.get(group))
        ],
        "runs": runs,
        "today": timezone.localdate(),
        "last_day_form": LastDayForm(
            opens_on=opened.opens_on, initial={"closes_on": opened.closes_on}
        ),
        "results_form": ResultsForm(),
        **more,
    }
    return render(request, "officer/round.html", context, status=status)


@page(may=may_work_for_authority)
@require_POST
def round_close(request: Asked, pk: int) -> HttpResponse:
    """Close it: nothing more is taken, drafts lapse."""
    count = close_round(opened=find_round(request, pk), by=request.actor)
    text = _("已截止；{count} 份没有提交的草稿已注明逾期")
    messages.success(request, text.format(count=count))
    return redirect("round", pk)


@page(may=may_work_for_authority)
@require_POST
def round_last_day(request: Asked, pk: int) -> HttpResponse:
    """Give another last day."""
    opened = find_round(request, pk)
    may_run_round(request.actor, opened).or_refuse()
    form = LastDayForm(request.POST, opens_on=opened.opens_on)
    if not form.is_valid():
        return show_round(request, opened, INVALID, last_day_form=form)
    day = form.cleaned_data["closes_on"]
    change_last_day(opened=opened, closes_on=day, by=request.actor)
    messages.success(request, _("截止日期已改，原来的日期留在记录里"))
    return redirect("round", pk)


def needs_known(
    pack: Pack, scheme: str, kind: Kind, on: datetime.date
) -> Mapping[str, Need]:
    """What the procedure's list says of documents for the standard of a day."""
    chosen = pack.schemes[scheme].which(kind, on)
    listed = pack.procedures[scheme].papers_of(chosen[0].id) if chosen else None
    return listed.needs if listed else {}


def find_round(request: Asked, pk: int) -> Round:
    """A round that the actor may see; refused elsewhere."""
    rows = Round.objects.select_related("organisation", "packs", "opened_by")
    opened = get_object_or_404(rows, pk=pk)
    may_see_round(request.actor, opened).or_refuse()
    return opened


def kind_words() -> dict[Kind, str]:
    """What the procedures are called."""
    return {
        Kind.NEW: _("新申报"),
        Kind.REVERIFICATION: _("复核"),
        Kind.CHANGE: _("变更"),
    }
