"""Examples: read strictly, run, and compared with what the pack says."""

from __future__ import annotations

import pytest

from tests.packs.small import EDITION, EXAMPLES, write_small
from tidu.rules.errors import PackError
from tidu.rules.examples import load_examples, run_examples
from tidu.rules.packs import load_pack

SCORED = """\
  - id: card
    label: 得分
    english: Score
    clause: 第一条
    require: score() >= '60分'
score_card:
  groups: {}
  items:
    - id: i1
      label: 专利
      english: Patents
      clause: 第一条
      max: 40
      bands: {of: patents, at_least: {2项: 40, 1项: 20.5}}
    - id: i2
      label: 措施
      english: Measures
      clause: 第一条
      max: 60
      sum:
        - {when: "has(tags, one)", points: 30}
        - {when: "has(tags, two)", points: 30}
"""
HEAD = "examples:\n  - name: 甲\n    scheme: gold\n    on: 2026-06-01\n"


def failures(tmp_path, examples: str, *changes, **files) -> list[str]:
    """What does not come out, each as its sentence without the folder."""
    folder = write_small(tmp_path, *changes, **files)
    (folder / EXAMPLES).write_text(examples, encoding="utf-8")
    found = run_examples(load_pack(folder), folder)
    return [each.sentence().replace(f"{folder}/", "") for each in found]


def refusal(tmp_path, examples: str, *changes) -> str:
    with pytest.raises(PackError) as caught:
        failures(tmp_path, examples, *changes)
    return str(caught.value).partition("small/")[2]


def test_shipped_examples_come_out(tmp_path):
    folder = write_small(tmp_path)

    assert run_examples(load_pack(folder), folder) == []
    assert [each.name for each in load_examples(load_pack(folder), folder)] == [
        "恰为100万元，符合",
        "差一分，不符合",
        "不详",
    ]


def test_failure_names_example_place_and_both_answers(tmp_path):
    text = (
        HEAD
        + "    facts: {revenue: 1万元}\n    expect: {income: met}\n    outcome: met\n"
    )

    assert failures(tmp_path, text) == [
        "examples/gold-2026-01-01.yaml:2: 示例“甲”的 income 应为 met，实际为 unmet",
        "examples/gold-2026-01-01.yaml:2: 示例“甲”的 outcome 应为 met，实际为 unmet",
    ]


def test_score_value_and_rule_set_are_compared(tmp_path):
    text = HEAD + (
        "    facts: {revenue@2025: 200万元, patents: 1, tags: [one, two]}\n"
        "    expect: {income: met, card: met, i1: met}\n"
        "    points: {i1: 20.5, i2: 60}\n"
        "    score: 80.5\n    value: unknown\n    rule_set: 2026-01-01\n"
        "  - name: 乙\n    base: 甲\n    facts: {patents: unknown}\n"
        "    points: {i1: [0, 40]}\n    score_range: [60, 100]\n    outcome: met\n"
        "  - name: 丙\n    base: 甲\n    on: 2025-12-31\n    score: 80\n    rule_set: ''\n"
        "    outcome: not_applicable\n"
    )

    assert failures(tmp_path, text, (EDITION, "", SCORED)) == [
        "examples/gold-2026-01-01.yaml:17: 示例“丙”的 score 应为 80，实际为 —"
    ]


def test_facts_are_read_as_the_law_writes_them(tmp_path):
    text = HEAD + (
        "    facts:\n      industry: B0610\n      revenue@2024: 1亿元\n      revenue: 1.5万元\n"
        "      staff: 300人\n      patents: 3项\n      years: 2.5年\n      share: 3%\n"
        "      value: 10亿美元\n      brand: 'true'\n      listed: false\n      award: city\n"
        "      tags: two\n      points: 60分\n      points@2025: 59.9\n      began: 2020-02-29\n"
        "      rnd: unknown\n    outcome: unmet\n"
    )
    folder = write_small(tmp_path)
    (folder / EXAMPLES).write_text(text, encoding="utf-8")
    (found,) = load_examples(load_pack(folder), folder)

    assert {key: str(value) for key, value in found.facts.items()} == {
        "industry": "B0610",
        "revenue@2024": "100000000",
        "revenue@2025": "15000.0",
        "staff@2025": "300",
        "patents": "3",
        "years": "2.5",
        "share": "0.03",
        "value": "1000000000",
        "brand": "True",
        "listed": "False",
        "award": "city",
        "tags": "frozenset({'two'})",
        "points@2026": "60",
        "points@2025": "59.9",
        "began": "2020-02-29",
    }


def test_fact_of_an_example_hides_the_same_year_of_its_base(tmp_path):
    text = HEAD + (
        "    facts: {revenue@2025: 1万元}\n    outcome: unmet\n"
        "  - name: 乙\n    base: 甲\n    facts: {revenue: 100万元}\n    outcome: met\n"
        "  - name: 丙\n    base: 甲\n    on: 2027-06-01\n    outcome: unknown\n"
    )

    assert failures(tmp_path, text) == []


def test_kind_is_new_unless_written(tmp_path):
    text = (
        HEAD
        + "    outcome: unknown\n  - name: 乙\n    base: 甲\n    kind: change\n    outcome: unknown\n"
    )
    folder = write_small(tmp_path)
    (folder / EXAMPLES).write_text(text, encoding="utf-8")

    kinds = [each.kind.value for each in load_examples(load_pack(folder), folder)]
    assert kinds == ["new", "change"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("{revenue: 100}", "revenue 读不懂：100；应写成带单位的金额，如 1500万元"),
        ("{value: 100万元}", "value 读不懂：100万元；应写成带单位的金额，如 1500万美元"),
        ("{revenue: 很多}", "revenue 读不懂：很多；应写成带单位的金额，如 1500万元"),
        ("{share: 0.03}", "share 读不懂：0.03；应写成带百分号的数，如 3%"),
        ("{patents: 2.5}", "patents 读不懂：2.5；应写成整数"),
        ("{patents: 2年}", "patents 读不懂：2年；应写成整数"),
        ("{years: 2项}", "years 读不懂：2项；应写成数字，可带年或分"),
        ("{brand: 是}", "brand 读不懂：是；应写成true 或 false"),
        ("{began: 去年}", "began 读不懂：去年；应写成日期，如 2019-05-01"),
        ("{award: best}", "award 读不懂：best；应写成选项编号：none、city、nation"),
        ("{tags: [one, three]}", "tags 读不懂：one、three；应写成选项编号：one、two"),
        ("{patents: [1, 2]}", "patents 读不懂：1、2；应写成一个值"),
        ("{revenu: 1万元}", "不认识的事实 revenu；是不是想写 revenue"),
        ("{xyz: 1}", "不认识的事实 xyz；请先在事实字典里定义它"),
        ("{brand@2025: true}", "brand@2025 的年度不对；分年度的事实写作 revenue@2025，其他事实不写年度"),
        ("{revenue@last: 1元}", "revenue@last 的年度不对；分年度的事实写作 revenue@2025，其他事实不写年度"),
        ("{revenue: 1元, revenue@2025: 2元}", "同一年度的事实写了两次；请删去其中一个"),
    ],
)  # fmt: skip
def test_fact_nobody_can_read_is_refused_with_its_line(tmp_path, facts, expected):
    text = f"{HEAD}    facts: {facts}\n    outcome: met\n"

    assert refusal(tmp_path, text) == f"examples/gold-2026-01-01.yaml:5: {expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD, ":2: 示例“甲”没有写结论；请写 expect、outcome、score 或 value"),
        (HEAD + "    outcome: good\n", ":5: outcome 不能是 good；可以写：met、unmet、unknown、manual、not_applicable"),
        (HEAD + "    outcome: met\n  - name: 甲\n    base: 甲\n    outcome: met\n", ":6: 示例“甲”重名；先前的示例在 "),
        (HEAD + "    base: 乙企业\n    outcome: met\n", ":2: 没有示例“乙企业”；base 要写同一文件中排在前面的示例名"),
        (HEAD + "    outcome: met\n  - name: 甲企业\n    scheme: gold\n    on: 2026-06-01\n    outcome: met\n  - name: 丙\n    base: 甲企\n    outcome: met\n", ":10: 没有示例“甲企”；是不是想写 甲企业"),
        (HEAD + "    expect: {incom: met}\n", ":5: 标准 gold/2026-01-01 没有 incom；是不是想写 income"),
        (HEAD + "    expect: {xyz: met}\n", ":5: 标准 gold/2026-01-01 没有 xyz；可用：income"),
        (HEAD.replace("2026-06", "2020-06") + "    expect: {income: met}\n", ":5: 标准 gold 没有 income；可用："),
        (HEAD + "    points: {income: 3}\n", ":5: 标准 gold/2026-01-01 没有 income；可用："),
        (HEAD + "    score: 高\n", ":5: score 读不懂：高；应写成一个数，或两个数的列表，如 [40, 55]"),
        (HEAD + "    score_range: [1, 2, 3]\n", ":5: score_range 读不懂：1、2、3；应写成一个数，或两个数的列表，如 [40, 55]"),
        (HEAD + "    outcome: met\n    colour: red\n", ":6: 不认识的键 colour；"),
        (HEAD.replace("2026-06-01", "六月") + "    outcome: met\n", ":4: on 读不懂：六月；应写成日期，如 2026-06-01"),
        (HEAD.replace("gold", "silver") + "    outcome: met\n", ":3: scheme 不能是 silver；可以写：gold"),
    ],
)  # fmt: skip
def test_example_written_wrongly_is_refused_with_its_line(tmp_path, text, expected):
    assert expected in refusal(tmp_path, text)
