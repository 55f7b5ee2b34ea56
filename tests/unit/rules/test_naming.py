"""What values are called, and how they are written, in both languages."""

import datetime
from decimal import Decimal

import pytest

from tests.spec.book import DICTIONARY, PACK
from tidu.rules.library import default_library
from tidu.rules.naming import (
    ask_keys,
    measure_word,
    name_fact,
    name_key,
    name_keys,
    name_node,
    show,
    show_fact,
)
from tidu.rules.parse import Names, parse_condition, parse_value

NAMES = Names(DICTIONARY, {}, ("", "ip"), PACK.tables)
WORDS = PACK.words


def value(text: str):
    return parse_value(text, NAMES)


def both(say) -> tuple[str, str]:
    return say(english=False), say(english=True)


def test_key_carries_its_year():
    assert both(lambda english: name_key("revenue@2024", WORDS, english=english)) == (
        "2024年营业收入",
        "Revenue 2024",
    )
    assert name_key("listed", WORDS, english=False) == "是否上市"


def test_part_is_put_behind_its_whole():
    assert both(lambda english: name_fact("class1_ip_own", WORDS, english=english)) == (
        "与主导产品相关的Ⅰ类知识产权（自主研发）",
        "Class I IP related to the lead product (self-developed)",
    )


def test_keys_past_the_fourth_are_counted():
    keys = [f"revenue@{year}" for year in range(2020, 2026)]

    assert both(lambda english: name_keys(keys, WORDS, english=english, most=2)) == (
        "2020年营业收入、2021年营业收入等6项",
        "Revenue 2020, Revenue 2021, and more (6 in all)",
    )
    assert name_keys(keys[:1], WORDS, english=False) == "2020年营业收入"


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("revenue", "营业收入", "Revenue"),
        ("ratio(total_liabilities, total_assets)", "资产负债率", "debt ratio"),
        ("ratio(total_liabilities[y2], total_assets[y2])", "资产负债率", "debt ratio"),
        ("age_days(established_on)", "注册成立天数", "days since establishment"),
        ("ratio(rnd_expense, total_assets)", "研发费用（审计报告口径）占资产总额比重", "R&D expense (audit report basis) as a share of Total assets"),
        ("sum_years(2, revenue)", "近2年营业收入合计", "Revenue, sum of the last 2 years"),
        ("mean_years(2, revenue)", "近2年营业收入均值", "Revenue, mean of the last 2 years"),
        ("compound_growth(3, revenue)", "近3年营业收入复合增长率", "Revenue, compound growth over 3 years"),
        ("mean_growth(3, revenue)", "近3年营业收入平均增长率", "Revenue, mean growth over 3 years"),
        ("first_given(staff_total, employees)", "从业人员", "Employees"),
        ("part(class1_ip_in_use, class1_ip)", "与主导产品相关的Ⅰ类知识产权（已应用并产生经济效益）", "Class I IP related to the lead product (in use with economic benefit)"),
        ("score()", "得分", "score"),
        ("grade(sme_size)", "", ""),
    ],
)  # fmt: skip
def test_value_is_called_by_its_own_name_or_its_facts(text, chinese, english):
    node = value(text)

    assert both(lambda english: name_node(node, WORDS, english=english)) == (
        chinese,
        english,
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("listed", "是否上市"),
        ("rnd_institution == city", "研发机构级别"),
        ("has(dq06, rules)", "网络安全措施"),
        ("reviewed(key_field_reviewed)", "重点领域和关键环节经评审认可"),
        ("revenue > 0", "营业收入"),
        (
            "part(conduct_event_2y, major_accident)",
            "上一年或当年重大安全质量事故或严重环境违法",
        ),
    ],
)
def test_condition_is_called_by_what_it_reads(text, name):
    node = parse_condition(text, NAMES)

    assert name_node(node, WORDS, english=False) == name


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("employees", "人"),
        ("niche_years", "年"),
        ("revenue", ""),
        ("market_share", ""),
        ("part(class1_ip_own, class1_ip)", "项"),
        ("sum_years(2, employees)", "人"),
        ("first_given(staff_total, employees)", "人"),
        ("score(ip)", "分"),
        ("ratio(rnd_expense, revenue)", ""),
    ],
)
def test_counted_things_carry_their_word_in_chinese_only(text, word):
    node = value(text)

    assert both(lambda english: measure_word(node, WORDS, english=english)) == (
        word,
        "",
    )


@pytest.mark.parametrize(
    ("found", "unit", "chinese", "english"),
    [
        (None, "元", "不详", "not known"),
        (True, "", "是", "yes"),
        (False, "", "否", "no"),
        (datetime.date(2025, 6, 1), "", "2025-06-01", "2025-06-01"),
        (Decimal(50_880_000), "元", "5,088万元", "50,880,000 yuan"),
        (Decimal("0.5"), "元", "0.5元", "0.50 yuan"),
        (Decimal(10**9), "美元", "10亿美元", "1,000,000,000 US dollars"),
        (Decimal("0.0305"), "%", "3.05%", "3.05%"),
        (10, "years", "10年", "10 years"),
        (364, "days", "364天", "364 days"),
        (Decimal("2.50"), "", "2.5", "2.5"),
        (3, "count", "3", "3"),
        ("small", "", "small", "small"),
    ],
)
def test_value_is_written_as_people_read_it(found, unit, chinese, english):
    assert both(lambda english: show(found, unit, english=english)) == (
        chinese,
        english,
    )


@pytest.mark.parametrize(
    ("key", "found", "chinese", "english"),
    [
        ("rnd_institution", "city", "市级", "city level"),
        ("dq06", frozenset({"rules", "products"}), "安全产品及服务、管理制度", "security products and services, management rules"),
        ("dq06", frozenset(), "无", "none"),
        ("dq06", None, "不详", "not known"),
        ("revenue@2025", Decimal(10_000), "1万元", "10,000 yuan"),
        ("valuation_usd", Decimal(10_000), "1万美元", "10,000 US dollars"),
        ("market_share", Decimal("0.1"), "10%", "10%"),
        ("employees@2025", 5, "5", "5"),
        ("listed", True, "是", "yes"),
    ],
)  # fmt: skip
def test_fact_is_written_by_its_type(key, found, chinese, english):
    assert both(lambda english: show_fact(key, found, WORDS, english=english)) == (
        chinese,
        english,
    )


@pytest.mark.parametrize(
    ("keys", "chinese", "english"),
    [
        (
            ["abnormal_list", "revenue@2025"],
            "列入经营异常名录（是或否）、2025年营业收入",
            "On the list of abnormal operations (yes or no), Revenue 2025",
        ),
        (["listed"], "是否上市", "Listed (yes or no)"),
        (
            ["standards", "own_brand"] * 3,
            "参与制修订标准（是或否）、自主品牌（是或否）、参与制修订标准（是或否）、"
            "自主品牌（是或否）等6项",
            "Took part in making standards (yes or no), Own brand (yes or no), "
            "Took part in making standards (yes or no), Own brand (yes or no), "
            "and more (6 in all)",
        ),
    ],
)
def test_what_is_asked_with_yes_or_no_says_so(keys, chinese, english):
    words = default_library().national.words

    assert ask_keys(keys, words, english=False) == chinese
    assert ask_keys(keys, words, english=True) == english
