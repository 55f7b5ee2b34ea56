"""What an officer types in a case: a judgement, a return, grounds, an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidu.casework.deciding import Ground
from tidu.casework.enums import Judged
from tidu.casework.models import Round
from tidu.web.plain_forms import PlainForm

Pairs = Sequence[tuple[str, str]]


def _text(
    label: Any, *, rows: int = 3, most: int = 1000, **more: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class JudgeForm(PlainForm):
    """Whether a clause is met, and why."""

    outcome = forms.ChoiceField(
        label=_("结论"), choices=Judged.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), max_length=500)


class ReturnForm(PlainForm):
    """Which fields are to be corrected, and why."""

    fields_named = forms.MultipleChoiceField(
        label=_("要改哪几项"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项，企业才知道改哪里")},
    )
    reason = _text(
        _("意见"), help_text=_("写清楚哪里不对、要改成什么样、要补什么材料。")
    )

    def __init__(self, *args: Any, fields: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_named"].choices = list(fields)  # type: ignore[attr-defined]


class RefuseForm(PlainForm):
    """A reason for each criterion that a refusal rests on; at least one."""

    note = _text(_("另外说明"), required=False)

    def __init__(self, *args: Any, criteria: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = dict(criteria)
        for id_, label in criteria:
            widget = forms.Textarea(attrs={"rows": 2, "class": "form-control"})
            self.fields[f"ground-{id_}"] = forms.CharField(
                label=label, max_length=500, required=False, widget=widget
            )
        self.order_fields([*(f"ground-{id_}" for id_, _label in criteria), "note"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.grounds(given):
            text = _("不予通过要至少写明一条不符合的条件和理由，否则不能保存")
            self.add_error(None, str(text))
        return given

    def grounds(self, given: dict[str, Any]) -> list[Ground]:
        """The criteria that have a reason."""
        return [
            Ground(id_, text)
            for id_ in self.criteria
            if (text := given.get(f"ground-{id_}", "").strip())
        ]


class AnswerForm(PlainForm):
    """The answer to an appeal."""

    decision = forms.ChoiceField(
        label=_("复查结论"),
        choices=[
            ("uphold", _("维持原决定")),
            ("reverse", _("撤销原决定，退回原来那一步")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个结论")},
    )
    reason = _text(_("结论的理由"))


class ResultForm(PlainForm):
    """What the authority above decided."""

    decision = forms.ChoiceField(
        label=_("上级结果"),
        choices=[("certified", _("已认定")), ("refused", _("未认定"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个结果")},
    )
    source = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("公布名单的文号或名称。")
    )


class MigrateForm(PlainForm):
    """Another round of the same scheme, and why."""

    to = forms.ChoiceField(label=_("转入批次"))
    reason = forms.CharField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, rounds: Sequence[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            (str(each.pk), f"{each.title}（{each.rule_set}）") for each in rounds
        ]
        self.fields["to"].choices = options  # type: ignore[attr-defined]
