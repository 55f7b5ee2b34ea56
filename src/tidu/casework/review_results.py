"""What the sheets come to: points of a case, agreement, severity, what is lacking."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from django.db.models import F, IntegerField
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext as _

from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.agreement import (
    Agreement,
    DisagreementRule,
    Partners,
    Score,
    Settled,
    Severity,
    agreement,
    partners,
    settle,
    severities,
)
from tidu.casework.guards import add_step_check
from tidu.casework.models import Case
from tidu.casework.review_inputs import cases_in_step, live_reviews
from tidu.casework.review_models import Expert, Review, ReviewPlan, key_of_expert
from tidu.casework.step_work import is_elsewhere
from tidu.casework.wording import speaks_english
from tidu.rules.procedures import StepKind

PAIR = 2
_AT_A_TIME = 500
_SHOWN = (
    *("case_id", "case__number", "case__enterprise__name"),
    *("expert__name", "matched", "total", "submitted_at"),
)
_TENTHS = 10  # points have one decimal
_POINTS = [Decimal(each) / _TENTHS for each in range(100 * _TENTHS + 1)]


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """A submitted or awaited sheet; ``calibrated`` is shown beside, never used."""

    review: Review
    calibrated: Decimal | None


@dataclasses.dataclass(frozen=True, slots=True)
class CaseResult:
    """A case of a plan with its sheets and what they come to."""

    case: Case
    given: list[Given]
    settled: Settled


@dataclasses.dataclass(frozen=True, slots=True)
class Standings:
    """All cases of a plan at a glance.

    ``cases``: their keys; ``done``: how many have a result; ``lacking``: those that
    lack an expert, with how many sheets they have; ``undrawn``: how many wait in the
    step and have no sheet yet; ``scores``: what was given.
    """

    cases: list[int]
    done: int
    lacking: dict[int, int]
    undrawn: int
    scores: list[Score]

    def severities(self) -> dict[str, Severity]:
        """By expert: strict, mild, or not known yet."""
        return {each.expert: each for each in severities(self.scores)}


@dataclasses.dataclass(frozen=True, slots=True)
class ExpertLine:
    """One expert's habits in a plan's reviews."""

    expert: Expert
    severity: Severity
    partners: Partners


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What a plan's sheets say of its experts."""

    experts: list[ExpertLine]
    agreement: Agreement


def rule_of(plan: ReviewPlan) -> DisagreementRule:
    """When a third expert is needed."""
    return DisagreementRule(plan.gap, plan.pass_line)


def settled_of(plan: ReviewPlan, case: Case) -> Settled:
    """What the submitted sheets of a case come to."""
    return settled_by(plan, live_reviews(plan).filter(case=case))


def settled_by(plan: ReviewPlan, reviews: Iterable[Review]) -> Settled:
    """The same of sheets that were read already."""
    return settle(_scores(reviews), rule_of(plan))


def standings_in(plan: ReviewPlan) -> Standings:
    """Every case of a plan with the little that counts need: two queries, no texts.

    A third expert is drawn after two have submitted, so that the order of the sheets is
    that of the scores.
    """
    sheets: Counter[int] = Counter()
    given: dict[int, list[Decimal]] = {}
    scores: list[Score] = []
    keys: dict[int, str] = {}
    slim = Review.objects.filter(draw__plan=plan, step=plan.step, released_at=None)
    tenths = Cast(Round(F("total") * _TENTHS), IntegerField())
    rows = slim.annotate(tenths=tenths).order_by("case_id", "pk")
    for case_id, expert_id, points in rows.values_list(
        "case_id", "expert_id", "tenths"
    ):
        sheets[case_id] += 1
        if points is not None:
            total = _POINTS[points]
            given.setdefault(case_id, []).append(total)
            key = keys.get(expert_id) or keys.setdefault(
                expert_id, key_of_expert(expert_id)
            )
            scores.append(Score(str(case_id), key, total))
    there = set(cases_in_step(plan).order_by().values_list("pk", flat=True))
    rule, done, lacking = rule_of(plan), 0, {}
    for case_id, held in sheets.items():
        points_given = given.get(case_id, ())
        third = len(points_given) == PAIR and rule.asks_third(*sorted(points_given))
        done += len(points_given) > PAIR or (len(points_given) == PAIR and not third)
        wanted = PAIR + 1 if third or held > PAIR else PAIR
        if wanted > held and case_id in there:
            lacking[case_id] = held
    undrawn = len(there - sheets.keys())
    return Standings(list(sheets), done, lacking, undrawn, scores)


def results_of(
    plan: ReviewPlan, cases: Collection[int], standings: Standings
) -> list[CaseResult]:
    """Some cases with their sheets: raw points beside calibrated ones. One query."""
    of_expert = standings.severities()
    by_case: dict[int, list[Review]] = {key: [] for key in cases}
    for each in (
        live_reviews(plan)
        .filter(case_id__in=cases)
        .select_related("case__enterprise", "expert")
        .only(*_SHOWN)
        .order_by("pk")
    ):
        by_case[each.case_id].append(each)
    return [
        CaseResult(
            held[0].case,
            [Given(e, _calibrated(e, of_expert)) for e in held],
            settle(_scores(held), rule_of(plan)),
        )
        for held in by_case.values()
        if held
    ]


def all_results(plan: ReviewPlan) -> Iterator[CaseResult]:
    """Every case with its sheets, some hundred at a time, for a file."""
    standings = standings_in(plan)
    for at in range(0, len(standings.cases), _AT_A_TIME):
        yield from results_of(plan, standings.cases[at : at + _AT_A_TIME], standings)


def report_of(plan: ReviewPlan) -> Report:
    """Agreement of pairs, and severity of each expert. Three queries."""
    scores = standings_in(plan).scores
    of_expert = partners(scores, rule_of(plan))
    known = {each.key: each for each in Expert.objects.filter(office=plan.office_id)}
    lines = [
        ExpertLine(known[e.expert], e, of_expert.get(e.expert, Partners(0, 0, None)))
        for e in severities(scores)
    ]
    return Report(lines, agreement(scores))


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
    lacking = standings_in(plan).lacking
    return [
        (each, lacking[each.pk] >= PAIR)
        for each in cases_in_step(plan).order_by("pk")
        if each.pk in lacking
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
