"""What an officer types on the way of an import."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import TERRITORY
from tidu.registry.enums import OUTSIDE, FilingSource
from tidu.registry.imports.columns import ColumnFound
from tidu.registry.permissions import may_import
from tidu.rules.facts import FactType
from tidu.rules.library import default_library

SOURCES = (
    FilingSource.IMPORT,
    FilingSource.STATEMENT,
    FilingSource.OFFICIAL,
    *OUTSIDE,
)
UNITS = ("", "元", "万元", "亿元", "%", "人", "项")
_YEARS_BACK = 6


class UploadForm(forms.Form):
    """A file, and what is to be known before it is read."""

    file = forms.FileField(
        label=_("表格文件"),
        help_text=_("xlsx 或 csv，最大 100 MB；第一行是列名，一行一家企业。"),
        error_messages={"required": _("请选择一个文件")},
    )
    source = forms.ChoiceField(
        label=_("数据来源"),
        choices=[(each.value, each.label) for each in SOURCES],
        help_text=_(
            "同一个数有几个来源时，官方名单优先于财务报表，报表优先于表格导入。"
            "税务数据和年度报告只用来和企业填报的比对，不替换已有的数。"
        ),
    )
    on = forms.DateField(
        label=_("填表日期"),
        help_text=_("表里写“上年度”的，按这一天的上一年读取。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    territory = forms.CharField(
        label=_("缺省区划"),
        max_length=6,
        validators=[TERRITORY],
        help_text=_("表里没有写区划代码的行，按这个区划入库。"),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "on": timezone.localdate(),
                "territory": actor.organisation.territory if actor.organisation else "",
                "source": FilingSource.IMPORT,
            },
        )
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            select = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            most = settings.UPLOAD_LIMIT // 2**20
            said = _("文件有 {size} MB，超过 {most} MB；请分成几个文件")
            raise forms.ValidationError(
                str(said).format(size=file.size // 2**20, most=most)
            )
        return file

    def clean_territory(self) -> str:
        code: str = self.cleaned_data["territory"]
        verdict = may_import(self.actor, code)
        if not verdict:
            raise forms.ValidationError(str(verdict.reason))
        return code


@dataclasses.dataclass(slots=True)
class ColumnRow:
    """A column on the page: as its header was understood, and as it is chosen."""

    at: int
    found: ColumnFound
    choice: dict[str, Any]

    @property
    def understood(self) -> bool:
        return bool(self.found.fact)


def column_rows(
    columns: list[ColumnFound], choices: Mapping[str, Mapping[str, Any]] | None
) -> list[ColumnRow]:
    """Every column with what was chosen of it before, else what its header says."""
    return [
        ColumnRow(at, each, dict((choices or {}).get(each.column, each.choice)))
        for at, each in enumerate(columns)
    ]


def read_choices(
    columns: list[ColumnFound], posted: Mapping[str, str]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What was chosen for each column, and what is wrong with it."""
    facts = default_library().facts
    choices: dict[str, dict[str, Any]] = {}
    errors: list[str] = []
    taken: set[str] = set()
    for at, each in enumerate(columns):
        choice = each.choice
        if each.alone:
            choice = _one(at, posted)
            choices[each.column] = choice
        fact = choice["fact"]
        if fact and fact not in facts:
            said = _("“{column}”列选的项目不认识，请重新选择")
            errors.append(str(said).format(column=each.column))
        elif fact and facts[fact].type is FactType.MONEY and choice["unit"] == "%":
            said = _("“{column}”列是金额，单位不能是 %")
            errors.append(str(said).format(column=each.column))
        taken.add(fact)
    if not {"uscc", "name"} & taken:
        said = _("至少要有一列是统一社会信用代码或企业名称，否则不知道是哪家企业")
        errors.append(str(said))
    return choices, errors


def _one(at: int, posted: Mapping[str, str]) -> dict[str, Any]:
    year = posted.get(f"year-{at}", "")
    unit = posted.get(f"unit-{at}", "")
    return {
        "fact": posted.get(f"fact-{at}", ""),
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,  # noqa: PLR2004 - a year
        "unit": unit if unit in UNITS else "",
    }


def years_offered(year: int) -> list[int]:
    """The years a column may be of, the nearest first."""
    return list(range(year, year - _YEARS_BACK, -1))
