"""The registry for programs: the same queries and actions as the pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from tidu.accounts.enums import Scope
from tidu.api.policies import assessment_of, wants_english
from tidu.api.problems import ProblemDetail
from tidu.api.readings import read_facts
from tidu.api.schemas import (
    AssessIn,
    AssessmentOut,
    CurrentFactsOut,
    EnterpriseOut,
    EnterpriseQuery,
    EnterprisesOut,
    FilingIn,
    FilingOut,
    KindName,
)
from tidu.api.security import ByToken, Caller, once
from tidu.eligibility.actions import assess_enterprise
from tidu.eligibility.queries import current_standings
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.fact_values import to_json
from tidu.registry.models import Enterprise
from tidu.registry.queries import enterprises_of
from tidu.registry.searching import matching
from tidu.rules.rulesets import Kind

router = Router(tags=["enterprises"])
PROBLEMS = dict.fromkeys((401, 403, 404, 409, 422), ProblemDetail)


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def _enterprise(request: HttpRequest, pk: int) -> Enterprise:
    """One the caller may see; others are not there."""
    seen = enterprises_of(_caller(request).actor).select_related("current")
    return get_object_or_404(seen, pk=pk)


@router.get("", response={200: EnterprisesOut, **PROBLEMS}, auth=ByToken(Scope.READ))
def enterprises(
    request: HttpRequest,
    asked: Query[EnterpriseQuery],
) -> dict[str, Any]:
    """Enterprises the caller may see, by search words and territory prefix."""
    found = matching(enterprises_of(_caller(request).actor), asked.q)
    if asked.territory:
        found = found.filter(territory__startswith=asked.territory)
    start = (asked.page - 1) * asked.size
    count = found.count()
    following = None
    if start + asked.size < count:
        query = request.GET.copy()
        query["page"] = str(asked.page + 1)
        following = f"{request.path}?{query.urlencode()}"
    items = list(found[start : start + asked.size])
    return {"count": count, "next": following, "items": items}


@router.get(
    "/{pk}", response={200: EnterpriseOut, **PROBLEMS}, auth=ByToken(Scope.READ)
)
def enterprise(request: HttpRequest, pk: int) -> Enterprise:
    """One enterprise."""
    return _enterprise(request, pk)


@router.get(
    "/{pk}/facts", response={200: CurrentFactsOut, **PROBLEMS}, auth=ByToken(Scope.READ)
)
def facts(request: HttpRequest, pk: int) -> dict[str, Any]:
    """What is in force of an enterprise, with where each figure stands."""
    current = _enterprise(request, pk).current
    return {"updated_at": current.updated_at, "facts": current.entries}


@router.post(
    "/{pk}/filings", response={200: FilingOut, **PROBLEMS}, auth=ByToken(Scope.FILE)
)
def file(request: HttpRequest, pk: int, payload: FilingIn) -> dict[str, Any]:
    """File figures; a null withdraws one. ``Idempotency-Key`` makes it repeatable."""
    caller = _caller(request)
    found = _enterprise(request, pk)

    def work() -> dict[str, Any]:
        stated = {k: v for k, v in payload.facts.items() if v is not None}
        entries: dict[str, dict[str, Any]] = {
            key: {"value": None} for key, v in payload.facts.items() if v is None
        }
        warnings: list[str] = []
        if stated:
            read, warnings = read_facts(
                stated, on=timezone.localdate(), english=wants_english()
            )
            place = payload.place or caller.token.name
            entries |= {
                key: {"value": to_json(value), "place": place}
                for key, value in read.items()
            }
        authority = caller.actor.scope is not None
        filing = file_facts(
            enterprise=found,
            entries=entries,
            source=FilingSource.CORRECTION if authority else FilingSource.ENTERPRISE,
            by=caller.actor,
            reason=payload.reason,
        )
        return {"id": filing.pk, "keys": sorted(entries), "warnings": warnings}

    return once(request, caller, work)


@router.get(
    "/{pk}/standings",
    response={200: AssessmentOut, **PROBLEMS},
    auth=ByToken(Scope.READ),
)
def standings(
    request: HttpRequest,
    pk: int,
    on: datetime.date | None = None,
    kind: KindName = "new",
) -> dict[str, Any]:
    """Where an enterprise stands by the facts in force. Nothing is stored."""
    found = current_standings(
        _enterprise(request, pk), on=on or timezone.localdate(), kind=Kind(kind)
    )
    return assessment_of(found, [], english=wants_english())


@router.post(
    "/{pk}/assessments",
    response={200: AssessmentOut, **PROBLEMS},
    auth=ByToken(Scope.ASSESS),
)
def assess(request: HttpRequest, pk: int, payload: AssessIn) -> dict[str, Any]:
    """Assess by the facts in force and keep the assessment, to be replayed."""
    caller = _caller(request)
    found = _enterprise(request, pk)

    def work() -> dict[str, Any]:
        kept = assess_enterprise(
            enterprise=found,
            on=payload.on or timezone.localdate(),
            kind=Kind(payload.kind),
            by=caller.actor,
        )
        return {
            "on": kept.on.isoformat(),
            "kind": kept.kind,
            "pack": kept.pack_digest,
            "schemes": kept.result,
            "warnings": [],
        }

    return once(request, caller, work)
