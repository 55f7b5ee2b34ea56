"""The other side of a service: a bank, a centre, an agency says whether it is so."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_provider
from tidu.casework.serving.enums import Party
from tidu.casework.serving.models import ServiceRequest
from tidu.casework.serving.queries import with_all
from tidu.rules.service_table import ANSWERED
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.service_page import Audience, find, show
from tidu.web.service_page import move as make_move
from tidu.web.service_words import told

AUDIENCE = Audience(
    Party.OTHER_SIDE, "confirm_one", "confirm_move", "to_confirm", lambda: _("结果确认")
)


@page(may=may_act_for_provider)
def to_confirm(request: Asked) -> HttpResponse:
    """Outcomes that name this organisation: those to confirm on top."""
    rows = ServiceRequest.objects.filter(other_side=request.actor.organisation)
    leaf = leaf_through(
        with_all(rows.exclude(result="").order_by("closed_at", "state_since")),
        request.GET,
    )
    context = {
        "leaf": leaf,
        "rows": [(told(each), each.state == ANSWERED) for each in leaf.items],
        "waiting": rows.filter(state=ANSWERED).count(),
    }
    return render(request, "adviser/to_confirm.html", context)


@page(may=may_act_for_provider)
def confirm_one(request: Asked, pk: int) -> HttpResponse:
    """One outcome."""
    return show(request, find(request, pk), AUDIENCE)


@page(may=may_act_for_provider)
@require_POST
def confirm_move(request: Asked, pk: int, event: str) -> HttpResponse:
    """Confirm it, or say what is wrong."""
    return make_move(request, find(request, pk), event, AUDIENCE)
