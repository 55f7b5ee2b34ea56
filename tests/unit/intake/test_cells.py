"""One cell → one value: every way of writing, every refusal."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from tidu.intake.cells import reader_for
from tidu.intake.credit_codes import read_code
from tidu.intake.problems import CellError
from tidu.intake.writing import is_unknown
from tidu.rules.library import default_library

FACTS = default_library().facts


def read(fact_id: str, cell: object, unit: str = "") -> object:
    return reader_for(FACTS[fact_id], unit)(cell, lambda _: None)


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("5088", "", "50880000.00"),
        ("5,088万元", "", "50880000.00"),
        ("５，０８８万元", "", "50880000.00"),
        ("1.2亿", "", "120000000.00"),
        ("1.2亿元", "万元", "120000000.00"),
        ("50880000", "元", "50880000.00"),
        ("50880000元", "万元", "50880000.00"),
        (5088, "", "50880000.00"),
        (5088.5, "", "50885000.00"),
        (Decimal("0.000001"), "", "0.01"),
        ("0", "", "0.00"),
        ("¥1,234.56元", "", "1234.56"),
        ("1.5E+3", "", "15000000.00"),
        ("5088万元整", "", "50880000.00"),
        ("5百万元", "", "5000000.00"),
        (0.1 + 0.2, "元", "0.30"),
        ("1e-90", "", "0.00"),
        ("-0", "", "0.00"),
    ],
)
def test_money_is_read_as_people_write_it(cell, unit, amount):
    assert read("revenue", cell, unit) == Decimal(amount)


def test_money_keeps_two_decimals_of_yuan():
    assert str(read("revenue", "1234.567元")) == "1234.57"


def test_profit_may_be_negative_also_in_brackets():
    assert read("net_profit", "(12.5)") == Decimal(-125_000)
    assert read("net_profit", "-12.5万元") == Decimal(-125_000)
    assert read("net_profit", "(12.5万元)") == Decimal(-125_000)
    assert read("net_profit", "−12.5") == Decimal(-125_000)


@pytest.mark.parametrize(
    "cell", ["约5000万", "五千万", "1,2345", "50,88", "12万吨", True]
)
def test_money_that_is_no_amount_is_refused(cell):
    with pytest.raises(CellError, match="读不成金额"):
        read("revenue", cell)


def test_money_under_a_percent_header_is_refused():
    with pytest.raises(CellError, match="读不成金额"):
        read("revenue", "12", "%")
    assert read("revenue", "12万元", "%") == Decimal(120_000)


def test_negative_revenue_is_refused():
    with pytest.raises(CellError, match="不能为负"):
        read("revenue", "-3")


def test_valuation_is_kept_in_dollars():
    assert read("valuation_usd", "12亿美元") == Decimal(1_200_000_000)
    assert read("valuation_usd", "120000") == Decimal(1_200_000_000)


def test_valuation_in_yuan_and_revenue_in_dollars_are_refused():
    with pytest.raises(CellError, match="以美元计"):
        read("valuation_usd", "12亿元")
    with pytest.raises(CellError, match="以美元计"):
        read("valuation_usd", "¥12")
    for cell in ("12万美元", "$12"):
        with pytest.raises(CellError, match="以人民币计"):
            read("revenue", cell)


@pytest.mark.parametrize(
    ("fact_id", "cell"),
    [
        ("revenue", "1e99"),
        ("revenue", "9999999999999999999亿"),
        ("employees", "1e99"),
        ("niche_years", "1e99"),
    ],
)
def test_number_beyond_all_measure_is_refused(fact_id, cell):
    with pytest.raises(CellError, match="数太大"):
        read(fact_id, cell)


def test_number_of_a_thousand_digits_is_refused():
    for fact_id in ("revenue", "market_share", "employees", "niche_years"):
        with pytest.raises(CellError):
            read(fact_id, "9" * 1_000)


@pytest.mark.parametrize(
    ("cell", "unit", "share"),
    [
        ("12%", "", "0.12"),
        ("１２％", "", "0.12"),
        ("0.12", "", "0.12"),
        ("12", "", "0.12"),
        ("1", "", "1"),
        ("0.5", "%", "0.005"),
        (12, "%", "0.12"),
        (0.12, "", "0.12"),
        ("1000%", "", "10"),
    ],
)
def test_ratio_reading(cell, unit, share):
    assert read("market_share", cell, unit) == Decimal(share)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("1001%", "超过1000%"),
        ("1200", "超过1000%"),
        ("-5%", "不能为负"),
        ("一成", "读不成"),
    ],
)
def test_ratio_refusals(cell, what):
    with pytest.raises(CellError, match=what):
        read("market_share", cell)


@pytest.mark.parametrize(
    ("cell", "count"),
    [("300人", 300), ("1,200", 1200), (3.0, 3), ("第五批", 5), ("三级", 3)],
)
def test_count_reading(cell, count):
    assert read("employees", cell) == count


@pytest.mark.parametrize(
    ("cell", "what"), [("3.5", "不是整数"), ("-3", "不能为负"), ("不少", "读不成个数")]
)
def test_count_refusals(cell, what):
    with pytest.raises(CellError, match=what):
        read("employees", cell)


def test_digital_level_stays_between_0_and_4():
    assert read("digital_level", "2") == 2
    with pytest.raises(CellError, match="超出范围"):
        read("digital_level", "5")


def test_range_named_in_the_dictionary_is_kept():
    assert read("local_feature_score", "15") == Decimal(15)
    with pytest.raises(CellError) as error:
        read("local_feature_score", "15.5")
    assert error.value.values == {"least": 0, "most": 15}


def test_number_reading_and_refusals():
    assert read("niche_years", "3.5年") == Decimal("3.5")
    with pytest.raises(CellError, match="读不成数字"):
        read("niche_years", "三年多")
    with pytest.raises(CellError, match="不能为负"):
        read("niche_years", "-1")


@pytest.mark.parametrize(
    "cell",
    [
        "2025-06-01",
        "2025/6/1",
        "2025.6.1",
        "20250601",
        "2025年6月1日",
        "2025年6月",
        "2025-06",
        "2025-06-01 00:00:00",
        "２０２５年６月",
        45809,
        datetime.date(2025, 6, 1),
        datetime.datetime(2025, 6, 1),  # noqa: DTZ001 - as a spreadsheet gives it
    ],
)
def test_date_reading(cell):
    assert read("established_on", cell) == datetime.date(2025, 6, 1)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("1979-12-31", "年份超出范围"),
        ("2101年1月1日", "年份超出范围"),
        (datetime.date(1975, 1, 1), "年份超出范围"),
        ("2025-02-30", "没有这一天"),
        ("去年", "读不成日期"),
        ("2025年", "读不成日期"),
    ],
)
def test_date_refusals(cell, what):
    with pytest.raises(CellError, match=what):
        read("established_on", cell)


@pytest.mark.parametrize(
    "cell", ["是", "有", "true", "TRUE", "Y", "1", "√", "✓", "☑", True, 1, 1.0]
)
def test_yes(cell):
    assert read("own_brand", cell) is True


@pytest.mark.parametrize("cell", ["否", "无", "没有", "false", "N", "0", "×", False])
def test_no(cell):
    assert read("own_brand", cell) is False


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(CellError, match="读不成是否"):
        read("own_brand", "在申请")


@pytest.mark.parametrize("cell", ["省级", " 省 级 ", "province"])
def test_choice_by_label_or_id(cell):
    assert read("rnd_institution", cell) == "province"


def test_choice_that_does_not_exist_names_the_options():
    with pytest.raises(CellError) as error:
        read("rnd_institution", "区级")
    assert error.value.values["options"] == "无、市级以下、市级、省级、国家级"


@pytest.mark.parametrize(
    "cell",
    [
        "工控网络支持自动化控制；建设/租用5G工业网络",
        "automation、private_5g",
        "A、C",
        "1,3",
        ["automation", "private_5g"],
    ],
)
def test_several_options_at_once(cell):
    assert read("dq01", cell) == frozenset({"automation", "private_5g"})


def test_option_whose_name_holds_a_separator():
    assert read("dq06", "管理制度、边界访问控制、入侵与恶意代码检测") == frozenset(
        {"rules", "border_control"}
    )


def test_none_together_with_an_option_is_refused():
    with pytest.raises(CellError, match="写了“无”"):
        read("dq01", "无；A")


def test_no_option_and_an_unknown_option():
    assert read("dq01", "无") == frozenset()
    with pytest.raises(CellError, match="不是可选的项"):
        read("dq01", "光纤")
    with pytest.raises(CellError, match="不是可选的项"):
        read("dq01", "9")


def test_codes():
    assert read("territory", 990102.0) == "990102"
    assert read("territory", "11") == "11"
    assert read("industry", "c3912") == "C3912"
    with pytest.raises(CellError, match="不是行政区划代码"):
        read("territory", "示范市")
    assert read("industry", "C") == "C"
    for cell in ("机械", "C3", "39125", "X3912"):
        with pytest.raises(CellError, match="不是国民经济行业代码"):
            read("industry", cell)
    with pytest.raises(CellError, match="不是行政区划代码"):
        read("territory", "1101080")


def test_text_that_is_no_text_is_refused():
    with pytest.raises(CellError, match="不是文字"):
        read("name", True)  # noqa: FBT003 - as JSON gives it
    with pytest.raises(CellError, match="有读不出的字符"):
        read("name", "甲\ufffd公司")


@pytest.mark.parametrize(
    "cell",
    [None, "", " ", "-", "—", "——", "/", "N/A", "n/a", "不详", "－", "／", "\u200b"],
)
def test_unknown_texts(cell):
    assert is_unknown(cell) is True


def test_zero_is_not_unknown():
    assert is_unknown(0) is False
    assert is_unknown("0") is False


@pytest.mark.parametrize("cell", ["待定", "无数据", "0.0.1", "未知"])
def test_words_for_unknown_that_nobody_agreed_on_are_not_unknown(cell):
    assert is_unknown(cell) is False


def test_five_digits_as_a_date_are_reported():
    said = []
    reader_for(FACTS["established_on"], "")("45809", said.append)
    assert said == ["五位数按 Excel 的日期序号读取，如 45809 读作 2025-06-01"]


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("9.1990102E+17", "统一社会信用代码变成了科学计数"),
        ("91990102MA000000", "统一社会信用代码是{length}位"),
        ("91990102MA000000IX", "统一社会信用代码不用字符“{char}”"),
        ("91990102MA00000011", "统一社会信用代码的校验位不对"),
    ],
)
def test_credit_code_refusals(code, what):
    with pytest.raises(CellError) as error:
        read_code(code)
    assert error.value.what == what


@pytest.mark.parametrize(
    "code",
    [
        "91990102MA0000001D",
        " 91990102ma0000001d",
        "'91990102MA0000001D",
        "９１990102MA0000001D",
    ],
)
def test_credit_code_reading(code):
    assert read_code(code) == "91990102MA0000001D"


def test_legacy_number_is_no_credit_code():
    assert read_code("110105001234567") is None
    assert read_code(110105001234567.0) is None
