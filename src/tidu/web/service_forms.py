"""Forms of services: made from the service's data, or one for each kind of move."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.models import Membership, Organisation
from tidu.casework.serving.asking import Given
from tidu.casework.serving.enums import AdviserKind, ContactKind
from tidu.casework.serving.models import Adviser, ServiceRequest
from tidu.casework.wording import say_text
from tidu.intake.problems import CellError
from tidu.registry.fact_values import to_json
from tidu.registry.models import Evidence
from tidu.rules.facts import Facts, FactType, FactValue
from tidu.rules.packs import Pack
from tidu.rules.service_files import Asked, Service
from tidu.web.enterprise.facts_form import as_typed, field_for, read_typed, say
from tidu.web.enterprise.figures import unit_label
from tidu.web.plain_forms import PlainForm, dress
from tidu.web.service_words import label_of, shown, words_of
from tidu.web.wording import TYPED

_BEFORE = "before-"


class FieldsForm(PlainForm):
    """A form with fields that data describes: read as people write them."""

    marks_required = True

    def __init__(self, *args: Any, service: Service, pack: Pack, english: bool) -> None:
        self.service, self.english = service, english
        words = words_of(service, pack)
        self.pack = dataclasses.replace(pack, words=words)
        self.read: dict[str, FactValue | None] = {}
        self.described: dict[str, Asked] = {}
        super().__init__(*args)

    def add(self, name: str, each: Asked, label: str, value: FactValue | None) -> None:
        """Add a field, with a value that is known."""
        field = field_for(each.fact, label, english=self.english)
        field.required = each.required
        field.unit = unit_label(each.fact)  # type: ignore[attr-defined]
        field.help_text = each.fact.where_found(english=self.english)
        if each.fact.type is FactType.TEXT:
            field.max_length = 300  # type: ignore[attr-defined]
            field.widget.attrs["maxlength"] = 300
        if each.fact.type is FactType.DATE:
            field.widget = forms.DateInput(attrs={"type": "date"})
        if each.own and isinstance(field, forms.ChoiceField):
            known = [pair for pair in field.choices if pair[0] != ""]  # type: ignore[index, union-attr]
            field.choices = [("", _("请选择")), *known]  # type: ignore[list-item]
        self.fields[name] = field
        dress(field)
        self.initial[name] = as_typed(each.fact, value, self.pack, english=self.english)
        if each.fact.type is FactType.DATE and value is not None:
            self.initial[name] = to_json(value)
        self.described[name] = each

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, each in self.described.items():
            if name not in cleaned:
                continue
            try:
                self.read[name] = read_typed(each.fact, cleaned[name])
            except CellError as error:
                self.add_error(name, say(error, english=self.english))
        return cleaned


class AskForm(FieldsForm):
    """What a firm says when it asks; what the registry knows is filled in."""

    need = forms.CharField(
        label=gettext_lazy("要解决的事"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("用自己的话写：遇到什么、想得到什么、什么时候要。"),
    )
    contact_name = forms.CharField(label=gettext_lazy("联系人"), max_length=50)
    contact_phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=30)

    def __init__(self, *args: Any, facts: Facts, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts, self.year = facts, year
        if self.service.tracks:
            self.fields["track"] = forms.ChoiceField(
                label=_("走哪个通道"),
                choices=[(e.id, say_text(e.label)) for e in self.service.tracks],
                widget=forms.RadioSelect,
            )
        for each in self.service.asks:
            value = None if each.own else facts.get(each.key(year))
            self.add(each.key(year), each, label_of(each, year), value)
        for each in self.unknown_effects():
            told = dataclasses.replace(each, required=False)
            self.add(_BEFORE + each.fact.id, told, label_of(each, year), None)

    def unknown_effects(self) -> list[Asked]:
        """What may change, that is neither known nor asked anyway."""
        return [
            each
            for each in self.service.effects
            if each not in self.service.asks
            and (each.own or self.facts.get(each.key(self.year)) is None)
        ]

    @property
    def main(self) -> list[forms.BoundField]:
        """Everything but how things are now."""
        first = ["track"] if self.service.tracks else []
        asked = [e.key(self.year) for e in self.service.asks]
        names = [*first, "need", *asked, "contact_name", "contact_phone"]
        return [self[name] for name in names]

    @property
    def before(self) -> list[forms.BoundField]:
        """How things are now: asked again once it is done."""
        return [self[_BEFORE + each.fact.id] for each in self.unknown_effects()]

    def given(self) -> Given:
        """What was filled in; a figure left empty takes nothing back."""
        known = self.cleaned_data
        read = {k: to_json(v) for k, v in self.read.items() if v is not None}
        own = {e.fact.id for e in self.service.asks if e.own}
        facts = {
            key: {"value": value, "place": TYPED}
            for key, value in read.items()
            if key in {e.key(self.year) for e in self.service.asks if not e.own}
            and self.read[key] != self.facts.get(key)
        }
        return Given(
            need=known["need"],
            contact_name=known["contact_name"],
            contact_phone=known["contact_phone"],
            track=known.get("track", ""),
            answers={k: v for k, v in read.items() if k in own},
            facts=facts,
            before={
                k.removeprefix(_BEFORE): v
                for k, v in read.items()
                if k.startswith(_BEFORE)
            },
        )


class TellForm(FieldsForm):
    """What changed: each figure beside what it was, and words."""

    text = forms.CharField(
        label=gettext_lazy("有什么变化"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("没有变化，或结果没有用上，也请照实写。"),
    )

    def __init__(self, *args: Any, request: ServiceRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.service.effects:
            told = dataclasses.replace(each, required=False)
            self.add(each.fact.id, told, label_of(each), None)
            was = shown(each, request.before.get(each.fact.id), self.pack.words)
            text = _("提出申请时：{value}").format(value=was)
            self.fields[each.fact.id].help_text = text
        self.order_fields([*self.described, "text"])

    def after(self) -> dict[str, Any]:
        """The figures that were filled in, as JSON."""
        return {k: to_json(v) for k, v in self.read.items() if v is not None}


class TextForm(PlainForm):
    """One text, and for some moves nothing else."""

    marks_required = True
    text = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, label: str, must: bool, hint: str = "") -> None:
        super().__init__(*args)
        field = self.fields["text"]
        field.label, field.required, field.help_text = label, must, hint


class AssignForm(TextForm):
    """To whom a request is given, and who will confirm the outcome."""

    field_order = ("to", "other_side", "text")
    to = forms.ChoiceField(label=gettext_lazy("指派给"))
    other_side = forms.ChoiceField(
        label=gettext_lazy("由谁确认结果"),
        required=False,
        help_text=gettext_lazy(
            "对方有账户的，由对方自己确认；没有的，凭书面材料登记。"
        ),
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[tuple[int, str]],
        sides: Iterable[Organisation] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]
        if sides is None:
            del self.fields["other_side"]
            return
        self.fields["other_side"].choices = [  # type: ignore[attr-defined]
            ("", _("没有账户，凭书面材料")),
            *((each.pk, each.name) for each in sides),
        ]


class HandOverForm(TextForm):
    """To which colleague."""

    field_order = ("to", "text")
    to = forms.ChoiceField(label=gettext_lazy("移交给"))

    def __init__(self, *args: Any, advisers: Iterable[Adviser], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((each.pk, str(each)) for each in advisers),
        ]


class AnswerForm(TextForm):
    """What came of it."""

    field_order = ("result", "text")
    result = forms.ChoiceField(label=gettext_lazy("结果"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = [  # type: ignore[attr-defined]
            (each.id, say_text(each.label)) for each in service.outcomes
        ]


class ContactForm(PlainForm):
    """A visit, a call, a message, a note."""

    kind = forms.ChoiceField(label=gettext_lazy("方式"), choices=ContactKind.choices)
    on = forms.DateField(
        label=gettext_lazy("日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("谈了什么、答应了什么"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandInForm(PlainForm):
    """A file of the firm's, uploaded already or now."""

    document = forms.ChoiceField(label=gettext_lazy("哪种材料"), required=False)
    evidence = forms.ChoiceField(label=gettext_lazy("用已上传的"), required=False)
    file = forms.FileField(label=gettext_lazy("或上传一份"), required=False)

    def __init__(
        self, *args: Any, service: Service, evidence: Iterable[Evidence], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        documents = [(e.id, say_text(e.label)) for e in service.documents]
        self.fields["document"].choices = [*documents, ("", _("其他材料"))]  # type: ignore[attr-defined]
        self.fields["evidence"].choices = [  # type: ignore[attr-defined]
            ("", _("不选")),
            *((each.pk, each.title) for each in evidence),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("evidence") and not cleaned.get("file"):
            self.add_error("evidence", _("请选一份已上传的，或上传一份"))
        return cleaned


class AdviserForm(PlainForm):
    """What is known of an adviser."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=AdviserKind.choices)
    field = forms.CharField(
        label=gettext_lazy("擅长"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("如：融资、知识产权、数字化。"),
    )


class KnownAdviserForm(AdviserForm):
    """An adviser who is there already."""

    active = forms.BooleanField(label=gettext_lazy("在岗"), required=False)


class NewAdviserForm(AdviserForm):
    """An adviser with a new account, of the office or of a provider."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    of = forms.ChoiceField(label=gettext_lazy("哪个单位的人"), required=False)
    field_order = ("name", "username", "kind", "field", "of")

    def __init__(self, *args: Any, sides: Iterable[Organisation]) -> None:
        super().__init__(*args)
        self.fields["of"].choices = [  # type: ignore[attr-defined]
            ("", _("本单位")),
            *((each.pk, each.name) for each in sides),
        ]


class FirmForm(PlainForm):
    """A firm, by its code or its whole name."""

    firm = forms.CharField(
        label=gettext_lazy("统一社会信用代码或企业全称"), max_length=200
    )


def people_for(
    advisers: Iterable[Adviser], officers: Iterable[Membership]
) -> list[tuple[int, str]]:
    """Whom an office may give a request to: membership id and words."""
    known = [
        (
            each.membership_id,
            _("{name}（{kind}{field}）").format(
                name=each,
                kind=each.get_kind_display(),
                field=_("，{field}").format(field=each.field) if each.field else "",
            ),
        )
        for each in advisers
    ]
    taken = {number for number, _label in known}
    own = [
        (each.pk, _("{name}（经办人）").format(name=each.user))
        for each in officers
        if each.pk not in taken
    ]
    return [*known, *own]
