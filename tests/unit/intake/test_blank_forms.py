"""Blank forms: what they ask, and that what is filled in is read back unchanged."""

from __future__ import annotations

import dataclasses
import datetime
import re
import string
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.intake import read_file
from tidu.intake.blank_books import write_county, write_enterprise
from tidu.intake.blank_cells import (
    drop_down,
    example,
    filled,
    header_text,
    validation,
    way_to_fill,
)
from tidu.intake.blank_forms import Blank, lay_out, only
from tidu.intake.cells import reader_for
from tidu.intake.headers import HeaderReader
from tidu.rules.asking import AskedFact, asked_facts, criteria_named
from tidu.rules.facts import Choice, Fact, Facts, FactType, Period, key_of
from tidu.rules.library import default_library

from .conftest import CODE, ON, OTHER

LIBRARY = default_library()
PROVINCE = LIBRARY.for_territory("99")
FACTS = PROVINCE.facts
EVERYTHING = [
    AskedFact(key_of(fact.id, ON.year - 1 if fact.yearly else None), (), required=True)
    for fact in FACTS.values()
]
WRITERS = {"county": write_county, "enterprise": write_enterprise}


def blank(sections, *firms, rows=0):
    return Blank(PROVINCE, ON, ("srdi_sme",), sections, firms=firms, rows=rows)


def form_of(*schemes, on=ON):
    asked = (LIBRARY.national, schemes, on)
    labels = criteria_named(*asked)
    return Blank(
        pack=LIBRARY.national,
        on=on,
        schemes=schemes,
        sections=lay_out(LIBRARY.national, asked_facts(*asked)),
        criteria={name: label.chinese for name, label in labels.items()},
    )


def plain_fact(kind, **more):
    return Fact("a", "甲", "a", "g", kind, Period.NOW, **more)


def values_of(fact):
    """Any value the fact can have, as intake gives it."""
    cents = st.integers(0, 10**15).map(lambda n: Decimal(n) / 100)
    numbers = st.integers(0, 10**7).map(lambda n: Decimal(n) / 1000)
    words = st.text(
        "示范机械电子甲乙丙" + string.ascii_letters, min_size=1, max_size=20
    )
    least, most = int(fact.least or 0), int(fact.most or 10**9)
    match fact.type:
        case FactType.MONEY:
            return st.one_of(cents, cents.map(lambda x: -x)) if fact.negative else cents
        case FactType.RATIO:
            return st.integers(0, 10**12).map(lambda n: Decimal(n) / 10**11)
        case FactType.COUNT:
            return st.integers(least, most)
        case FactType.NUMBER:
            return numbers.filter(lambda n: n <= most)
        case FactType.BOOLEAN:
            return st.booleans()
        case FactType.DATE:
            return st.dates(datetime.date(1980, 1, 1), datetime.date(2099, 12, 31))
        case FactType.CHOICE:
            return st.sampled_from([each.id for each in fact.choices])
        case FactType.CHOICES:
            ids = [each.id for each in fact.choices if each.id != "none"]
            return st.frozensets(st.sampled_from(ids))
    fixed = {"uscc": [CODE], "territory": ["990102", "99"], "industry": ["C3912", "70"]}
    return st.sampled_from(fixed[fact.id]) if fact.id in fixed else words


anything = st.fixed_dictionaries(
    {"uscc": st.just(CODE)},
    optional={
        each.key: values_of(FACTS[each.key.partition("@")[0]])
        for each in EVERYTHING
        if each.key != "uscc"
    },
)


def consistent(values):
    """The values without figures that would be larger than their whole."""
    return {
        key: value
        for key, value in values.items()
        if not FACTS[key.partition("@")[0]].part_of
    }


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=12, deadline=None)
@given(values=anything)
def test_what_is_filled_in_is_read_back(tmp_path_factory, form, values):
    path = tmp_path_factory.mktemp("forms") / "form.xlsx"
    values = consistent(values)
    WRITERS[form](path, blank(lay_out(PROVINCE, EVERYTHING), Facts.of(values), rows=2))

    intake = read_file(path, LIBRARY.facts, on=ON)

    assert [p.sentence() for p in intake.problems] == []
    assert [row.facts.flat() for row in intake.rows] == [values]


@pytest.mark.parametrize("fact_id", sorted(LIBRARY.facts))
def test_every_header_and_every_option_is_understood(fact_id):
    fact = LIBRARY.facts[fact_id]
    header = HeaderReader(LIBRARY.facts, ON.year).read(header_text(fact), "2025年")
    read = reader_for(fact, header.unit)

    assert header.fact is fact
    assert header.unit == fact.form_unit
    assert header.year == (2025 if fact.yearly else None)
    chosen = {read(option, lambda _: None) for option in drop_down(fact)[:-1]}
    if fact.type is FactType.BOOLEAN:
        assert chosen == {True, False}
    else:
        assert len(chosen) == len(drop_down(fact)[:-1])


@pytest.mark.parametrize("fact_id", sorted(LIBRARY.facts))
def test_messages_fit_and_say_where_the_figure_stands(fact_id):
    fact = LIBRARY.facts[fact_id]
    rule = validation(fact, "很长" * 30, 2025, "D6")

    assert len(rule["input_title"]) <= 32
    assert len(rule["input_message"]) <= 255
    assert len(rule["error_message"]) <= 255
    assert rule["error_type"] == "warning"
    assert way_to_fill(fact) in rule["input_message"]
    assert fact.found_in in rule["input_message"]
    assert "不要写0" in rule["input_message"]


def test_blank_forms_have_no_firm(tmp_path):
    path = tmp_path / "form.xlsx"
    write_county(path, blank(lay_out(PROVINCE, EVERYTHING), rows=50))

    intake = read_file(path, LIBRARY.facts, on=ON)

    assert intake.rows == []
    assert intake.blank == 50
    assert intake.problems == []


def test_several_firms_and_years_stand_in_one_table(tmp_path):
    path = tmp_path / "form.xlsx"
    firms = [
        {"uscc": CODE, "name": "甲", "new_equity@2023": Decimal("0.01")},
        {"uscc": OTHER, "name": "乙", "revenue@2024": Decimal(7), "high_tech": True},
    ]
    asked = [AskedFact(key, (), required=False) for firm in firms for key in firm]
    sections = lay_out(LIBRARY.national, asked)
    write_county(path, blank(sections, *map(Facts.of, firms)))

    intake = read_file(path, LIBRARY.facts, on=ON)

    assert [row.facts.flat() for row in intake.rows] == firms
    source = intake.rows[1].facts.sources["revenue@2024"]
    assert source.startswith("form.xlsx 摸底表!")


def test_cells_filled_by_hand_are_read(tmp_path):
    """Fill a blank form cell by cell, as a spreadsheet program stores it."""
    path, filled_in = tmp_path / "form.xlsx", tmp_path / "filled.xlsx"
    form = form_of("srdi_sme")
    write_enterprise(path, form)
    typed = {
        "name": "甲公司",
        "uscc": CODE,
        "revenue@2025": 6000.5,
        "revenue@2024": "1.2亿元",
        "science_award": "省级前三",
        "falsification": "否",
        "niche_since": "2015年6月1日",
        "employees@2025": "不详",
    }
    lines = {}
    row = 4
    for section in form.sections:
        for ask in section.asks:
            row += 1
            lines[ask.key] = row
        row += 1
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(filled_in, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                sheet = text.decode()
                for key, cell in typed.items():
                    sheet = typed_into(sheet, f"B{lines[key]}", cell)
                text = sheet.encode()
            after.writestr(name, text)

    intake = read_file(filled_in, LIBRARY.facts, on=ON)

    assert [p.sentence() for p in intake.problems] == []
    assert [row.facts.flat() for row in intake.rows] == [
        {
            "name": "甲公司",
            "uscc": CODE,
            "revenue@2025": Decimal(60_005_000),
            "revenue@2024": Decimal(120_000_000),
            "science_award": "province_top3",
            "falsification": False,
            "niche_since": datetime.date(2015, 6, 1),
        }
    ]


def typed_into(sheet, place, cell):
    """The sheet's XML with a blank cell filled."""
    found = re.search(f'<c r="{place}" s="(\\d+)"/>', sheet)
    assert found, place
    if isinstance(cell, str):
        inner = (
            f'<c r="{place}" s="{found[1]}" t="inlineStr"><is><t>{cell}</t></is></c>'
        )
    else:
        inner = f'<c r="{place}" s="{found[1]}"><v>{cell}</v></c>'
    return sheet.replace(found[0], inner)


def test_only_what_the_schemes_read_is_asked_and_the_weightiest_first():
    form = form_of("srdi_sme")
    economy = next(s for s in form.sections if s.title == "经济指标")

    assert form.sections[0].title == "企业基本情况"
    assert [ask.key for ask in form.asks[:3]] == ["name", "uscc", "territory"]
    assert economy.asks[0].key == "revenue@2025"
    years = [ask.year for ask in economy.asks]
    assert years == sorted(years, reverse=True)
    assert "dq01" not in {ask.key for ask in form.asks}
    assert "market_position_reviewed" not in {ask.key for ask in form.asks}


def test_a_part_follows_its_whole_even_where_only_the_part_is_missing():
    sections = only(form_of("innovative_sme").sections, ["class1_ip_own"])
    keys = [ask.key for section in sections for ask in section.asks]
    alone = lay_out(LIBRARY.national, [AskedFact("class1_ip_own", (), required=True)])

    assert keys == ["name", "uscc", "territory", "class1_ip", "class1_ip_own"]
    assert [ask.key for s in alone for ask in s.asks] == keys


def test_facts_of_an_unknown_group_have_a_section_of_their_own():
    sections = lay_out(PROVINCE, [AskedFact("demo_green_factory", (), required=True)])

    assert [s.title for s in sections] == ["企业基本情况", "地方指标"]


def test_a_pack_without_divisions_asks_for_none():
    facts = {k: v for k, v in FACTS.items() if k != "territory"}
    pack = dataclasses.replace(PROVINCE, facts=facts)

    (section,) = lay_out(pack, [])

    assert [ask.key for ask in section.asks] == ["name", "uscc"]


def test_dictionary_sheet_says_which_criterion_asks(tmp_path):
    path = tmp_path / "form.xlsx"
    write_enterprise(path, form_of("srdi_sme", "unicorn"))

    with zipfile.ZipFile(path) as archive:
        texts = archive.read("xl/sharedStrings.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()

    assert "专精特新中小企业：上年度营业收入，或近两年新增股权融资" in texts
    assert "填表说明" in book
    assert "指标字典" in book
    assert sheet.count("<dataValidation ") == len(form_of("srdi_sme", "unicorn").asks)


def test_a_number_too_long_for_a_spreadsheet_is_written_as_text():
    revenue = LIBRARY.facts["revenue"]

    assert filled(revenue, Decimal("12345678901234567.89")) == "1234567890123.456789"
    assert filled(revenue, Decimal(60_000_000)) == 6000.0


def test_a_ratio_without_a_unit_carries_its_own_sign():
    fact = plain_fact(FactType.RATIO)

    assert filled(fact, Decimal("0.125")) == "12.5%"
    assert header_text(fact) == "甲"


def test_options_that_do_not_fit_a_list_are_only_told():
    many = tuple(Choice(f"c{n}", f"选项{n}" * 10, "c") for n in range(20))
    comma = (Choice("none", "无", "none"), Choice("b", "b,c", "b"))

    for choices in (many, comma):
        fact = plain_fact(FactType.CHOICE, choices=choices)
        assert drop_down(fact) == []
        assert validation(fact, "甲", None, "D6")["validate"] == "any"


@pytest.mark.parametrize(
    ("fact", "formula"),
    [
        (LIBRARY.facts["net_profit"], "ISNUMBER(D6)"),
        (LIBRARY.facts["revenue"], "AND(ISNUMBER(D6),D6>=0)"),
        (LIBRARY.facts["ds01"], "AND(ISNUMBER(D6),D6>=0,D6<=4,D6=INT(D6))"),
        (LIBRARY.facts["srdi_score"], "AND(ISNUMBER(D6),D6>=0)"),
        (LIBRARY.facts["uscc"], "LEN(D6)=18"),
        (LIBRARY.facts["established_on"], "AND(ISNUMBER(D6),D6>=29221)"),
        (LIBRARY.facts["market_share"], "AND(ISNUMBER(D6),D6>=0,D6<=1000)"),
    ],
)
def test_figures_are_checked_and_unknown_is_let_through(fact, formula):
    rule = validation(fact, fact.label, None, "D6")

    assert rule["value"] == f'=OR(D6="不详",{formula})'


def test_examples_say_how_to_fill():
    assert example(LIBRARY.facts["territory"]) == "如 110108"
    assert example(LIBRARY.facts["revenue"]) == "如 5088.12（填数字，以万元计）"
    assert example(LIBRARY.facts["ds01"]) == "如 3（填整数，0到4）"
    assert example(LIBRARY.facts["own_brand"]) == "选“是”或“否”"
    assert example(plain_fact(FactType.TEXT)) == "照证照填写"
