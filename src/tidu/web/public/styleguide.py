"""Every component in all its states, with fictional content: ``/styleguide/``."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.permissions import anybody
from tidu.eligibility.standings import Standings, standings_of
from tidu.eligibility.what_if import national_levers
from tidu.planning.paths import plan
from tidu.rules.facts import Facts, FactValue
from tidu.rules.outcomes import Outcome
from tidu.web.components import Chart, Chip, ClockShown, bars
from tidu.web.context import speaks_english
from tidu.web.findings import FindingRow, finding_row, mark, scheme_card
from tidu.web.ladders import ladder_of
from tidu.web.pages import Asked, page
from tidu.web.paging import Leaf
from tidu.web.paths import plan_shown

DAY = datetime.date(2026, 6, 1)  # fixed, so that the sheet never changes by itself


class SampleForm(forms.Form):
    """A form with each kind of field."""

    marks_required = True

    name = forms.CharField(label=gettext_lazy("企业名称"))
    revenue = forms.DecimalField(
        label=gettext_lazy("上年度营业收入"),
        help_text=gettext_lazy("利润表：营业收入（本期金额）"),
        widget=forms.TextInput,
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("办什么"),
        choices=[("new", gettext_lazy("新申报")), ("again", gettext_lazy("复核"))],
    )
    fields_of_work = forms.MultipleChoiceField(
        label=gettext_lazy("属于哪些领域"),
        choices=[("a", gettext_lazy("工业母机")), ("b", gettext_lazy("仪器仪表"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    revenue.unit = "万元"  # type: ignore[attr-defined]


@page(may=anybody)
def styleguide(request: Asked) -> HttpResponse:
    english = speaks_english()
    found = sample_standings()
    goal = plan(
        found.pack,
        found.facts,
        "srdi_sme",
        on=DAY,
        kind=found.kind,
        levers=national_levers(),
    )
    context = {
        "outcomes": [mark(each, english=english) for each in Outcome],
        "rows": one_of_each(found, english=english),
        "ladder": ladder_of(found, english=english),
        "card": scheme_card(found.pack, found.schemes["srdi_sme"], english=english),
        "plan": plan_shown(goal, found.pack, english=english, most=1),
        "form": SampleForm(initial={"name": _("示范虚构精密机械有限公司")}),
        "wrong": SampleForm({"revenue": "5千"}),
        "clocks": _clocks(),
        "chips": [
            Chip(_("县区：东河县"), "#tables"),
            Chip(_("行业：制造业"), "#tables"),
        ],
        "leaf": Leaf([], 2, 120, more=False, previous="#tables", following="#tables"),
        "chart": _chart(),
    }
    return render(request, "public/styleguide.html", context)


def sample_standings() -> Standings:
    """A fictional firm whose findings show every outcome."""
    money = {
        "revenue": ("52000000", "61000000"),
        "main_revenue": ("50000000", "47000000"),
        "rnd_expense": ("1900000", "1500000"),
        "total_assets": ("70000000", "80000000"),
        "total_liabilities": ("30000000", "39000000"),
    }
    facts: dict[str, FactValue] = {
        f"{fact}@{year}": Decimal(value)
        for fact, values in money.items()
        for year, value in zip((2024, 2025), values, strict=True)
    }
    facts |= {
        "employees@2025": 120,
        "industry": "C3421",
        "niche_years": Decimal(4),
        "resident_enterprise": True,
        "holds_innovative_sme": True,
        "abnormal_list": False,
        "serious_dishonesty": False,
        "prohibited_product": False,
        "major_accident": False,
        "falsification": False,
        "class1_ip_in_use": 1,
        "srdi_score@2026": Decimal(62),
        "established_on": datetime.date(2016, 3, 1),
    }
    sources = {key: _("虚构数据") for key in facts}
    return standings_of(Facts.of(facts, sources), on=DAY)


def one_of_each(found: Standings, *, english: bool) -> list[FindingRow]:
    """One finding of each outcome, the fullest there is."""
    rows = [
        finding_row(
            each,
            standing.scheme,
            standing.rule_set.document if standing.rule_set else "",
            english=english,
        )
        for standing in found.schemes.values()
        for each in standing.findings
        if not each.part_of
    ]
    chosen = []
    for outcome in Outcome:
        of_outcome = [row for row in rows if row.outcome.id == outcome.value]
        full = [row for row in of_outcome if row.share is not None]
        chosen += (full or of_outcome)[:1]
    return chosen


def _clocks() -> list[ClockShown]:
    return [
        ClockShown(
            _("还剩 14 个工作日（6 月 22 日前）"), 30, "running", _("6 月 1 日收件")
        ),
        ClockShown(_("还剩 2 个工作日（6 月 3 日前）"), 90, "soon", _("5 月 6 日收件")),
        ClockShown(
            _("已超 3 个工作日（应在 5 月 27 日前）"), 100, "due", _("4 月 29 日收件")
        ),
        ClockShown(_("暂停：等企业补正"), 40, "stopped", _("5 月 20 日起暂停")),
        ClockShown(_("已办结，用了 11 个工作日"), 55, "done"),
    ]


def _chart() -> Chart:
    rows = [(_("东河县"), 42), (_("西山县"), 31), (_("南湖区"), 18), (_("北原县"), 7)]
    title = _("各县区专精特新中小企业数（虚构）")
    return bars("sample", title, (_("县区"), _("企业数")), rows)
