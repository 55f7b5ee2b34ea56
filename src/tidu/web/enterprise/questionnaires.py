"""Questionnaires an enterprise fills in about itself, and what each says."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.registry.enums import FilingSource
from tidu.registry.evidence import evidence_of
from tidu.registry.permissions import may_file_for
from tidu.registry.queries import current_facts
from tidu.rules.assess import prepare
from tidu.rules.outcomes import UNMET
from tidu.rules.questionnaires import Questionnaire
from tidu.rules.self_assessing import Result, result_of
from tidu.rules.wording import grade_word
from tidu.web.context import speaks_english
from tidu.web.enterprise.facts_edit import save_figures
from tidu.web.enterprise.facts_form import FactsForm
from tidu.web.enterprise.figures import pack_of
from tidu.web.enterprise.firm import Firm
from tidu.web.findings import FindingRow, finding_row
from tidu.web.pages import Asked

MOST_PRIORITIES = 5


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionnaireLine:
    """A questionnaire in the list: how far it is filled in, what it says."""

    id: str
    label: str
    answered: int
    asked: int
    says: str
    grade_id: str
    grade: str


def questionnaires(request: Asked, firm: Firm) -> HttpResponse:
    """All of them, with what each says now."""
    english = speaks_english()
    results = [_result(firm, each) for each in pack_of(firm.enterprise).questionnaires]
    context = {
        "firm": firm,
        "tab": "questionnaires",
        "lines": [_line(each, english=english) for each in results],
    }
    return render(request, "enterprise/questionnaires.html", context)


def questionnaire(request: Asked, firm: Firm, name: str) -> HttpResponse:
    """One: its result and priorities above, its questions below."""
    if name not in pack_of(firm.enterprise).questionnaires:
        raise Http404
    result = _result(firm, name)
    form = _form(request, firm, result.questionnaire)
    if request.method == "POST":
        may_file_for(request.actor, firm.enterprise).or_refuse()
        if form.is_valid():
            reason = form.cleaned_data["reason"].strip()
            source = FilingSource.SELF_ASSESSMENT
            save_figures(request, firm, form.changes, reason, source)
            return redirect(firm.url("questionnaire", name))
    context = _context(firm, result, form)
    status = 422 if form.is_bound else 200
    return render(request, "enterprise/questionnaire.html", context, status=status)


def _context(firm: Firm, result: Result, form: FactsForm) -> dict[str, Any]:
    english = speaks_english()
    found = result.questionnaire
    lines = {each["fact"].id: each for each in form.lines()}
    return {
        "firm": firm,
        "tab": "questionnaires",
        "result": _line(result, english=english),
        "note": found.note.say(english=english),
        "source": found.rule_set.number,
        "document": found.rule_set.document,
        "priorities": _priorities(result, english=english),
        "sections": [
            (each.label.say(english=english), [lines[fact] for fact in each.facts])
            for each in found.sections
        ],
        "form": form,
    }


def _form(request: Asked, firm: Firm, found: Questionnaire) -> FactsForm:
    pack = pack_of(firm.enterprise)
    return FactsForm(
        request.POST if request.method == "POST" else None,
        facts=[pack.facts[each] for each in found.facts],
        on=timezone.localdate(),
        current=current_facts(firm.enterprise),
        pack=pack,
        evidence=list(evidence_of(firm.enterprise)),
        english=speaks_english(),
    )


def _result(firm: Firm, name: str) -> Result:
    pack, on = pack_of(firm.enterprise), timezone.localdate()
    facts = prepare(current_facts(firm.enterprise), pack, on)
    return result_of(pack.questionnaires[name], pack, facts, on=on)


def _priorities(result: Result, *, english: bool) -> list[FindingRow]:
    found = result.questionnaire
    scheme = found.scheme or found.id
    return [
        finding_row(each, scheme, found.rule_set.document, english=english)
        for each in result.priorities[:MOST_PRIORITIES]
    ]


def _line(result: Result, *, english: bool) -> QuestionnaireLine:
    found = result.questionnaire
    grade = found.rule_set.grade
    return QuestionnaireLine(
        id=found.id,
        label=found.label.say(english=english),
        answered=result.answered,
        asked=result.asked,
        says=_says(result),
        grade_id=grade.value,
        grade=grade_word(grade, english=english),
    )


def _says(result: Result) -> str:
    """The result in one line."""
    standing = result.standing
    if not result.answered:
        return _("还没有填")
    if result.questionnaire.scheme:
        if isinstance(standing.value, int):
            return _("达到 {level} 级").format(level=standing.value)
        return _("还缺答案，等级没有定")
    failing = sum(f.outcome is UNMET for f in standing.findings)
    if failing:
        return _("{count} 项要改").format(count=failing)
    if result.answered < result.asked:
        left = result.asked - result.answered
        return _("已答的没有问题，还有 {count} 题没有答").format(count=left)
    return _("没有发现问题")
