"""What an expert does with a sheet: save, submit once, declare a conflict."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_as_expert
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.casework.experts import party_of
from tidu.casework.queries import clauses_of
from tidu.casework.review_models import (
    OWN_WORD,
    DrawKind,
    Expert,
    Opined,
    Review,
    ReviewPlan,
    Tie,
    TieChoice,
)
from tidu.casework.review_planning import Item, ReviewError, draw_one_more
from tidu.casework.review_results import settled_of
from tidu.casework.sheets import manual_clauses
from tidu.casework.wording import say_text

VERDICTS = tuple(Opined.values)
_STEP = Decimal("0.5")


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What stands on a sheet. ``scores``: item → points; ``verdicts``: criterion →
    one of VERDICTS; ``comments``: item or criterion → text.
    """

    scores: Mapping[str, Decimal]
    verdicts: Mapping[str, str]
    comments: Mapping[str, str]
    remark: str = ""


class SheetIncomplete(ReviewError):
    """A sheet cannot be submitted yet. ``lacking``: field and sentence."""

    def __init__(self, lacking: list[tuple[str, str]]) -> None:
        super().__init__("；".join(text for _field, text in lacking))
        self.lacking = lacking


def expert_of(actor: Actor) -> Expert | None:
    """The expert that a person is in the pool they act for."""
    if not may_act_as_expert(actor):
        return None
    return Expert.objects.filter(user=actor.user, pool=actor.organisation).first()


def reviews_of(actor: Actor) -> models.QuerySet[Review]:
    """An expert's own sheets, released ones left out; the open ones first."""
    expert = expert_of(actor)
    if expert is None:
        return Review.objects.none()
    return (
        Review.objects.filter(expert=expert, released_at=None)
        .select_related("draw__plan", "case__round", "expert__office")
        .order_by(models.F("submitted_at").desc(nulls_first=True), "draw__plan__due_on")
    )


def may_review(actor: Actor, review: Review) -> Verdict:
    """The expert it was drawn for, while the case waits for it."""
    if review.expert.user_id != actor.user_id or not may_act_as_expert(actor):
        return no(_("这份评审表分给了另一位专家"))
    if review.released_at:
        return no(_("您已申报回避，这份评审表已收回"))
    if review.submitted_at:
        return no(_("这份评审表已经提交，不能再改"))
    if review.case.state != review.step:
        return no(_("这件申报已不在评审中，不用再评"))
    return yes()


def items_of(plan: ReviewPlan) -> list[Item]:
    """The items of a plan's sheets."""
    return [Item(e["id"], e["label"], e["points"]) for e in plan.items]


@transaction.atomic
def save_review(*, review: Review, written: Written, by: Actor) -> None:
    """Keep a draft, however much of it is filled in; points must fit their items."""
    may_review(by, review).or_refuse()
    _write(review, written)
    kept = ["scores", "verdicts", "comments", "remark", "saved_at"]
    review.save(update_fields=kept)


@transaction.atomic
def submit_review(*, review: Review, written: Written, by: Actor) -> Decimal:
    """Submit a sheet once and for all; the total. A third expert comes if two differ.

    Raises ReviewError: a point, a verdict or a comment that is asked for is missing.
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    review.submitted_at, review.released_at = locked.submitted_at, locked.released_at
    may_review(by, review).or_refuse()
    _write(review, written)
    if lacking := lacking_in(review):
        raise SheetIncomplete(lacking)
    plan = review.draw.plan
    review.total = sum(map(Decimal, review.scores.values()), Decimal(0))
    review.submitted_at = timezone.now()
    review.save()
    _tell("submitted", review, by, total=str(review.total))
    if settled_of(plan, review.case).third:
        held = Review.objects.filter(
            case=review.case, step=review.step, released_at=None
        )
        if held.count() == 2:  # noqa: PLR2004 - a pair that disagrees
            draw_one_more(plan=plan, case=review.case, kind=DrawKind.THIRD, by=by)
    return review.total


@transaction.atomic
def declare_conflict(*, review: Review, reason: str, by: Actor) -> list[Review]:
    """Step back from a sheet: it is released, and another expert drawn by lot.

    The conflict is kept, so that the expert never gets this enterprise again.
    """
    may_review(by, review).or_refuse()
    if not reason.strip():
        raise ReviewError(_("请写明要回避的理由，如曾在该企业任职"))
    firm = review.case.enterprise
    Tie.objects.create(
        expert=review.expert,
        kind=TieChoice.DECLARED,
        party=party_of(firm),
        party_name=firm.name,
        source=reason.strip(),
        confirmed_by=OWN_WORD,
    )
    return release(review=review, reason=reason.strip(), by=by)


@transaction.atomic
def release(*, review: Review, reason: str, by: Actor) -> list[Review]:
    """Take a sheet that is not submitted from its expert, and draw another."""
    review.released_at, review.released_reason = timezone.now(), reason[:300]
    review.save(update_fields=["released_at", "released_reason"])
    _tell("released", review, by, reason=reason)
    return draw_one_more(
        plan=review.draw.plan, case=review.case, kind=DrawKind.REPLACEMENT, by=by
    )


def lacking_in(review: Review) -> list[tuple[str, str]]:
    """What a sheet needs before it can be submitted: field and sentence."""
    plan = review.draw.plan
    found = []
    for item in items_of(plan):
        points = review.scores.get(item.id)
        label = _(item.label)
        if points is None:
            text = _("“{label}”还没有打分").format(label=label)
            found.append((f"points-{item.id}", text))
        elif is_low(plan, item, Decimal(points)) and not review.comments.get(item.id):
            text = _("“{label}”得分低于 {share}%，请写明意见")
            text = text.format(label=label, share=plan.comment_below)
            found.append((f"comment-{item.id}", text))
    for clause in manual_clauses(clauses_of(review.case)):
        criterion = clause.finding
        verdict = review.verdicts.get(criterion.id)
        label = say_text(criterion.about.label)
        if verdict is None:
            text = _("“{label}”还没有给出意见").format(label=label)
            found.append((f"verdict-{criterion.id}", text))
        elif verdict != "met" and not review.comments.get(criterion.id):
            text = _("“{label}”不是“符合”，请写明理由").format(label=label)
            found.append((f"comment-{criterion.id}", text))
    return found


def is_low(plan: ReviewPlan, item: Item, points: Decimal) -> bool:
    """Whether points of an item ask for a comment."""
    return points * 100 < plan.comment_below * item.points


def _write(review: Review, written: Written) -> None:
    items = {each.id: each for each in items_of(review.draw.plan)}
    for key, points in written.scores.items():
        if key not in items:
            raise ReviewError(_("评分项不在这次评审里；请刷新页面"))
        most = items[key].points
        if not 0 <= points <= most or points % _STEP:
            text = _("“{label}”应打 0 到 {most} 分，可以有半分")
            raise ReviewError(text.format(label=_(items[key].label), most=most))
    known = {e.finding.id for e in manual_clauses(clauses_of(review.case))}
    if not set(written.verdicts) <= known or not {*written.verdicts.values()} <= {
        *VERDICTS
    }:
        raise ReviewError(_("条款不在这次评审里；请刷新页面"))
    review.scores = {key: str(points) for key, points in written.scores.items()}
    review.verdicts = dict(written.verdicts)
    review.comments = {k: t.strip() for k, t in written.comments.items() if t.strip()}
    review.remark = written.remark.strip()
    review.saved_at = timezone.now()


def _tell(what: str, review: Review, by: Actor, **data: object) -> None:
    record(
        action=f"casework.review_{what}",
        by=by,
        about=review,
        territory=review.draw.plan.office.territory,
        data={"case": review.case.number, "expert": review.expert.key, **data},
    )
