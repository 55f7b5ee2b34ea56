"""What an applicant types for a case: only what is missing, clauses, a contact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidu.casework.models import Case
from tidu.casework.queries import Clause
from tidu.casework.rights import GivenRight, read_rights, written
from tidu.casework.wording import say_text
from tidu.rules.facts import Fact, FactType, split_key
from tidu.rules.naming import name_key
from tidu.web.enterprise.facts_form import FactsForm
from tidu.web.enterprise.figures import unit_label
from tidu.web.plain_forms import PlainForm

_ROWS = 3


class AskedForm(FactsForm):
    """The form of figures, for the keys that a case asks and no others."""

    def __init__(self, *args: Any, keys: Sequence[str], **kwargs: Any) -> None:
        self.keys = [k for k in keys if split_key(k)[0] in kwargs["pack"].facts]
        super().__init__(*args, facts=[], **kwargs)

    def _keys(self) -> Iterator[tuple[Fact, str]]:
        for key in self.keys:
            yield self.pack.facts[split_key(key)[0]], key

    def lines(self) -> list[dict[str, Any]]:
        """One line for each key, in the order given."""
        return [
            {
                "key": key,
                "label": name_key(key, self.pack.words, english=self.english),
                "unit": unit_label(fact),
                "several": fact.type is FactType.CHOICES,
                "least": fact.least,
                "most": fact.most,
                "field": self[key],
            }
            for fact, key in self._keys()
        ]


class ContactForm(PlainForm):
    """Whom to call, who helps, and what the applicant says of itself."""

    contact_name = forms.CharField(label=_("联系人"), max_length=50)
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    agent_name = forms.CharField(
        label=_("代办机构"),
        max_length=120,
        required=False,
        help_text=_("请别人代办的才填。申报不收费，也不需要代办。"),
    )
    agent_phone = forms.CharField(label=_("代办电话"), max_length=30, required=False)
    contact_address = forms.CharField(
        label=_("经营地址"),
        max_length=200,
        required=False,
        help_text=_("实际经营的地方，写到门牌号。"),
    )
    auditor_name = forms.CharField(
        label=_("审计机构"),
        max_length=120,
        required=False,
        help_text=_("最近一年审计报告由哪家会计师事务所出具，写全称。"),
    )
    narrative = forms.CharField(
        label=_("企业自述"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("主导产品、市场、技术，用自己的话写，最多 4000 字。可以不写。"),
    )

    @classmethod
    def of(cls, case: Case, data: Any = None) -> ContactForm:
        """The form with what the case has."""
        initial = {name: getattr(case, name) for name in cls.base_fields}
        return cls(data, initial=initial)


class RightsForm(PlainForm):
    """The list of intellectual property, a line each, as it is copied from a sheet."""

    rights = forms.CharField(
        label=_("知识产权清单"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "一行一项：专利号或登记号，自行申请或受让，转入日期，转让方。"
            "可以从表格里直接复制粘贴；不知道的留空。"
        ),
    )

    @classmethod
    def of(cls, case: Case, data: Any = None) -> RightsForm:
        """The form with what the case has."""
        return cls(data, initial={"rights": written(case.rights.all())})

    def clean_rights(self) -> list[GivenRight]:
        """The rights of the lines; each line that cannot be read is told."""
        found, problems = read_rights(self.cleaned_data["rights"])
        if problems:
            raise forms.ValidationError(problems)
        return found


class StatementsForm(PlainForm):
    """A text for each clause that a person judges."""

    def __init__(
        self, *args: Any, clauses: Sequence[Clause], told: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = {each.finding.id: each for each in clauses}
        for id_, clause in self.clauses.items():
            self.fields[id_] = forms.CharField(
                label=say_text(clause.finding.about.label),
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": _ROWS, "class": "form-control"}),
            )
            self.initial[id_] = told.get(id_, "")


class ReasonForm(PlainForm):
    """One reason, for a withdrawal or an appeal."""

    reason = forms.CharField(
        label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, must: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = must
