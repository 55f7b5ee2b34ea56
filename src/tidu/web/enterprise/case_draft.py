"""A draft, or a case that was returned: what is missing, in order; then submit."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.casework.actions import (
    attach,
    detach,
    fill_in,
    list_rights,
    state_clause,
)
from tidu.casework.documents import papers_of
from tidu.casework.drafts import Draft, draft_of
from tidu.casework.guards import may_be_edited
from tidu.casework.models import Case
from tidu.casework.queries import last_move
from tidu.casework.wording import say_text
from tidu.registry.evidence import add_evidence, evidence_of
from tidu.registry.file_kinds import EvidenceError
from tidu.registry.queries import current_facts
from tidu.rules.case_table import RETURNED
from tidu.web.case_words import field_word, told
from tidu.web.context import speaks_english
from tidu.web.enterprise.case_forms import (
    AskedForm,
    ContactForm,
    RightsForm,
    StatementsForm,
)
from tidu.web.enterprise.facts_edit import save_figures
from tidu.web.enterprise.firm import Firm
from tidu.web.findings import finding_row, mark
from tidu.web.pages import Asked


@dataclasses.dataclass(frozen=True, slots=True)
class ToCorrect:
    """A field that the authority wants corrected, and where that is done."""

    label: str
    url: str


def find(firm: Firm, case: int) -> Case:
    """A case of the enterprise; 404 for others."""
    rows = firm.enterprise.cases.select_related(
        "round__organisation", "round__packs", "enterprise", "office", "assessment"
    )
    found: Case = get_object_or_404(rows, pk=case)
    return found


def show_draft(
    request: Asked, firm: Firm, case: Case, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page, with the forms that were not accepted in place of fresh ones."""
    draft = draft_of(case, timezone.now())
    papers = papers_of(case, draft.standing)
    english = speaks_english()
    own = draft.standing.rule_set.document if draft.standing.rule_set else ""
    statements = forms.get("statements") or _statements(case, draft)
    context = {
        "firm": firm,
        "tab": "cases",
        "case": case,
        "told": told(case),
        "draft": draft,
        "readiness": draft.readiness,
        "outcome": mark(draft.readiness.outcome, english=english),
        "asked": forms.get("asked") or _asked(firm, draft),
        "decides": _decides(draft, english=english),
        "statements": statements,
        "clauses": [
            (finding_row(c.finding, case.round.scheme, own, english=english), s)
            for c, s in _beside(statements)
        ],
        "papers": papers,
        "lacking_papers": [e for e in papers if not e.covered and not e.missing],
        "missing_papers": [e for e in papers if e.missing],
        "contact": forms.get("contact") or ContactForm.of(case),
        "rights": forms.get("rights") or RightsForm.of(case),
        "corrections": _corrections(firm, case, draft),
        "returned": last_move(case) if case.state == RETURNED else None,
        "wrong_file": forms.get("wrong_file", ""),
    }
    return render(request, "enterprise/case_draft.html", context, status=status)


@require_POST
def facts(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """File the figures that were asked; the rest of the page keeps what it had."""
    found = _editable(firm, case)
    draft = draft_of(found, timezone.now())
    form = _asked(firm, draft, request.POST)
    if not form.is_valid():
        return show_draft(request, firm, found, 422, asked=form)
    save_figures(request, firm, form.changes, form.cleaned_data["reason"].strip())
    return _back(case, "missing")


@require_POST
def clauses(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Keep what is said of each clause."""
    found = _editable(firm, case)
    draft = draft_of(found, timezone.now())
    form = _statements(found, draft, request.POST)
    if not form.is_valid():
        return show_draft(request, firm, found, 422, statements=form)
    with transaction.atomic():
        for criterion in form.changed_data:
            text = form.cleaned_data[criterion]
            state_clause(case=found, criterion=criterion, text=text, by=request.actor)
    messages.success(request, _("说明已保存"))
    return _back(case, "clauses")


@require_POST
def contact(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Keep contact, agent and narrative."""
    found = _editable(firm, case)
    form = ContactForm.of(found, request.POST)
    if not form.is_valid():
        return show_draft(request, firm, found, 422, contact=form)
    fill_in(case=found, by=request.actor, **form.cleaned_data)
    messages.success(request, _("联系人已保存"))
    return _back(case, "contact")


@require_POST
def rights(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Keep the list of intellectual property."""
    found = _editable(firm, case)
    form = RightsForm.of(found, request.POST)
    if not form.is_valid():
        return show_draft(request, firm, found, 422, rights=form)
    given = form.cleaned_data["rights"]
    list_rights(case=found, rights=given, by=request.actor)
    messages.success(request, _("清单已保存，共 {n} 项").format(n=len(given)))
    return _back(case, "rights")


@require_POST
def documents(request: Asked, firm: Firm, case: int) -> HttpResponse:
    """Attach evidence for one paper: what is there already, or a file uploaded now."""
    found = _editable(firm, case)
    draft = draft_of(found, timezone.now())
    group = request.POST.get("paper", "")
    paper = next(
        (p for p in papers_of(found, draft.standing) if p.group == group), None
    )
    if paper is None:
        return _back(case, "documents")
    try:
        with transaction.atomic():
            evidence = _given(request, firm, paper.keys)
            for each in paper.criteria:
                attach(
                    case=found, evidence=evidence, by=request.actor, criterion=each.id
                )
    except EvidenceError as error:
        return show_draft(request, firm, found, 422, wrong_file=str(error))
    messages.success(request, _("“{title}”已放进案卷").format(title=evidence.title))
    return _back(case, "documents")


@require_POST
def remove_document(
    request: Asked, firm: Firm, case: int, evidence: int
) -> HttpResponse:
    """Take evidence out of the case; the enterprise keeps it."""
    found = _editable(firm, case)
    with transaction.atomic():
        for each in found.documents.filter(evidence_id=evidence):
            detach(document=each, by=request.actor)
    messages.success(request, _("已从案卷里拿出，材料仍在“佐证材料”里"))
    return _back(case, "documents")


def _given(request: Asked, firm: Firm, keys: frozenset[str]) -> Any:
    if file := request.FILES.get("file"):
        return add_evidence(
            enterprise=firm.enterprise,
            file=file.file,  # type: ignore[arg-type] # never None once it is read
            file_name=file.name or "",
            size=file.size or 0,
            keys=keys,
            by=request.actor,
        )
    number = request.POST.get("evidence", "")
    if not number.isdecimal():
        raise EvidenceError(_("请选择一份已有的材料，或者上传一个文件"))
    return get_object_or_404(evidence_of(firm.enterprise), pk=int(number))


def _editable(firm: Firm, case: int) -> Case:
    found = find(firm, case)
    may_be_edited(found).or_refuse()
    return found


def _back(case: int, part: str) -> HttpResponse:
    answer = redirect("case", case)
    answer["Location"] += f"#{part}"
    return answer


def _asked(firm: Firm, draft: Draft, data: Any = None) -> AskedForm:
    return AskedForm(
        data,
        keys=[*draft.missing, *draft.old],
        on=timezone.localdate(),
        current=current_facts(firm.enterprise),
        pack=draft.pack,
        evidence=list(evidence_of(firm.enterprise)),
        english=speaks_english(),
    )


def _statements(case: Case, draft: Draft, data: Any = None) -> StatementsForm:
    said = {each.criterion: each.text for each in case.statements.all()}
    return StatementsForm(data, clauses=draft.stated, told=said)


def _beside(form: StatementsForm) -> list[tuple[Any, Any]]:
    return [(clause, form[id_]) for id_, clause in form.clauses.items()]


def _decides(draft: Draft, *, english: bool) -> dict[str, str]:
    """Key → the conditions it decides, in words."""
    between = ", " if english else "、"
    found = {}
    for key, names in draft.decides.items():
        labels = [
            say_text(draft.standing.finding(name.partition("/")[2]).about.label)
            for name in names
        ]
        found[key] = between.join(dict.fromkeys(labels))
    return found


def _corrections(firm: Firm, case: Case, draft: Draft) -> list[ToCorrect]:
    """The fields of the return, each with the place where it is corrected."""
    last = last_move(case) if case.state == RETURNED else None
    return [_correction(firm, each, draft) for each in (last.fields if last else ())]


def _correction(firm: Firm, field: str, draft: Draft) -> ToCorrect:
    fact = draft.pack.facts.get(field.partition("@")[0])
    if fact is not None:
        url = f"{firm.url('facts_edit', fact.group)}#id_{field}"
        return ToCorrect(field_word(field), url)
    for each in draft.standing.findings:
        if each.id == field:
            return ToCorrect(say_text(each.about.label), "#clauses")
    return ToCorrect(field, "#documents")
