"""What an authority announces when it opens a round."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tidu.casework.documents import PAPERS
from tidu.casework.enums import DayKind
from tidu.casework.rounds import Terms
from tidu.casework.wording import say_text
from tidu.rules.case_table import APPEAL, COMMON, OBJECTION
from tidu.rules.procedures import NEED_LABELS, Need, Step, StepKind
from tidu.web.officer.collection_forms import DateInput
from tidu.web.plain_forms import PlainForm

_MOST_DAYS = 366


def _days(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=_MOST_DAYS, **more)


class TermsForm(PlainForm):
    """The terms; what the regulations leave open has no value until it is typed."""

    title = forms.CharField(
        label=_("名称"),
        max_length=120,
        help_text=_("企业看到的就是它，如“2026年度第二批专精特新中小企业认定”。"),
    )
    opens_on = forms.DateField(label=_("开始申报"), widget=DateInput())
    closes_on = forms.DateField(
        label=_("截止申报"), widget=DateInput(), help_text=_("当天还可以提交。")
    )
    on = forms.DateField(
        label=_("按哪一天"),
        widget=DateInput(),
        help_text=_("用哪一版标准、数据算到哪一天，以它为准。"),
    )
    capacity = forms.IntegerField(
        label=_("名额"),
        min_value=1,
        required=False,
        help_text=_("没有名额限制的，不填。"),
    )
    notice_days = _days(
        _("公示天数"), required=False, help_text=_("规定没有默认天数，请按您的通知填。")
    )
    notice_kind = forms.ChoiceField(label=_("公示按"), choices=DayKind.choices)
    appeal_days = _days(
        _("申诉期限（天）"),
        required=False,
        help_text=_("不予通过之后几天以内可以申诉；不填就不设期限。"),
    )

    def __init__(
        self,
        *args: Any,
        steps: Sequence[Step],
        needs: Mapping[str, Need] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        noticed = any(each.kind is StepKind.PUBLIC_NOTICE for each in steps)
        if noticed:
            self.fields["notice_days"].required = True
        else:
            del self.fields["notice_days"], self.fields["notice_kind"]
        self.timed = {each.id: say_text(each.label) for each in steps}
        for state in (OBJECTION, APPEAL) if noticed else (APPEAL,):
            self.timed[state] = say_text(COMMON[state].label)
        for state, label in self.timed.items():
            text = _("{step}几个工作日内办完")
            self.fields[f"limit-{state}"] = forms.IntegerField(
                label=str(text).format(step=label),
                min_value=1,
                max_value=_MOST_DAYS,
                required=False,
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )
        for group, paper in PAPERS.items():
            self.fields[f"paper-{group}"] = _paper(str(paper), (needs or {}).get(group))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", str(_("截止日期早于开始日期；请核对")))
        return given

    def terms(self) -> Terms:
        """What was typed, once valid."""
        given = self.cleaned_data
        limits = {
            state: {"days": days, "kind": DayKind.WORKING.value}
            for state in self.timed
            if (days := given.get(f"limit-{state}"))
        }
        papers = {group: given[f"paper-{group}"] for group in PAPERS}
        return Terms(
            title=given["title"],
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
            on=given["on"],
            capacity=given["capacity"],
            notice_days=given.get("notice_days"),
            notice_kind=DayKind(given.get("notice_kind") or DayKind.WORKING),
            appeal_days=given["appeal_days"],
            limits=limits,
            papers=papers,
        )


def _paper(label: str, need: Need | None) -> forms.ChoiceField:
    """Whether a document must be there: by the procedure's list, else to be said."""
    known = _("已知的文件列了这一项。")
    unknown = _("已知的文件没有给出清单：先按必交，您的通知不要的，改成选交。")
    return forms.ChoiceField(
        label=str(_("材料：{paper}")).format(paper=label),
        choices=[
            (each.value, say_text(NEED_LABELS[each]))
            for each in (Need.REQUIRED, Need.OPTIONAL)
        ],
        initial=(need or Need.REQUIRED).value,
        help_text=known if need else unknown,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class LastDayForm(PlainForm):
    """Another last day of applications."""

    closes_on = forms.DateField(label=_("截止申报"), widget=DateInput())

    def __init__(self, *args: Any, opens_on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opens_on = opens_on

    def clean_closes_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["closes_on"]
        if day < max(self.opens_on, timezone.localdate()):
            raise forms.ValidationError(str(_("不能早于今天，也不能早于开始申报那天")))
        return day


class ResultsForm(PlainForm):
    """The file of results and what it is based on."""

    file = forms.FileField(
        label=_("结果文件"),
        help_text=_(
            "xlsx 或 csv。要有“企业名称”或“统一社会信用代码”一列，"
            "和“结果”一列（通过、不通过）；"
            "“得分”“批次”可有可无。"
        ),
        error_messages={"required": _("请选择一个文件")},
    )
    source = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("公布名单的文号或名称。")
    )
