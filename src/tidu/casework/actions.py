"""Writes of the applicant: start, fill in, submit, correct, withdraw, appeal."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.casework import guards, permissions
from tidu.casework.archives import library_for
from tidu.casework.models import Case, CaseDocument, CaseRight, Round, Statement
from tidu.casework.moving import CaseMoved, move_case, tell
from tidu.casework.queries import readiness_of, today
from tidu.casework.rights import GivenRight
from tidu.eligibility.actions import assess_enterprise
from tidu.registry.models import Enterprise, Evidence
from tidu.rules.rulesets import Kind

FILLED = (
    *("contact_name", "contact_phone", "agent_name", "agent_phone"),
    *("contact_address", "auditor_name", "narrative"),
)
"""What of a case its applicant writes, beside figures, clauses and papers."""


@transaction.atomic
def start_case(*, opened: Round, enterprise: Enterprise, by: Actor) -> Case:
    """Begin a draft; what the registry knows is in it from the start."""
    permissions.may_apply_for(by, enterprise).or_refuse()
    guards.may_start(opened, enterprise, today()).or_refuse()
    try:
        with transaction.atomic():
            case = Case.objects.create(
                round=opened, enterprise=enterprise, state_since=timezone.now()
            )
    except IntegrityError as error:
        raise CaseMoved(_("本企业在这一批次已有申报，请接着办理那一份")) from error
    _carry_over(case)
    tell("started", case, by)
    return case


@transaction.atomic
def fill_in(*, case: Case, by: Actor, **said: str) -> None:
    """Write what belongs to the case alone: whom to call, who helps, the narrative.

    ``said``: by the names in FILLED; what is not among them is empty from now on.
    """
    _may_edit(case, by)
    if unknown := said.keys() - FILLED:
        raise TypeError(f"not filled in by an applicant: {sorted(unknown)}")
    for name in FILLED:
        setattr(case, name, said.get(name, ""))
    case.save(update_fields=FILLED)
    tell("filled_in", case, by)


@transaction.atomic
def list_rights(*, case: Case, rights: Sequence[GivenRight], by: Actor) -> None:
    """Write which intellectual property the application lists, in place of before."""
    _may_edit(case, by)
    case.rights.all().delete()
    CaseRight.objects.bulk_create(
        CaseRight(case=case, **dataclasses.asdict(each)) for each in rights
    )
    tell("rights_listed", case, by, count=len(rights))


@transaction.atomic
def state_clause(*, case: Case, criterion: str, text: str, by: Actor) -> None:
    """Write what the applicant says of a clause; an empty text takes it back."""
    _may_edit(case, by)
    if text.strip():
        Statement.objects.update_or_create(
            case=case, criterion=criterion, defaults={"text": text.strip()}
        )
    else:
        case.statements.filter(criterion=criterion).delete()
    tell("clause_stated", case, by, criterion=criterion)


@transaction.atomic
def attach(
    *, case: Case, evidence: Evidence, by: Actor, criterion: str = ""
) -> CaseDocument:
    """Put evidence of the enterprise into the case; it is not uploaded again."""
    _may_edit(case, by)
    if evidence.enterprise_id != case.enterprise_id:
        raise CaseMoved(_("只能使用本企业的材料"))
    found, new = CaseDocument.objects.get_or_create(
        case=case, evidence=evidence, criterion=criterion
    )
    if new:
        tell("attached", case, by, evidence=evidence.pk, criterion=criterion)
    return found


@transaction.atomic
def detach(*, document: CaseDocument, by: Actor) -> None:
    """Take evidence out of the case; the enterprise keeps it."""
    _may_edit(document.case, by)
    tell("detached", document.case, by, evidence=document.evidence_id)
    document.delete()


@transaction.atomic
def submit_case(*, case: Case, by: Actor, seen: int) -> None:
    """Submit: freeze facts, packs and program, give a number, hand it to the office.

    Later edits of the registry never change what is decided on.
    """
    opened = case.round
    permissions.may_apply_for(by, case.enterprise).or_refuse()
    guards.round_takes_applications(opened, today()).or_refuse()
    guards.is_not_excluded(opened, case.enterprise, today()).or_refuse()
    guards.may_be_submitted(readiness_of(case)).or_refuse()
    _freeze(case, by)
    case.submitted_at = timezone.now()
    case.number = f"{opened.on:%Y}-{opened.pk:03d}-{case.pk:06d}"
    case.save(update_fields=["submitted_at", "number", "assessment"])
    frozen = {"assessment": case.assessment_id, "packs": opened.packs.digest}
    move_case(case=case, event="submit", by=by, seen=seen, data=frozen)


@transaction.atomic
def resubmit_case(*, case: Case, by: Actor, seen: int, reply: str = "") -> None:
    """Submit a corrected case again, to the step that returned it; freeze anew."""
    permissions.may_apply_for(by, case.enterprise).or_refuse()
    guards.may_be_submitted(readiness_of(case)).or_refuse()
    was = case.assessment_id
    _freeze(case, by)
    case.save(update_fields=["assessment"])
    frozen = {"assessment": case.assessment_id, "was": was}
    move_case(
        case=case,
        event="resubmit",
        by=by,
        seen=seen,
        reason=reply,
        target=case.step,
        data=frozen,
    )


@transaction.atomic
def withdraw_case(*, case: Case, by: Actor, seen: int, reason: str = "") -> None:
    """Take an application back; what was filed stays in the registry."""
    move_case(case=case, event="withdraw", by=by, seen=seen, reason=reason)


@transaction.atomic
def appeal(*, case: Case, by: Actor, seen: int, reason: str) -> None:
    """Ask for a refusal to be checked, within the days that the round gives."""
    guards.may_be_appealed(case, today()).or_refuse()
    move_case(case=case, event="appeal", by=by, seen=seen, reason=reason)


def _carry_over(case: Case) -> None:
    """What the firm wrote in its last application and would only type again."""
    last = case.enterprise.cases.exclude(pk=case.pk).order_by("-made_at", "-pk").first()
    if last is None:
        return
    case.contact_address, case.auditor_name = last.contact_address, last.auditor_name
    case.save(update_fields=["contact_address", "auditor_name"])
    CaseRight.objects.bulk_create(
        CaseRight(
            case=case,
            number=each.number,
            origin=each.origin,
            changed_on=each.changed_on,
            from_whom=each.from_whom,
        )
        for each in last.rights.all()
    )


def _may_edit(case: Case, by: Actor) -> None:
    permissions.may_apply_for(by, case.enterprise).or_refuse()
    guards.may_be_edited(case).or_refuse()


def _freeze(case: Case, by: Actor) -> None:
    opened = case.round
    case.assessment = assess_enterprise(
        enterprise=case.enterprise,
        on=opened.on,
        kind=Kind(opened.kind),
        by=by,
        library=library_for(opened.packs),
    )
