"""Writes of assessments: freeze one, replay it, keep the lists up to date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

import tidu
from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.eligibility.models import Assessment, CurrentStanding
from tidu.eligibility.queries import frozen_facts
from tidu.eligibility.standings import Standings, standings_of
from tidu.registry import permissions
from tidu.registry.fact_values import to_json
from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts
from tidu.rules.assess import Standing
from tidu.rules.facts import Facts
from tidu.rules.library import Library
from tidu.rules.outcomes import UNKNOWN, UNMET
from tidu.rules.records import standing_record
from tidu.rules.rulesets import Kind
from tidu.rules.scope import Interval


@transaction.atomic
def assess_enterprise(
    *,
    enterprise: Enterprise,
    on: datetime.date,
    kind: Kind,
    by: Actor,
    library: Library | None = None,
) -> Assessment:
    """Assess by the facts in force, and freeze what it rests on.

    ``library``: packs kept from another day, in place of the installation's.
    """
    permissions.may_see_enterprise(by, enterprise).or_refuse()
    facts = current_facts(enterprise)
    found = standings_of(
        facts, on=on, kind=kind, territory=enterprise.territory, library=library
    )
    assessment = Assessment.objects.create(
        enterprise=enterprise,
        on=on,
        kind=kind,
        territory=enterprise.territory,
        entries=_frozen(facts),
        pack_id=found.pack.id,
        pack_digest=found.pack.digest,
        program_version=tidu.__version__,
        result=_result(found),
        made_by=by.name,
    )
    record(
        action="eligibility.assessed",
        by=by,
        about=enterprise,
        territory=enterprise.territory,
        data={"assessment": assessment.pk, "pack": found.pack.digest},
    )
    return assessment


def replay(assessment: Assessment, library: Library | None = None) -> dict[str, Any]:
    """Assess the frozen facts again with today's packs, or kept ones, and program.

    Equal to ``assessment.result`` to the letter while the pack digest is the same.
    """
    return _result(
        standings_of(
            frozen_facts(assessment, library),
            on=assessment.on,
            kind=Kind(assessment.kind),
            territory=assessment.territory,
            library=library,
        )
    )


def refresh_standings(enterprises: Iterable[Enterprise], *, on: datetime.date) -> int:
    """Work out the current standings of enterprises again; how many firms."""
    count = 0
    now = timezone.now()
    rows: list[CurrentStanding] = []
    for enterprise in enterprises:
        found = standings_of(
            current_facts(enterprise), on=on, territory=enterprise.territory
        )
        rows += [
            _current(enterprise, each, found.pack.digest, now)
            for each in found.schemes.values()
        ]
        count += 1
    fields = [
        field.name
        for field in CurrentStanding._meta.concrete_fields  # noqa: SLF001 - documented API
        if field.name not in {"id", "enterprise", "scheme"}
    ]
    CurrentStanding.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["enterprise", "scheme"],
        update_fields=fields,
    )
    return count


def _frozen(facts: Facts) -> dict[str, dict[str, Any]]:
    frozen: dict[str, dict[str, Any]] = {}
    for key, value in facts.items():
        frozen[key] = {"value": to_json(value)}
        if key in facts.sources:
            frozen[key]["place"] = facts.sources[key]
    return frozen


def _result(found: Standings) -> dict[str, Any]:
    return {each: standing_record(it) for each, it in found.schemes.items()}


def _current(
    enterprise: Enterprise, standing: Standing, digest: str, now: datetime.datetime
) -> CurrentStanding:
    low, high = _ends(standing.score)
    gates = [f for f in standing.findings if not f.part_of and f.points is None]
    failing = [f.id for f in gates if f.outcome is UNMET]
    waiting = [f for f in gates if f.outcome is UNKNOWN]
    missing = dict.fromkeys(key for f in waiting for key in f.missing)
    return CurrentStanding(
        enterprise=enterprise,
        scheme=standing.scheme,
        outcome=standing.outcome.value,
        value=standing.value_name or "",
        score_low=low,
        score_high=high,
        failing=failing,
        failing_count=len(failing),
        open=[f.id for f in waiting],
        missing=list(missing),
        on=standing.on,
        pack_digest=digest,
        made_at=now,
    )


def _ends(score: Decimal | Interval | None) -> tuple[Decimal | None, Decimal | None]:
    if isinstance(score, Interval):
        return score[0], score[1]
    return score, score
