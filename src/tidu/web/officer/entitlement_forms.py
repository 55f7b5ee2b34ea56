"""What an officer types about a list that is paid without applying."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.eligibility.enums import NoticeDays
from tidu.rules.measures import Mechanism
from tidu.rules.pay_list import NAMED
from tidu.rules.units import plain, read_quantity
from tidu.web.officer.collection_forms import DateInput
from tidu.web.plain_forms import PlainForm

_MOST_DAYS = 366


class MoneyField(forms.CharField):
    """An amount in 元, as people write it: 500000、50万元、1.2亿."""

    unit = gettext_lazy("元")

    def clean(self, value: Any) -> Decimal:
        text = super().clean(value).replace("，", ",")
        try:
            amount, unit = read_quantity(text)
        except ValueError:
            amount, unit = Decimal(0), "?"
        if unit not in {"", "元"}:
            raise forms.ValidationError(_("读不成金额；可写 500000、50万元 或 1.2亿"))
        return amount


class BudgetForm(PlainForm):
    """Another budget, while the list is a draft."""

    budget = MoneyField(label=gettext_lazy("预算"), max_length=30)


class StartForm(PlainForm):
    """What a new list needs; the budget has no default."""

    title = forms.CharField(
        label=gettext_lazy("名单的名称"),
        max_length=120,
        help_text=gettext_lazy("公示时的标题，企业看到的就是它。"),
    )
    on = forms.DateField(
        label=gettext_lazy("按哪一天"),
        widget=DateInput(),
        help_text=gettext_lazy("称号是否有效、政策是否适用，以这一天为准。"),
    )
    budget = MoneyField(
        label=gettext_lazy("预算"),
        max_length=30,
        help_text=gettext_lazy("可写 50万元、1.2亿；合计超出预算的名单不能冻结。"),
    )
    named = forms.CharField(
        label=gettext_lazy("项目或批次"),
        max_length=60,
        help_text=gettext_lazy("同一项目或批次，一家企业只发一次。"),
    )

    def __init__(self, *args: Any, mechanism: Mechanism, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        assert mechanism.amount is not None
        if mechanism.amount.per not in NAMED:
            del self.fields["named"]


class PublishForm(PlainForm):
    """How the list is published: neither the days nor how they are counted is given."""

    opens_on = forms.DateField(
        label=gettext_lazy("公示开始"),
        widget=DateInput(),
        help_text=gettext_lazy("开始当天不算在公示天数里。"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("公示天数"),
        min_value=1,
        max_value=_MOST_DAYS,
        help_text=gettext_lazy("规定没有默认天数，请按您的通知填。"),
    )
    day_kind = forms.ChoiceField(
        label=gettext_lazy("公示按"),
        choices=NoticeDays.choices,
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(
        label=gettext_lazy("异议联系方式"),
        max_length=300,
        help_text=gettext_lazy("科室、电话、地址，给不上网的人用。"),
    )


class ReasonForm(PlainForm):
    """Why something is done."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReceiptsForm(PlainForm):
    """The bank's file."""

    file = forms.FileField(
        label=gettext_lazy("银行回单"),
        help_text=gettext_lazy(
            "xlsx 或 csv；就是发放文件，银行填好最后三列：结果、到账日期、退回原因。"
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            most = settings.UPLOAD_LIMIT // 2**20
            said = _("文件超过 {most} MB；请分成几个文件")
            raise forms.ValidationError(said.format(most=most))
        return file


class AnswerForm(PlainForm):
    """What was found about an objection."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[
            ("dismissed", gettext_lazy("不成立，企业留在名单上")),
            ("sustained", gettext_lazy("成立，把企业移出名单")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "写明怎样核查、查到什么。提出人会看到，不要写别人的隐私。"
        ),
    )


def money_text(amount: Decimal) -> str:
    """An amount as a form's first value."""
    return plain(amount)
