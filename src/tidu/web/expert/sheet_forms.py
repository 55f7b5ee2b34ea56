"""The form of a sheet: points and comments of its items, an opinion of its clauses."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.casework.review_models import Opined, Review
from tidu.casework.reviewing import Written, items_of
from tidu.casework.sheets import Sheet
from tidu.casework.wording import say_text
from tidu.web.plain_forms import PlainForm

_LONGEST = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """A value and the comment on it; ``says``: what the applicant wrote of a clause."""

    label: str
    value: forms.BoundField
    comment: forms.BoundField
    unit: str = ""
    clause: str = ""
    says: str = ""


class SheetForm(PlainForm):
    """A draft may be empty; what is lacking is told when it is submitted."""

    remark = forms.CharField(
        label=gettext_lazy("总的意见"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("我确认提交；提交后不能再改"), required=False
    )

    def __init__(self, *args: Any, review: Review, sheet: Sheet, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(review))
        self.review, self.sheet = review, sheet
        self.items = items_of(review.draw.plan)
        super().__init__(*args, **kwargs)
        for item in self.items:
            self._add(f"points-{item.id}", _points(_(item.label), item.points))
            self._add(f"comment-{item.id}", _comment(_(item.label)))
        for clause in sheet.judged:
            label = say_text(clause.finding.about.label)
            self._add(f"verdict-{clause.finding.id}", _verdict(label))
            self._add(f"comment-{clause.finding.id}", _comment(label))

    def _add(self, name: str, field: forms.Field) -> None:
        classes = {"class": "form-control"}
        if not isinstance(field.widget, forms.RadioSelect):
            field.widget.attrs.update(classes)
        self.fields[name] = field

    @property
    def scored(self) -> list[Pair]:
        """The items with their points."""
        return [
            Pair(
                _(each.label),
                self[f"points-{each.id}"],
                self[f"comment-{each.id}"],
                _("分，满分 {most}").format(most=each.points),
            )
            for each in self.items
        ]

    @property
    def judged(self) -> list[Pair]:
        """The clauses that no figure decides."""
        return [
            Pair(
                say_text(each.finding.about.label),
                self[f"verdict-{each.finding.id}"],
                self[f"comment-{each.finding.id}"],
                clause=each.finding.about.clause,
                says=self.sheet.stated.get(each.finding.id, ""),
            )
            for each in self.sheet.judged
        ]

    def written(self) -> Written:
        """What was filled in."""
        given = self.cleaned_data
        keys = [each.id for each in self.items]
        criteria = [each.finding.id for each in self.sheet.judged]
        points = {key: given.get(f"points-{key}") for key in keys}
        verdicts = {key: given.get(f"verdict-{key}", "") for key in criteria}
        return Written(
            {key: value for key, value in points.items() if value is not None},
            {key: value for key, value in verdicts.items() if value},
            {key: given.get(f"comment-{key}", "") for key in (*keys, *criteria)},
            given.get("remark", ""),
        )


class ConflictForm(PlainForm):
    """Why an expert steps back."""

    reason = forms.CharField(
        label=gettext_lazy("为什么回避"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("如：认出了企业，曾任其顾问。理由只有主管部门看得到。"),
    )


def _points(label: str, most: int) -> forms.DecimalField:
    field = forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(most),
        decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    field.widget.attrs["step"] = "0.5"
    return field


def _comment(label: str) -> forms.CharField:
    return forms.CharField(
        label=_("意见：{label}").format(label=label),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _verdict(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=Opined.choices, widget=forms.RadioSelect
    )


def _initial(review: Review) -> dict[str, Any]:
    found: dict[str, Any] = {"remark": review.remark}
    found |= {f"points-{key}": value for key, value in review.scores.items()}
    found |= {f"verdict-{key}": value for key, value in review.verdicts.items()}
    found |= {f"comment-{key}": text for key, text in review.comments.items()}
    return found
