"""A province over the national pack: what it may add, and what is refused."""

import datetime
from decimal import Decimal

import pytest

from tests.packs.writing import write_texts
from tests.unit.rules.small_pack import (
    NATIONAL,
    PROVINCE,
    RULES,
    refusal,
    spoilt,
)
from tidu.rules.overlays import lay_over
from tidu.rules.packs import load_pack
from tidu.rules.printing import print_expression

FILL = PROVINCE[RULES][: PROVINCE[RULES].index("rounds:")]
FACT = "far_green: {label: 绿色, english: green, type: boolean, period: now}\n"
SCORE = "label: 分, english: s, type: number, period: now"


@pytest.fixture
def base(tmp_path):
    return load_pack(write_texts(tmp_path / "base", NATIONAL))


@pytest.fixture
def lay(base, tmp_path):
    def lay_spoilt(name: str, old: str, new: str):
        texts = spoilt(PROVINCE, name, old, new)
        return lay_over(base, write_texts(tmp_path / "over", texts))

    return lay_spoilt


def test_province_adds_facts_rounds_and_fills_its_slot(base, tmp_path):
    pack = lay_over(base, write_texts(tmp_path / "over", PROVINCE))

    assert (pack.id, pack.territory, pack.title.chinese) == ("far", "98", "远省")
    assert list(pack.facts) == [*base.facts, "far_green"]
    assert pack.schemes == base.schemes
    assert pack.digest != base.digest
    definition = pack.definitions["local_score"]
    assert definition.cap == 15
    assert print_expression(definition.items[0].steps[0].when) == "far_green"
    found = pack.round_for("medal/2020-01-01", 2026)
    assert (found.opens, found.closes) == (
        datetime.date(2026, 5, 1),
        datetime.date(2026, 6, 1),
    )
    assert pack.round_for("medal/2020-01-01", 2027) is None
    assert pack.round_for("medal/2026-04-01", 2026) is None


def test_province_may_define_a_fact(lay):
    pack = lay(
        "facts/far.yaml", FACT, FACT + f"far_sum: {{{SCORE}, define: local_score}}\n"
    )

    assert list(pack.definitions) == ["local_score", "far_sum"]
    assert print_expression(pack.definitions["far_sum"]) == "local_score"


@pytest.mark.parametrize(
    ("text", "what", "place", "remedy"),
    [
        (
            "values:\n  min_revenue: {value: 50万元}\n",
            "地方不能修改国家标准的数值 min_revenue：一号文第一条规定为 100万元",
            "2020-01-01.yaml:2",
            "请删去这一项",
        ),
        (
            "values:\n  other: {value: 50万元}\n",
            "一号文没有向地方开放 values",
            "2020-01-01.yaml:1",
            "地方包在这里只能写 fill（开放项：local）和 rounds",
        ),
        (
            "values: {}\n",
            "一号文没有向地方开放 values",
            "2020-01-01.yaml:1",
            "地方包在这里只能写 fill（开放项：local）和 rounds",
        ),
        (
            "criteria:\n  - {id: income, require: own_brand}\n",
            "地方不能放宽或取消国家标准的条件 income：一号文第一条“收入”",
            "2020-01-01.yaml:1",
            "请删去这一项",
        ),
        (
            "drop: [income]\n",
            "地方不能放宽或取消国家标准的条件 income：一号文第一条“收入”",
            "2020-01-01.yaml:1",
            "请删去这一项",
        ),
        (
            "drop: [other]\n",
            "一号文没有向地方开放 drop",
            "2020-01-01.yaml:1",
            "地方包在这里只能写 fill（开放项：local）和 rounds",
        ),
        (
            "criteria:\n  - {id: extra}\n",
            "一号文没有向地方开放 criteria",
            "2020-01-01.yaml:1",
            "地方包在这里只能写 fill（开放项：local）和 rounds",
        ),
        (
            "score_card: {}\n",
            "一号文没有向地方开放 score_card",
            "2020-01-01.yaml:1",
            "地方包在这里只能写 fill（开放项：local）和 rounds",
        ),
        (
            "fill:\n  income:\n    items: []\n",
            "一号文没有向地方开放 income",
            "2020-01-01.yaml:3",
            "开放项：local",
        ),
        (
            FILL.replace("max: 10", "max: 15.5"),
            "local 各项合计 15.5 分，超过一号文表一规定的 15 分",
            "2020-01-01.yaml:3",
            "请减少分值",
        ),
        (
            FILL.replace("max: 10", "max: 多"),
            "max 读不懂：多",
            "2020-01-01.yaml:6",
            "应写成数字",
        ),
        (
            FILL.replace("when: far_green", "when: far_gren"),
            "when: far_gren 第 1 个字符处：不认识 far_gren",
            "2020-01-01.yaml:7",
            "是不是想写 far_green",
        ),
        (
            FILL.replace("    items:", "    cap: 3\n    items:"),
            "不认识的键 cap",
            "2020-01-01.yaml:3",
            "可用的键：items、values",
        ),
        (
            "rounds:\n  - {year: 2026, label: 一, english: r, opens: 2026-05-02,"
            " closes: 2026-05-01}\n",
            "closes 早于 opens",
            "2020-01-01.yaml:2",
            "请核对日期",
        ),
        (
            "rounds:\n  - {year: 明年, label: 一, english: r}\n",
            "year 读不懂：明年",
            "2020-01-01.yaml:2",
            "应写成年份",
        ),
    ],
)
def test_rule_set_that_goes_too_far_is_refused(lay, text, what, place, remedy):
    found = refusal(lambda: lay(RULES, PROVINCE[RULES], text))

    assert found[:2] == (what, place)
    assert remedy in found[2]


def test_standard_that_opens_nothing_says_so(tmp_path):
    texts = spoilt(NATIONAL, RULES, "open_to_provinces: [local]\n", "")
    base = load_pack(write_texts(tmp_path / "base", texts))

    found = refusal(lambda: lay_over(base, write_texts(tmp_path / "over", PROVINCE)))

    assert found == ("一号文没有向地方开放 local", "2020-01-01.yaml:3", "开放项：无")


def test_standard_unknown_to_the_base_is_refused(base, tmp_path):
    texts = PROVINCE | {"schemes/medal/2021-01-01.yaml": "rounds: []\n"}

    found = refusal(lambda: lay_over(base, write_texts(tmp_path / "over", texts)))

    assert found == (
        "上级包里没有标准 medal/2021-01-01",
        "2021-01-01.yaml",
        "地方包只能叠加在已有的标准上；文件名要与标准的日期一致",
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("pack.yaml", "extends: small", "extends: big", "extends 写的是 big，载入的上级包是 small"),
        ("pack.yaml", "extends: small\n", "", "extends 写的是 空，载入的上级包是 small"),
        ("pack.yaml", "prefix: far_\n", "", "缺少 prefix"),
        ("pack.yaml", 'territory: "98"\n', "", "缺少 territory"),
        (
            "pack.yaml",
            'territory: "98"',
            'territory: "9801"',
            "territory 写的是 9801，地方包按省载入",
        ),
        (
            "pack.yaml",
            'territory: "98"',
            "territory: ''",
            "territory 写的是 空，地方包按省载入",
        ),
        ("pack.yaml", "review:", "reviewed:", "缺少 review"),
        ("pack.yaml", "id: far\n", "id: far\ncolour: red\n", "不认识的键 colour"),
        ("facts/far.yaml", "far_green:", "green:", "事实编号 green 不合规则"),
        ("pack.yaml", "prefix: far_", "prefix: ''", "prefix 不能为空"),
    ],
)  # fmt: skip
def test_pack_file_error_is_named(lay, name, old, new, what):
    found = refusal(lambda: lay(name, old, new))

    assert found[0] == what
    assert found[2]


def test_national_fact_is_not_defined_again_by_a_matching_prefix(base, tmp_path):
    texts = PROVINCE | {
        "pack.yaml": PROVINCE["pack.yaml"].replace("prefix: far_", "prefix: re"),
        "facts/far.yaml": "revenue: {label: 收入, english: r, type: money, period: now}\n",
    }

    found = refusal(lambda: lay_over(base, write_texts(tmp_path / "over", texts)))

    assert found[:2] == ("事实 revenue 重复定义", "far.yaml:1")


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        (f"far_a: {{{SCORE}, define: far_b}}\nfar_b: {{{SCORE}, define: far_a}}\n", "定义循环：far_a → far_b → far_a"),
        (f"far_a: {{{SCORE}, define: far_x}}\n", "define: far_x 第 1 个字符处：不认识 far_x"),
        (f"far_a: {{{SCORE.replace('now', 'year')}, define: local_score}}\n", "far_a 分年度，不能写 define"),
    ],
)  # fmt: skip
def test_definition_that_cannot_be_computed_is_refused(lay, facts, what):
    assert refusal(lambda: lay("facts/far.yaml", FACT, FACT + facts))[0] == what


def test_slot_computed_from_itself_is_a_cycle(lay):
    found = refusal(lambda: lay(RULES, "when: far_green", "when: local_score > 0"))

    assert found[0] == "定义循环：local_score → local_score"


def test_slot_points_are_exact(lay):
    item = "max: 10\n        steps: [{when: far_green, points: 10}]"

    pack = lay(RULES, item, item.replace("10", "7.5"))

    assert pack.definitions["local_score"].cap == Decimal(15)
