"""Draws as everybody may read them: promised before, shown after, counted, no names.

Of a draw of experts the lists stay with the office and its auditors, for they name
experts and pair them with firms; everybody reads their digest. Of a draw of
inspections everybody reads the list, which holds numbers of cases and places alone.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils import timezone

from tidu.casework.draw import seed_of
from tidu.casework.inspection_models import InspectionDraw
from tidu.casework.models import Round
from tidu.casework.review_models import DrawKind, ReviewDraw
from tidu.rules.procedures import Step


@dataclasses.dataclass(frozen=True, slots=True)
class ExpertDraw:
    """A draw of experts. ``secret`` and ``seed`` are empty until it is held.

    ``thirds``, ``replacements``: later experts, whose seeds follow from this one's.
    """

    draw: ReviewDraw
    step: Step
    office: str
    secret: str
    seed: str
    sheets: int
    thirds: int
    replacements: int


@dataclasses.dataclass(frozen=True, slots=True)
class SiteDraw:
    """A draw of inspections. ``places``: in how many counties its cases lie."""

    draw: InspectionDraw
    step: Step
    office: str
    secret: str
    seed: str
    cases: int
    places: int


def drawn_in(field: str) -> models.Q:
    """Whether something was announced in the round that a query's ``field`` names."""
    experts = ReviewDraw.objects.filter(plan__round=models.OuterRef(field))
    sites = InspectionDraw.objects.filter(round=models.OuterRef(field))
    return models.Q(models.Exists(experts)) | models.Q(models.Exists(sites))


def public_rounds() -> models.QuerySet[Round]:
    """Rounds that have begun; those prepared for later are nobody's yet."""
    begun = Round.objects.filter(opens_on__lte=timezone.localdate())
    return begun.select_related("organisation")


def rounds_with_draws() -> models.QuerySet[Round]:
    """Those in which something was announced, the newest on top."""
    return public_rounds().filter(drawn_in("pk")).order_by("-opens_on", "-pk")


def expert_draws(opened: Round) -> list[ExpertDraw]:
    """Those that were announced, dropped ones included; the lists are not read."""
    draws = list(
        ReviewDraw.objects.filter(plan__round=opened, kind=DrawKind.FIRST)
        .select_related("plan__office")
        .defer("inputs")
        .annotate(sheets=Count("reviews"))
        .order_by("-pk")
    )
    later = {
        (parent, kind): count
        for parent, kind, count in ReviewDraw.objects.filter(parent__in=draws)
        .order_by()
        .values_list("parent", "kind")
        .annotate(count=Count("pk"))
    }
    steps = {each.id: each for each in opened.step_list}
    return [
        ExpertDraw(
            draw=each,
            step=steps[each.plan.step],
            office=each.plan.office.name,
            secret=each.secret if each.held_at else "",
            seed=each.seed if each.held_at else "",
            sheets=each.sheets,
            thirds=later.get((each.pk, DrawKind.THIRD.value), 0),
            replacements=later.get((each.pk, DrawKind.REPLACEMENT.value), 0),
        )
        for each in draws
        if each.plan.step in steps
    ]


def site_draws(opened: Round) -> list[SiteDraw]:
    """Draws of inspections that were announced, dropped ones included."""
    draws = opened.inspection_draws.select_related("office").order_by("-pk")
    steps = {each.id: each for each in opened.step_list}
    return [
        SiteDraw(
            draw=each,
            step=steps[each.step],
            office=each.office.name,
            secret=each.secret if each.held_at else "",
            seed=seed_of(each.secret, each.public) if each.held_at else "",
            cases=len(each.cases),
            places=len({place for _number, place in each.cases}),
        )
        for each in draws
        if each.step in steps
    ]


def list_of(draw: InspectionDraw) -> str:
    """The frozen list as it was digested: lines ``place,number``, none at the end."""
    return "\n".join(sorted(f"{place},{number}" for number, place in draw.cases))


def published(draw: InspectionDraw) -> dict[str, Any]:
    """All that repeats a draw of inspections; the secret only once it is held."""
    held = draw.held_at is not None
    return {
        "cases": draw.cases,
        "list_sha256": draw.list_digest,
        "rule": draw.rule,
        "commitment": draw.commitment,
        "secret": draw.secret if held else "",
        "public": draw.public,
        "seed": seed_of(draw.secret, draw.public) if held else "",
        "drawn": draw.drawn,
    }
