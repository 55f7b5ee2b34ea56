"""The first page: what each reader can do here, and where to start."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from tidu.accounts.permissions import anybody, may_act_for_enterprise
from tidu.rules.library import default_library
from tidu.rules.outcomes import Outcome
from tidu.web.context import speaks_english
from tidu.web.findings import mark
from tidu.web.menu import menu_for
from tidu.web.pages import Asked, page

_PUBLIC_ENTRIES = 2  # of the menu: self-check and policies


@page(may=anybody)
def home(request: Asked) -> HttpResponse:
    pack = default_library().national
    english = speaks_english()
    context = {
        "schemes": len(pack.schemes),
        "editions": len(pack.rule_sets()),
        "checked": pack.review.checked,
        "outcomes": [mark(each, english=english) for each in Outcome],
        "for_enterprise": bool(may_act_for_enterprise(request.actor)),
        "work": menu_for(request, request.actor)[_PUBLIC_ENTRIES:],
    }
    return render(request, "public/home.html", context)
