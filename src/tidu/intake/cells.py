"""One cell → one value: money, ratios, counts, dates, yes and no, choices.

Text is taken as people write it: full-width digits, thousands commas, 5,088万元, 1.2亿,
2025年6月, 是/否. Whatever is not clearly a value is an error, never a guess.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tidu.intake.problems import CellError
from tidu.rules.facts import Fact, FactType, FactValue
from tidu.rules.language import N_
from tidu.rules.units import CENT, DOLLAR_UNITS, MONEY_UNITS

FIRST_YEAR, LAST_YEAR = 1980, 2100
MOST_RATIO = Decimal(10)
UNKNOWN_TEXTS = frozenset({"", "-", "--", "—", "——", "–", "/", "n/a", "不详"})
COUNT_WORDS = "人|名|项|个|件|家|级|次|位|批|年|分"
ALL_UNITS = {**MONEY_UNITS, **DOLLAR_UNITS}

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?"
_MONEY = re.compile(
    rf"[¥$]?({_NUMBER})\s*({'|'.join(sorted(ALL_UNITS, key=len, reverse=True))})?"
)
_BRACKETED = re.compile(rf"\(({_NUMBER})\)(.*)")
_PERCENT = re.compile(rf"({_NUMBER})\s*(%)?")
_COUNT = re.compile(rf"第?({_NUMBER}|[一二三四五六七八九十])\s*(?:{COUNT_WORDS})?")
_DATES = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})年(\d{1,2})月"),
    re.compile(r"(\d{4})[-/.](\d{1,2})"),
)
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_YES = frozenset({"是", "有", "true", "yes", "y", "1", "√", "对"})
_NO = frozenset({"否", "无", "没有", "false", "no", "n", "0", "×", "错"})
_NUMERALS = {char: at for at, char in enumerate("一二三四五六七八九十", start=1)}
_CHOICE_BREAK = re.compile(r"[、,，;；|\n]")
_EXCEL_DAYS = range(29_221, 73_051)  # 1980-01-01 … 2099-12-31
_EXCEL_EPOCH = datetime.date(1899, 12, 30)

Note = Callable[[str], None]
Reader = Callable[[Any, Note], FactValue]


def normal(text: str) -> str:
    """Half-width, without outer blanks: what is compared and parsed."""
    return unicodedata.normalize("NFKC", text).strip()


def show(cell: Any) -> str:
    """A cell as its text: 990102.0 from a spreadsheet is 990102."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def is_unknown(cell: Any) -> bool:
    """Whether the cell says that nothing is known."""
    if cell is None:
        return True
    return isinstance(cell, str) and normal(cell).lower() in UNKNOWN_TEXTS


def reader_for(fact: Fact, unit: str) -> Reader:
    """The reader of a column: the fact's kind, and the unit its header names."""
    match fact.type:
        case FactType.MONEY:
            return lambda cell, note: _money(cell, fact, unit, note)
        case FactType.RATIO:
            return lambda cell, note: _ratio(cell, unit, note)
        case FactType.COUNT:
            return lambda cell, _note: _count(cell, fact)
        case FactType.NUMBER:
            return lambda cell, _note: _plain_number(cell)
        case FactType.DATE:
            return _date
        case FactType.BOOLEAN:
            return lambda cell, _note: _boolean(cell)
        case FactType.CHOICE:
            options = _options(fact)
            return lambda cell, _note: _choice(cell, fact, options)
        case FactType.CHOICES:
            options = _options(fact)
            return lambda cell, _note: _choices(cell, fact, options)
        case FactType.CODE:
            return lambda cell, _note: _code(cell, fact)
    return lambda cell, _note: show(cell)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _as_text(cell: Any) -> str:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        return "?"
    return normal(cell if isinstance(cell, str) else str(cell))


def _money(cell: Any, fact: Fact, unit: str, note: Note) -> Decimal:
    text = _as_text(cell)
    if bracketed := _BRACKETED.fullmatch(text):
        text = f"-{bracketed[1]}{bracketed[2]}"
    match = _MONEY.fullmatch(text)
    if match is None:
        raise CellError(N_("读不成金额"), N_("可写 5088、5,088万元 或 1.2亿"))
    unit = match[2] or unit or fact.form_unit
    if (unit in DOLLAR_UNITS) is not fact.dollars:
        if fact.dollars:
            raise CellError(N_("这一项以美元计"), N_("请写明 美元、万美元 或 亿美元"))
        raise CellError(N_("这一项以人民币计"), N_("请换算成人民币后填写"))
    exact = _decimal(match[1]) * ALL_UNITS[unit]
    amount = exact.quantize(CENT, ROUND_HALF_UP)
    if abs(exact - amount) > Decimal("0.000001"):
        note(N_("有的金额精确到分以下，已四舍五入到分"))
    return _not_negative(amount, fact)


def _not_negative(amount: Decimal, fact: Fact) -> Decimal:
    if amount < 0 and not fact.negative:
        raise CellError(N_("不能为负"), N_("请核对正负号；没有数据就留空"))
    return amount


def _ratio(cell: Any, unit: str, note: Note) -> Decimal:
    match = _PERCENT.fullmatch(_as_text(cell))
    if match is None:
        raise CellError(N_("读不成比例"), N_("可写 12% 或 0.12"))
    number = _decimal(match[1])
    if match[2] or unit == "%":
        share = number / 100
    elif number > 1:
        note(N_("大于1的数按百分数读取，如 12 读作 12%"))
        share = number / 100
    else:
        note(N_("不大于1的数按小数读取，如 0.12 读作 12%"))
        share = number
    if share < 0:
        raise CellError(N_("不能为负"), N_("请核对正负号；没有数据就留空"))
    if share > MOST_RATIO:
        raise CellError(N_("超过1000%"), N_("请核对小数点和百分号"))
    return share


def _count(cell: Any, fact: Fact) -> int:
    match = _COUNT.fullmatch(_as_text(cell))
    if match is None:
        raise CellError(N_("读不成个数"), N_("请写整数，如 120"))
    number = (
        Decimal(_NUMERALS[match[1]]) if match[1] in _NUMERALS else _decimal(match[1])
    )
    if number != int(number):
        raise CellError(N_("不是整数"), N_("请写整数，如 120"))
    if fact.id == "digital_level" or fact.id.startswith("ds"):
        _within(number, 4)
    return int(_not_negative(number, fact))


def _within(number: Decimal, most: int) -> None:
    if not 0 <= number <= most:
        raise CellError(N_("超出范围"), N_("应在0到{most}之间"), most=most)


def _plain_number(cell: Any) -> Decimal:
    text = _as_text(cell).removesuffix("年").removesuffix("分").strip()
    if re.fullmatch(_NUMBER, text) is None:
        raise CellError(N_("读不成数字"), N_("请写数字，如 3 或 3.5"))
    number = _decimal(text)
    if number < 0:
        raise CellError(N_("不能为负"), N_("请核对正负号；没有数据就留空"))
    return number


def _date(cell: Any, note: Note) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        return _dated(cell.year, cell.month, cell.day)
    if isinstance(cell, datetime.date):
        return _dated(cell.year, cell.month, cell.day)
    text = _TIME.sub("", normal(show(cell))).replace(" ", "")
    if text.isdigit() and int(text) in _EXCEL_DAYS:
        found = _EXCEL_EPOCH + datetime.timedelta(days=int(text))
        return _dated(found.year, found.month, found.day)
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            parts = [int(each) for each in match.groups()]
            if len(parts) == 2:  # noqa: PLR2004 - year and month
                note(N_("只写到月的日期按当月1日计"))
                parts.append(1)
            return _dated(*parts)
    raise CellError(N_("读不成日期"), N_("可写 2025-06-01、2025年6月1日 或 2025年6月"))


def _dated(year: int, month: int, day: int) -> datetime.date:
    check_year(year)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise CellError(N_("没有这一天"), N_("请核对年月日")) from error


def check_year(year: int) -> None:
    """Refuse a year outside 1980–2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellError(
            N_("年份超出范围"),
            N_("年份应在{first}到{last}之间"),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )


def _boolean(cell: Any) -> bool:
    text = normal(show(cell)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError(N_("读不成是否"), N_("请写 是 或 否"))


def _options(fact: Fact) -> dict[str, str]:
    """Every way to write an option: id, label without quotes and blanks."""
    found = {}
    for each in fact.choices:
        found[each.id] = each.id
        found[plain_name(each.label)] = each.id
    return found


def plain_name(text: str) -> str:
    """A name as it is compared: half-width, lower case, without quotes and blanks."""
    return re.sub(r"[\s\"'“”‘’«»:*]", "", normal(text)).lower()


def _choice(cell: Any, fact: Fact, options: dict[str, str]) -> str:
    found = options.get(plain_name(show(cell)))
    if found is None:
        raise CellError(
            N_("不是可选的项"),
            N_("可写：{options}"),
            options="、".join(each.label for each in fact.choices),
        )
    return found


def _choices(cell: Any, fact: Fact, options: dict[str, str]) -> frozenset[str]:
    whole = options.get(plain_name(show(cell)))
    if isinstance(cell, list):
        parts = [str(each) for each in cell]
    elif whole is not None:
        parts = [whole]
    else:
        parts = [
            each for each in _CHOICE_BREAK.split(normal(show(cell))) if each.strip()
        ]
    found = {_one_of(each, fact, options) for each in parts}
    return frozenset(found - {"none"})


def _one_of(text: str, fact: Fact, options: dict[str, str]) -> str:
    """An option by id, label, number from 1, or letter; 无 takes no number."""
    numbered = [each.id for each in fact.choices if each.id != "none"]
    name = plain_name(text)
    if name in options:
        return options[name]
    at = int(name) if name.isdigit() else ord(name) - 96 if len(name) == 1 else 0
    if 1 <= at <= len(numbered):
        return numbered[at - 1]
    return _choice(text, fact, options)


def _code(cell: Any, fact: Fact) -> str:
    text = normal(show(cell)).upper()
    if fact.id == "industry":
        if re.fullmatch(r"[A-T]\d{0,4}|\d{2,4}", text):
            return text
        raise CellError(
            N_("不是国民经济行业代码"), N_("请按 GB/T 4754 填写，如 C3912 或 3912")
        )
    if re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", text):
        return text
    raise CellError(N_("不是行政区划代码"), N_("请写六位代码，如 110108"))
