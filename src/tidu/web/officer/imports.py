"""The way of a file into the registry: upload, columns, check, commit, undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidu.accounts.permissions import may_act_for_authority
from tidu.eligibility.jobs import refresh_soon
from tidu.eligibility.queries import stale_after
from tidu.intake import Problem
from tidu.registry.actions import record_export
from tidu.registry.blobs import open_blob
from tidu.registry.enums import RUNNING, ImportState, SameFirm
from tidu.registry.import_models import ImportBatch
from tidu.registry.imports import actions
from tidu.registry.imports.jobs import SILENCE
from tidu.registry.imports.reports import problem_rows
from tidu.registry.permissions import (
    may_import,
    may_see_import,
    may_work_on_import,
)
from tidu.rules.library import default_library
from tidu.web.context import speaks_english
from tidu.web.downloads import FORMS, download
from tidu.web.officer.exports import TakenOut, exported
from tidu.web.officer.import_forms import (
    UNITS,
    UploadForm,
    column_rows,
    read_choices,
    years_offered,
)
from tidu.web.officer.kept_files import bring_in, is_silent, own_files, progress
from tidu.web.pages import Asked, page
from tidu.web.paging import leaf_through
from tidu.web.problems import by_sheet

STEPS = {
    ImportState.UPLOADED: 2,
    ImportState.CHECKING: 3,
    ImportState.CHECKED: 3,
    ImportState.UNREADABLE: 2,
    ImportState.DISCARDED: 3,
}


@page(may=may_act_for_authority)
def imports(request: Asked) -> HttpResponse:
    return own_files(request, ImportBatch.objects.all(), "officer/imports.html")


@page(may=may_import)
def import_new(request: Asked) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return bring_in(
        request,
        UploadForm(request.actor, *posted),
        "officer/import_new.html",
        upload=actions.upload_import,
        to="import_columns",
    )


@page(may=may_act_for_authority)
def import_columns(request: Asked, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    columns = actions.columns_of(batch)
    errors: list[str] = []
    chosen = batch.columns
    if request.method == "POST":
        chosen, errors = read_choices(columns, request.POST)
        if not errors:
            actions.check_import(batch=batch, choices=chosen, by=request.actor)
            return redirect("import", batch.pk)
    context = {
        "batch": batch,
        "rows": column_rows(columns, chosen),
        "errors": errors,
        "facts": default_library().facts,
        "units": UNITS,
        "years": years_offered(batch.on.year),
        "step": 2,
    }
    return render(request, "officer/import_columns.html", context)


@page(may=may_act_for_authority)
def import_one(request: Asked, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.state == ImportState.UPLOADED:
        return redirect("import_columns", pk)
    context = {
        "batch": batch,
        "step": STEPS.get(ImportState(batch.state), 4),
        "may": may_work_on_import(request.actor, batch),
        **_progress(batch),
    }
    if batch.state == ImportState.CHECKED:
        english = speaks_english()
        problems = [Problem(**each) for each in batch.summary.get("problems", ())]
        context |= {
            "problems": by_sheet(problems, english=english),
            "shown_problems": len(problems),
            "commit": actions.may_commit(batch),
            "waiting": leaf_through(
                batch.decisions.select_related("candidate"), request.GET
            ),
            "choices": SameFirm.choices,
        }
    if batch.state == ImportState.COMMITTED:
        context["stale"] = stale_after(batch)
    return render(request, "officer/import.html", context)


@page(may=may_act_for_authority)
def import_progress(request: Asked, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    template, context = "officer/_import_progress.html", _progress(batch)
    return progress(request, template, context, running=context["running"])


@page(may=may_act_for_authority)
@require_POST
def import_decide(request: Asked, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    known = {each.value for each in SameFirm}
    decided = {
        int(name.removeprefix("row-")): value
        for name, value in request.POST.items()
        if name.startswith("row-")
        and name.removeprefix("row-").isdecimal()
        and value in known
    }
    actions.decide_rows(batch=batch, decided=decided, by=request.actor)
    return redirect(reverse("import", args=[pk]) + request.POST.get("back", "")[:20])


@page(may=may_act_for_authority)
@require_POST
def import_commit(request: Asked, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    actions.commit_import(batch=batch, by=request.actor)
    transaction.on_commit(refresh_soon)
    return redirect("import", pk)


@page(may=may_act_for_authority)
@require_POST
def import_undo(request: Asked, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    actions.undo_import(batch=batch, by=request.actor)
    transaction.on_commit(refresh_soon)
    return redirect("import", pk)


@page(may=may_act_for_authority)
@require_POST
def import_resume(request: Asked, pk: int) -> HttpResponse:
    actions.resume_import(batch=_batch(request, pk), by=request.actor)
    return redirect("import", pk)


@page(may=may_act_for_authority)
@require_POST
def import_discard(request: Asked, pk: int) -> HttpResponse:
    actions.discard_import(batch=_batch(request, pk), by=request.actor)
    return redirect("imports")


@page(may=may_act_for_authority)
def import_report(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """Every problem that the check found: the workbook, or its problems as CSV."""
    batch = _batch(request, pk)
    if batch.report is None or form not in FORMS:
        raise Http404
    record_export(
        what="import_errors",
        filters=f"import={pk}",
        count=batch.errors + batch.warnings,
        form=form,
        by=request.actor,
    )
    name = f"{_('核对')}-{batch.file_name.rpartition('.')[0]}"
    if form == "csv":
        header, *rows = problem_rows(batch.report)
        return download(form, name, header, rows)
    file = open_blob(batch.report)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


@page(may=may_act_for_authority)
def import_result(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """What the commit did, one line a firm."""
    batch = _batch(request, pk)
    columns = [
        _("企业名称"),
        _("统一社会信用代码"),
        _("区划"),
        _("结果"),
        _("位置"),
        _("数据项数"),
    ]
    count = batch.filings.count()
    taken = TakenOut(_("导入结果"), columns, _result_rows(batch), count)
    return exported(request, form, taken, what="import_result", filters=f"import={pk}")


def _result_rows(batch: ImportBatch) -> Iterator[list[Any]]:
    words = {True: _("新入库"), False: _("更新")}
    rows = batch.filings.order_by("id").values_list(
        "enterprise__name",
        "enterprise__uscc",
        "enterprise__territory",
        "enterprise__entered_with",
        "entries",
    )
    for name, code, territory, entered, entries in rows.iterator(chunk_size=2000):
        place = next((each.get("place", "") for each in entries.values()), "")
        new = words[entered == batch.pk]
        yield [name, code or "", territory, new, place, len(entries)]


def _batch(request: Asked, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.select_related("organisation", "uploaded_by", "report")
    batch = get_object_or_404(rows, pk=pk)
    may_see_import(request.actor, batch).or_refuse()
    return batch


def _progress(batch: ImportBatch) -> dict[str, Any]:
    running = batch.state in RUNNING
    return {
        "batch": batch,
        "running": running,
        "percent": min(100, int(batch.share_done * 100)),
        "silent": is_silent(batch, running=running, silence=SILENCE),
    }
