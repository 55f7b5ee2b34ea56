"""Reading quantities as the law writes them, and writing them for people."""

import re
from decimal import Decimal

import pytest

from tidu.rules.units import plain, read_quantity, show_money, show_ratio


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("60", "60", ""),
        ("-5", "-5", ""),
        ("1500万元", "15000000", "元"),
        ("1500万", "15000000", "元"),
        ("1.5亿元", "150000000", "元"),
        ("2亿", "200000000", "元"),
        ("0.01元", "0.01", "元"),
        ("1,234,567.89元", "1234567.89", "元"),
        ("10亿美元", "1000000000", "美元"),
        ("3万美元", "30000", "美元"),
        ("1美元", "1", "美元"),
        ("3%", "0.03", "%"),
        ("33.3 %", "0.333", "%"),
        ("-5%", "-0.05", "%"),
        (" 2年 ", "2", "年"),
        ("365天", "365", "天"),
        ("3名", "3", "名"),
        ("3级", "3", "级"),
    ],
)
def test_quantity_is_read_exactly(text, number, unit):
    assert read_quantity(text) == (Decimal(number), unit)


@pytest.mark.parametrize(
    "text",
    [
        *["", "万元", "1500万圆", "1.", ".5", "1e3", "3%以上", "1500 万 元", "--1"],
        *["1,5亿元", "1,0000元", "1,,000元", "1,元", "1元,"],
    ],
)
def test_quantity_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_quantity(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1E+3", "1000"),
        ("1.500", "1.5"),
        ("2.0", "2"),
        ("100", "100"),
        ("-0.10", "-0.1"),
    ],
)
def test_plain_has_no_exponent_and_no_trailing_zeros(number, text):
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("50880000", "5,088万元"),
        ("120000000", "1.2亿元"),
        ("35.5", "35.5元"),
        ("9999", "9,999元"),
        ("10000", "1万元"),
        ("10000.01", "10,000.01元"),
        ("123456789.12", "123,456,789.12元"),
        ("-15000000", "-1,500万元"),
        ("0", "0元"),
        ("0.001", "0元"),
        ("1E+40", "100,000,000,000,000,000,000,000,000,000,000亿元"),
    ],
)
def test_money_is_written_to_the_cent(amount, text):
    assert show_money(Decimal(amount)) == text


def test_money_in_dollars_keeps_its_unit():
    assert show_money(Decimal(1_000_000_000), "美元") == "10亿美元"


@pytest.mark.parametrize(
    ("share", "apart_from", "text"),
    [
        ("0.0305", None, "3.05%"),
        ("0.03", "0.03", "3%"),
        ("0.0299999", "0.03", "2.99999%"),
        ("0.02999999999", "0.03", "3%"),
        ("1", None, "100%"),
        ("-0.05", None, "-5%"),
        ("1E+40", "0.03", f"1{'0' * 42}%"),
    ],
)
def test_ratio_shows_as_many_digits_as_tell_it_from_its_bound(share, apart_from, text):
    bound = None if apart_from is None else Decimal(apart_from)

    assert show_ratio(Decimal(share), bound) == text
