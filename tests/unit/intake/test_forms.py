"""Form sheets: one firm each, labels with their values beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .conftest import CODE


def form(*rows):
    """Write rows of cells into a sheet of one workbook."""

    def fill(book):
        sheet = book.add_worksheet("表")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)

    return fill


def values(row):
    return row.facts.flat()


def told(intake):
    return [p.sentence() for p in intake.problems]


def test_labels_with_values_beside_them(read_book):
    intake = read_book(
        form(
            ["企业基本情况表"],
            ["项目", "内容"],
            ["企业名称", "甲"],
            ["统一社会信用代码", CODE],
            ["营业收入(万元)@2025", 100],
            ["自主品牌", "有"],
        )
    )

    row = intake.rows[0]
    assert values(row) == {
        "name": "甲",
        "uscc": CODE,
        "revenue@2025": Decimal(1_000_000),
        "own_brand": True,
    }
    assert row.row == 3
    assert row.facts.sources["revenue@2025"] == "firms.xlsx 表!B5"
    assert told(intake) == []


@pytest.mark.parametrize("written", ["Ⅰ", "I", "1", "一"])
def test_class_of_intellectual_property_in_a_form_row(read_book, written):
    intake = read_book(
        form(
            ["项目", "内容", "单位"],
            ["企业名称", "甲", ""],
            [f"{written}类知识产权", 3, "项"],
            ["其中自主研发", 2, "项"],
            ["Ⅱ类知识产权", 5, "项"],
        )
    )

    assert values(intake.rows[0]) == {
        "name": "甲",
        "class1_ip": 3,
        "class1_ip_own": 2,
        "class2_ip": 5,
    }


def test_unit_in_a_column_of_its_own_counts(read_book):
    intake = read_book(
        form(
            ["项目", "内容", "单位"],
            ["企业名称", "甲", ""],
            ["营业收入@2025", 5088, "元"],
            ["从业人员@2025", 30, "人"],
        )
    )
    assert values(intake.rows[0])["revenue@2025"] == Decimal(5_088)


def test_unit_before_the_value_and_one_column_for_each_year(read_book):
    intake = read_book(
        form(
            ["指标", "单位", "2025年", "上上年度"],
            ["企业名称", "", "甲", ""],
            ["营业收入", "万元", 100, 90],
            ["研发费用", "元", 100, 90],
            ["自主品牌", "", "有", ""],
        )
    )
    assert values(intake.rows[0]) == {
        "name": "甲",
        "revenue@2025": Decimal(1_000_000),
        "revenue@2024": Decimal(900_000),
        "rnd_expense@2025": Decimal(100),
        "rnd_expense@2024": Decimal(90),
        "own_brand": True,
    }


def test_several_pairs_side_by_side(read_book):
    intake = read_book(
        form(
            ["企业名称", "甲", "统一社会信用代码", CODE],
            ["成立日期", "2015年3月1日", "是否上市", "否"],
            ["营业收入（万元）@2025", 100, "从业人员@2025", 30],
        )
    )
    assert values(intake.rows[0])["employees@2025"] == 30
    assert values(intake.rows[0])["listed"] is False
    assert told(intake) == []


def test_unit_of_a_line_over_the_form(read_book):
    intake = read_book(
        form(
            ["企业情况表", ""],
            ["单位：元", ""],
            ["企业名称", "甲"],
            ["统一社会信用代码", CODE],
            ["营业收入@2025", 5088],
        )
    )
    assert values(intake.rows[0])["revenue@2025"] == Decimal(5_088)
    assert told(intake) == []


def test_error_of_a_form_names_the_cell(read_book):
    intake = read_book(
        form(
            ["企业名称", "甲"],
            ["统一社会信用代码", CODE],
            ["营业收入(万元)@2025", "很多"],
            ["联系电话", "139"],
        )
    )
    assert told(intake) == [
        "错误：firms.xlsx 工作表“表” 第3行 “营业收入(万元)@2025”列（B3）：“很多”"
        "读不成金额；可写 5088、5,088万元 或 1.2亿。",
        "提醒：firms.xlsx 工作表“表” 第4行 “联系电话”列（A4）：不认识这一列；"
        "已忽略；需要时改成填报表的列名，或给出列名对照。",
    ]


def test_same_fact_twice_in_a_form(read_book):
    intake = read_book(
        form(
            ["企业名称", "甲"],
            ["统一社会信用代码", CODE],
            ["营业收入(万元)@2025", 5],
            ["2025年营业收入(万元)", 6],
        )
    )
    assert not intake.rows[0].readable


def test_what_belongs_to_no_label_is_told(read_book):
    intake = read_book(
        form(
            ["企业名称", "甲"],
            ["统一社会信用代码", CODE],
            ["营业收入(万元)@2025", 5, "据审计报告"],
        )
    )
    assert told(intake) == [
        "提醒：firms.xlsx 工作表“表” 第3行：“据审计报告”不在名称和内容两列里；"
        "没有读；请一项一行，内容写在名称右边。"
    ]


def test_form_as_csv(read):
    intake = read("企业名称,甲\n营业收入(元)@2025,5\n从业人员@2025,3\n")
    assert values(intake.rows[0])["revenue@2025"] == Decimal(5)
    assert intake.rows[0].facts.sources["revenue@2025"] == "firms.csv 第2行"


def test_year_out_of_range_in_a_form(read_book):
    intake = read_book(
        form(["企业名称", "甲"], ["营业收入@1970", 5], ["从业人员@2025", 3])
    )
    assert any("年份超出范围" in each for each in told(intake))


def test_table_of_firms_is_no_form(read_book):
    intake = read_book(
        form(
            ["企业名称", "营业收入(万元)@2025"],
            ["甲", 5],
            ["乙", 6],
            ["丙", 7],
        )
    )
    assert [row.name for row in intake.rows] == ["甲", "乙", "丙"]
