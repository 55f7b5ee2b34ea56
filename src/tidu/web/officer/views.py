"""Pages for an authority's people: its own territory only."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tidu.accounts.permissions import may_act_for_authority
from tidu.registry.queries import enterprises_of
from tidu.registry.searching import matching
from tidu.web.enterprise.firm import firm_of_territory
from tidu.web.enterprise.ladder import ladder_context
from tidu.web.pages import Asked, page

PER_PAGE = 50


@page(may=may_act_for_authority)
def registry(request: Asked) -> HttpResponse:
    typed = request.GET.get("q", "")
    found = matching(enterprises_of(request.actor), typed)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "officer/registry.html", {"typed": typed, "page": shown})


@page(may=may_act_for_authority)
def enterprise(request: Asked, pk: int) -> HttpResponse:
    context = ladder_context(firm_of_territory(request, pk))
    return render(request, "enterprise/ladder.html", context)
