"""Pages for everybody: what this is, checking a firm, reading the rules."""

from __future__ import annotations

import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tidu.accounts.permissions import anybody
from tidu.rules.library import default_library
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page


@page(may=anybody)
def home(request: Asked) -> HttpResponse:
    return render(request, "public/home.html")


@page(may=anybody)
def self_check(request: Asked) -> HttpResponse:
    return render(request, "public/self_check.html")


@page(may=anybody)
def policies(request: Asked) -> HttpResponse:
    pack = default_library().national
    english = speaks_english()
    today: datetime.date = timezone.localdate()
    schemes = [
        {"id": each.id, "label": each.label.say(english=english), "tier": each.tier}
        for each in pack.schemes.values()
    ]
    return render(request, "public/policies.html", {"schemes": schemes, "today": today})
