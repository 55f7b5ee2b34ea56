"""The steps of rounds in which an office reviews or inspects, with what waits there."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from django.db.models import Count
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor, scope_of
from tidu.accounts.models import Organisation
from tidu.accounts.permissions import may_work_for_authority
from tidu.accounts.verdicts import Verdict, no
from tidu.casework.inspection_models import InspectionDraw
from tidu.casework.models import Case, Round
from tidu.casework.review_models import ReviewPlan, StepElsewhere
from tidu.casework.rounds import level_of
from tidu.rules.procedures import Step, StepKind


@dataclasses.dataclass(frozen=True, slots=True)
class StepWork:
    """A step of a round at an office, and how many cases are in it now."""

    round: Round
    step: Step
    waiting: int


def steps_at(office: Organisation | None, kind: StepKind) -> list[StepWork]:
    """Where the office has cases in a step of the kind, or has begun with it."""
    if office is None:
        return []
    counts = {
        (round_id, state): count
        for round_id, state, count in Case.objects.filter(office=office)
        .order_by()
        .values_list("round_id", "state")
        .annotate(Count("pk"))
    }
    begun = set(counts)
    table = ReviewPlan if kind is StepKind.EXPERT_REVIEW else InspectionDraw
    for known in (table, StepElsewhere):
        rows = known.objects.filter(office=office)
        begun |= set(rows.values_list("round_id", "step"))
    rounds = Round.objects.in_bulk({round_id for round_id, _step in begun})
    return [
        StepWork(opened, step, counts.get((opened.pk, step.id), 0))
        for opened in sorted(rounds.values(), key=lambda each: -each.pk)
        for step in opened.step_list
        if step.kind is kind and (opened.pk, step.id) in begun
    ]


def step_named(opened: Round, step_id: str, kind: StepKind) -> Step | None:
    """The step of a round, None where it has none of that name and kind."""
    return next(
        (e for e in opened.step_list if e.id == step_id and e.kind is kind), None
    )


def may_work_in_step(actor: Actor, opened: Round, step: Step) -> Verdict:
    """People of an office of the step's level, within the round's territory."""
    verdict = may_work_for_authority(actor)
    if not verdict:
        return verdict
    office = actor.organisation
    if office is None:
        return no(_("请用主管部门人员的身份办理，以便记下是哪个单位"))
    place = scope_of(opened.organisation.territory)
    here = (
        office.territory.startswith(place) and level_of(office.territory) == step.level
    )
    taken_over = Case.objects.filter(round=opened, state=step.id, office=office)
    if here or taken_over.exists():
        return verdict
    return no(_("这一步由另一个主管部门办理"))


def is_elsewhere(case: Case, step_id: str, offices: Collection[int | None]) -> bool:
    """Whether an office said that this step of the case's round is done elsewhere."""
    return StepElsewhere.objects.filter(
        round_id=case.round_id, step=step_id, office_id__in=offices
    ).exists()
