"""Standard statements (fictional): one firm, each figure with its year and cell."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
import xlsxwriter

from tidu.intake import read_file
from tidu.intake.statement_terms import (
    Span,
    code_in,
    filer_in,
    heading,
    line_name,
    span_in,
    unit_in,
)
from tidu.rules.library import default_library

from .conftest import CODE, ON

FIRM = "示范省云杉传感器有限公司（虚构）"
HEADINGS = ["资 产", "行次", "期末余额", "年初余额"]
HEADINGS += ["负债和所有者权益（或股东权益）", "行次", "期末余额", "年初余额"]


def balance(
    date="2025年12月31日", unit="单位：元", headings=HEADINGS, filer=f"编制单位：{FIRM}"
):
    return [
        ["资产负债表"],
        ["", "", "", "", "", "", "", "会企01表"],
        [filer, "", "", date, "", "", "", unit],
        headings,
        ["流动资产：", "", "", "", "流动负债：", "", "", ""],
        ["  货币资金", 1, 500, 400, "  短期借款", 31, 100, 80],
        ["流动资产合计", 2, 500, 400, "流动负债合计", 32, 100, 80],
        ["", "", "", "", "负 债 合 计", 33, 4_000_000.5, 3_500_000],
        ["", "", "", "", "所有者权益合计", 34, 6_000_000, 5_500_000],
        ["资 产 总 计", 3, 10_000_000.5, 9_000_000, "负债和所有者权益总计", 35, 1, 1],
    ]


def income(
    date="2025年度", unit="单位：元", headings=("项  目", "本期金额", "上期金额")
):
    return [
        ["利 润 表"],
        ["会企02表"],
        [f"编制单位：{FIRM}", date, unit],
        list(headings),
        ["一、营业收入", 60_000_000, "50,000,000.00"],
        ["   其中：主营业务收入", 55_000_000, 45_000_000],
        ["减：营业成本", 40_000_000, 33_000_000],
        ["    管理费用", 3_000_000, 2_000_000],
        ["    研发费用", 2_500_000, 2_000_000],
        ["加：其他收益", 1, 1],
        ["二、营业利润（亏损以“－”号填列）", 100, 100],
        ["四、净利润（净亏损以“－”号填列）", -1_200_000, 300_000],
        ["（一）持续经营净利润", 7, 7],
    ]


@pytest.fixture
def statements(tmp_path):
    def read(sheets, name="报表.xlsx"):
        path = tmp_path / name
        book = xlsxwriter.Workbook(str(path))
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        book.close()
        return read_file(path, default_library().facts, on=ON)

    return read


def told(intake):
    return [
        (p.severity, p.sheet, p.cell, p.what.format(**p.values))
        for p in intake.problems
    ]


def yearly(intake):
    (row,) = intake.rows
    return {k: int(v) for k, v in row.facts.items() if k not in {"name", "uscc"}}


NO_CODE = "报表上没有统一社会信用代码"


def test_both_statements_of_a_firm_are_one_row(statements):
    intake = statements({"资产负债表": balance(), "利润表": income(), "说明": [["无"]]})

    (row,) = intake.rows
    assert row.name == FIRM
    assert row.facts.flat() == {
        "name": FIRM,
        "total_assets@2025": Decimal("10000000.5"),
        "total_assets@2024": Decimal(9_000_000),
        "total_liabilities@2025": Decimal("4000000.5"),
        "total_liabilities@2024": Decimal(3_500_000),
        "revenue@2025": Decimal(60_000_000),
        "revenue@2024": Decimal(50_000_000),
        "main_revenue@2025": Decimal(55_000_000),
        "main_revenue@2024": Decimal(45_000_000),
        "rnd_expense@2025": Decimal(2_500_000),
        "rnd_expense@2024": Decimal(2_000_000),
        "net_profit@2025": Decimal(-1_200_000),
        "net_profit@2024": Decimal(300_000),
    }
    assert row.facts.sources["total_liabilities@2024"] == "报表.xlsx 资产负债表!H8"
    assert row.facts.sources["revenue@2025"] == "报表.xlsx 利润表!B5"
    assert told(intake) == [("warning", "资产负债表", "", NO_CODE)]
    keys = {each.key: (each.cell, each.unit) for each in intake.columns}
    assert keys["rnd_expense@2024"] == ("C9", "元")


def test_unit_in_ten_thousands(statements):
    intake = statements({"利润表": income(unit="金额单位：人民币万元")})

    assert yearly(intake)["revenue@2025"] == 600_000_000_000


def test_unit_of_a_heading_wins(statements):
    headings = ("项目", "本期金额（万元）", "上期金额(单位：元)")
    found = yearly(statements({"利润表": income(unit="", headings=headings)}))

    assert found["revenue@2025"] == 600_000_000_000
    assert found["revenue@2024"] == 50_000_000


def test_without_a_unit_yuan_is_taken_and_said(statements):
    intake = statements({"利润表": income(unit="")})

    assert yearly(intake)["revenue@2025"] == 60_000_000
    assert ("warning", "利润表", "", "报表没有写单位") in told(intake)


def test_the_year_so_far_counts_in_december_and_not_the_month(statements):
    headings = ("项目", "本月金额", "本年累计金额")
    intake = statements({"利润表": income("2025年12月", headings=headings)})

    found = yearly(intake)
    assert found["revenue@2025"] == 50_000_000  # the second column
    assert "revenue@2024" not in found
    assert intake.rows[0].readable


def test_cumulative_wins_over_current(statements):
    headings = ("项目", "本期金额", "本年累计金额")
    found = yearly(statements({"利润表": income("2025年度", headings=headings)}))

    assert found["revenue@2025"] == 50_000_000


@pytest.mark.parametrize(
    ("date", "what"),
    [
        ("2025年1-6月", "不是全年的利润表（到2025年6月）"),
        ("2025年第三季度", "不是全年的利润表（到2025年9月）"),
        ("2025年半年度", "不是全年的利润表（到2025年6月）"),
        ("2025年7-12月", "不是全年的利润表（到2025年12月）"),
        ("2025年9月", "不是全年的利润表（到2025年9月）"),
        ("2025年12月", "看不出是2025年全年还是12月一个月的数"),
        ("2025年12月31日", "看不出是2025年全年还是12月一个月的数"),
        ("", "报表没有写日期，看不出是哪一年"),
    ],
)
def test_a_part_of_a_year_is_not_a_year(statements, date, what):
    intake = statements({"利润表": income(date)})

    (row,) = intake.rows
    assert not row.readable
    assert row.facts.flat() == {"name": FIRM}
    assert told(intake) == [
        ("warning", "利润表", "B4", what),
        ("warning", "利润表", "C4", what),
        ("error", "利润表", "", "报表里没有读到全年或年末的数"),
    ]


def test_a_half_years_balance_still_tells_how_the_year_began(statements):
    intake = statements({"资产负债表": balance("2026年6月30日")})

    assert yearly(intake) == {
        "total_assets@2025": 9_000_000,
        "total_liabilities@2025": 3_500_000,
    }
    what = "不是年末的资产负债表（到2026年6月）"
    assert ("warning", "资产负债表", "C4", what) in told(intake)


def test_an_opening_balance_of_a_month_is_not_taken(statements):
    headings = ["资产", "行次", "期末余额", "期初余额"]
    headings += ["负债和所有者权益", "行次", "期末余额", "期初余额"]

    half = statements({"资产负债表": balance("2026年6月30日", headings=headings)})
    whole = statements({"资产负债表": balance(headings=headings)})

    assert yearly(half) == {}
    assert yearly(whole)["total_assets@2024"] == 9_000_000


def test_a_day_before_the_end_is_not_the_end(statements):
    intake = statements({"资产负债表": balance("2025年12月30日")})

    assert "total_assets@2025" not in yearly(intake)


def test_a_spreadsheets_own_date_is_a_date(tmp_path):
    path = tmp_path / "报表.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("资产负债表")
    for at, row in enumerate(balance(date="")):
        sheet.write_row(at, 0, row)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_datetime(2, 3, datetime.date(2025, 12, 31), day)
    book.close()

    intake = read_file(path, default_library().facts, on=ON)

    assert intake.rows[0].facts.get("total_assets@2025") == Decimal("10000000.5")


def test_headings_that_are_dates_as_auditors_write_them(statements):
    dates = ["资产", "附注", "2025年12月31日", "2024年12月31日"]
    dates += ["负债和股东权益", "附注", "2025年12月31日", "2024年12月31日"]
    intake = statements(
        {
            "合并资产负债表": balance(date="", headings=dates),
            "合并利润表": income("", headings=("项目", "2025年度", "2024年度")),
        }
    )

    found = yearly(intake)
    assert found["total_liabilities@2025"] == 4_000_000
    assert found["total_assets@2024"] == 9_000_000
    assert found["revenue@2025"] == 60_000_000
    assert found["net_profit@2024"] == 300_000


def test_a_heading_that_is_a_day_is_no_year_of_income(statements):
    headings = ("项目", "2025年12月31日", "2024年度")
    intake = statements({"利润表": income("", headings=headings)})

    assert "revenue@2025" not in yearly(intake)
    assert yearly(intake)["revenue@2024"] == 50_000_000


def test_a_form_with_years_is_no_statement(statements):
    rows = [["项目", "2025年", "2024年"], ["企业名称", FIRM, ""]]
    rows += [["营业收入(万元)", 100, 90], ["净利润(万元)", 10, 9]]
    intake = statements({"经营情况": rows})

    assert yearly(intake)["revenue@2025"] == 1_000_000


def test_a_form_with_a_statements_words_is_read_as_a_form(statements):
    rows = [["项目", "本年数"], ["企业名称", FIRM], ["营业收入(万元)@2025", 100]]
    rows += [["净利润(万元)@2025", 10], ["从业人员@2025", 30]]
    intake = statements({"经营情况": rows})

    assert yearly(intake)["employees@2025"] == 30


def test_headings_without_a_known_line_are_no_statement(statements):
    rows = [["项目", "本期金额"], ["销售商品收到的现金", 1]]
    intake = statements({"利润表": income(), "现金流量表": rows})

    assert yearly(intake)["revenue@2025"] == 60_000_000
    assert any("现金流量表" in each for each in intake.readings)


def test_an_unreadable_amount_stops_the_row_with_its_cell(statements):
    rows = income()
    rows[4][1] = "约六千万"
    rows[8][1] = "#REF!"
    rows[11][2] = "-"
    intake = statements({"利润表": rows})

    assert [each for each in told(intake) if each[0] == "error"] == [
        ("error", "利润表", "B5", "读不成金额"),
        ("error", "利润表", "B9", "公式没有结果，或结果是错误值"),
    ]
    assert "net_profit@2024" not in yearly(intake)
    assert yearly(intake)["revenue@2024"] == 50_000_000
    assert not intake.rows[0].readable


def test_a_short_line_is_unknown(statements):
    rows = income()
    rows[4] = ["一、营业收入"]
    rows.append([1, 2, 3])

    assert "revenue@2025" not in yearly(statements({"利润表": rows}))


def test_two_statements_of_one_year_that_disagree_are_an_error(statements):
    other = balance()
    other[-1][2] = 12_000_000
    intake = statements({"合并资产负债表": balance(), "母公司资产负债表": other})

    what = "与报表.xlsx 合并资产负债表!C10的数不一致"
    assert ("error", "母公司资产负债表", "C10", what) in told(intake)
    assert not intake.rows[0].readable


def test_the_year_itself_wins_over_what_the_next_year_says_of_it(statements):
    last_year = income("2024年度")
    last_year[4][1] = 49_000_000
    intake = statements({"利润表2025": income(), "利润表2024": last_year})

    assert yearly(intake)["revenue@2024"] == 49_000_000
    assert yearly(intake)["revenue@2023"] == 50_000_000
    what = "与报表.xlsx 利润表2024!B5的数不一致"
    assert ("warning", "利润表2025", "C5", what) in told(intake)
    assert intake.rows[0].readable


def test_statements_of_several_firms_are_several_rows(statements):
    other = balance(filer="编制单位：乙公司")
    unnamed = income()
    unnamed[2][0] = ""
    intake = statements({"甲": balance(), "乙": other, "丙": unnamed})

    assert [row.name for row in intake.rows] == [FIRM, "乙公司", None]


def test_a_statement_without_a_name_joins_the_only_firm(statements):
    unnamed = income()
    unnamed[2][0] = ""
    intake = statements({"表一": unnamed, "表二": balance()})

    (row,) = intake.rows
    assert row.name == FIRM
    assert row.facts.get("revenue@2025") == 60_000_000


def test_name_and_code_beside_their_labels(statements):
    rows = income()
    rows[1] = ["编制单位：", "2025年度", FIRM]
    rows[1] = ["编制单位：", FIRM, "2025年度"]
    rows[2] = ["纳税人识别号：", CODE, "单位：元"]
    intake = statements({"利润表": rows})

    (row,) = intake.rows
    assert (row.name, row.uscc) == (FIRM, CODE)
    assert told(intake) == []


def test_nothing_but_a_date_beside_a_label_is_no_name(statements):
    rows = income()
    rows[2] = ["编制单位：", "2025年度", "单位：元"]
    intake = statements({"利润表": rows})

    assert intake.rows[0].name is None


def test_a_wrong_code_is_an_error(statements):
    rows = income()
    rows[1] = [f"统一社会信用代码：{CODE[:-1]}0"]
    intake = statements({"利润表": rows})

    assert ("error", "利润表", "", "统一社会信用代码的校验位不对") in told(intake)
    assert intake.rows[0].uscc is None


def test_a_legacy_number_is_no_code(statements):
    rows = income()
    rows[1] = ["纳税人识别号：", "990102000000001"]
    intake = statements({"利润表": rows})

    assert intake.rows[0].uscc is None
    assert told(intake) == [("warning", "利润表", "", NO_CODE)]


def test_a_dictionary_without_such_facts_reads_nothing_of_them(tmp_path):
    path = tmp_path / "报表.csv"
    text = "\n".join(",".join(map(str, row)) for row in income())
    path.write_text(text.replace("50,000,000.00", "5"), "utf-8")
    facts = {k: v for k, v in default_library().facts.items() if k != "net_profit"}

    intake = read_file(path, facts, on=ON)

    assert "net_profit" not in intake.rows[0].facts.values
    assert intake.rows[0].facts.sources["revenue@2025"] == "报表.csv 第5行"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一、营业收入", "营业收入"),
        ("一、营 业 收 入", "营业收入"),
        ("四、净利润（净亏损以“－”号填列）", "净利润"),
        ("减：研发费用", "研发费用"),
        ("  其中：主营业务收入", "主营业务收入"),
        ("1、主营业务收入", "主营业务收入"),
        ("（一）主营业务收入", "主营业务收入"),
        ("△负债合计", "负债合计"),
        ("资产总计：", "资产总计"),
        ("归属于母公司股东的净利润", "归属于母公司股东的净利润"),
    ],
)
def test_line_names_lose_numbers_prefixes_and_brackets(text, name):
    assert line_name(text) == name


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2025年12月31日", Span(2025, None, 12)),
        ("2025 年 12 月 31 日", Span(2025, None, 12)),
        ("2025-06-30", Span(2025, None, 6)),
        ("2025年6月29日", Span(2025, None, 5)),
        ("2025年13月1日", Span(2025, None, 12)),
        ("2025年度", Span(2025, 1, 12)),
        ("2025年1月1日至2025年12月31日", Span(2025, 1, 12)),
        ("2025年1—12月", Span(2025, 1, 12)),
        ("2025年第二季度", Span(2025, 4, 6)),
        ("2025年4季度", Span(2025, 10, 12)),
        ("2025年上半年", Span(2025, 1, 6)),
        ("2025年下半年度", Span(2025, 7, 12)),
        ("2025年3月", Span(2025, None, 3)),
        ("会企01表", None),
    ],
)
def test_times_as_titles_write_them(text, span):
    assert span_in(text) == span


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("编制单位：甲公司", "甲公司", ""),
        ("编制单位：甲公司    2025年12月31日    单位：元", "甲公司", "元"),
        ("单位名称：甲公司 金额单位：人民币万元", "甲公司", "万元"),
        ("编制单位：元和公司", "元和公司", ""),
        ("编制单位：", "", ""),
        ("会企01表 单位：千元", None, "千元"),
        ("甲公司", None, ""),
    ],
)
def test_filer_and_unit_share_a_line(text, name, unit):
    assert filer_in(text) == name
    assert unit_in(text) == unit


def test_code_in_a_title_line():
    assert code_in(f"纳税人识别号（{CODE}）") == CODE
    assert code_in("统一社会信用代码：") == ""
    assert code_in("会企01表") is None


def test_a_bracket_that_is_no_unit_is_dropped():
    assert heading("期末余额（已审）") == ("期末余额", "")
