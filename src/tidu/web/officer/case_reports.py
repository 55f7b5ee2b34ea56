"""What experts and inspectors reported of a case, beside its criteria."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.casework.inspection_models import Found, Inspection, InspectionPhoto
from tidu.casework.models import Case
from tidu.casework.opinions import Opinion, Reviewed, opinions_in, reviewed_for
from tidu.casework.queries import Clause
from tidu.casework.wording import say_text
from tidu.rules.procedures import Step
from tidu.web.context import speaks_english


@dataclasses.dataclass(frozen=True, slots=True)
class ReviewShown:
    """A step's reviews in words. ``says``: what the scores come to."""

    step: Step
    reviewed: Reviewed
    says: str


@dataclasses.dataclass(frozen=True, slots=True)
class ItemShown:
    """One item of a checklist with what was found, and its photos."""

    label: str
    declared: str
    clause: str
    found: str
    word: str
    note: str
    photos: tuple[InspectionPhoto, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class InspectionShown:
    """The report of one visit. ``striking``: items not found as declared, or with a
    photo; ``rest``: the others; ``differing``: how many were not as declared.
    """

    step: Step | None
    inspection: Inspection
    striking: tuple[ItemShown, ...]
    rest: tuple[ItemShown, ...]
    differing: int
    photos: int

    @property
    def count(self) -> int:
        """Items in all."""
        return len(self.striking) + len(self.rest)


def reviews_shown(case: Case, actor: Actor, clauses: list[Clause]) -> dict[str, Any]:
    """What a case file shows of the experts' sheets."""
    english = speaks_english()
    steps = reviewed_for(actor, case)
    opinions = opinions_in(steps)
    labels = {e.finding.id: say_text(e.finding.about.label) for e in clauses}
    return {
        "reviews": [
            ReviewShown(e.plan.step_of_round, e, e.settled.sentence(english=english))
            for e in steps
        ],
        "opinions": opinions,
        "reading": [(labels[key], opinions[key]) for key in labels if key in opinions],
    }


def opinions_on(shown: dict[str, Any], criteria: set[str]) -> tuple[Opinion, ...]:
    """Those on one criterion and its parts."""
    return tuple(
        each
        for key, said in shown["opinions"].items()
        if key in criteria
        for each in said
    )


def inspections_shown(case: Case) -> list[InspectionShown]:
    """The reports of a case's visits, and visits that are still to be made."""
    rows = case.inspections.prefetch_related("answers", "photos__blob")
    steps = {each.id: each for each in case.round.step_list}
    return [_inspection(each, steps.get(each.step)) for each in rows]


def _inspection(inspection: Inspection, step: Step | None) -> InspectionShown:
    english = speaks_english()
    answers = {each.item: each for each in inspection.answers.all()}
    photos = [each for each in inspection.photos.all() if each.removed_at is None]
    items = []
    for each in inspection.items:
        answer = answers.get(each["id"])
        found = answer.found if answer else ""
        items.append(
            ItemShown(
                label=each.get("label_en" if english else "label") or each["label"],
                declared=each.get("declared_en" if english else "declared", ""),
                clause=each["clause"],
                found=found,
                word=str(Found(found).label) if found else _("没有核查"),
                note=answer.note if answer else "",
                photos=tuple(e for e in photos if e.item == each["id"]),
            )
        )
    items.sort(key=lambda each: each.found == Found.YES)
    striking = [each for each in items if each.found != Found.YES or each.photos]
    return InspectionShown(
        step,
        inspection,
        tuple(striking),
        tuple(each for each in items if each not in striking),
        sum(each.found in {Found.NO, Found.UNKNOWN} for each in items),
        len(photos),
    )
