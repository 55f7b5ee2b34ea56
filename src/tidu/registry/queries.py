"""Read the registry: which enterprises an actor sees."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tidu.accounts.actors import Actor
from tidu.registry.enums import FilingSource
from tidu.registry.fact_values import facts_from
from tidu.registry.models import Enterprise, Filing
from tidu.rules.facts import Facts
from tidu.rules.library import default_library

_DIGITS = 6


def scope_filter(scope: str, field: str = "territory") -> Q:
    """The codes that begin with a scope, as a range, so that an index serves it."""
    if not scope:
        return Q()
    low, high = scope.ljust(_DIGITS, "0"), scope.ljust(_DIGITS, "9")
    return Q(**{f"{field}__gte": low, f"{field}__lte": high})


def in_scope(
    enterprises: models.QuerySet[Enterprise], scope: str
) -> models.QuerySet[Enterprise]:
    """Those of the enterprises that are in a territory; all for the empty scope."""
    return enterprises.filter(scope_filter(scope))


def enterprises_of(actor: Actor) -> models.QuerySet[Enterprise]:
    """The enterprises an actor may see: an authority's territory, or their own firm.

    Duplicates that were merged into another are left out.
    """
    known = Enterprise.objects.filter(merged_into=None)
    scope = actor.scope
    if scope is not None:
        return in_scope(known, scope)
    if actor.organisation is None:
        return known.none()
    return known.filter(organisation=actor.organisation)


def figures_filed() -> models.QuerySet[Filing]:
    """Filings of figures, without those that only follow a list of titles."""
    of_titles = Q(source=FilingSource.OFFICIAL, batch=None)
    return Filing.objects.exclude(of_titles)


def current_facts(enterprise: Enterprise) -> Facts:
    """The facts in force, with what the registry itself knows: name, code, place."""
    facts = facts_from(enterprise.current.entries, default_library().facts)
    known = {"name": enterprise.name, "territory": enterprise.territory}
    if enterprise.uscc:
        known["uscc"] = enterprise.uscc
    return facts.changed(known)
