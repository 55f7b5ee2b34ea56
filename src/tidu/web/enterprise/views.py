"""Pages for an enterprise's own people."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tidu.accounts.permissions import may_act_for_enterprise
from tidu.eligibility.queries import current_standings
from tidu.registry.models import Enterprise
from tidu.rules.ladder import RUNGS, next_scheme
from tidu.web.context import speaks_english
from tidu.web.findings import scheme_card
from tidu.web.pages import Asked, page


@page(may=may_act_for_enterprise)
def ladder(request: Asked) -> HttpResponse:
    enterprise = Enterprise.objects.select_related("current").get(
        organisation=request.actor.organisation
    )
    return render(request, "enterprise/ladder.html", ladder_context(enterprise))


def ladder_context(enterprise: Enterprise) -> dict[str, object]:
    """What the ladder page shows of one enterprise today."""
    english = speaks_english()
    found = current_standings(enterprise, on=timezone.localdate())
    cards = {
        each: scheme_card(found.pack, standing, english=english)
        for each, standing in found.schemes.items()
    }
    rungs = [[cards[scheme] for scheme in schemes] for schemes in RUNGS]
    following = next_scheme(found.pack, found.prepared, found.schemes)
    return {
        "enterprise": enterprise,
        "rungs": rungs,
        "following": cards[following] if following else None,
        "others": [card for each, card in cards.items() if each != following],
        "on": found.on,
    }
