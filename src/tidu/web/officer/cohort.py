"""Which applications of a round hang together: as a chart, as a table, as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.cohorts import Cohort, cohorts_of
from tidu.casework.signal_lists import last_screening
from tidu.registry.actions import record_export
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.officer.cohort_chart import DRAWN, cohort_chart, rows_of
from tidu.web.officer.round_signals import find_round, kind_words
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_of
from tidu.web.wording import place_word

_WIDTHS = (8, 24, 44, 22, 34, 20)


@page(may=may_act_for_authority)
def round_cohort(request: Asked, pk: int) -> HttpResponse:
    opened = find_round(request, pk)
    run = last_screening(opened)
    kind = _kind(request)
    cohorts = _of_kind(cohorts_of(run, request.actor), kind)
    context = {
        "opened": opened,
        "run": run,
        "leaf": leaf_of(cohorts, request.GET),
        "chart": cohort_chart(cohorts) if cohorts else None,
        "rows": rows_of(cohorts),
        "left": max(len(cohorts) - DRAWN, 0),
        "kinds": kind_words(),
        "kind": kind,
        "english": speaks_english(),
        "tab": "cohort",
    }
    return render(request, "officer/round_cohort.html", context)


@page(may=may_act_for_authority)
def cohort_export(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """Each case of each cohort with what it shares, a row for each of both."""
    if form not in FORMS:
        raise Http404
    opened = find_round(request, pk)
    found = _of_kind(cohorts_of(last_screening(opened), request.actor), _kind(request))
    record_export(
        what="cohorts",
        filters=f"round={pk}&{request.GET.urlencode()}"[:500],
        count=len(found),
        form=form,
        by=request.actor,
    )
    columns = [
        *(_("组"), _("线索"), _("共用的"), _("受理编号"), _("企业名称"), _("区划"))
    ]
    return download(form, _("连在一起的申报"), columns, _lines(found), _WIDTHS)


def _kind(request: Asked) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in kind_words() else ""


def _of_kind(cohorts: Sequence[Cohort], kind: str) -> list[Cohort]:
    return [
        each
        for each in cohorts
        if not kind or any(thing.kind == kind for thing in each.things)
    ]


def _lines(cohorts: Sequence[Cohort]) -> Iterator[list[Any]]:
    words = kind_words()
    for cohort in cohorts:
        cases = {each.pk: each for each in cohort.cases}
        for thing in cohort.things:
            for case in (cases[pk] for pk in thing.cases):
                yield [
                    cohort.number,
                    words[thing.kind],
                    thing.label,
                    case.number,
                    case.enterprise.name,
                    place_word(case.enterprise.territory),
                ]
