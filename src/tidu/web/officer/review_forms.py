"""What an office types about reviews, draws and experts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.casework.experts import About, TieGiven
from tidu.casework.review_models import Expert, ReviewPlan, TieChoice
from tidu.casework.review_planning import WHOLE, Item, PlanGiven, own_items
from tidu.intake.credit_codes import read_code
from tidu.intake.problems import CellError
from tidu.rules.language import translate
from tidu.web.context import speaks_english
from tidu.web.plain_forms import PlainForm
from tidu.web.wording import industries

_ROWS = 8
_DAYS = 14
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(PlainForm):
    """The items of a sheet, when a third expert comes, and until when."""

    due_on = forms.DateField(label=gettext_lazy("评审截止"), widget=_DATE)
    comment_below = forms.IntegerField(
        label=gettext_lazy("得分低于百分之几须写意见"), min_value=0, max_value=WHOLE
    )
    gap = forms.DecimalField(
        label=gettext_lazy("两位专家相差超过多少分，请第三位"),
        min_value=Decimal(0),
        max_value=Decimal(WHOLE),
        decimal_places=1,
    )
    pass_line = forms.DecimalField(
        label=gettext_lazy("合格线"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(WHOLE),
        decimal_places=1,
        help_text=gettext_lazy("填了的话，两个分数在合格线两侧时也请第三位。"),
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("本单位确认按这些评分项和办法评审"),
        error_messages={"required": gettext_lazy("请确认后再保存")},
    )

    def __init__(self, *args: Any, plan: ReviewPlan | None, **kwargs: Any) -> None:
        rows = own_items() if plan is None else [Item(**each) for each in plan.items]
        kwargs.setdefault("initial", _plan_initial(plan, rows))
        super().__init__(*args, **kwargs)
        self.known = rows
        for at in range(_ROWS):
            self.fields[f"label_{at}"] = forms.CharField(
                label=_("第 {at} 项").format(at=at + 1), required=False, max_length=40
            )
            self.fields[f"points_{at}"] = forms.IntegerField(
                label=_("第 {at} 项满分").format(at=at + 1), required=False, min_value=1
            )
            for name in (f"label_{at}", f"points_{at}"):
                self.fields[name].widget.attrs["class"] = "form-control"

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Label and points of each row."""
        return [(self[f"label_{at}"], self[f"points_{at}"]) for at in range(_ROWS)]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields below the rows; the confirmation stands apart."""
        return [self[each] for each in ("due_on", "comment_below", "gap", "pass_line")]

    def clean_due_on(self) -> datetime.date:
        due: datetime.date = self.cleaned_data["due_on"]
        if due < timezone.localdate():
            raise forms.ValidationError(_("评审截止不能早于今天"))
        return due

    def given(self) -> PlanGiven:
        """What was filled in."""
        data = self.cleaned_data
        items = []
        for at in range(_ROWS):
            label = data.get(f"label_{at}", "").strip()
            if label:
                kept = self.known[at].id if at < len(self.known) else f"sheet_{at}"
                items.append(Item(kept, label, data.get(f"points_{at}") or 0))
        return PlanGiven(
            items, data["due_on"], data["comment_below"], data["gap"], data["pass_line"]
        )


class HoldForm(PlainForm):
    """The number that nobody chose."""

    public = forms.CharField(
        label=gettext_lazy("公开数"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "如公布之后当晚的福利彩票号码。没有的可以不填，抽取仍由公布过的密语决定。"
        ),
    )


class ElsewhereForm(PlainForm):
    """Why a step is not done here."""

    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=300)


class ExpertForm(PlainForm):
    """What is kept of an expert."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    organisation_name = forms.CharField(label=gettext_lazy("工作单位"), max_length=200)
    organisation_code = forms.CharField(
        label=gettext_lazy("单位统一社会信用代码"),
        required=False,
        max_length=18,
        help_text=gettext_lazy(
            "核实后再填：填了就按它回避。只有名称相同的，只列为疑点。"
        ),
    )
    fields_known = forms.MultipleChoiceField(
        label=gettext_lazy("专业领域"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("按国民经济行业大类，可选多个。"),
    )
    limit = forms.IntegerField(
        label=gettext_lazy("一个批次最多评几份"), min_value=1, max_value=500, initial=20
    )
    active = forms.BooleanField(
        label=gettext_lazy("在库，可以抽取"), required=False, initial=True
    )

    def __init__(self, *args: Any, expert: Expert | None = None, **kwargs: Any) -> None:
        if expert is not None:
            kwargs.setdefault("initial", _expert_initial(expert))
        super().__init__(*args, **kwargs)
        self.fields["fields_known"].choices = field_choices()  # type: ignore[attr-defined]

    def clean_organisation_code(self) -> str:
        code: str = self.cleaned_data["organisation_code"].strip()
        return _read_code(code) if code else ""

    def about(self) -> About:
        """What was filled in."""
        data = self.cleaned_data
        return About(
            data["name"],
            data["organisation_name"],
            data["organisation_code"],
            data["fields_known"],
            data["limit"],
            data["active"],
        )


class NewExpertForm(ExpertForm):
    """An expert with the name they sign in by."""

    username = forms.CharField(label=gettext_lazy("登录用的用户名"), max_length=50)
    field_order = ("username",)


EXPERT_TIES = (TieChoice.EMPLOYMENT, TieChoice.SHAREHOLDING, TieChoice.IP)


class TieForm(PlainForm):
    """To whom an expert, or with other ``kinds`` an enterprise, is tied."""

    kind = forms.ChoiceField(label=gettext_lazy("关系"))
    party = forms.CharField(
        label=gettext_lazy("对方的统一社会信用代码，或知识产权的权利号"), max_length=64
    )
    party_name = forms.CharField(
        label=gettext_lazy("对方名称"), required=False, max_length=200
    )
    source = forms.CharField(label=gettext_lazy("依据"), max_length=300)
    until = forms.DateField(
        label=gettext_lazy("关系结束的日期"), required=False, widget=_DATE
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("已核实身份，从现在起回避"), required=False
    )

    def __init__(
        self, *args: Any, kinds: Sequence[TieChoice] = EXPERT_TIES, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        options = [(each.value, each.label) for each in kinds]
        self.fields["kind"].choices = options  # type: ignore[attr-defined]

    def given(self) -> TieGiven:
        """What was filled in."""
        data = self.cleaned_data
        return TieGiven(
            TieChoice(data["kind"]),
            data["party"],
            data["source"],
            data["party_name"],
            data["until"],
        )


def field_choices() -> list[tuple[str, str]]:
    """The divisions of GB/T 4754 by their two digits."""
    return [
        (code[1:], f"{code} {name}") for code, name in industries().items() if code[1:]
    ]


def field_words(fields: list[str]) -> str:
    """The names of an expert's fields."""
    known = {code[1:]: name for code, name in industries().items() if code[1:]}
    return _("、").join(known.get(each, each) for each in fields)


def _read_code(text: str) -> str:
    english = speaks_english()
    try:
        found = read_code(text)
    except CellError as error:
        said = f"{translate(error.what, english)}；{translate(error.accepted, english)}"
        raise forms.ValidationError(said.format(**error.values)) from error
    if found is None:
        raise forms.ValidationError(_("这是旧的注册号，请填 18 位代码"))
    return found


def _plan_initial(plan: ReviewPlan | None, rows: list[Item]) -> dict[str, Any]:
    due = timezone.localdate() + datetime.timedelta(days=_DAYS)
    found: dict[str, Any] = {"due_on": due, "comment_below": 60, "gap": 15}
    if plan is not None:
        found |= {"due_on": plan.due_on, "comment_below": plan.comment_below}
        found |= {"gap": plan.gap, "pass_line": plan.pass_line}
    for at, row in enumerate(rows):
        found |= {f"label_{at}": _(row.label), f"points_{at}": row.points}
    return found


def _expert_initial(expert: Expert) -> dict[str, Any]:
    return {
        "name": expert.name,
        "organisation_name": expert.organisation_name,
        "organisation_code": expert.organisation_code,
        "fields_known": expert.fields,
        "limit": expert.limit,
        "active": expert.active,
    }
