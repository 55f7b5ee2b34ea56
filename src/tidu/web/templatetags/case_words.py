"""Words of cases in templates, and the counts of what waits for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from tidu.accounts.enums import OrganisationKind
from tidu.casework.lists import waiting_at
from tidu.casework.models import Case
from tidu.casework.wording import say_text
from tidu.rules.case_table import DRAFT, OBJECTION, REFUSED, RETURNED

register = template.Library()
register.filter("say", say_text)


@register.filter
def get(known: Mapping[str, Any], key: str) -> Any:
    """The value of a key that a template holds in a variable."""
    return known.get(key, "")


@register.inclusion_tag("cases/_waiting.html", takes_context=True)
def cases_waiting(context: dict[str, Any]) -> dict[str, Any]:
    """What of the cases waits for the reader: their own drafts, or their office's."""
    actor = context["actor"]
    if actor.kind is OrganisationKind.ENTERPRISE:
        rows = Case.objects.filter(enterprise__organisation=actor.organisation)
        states = rows.order_by().values_list("state", flat=True)
        asked = (DRAFT, RETURNED, REFUSED, OBJECTION)
        found = list(states.filter(state__in=asked))
        return {
            "own": True,
            "drafts": found.count(DRAFT),
            "returned": found.count(RETURNED),
            "refused": found.count(REFUSED),
            "objected": found.count(OBJECTION),
        }
    return {"own": False, "waiting": waiting_at(actor)}
