"""The pool of experts from a sheet: template, what it would change, and writing it."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.casework.experts import may_keep_pool
from tidu.casework.pool_sheets import (
    COLUMNS,
    Checked,
    Effect,
    PoolCheck,
    PoolRow,
    check_pool,
    commit_pool,
    read_pool,
)
from tidu.casework.review_models import Expert
from tidu.intake import Problem
from tidu.intake.problems import UnreadableFile
from tidu.registry.actions import record_export
from tidu.rules.errors import TiduError
from tidu.web.context import speaks_english
from tidu.web.downloads import as_book
from tidu.web.officer.review_forms import field_choices, field_words
from tidu.web.pages import Asked, page
from tidu.web.plain_forms import PlainForm
from tidu.web.problems import by_sheet
from tidu.web.wording import industries

INVALID = 422
_HOUR = 3600
_SALT, _PASSWORDS = "pool-of-{pk}", "passwords-of-{pk}"
_SHOWN = 200


class PoolForm(PlainForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("专家名单"),
        help_text=gettext_lazy("xlsx 或 csv，一行一位专家；请用模板的列名。"),
        error_messages={"required": gettext_lazy("请选择一个文件")},
    )


@dataclasses.dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it: its fields, and what would change, in words."""

    checked: Checked
    fields: str
    changes: str


@page(may=may_keep_pool)
def pool_import(request: Asked) -> HttpResponse:
    """Choose a file; what it would change is shown, and nothing written."""
    if request.method != "POST":
        return _choose(request, PoolForm())
    form = PoolForm(request.POST, request.FILES)
    if not form.is_valid():
        return _choose(request, form)
    file: UploadedFile[Any] = form.cleaned_data["file"]
    content = file.read()
    name = Path(file.name or "").name[:100]
    try:
        rows, problems = _read(content, name)
    except UnreadableFile as error:
        form.add_error("file", error.sentence(english=speaks_english()))
        return _choose(request, form)
    assert request.actor.organisation is not None
    check = check_pool(rows, name, request.actor.organisation, problems)
    return _preview(request, check, name, hashlib.sha256(content).hexdigest())


@page(may=may_keep_pool)
@require_POST
def pool_commit(request: Asked) -> HttpResponse:
    """Write what the preview showed: all of it or nothing."""
    office = request.actor.organisation
    assert office is not None
    try:
        kept = signing.loads(
            request.POST.get("kept", ""), salt=_SALT.format(pk=office.pk), max_age=_HOUR
        )
        rows = [PoolRow(**each) for each in kept["rows"]]
        check = check_pool(rows, kept["file"], office, [])
        entered = commit_pool(
            check=check, file=kept["file"], digest=kept["sha256"], by=request.actor
        )
    except signing.BadSignature:
        messages.error(request, _("核对的结果已过期，请重新上传"))
        return redirect("pool_import")
    except TiduError as error:
        messages.error(request, error.sentence(english=speaks_english()))
        return redirect("pool_import")
    told = [(each.user.username, each.name, password) for each, password in entered]
    context = {
        "changed": check.count(Effect.CHANGED),
        "told": told,
        "kept": signing.dumps(
            told, salt=_PASSWORDS.format(pk=office.pk), compress=True
        ),
    }
    answer = render(request, "officer/pool_imported.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page(may=may_keep_pool)
@require_POST
def pool_passwords(request: Asked) -> HttpResponse:
    """The one-time passwords that the last page showed, as a sheet to cut apart."""
    office = request.actor.organisation
    assert office is not None
    try:
        told = signing.loads(
            request.POST.get("kept", ""),
            salt=_PASSWORDS.format(pk=office.pk),
            max_age=_HOUR,
        )
    except signing.BadSignature as error:
        raise Http404 from error
    record_export(
        what="expert_passwords",
        filters="",
        count=len(told),
        form="xlsx",
        by=request.actor,
    )
    heads = [_("用户名"), _("姓名"), _("一次性口令")]
    return as_book(_("专家一次性口令"), [(_("一次性口令"), heads, told)])


@page(may=may_keep_pool)
def pool_template(request: Asked) -> HttpResponse:  # noqa: ARG001 - a view
    """An empty sheet with the heads, how to fill it in, and the fields there are."""
    heads, notes = pool_heads(), [str(each) for each in _NOTES]
    fields = [[code, name.partition(" ")[2]] for code, name in field_choices()]
    return as_book(
        _("专家名单模板"),
        [
            (_("专家"), heads, []),
            (_("填写说明"), [_("列"), _("怎么填")], zip(heads, notes, strict=True)),
            (_("专业领域"), [_("代码"), _("行业大类")], fields),
        ],
    )


def pool_heads() -> list[str]:
    """The columns of the template and of the pool's own file, in their order."""
    return [
        *(_("用户名"), _("姓名"), _("工作单位"), _("单位统一社会信用代码")),
        *(_("专业领域"), _("一个批次最多评几份"), _("在库")),
    ]


def pool_cells(expert: Expert) -> list[Any]:
    """The cells of an expert below those columns; the file can be taken in again."""
    return [
        *(expert.user.username, expert.name, expert.organisation_name),
        *(expert.organisation_code, _fields_cell(expert.fields)),
        *(expert.limit, _("是") if expert.active else _("否")),
    ]


_NOTES = (
    gettext_lazy("登录用的名字，一人一个；库里已有的，按这个名字改资料。"),
    gettext_lazy("必填。"),
    gettext_lazy("必填。写全称：同名企业会列为疑点，由人核对。"),
    gettext_lazy("核实后再填：填了就按它回避。不清楚的留空。"),
    gettext_lazy("两位代码（如 34）或大类全名，几个之间用分号隔开；见“专业领域”表。"),
    gettext_lazy("1 到 500 的整数；留空按 20 份。"),
    gettext_lazy("是或否；留空按“是”。暂时不评的写“否”，不要删行。"),
)


def _fields_cell(fields: list[str]) -> str:
    known = dict(field_choices())
    return "；".join(known.get(each, each) for each in fields)


def _choose(request: Asked, form: PoolForm) -> HttpResponse:
    status = INVALID if form.errors else 200
    return render(request, "officer/pool_import.html", {"form": form}, status=status)


def _preview(request: Asked, check: PoolCheck, name: str, digest: str) -> HttpResponse:
    office = request.actor.organisation
    assert office is not None
    words = dict(zip(COLUMNS, pool_heads(), strict=True))
    kept = {
        "rows": [dataclasses.asdict(each.row) for each in check.rows],
        "file": name,
        "sha256": digest,
    }
    salt = _SALT.format(pk=office.pk)
    context = {
        "file": name,
        "check": check,
        "counts": {str(each): check.count(each) for each in Effect},
        "problems": by_sheet(check.problems[:_SHOWN], english=speaks_english()),
        "rows": [
            ShownRow(
                each,
                field_words(each.row.fields),
                _("、").join(words[kind] for kind in each.changes),
            )
            for each in check.rows[:_SHOWN]
        ],
        "shown": _SHOWN,
        "kept": signing.dumps(kept, salt=salt, compress=True) if check.ready else "",
    }
    status = INVALID if check.problems else 200
    return render(request, "officer/pool_checked.html", context, status=status)


def _read(content: bytes, name: str) -> tuple[list[PoolRow], list[Problem]]:
    fields = {text: code[1:] for code, text in industries().items() if code[1:]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pool{Path(name).suffix.lower()[:6]}"
        path.write_bytes(content)
        try:
            return read_pool(path, name, fields)
        except UnreadableFile as error:
            raise UnreadableFile(
                error.msgid, **{**error.values, "path": name}
            ) from error
