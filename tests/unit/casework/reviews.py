"""An expert pool, cases that wait for a review or an inspection: all fictional."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from tests.factories import UserFactory, acting
from tests.unit.casework.cases import call, desk, judge_all, office, submitted
from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.models import Membership
from tidu.casework.deciding import pass_case
from tidu.casework.experts import About, add_to_pool, pool_of
from tidu.casework.models import Case, Round
from tidu.casework.queries import clauses_of
from tidu.casework.review_models import Expert, Review, ReviewPlan
from tidu.casework.review_planning import (
    PlanGiven,
    announce_draw,
    hold_draw,
    own_items,
    set_plan,
)
from tidu.casework.reviewing import Written
from tidu.casework.sheets import manual_clauses

CODE = "91330000MA27U0NW1K"


def expert(name: str = "虚构专家", **given: object) -> Expert:
    """An expert of the province's pool, with an account."""
    at = Expert.objects.count()
    values = {
        "organisation_name": f"虚构研究院{at}",
        "organisation_code": "",
        "fields": ["34"],
        "limit": 10,
        **given,
    }
    user = UserFactory(name=name)
    Membership.objects.create(
        user=user, organisation=pool_of(office("province")), role=Role.EXPERT
    )
    return add_to_pool(user=user, about=About(name=name, **values), by=desk("province"))


def pool(count: int = 4) -> list[Expert]:
    return [expert(f"虚构专家{at}") for at in range(count)]


def acting_expert(one: Expert) -> Actor:
    return acting(one.user)


def reach(step: str, opened: Round | None = None, **given: object) -> Case:
    """A case in a step of the province."""
    for level in ("county", "city", "province"):
        office(level)
    case, _by = submitted(opened or call(here=True), **given)
    for level in ("county", "city", "province"):
        pass_case(case=case, by=desk(level), seen=case.counter)
    judge_all(case, desk("province"))
    while case.state != step:
        pass_case(case=case, by=desk("province"), seen=case.counter)
    return case


def plan_for(case: Case, **given: object) -> ReviewPlan:
    """The province's plan for the case's step, with Tidu's own items confirmed."""
    values = {
        "items": own_items(),
        "due_on": timezone.localdate() + datetime.timedelta(days=14),
        **given,
    }
    return set_plan(
        opened=case.round,
        step=case.current_step,
        given=PlanGiven(**values),
        by=desk("province"),
    )


def drawn(case: Case, **given: object) -> list[Review]:
    """The case's first two sheets."""
    plan = plan_for(case, **given)
    draw = announce_draw(plan=plan, by=desk("province"))
    return hold_draw(draw=draw, by=desk("province"), public="07 12 33")


def filled(review: Review, points: int = 20, **given: object) -> Written:
    """A whole sheet with the same points for every item."""
    clauses = manual_clauses(clauses_of(review.case))
    values = {
        "scores": {e["id"]: Decimal(points) for e in review.draw.plan.items},
        "verdicts": {each.finding.id: "met" for each in clauses},
        "comments": {e["id"]: "虚构的意见" for e in review.draw.plan.items},
        **given,
    }
    return Written(**values)
