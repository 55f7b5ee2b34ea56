"""All figures of an enterprise with where they come from; the history of one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tidu.registry.evidence import evidence_of
from tidu.registry.ledger import figures_of, history_of
from tidu.rules.facts import split_key
from tidu.rules.naming import name_key
from tidu.web.context import speaks_english
from tidu.web.enterprise.figures import pack_of, sections, shown
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked


def facts(request: Asked, firm: Firm) -> HttpResponse:
    """Every group of the dictionary; years as columns, conflicts side by side."""
    figures = figures_of(firm.enterprise)
    evidence = {each.pk: each for each in evidence_of(firm.enterprise)}
    found = sections(
        firm.enterprise,
        figures,
        evidence,
        timezone.localdate(),
        english=speaks_english(),
    )
    context = {
        "firm": firm,
        "tab": "facts",
        "sections": found,
        "known": sum(each.known for each in found),
        "count": sum(each.count for each in found),
        "conflicts": sum(each.conflicts for each in found),
        "open": request.GET.get("group", "economy"),
    }
    return render(request, "enterprise/facts.html", context)


def history(request: Asked, firm: Firm, key: str) -> HttpResponse:
    """Everything filed of one figure, the newest first, and which one is in force."""
    english = speaks_english()
    pack = pack_of(firm.enterprise)
    try:
        fact_id, _year = split_key(key)
        fact = pack.facts[fact_id]
    except (KeyError, ValueError) as error:
        raise Http404 from error
    evidence = {each.pk: each for each in evidence_of(firm.enterprise)}
    found, statements = history_of(firm.enterprise, key)
    rows = [
        {
            "statement": each,
            "shown": shown(each.filed, fact, evidence, pack, english=english),
        }
        for each in statements
    ]
    context = {
        "firm": firm,
        "tab": "facts",
        "fact": fact,
        "label": name_key(key, pack.words, english=english),
        "key": key,
        "found": found,
        "rows": rows,
    }
    return render(request, "enterprise/history.html", context)
