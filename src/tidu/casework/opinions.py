"""What experts said of a case, for whoever decides it: when it is shown, and of whom.

An opinion is shown once the scores of its step are complete, or the case has left the
step: until then no officer reads one expert before another has scored. Names are for
the office that had them drawn; other offices read "expert 1"; the applicant nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_see_work_of
from tidu.casework.agreement import Settled
from tidu.casework.models import Case
from tidu.casework.review_models import Opined, Review, ReviewPlan
from tidu.casework.review_results import settled_by
from tidu.casework.reviewing import is_low, items_of


@dataclasses.dataclass(frozen=True, slots=True)
class Opinion:
    """One expert on one clause. ``name``: empty for whoever may not know it."""

    number: int
    name: str
    criterion: str
    verdict: Opined
    comment: str


@dataclasses.dataclass(frozen=True, slots=True)
class LowItem:
    """An item that got few points, and why."""

    label: str
    points: Decimal
    most: int
    comment: str


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """One submitted sheet without its clauses."""

    number: int
    name: str
    total: Decimal
    remark: str
    low: tuple[LowItem, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Reviewed:
    """A step's reviews. ``open``: sheets that are still out; until ``shown`` there are
    neither sheets nor opinions.
    """

    plan: ReviewPlan
    shown: bool
    given: int
    open: int
    settled: Settled
    sheets: tuple[Sheet, ...]
    opinions: tuple[Opinion, ...]


def reviewed_for(actor: Actor, case: Case) -> list[Reviewed]:
    """The reviews of a case, step by step, as this officer may read them. One query."""
    rows = (
        Review.objects.filter(case=case, released_at=None)
        .select_related("expert", "draw__plan__office", "draw__plan__round")
        .defer("draw__inputs")
        .order_by("submitted_at", "pk")
    )
    by_plan: dict[int, list[Review]] = {}
    for each in rows:
        by_plan.setdefault(each.draw.plan_id, []).append(each)
    return [_reviewed(actor, case, held) for held in by_plan.values()]


def opinions_in(steps: Iterable[Reviewed]) -> dict[str, list[Opinion]]:
    """What may be read of each criterion."""
    found: dict[str, list[Opinion]] = {}
    for step in steps:
        for each in step.opinions:
            found.setdefault(each.criterion, []).append(each)
    return found


def _reviewed(actor: Actor, case: Case, held: list[Review]) -> Reviewed:
    plan = held[0].draw.plan
    given = [each for each in held if each.submitted_at]
    settled = settled_by(plan, given)
    shown = settled.points is not None or case.state != plan.step
    named = may_see_work_of(actor, plan.office_id, "")
    sheets, opinions = [], []
    for number, each in enumerate(given if shown else (), start=1):
        name = each.expert.name if named else ""
        sheets.append(_sheet(plan, each, number, name))
        opinions += [
            Opinion(number, name, key, Opined(said), each.comments.get(key, ""))
            for key, said in each.verdicts.items()
        ]
    count = len(held) - len(given)
    return Reviewed(
        plan, shown, len(given), count, settled, tuple(sheets), tuple(opinions)
    )


def _sheet(plan: ReviewPlan, review: Review, number: int, name: str) -> Sheet:
    assert review.total is not None
    low = tuple(
        LowItem(item.label, points, item.points, review.comments.get(item.id, ""))
        for item in items_of(plan)
        if is_low(plan, item, points := Decimal(review.scores.get(item.id, 0)))
    )
    return Sheet(number, name, review.total, review.remark, low)
