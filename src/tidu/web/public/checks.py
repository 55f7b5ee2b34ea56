"""The self-check without an account: a form, or a file; nothing is stored."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tidu.accounts.permissions import anybody
from tidu.eligibility.standings import standings_of
from tidu.intake import Intake, UnreadableFile
from tidu.intake.assessing import Request
from tidu.rules.library import default_library
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind
from tidu.web.context import speaks_english
from tidu.web.downloads import XLSX
from tidu.web.pages import Asked, page
from tidu.web.public import checking
from tidu.web.public.fact_forms import (
    AskForm,
    CheckForm,
    first_keys,
    further_keys,
    keys_in,
)
from tidu.web.throttle import too_many

_MEGABYTE = 1024 * 1024
_TAKEN = ".xlsx,.xlsm,.csv,.txt,.json"


class FileForm(AskForm):
    """The self-check of a file."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy(
            "Excel（xlsx）或 CSV，5 MB 以内，最多 500 家；"
            "第一行写指标名称，如 2025年营业收入（万元），一行一家企业"
        ),
        error_messages={
            "required": gettext_lazy("请选择一个文件"),
            "empty": gettext_lazy("这是空文件；请检查是否选对了文件"),
        },
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,.xlsm,.csv,.txt,.json"}
        ),
    )
    field_order = ("file", "on", "kind", "territory")

    def clean_file(self) -> Any:
        """Refuse what is too large before anything reads it."""
        file = self.cleaned_data["file"]
        if file.size > checking.LIMITS.bytes:
            text = _("文件有 {size} MB，超过 5 MB；请按年份或县区分成几个文件")
            raise forms.ValidationError(text.format(size=file.size // _MEGABYTE))
        return file


@page(may=anybody)
@never_cache
@require_http_methods(["GET", "POST"])
def self_check(request: Asked) -> HttpResponse:
    if request.method == "POST":
        return _checked(request)
    today = timezone.localdate()
    initial = {"on": today, "kind": Kind.NEW.value}
    keys = first_keys(today, Kind.NEW, "")
    pack = default_library().national
    form = CheckForm(None, keys, pack=pack, initial=initial)
    return render(request, "public/self_check.html", {"form": form})


def _checked(request: Asked) -> HttpResponse:
    """The result above the form, which now asks what would decide most as well."""
    form, pack = _posted(request)
    template = "public/_check.html" if request.htmx else "public/self_check.html"
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    asked = form.cleaned_data
    found = standings_of(
        form.facts(),
        on=asked["on"],
        kind=Kind(asked["kind"]),
        territory=asked["territory"],
    )
    result = checking.check_facts(found, english=speaks_english())
    further = CheckForm(request.POST, form.keys, further_keys(found), pack=pack)
    return render(request, template, {"form": further, "result": result})


def _posted(request: Asked) -> tuple[CheckForm, Pack]:
    """The form as posted: with the fields it names, under the pack it names."""
    pack = default_library().for_territory(request.POST.get("territory"))
    year = timezone.localdate().year + 1
    return CheckForm(request.POST, keys_in(request.POST, pack, year), pack=pack), pack


@page(may=anybody)
@never_cache
@require_http_methods(["POST"])
def self_check_report(request: Asked) -> HttpResponse:
    if too_many(request, "check"):
        return _too_many(request)
    form, _pack = _posted(request)
    if not form.is_valid():
        return render(request, "public/self_check.html", {"form": form}, status=422)
    out = io.BytesIO()
    checking.report_of(form.facts(), _asked(form), out)
    return _download(out, _("自测报告.xlsx"))


@page(may=anybody)
@never_cache
@require_http_methods(["GET", "POST"])
def check_file(request: Asked) -> HttpResponse:
    if request.method == "GET":
        initial = {"on": timezone.localdate(), "kind": Kind.NEW.value}
        form = FileForm(initial=initial)
        return render(request, "public/check_file.html", {"form": form})
    if too_many(request, "check"):
        return _too_many(request)
    form = FileForm(request.POST, request.FILES)
    intake = _read(form) if form.is_valid() else None
    template = "public/_file_result.html" if request.htmx else "public/check_file.html"
    if intake is None:
        return render(request, template, {"form": form}, status=422)
    asked = _asked(form)
    if "report" in request.POST:
        out = io.BytesIO()
        checking.write_report(intake, asked, out)
        return _download(out, _("自测报告.xlsx"))
    result = checking.check_file(intake, asked)
    return render(request, template, {"form": form, "file_result": result})


def _read(form: FileForm) -> Intake | None:
    """The file as read, or None with the reason at the field."""
    try:
        return checking.read_upload(form.cleaned_data["file"], _asked(form))
    except (UnreadableFile, checking.TooManyFirmsError) as error:
        form.add_error("file", str(error))
        return None


def _asked(form: AskForm) -> Request:
    data = form.cleaned_data
    return Request(
        data["on"],
        Kind(data["kind"]),
        data["territory"] or None,
        english=speaks_english(),
    )


def _download(out: io.BytesIO, name: str) -> HttpResponse:
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name)  # noqa: FBT003
    return answer


def _too_many(request: Asked) -> HttpResponse:
    """429, with what to do."""
    template = "public/_too_many.html" if request.htmx else "public/too_many.html"
    return render(request, template, status=429)
