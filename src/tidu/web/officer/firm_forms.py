"""What an officer types about one enterprise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import TERRITORY
from tidu.intake.credit_codes import read_code
from tidu.intake.problems import CellError
from tidu.registry.enums import IdentityKind
from tidu.rules.language import translate
from tidu.rules.library import default_library
from tidu.web.context import speaks_english

_LONGEST_SOURCE = 300


class Plain(forms.Form):
    """A form in the site's dress: classes, and dates as browsers pick them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            select = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if select else "form-control"


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class IdentityForm(Plain):
    """Another name, code or territory of the same enterprise."""

    kind = forms.ChoiceField(label=_("改什么"), choices=IdentityKind.choices)
    value = forms.CharField(label=_("新的名称、代码或区划代码"), max_length=200)
    until = _day(_("原来的用到哪一天"), required=False)
    source = forms.CharField(
        label=_("依据"),
        max_length=_LONGEST_SOURCE,
        help_text=_("如：2026年3月5日营业执照变更通知书。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, value = data.get("kind"), str(data.get("value", "")).strip()
        if not value:
            return data
        try:
            if kind == IdentityKind.USCC:
                value = _code(value)
            elif kind == IdentityKind.TERRITORY:
                TERRITORY(value)
        except forms.ValidationError as error:
            self.add_error("value", error)
        data["value"] = value
        return data


def _code(text: str) -> str:
    """A credit code with the right check digit, in capitals."""
    english = speaks_english()
    try:
        found = read_code(text)
    except CellError as error:
        said = f"{translate(error.what, english)}；{translate(error.accepted, english)}"
        raise forms.ValidationError(said.format(**error.values)) from error
    if found is None:
        raise forms.ValidationError(gettext("这是旧的注册号，请填 18 位代码"))
    return found


class TitleForm(Plain):
    """A title that an official list gives to the enterprise."""

    scheme = forms.ChoiceField(label=_("称号"))
    valid_from = _day(_("有效期自"))
    valid_until = _day(_("有效期至"), required=False)
    batch_name = forms.CharField(label=_("批次"), max_length=100, required=False)
    source = forms.CharField(
        label=_("依据"),
        max_length=_LONGEST_SOURCE,
        help_text=_("名单的文号或网址。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = speaks_english()
        field = self.fields["scheme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (each.id, each.label.say(english=english))
            for each in default_library().national.schemes.values()
            if each.title_fact
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", gettext("有效期至不能早于有效期自"))
        return data


class ReasonForm(Plain):
    """Why an enterprise leaves the lists, or comes back."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class MergeForm(Plain):
    """How it is known that two entries are one enterprise, or two."""

    source = forms.CharField(
        label=_("依据"),
        max_length=_LONGEST_SOURCE,
        help_text=_("怎么知道是同一家，或不是同一家，如：核对营业执照。"),
    )
