"""Money, ratios, counts and numbers as people write them → exact values.

Full-width digits, thousands commas, 5,088万元, 1.2亿, (12.5) for a loss, 12%. What is
not clearly a number is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tidu.intake.problems import CellError
from tidu.intake.writing import number_text
from tidu.rules.facts import Fact
from tidu.rules.language import N_
from tidu.rules.units import CENT, DOLLAR_UNITS, MONEY_UNITS

Note = Callable[[str], None]

MOST_RATIO = Decimal(10)
COUNT_WORDS = "人|名|项|个|件|家|级|次|位|批|年|分"
YUAN_UNITS = {**MONEY_UNITS, "千元": Decimal(1_000), "百万元": Decimal(1_000_000)}
USD_UNITS = {**DOLLAR_UNITS, "百万美元": Decimal(1_000_000)}
ALL_UNITS = {**YUAN_UNITS, **USD_UNITS}

WITHOUT_UNIT = N_("没有写单位")
_CENTS = N_("有的金额精确到分以下，已四舍五入到分")
_AS_PERCENT = N_("大于1的数按百分数读取，如 12 读作 12%")
_AS_SHARE = N_("不大于1的数按小数读取，如 0.12 读作 12%")

_MOST_DIGITS = 26  # before the point: with cents, what a Decimal keeps exactly
_HAIR = Decimal("0.000001")
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.\d{1,30})?(?:[eE][-+]?\d{1,2})?"
_MONEY = re.compile(
    rf"([¥$])?\s*({_NUMBER})"
    rf"\s*({'|'.join(sorted(ALL_UNITS, key=len, reverse=True))})?整?"
)
_BRACKETED = re.compile(r"\(([^()+-][^()]*)\)([^()]*)")
_PERCENT = re.compile(rf"({_NUMBER})\s*(%)?")
_COUNT = re.compile(rf"第?({_NUMBER}|[一二三四五六七八九十])\s*(?:{COUNT_WORDS})?")
_PLAIN = re.compile(rf"({_NUMBER})\s*[年分]?")
_NUMERALS = {char: at for at, char in enumerate("一二三四五六七八九十", start=1)}


def decimal_of(text: str) -> Decimal:
    """A number already matched, without its commas."""
    return Decimal(text.replace(",", ""))


def read_money(cell: Any, fact: Fact, unit: str, note: Note) -> Decimal:
    """An amount in 元 (or 美元): the cell's unit, else ``unit``, else the form's."""
    text = number_text(cell)
    if text[:1] == "(" and (bracketed := _BRACKETED.fullmatch(text)):
        text = f"-{bracketed[1]}{bracketed[2]}"
    match = _MONEY.fullmatch(text)
    if match is None:
        raise CellError(N_("读不成金额"), N_("可写 5088、5,088万元 或 1.2亿"))
    sign, digits, own = match.groups()
    unit = own or unit
    if not unit:
        note(WITHOUT_UNIT)
        unit = fact.form_unit
    if unit not in ALL_UNITS:  # a header says % over a column of money
        raise CellError(N_("读不成金额"), N_("可写 5088、5,088万元 或 1.2亿"))
    _check_currency(fact, dollars=unit in USD_UNITS)
    if sign:
        _check_currency(fact, dollars=sign == "$")
    exact = decimal_of(digits) * ALL_UNITS[unit]
    amount = _within_digits(exact).quantize(CENT, ROUND_HALF_UP)
    if abs(exact - amount) > _HAIR:
        note(_CENTS)
    return _not_negative(amount, fact)


def _check_currency(fact: Fact, *, dollars: bool) -> None:
    if dollars is fact.dollars:
        return
    if fact.dollars:
        raise CellError(N_("这一项以美元计"), N_("请写明 美元、万美元 或 亿美元"))
    raise CellError(N_("这一项以人民币计"), N_("请换算成人民币后填写"))


def _within_digits(number: Decimal) -> Decimal:
    if number and number.adjusted() >= _MOST_DIGITS:
        raise CellError(N_("数太大"), N_("请核对单位和小数点"))
    return number


def _not_negative(number: Decimal, fact: Fact) -> Decimal:
    if number < 0 and not fact.negative:
        raise CellError(N_("不能为负"), N_("请核对正负号；没有数据就留空"))
    return number or abs(number)


def read_ratio(cell: Any, fact: Fact, unit: str, note: Note) -> Decimal:
    """A share of one: with % or under a (%) header percent, else by its size."""
    match = _PERCENT.fullmatch(number_text(cell))
    if match is None:
        raise CellError(N_("读不成比例"), N_("可写 12% 或 0.12"))
    number = _not_negative(decimal_of(match[1]), fact)
    percent = bool(match[2]) or unit == "%" or number > 1
    share = number / 100 if percent else number
    if share > MOST_RATIO:
        raise CellError(N_("超过1000%"), N_("请核对小数点和百分号"))
    if not match[2] and unit != "%":
        note(_AS_PERCENT if percent else _AS_SHARE)
    return share


def read_count(cell: Any, fact: Fact) -> int:
    """A whole number: 300人, 1,200, 第五批."""
    match = _COUNT.fullmatch(number_text(cell))
    if match is None:
        raise CellError(N_("读不成个数"), N_("请写整数，如 120"))
    numeral = _NUMERALS.get(match[1])
    number = Decimal(numeral) if numeral else decimal_of(match[1])
    if _within_digits(number) != int(number):
        raise CellError(N_("不是整数"), N_("请写整数，如 120"))
    return int(in_range(number, fact))


def read_number(cell: Any, fact: Fact) -> Decimal:
    """A number without a unit, or with 年 or 分."""
    match = _PLAIN.fullmatch(number_text(cell))
    if match is None:
        raise CellError(N_("读不成数字"), N_("请写数字，如 3 或 3.5"))
    return in_range(_within_digits(decimal_of(match[1])), fact)


def in_range(number: Decimal, fact: Fact) -> Decimal:
    """Refuse what the fact cannot be: below zero, outside the range it declares."""
    least, most = fact.least, fact.most
    if least is not None and most is not None and not least <= number <= most:
        raise CellError(
            N_("超出范围"), N_("应在{least}到{most}之间"), least=least, most=most
        )
    return _not_negative(number, fact)


def bare_number(cell: Any) -> Decimal:
    """A number of a foreign column as it stands; 12% is 0.12."""
    match = _PERCENT.fullmatch(number_text(cell))
    if match is None:
        raise CellError(N_("读不成数字"), N_("请写数字，如 3 或 3.5"))
    number = decimal_of(match[1])
    return number / 100 if match[2] else number
