"""What the sheets come to: points of a case, agreement, severity, what is lacking."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.agreement import (
    Agreement,
    DisagreementRule,
    Score,
    Settled,
    Severity,
    agreement,
    settle,
    severities,
)
from tidu.casework.guards import add_step_check
from tidu.casework.models import Case
from tidu.casework.review_inputs import cases_in_step, live_reviews
from tidu.casework.review_models import Review, ReviewPlan
from tidu.casework.step_work import is_elsewhere
from tidu.casework.wording import speaks_english
from tidu.rules.procedures import StepKind

PAIR = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """A submitted or awaited sheet; ``calibrated`` is shown beside, never used."""

    review: Review
    calibrated: Decimal | None


@dataclasses.dataclass(frozen=True, slots=True)
class CaseResult:
    """A case of a plan with its sheets. ``lacks``: how many are still to draw."""

    case: Case
    given: list[Given]
    settled: Settled
    lacks: int


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """All that a plan's sheets say of cases and of experts."""

    cases: list[CaseResult]
    severities: list[tuple[str, Severity]]
    agreement: Agreement


def rule_of(plan: ReviewPlan) -> DisagreementRule:
    """When a third expert is needed."""
    return DisagreementRule(plan.gap, plan.pass_line)


def settled_of(plan: ReviewPlan, case: Case) -> Settled:
    """What the submitted sheets of a case come to."""
    return settle(_scores(live_reviews(plan).filter(case=case)), rule_of(plan))


def report_of(plan: ReviewPlan) -> Report:
    """Raw beside calibrated points, agreement of pairs and severity of experts."""
    reviews = list(live_reviews(plan).select_related("case__enterprise", "expert"))
    scores = _scores(reviews)
    of_expert = {each.expert: each for each in severities(scores)}
    names = {each.expert.key: each.expert.name for each in reviews}
    by_case: dict[int, list[Review]] = defaultdict(list)
    for each in reviews:
        by_case[each.case_id].append(each)
    cases = []
    for held in by_case.values():
        settled = settle(_scores(held), rule_of(plan))
        wanted = PAIR + 1 if settled.third or len(held) > PAIR else PAIR
        cases.append(
            CaseResult(
                held[0].case,
                [Given(e, _calibrated(e, of_expert)) for e in held],
                settled,
                wanted - len(held) if held[0].case.state == plan.step else 0,
            )
        )
    found = [(names[key], each) for key, each in of_expert.items()]
    return Report(cases, found, agreement(scores))


def reviews_complete(case: Case) -> Verdict:
    """Two experts agree, or a third has settled it; or it is done elsewhere."""
    step = case.current_step
    assert step is not None
    if is_elsewhere(case, step.id, (case.office_id,)):
        return yes()
    plan = ReviewPlan.objects.filter(
        round_id=case.round_id, step=step.id, office_id=case.office_id
    ).first()
    if plan is None:
        return no(_("这一步还没有安排专家评审；请先在“专家评审”里安排"))
    settled = settled_of(plan, case)
    if settled.points is not None:
        return yes()
    text = _("专家评审还没有完成：{why}")
    return no(text.format(why=settled.sentence(english=speaks_english())))


def listen() -> None:
    """Let no case leave an expert review before its reviews are complete."""
    add_step_check(StepKind.EXPERT_REVIEW, reviews_complete)


def lacking_cases(plan: ReviewPlan) -> list[tuple[Case, bool]]:
    """Cases in the step with fewer sheets than they need; True where a third is."""
    there = {each.pk for each in cases_in_step(plan)}
    return [
        (each.case, len(each.given) >= PAIR)
        for each in report_of(plan).cases
        if each.lacks and each.case.pk in there
    ]


def _calibrated(review: Review, known: dict[str, Severity]) -> Decimal | None:
    severity = known.get(review.expert.key)
    if severity is None or review.total is None:
        return None
    return severity.calibrated(review.total)


def _scores(reviews: Iterable[Review]) -> list[Score]:
    given = [each for each in reviews if each.submitted_at]
    given.sort(key=lambda each: (each.submitted_at, each.pk))
    return [
        Score(str(e.case_id), e.expert.key, e.total)
        for e in given
        if e.total is not None
    ]
