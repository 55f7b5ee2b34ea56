"""Read where enterprises stand."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Exists, OuterRef

from tidu.eligibility.models import Assessment, CurrentStanding
from tidu.eligibility.standings import Standings, standings_of
from tidu.registry.fact_values import facts_from
from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts
from tidu.rules.facts import Facts
from tidu.rules.library import Library, default_library
from tidu.rules.rulesets import Kind


def current_standings(
    enterprise: Enterprise, *, on: datetime.date, kind: Kind = Kind.NEW
) -> Standings:
    """All standings of an enterprise by the facts in force."""
    return standings_of(
        current_facts(enterprise), on=on, kind=kind, territory=enterprise.territory
    )


def stale_enterprises() -> models.QuerySet[Enterprise]:
    """Open enterprises whose facts or packs are newer than their standings."""
    library = default_library()
    packs = (library.national, *library.provinces.values())
    fresh = CurrentStanding.objects.filter(
        enterprise=OuterRef("pk"),
        made_at__gte=OuterRef("current__updated_at"),
        pack_digest__in=[pack.digest for pack in packs],
    )
    known = Enterprise.objects.filter(
        merged_into=None, closed_at=None, current__isnull=False
    )
    return known.exclude(Exists(fresh))


def stale_after(batch: ImportBatch) -> int:
    """How many firms of an import wait for their standings to be worked out again."""
    firms = stale_enterprises().filter(
        Exists(batch.filings.filter(enterprise=OuterRef("pk")))
    )
    return firms.count()


def frozen_facts(assessment: Assessment, library: Library | None = None) -> Facts:
    """The facts of a kept assessment; ``library``: packs kept from that day."""
    known = (library or default_library()).facts
    return facts_from(assessment.entries, known)
