"""Plan the reviews of a step, announce a draw, hold it, redraw who had to leave."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_do_work_of
from tidu.accounts.verdicts import Verdict
from tidu.audit.actions import record
from tidu.casework.conflicts import Conflicts
from tidu.casework.draw import commitment_to, new_secret, seed_of
from tidu.casework.models import Case, Round
from tidu.casework.review_inputs import (
    Inputs,
    digest_of_inputs,
    gather,
    inputs_from,
    live_reviews,
    waiting_cases,
)
from tidu.casework.review_models import (
    DrawKind,
    Expert,
    Review,
    ReviewDraw,
    ReviewPlan,
    StepElsewhere,
)
from tidu.casework.step_work import may_work_in_step
from tidu.planning.reviewing import Assignment, TooFewExpertsError
from tidu.planning.seeds import ticket
from tidu.rules.errors import TiduError
from tidu.rules.procedures import Step

WHOLE = 100  # points of a sheet
OWN_ITEMS: dict[str, tuple[str | Promise, int]] = {
    "sheet_market": (gettext_lazy("市场地位"), 25),
    "sheet_technology": (gettext_lazy("技术水平"), 25),
    "sheet_growth": (gettext_lazy("成长性"), 25),
    "sheet_management": (gettext_lazy("管理水平"), 25),
}
"""Tidu's own items and points, from no document: an office confirms or changes them."""


class ReviewError(TiduError):
    """Reviews cannot be planned, drawn or written so; the sentence says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One item of a sheet and its most points."""

    id: str
    label: str
    points: int


@dataclasses.dataclass(frozen=True, slots=True)
class PlanGiven:
    """What an office decides before a draw."""

    items: Sequence[Item]
    due_on: datetime.date
    comment_below: int = 60
    gap: Decimal = Decimal(15)
    pass_line: Decimal | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """What a draw would give. ``shortage``: why it cannot be held, else empty."""

    cases: list[Case]
    experts: int
    assignment: Assignment | None
    shortage: TooFewExpertsError | None
    conflicts: Conflicts


def own_items() -> list[Item]:
    """The items that are proposed, in the reader's language."""
    return [Item(key, str(label), points) for key, (label, points) in OWN_ITEMS.items()]


def may_review_in(actor: Actor, plan: ReviewPlan) -> Verdict:
    """The office that has the step's cases."""
    return may_do_work_of(actor, plan.office_id, _("这一步由另一个主管部门办理"))


def plan_of(opened: Round, step: str, office_id: int | None) -> ReviewPlan | None:
    """The plan of an office for a step of a round, None until there is one."""
    return (
        ReviewPlan.objects.filter(round=opened, step=step, office_id=office_id)
        .select_related("round", "office")
        .first()
    )


@transaction.atomic
def set_plan(*, opened: Round, step: Step, given: PlanGiven, by: Actor) -> ReviewPlan:
    """Confirm or change how a step's cases are reviewed; not after the first draw."""
    may_work_in_step(by, opened, step).or_refuse()
    assert by.organisation is not None
    _check(given)
    plan = plan_of(opened, step.id, by.organisation.pk)
    if plan and live_reviews(plan).exists():
        raise ReviewError(_("已经抽取过专家，评分项和办法不能再改"))
    values: dict[str, Any] = {
        "items": [dataclasses.asdict(each) for each in given.items],
        "due_on": given.due_on,
        "comment_below": given.comment_below,
        "gap": given.gap,
        "pass_line": given.pass_line,
        "confirmed_by": by.name,
        "confirmed_at": timezone.now(),
    }
    plan, _new = ReviewPlan.objects.update_or_create(
        round=opened, step=step.id, office=by.organisation, defaults=values
    )
    told = {"items": values["items"], "due_on": given.due_on.isoformat()}
    told |= {"gap": str(given.gap), "comment_below": given.comment_below}
    told["pass_line"] = None if given.pass_line is None else str(given.pass_line)
    _tell("planned", plan, by, **told)
    return plan


def preview(plan: ReviewPlan, *, at_once: int | None = None) -> Preview:
    """What a draw would give now: counts and loads; the pairs are another seed's.

    ``at_once``: above so many pairs of case and expert nothing is worked out, for that
    takes a minute in a large round; then neither assignment nor shortage is known.
    """
    cases = waiting_cases(plan)
    inputs, found = gather(plan, cases)
    if at_once is not None and len(cases) * len(inputs.reviewers) > at_once:
        return Preview(cases, len(inputs.reviewers), None, None, found)
    try:
        drawn, shortage = inputs.draw(f"preview/{plan.pk}"), None
    except TooFewExpertsError as error:
        drawn, shortage = None, error
    return Preview(cases, len(inputs.reviewers), drawn, shortage, found)


@transaction.atomic
def announce_draw(*, plan: ReviewPlan, by: Actor) -> ReviewDraw:
    """Freeze the lists and publish a commitment to a secret; nobody is drawn yet.

    Raises ReviewError without cases, TooFewExpertsError where it cannot work out.
    """
    may_review_in(by, plan).or_refuse()
    cases = waiting_cases(plan)
    if not cases:
        raise ReviewError(_("没有等待抽取专家的案卷"))
    inputs, _found = gather(plan, cases)
    inputs.draw("trial")
    plan.draws.filter(kind=DrawKind.FIRST, held_at=None, dropped_at=None).update(
        dropped_at=timezone.now()
    )
    secret, kept = new_secret(), inputs.as_json()
    draw = ReviewDraw.objects.create(
        plan=plan,
        kind=DrawKind.FIRST,
        inputs=kept,
        inputs_digest=digest_of_inputs(kept),
        counts=inputs.counts(),
        secret=secret,
        commitment=commitment_to(secret),
        announced_by=by.name,
    )
    told: dict[str, Any] = {"draw": draw.pk, "cases": len(cases)}
    told["experts"] = len(inputs.reviewers)
    told |= {"commitment": draw.commitment, "inputs": draw.inputs_digest}
    _tell("draw_announced", plan, by, **told)
    return draw


@transaction.atomic
def hold_draw(*, draw: ReviewDraw, by: Actor, public: str = "") -> list[Review]:
    """Draw as announced: the secret and a number nobody chose give the seed.

    Raises ReviewError where lists or conflicts have changed since.
    """
    plan = draw.plan
    may_review_in(by, plan).or_refuse()
    locked = ReviewDraw.objects.select_for_update().get(pk=draw.pk)
    if locked.held_at or locked.dropped_at:
        raise ReviewError(_("这次抽取已经结束；请刷新页面"))
    inputs, _found = gather(plan, waiting_cases(plan))
    if digest_of_inputs(inputs.as_json()) != draw.inputs_digest:
        text = _("公布以后，案卷、专家名册或回避情况有变动；请重新公布，再抽取")
        raise ReviewError(text)
    draw.public = public.strip()
    draw.seed = seed_of(draw.secret, draw.public)
    draw.held_at, draw.held_by = timezone.now(), by.name
    draw.save()
    _tell("draw_held", plan, by, draw=draw.pk, seed=draw.seed, public=draw.public)
    return seat(draw, inputs, by)


@transaction.atomic
def draw_one_more(
    *, plan: ReviewPlan, case: Case, kind: DrawKind, by: Actor
) -> list[Review]:
    """A third expert, or another for one who had to leave; none where nobody is free.

    The seed follows from that of the case's first draw, so that nobody chooses it.
    """
    parent = (
        ReviewDraw.objects.filter(reviews__case=case, kind=DrawKind.FIRST, plan=plan)
        .order_by("id")
        .first()
    )
    assert parent is not None, "a case has a first draw before any other"
    inputs, _found = gather(plan, [case], reviews=1)
    number = Review.objects.filter(case=case, step=plan.step).count()
    seed = ticket(parent.seed, f"{kind}/{case.number}/{number}")
    try:
        inputs.draw(seed)
    except TooFewExpertsError as error:
        _tell("lacks_expert", plan, by, case=case.number, why=error.sentence())
        return []
    kept = inputs.as_json()
    draw = ReviewDraw.objects.create(
        plan=plan,
        kind=kind,
        parent=parent,
        inputs=kept,
        inputs_digest=digest_of_inputs(kept),
        counts=inputs.counts(),
        seed=seed,
        announced_by=by.name,
        held_at=timezone.now(),
        held_by=by.name,
    )
    return seat(draw, inputs, by)


def seat(draw: ReviewDraw, inputs: Inputs, by: Actor) -> list[Review]:
    """Write a sheet for each seat of the draw, each in the audit trail."""
    plan = draw.plan
    numbers = [each.id for each in inputs.cases]
    cases = {str(c.number): c for c in Case.objects.filter(number__in=numbers)}
    experts = {each.key: each for each in Expert.objects.filter(office=plan.office)}
    made = []
    for each in inputs.draw(draw.seed).seats:
        review = Review.objects.create(
            case=cases[each.case],
            step=plan.step,
            expert=experts[each.reviewer],
            draw=draw,
            matched=each.matched,
        )
        record(
            action="casework.review_assigned",
            by=by,
            about=review,
            territory=plan.office.territory,
            data={
                "case": each.case,
                "expert": each.reviewer,
                "draw": draw.pk,
                "kind": draw.kind,
                "seed": draw.seed,
                "matched": each.matched,
            },
        )
        made.append(review)
    return made


def repeats(draw: ReviewDraw) -> bool:
    """Whether the kept inputs and seed give the sheets that were written."""
    if draw.held_at is None or digest_of_inputs(draw.inputs) != draw.inputs_digest:
        return False
    seats = {
        (each.case, each.reviewer)
        for each in inputs_from(draw.inputs).draw(draw.seed).seats
    }
    written = draw.reviews.select_related("case", "expert")
    return seats == {(str(e.case.number), e.expert.key) for e in written}


@transaction.atomic
def do_elsewhere(*, opened: Round, step: Step, reason: str, by: Actor) -> StepElsewhere:
    """Say that an office reviews or inspects outside this system, and why."""
    may_work_in_step(by, opened, step).or_refuse()
    assert by.organisation is not None
    if not reason.strip():
        raise ReviewError(_("请写明为什么不在本系统办理"))
    said, _new = StepElsewhere.objects.update_or_create(
        round=opened,
        step=step.id,
        office=by.organisation,
        defaults={"reason": reason.strip(), "said_by": by.name},
    )
    record(
        action="casework.step_elsewhere",
        by=by,
        about=said,
        territory=by.organisation.territory,
        data={"round": opened.pk, "step": step.id, "reason": said.reason},
    )
    return said


def _check(given: PlanGiven) -> None:
    if not given.items or any(each.points < 1 for each in given.items):
        raise ReviewError(_("每个评分项至少 1 分"))
    if sum(each.points for each in given.items) != WHOLE:
        raise ReviewError(_("评分项加起来应是 100 分"))
    if len({each.id for each in given.items}) < len(given.items):
        raise ReviewError(_("评分项有重复"))
    if not 0 <= given.comment_below <= WHOLE:
        raise ReviewError(_("低分的界限应在 0 到 100 之间"))


def _tell(what: str, plan: ReviewPlan, by: Actor, **data: Any) -> None:
    record(
        action=f"casework.review_{what}",
        by=by,
        about=plan,
        territory=plan.office.territory,
        data={"round": plan.round_id, "step": plan.step, **data},
    )
