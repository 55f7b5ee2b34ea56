"""The form of one group of figures: read as people write them, errors beside them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.intake.cells import reader_for
from tidu.intake.problems import CellError
from tidu.intake.writing import is_unknown
from tidu.registry.fact_values import to_json
from tidu.registry.models import Evidence
from tidu.rules.facts import Fact, Facts, FactType, FactValue, split_key
from tidu.rules.language import translate
from tidu.rules.naming import name_fact
from tidu.rules.packs import Pack
from tidu.web.enterprise.figures import in_form_unit, keys_of, unit_label
from tidu.web.plain_forms import PlainForm, dress
from tidu.web.wording import TYPED

_UNKNOWN = ""


def say(error: CellError, *, english: bool) -> str:
    """What is wrong with what was typed, and what is accepted."""
    what, accepted = (
        translate(each, english).format(**error.values)
        for each in (error.what, error.accepted)
    )
    return f"{what}{_('；')}{accepted}"


def read_typed(fact: Fact, typed: Any) -> FactValue | None:
    """What somebody typed for a fact, None for 不详; CellError where it is unclear."""
    if isinstance(typed, list):
        return reader_for(fact, "")(typed, _ignore) if typed else None
    if is_unknown(typed):
        return None
    return reader_for(fact, unit_label(fact))(typed, _ignore)


def _ignore(_note: str) -> None:
    """Doubts that intake would tell: a form's field names its unit."""


def field_for(fact: Fact, label: str, *, english: bool) -> forms.Field:
    """An empty field for a fact: options where it has some, else a line of text."""
    if fact.type is FactType.BOOLEAN:
        options = [(_UNKNOWN, _("不详")), ("true", _("是")), ("false", _("否"))]
        return forms.ChoiceField(label=label, choices=options, required=False)
    if fact.type in {FactType.CHOICE, FactType.CHOICES}:
        options = [
            (each.id, each.english if english else each.label) for each in fact.choices
        ]
        if fact.type is FactType.CHOICES:
            return forms.MultipleChoiceField(
                label=label,
                choices=options,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        options = [(_UNKNOWN, _("不详")), *options]
        return forms.ChoiceField(label=label, choices=options, required=False)
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=100, widget=widget)


def as_typed(
    fact: Fact, value: FactValue | None, pack: Pack, *, english: bool
) -> str | list[str]:
    """A value as its field holds it."""
    match value:
        case frozenset():
            none = [each.id for each in fact.choices if each.id == "none"]
            return sorted(value) or none
        case None if fact.type is FactType.CHOICES:
            return []
        case bool():
            return "true" if value else "false"
        case str() if fact.type is FactType.CHOICE:
            return value
    return in_form_unit(fact, value, pack, english=english)


class FactsForm(PlainForm):
    """The fields of a group's facts and years, a reason and the evidence for them.

    ``changes`` holds, once valid, the entries to file: those that differ from what is
    in force, and a null where a figure is taken back.
    """

    reason = forms.CharField(
        label=gettext_lazy("更正的原因"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("改了已有的数才要写，如：审计报告已出，原为快报数。"),
    )
    evidence = forms.ChoiceField(
        label=gettext_lazy("佐证材料"),
        required=False,
        help_text=gettext_lazy("这次所填的数由哪一份材料证明；先上传，再到这里选。"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        facts: list[Fact],
        on: datetime.date,
        current: Facts,
        pack: Pack,
        evidence: list[Evidence],
        english: bool,
        **kwargs: Any,
    ) -> None:
        self.pack, self.current, self.english = pack, current, english
        self.facts, self.on = facts, on
        self.changes: dict[str, dict[str, Any]] = {}
        super().__init__(*args, **kwargs)
        for fact, key in self._keys():
            year = split_key(key)[1]
            name = name_fact(fact.id, pack.words, english=english)
            label = name if year is None else f"{year} {name}"
            self.fields[key] = field_for(fact, label, english=english)
            self.initial[key] = as_typed(fact, current.get(key), pack, english=english)
        options = [("", _("不选")), *((str(e.pk), e.title) for e in evidence)]
        self.fields["evidence"].choices = options  # type: ignore[attr-defined]
        for field in self.fields.values():
            dress(field)

    def _keys(self) -> Iterator[tuple[Fact, str]]:
        for fact in self.facts:
            for key in keys_of(fact, self.on):
                yield fact, key

    def lines(self) -> list[dict[str, Any]]:
        """The fields by fact, as the template lays them out."""
        return [
            {
                "fact": fact,
                "label": name_fact(fact.id, self.pack.words, english=self.english),
                "unit": unit_label(fact),
                "found_in": fact.where_found(english=self.english),
                "several": fact.type is FactType.CHOICES,
                "least": fact.least,
                "most": fact.most,
                "fields": [
                    (split_key(key)[1], self[key]) for key in keys_of(fact, self.on)
                ],
            }
            for fact in self.facts
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        corrected = False
        for fact, key in self._keys():
            if key not in cleaned:
                continue
            before = self.current.get(key)
            try:
                after = self._read(fact, key, cleaned[key])
            except CellError as error:
                self.add_error(key, say(error, english=self.english))
                continue
            if after != before:
                value = None if after is None else to_json(after)
                self.changes[key] = {"value": value, "place": TYPED}
                corrected = corrected or before is not None
        if corrected and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("您改了已有的数，请写明原因"))
        if number := cleaned.get("evidence"):
            for entry in self.changes.values():
                entry["evidence"] = int(number)
        if not self.changes and not self.errors:
            self.add_error(None, _("没有改动，不用保存"))
        return cleaned

    def _read(self, fact: Fact, key: str, typed: Any) -> FactValue | None:
        """The field's value; what was not touched stays exactly what it was."""
        if typed == self.initial[key]:
            return self.current.get(key)
        return read_typed(fact, typed)
