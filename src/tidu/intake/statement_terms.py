"""The words of standard statements: lines, column headings, dates, and who filed them.

Line names are those of the 2019 formats for general enterprises and of the formats for
small enterprises, without numbers, brackets and prefixes such as 一、 减： 其中：.
"""

from __future__ import annotations

import calendar
import re
from typing import NamedTuple

from tidu.intake.writing import normal

BALANCE, INCOME = "balance", "income"
LINES = {
    BALANCE: {
        "资产总计": "total_assets",
        "资产合计": "total_assets",
        "资产总额": "total_assets",
        "负债合计": "total_liabilities",
        "负债总计": "total_liabilities",
        "负债总额": "total_liabilities",
    },
    INCOME: {
        "营业收入": "revenue",
        "主营业务收入": "main_revenue",
        "研发费用": "rnd_expense",
        "净利润": "net_profit",
    },
}
# Lines that only tell which statement it is.
_MARKS = {
    BALANCE: {"流动资产合计", "非流动资产合计", "流动负债合计", "所有者权益合计"},
    INCOME: {"营业成本", "营业利润", "利润总额", "管理费用", "销售费用", "财务费用"},
}
TITLES = {BALANCE: ("资产负债表",), INCOME: ("利润表", "损益表")}

CLOSING, OPENING, CURRENT, CUMULATIVE, PRIOR = (
    "closing",
    "opening",
    "current",
    "cumulative",
    "prior",
)
_HEADINGS = {
    CLOSING: "期末余额 期末数 期末金额 年末余额 年末数 年末金额",
    OPENING: "年初余额 年初数 年初金额 上年年末余额 上年末余额 上年年末数 上年末数 "
    "期初余额 期初数 期初金额",
    CURRENT: "本期金额 本期数 本期发生额 本期发生数",
    CUMULATIVE: "本年累计金额 本年累计数 本年累计 本年金额 本年数 本年实际数 累计金额",
    PRIOR: "上期金额 上期数 上期发生额 上期发生数 上年金额 上年数 上年同期数 "
    "上年同期金额 上年累计数 上年实际数",
}
HEADINGS = {word: role for role, words in _HEADINGS.items() for word in words.split()}
_OF_THE_YEAR = ("年初", "上年")  # an opening balance that is the year's, not a month's

_BLANKS = re.compile(r"\s+")
_PREFIX = re.compile(
    r"^(?:[*△▲☆#]+"
    r"|[(]?(?:[一二三四五六七八九十]+|\d{1,2})[)]?[、.)]"
    r"|[(](?:[一二三四五六七八九十]+|\d{1,2})[)]"
    r"|其中:|减:|加:|:)"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_MONTH = r"(\d{1,2})"
_DAY = re.compile(rf"(\d{{4}})[年/.-]{_MONTH}[月/.-](\d{{1,2}})日?")
_FROM_TO = re.compile(rf"(\d{{4}})年{_MONTH}月?(?:1日|01日)?[-—–~至到]+(?:\d{{4}}年)?"
                      rf"{_MONTH}月")  # fmt: skip
_QUARTER = re.compile(r"(\d{4})年度?第?([一二三四1-4])季度?")
_HALF = re.compile(r"(\d{4})年度?([上下])?半年度?")
_ONE_MONTH = re.compile(rf"(\d{{4}})年{_MONTH}月")
_YEAR = re.compile(r"(\d{4})年度?")
_YEAR_ALONE = re.compile(r"(\d{4})年度?(?:合并|母公司|公司)?")
_UNIT = re.compile(
    r"(?<!编制)(?<!编报)(?<!填报)单位:?(?:人民币)?(百万元|千元|万元|亿元|元)"
)
_BARE_UNIT = re.compile(r"(?:金额)?(?:人民币)?(百万元|千元|万元|亿元|元)")
_NAME = re.compile(
    r"(?:(?:编制|编报|填报|核算)单位(?:名称)?|(?:单位|企业|公司|纳税人)名称)[:：]\s*(.*)"
)
_AFTER_NAME = re.compile(
    r"\s{2,}|\s(?=(?:金额)?单位)|\s*\d{4}\s*年.*|\s*(?:金额)?单位[:：].*|\s*所属.*"
    r"|\s*(?:统一社会信用代码|纳税人识别号).*"
)
_CODE = re.compile(
    r"(?:统一社会信用代码|纳税人识别号)(?:[^0-9A-Z]{0,4}([0-9A-Z]{18}))?"
)
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
DECEMBER = 12


class Span(NamedTuple):
    """The time a date on a statement names.

    ``first`` None: a day or a month alone, the day of a balance; ``last``: its last
    full month, 12 for a year's end.
    """

    year: int
    first: int | None
    last: int

    @property
    def whole_year(self) -> bool:
        """From January to December."""
        return self.first == 1 and self.last == DECEMBER

    @property
    def year_end(self) -> bool:
        """It ends with the year."""
        return self.last == DECEMBER


def line_name(text: str) -> str:
    """A line without prefix, brackets and blanks: 四、净利润（净亏损以…） → 净利润."""
    name = _BLANKS.sub("", normal(text))
    while True:
        shorter = _PREFIX.sub("", name)
        if shorter == name:
            break
        name = shorter
    return _BRACKETS.sub("", name).strip(":*△▲")


def heading(text: str) -> tuple[str, str]:
    """A column heading without its bracket, and the unit in it: (期末余额, 万元)."""
    name = _BLANKS.sub("", normal(text))
    unit = ""
    for bracket in _BRACKETS.findall(name):
        if found := _BARE_UNIT.fullmatch(bracket[1:-1].removeprefix("单位:")):
            unit = found[1]
    return _BRACKETS.sub("", name), unit


def is_label_heading(text: str) -> bool:
    """Whether a heading stands over names of lines: 项目, 资产, 负债和所有者权益."""
    name = heading(text)[0]
    return name in {"项目", "资产", "科目", "报表项目", "会计科目"} or name.startswith(
        ("负债和", "负债及", "负债与")
    )


def kind_of_line(name: str) -> str:
    """Which statement has such a line, or nothing."""
    for kind in (BALANCE, INCOME):
        if name in LINES[kind] or name in _MARKS[kind]:
            return kind
    return ""


def is_of_the_year(word: str) -> bool:
    """Whether an opening balance is that of the year, whatever the statement's date."""
    return word.startswith(_OF_THE_YEAR)


def span_in(text: str) -> Span | None:
    """The time a title names: 2025年12月31日, 2025年度, 2025年1-6月, 2025年第三季度."""
    plain = _BLANKS.sub("", normal(text))
    if match := _FROM_TO.search(plain):
        return Span(int(match[1]), int(match[2]), int(match[3]))
    if match := _QUARTER.search(plain):
        quarter = _NUMERALS.get(match[2]) or int(match[2])
        return Span(int(match[1]), 3 * quarter - 2, 3 * quarter)
    if match := _HALF.search(plain):
        first, last = (7, 12) if match[2] == "下" else (1, 6)
        return Span(int(match[1]), first, last)
    if match := _DAY.search(plain):
        year, month, day = map(int, match.groups())
        ends = 1 <= month <= DECEMBER and day == calendar.monthrange(year, month)[1]
        return Span(year, None, month if ends else month - 1)
    if match := _ONE_MONTH.search(plain):
        return Span(int(match[1]), None, int(match[2]))
    if match := _YEAR.search(plain):
        return Span(int(match[1]), 1, DECEMBER)
    return None


def span_of_heading(name: str) -> Span | None:
    """The time of a heading that is nothing but a date: 2025年12月31日, 2025年度."""
    if _DAY.fullmatch(name) or _YEAR_ALONE.fullmatch(name):
        return span_in(name)
    return None


def unit_in(text: str) -> str:
    """The unit a line over the table names (单位：元), or nothing."""
    match = _UNIT.search(_BLANKS.sub("", normal(text)))
    return match[1] if match else ""


def filer_in(text: str) -> str | None:
    """Whose statement it is (编制单位：甲公司); empty where the name stands beside."""
    match = _NAME.search(text)  # a name stays as it is written
    if match is None:
        return None
    return _AFTER_NAME.split(match[1], maxsplit=1)[0].strip()


def code_in(text: str) -> str | None:
    """The filer's code; empty where it stands in the next cell."""
    match = _CODE.search(normal(text).upper())
    return None if match is None else match[1] or ""
