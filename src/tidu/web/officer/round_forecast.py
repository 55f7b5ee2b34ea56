"""What was forecast when a round of re-verification was opened, beside what came."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.casework.forecasting import (
    ABSENT,
    ENDS,
    FAILED,
    PASSED,
    RUNNING,
    Compared,
    compared,
    counted,
    differing,
    forecasts_in,
)
from tidu.casework.title_models import RoundForecast
from tidu.rules.outcomes import Outcome
from tidu.web.case_words import state_mark
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS
from tidu.web.findings import OutcomeMark, mark
from tidu.web.officer.exports import TakenOut, exported, firm_cells, firm_heads
from tidu.web.officer.rounds import find_round
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through

_SLICE = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A holder: forecast, and what really came, in words."""

    compared: Compared
    forecast: OutcomeMark | None
    decided: OutcomeMark | None


@page(may=may_act_for_authority)
def round_forecast(request: Asked, pk: int) -> HttpResponseBase:
    """Counts of each forecast by its end, and holder by holder."""
    opened = find_round(request, pk)
    every = forecasts_in(opened, request.actor)
    only = request.GET.get("only", "") == "differing"
    found = differing(every) if only else every
    if (form := request.GET.get("download")) in FORMS:
        taken = TakenOut(_("预测和结果对照"), _heads(), _lines(found), found.count())
        what, filters = "round_forecast", f"round={pk}"
        return exported(request, str(form), taken, what=what, filters=filters)
    counts = counted(every)
    leaf = leaf_through(found, request.GET)
    context = {
        "opened": opened,
        "leaf": leaf,
        "rows": [_row(each) for each in compared(leaf.items)],
        "ends": [end_words()[each] for each in ENDS],
        "table": [
            (
                _shown(said),
                [(end_words()[end], counts[said, end]) for end in ENDS],
                _sum(counts, said),
            )
            for said in sorted({said for said, _end in counts})
        ],
        "count": sum(counts.values()),
        "differing": sum(counts[each] for each in (("met", FAILED), ("unmet", PASSED))),
        "only": only,
        "made_on": every.values_list("made_on", flat=True).first(),
    }
    return render(request, "officer/round_forecast.html", context)


def end_words() -> dict[str, str]:
    """How it ended, in words."""
    return {
        PASSED: _("通过"),
        FAILED: _("未通过"),
        RUNNING: _("还在办"),
        ABSENT: _("没有申报"),
    }


def _heads() -> list[str]:
    return [
        *firm_heads(),
        *(_("有效期至"), _("当时的预测"), _("预测日期"), _("标准")),
        *(_("结果"), _("案卷状态"), _("与预测相反")),
    ]


def _lines(found: models.QuerySet[RoundForecast]) -> Iterator[list[Any]]:
    words = end_words()
    total = found.count()
    for at in range(0, total, _SLICE):
        for each in compared(list(found[at : at + _SLICE])):
            row, kept = _row(each), each.forecast
            yield [
                *firm_cells(kept.enterprise),
                kept.title.valid_until,
                row.forecast.word if row.forecast else _("没有预测"),
                *(kept.made_on, kept.rule_set, words[each.end]),
                row.decided.word if row.decided else "",
                each.differs,
            ]


def _row(each: Compared) -> Row:
    case = each.case
    state = case.lifecycle.states[case.state] if case else None
    return Row(
        each, _shown(each.forecast.outcome), state_mark(state) if state else None
    )


def _shown(value: str) -> OutcomeMark | None:
    return mark(Outcome(value), english=speaks_english()) if value else None


def _sum(counts: dict[tuple[str, str], int], said: str) -> int:
    return sum(counts[said, end] for end in ENDS)
