"""Where a refusal points: columns over lines and Chinese text. Words: tests/spec."""

from decimal import Decimal

import pytest

from tidu.rules import nodes
from tidu.rules.errors import ExpressionError
from tidu.rules.facts import FactType
from tidu.rules.library import default_library
from tidu.rules.parse import Names, parse_condition, parse_value

PACK = default_library().national
LIMIT = nodes.Number(Decimal(100), "", "100", "limit")
NAMES = Names(PACK.facts, {"limit": LIMIT}, ("", "ip", "i01"), PACK.tables)
REVENUE = nodes.FactRef("revenue", FactType.MONEY, 1)


def column(text: str, read=parse_condition) -> int:
    with pytest.raises(ExpressionError) as caught:
        read(text, NAMES)
    return caught.value.column


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("listed and x", "x"),
        ("listed and\nx", "x"),
        ("listed and\n  own_brand\n  and x", "x"),
        ("listed or '甲' == x", "'甲'"),
        ("listed and 行业", "行业"),
        ("营业收入 >= 3", "营业收入"),
        ("listed and\n'乙' == 1", "'乙'"),
        ("ratio(revenue, x) >= '3%'", "x"),
        ("rnd_institution in (city, 省级)", "省级"),
        ("employees >= 3 and revenue >= '三万'", "'三万'"),
        ("listed\r\nand x", "x"),
        ("listed and\rx", "x"),
        ("  listed and x  ", "x"),
    ],
)
def test_refusal_points_at_the_place(text, where):
    assert column(text) == text.strip().rindex(where) + 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 1),
        ("# nothing", 10),
        ("listed and", 11),
        ("listed and (own_brand", 12),
        ("listed) or (own_brand", 7),
        ("listed own_brand", 8),
        ("listed and\nown_brand listed", 22),
        ("listed, own_brand", 1),
        ("listed for x in y", 8),
        ("'abc", 1),
        ("listed\0", 8),
        ("not " * 5000 + "listed", 1),
        ("not (" * 150 + "listed" + ")" * 150 + "x", 907),
        ("(" * 300 + "listed" + ")" * 300, 201),
    ],
)
def test_syntax_error_points_where_reading_stops(text, found):
    assert column(text) == found


def test_comment_and_line_breaks_are_read_over():
    found = parse_condition("listed  # 上市\n  and own_brand", NAMES)

    assert found == parse_condition("listed and own_brand", NAMES)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60", nodes.Number(Decimal(60), "", "60")),
        ("-5", nodes.Number(Decimal(-5), "", "-5")),
        ("7.5", nodes.Number(Decimal("7.5"), "", "7.5")),
        ("1_000", nodes.Number(Decimal(1000), "", "1_000")),
        ("'3%'", nodes.Number(Decimal("0.03"), "%", "3%")),
        ("limit", LIMIT),
    ],
)
def test_number_keeps_how_it_is_written(text, number):
    assert parse_value(text, NAMES) == number


@pytest.mark.parametrize("text", ["0x10", "1e3", "-1e3", "1j", "'abc'", "...", "b'1'"])
def test_other_constants_are_refused(text):
    assert column(text, parse_value) == 1


@pytest.mark.parametrize(
    ("text", "offset"),
    [("revenue", 1), ("revenue[y0]", 0), ("revenue[y2]", 2), ("revenue[y9]", 9)],
)
def test_year_is_counted_back(text, offset):
    found = parse_value(text, NAMES)

    assert found == nodes.FactRef("revenue", FactType.MONEY, offset)


@pytest.mark.parametrize(
    "text",
    ["revenue[1]", "revenue[y10]", "revenue[-1]", "limit[y2]", "revenue[y1][y2]"],
)
def test_other_years_are_refused(text):
    assert column(text, parse_value) == 1


def test_zero_needs_no_unit():
    zero = nodes.Number(Decimal(0), "", "0")

    assert parse_condition("revenue > 0", NAMES) == nodes.Compare(">", REVENUE, zero)


def test_zero_beside_what_has_no_size_is_refused():
    assert column("listed == 0") == 1


@pytest.mark.parametrize(
    "text",
    [
        "niche_years >= '2年'",
        "niche_years >= 2",
        "srdi_score >= '50分'",
        "class1_ip >= '1项'",
        "employees <= '500人'",
        "market_rank_domestic <= '3名'",
        "digital_level >= '2级'",
        "market_share >= '10%'",
        "valuation_usd > '10亿美元'",
        "age_days(established_on) >= '365天'",
        "age_years(established_on) >= '10年'",
        "score() >= '60分'",
        "score(ip) >= 20",
        "score(i01) > 0",
        "grade(sme_size) <= 3",
        "grade(sme_size, revenue) <= '3级'",
        "part(class1_ip_own, class1_ip) >= '1项'",
        "first_given(staff_total, employees) <= '500人'",
        "sum_years(2, revenue) >= '1万元'",
        "compound_growth(2, revenue) >= '5%'",
        "has(dq06, rules)",
        "where_given(part(conduct_event_2y, major_accident))",
    ],
)
def test_units_that_fit_are_read(text):
    assert isinstance(parse_condition(text, NAMES), nodes.Node)


@pytest.mark.parametrize(
    "text",
    [
        "niche_years >= '2分钟'",
        "age_days(established_on) >= '365年'",
        "age_years(established_on) >= -1",
        "age_years(established_on) >= 5001",
        "score() >= '60人'",
        "grade(sme_size) <= '3%'",
        "market_share >= 10",
        "revenue >= '3美元'",
        "established_on >= name",
        "dq06 >= dq07",
        "listed != own_brand",
        "part(valuation_usd, revenue) > 0",
        "part(class1_ip >= 1, class1_ip)",
        "has(dq06, 3)",
        "score('ip') > 0",
        "grade(3) > 0",
        "grade(sme_size, 3) > 0",
        "ratio(mean_years(2, rnd_expense), revenue) > 0",
        "employees not in (3, 4)",
        "rnd_institution in ()",
        "rnd_institution in (city, 'none')",
        "rnd_institution[y1] == city",
        "at_least(True, listed)",
        "at_least(0, listed)",
        "at_least(n, listed)",
        "each_year(2, listed, own_brand)",
        "manual(listed)",
        "ratio(*revenue) > 0",
        "lambda: listed",
        "[listed]",
        "listed if own_brand else revenue",
        "-listed",
        "(listed := own_brand)",
        "revenue.real > 0",
        "f'{revenue}' > 0",
    ],
)
def test_what_does_not_fit_is_refused_at_a_place(text):
    assert 1 <= column(text) <= len(text)


def test_condition_in_place_of_a_value_is_refused():
    assert column("manual() >= 3") == 1
