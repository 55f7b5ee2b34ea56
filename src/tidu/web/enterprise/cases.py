"""Applications of an enterprise: rounds it may apply in, its cases, a new one."""

from __future__ import annotations

import dataclasses

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.casework.actions import start_case
from tidu.casework.exclusions import exclusions_of
from tidu.casework.models import Case, Round
from tidu.casework.moving import CaseMoved
from tidu.casework.permissions import may_apply_for
from tidu.casework.queries import cases_of, rounds_for
from tidu.rules.case_table import LAPSED, WITHDRAWN
from tidu.web.case_words import Tables, Told, told
from tidu.web.downloads import FORMS, download
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A round that takes applications: days left, and the enterprise's case in it.

    ``why_not``: what keeps the enterprise from applying, empty where nothing does.
    """

    round: Round
    days: int
    case: Case | None
    why_not: str


def cases(request: Asked, firm: Firm) -> HttpResponseBase:
    """Open rounds on top, then what was applied for."""
    today = timezone.localdate()
    found = list(cases_of(firm.enterprise).select_related("round", "office"))
    alive = {
        each.round_id: each for each in found if each.state not in {WITHDRAWN, LAPSED}
    }
    rounds = rounds_for(firm.enterprise, today)
    fresh = [each for each in rounds if each.pk not in alive]
    excluded = exclusions_of(firm.enterprise, fresh, today)
    offers = [
        Offer(
            each,
            (each.closes_on - today).days,
            alive.get(each.pk),
            str(excluded[each.pk].reason) if each.pk in excluded else "",
        )
        for each in rounds
    ]
    tables = Tables()
    rows = [told(each, tables) for each in found]
    if (form := request.GET.get("download")) in FORMS:
        return _file(form, rows)
    context = {
        "firm": firm,
        "tab": "cases",
        "offers": offers,
        "cases": rows,
        "may": may_apply_for(request.actor, firm.enterprise),
    }
    return render(request, "enterprise/cases.html", context)


def _file(form: str, rows: list[Told]) -> HttpResponseBase:
    columns = [
        *(_("批次"), _("受理编号"), _("状态"), _("轮到谁")),
        *(_("已等（天）"), _("接下来")),
    ]
    lines = (
        [
            *(each.case.round.title, each.case.number or "", each.state.word),
            *(each.turn, each.days, each.following),
        ]
        for each in rows
    )
    return download(form, _("认定申报"), columns, lines)


@require_POST
def start(request: Asked, firm: Firm, opened: int) -> HttpResponse:
    """Begin a draft in a round."""
    chosen = get_object_or_404(Round.objects.select_related("organisation"), pk=opened)
    try:
        case = start_case(opened=chosen, enterprise=firm.enterprise, by=request.actor)
    except CaseMoved as error:
        messages.warning(request, str(error))
        return redirect("cases")
    messages.success(request, _("已建好草稿，库里已有的数据不用再填"))
    return redirect("case", case.pk)
