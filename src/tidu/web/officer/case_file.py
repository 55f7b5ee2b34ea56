"""A case before an officer: facts, evidence, finding and flags of each criterion."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.accounts.verdicts import Verdict
from tidu.casework import guards
from tidu.casework.case_clocks import last_day_of_appeal
from tidu.casework.deciding import open_case
from tidu.casework.documents import read_by
from tidu.casework.lists import rounds_seen_by
from tidu.casework.models import Case, CaseDocument, Judgement, Statement
from tidu.casework.opinions import Opinion
from tidu.casework.permissions import may_run_round, may_see_case, may_work_on_case
from tidu.casework.queries import (
    Clause,
    Flag,
    clauses_of,
    flags_of,
    outcome_of,
    pack_for,
    standing_of,
)
from tidu.casework.replaying import replay_case
from tidu.casework.signal_lists import last_screening
from tidu.casework.wording import say_text
from tidu.rules.assess import Standing
from tidu.rules.case_table import APPEAL, RECOMMENDED
from tidu.rules.facts import split_key
from tidu.rules.naming import name_key, show_fact
from tidu.rules.outcomes import MANUAL, NOT_APPLICABLE
from tidu.rules.packs import Pack
from tidu.web.case_clock_words import clock_of
from tidu.web.case_words import happened, told, way
from tidu.web.context import speaks_english
from tidu.web.enterprise.firm import Firm
from tidu.web.findings import FindingRow, OutcomeMark, finding_row, mark
from tidu.web.officer.case_forms import (
    AnswerForm,
    JudgeForm,
    MigrateForm,
    RefuseForm,
    ResultForm,
    ReturnForm,
)
from tidu.web.officer.case_reports import (
    inspections_shown,
    opinions_on,
    reviews_shown,
)
from tidu.web.officer.case_signals import blocks_of
from tidu.web.pages import Asked, page

_FORWARD = {"pass": 1, "recommend": 2, "certify": 3}


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One criterion of the file: what was filed, what proves it, what was found.

    ``judge``: the form, where a person must say and may; ``known``: the counter of the
    judgement of this step, 0 without one; ``parts``: its parts.
    """

    row: FindingRow
    outcome: OutcomeMark
    facts: tuple[tuple[str, str, str], ...]
    said: tuple[Statement, ...]
    documents: tuple[CaseDocument, ...]
    flags: tuple[Flag, ...]
    judged: tuple[Judgement, ...]
    judge: JudgeForm | None
    known: int
    parts: tuple[FindingRow, ...]
    opinions: tuple[Opinion, ...]


def find_case(request: Asked, pk: int) -> Case:
    """A case that the actor may see; refused elsewhere."""
    rows = Case.objects.select_related(
        *("round__organisation", "round__packs", "enterprise", "office", "assessment")
    )
    case = get_object_or_404(rows.prefetch_related("signals", "looks"), pk=pk)
    may_see_case(request.actor, case).or_refuse()
    return case


@page(may=may_act_for_authority)
def case_file(request: Asked, pk: int) -> HttpResponse:
    case = find_case(request, pk)
    if case.office and case.opened_at is None:
        open_case(case=case, by=request.actor)
    return show_file(request, case)


def show_file(
    request: Asked, case: Case, status: int = 200, **more: Any
) -> HttpResponse:
    """The file; ``more``: a form that was not accepted, or an error."""
    standing, pack = standing_of(case), pack_for(case)
    clauses = clauses_of(case, standing)
    moves = list(case.moves.all())
    works = may_work_on_case(request.actor, case)
    reports = reviews_shown(case, request.actor, clauses)
    flags = flags_of(case)
    context = {
        "case": case,
        "firm": Firm(case.enterprise, by_authority=True, may_file=False),
        "told": told(case, by_office=True),
        "clock": clock_of(case),
        "escalations": case.escalations.all(),
        "outcome": mark(outcome_of(case, standing), english=speaks_english()),
        "lines": _lines(
            case,
            standing,
            clauses,
            pack,
            flags,
            reports,
            may_judge=bool(works),
            bad=more,
        ),
        "rights": list(case.rights.all()),
        "screened": last_screening(case.round),
        "signals": blocks_of(request.actor, case, flags, pack, more),
        "stops": way(case, moves),
        "moves": happened(case, moves),
        "last": moves[-1] if moves else None,
        "appeal_until": last_day_of_appeal(case),
        "replay": replay_case(case) if case.assessment else None,
        "works": works,
        "inspections": inspections_shown(case),
        **reports,
        **_doing(request, case, clauses, pack),
        **more,
    }
    return render(request, "officer/case_file.html", context, status=status)


def forward_of(case: Case) -> str:
    """The event that brings a case on from its state, empty where none does."""
    events = [each.event for each in case.lifecycle.leaving(case.state)]
    return next((each for each in events if each in _FORWARD), "")


def may_go_on(case: Case) -> Verdict:
    """Whether the guards let a case go on, for the page to say before it is tried."""
    forward = forward_of(case)
    check = guards.may_be_passed if forward == "pass" else guards.may_be_approved
    verdict = check(case)
    if verdict and case.current_step is not None:
        return guards.step_is_done(case, case.current_step)
    return verdict


def return_choices(clauses: list[Clause], pack: Pack) -> list[tuple[str, str]]:
    """What can be named in a return: figures the criteria read, then the clauses."""
    english = speaks_english()
    keys: dict[str, str] = {}
    for each in clauses:
        for key in read_by(each.finding):
            if split_key(key)[0] in pack.facts:
                keys.setdefault(key, name_key(key, pack.words, english=english))
    named = [
        (each.finding.id, _("{label}的说明或材料").format(label=_label(each)))
        for each in clauses
        if not each.finding.part_of and each.finding.outcome is not NOT_APPLICABLE
    ]
    return [*keys.items(), *named]


def refuse_choices(clauses: list[Clause]) -> list[tuple[str, str]]:
    """The criteria that a refusal can rest on."""
    return [
        (each.finding.id, f"{_label(each)}（{each.finding.about.clause}）")
        for each in clauses
        if not each.finding.part_of and each.finding.outcome is not NOT_APPLICABLE
    ]


def _label(clause: Clause) -> str:
    return say_text(clause.finding.about.label)


def _doing(
    request: Asked, case: Case, clauses: list[Clause], pack: Pack
) -> dict[str, Any]:
    """The forms for what can be done now, by this person."""
    events = {each.event for each in case.lifecycle.leaving(case.state)}
    works = bool(may_work_on_case(request.actor, case))
    runs = bool(may_run_round(request.actor, case.round))
    forward = forward_of(case) if works else ""
    others = []
    if runs:
        same = rounds_seen_by(request.actor).filter(
            scheme=case.round.scheme, kind=case.round.kind, closed_at=None
        )
        others = [
            each
            for each in same.exclude(pk=case.round_id)
            if may_run_round(request.actor, each) and guards.may_be_migrated(case, each)
        ]
    return {
        "forward": forward,
        "go_on": may_go_on(case) if forward else None,
        "return_form": ReturnForm(fields=return_choices(clauses, pack))
        if works and "return" in events
        else None,
        "refuse_form": RefuseForm(criteria=refuse_choices(clauses))
        if works and "refuse" in events
        else None,
        "answer_form": AnswerForm() if works and case.state == APPEAL else None,
        "result_form": ResultForm() if runs and case.state == RECOMMENDED else None,
        "migrate_form": MigrateForm(rounds=others) if others else None,
    }


def _lines(
    case: Case,
    standing: Standing,
    clauses: list[Clause],
    pack: Pack,
    flags: Sequence[Flag],
    reports: dict[str, Any],
    *,
    may_judge: bool,
    bad: dict[str, Any],
) -> list[Line]:
    english = speaks_english()
    own = standing.rule_set.document if standing.rule_set else ""
    documents = list(case.documents.select_related("evidence__blob"))
    statements = list(case.statements.all())
    judgements = list(case.judgements.all())
    rows = {
        c.finding.id: finding_row(c.finding, case.round.scheme, own, english=english)
        for c in clauses
    }
    found = []
    for clause in clauses:
        finding = clause.finding
        if finding.part_of:
            continue
        parts = [c.finding.id for c in clauses if c.finding.part_of == finding.id]
        mine = {finding.id, *parts}
        papers = tuple(d for d in documents if d.criterion in mine)
        judges = may_judge and finding.outcome is MANUAL
        form = JudgeForm(prefix=finding.id, initial=_initial(case, clause))
        found.append(
            Line(
                row=rows[finding.id],
                outcome=mark(clause.outcome, english=english),
                facts=tuple(_facts(clause, pack, english=english)),
                said=tuple(s for s in statements if s.criterion in mine),
                documents=papers,
                flags=tuple(f for f in flags if _is_about(f, clauses, mine, papers)),
                judged=tuple(j for j in judgements if j.criterion in mine),
                judge=bad.get(f"judge-{finding.id}", form) if judges else None,
                known=_known(case, clause),
                parts=tuple(rows[each] for each in parts),
                opinions=opinions_on(reports, mine),
            )
        )
    return found


def _known(case: Case, clause: Clause) -> int:
    """The counter of what was judged in this step already."""
    here = clause.judged and clause.judged.step == case.state
    return clause.judged.counter if clause.judged and here else 0


def _is_about(
    flag: Flag,
    clauses: list[Clause],
    mine: set[str],
    papers: tuple[CaseDocument, ...],
) -> bool:
    """Whether a flag is about a criterion: its figures, its statement, its papers."""
    own = [c.finding for c in clauses if c.finding.id in mine]
    return flag.belongs_to(
        {each.about.label.chinese for each in own},
        {key for each in own for key in read_by(each)},
        {each.evidence.blob.sha256 for each in papers},
    )


def _initial(case: Case, clause: Clause) -> dict[str, str]:
    """What was judged in this step already."""
    if clause.judged and clause.judged.step == case.state:
        return {"outcome": clause.judged.outcome, "reason": clause.judged.reason}
    return {}


def _facts(clause: Clause, pack: Pack, *, english: bool) -> list[tuple[str, str, str]]:
    """The figures that a criterion reads: name, value, where it comes from."""
    facts = clause.finding.basis.facts
    found = []
    for key in read_by(clause.finding):
        if split_key(key)[0] not in pack.facts:
            continue
        value = facts.get(key)
        shown = _("不详")
        if value is not None:
            shown = show_fact(key, value, pack.words, english=english)
        name = name_key(key, pack.words, english=english)
        found.append((name, shown, facts.sources.get(key, "")))
    return found
