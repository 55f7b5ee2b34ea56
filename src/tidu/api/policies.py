"""What can be asked without a token: schemes, and assessing facts that are sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router

from tidu.api.problems import ProblemDetail, Unacceptable
from tidu.api.readings import read_facts
from tidu.api.schemas import AssessmentOut, FactsIn, SchemeOut
from tidu.eligibility.standings import Standings, standings_of
from tidu.rules.library import default_library
from tidu.rules.records import standing_record
from tidu.rules.rulesets import Kind

router = Router(tags=["policies"])


def wants_english() -> bool:
    """Whether the Accept-Language of the call asks for English."""
    return (get_language() or "").startswith("en")


def assessment_of(
    found: Standings, warnings: list[str], *, english: bool
) -> dict[str, Any]:
    """Standings as ``AssessmentOut``."""
    return {
        "on": found.on,
        "kind": found.kind.value,
        "pack": found.pack.digest,
        "schemes": {
            each: standing_record(standing, english=english)
            for each, standing in found.schemes.items()
        },
        "warnings": warnings,
    }


@router.get("/schemes", response={200: list[SchemeOut], 422: ProblemDetail})
def schemes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every scheme with its editions, by tier."""
    english = wants_english()
    return [
        {
            "id": each.id,
            "label": each.label.say(english=english),
            "tier": each.tier,
            "rule_sets": [rule_set.name for rule_set in each.rule_sets],
        }
        for each in default_library().national.schemes.values()
    ]


@router.post("/assess", response={200: AssessmentOut, 422: ProblemDetail})
def assess(request: HttpRequest, payload: FactsIn) -> dict[str, Any]:
    """Assess the facts of one enterprise. Nothing is stored."""
    english = wants_english()
    known = default_library().national.schemes
    strangers = [each for each in payload.schemes if each not in known]
    if strangers:
        text = _("没有这项认定；可以写：{known}").format(known="、".join(known))
        raise Unacceptable(text, errors=dict.fromkeys(strangers, text))
    on = payload.on or timezone.localdate()
    facts, warnings = read_facts(payload.facts, on=on, english=english)
    territory = payload.territory or str(facts.get("territory") or "")
    found = standings_of(
        facts,
        on=on,
        kind=Kind(payload.kind),
        territory=territory,
        schemes=payload.schemes,
    )
    return assessment_of(found, warnings, english=english)
