"""Pages for everybody: what this is, checking a firm, reading the rules."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from tidu.accounts.permissions import anybody
from tidu.web.pages import Asked, page


@page(may=anybody)
def home(request: Asked) -> HttpResponse:
    return render(request, "public/home.html")
