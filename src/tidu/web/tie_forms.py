"""A tie that a firm or an expert declares: what they type, and how it is listed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.casework.declaring import Declared
from tidu.casework.review_models import OWN_WORD, Tie, TieChoice
from tidu.intake.credit_codes import read_code
from tidu.intake.problems import CellError
from tidu.rules.language import translate
from tidu.web.context import speaks_english
from tidu.web.plain_forms import PlainForm

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CODED = {TieChoice.EMPLOYMENT, TieChoice.GROUP, TieChoice.SHAREHOLDING}


class DeclareForm(PlainForm):
    """What the tie is, to whom, from when until when."""

    kind = forms.ChoiceField(label=gettext_lazy("关系"))
    party_name = forms.CharField(
        label=gettext_lazy("对方的名称或姓名"), required=False, max_length=200
    )
    code = forms.CharField(
        label=gettext_lazy("对方的统一社会信用代码，或知识产权的权利号"),
        required=False,
        max_length=64,
        help_text=gettext_lazy(
            "知道的请写：有代码才能认准。只有名称的，由主管部门核对。"
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("是什么关系"),
        max_length=300,
        help_text=gettext_lazy("如：持股 12%、同一母公司、曾任本企业顾问。"),
    )
    since = forms.DateField(label=gettext_lazy("自"), required=False, widget=_DATE)
    until = forms.DateField(
        label=gettext_lazy("至"),
        required=False,
        widget=_DATE,
        help_text=gettext_lazy("关系还在的，不填。"),
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[TieChoice],
        tie: Tie | None = None,
        **more: Any,
    ) -> None:
        if tie is not None:
            more.setdefault("initial", _initial(tie))
        super().__init__(*args, **more)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (each.value, each.label) for each in kinds
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        code = given.get("code", "").strip()
        if code and given.get("kind") in _CODED:
            try:
                given["code"] = read_code(code) or code
            except CellError as error:
                english = speaks_english()
                said = translate(error.what, english).format(**error.values)
                self.add_error("code", said)
        return given

    def declared(self) -> Declared:
        """What was filled in."""
        given = self.cleaned_data
        return Declared(
            TieChoice(given["kind"]),
            given["code"],
            given["party_name"],
            given["source"],
            given["since"],
            given["until"],
        )


class CorrectForm(DeclareForm):
    """The same, or that there is no such tie."""

    mistaken = forms.BooleanField(
        label=gettext_lazy("原来申报有误，没有这项关系"), required=False
    )


@dataclasses.dataclass(frozen=True, slots=True)
class TieRow:
    """A tie in words. ``standing``: whether it bars, waits, or was corrected."""

    tie: Tie
    code: str
    standing: str
    live: bool
    confirmed: bool


def tie_rows(ties: Iterable[Tie]) -> list[TieRow]:
    """Ties with what stands of them, as their expert or an office reads them."""
    return [_row(each) for each in ties]


def own_tie_rows(ties: Iterable[Tie]) -> list[TieRow]:
    """As a firm reads its own: never whether somebody it names is in a pool."""
    return [_own_row(each) for each in ties if each.declared_by or not each.replaces_id]


def _row(tie: Tie) -> TieRow:
    corrected = hasattr(tie, "correction")
    live = not corrected and not tie.mistaken
    confirmed = live and bool(tie.confirmed_by)
    if corrected:
        standing = _("已由后来的一项代替")
    elif tie.mistaken:
        standing = _("说明没有这项关系")
    elif tie.confirmed_by == OWN_WORD:
        standing = _("本人申报，已回避")
    elif tie.confirmed_by:
        standing = _("{name}已核实，回避").format(name=tie.confirmed_by)
    else:
        standing = _("等主管部门核实")
    return TieRow(tie, code_of(tie), standing, live, confirmed)


def _own_row(tie: Tie) -> TieRow:
    later = getattr(tie, "correction", None)
    corrected = later is not None and bool(later.declared_by)
    if corrected or tie.mistaken:
        return _row(tie)
    if not code_of(tie):
        standing = _("已收到，抽取专家时由主管部门核对")
        return TieRow(tie, "", standing, live=True, confirmed=later is not None)
    if later is not None:
        standing = _("主管部门核实后认为不成立")
        return TieRow(tie, code_of(tie), standing, live=False, confirmed=False)
    return _row(tie)


def code_of(tie: Tie) -> str:
    """A tie's code or number; keys of our own are not shown."""
    return "" if ":" in tie.party else tie.party


def _initial(tie: Tie) -> dict[str, Any]:
    return {
        "kind": tie.kind,
        "party_name": tie.party_name,
        "code": code_of(tie),
        "source": tie.source,
        "since": tie.since,
        "until": tie.until,
    }
