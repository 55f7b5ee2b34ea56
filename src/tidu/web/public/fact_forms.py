"""The self-check's form: one field a fact, read as a cell of a spreadsheet is."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from tidu.eligibility.standings import Standings, standings_of
from tidu.intake.cells import reader_for
from tidu.intake.problems import CellError
from tidu.intake.writing import is_unknown
from tidu.planning.questions import next_questions
from tidu.rules.facts import Fact, Facts, FactType, FactValue, split_key
from tidu.rules.ladder import RUNGS
from tidu.rules.language import translate
from tidu.rules.library import default_library
from tidu.rules.naming import name_key
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind
from tidu.web.context import speaks_english

FIRST = 16  # questions of the empty form
FURTHER = 8  # questions added to what was filled in
MOST_KEYS = 200
YEARS_BACK = 6
EARLIEST = datetime.date(2022, 8, 1)  # the first edition most schemes have
PREFIX = "f-"
_KEY = re.compile(r"[a-z0-9_]{1,60}(@\d{4})?")
_ALWAYS = ("industry",)
_TITLES = {
    "": gettext_lazy("先补这几项：按能定下多少结论排"),
    "identity": gettext_lazy("企业基本情况"),
    "economy": gettext_lazy("经济指标"),
    "specialisation": gettext_lazy("专业化"),
    "innovation": gettext_lazy("创新能力"),
    "refinement": gettext_lazy("精细化"),
    "titles": gettext_lazy("已有称号和平台得分"),
    "conduct": gettext_lazy("诚信和合规"),
    "digital": gettext_lazy("数字化水平"),
}
_UNKNOWN = ("", gettext_lazy("不详"))


class FactField(forms.Field):
    """One figure: typed as in a spreadsheet, empty for unknown."""

    def __init__(self, fact: Fact, key: str, pack: Pack, *, english: bool) -> None:
        self.fact = fact
        self.unit = gettext(fact.form_unit) if fact.form_unit else ""
        self.english = english
        self.read = reader_for(fact, fact.form_unit)
        super().__init__(
            required=False,
            label=name_key(key, pack.words, english=english),
            help_text=_help(fact, english=english),
            widget=_widget(fact, english=english),
        )

    def clean(self, value: Any) -> FactValue | None:
        """The value in base units; None where nothing is known."""
        typed = value if isinstance(value, list) else str(value or "").strip()
        if not typed or (isinstance(typed, str) and is_unknown(typed)):
            return None
        try:
            return self.read(typed, lambda _note: None)
        except CellError as error:
            says = [translate(t, self.english) for t in (error.what, error.accepted)]
            said = _("{what}；{remedy}").format(what=says[0], remedy=says[1])
            raise forms.ValidationError(said.format(**error.values)) from error


class AskForm(forms.Form):
    """What every self-check says: the day, the procedure, whose rules."""

    marks_required = True  # nearly all is optional: see components/_must.html

    on = forms.DateField(
        label=gettext_lazy("按哪一天的标准"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("办什么"))
    territory = forms.ChoiceField(label=gettext_lazy("所在地"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [
            (Kind.NEW.value, _("新申报")),
            (Kind.REVERIFICATION.value, _("复核")),
        ]
        places = self.fields["territory"]
        assert isinstance(places, forms.ChoiceField)
        english = speaks_english()
        places.choices = [
            ("", _("只按全国标准")),
            *(
                (pack.territory, pack.title.say(english=english))
                for pack in default_library().provinces.values()
            ),
        ]

    def clean_on(self) -> datetime.date:
        """The day, within what the packs and a year's planning cover."""
        on: datetime.date = self.cleaned_data["on"]
        latest = timezone.localdate() + datetime.timedelta(days=366)
        if not EARLIEST <= on <= latest:
            text = _("请写 {first} 到 {last} 之间的日期")
            raise forms.ValidationError(text.format(first=EARLIEST, last=latest))
        return on


class CheckForm(AskForm):
    """The self-check: ``keys`` name the facts asked, ``first`` those put on top."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        keys: Iterable[str],
        first: Iterable[str] = (),
        *,
        pack: Pack,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        english = speaks_english()
        self.first = list(first)
        self.keys = list(keys)
        for key in dict.fromkeys((*self.first, *self.keys)):
            fact = pack.facts[split_key(key)[0]]
            self.fields[PREFIX + key] = FactField(fact, key, pack, english=english)

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields of the request itself."""
        return [self[name] for name in AskForm.base_fields]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The facts in groups, each in the order they were asked."""
        found: dict[str, list[forms.BoundField]] = {name: [] for name in _TITLES}
        for name, field in self.fields.items():
            if isinstance(field, FactField):
                on_top = name.removeprefix(PREFIX) in self.first
                group = "" if on_top else field.fact.group
                found.setdefault(group, []).append(self[name])
        return [
            (str(_TITLES.get(group, _("地方指标"))), fields)
            for group, fields in found.items()
            if fields
        ]

    def facts(self) -> Facts:
        """What was filled in, each figure with its source."""
        flat = {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX) and value is not None
        }
        return Facts.of(flat, dict.fromkeys(flat, _("本次填写")))


def keys_in(data: Mapping[str, Any], pack: Pack, year: int) -> list[str]:
    """The facts a posted form names; what no form of ours would name is left out."""
    found = []
    for name in data:
        key = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or not _KEY.fullmatch(key):
            continue
        fact_id, of_year = split_key(key)
        fact = pack.facts.get(fact_id)
        if fact is None or fact.yearly is not (of_year is not None):
            continue
        if of_year is None or year - YEARS_BACK <= of_year <= year:
            found.append(key)
    return found[:MOST_KEYS]


def first_keys(on: datetime.date, kind: Kind, territory: str) -> list[str]:
    """What the empty form asks: the figures that decide most on the ladder."""
    found = standings_of(Facts.of({}), on=on, kind=kind, territory=territory)
    return list(dict.fromkeys((*_ALWAYS, *further_keys(found, FIRST))))


def further_keys(found: Standings, most: int = FURTHER) -> list[str]:
    """The next best figures to ask: those of the ladder and the size class first."""
    ladder = [each for schemes in RUNGS for each in schemes]
    on_ladder = [
        found.schemes[each] for each in (*ladder, "sme_size") if each in found.schemes
    ]
    questions = [
        *next_questions(found.pack, on_ladder),
        *next_questions(found.pack, found.schemes),
    ]
    return list(dict.fromkeys(each.key for each in questions))[:most]


def _help(fact: Fact, *, english: bool) -> str:
    found_in = fact.where_found(english=english)
    texts = [found_in] if found_in else []
    if fact.id == "industry":
        texts.append(_("如 C3912 或 3912"))
    return _("。").join(texts)


def _widget(fact: Fact, *, english: bool) -> forms.Widget:
    options = [
        (each.id, each.english if english else each.label) for each in fact.choices
    ]
    plain = {"autocomplete": "off"}
    match fact.type:
        case FactType.BOOLEAN:
            return forms.Select(choices=[_UNKNOWN, ("是", _("是")), ("否", _("否"))])
        case FactType.CHOICE:
            return forms.Select(choices=[_UNKNOWN, *options])
        case FactType.CHOICES:
            return forms.CheckboxSelectMultiple(choices=options)
        case FactType.DATE:
            return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        case FactType.MONEY | FactType.COUNT | FactType.NUMBER | FactType.RATIO:
            return forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off"}
            )
    return forms.TextInput(attrs=plain)
