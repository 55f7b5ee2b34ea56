"""Read the registry: which enterprises an actor sees."""

from __future__ import annotations

from django.db import models

from tidu.accounts.actors import Actor
from tidu.registry.models import Enterprise


def enterprises_of(actor: Actor) -> models.QuerySet[Enterprise]:
    """The enterprises an actor may see: an authority's territory, or their own firm.

    Duplicates that were merged into another are left out.
    """
    known = Enterprise.objects.filter(merged_into=None)
    scope = actor.scope
    if scope is not None:
        return known.filter(territory__startswith=scope) if scope else known
    if actor.organisation is None:
        return known.none()
    return known.filter(organisation=actor.organisation)
