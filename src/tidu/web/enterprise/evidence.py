"""Evidence: what was uploaded, for which figures; take a file in, hand it out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.registry.blobs import open_blob
from tidu.registry.evidence import (
    add_evidence,
    download_name,
    evidence_of,
    remove_evidence,
)
from tidu.registry.file_kinds import LARGEST, EvidenceError
from tidu.registry.ledger import figures_of
from tidu.registry.models import Evidence
from tidu.rules.facts import split_key
from tidu.rules.naming import name_key
from tidu.web.context import speaks_english
from tidu.web.downloads import download
from tidu.web.enterprise.figures import IDENTITY, pack_of
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked
from tidu.web.paging import leaf_through
from tidu.web.plain_forms import PlainForm

_MEGABYTE = 1024 * 1024
_YEARS = 6


class EvidenceForm(PlainForm):
    """A file, what it is, and which figures it proves."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        allow_empty_file=True,  # what is empty is told with the other reasons
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.ofd"}
        ),
        help_text=gettext_lazy("PDF、PNG、JPG、XLSX、DOCX 或 OFD，最大 20 MB。"),
    )
    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("如：2025年度审计报告。不写就用文件名。"),
    )
    year = forms.TypedChoiceField(
        label=gettext_lazy("年度"), required=False, coerce=int, empty_value=None
    )
    keys = forms.MultipleChoiceField(
        label=gettext_lazy("证明哪些数据"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("可以多选；没有列出的数，先填好再来选。"),
    )

    def __init__(self, *args: Any, keys: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = timezone.localdate().year
        years = range(last, last - _YEARS, -1)
        self.fields["year"].choices = [("", _("不限")), *((y, str(y)) for y in years)]  # type: ignore[attr-defined]
        self.fields["keys"].choices = keys  # type: ignore[attr-defined]


def evidence(request: Asked, firm: Firm) -> HttpResponseBase:
    """The list, and a form to add to it."""
    found = evidence_of(firm.enterprise)
    names = _names(firm)
    if form := request.GET.get("download"):
        return _download(firm, form, names)
    upload = EvidenceForm(keys=list(names.items()))
    status = 200
    if request.method == "POST":
        upload = EvidenceForm(request.POST, request.FILES, keys=list(names.items()))
        if upload.is_valid() and _taken(request, firm, upload):
            return redirect(firm.url("evidence"))
        status = 422
    leaf = leaf_through(found, request.GET)
    rows = [
        {"evidence": each, "proves": [names.get(key, key) for key in each.keys]}
        for each in leaf.items
    ]
    context = {
        "firm": firm,
        "tab": "evidence",
        "leaf": leaf,
        "rows": rows,
        "form": upload,
        "most": LARGEST // _MEGABYTE,
    }
    return render(request, "enterprise/evidence.html", context, status=status)


def _taken(request: Asked, firm: Firm, upload: EvidenceForm) -> bool:
    """Take the file in, or put the reason beside its field."""
    given = upload.cleaned_data["file"]
    try:
        made = add_evidence(
            enterprise=firm.enterprise,
            file=given.file,
            file_name=given.name,
            size=given.size,
            title=upload.cleaned_data["title"],
            year=upload.cleaned_data["year"],
            keys=upload.cleaned_data["keys"],
            by=request.actor,
        )
    except EvidenceError as error:
        upload.add_error("file", str(error))
        return False
    text = _("“{title}”已上传")
    messages.success(request, text.format(title=made.title))
    return True


def file(request: Asked, firm: Firm, evidence_id: int) -> FileResponse | HttpResponse:  # noqa: ARG001 - a view
    """Hand a file out to be saved, never to be shown by the browser."""
    return saved(get_object_or_404(evidence_of(firm.enterprise), pk=evidence_id))


def saved(found: Evidence) -> FileResponse:
    """A file of evidence as an answer that a browser saves."""
    try:
        content = open_blob(found.blob)
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(content, content_type=found.blob.media_type)
    name = quote(download_name(found))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Length"] = str(found.blob.size)
    return answer


@require_POST
def remove(request: Asked, firm: Firm, evidence_id: int) -> HttpResponseBase:
    """Take a file off the list; the bytes and who removed it stay on record."""
    found = get_object_or_404(evidence_of(firm.enterprise), pk=evidence_id)
    remove_evidence(evidence=found, by=request.actor)
    text = _("“{title}”已移除，记录保留")
    messages.success(request, text.format(title=found.title))
    return redirect(firm.url("evidence"))


def _names(firm: Firm) -> dict[str, str]:
    """The figures of the enterprise in words, by key."""
    english, pack = speaks_english(), pack_of(firm.enterprise)
    places = {fact_id: at for at, fact_id in enumerate(pack.facts)}

    def order(key: str) -> tuple[int, str]:
        return places.get(split_key(key)[0], 0), key

    return {
        key: name_key(key, pack.words, english=english)
        for key in sorted(figures_of(firm.enterprise), key=order)
        if split_key(key)[0] in pack.facts and split_key(key)[0] not in IDENTITY
    }


def _download(firm: Firm, form: str, names: dict[str, str]) -> HttpResponseBase:
    heads = [
        _("名称"),
        _("年度"),
        _("证明的数据"),
        _("上传人"),
        _("上传时间"),
        "SHA-256",
        _("字节"),
    ]
    rows = [
        [
            each.title,
            each.year or "",
            "、".join(names.get(key, key) for key in each.keys),
            each.uploaded_by.name,
            timezone.localtime(each.uploaded_at),
            each.blob.sha256,
            each.blob.size,
        ]
        for each in evidence_of(firm.enterprise)
    ]
    return download(form, _("佐证材料"), heads, rows)
