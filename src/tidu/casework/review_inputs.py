"""What a draw of experts is held on: cases, experts and conflicts, as JSON."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from tidu.casework.conflicts import Conflicts
from tidu.casework.experts import conflicts_between, experts_of, field_of
from tidu.casework.models import Case
from tidu.casework.review_models import Expert, Review, ReviewPlan
from tidu.planning.assignment import assign
from tidu.planning.reviewing import Assignment, ReviewCase, Reviewer


@dataclasses.dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides a draw besides its seed. ``conflicts``: number and key."""

    cases: tuple[ReviewCase, ...]
    reviewers: tuple[Reviewer, ...]
    conflicts: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """In one order, whatever the order they came in."""
        return {
            "cases": [
                [e.id, e.field, e.reviews, list(e.earlier)]
                for e in sorted(self.cases, key=lambda e: e.id)
            ],
            "reviewers": [
                [e.id, e.organisation, sorted(e.fields), e.limit, e.load]
                for e in sorted(self.reviewers, key=lambda e: e.id)
            ],
            "conflicts": [list(e) for e in sorted(self.conflicts)],
        }

    def counts(self) -> dict[str, int]:
        """How many of each; of what a draw was held on, all that everybody may read."""
        return {
            "cases": len(self.cases),
            "experts": len(self.reviewers),
            "conflicts": len(self.conflicts),
        }

    def draw(self, seed: str) -> Assignment:
        """The assignment by a seed. Raises as ``planning.assignment.assign``."""
        return assign(self.cases, self.reviewers, conflicts=self.conflicts, seed=seed)


def inputs_from(kept: dict[str, Any]) -> Inputs:
    """What ``Inputs.as_json`` wrote."""
    return Inputs(
        tuple(ReviewCase(i, f, n, tuple(e)) for i, f, n, e in kept["cases"]),
        tuple(
            Reviewer(i, o, frozenset(f), limit, load)
            for i, o, f, limit, load in kept["reviewers"]
        ),
        tuple((case, expert) for case, expert in kept["conflicts"]),
    )


def digest_of_inputs(kept: dict[str, Any]) -> str:
    """SHA-256 of the JSON with sorted keys and without blanks."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def live_reviews(plan: ReviewPlan) -> models.QuerySet[Review]:
    """The sheets of a plan's cases that were not released."""
    return Review.objects.filter(
        draw__plan=plan, step=plan.step, released_at=None
    ).select_related("expert", "case")


def cases_in_step(plan: ReviewPlan) -> models.QuerySet[Case]:
    """The cases that wait in the plan's step at its office."""
    return Case.objects.filter(
        round=plan.round, state=plan.step, office=plan.office
    ).select_related("enterprise", "assessment")


def waiting_cases(plan: ReviewPlan) -> list[Case]:
    """Those of them for which nobody was drawn yet."""
    drawn = live_reviews(plan).values("case_id")
    return list(cases_in_step(plan).exclude(pk__in=drawn).order_by("number"))


def gather(
    plan: ReviewPlan, cases: Sequence[Case], *, reviews: int = 2
) -> tuple[Inputs, Conflicts]:
    """The inputs of a draw as things stand now, with what was found of conflicts.

    Who holds or released a sheet of a case does not come again.
    """
    experts = list(experts_of(plan.office).filter(active=True))
    found = conflicts_between(cases, experts)
    loads = Counter(live_reviews(plan).values_list("expert_id", flat=True))
    earlier, released = _before(plan, cases)
    return (
        Inputs(
            tuple(
                ReviewCase(
                    str(each.number), field_of_case(each), reviews, earlier[each.pk]
                )
                for each in cases
            ),
            tuple(_reviewer(each, loads[each.pk]) for each in experts),
            tuple(sorted({*found.barred, *released})),
        ),
        found,
    )


def field_of_case(case: Case) -> str:
    """The division of the enterprise's industry: as frozen, else as registered."""
    kept = case.assessment.entries.get("industry", {}) if case.assessment else {}
    return field_of(str(kept.get("value") or case.enterprise.industry))


def _reviewer(expert: Expert, load: int) -> Reviewer:
    organisation = expert.organisation_code or expert.organisation_name
    return Reviewer(
        expert.key, organisation, frozenset(expert.fields), expert.limit, load
    )


def _before(
    plan: ReviewPlan, cases: Iterable[Case]
) -> tuple[dict[int, tuple[str, ...]], set[tuple[str, str]]]:
    held: dict[int, tuple[str, ...]] = {each.pk: () for each in cases}
    released = set()
    for review in Review.objects.filter(
        case__in=list(held), step=plan.step
    ).select_related("expert", "case"):
        if review.released_at:
            released.add((str(review.case.number), review.expert.key))
        else:
            held[review.case_id] += (review.expert.key,)
    return {pk: tuple(sorted(keys)) for pk, keys in held.items()}, released
