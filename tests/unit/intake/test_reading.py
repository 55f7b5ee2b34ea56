"""Whole files: every row is read, or an error names its cell."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from .conftest import CODE, OTHER


def sentences(intake, severity="error"):
    return [p.sentence() for p in intake.problems if p.severity == severity]


def values(row):
    return row.facts.flat()


def test_utf8_with_and_without_mark_and_gb18030_read_alike(read):
    text = f"企业名称,统一社会信用代码,营业收入(万元)@2025\n甲,{CODE},5088\n"
    found = [
        values(read(text, encoding=encoding).rows[0])
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")
    ]
    assert found == [found[0]] * 4
    assert found[0] == {"name": "甲", "uscc": CODE, "revenue@2025": Decimal(50_880_000)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(read, delimiter):
    intake = read(delimiter.join(["name", "revenue@2025"]) + f"\n甲{delimiter}1\n")
    assert values(intake.rows[0])["revenue@2025"] == Decimal(10_000)


def test_json_numbers_take_the_form_unit_and_nesting_is_flattened(read):
    intake = read(
        [
            {"uscc": CODE, "revenue@2025": 6000, "own_brand": True},
            {"name": "乙", "facts": {"revenue": {"2025": "1.2亿", "2024": 3}}},
        ]
    )
    first, second = (values(row) for row in intake.rows)
    assert first["revenue@2025"] == Decimal(60_000_000)
    assert first["own_brand"] is True
    assert second["revenue@2025"] == Decimal(120_000_000)
    assert second["revenue@2024"] == Decimal(30_000)


def test_unknown_cells_are_absent_not_zero(read):
    intake = read("name,revenue@2025,own_brand,employees@2025\n甲,-,不详,\n")
    assert values(intake.rows[0]) == {"name": "甲"}


def test_years_above_merged_cells_and_title_rows(read_book):
    def fill(book):
        sheet = book.add_worksheet("摸底表")
        sheet.write(0, 0, "示范县2026年摸底表")
        sheet.merge_range(1, 0, 2, 0, "企业名称")
        sheet.merge_range(1, 1, 1, 2, "2025年")
        sheet.merge_range(1, 3, 1, 4, "2024年")
        sheet.write_row(2, 1, ["营业收入(万元)", "从业人员"] * 2)
        sheet.write_row(3, 0, ["甲", 100, 20, 90, 18])

    row = read_book(fill).rows[0]
    assert row.row == 4
    assert values(row) == {
        "name": "甲",
        "revenue@2025": Decimal(1_000_000),
        "employees@2025": 20,
        "revenue@2024": Decimal(900_000),
        "employees@2024": 18,
    }


def test_years_above_blank_cells_of_a_csv(read):
    intake = read(
        ",2025年,,2024年,\n企业名称,营业收入,从业人员,营业收入,从业人员\n甲,1,2,3,4\n"
    )
    assert values(intake.rows[0])["employees@2024"] == 4


def test_form_sheets_one_firm_each_and_hidden_sheets_are_left_out(read_book):
    def fill(book):
        for name, revenue in (("甲", 100), ("乙", "2亿")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["企业信息表", ""])
            for at, pair in enumerate(
                [
                    ("企业名称", name),
                    ("营业收入(万元)@2025", revenue),
                    ("自主品牌", "有"),
                ],
                start=1,
            ):
                sheet.write_row(at, 0, pair)
        hidden = book.add_worksheet("旧")
        hidden.write_row(0, 0, ["企业名称", "自主品牌"])
        hidden.write_row(1, 0, ["丙", "有"])
        hidden.hide()

    intake = read_book(fill)
    assert [(r.sheet, r.name) for r in intake.rows] == [("甲", "甲"), ("乙", "乙")]
    assert values(intake.rows[1])["revenue@2025"] == Decimal(200_000_000)
    assert intake.problems == [p for p in intake.problems if p.severity == "warning"]


def test_formula_without_result_is_an_error_of_its_row_only(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["企业名称", "营业收入(万元)@2025"])
        sheet.write(1, 0, "甲")
        sheet.write_formula(1, 1, "=1+1", None, "")
        sheet.write(2, 0, "乙")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write(3, 0, "丙")
        sheet.write_formula(3, 1, "=1+1", None, 2)

    intake = read_book(fill)
    assert [row.readable for row in intake.rows] == [False, False, True]
    assert values(intake.rows[2])["revenue@2025"] == Decimal(20_000)
    assert sentences(intake)[0] == (
        "错误：firms.xlsx 工作表“表” 第2行 “营业收入(万元)@2025”列（B2）："
        "公式没有结果，或结果是错误值；请把公式粘贴为数值。"
    )


def test_dates_and_booleans_of_a_spreadsheet(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "成立日期", "是否上市", "行政区划代码"])
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(1, 0, "甲")
        sheet.write_datetime(1, 1, datetime.datetime(2015, 7, 3), date)  # noqa: DTZ001
        sheet.write_boolean(1, 2, False)  # noqa: FBT003
        sheet.write_number(1, 3, 990102)

    assert values(read_book(fill).rows[0]) == {
        "name": "甲",
        "established_on": datetime.date(2015, 7, 3),
        "listed": False,
        "territory": "990102",
    }


def test_bad_cell_stops_its_row_and_no_other(read):
    intake = read("name,revenue@2025\n甲,很多\n乙,3\n")
    assert [row.readable for row in intake.rows] == [False, True]
    assert sentences(intake) == [
        "错误：firms.csv 第2行 “revenue@2025”列：“很多”读不成金额；"
        "可写 5088、5,088万元 或 1.2亿。"
    ]


def test_problems_are_told_in_english_too(read):
    intake = read("name,revenue@2025\n甲,很多\n")
    assert [p.sentence(english=True) for p in intake.errors] == [
        'error: firms.csv row 2 column "revenue@2025": "很多" is not an amount; '
        "write 5088, 5,088万元 or 1.2亿."
    ]


def test_warnings_once_per_column(read):
    intake = read("name,营业收入,营业收人\n甲,1,1\n乙,2,2\n")
    said = [s for s in sentences(intake, "warning") if "列" in s]
    assert said == [
        "提醒：firms.csv 第1行 “营业收入”列：没有写年份；按2025年读取；请在表头写明年份。",
        "提醒：firms.csv 第1行 “营业收入”列：没有写单位；按万元读取；请在表头写明单位。",
        "提醒：firms.csv 第1行 “营业收人”列：不认识这一列；已忽略；是不是想写“营业收入”。",
    ]
    assert all(row.readable for row in intake.rows)


def test_undated_platform_score_counts_for_the_current_year(read):
    intake = read("name,专精特新发展评价得分（平台）\n甲,55\n")
    assert values(intake.rows[0]) == {"name": "甲", "srdi_score@2026": Decimal(55)}


def test_ratio_readings_are_reported_with_their_number(read):
    intake = read("name,market_share\n甲,12\n乙,0.12\n丙,30\n")
    assert intake.readings == [
        "读法：“market_share”列：大于1的数按百分数读取，如 12 读作 12%（2格）",
        "读法：“market_share”列：不大于1的数按小数读取，如 0.12 读作 12%（1格）",
    ]


def test_year_out_of_range_is_an_error_of_the_column(read):
    intake = read("name,revenue@1979\n甲,3\n")
    assert sentences(intake) == [
        "错误：firms.csv 第1行 “revenue@1979”列：年份超出范围；年份应在1980到2100之间。"
    ]


def test_two_columns_for_one_fact(read):
    intake = read(
        "name,营业收入(万元)@2025,2025年营业收入(元)\n甲,1,10000\n乙,1,20000\n丙,1,\n"
    )
    assert [row.readable for row in intake.rows] == [True, False, True]
    assert sentences(intake) == [
        "错误：firms.csv 第3行 “2025年营业收入(元)”列：“20000”"
        "与“营业收入(万元)@2025”列的数不一致；请核对后删去一列。"
    ]


def test_figures_that_do_not_fit_together_warn(read):
    intake = read(
        "name,uscc,employees@2025,rnd_staff@2025,revenue@2025,main_revenue@2025\n"
        f"甲,{CODE},10,20,5,6\n"
    )
    row = intake.rows[0]
    assert row.readable
    assert [p.what for p in row.problems] == ["大于“{whole}”"] * 2


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (CODE[:-1] + ("9" if CODE[-1] != "9" else "8"), "统一社会信用代码的校验位不对"),
        (CODE[:-1], "统一社会信用代码是17位"),
        ("9199O102MA0000001X", "统一社会信用代码不用字符“O”"),
    ],
)
def test_wrong_credit_code_is_an_error(read, code, what):
    intake = read(f"uscc,name\n{code},甲\n")
    assert not intake.rows[0].readable
    assert what in sentences(intake)[0]


def test_credit_code_in_small_letters_is_read(read):
    assert read(f"uscc,name\n{CODE.lower()},甲\n").rows[0].uscc == CODE


@pytest.mark.parametrize("code", ["110105001234567", "", "3202111102069"])
def test_missing_or_legacy_code_is_a_warning_and_the_row_stays(read, code):
    row = read(f"uscc,name\n{code},甲\n").rows[0]
    assert (row.readable, row.uscc, row.row) == (True, None, 2)
    assert [p.severity for p in row.problems] == ["warning"]


def test_same_code_twice_first_counts(read):
    intake = read(f"uscc,name\n{CODE},甲\n{OTHER},乙\n{CODE},丙\n{CODE},甲\n")
    assert [row.readable for row in intake.rows] == [True, True, False, False]
    assert sentences(intake) == [
        f"错误：firms.csv 第4行：“{CODE}”与第2行的统一社会信用代码相同，内容不同；"
        "以第2行为准，请删去一行。"
    ]


def test_unquoted_comma_makes_the_row_too_wide(read):
    intake = read("name,revenue@2025\n甲,5,088\n乙,3\n")
    assert [row.readable for row in intake.rows] == [False, True]
    assert "格数比表头多" in sentences(intake)[0]


def test_total_row_is_left_out_and_said(read):
    intake = read("name,revenue@2025\n甲,5\n合计,5\n\n")
    assert [row.name for row in intake.rows] == ["甲"]
    assert any("像是合计行" in s for s in sentences(intake, "warning"))


def test_every_value_says_where_it_stands(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["企业名称", "营业收入(万元)@2025"])
        sheet.write_row(1, 0, ["甲", 5])

    row = read_book(fill).rows[0]
    assert row.facts.sources["revenue@2025"] == "firms.xlsx 表!B2"


def test_progress_is_told_row_by_row(read):
    seen = []
    read(
        "name,revenue@2025\n甲,5\n乙,6\n", progress=lambda at, of: seen.append((at, of))
    )
    assert seen == [(1, 3), (2, 3)]
