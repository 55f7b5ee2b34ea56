"""Writes of the authority: open, judge, return, pass, refuse, recommend, certify."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.casework import guards, permissions
from tidu.casework.case_clocks import keep_clock
from tidu.casework.enums import Judged
from tidu.casework.models import Case, Judgement, Move, Round
from tidu.casework.moving import CaseMoved, move_case, moved, tell
from tidu.casework.queries import clauses_of
from tidu.rules.errors import TiduError
from tidu.rules.outcomes import MANUAL


class NoReason(TiduError):
    """A decision against the applicant names no clause, or does not say why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ground:
    """What a refusal rests on: a criterion of the standard, and why it is not met."""

    criterion: str
    reason: str


@transaction.atomic
def open_case(*, case: Case, by: Actor) -> None:
    """Note that the office in charge has looked at the case for the first time."""
    if case.opened_at or not permissions.may_work_on_case(by, case):
        return
    now = timezone.now()
    unopened = Case.objects.filter(pk=case.pk, counter=case.counter, opened_at=None)
    if unopened.update(opened_at=now):  # of two at once, the first is recorded
        case.opened_at = now
        tell("opened", case, by)


@transaction.atomic
def judge(
    *,
    case: Case,
    criterion: str,
    outcome: Judged,
    reason: str,
    by: Actor,
    known: int = 0,
) -> Judgement:
    """Say of a criterion that it is met or not, and why.

    ``known``: the counter of the judgement that the person had before them, 0 where
    there was none. That it is met can only be said where no figure decides: a figure
    that is wrong is corrected in the registry, and the case returned. Raises NoReason,
    and CaseMoved where somebody else was first.
    """
    permissions.may_work_on_case(by, case).or_refuse()
    waiting = Case.objects.select_for_update().filter(pk=case.pk, counter=case.counter)
    if waiting.first() is None:
        raise moved(case)
    if not reason.strip():
        raise NoReason(_("请写明理由"))
    found = {each.finding.id: each.finding for each in clauses_of(case)}
    if criterion not in found:
        raise NoReason(_("这一版标准没有这一条"))
    if outcome is Judged.MET and found[criterion].outcome is not MANUAL:
        text = _("这一条由数据判定，不能直接改成符合；数据有误的，请退回补正")
        raise NoReason(text)
    about = {"case": case, "criterion": criterion, "step": case.state}
    said = {"outcome": outcome, "reason": reason.strip(), "made_by": by.name}
    made = Judgement.objects.filter(**about).first()
    if (made.counter if made else 0) != known:
        raise judged_already(made)
    if made is None:
        made = Judgement.objects.create(**about, **said)
    else:
        for name, value in said.items():
            setattr(made, name, value)
        made.counter = known + 1
        made.save()
    tell("judged", case, by, criterion=criterion, outcome=outcome, reason=made.reason)
    return made


def judged_already(first: Judgement | None) -> CaseMoved:
    """Who judged the clause first and how, for whom came second."""
    if first is None:
        return CaseMoved(_("这一条的结论已不是您看到的那一版；请看过再写"))
    said = _(
        "{person}刚刚给这一条写了结论（{time}）：{outcome}，{reason}。"
        "您的没有保存；请看过再决定要不要改"
    )
    time = timezone.localtime(first.made_at)
    return CaseMoved(
        said.format(
            person=first.made_by,
            time=f"{time:%H:%M}",
            outcome=first.get_outcome_display(),
            reason=first.reason,
        )
    )


@transaction.atomic
def return_case(
    *, case: Case, by: Actor, seen: int, reason: str, fields: Sequence[str]
) -> Move:
    """Send a case back with the exact fields to correct; the clock stops.

    ``fields``: fact keys, criterion ids or names of documents. Raises NoReason.
    """
    if not reason.strip() or not fields:
        raise NoReason(_("退回补正要写明理由，并指出要改哪几项"))
    return move_case(
        case=case,
        event="return",
        by=by,
        seen=seen,
        reason=reason.strip(),
        data={"fields": list(fields)},
    )


@transaction.atomic
def pass_case(*, case: Case, by: Actor, seen: int, note: str = "") -> Move:
    """Send a case on to the next step, recommend or certify it, as its step does."""
    step = case.current_step
    permissions.may_work_on_case(by, case).or_refuse()
    event = _forward(case)
    if event in {"recommend", "certify"}:
        guards.may_be_approved(case).or_refuse()
    else:
        guards.may_be_passed(case).or_refuse()
    if step is not None:
        guards.step_is_done(case, step).or_refuse()
    return move_case(case=case, event=event, by=by, seen=seen, reason=note)


@transaction.atomic
def refuse_case(
    *, case: Case, by: Actor, seen: int, grounds: Iterable[Ground], note: str = ""
) -> Move:
    """Refuse a case for criteria of its standard; each with its clause and reason.

    Raises NoReason where there is none: such a refusal cannot be saved.
    """
    data = {"criteria": grounds_of(case, list(grounds))}
    return move_case(
        case=case, event="refuse", by=by, seen=seen, reason=note, data=data
    )


@transaction.atomic
def answer_appeal(
    *, case: Case, by: Actor, seen: int, reason: str, reverse: bool
) -> Move:
    """Uphold a refusal, or take it back: the case returns to the step it was in."""
    if not reason.strip():
        raise NoReason(_("请写明复查的结论和理由"))
    return move_case(
        case=case,
        event="reverse" if reverse else "uphold",
        by=by,
        seen=seen,
        reason=reason.strip(),
        target=case.step if reverse else "",
    )


@transaction.atomic
def report_result(
    *,
    case: Case,
    by: Actor,
    seen: int,
    certified: bool,
    source: str,
    reason: str = "",
    more: Mapping[str, str] | None = None,
) -> Move:
    """Record what the authority above decided, as its published list says.

    ``more``: what else the list says of it, such as ``{"score": "71", "batch": …}``.
    """
    if not source.strip():
        raise NoReason(_("请写明依据，如公布名单的文号"))
    return move_case(
        case=case,
        event="report_certified" if certified else "report_refused",
        by=by,
        seen=seen,
        reason=reason,
        data={**(more or {}), "source": source.strip()},
    )


@transaction.atomic
def migrate_case(*, case: Case, to: Round, by: Actor, reason: str) -> None:
    """Move a case to another round of its scheme: another rule set, steps, packs.

    Only before anything was decided on it; it goes on as a draft's step would.
    """
    permissions.may_run_round(by, case.round).or_refuse()
    permissions.may_run_round(by, to).or_refuse()
    guards.may_be_migrated(case, to).or_refuse()
    if not reason.strip():
        raise NoReason(_("请写明转入另一批次的理由"))
    was = {"round": case.round_id, "rule_set": case.round.rule_set}
    case.round = to
    case.save(update_fields=["round"])
    keep_clock(case)
    tell("migrated", case, by, was=was, rule_set=to.rule_set, reason=reason.strip())


def _forward(case: Case) -> str:
    ahead = {"pass", "recommend", "certify"}
    for each in case.lifecycle.leaving(case.state):
        if each.event in ahead:
            return each.event
    return "pass"  # refused by the table, with its own sentence


def grounds_of(case: Case, grounds: list[Ground]) -> list[dict[str, str]]:
    """The grounds of a refusal with label and clause. Raises NoReason without them."""
    known = {each.finding.id: each.finding.about for each in clauses_of(case)}
    if not grounds:
        raise NoReason(_("不予通过要指明不符合哪一条"))
    for each in grounds:
        if each.criterion not in known:
            raise NoReason(_("这一版标准没有这一条"))
        if not each.reason.strip():
            text = _("请写明“{label}”为什么不符合")
            raise NoReason(text.format(label=known[each.criterion].label.chinese))
    return [
        {
            "id": each.criterion,
            "label": known[each.criterion].label.chinese,
            "clause": known[each.criterion].clause,
            "reason": each.reason.strip(),
        }
        for each in grounds
    ]
