"""Site inspections: the draw, the checklist item by item, photos, the report."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, BinaryIO

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import Organisation
from tidu.accounts.permissions import may_do_work_of
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.casework.case_clocks import keep_clock
from tidu.casework.draw import (
    Announcement,
    Drawable,
    DrawRule,
    announce,
    hold,
    new_secret,
)
from tidu.casework.guards import add_step_check
from tidu.casework.inspection_models import (
    Found,
    Inspection,
    InspectionAnswer,
    InspectionDraw,
    InspectionPhoto,
)
from tidu.casework.models import Case, Round
from tidu.casework.permissions import may_see_case, may_work_on_case
from tidu.casework.queries import clauses_of
from tidu.casework.step_work import is_elsewhere, may_work_in_step
from tidu.registry.blobs import store_blob
from tidu.registry.file_kinds import (
    JPEG,
    LARGEST,
    PNG,
    EvidenceError,
    FileKind,
    kind_of,
    safe_title,
)
from tidu.rules.case_table import APPEAL, CERTIFIED, RECOMMENDED, REFUSED, UPHELD
from tidu.rules.errors import TiduError
from tidu.rules.outcomes import NOT_APPLICABLE
from tidu.rules.procedures import Step, StepKind

INSPECTORS = 2
_EXIF_WITHIN = 1 << 17  # bytes; a camera's data stands at the start
_MOST_PHOTOS = 60
_DECIDED = frozenset({REFUSED, APPEAL, UPHELD, RECOMMENDED, CERTIFIED})


class InspectionError(TiduError):
    """An inspection cannot be drawn or written so; the sentence says why."""


def may_inspect(actor: Actor, inspection: Inspection) -> Verdict:
    """The office that has the case, until the report is made."""
    if inspection.case.state != inspection.step:
        return no(_("这件申报已不在实地抽查中"))
    if inspection.finished_at:
        return no(_("核查已经完成，不能再改"))
    return may_work_on_case(actor, inspection.case)


def may_see_inspection(actor: Actor, inspection: Inspection) -> Verdict:
    """The authorities of the enterprise's territory; the applicant reads the result."""
    if actor.scope is None:
        return no(_("此页供主管部门使用，您当前的身份不是主管部门人员"))
    return may_see_case(actor, inspection.case)


def may_hold(actor: Actor, draw: InspectionDraw) -> Verdict:
    """The office that announced it."""
    return may_do_work_of(actor, draw.office_id, _("这一步由另一个主管部门办理"))


def cases_to_draw(opened: Round, step: Step, office: Organisation) -> list[Case]:
    """Cases in the step at the office that were in no draw, and are not named."""
    drawn: set[str] = set()
    for draw in draws_of(opened, step, office).filter(held_at__isnull=False):
        drawn |= {number for number, _stratum in draw.cases}
    waiting = Case.objects.filter(round=opened, state=step.id, office=office)
    named = Inspection.objects.filter(step=step.id, case__round=opened).values("case")
    found = waiting.exclude(pk__in=named).select_related("enterprise")
    return [each for each in found.order_by("number") if each.number not in drawn]


def draws_of(
    opened: Round, step: Step, office: Organisation
) -> models.QuerySet[InspectionDraw]:
    """The draws of an office in a step that were not dropped."""
    return InspectionDraw.objects.filter(
        round=opened, step=step.id, office=office, dropped_at=None
    )


@transaction.atomic
def announce_inspections(
    *, opened: Round, step: Step, rule: dict[str, int], by: Actor
) -> InspectionDraw:
    """Freeze the list, publish a commitment. ``rule``: count, or share in percent."""
    may_work_in_step(by, opened, step).or_refuse()
    assert by.organisation is not None
    cases = cases_to_draw(opened, step, by.organisation)
    if not cases:
        raise InspectionError(_("没有等待抽取的案卷"))
    drawables = [Drawable(str(e.number), e.enterprise.territory) for e in cases]
    secret = new_secret()
    said = announce(drawables, secret, _rule(rule))
    draws_of(opened, step, by.organisation).filter(held_at=None).update(
        dropped_at=timezone.now()
    )
    draw = InspectionDraw.objects.create(
        round=opened,
        step=step.id,
        office=by.organisation,
        cases=[[each.number, each.stratum] for each in drawables],
        rule=rule,
        list_digest=said.list_digest,
        secret=secret,
        commitment=said.commitment,
        announced_by=by.name,
    )
    told = {"cases": len(cases), "rule": rule, "list": said.list_digest}
    _tell("draw_announced", draw, draw.office, by, commitment=said.commitment, **told)
    return draw


@transaction.atomic
def hold_inspections(
    *, draw: InspectionDraw, by: Actor, public: str = ""
) -> list[Inspection]:
    """Draw as announced; those drawn get checklists. Raises InspectionError."""
    may_hold(by, draw).or_refuse()
    locked = InspectionDraw.objects.select_for_update().get(pk=draw.pk)
    if locked.held_at or locked.dropped_at:
        raise InspectionError(_("这次抽取已经结束；请刷新页面"))
    drawables = [Drawable(number, stratum) for number, stratum in draw.cases]
    said = Announcement(draw.list_digest, draw.commitment, _rule(draw.rule))
    found = hold(drawables, said, draw.secret, public.strip())
    draw.public, draw.drawn = public.strip(), list(found.numbers)
    draw.held_at, draw.held_by = timezone.now(), by.name
    draw.save()
    told = {"public": draw.public, "secret": draw.secret, "drawn": draw.drawn}
    _tell("draw_held", draw, draw.office, by, **told)
    there = Case.objects.filter(number__in=draw.drawn, state=draw.step)
    order = {number: at for at, number in enumerate(draw.drawn)}
    return [
        _open(case, draw.step, draw, "")
        for case in sorted(there, key=lambda each: order[str(each.number)])
        if not case.inspections.filter(step=draw.step).exists()
    ]


@transaction.atomic
def name_for_inspection(*, case: Case, by: Actor, reason: str) -> Inspection:
    """Inspect a case that no draw chose, for a reason such as a doubt in its file."""
    may_work_on_case(by, case).or_refuse()
    step = case.current_step
    if step is None or step.kind is not StepKind.SITE_INSPECTION:
        raise InspectionError(_("这件申报现在不在实地抽查这一步"))
    if not reason.strip():
        raise InspectionError(_("请写明为什么指定核查这一家"))
    if case.inspections.filter(step=step.id).exists():
        raise InspectionError(_("这一家已经在核查名单里"))
    made = _open(case, step.id, None, reason.strip())
    _tell("named", made, case.enterprise, by, case=case.number, reason=reason.strip())
    return made


@transaction.atomic
def answer_item(
    *, inspection: Inspection, item: str, found: str, note: str, by: Actor
) -> InspectionAnswer:
    """Write one item of the checklist; the last that was said stands."""
    may_inspect(by, inspection).or_refuse()
    _check_item(inspection, item)
    if found and found not in Found.values:
        raise InspectionError(_("请选“相符”“不符”或“无法核实”"))
    answer, _new = InspectionAnswer.objects.update_or_create(
        inspection=inspection,
        item=item,
        defaults={"found": found, "note": note.strip(), "made_by": by.name},
    )
    told = {"item": item, "found": found, "note": answer.note}
    _tell("answered", inspection, inspection.case.enterprise, by, **told)
    return answer


@transaction.atomic
def add_photo(
    *,
    inspection: Inspection,
    item: str,
    file: BinaryIO,
    file_name: str,
    size: int,
    by: Actor,
) -> InspectionPhoto:
    """Keep a photo byte for byte under its digest. Raises EvidenceError."""
    may_inspect(by, inspection).or_refuse()
    if item:
        _check_item(inspection, item)
    kind = _photo_kind(file, size)
    if inspection.photos.filter(removed_at=None).count() >= _MOST_PHOTOS:
        text = _("一次核查最多 {most} 张照片")
        raise EvidenceError(text.format(most=_MOST_PHOTOS))
    blob = store_blob(file, media_type=kind.media_type)
    same = inspection.photos.filter(blob=blob, removed_at=None).first()
    if same:
        return same  # sent again over a bad line
    photo = InspectionPhoto.objects.create(
        inspection=inspection,
        item=item,
        blob=blob,
        name=safe_title(file_name, _("现场照片")),
        taken=_has_camera_data(file),
        made_by=by.name,
    )
    told = {"item": item, "sha256": blob.sha256, "size": blob.size}
    _tell("photo_added", inspection, inspection.case.enterprise, by, **told)
    return photo


@transaction.atomic
def remove_photo(*, photo: InspectionPhoto, by: Actor) -> None:
    """Mark a photo as removed; its bytes and its event are kept."""
    may_inspect(by, photo.inspection).or_refuse()
    photo.removed_at = timezone.now()
    photo.save(update_fields=["removed_at"])
    firm = photo.inspection.case.enterprise
    told = {"sha256": photo.blob.sha256, "item": photo.item}
    _tell("photo_removed", photo.inspection, firm, by, **told)


@transaction.atomic
def finish_inspection(
    *,
    inspection: Inspection,
    inspectors: Sequence[str],
    visited_on: datetime.date,
    conclusion: Found,
    summary: str,
    by: Actor,
) -> None:
    """Make the report: two inspectors, every item answered. Raises InspectionError."""
    may_inspect(by, inspection).or_refuse()
    people = [each.strip() for each in inspectors if each.strip()]
    if len(set(people)) < INSPECTORS:
        raise InspectionError(_("请写明两位核查人员的姓名"))
    if visited_on > timezone.localdate():
        raise InspectionError(_("到访日期不能晚于今天"))
    if left := open_items(inspection):
        text = _("还有 {count} 项没有核查：{items}")
        named = "、".join(each["label"] for each in left[:3])
        raise InspectionError(text.format(count=len(left), items=named))
    if conclusion is not Found.YES and not summary.strip():
        raise InspectionError(_("结论不是“相符”，请写明情况"))
    inspection.inspectors, inspection.visited_on = people, visited_on
    inspection.conclusion, inspection.summary = conclusion, summary.strip()
    inspection.finished_at, inspection.finished_by = timezone.now(), by.name
    inspection.save()
    keep_clock(inspection.case)
    told = {"conclusion": conclusion, "inspectors": people}
    _tell("finished", inspection, inspection.case.enterprise, by, **told)


def open_items(inspection: Inspection) -> list[dict[str, Any]]:
    """Items without an answer; one found otherwise than declared needs a note."""
    done = {
        each.item
        for each in inspection.answers.all()
        if each.found and (each.found == Found.YES or each.note)
    }
    return [each for each in inspection.items if each["id"] not in done]


def reports_told(case: Case) -> list[Inspection]:
    """The finished reports whose outcome the applicant may read: once it is decided.

    Before, a report is a working paper of the office.
    """
    if case.state not in _DECIDED:
        return []
    done = case.inspections.exclude(finished_at=None)
    return list(done.prefetch_related("answers"))


def inspection_done(case: Case) -> Verdict:
    """Drawn or named cases have their report; the others were in a draw."""
    step = case.current_step
    assert step is not None
    if is_elsewhere(case, step.id, (case.office_id,)):
        return yes()
    inspection = case.inspections.filter(step=step.id).first()
    if inspection is not None:
        return yes() if inspection.finished_at else no(_("实地核查还没有完成"))
    draws = InspectionDraw.objects.filter(
        round_id=case.round_id, step=step.id, held_at__isnull=False
    )
    if any(case.number == number for draw in draws for number, _s in draw.cases):
        return yes(_("参加了抽取，没有抽中"))
    return no(_("这件申报还没有参加实地抽查的抽取；请先在“实地抽查”里抽取"))


def listen() -> None:
    """Let no case leave a site inspection before it was drawn or inspected."""
    add_step_check(StepKind.SITE_INSPECTION, inspection_done)


def _open(
    case: Case, step: str, draw: InspectionDraw | None, reason: str
) -> Inspection:
    made = Inspection.objects.create(
        case=case, step=step, draw=draw, named_for=reason, items=checklist_of(case)
    )
    keep_clock(case)
    return made


def checklist_of(case: Case) -> list[dict[str, str]]:
    """One item for each criterion that applies: what the enterprise declared of it."""
    found = []
    clauses = clauses_of(case)
    whole = {each.finding.part_of for each in clauses}
    stated = {each.criterion: each.text for each in case.statements.all()}
    for each in clauses:
        finding = each.finding
        if finding.outcome is NOT_APPLICABLE or finding.id in whole:
            continue
        found.append(
            {
                "id": finding.id,
                "label": finding.about.label.chinese,
                "label_en": finding.about.label.english,
                "declared": stated.get(finding.id, "") or finding.sentence(),
                "declared_en": stated.get(finding.id, "")
                or finding.sentence(english=True),
                "clause": finding.about.clause,
            }
        )
    return found


def _rule(rule: dict[str, int]) -> DrawRule:
    if "share" in rule:
        return DrawRule(share=Fraction(rule["share"], 100))
    return DrawRule(count=rule.get("count"))


def _check_item(inspection: Inspection, item: str) -> None:
    if item not in {each["id"] for each in inspection.items}:
        raise InspectionError(_("核查表里没有这一项；请刷新页面"))


def _photo_kind(file: BinaryIO, size: int) -> FileKind:
    wrong = _("现场照片请用 JPG 或 PNG")
    try:
        kind = kind_of(file, size)
    except EvidenceError as error:
        if 0 < size <= LARGEST:
            raise EvidenceError(wrong) from error
        raise
    if kind not in {JPEG, PNG}:
        raise EvidenceError(wrong)
    return kind


def _has_camera_data(file: BinaryIO) -> bool:
    file.seek(0)
    start = file.read(_EXIF_WITHIN)
    file.seek(0)
    return b"Exif\x00\x00" in start or b"eXIf" in start


def _tell(
    what: str, about: models.Model, place: Any, by: Actor, **data: object
) -> None:
    record(
        action=f"casework.inspection_{what}",
        by=by,
        about=about,
        territory=place.territory,
        data=data,
    )
