"""The policy library: schemes, editions, what changed, documents restated."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tidu.accounts.permissions import anybody
from tidu.rules.documents import default_documents
from tidu.rules.library import default_library
from tidu.web.context import speaks_english
from tidu.web.pages import Asked, page


@page(may=anybody)
def policies(request: Asked) -> HttpResponse:
    pack = default_library().national
    english = speaks_english()
    schemes = [
        {"id": each.id, "label": each.label.say(english=english), "tier": each.tier}
        for each in pack.schemes.values()
    ]
    today = timezone.localdate()
    return render(request, "public/policies.html", {"schemes": schemes, "today": today})


@page(may=anybody)
def document(request: Asked, document: str) -> HttpResponse:
    found = default_documents().get(document)
    if found is None:
        raise Http404
    return render(request, "public/document.html", {"document": found})
