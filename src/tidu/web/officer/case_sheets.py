"""Sheets for the national platform: a case in its order, and its results read back."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.accounts.verdicts import Refused
from tidu.casework.deciding import NoReason, report_result
from tidu.casework.lists import decided_in
from tidu.casework.models import Case, Move, Round
from tidu.casework.moving import CaseMoved, check_seen
from tidu.casework.permissions import may_run_round
from tidu.casework.platform import (
    HEADS,
    Listed,
    Matched,
    difference,
    fill_in_rows,
    match_results,
    read_results,
)
from tidu.casework.queries import pack_for
from tidu.intake.files import Limits, open_sheets
from tidu.intake.problems import UnreadableFile
from tidu.registry.actions import record_export
from tidu.rules.case_table import CERTIFIED
from tidu.web.case_words import own_mark, state_mark
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, as_book, download
from tidu.web.findings import OutcomeMark
from tidu.web.officer.case_file import find_case
from tidu.web.officer.round_forms import ResultsForm
from tidu.web.officer.rounds import INVALID, find_round, show_round
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through

_MEGABYTE = 1024 * 1024
_LIMITS = Limits(bytes=20 * _MEGABYTE, rows=100_000, cells=2_000_000)
_HOUR = 3600
_SALT = "results-of-round-{pk}"


@dataclasses.dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of the results beside what Tidu found when the case was submitted."""

    matched: Matched
    own: OutcomeMark | None
    own_score: str
    differs: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Decided:
    """A case that was decided, its last move, and what Tidu found on submission."""

    case: Case
    state: OutcomeMark
    last: Move | None
    own: OutcomeMark | None
    score: str
    differs: tuple[str, ...]


@page(may=may_act_for_authority)
def case_sheet(request: Asked, pk: int) -> HttpResponseBase:
    """The case as a sheet to type from into the platform."""
    case = find_case(request, pk)
    record_export(
        what="case_sheet",
        filters=f"case={pk}",
        count=1,
        form="xlsx",
        by=request.actor,
    )
    rows = list(fill_in_rows(case, pack_for(case), english=speaks_english()))
    note = _(
        "模块次序按 2026 年申报书的转述整理，未与平台逐项核对；"
        "标明不详的请在平台上填写。"
    )
    heads = [str(each) for each in HEADS]
    return as_book(
        f"{case.enterprise.name}_{_('填报表')}",
        [(_("填报表"), heads, [*rows, ["", "", "", "", "", note]])],
    )


@page(may=may_work_for_authority)
@require_POST
def round_results(request: Asked, pk: int) -> HttpResponse:
    """Read a file of results and show what would happen; nothing is written yet."""
    opened = _running(request, pk)
    form = ResultsForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_round(request, opened, INVALID, results_form=form)
    try:
        listed = _read(form.cleaned_data["file"])
    except UnreadableFile as error:
        form.add_error("file", error.sentence(english=speaks_english()))
        return show_round(request, opened, INVALID, results_form=form)
    if listed is None:
        text = _("没有找到表头：要有“企业名称”或“统一社会信用代码”，和“结果”")
        form.add_error("file", text)
        return show_round(request, opened, INVALID, results_form=form)
    return _preview(request, opened, listed, form.cleaned_data["source"])


@page(may=may_work_for_authority)
@require_POST
def round_results_commit(request: Asked, pk: int) -> HttpResponse:
    """Record the results that the preview showed, each by itself."""
    opened = _running(request, pk)
    try:
        kept = signing.loads(
            request.POST.get("kept", ""), salt=_SALT.format(pk=pk), max_age=_HOUR
        )
    except signing.BadSignature:
        messages.error(request, _("核对的结果已过期，请重新上传"))
        return redirect("round", pk)
    listed = [Listed(**each) for each in kept["rows"]]
    done, problems = 0, 0
    for each in match_results(opened, listed):
        if each.case is None or each.problem:
            problems += 1
            continue
        seen = kept["seen"].get(str(each.case.pk), -1)
        if _report(request, each, kept["source"], seen):
            done += 1
        else:
            problems += 1
    text = _("已登记 {done} 家的结果，{problems} 行没有登记")
    messages.success(request, text.format(done=done, problems=problems))
    return redirect("round_outcomes", pk)


@page(may=may_act_for_authority)
def round_outcomes(request: Asked, pk: int) -> HttpResponseBase:
    """What was decided beside what Tidu found on submission, case by case."""
    opened = find_round(request, pk)
    cases = decided_in(opened, request.actor)
    if (form := request.GET.get("download")) in FORMS:
        return _outcomes_file(request, opened, form)
    leaf = leaf_through(cases, request.GET)
    rows = [_outcome(each) for each in leaf.items]
    context = {"opened": opened, "leaf": leaf, "rows": rows}
    return render(request, "officer/round_outcomes.html", context)


def _outcomes_file(request: Asked, opened: Round, form: str) -> HttpResponseBase:
    cases = decided_in(opened, request.actor)
    record_export(
        what="round_outcomes",
        filters=f"round={opened.pk}",
        count=cases.count(),
        form=form,
        by=request.actor,
    )
    columns = [
        *(_("受理编号"), _("企业名称"), _("统一社会信用代码"), _("结果")),
        *(_("平台得分"), _("批次"), _("依据"), _("提交时的评估"), _("当时得分")),
        _("不同之处"),
    ]
    return download(form, _("结果对照"), columns, _outcome_lines(cases))


def _outcome_lines(cases: models.QuerySet[Case]) -> Iterator[list[Any]]:
    for each in map(_outcome, cases.iterator(chunk_size=500)):
        case, data = each.case, each.last.data if each.last else {}
        yield [
            *(case.number, case.enterprise.name, case.enterprise.uscc or ""),
            *(each.state.word, data.get("score", ""), data.get("batch", "")),
            *(data.get("source", ""), each.own.word if each.own else "", each.score),
            _("；").join(each.differs),
        ]


def _outcome(case: Case) -> Decided:
    moves = list(case.moves.all())
    own, score = own_mark(case)
    state = state_mark(case.lifecycle.states[case.state])
    last = moves[-1] if moves else None
    found = difference(
        case,
        certified=case.state == CERTIFIED,
        score=last.data.get("score", "") if last else "",
        above=last is not None and last.event.startswith("report_"),
    )
    return Decided(case, state, last, own, score, found.sentences)


def _report(request: Asked, matched: Matched, source: str, seen: int) -> bool:
    assert matched.case is not None
    more = {"score": matched.listed.score, "batch": matched.listed.batch}
    try:
        check_seen(matched.case, seen)
        report_result(
            case=matched.case,
            by=request.actor,
            seen=seen,
            certified=bool(matched.listed.certified),
            source=source,
            more={name: text for name, text in more.items() if text},
        )
    except (CaseMoved, NoReason, Refused):
        return False
    return True


def _preview(
    request: Asked, opened: Round, listed: list[Listed], source: str
) -> HttpResponse:
    matched = match_results(opened, listed)
    kept = {
        "rows": [dataclasses.asdict(each) for each in listed],
        "seen": {m.case.pk: m.case.counter for m in matched if m.case},
        "source": source,
    }
    rows = [_row(each) for each in matched]
    context = {
        "opened": opened,
        "source": source,
        "rows": rows,
        "ready": sum(not each.problem for each in matched),
        "differing": sum(bool(each.differs) for each in rows),
        "kept": signing.dumps(kept, salt=_SALT.format(pk=opened.pk), compress=True),
    }
    return render(request, "officer/round_results.html", context)


def _row(matched: Matched) -> ResultRow:
    case: Case | None = matched.case
    if case is None:
        return ResultRow(matched, None, "", ())
    listed = matched.listed
    differs: tuple[str, ...] = ()
    if not matched.problem:
        found = difference(
            case, certified=listed.certified, score=listed.score, above=True
        )
        differs = found.sentences
    return ResultRow(matched, *own_mark(case), differs)


def _read(file: UploadedFile[Any]) -> list[Listed] | None:
    """The rows of the first sheet that has the heads."""
    suffix = Path(file.name or "").suffix.lower()[:6]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"results{suffix}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        for sheet in open_sheets(path, _LIMITS):
            rows: list[tuple[int, list[Any]]] = list(sheet.rows(0))
            found = read_results(rows)
            if found is not None:
                return found
    return None


def _running(request: Asked, pk: int) -> Round:
    opened = find_round(request, pk)
    may_run_round(request.actor, opened).or_refuse()
    return opened
