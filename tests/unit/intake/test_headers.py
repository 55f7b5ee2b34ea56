"""Headers as officers write them."""

from __future__ import annotations

import pytest

from tidu.intake.headers import HeaderReader, unit_line
from tidu.intake.problems import CellError
from tidu.rules.library import default_library

READER = HeaderReader(default_library().facts, 2026)


@pytest.mark.parametrize(
    ("text", "key", "unit"),
    [
        ("revenue@2025", "revenue@2025", ""),
        ("revenue(元)@2025", "revenue@2025", "元"),
        ("营业收入(万元)@2025", "revenue@2025", "万元"),
        ("营业收入@2025（万元）", "revenue@2025", "万元"),
        ("2025年营业收入", "revenue@2025", ""),
        ("2025年度营业收入(万元)", "revenue@2025", "万元"),
        ("营业收入（2025年）", "revenue@2025", ""),
        ("营业收入（万元）（2025年度）", "revenue@2025", "万元"),
        ("上年度营业收入", "revenue@2025", ""),
        ("上上年度营业收入（亿元）", "revenue@2024", "亿元"),
        ("本年度营业收入", "revenue@2026", ""),
        ("研发费用@2024", "rnd_expense@2024", ""),
        ("研发费用（审计报告口径）@2024", "rnd_expense@2024", ""),
        ("研发费用（加计扣除口径）", "rnd_expense_deduction@2025", ""),
        ("专精特新发展评价得分（平台）@2026", "srdi_score@2026", ""),
        ("有效的专精特新“小巨人”企业", "holds_little_giant", ""),
        ("有效的专精特新小巨人企业", "holds_little_giant", ""),
        ("全国细分市场占有率（%）", "market_share", "%"),
        ("企业 名称", "name", ""),
        ("2024年末资产总额", "total_assets@2024", ""),
        ("营业收入（2024年，万元）", "revenue@2024", "万元"),
        ("营业收入（单位：元）@2024", "revenue@2024", "元"),
        ("营业收入(百万元)2024年", "revenue@2024", "百万元"),
        ("2024营业收入", "revenue@2024", ""),
        ("营业收入2024", "revenue@2024", ""),
        ("上一年度营业收入", "revenue@2025", ""),
        ("去年营业收入", "revenue@2025", ""),
        ("前年营业收入", "revenue@2024", ""),
        ("1、营业收入@2024", "revenue@2024", ""),
        ("（二）2024年营业收入（元）", "revenue@2024", "元"),
        ("＊企业名称", "name", ""),
        ("上一年或当年重大安全质量事故或严重环境违法", "conduct_event_2y", ""),
    ],
)
def test_header_reading(text, key, unit):
    header = READER.read(text)
    assert (header.key(2025), header.unit) == (key, unit)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *((each, "class1_ip") for each in ("Ⅰ", "I", "Ｉ", "i", "ⅰ", "1", "１", "一")),
        *((each, "class2_ip") for each in ("Ⅱ", "II", "ⅱ", "2", "２", "二")),
    ],
)
@pytest.mark.parametrize(
    ("around", "unit"),
    [
        ("{}类知识产权", ""),
        ("{} 类知识产权（项）", "项"),
        ("与主导产品相关的{}类知识产权", ""),
        ("与主导产品相关的“{}类知识产权”数量(项)", "项"),
        ("{}类知识产权数量", ""),
        ("三、{}类知识产权", ""),
        ("3.{}类知识产权", ""),
        ("2025年{}类知识产权", ""),
    ],
)
def test_classes_of_intellectual_property_in_any_numeral(written, key, around, unit):
    header = READER.read(around.format(written))
    assert header.fact is not None, header
    assert (header.key(2025), header.unit) == (key, unit)


@pytest.mark.parametrize(
    "text", ["11类知识产权", "Ⅲ类知识产权", "三类知识产权", "类知识产权"]
)
def test_other_classes_are_not_taken_for_these(text):
    assert READER.read(text).fact is None


def test_year_from_the_row_above():
    assert READER.read("营业收入", "2024年").year == 2024
    assert READER.read("营业收入", "上年度").year == 2025
    assert READER.read("营业收入@2023", "2024年").year == 2023


def test_year_of_a_fact_without_years_is_dropped():
    assert READER.read("自主品牌@2025").key(2025) == "own_brand"


def test_unknown_header_names_the_nearest():
    assert READER.read("营业收人").fact is None
    assert READER.nearest("2025年营业收人（万元）") == "营业收入"
    assert READER.nearest("联系电话") == ""


@pytest.mark.parametrize(
    ("text", "unit"),
    [("营业收入（千吨）@2025", "千吨"), ("研发费用（高企口径）", "高企口径")],
)
def test_unit_nobody_knows_makes_the_column_unknown(text, unit):
    header = READER.read(text)
    assert (header.fact, header.strange_unit) == (None, unit)


def test_header_without_end_is_unknown():
    assert READER.read("1." * 50_000).fact is None
    assert READER.read("9" * 5_000).fact is None
    assert READER.read("2025年" * 5_000).fact is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [("单位：万元", "万元"), ("（金额单位: 人民币元）", "元"), ("单位：吨", "")],
)
def test_unit_line_over_a_table(text, unit):
    assert unit_line(text) == unit


@pytest.mark.parametrize("year", ["25", "1979", "2101", "20255"])
def test_year_out_of_range_is_refused(year):
    with pytest.raises(CellError, match="年份超出范围"):
        READER.read(f"营业收入@{year}")
