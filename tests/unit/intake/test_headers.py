"""Headers as officers write them."""

from __future__ import annotations

import pytest

from tidu.intake.headers import HeaderReader
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
    ],
)
def test_header_reading(text, key, unit):
    header = READER.read(text)
    assert (header.key(2025), header.unit) == (key, unit)


def test_year_from_the_row_above():
    assert READER.read("营业收入", "2024年").year == 2024
    assert READER.read("营业收入", "上年度").year == 2025
    assert READER.read("营业收入@2023", "2024年").year == 2023


def test_year_of_a_fact_without_years_is_dropped():
    assert READER.read("自主品牌@2025").key(2025) == "own_brand"


def test_unknown_header_names_the_nearest():
    header = READER.read("营业收人")
    assert (header.fact, header.nearest) == (None, "营业收入")


@pytest.mark.parametrize("year", ["1979", "2101"])
def test_year_out_of_range_is_refused(year):
    with pytest.raises(CellError, match="年份超出范围"):
        READER.read(f"营业收入@{year}")
