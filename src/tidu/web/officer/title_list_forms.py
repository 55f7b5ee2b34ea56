"""What an officer types to bring in a recognition list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tidu.rules.library import default_library
from tidu.web.officer.collection_forms import DateInput
from tidu.web.wording import scheme_word


class TitleListForm(forms.Form):
    """A published list, and what holds for all on it."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_(
            "xlsx 或 csv；要有“企业名称”一列。序号、地区、有效期、信用代码可有可无。"
        ),
        error_messages={"required": _("请选择一个文件")},
        widget=forms.ClearableFileInput(attrs={"class": "form-control"}),
    )
    scheme = forms.ChoiceField(
        label=_("哪个称号"), widget=forms.Select(attrs={"class": "form-select"})
    )
    source = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_(
            "公告的文号或名称，如“某厅公告〔2026〕5号”；会写在每家企业的称号上。"
        ),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    batch_name = forms.CharField(
        label=_("批次"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    valid_from = forms.DateField(
        label=_("有效期自"),
        help_text=_("名单里每行另有日期的，以那一行为准。"),
        widget=DateInput(),
    )
    valid_until = forms.DateField(
        label=_("有效期至"),
        required=False,
        help_text=_("公告没有写截止日期的，留空。"),
        widget=DateInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = default_library().national.schemes.values()
        titled = [each.id for each in schemes if each.title_fact]
        self.fields["scheme"].choices = [(s, scheme_word(s)) for s in titled]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            most = settings.UPLOAD_LIMIT // 2**20
            raise forms.ValidationError(
                str(_("文件超过 {most} MB；请分成几个文件")).format(most=most)
            )
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        start, end = given.get("valid_from"), given.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", str(_("截止日期早于开始日期；请核对")))
        return given
