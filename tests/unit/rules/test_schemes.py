"""Reading schemes and their rule sets; each error with its place."""

import datetime
from decimal import Decimal

import pytest

from tests.packs.writing import write_texts
from tests.unit.rules.small_pack import NATIONAL, RULES, refusal, spoilt
from tidu.rules import nodes
from tidu.rules.packs import load_pack
from tidu.rules.printing import print_expression
from tidu.rules.rulesets import Kind, SourceGrade, Window

SCHEME = "schemes/medal/scheme.yaml"
INCOME = "require: revenue >= min_revenue}"


@pytest.fixture
def load(tmp_path):
    def load_spoilt(old: str, new: str, name: str = RULES):
        return load_pack(write_texts(tmp_path, spoilt(NATIONAL, name, old, new)))

    return load_spoilt


@pytest.fixture
def card(load):
    """The points of one item, from how a pack writes it."""

    def load_item(points: str, most: str = "10"):
        pack = load("max: 15, given: local_score}", f"max: {most}, {points}}}")
        return pack.schemes["medal"].rule_sets[0].items[0].points

    return load_item


def written(node: nodes.Bands | nodes.Sum) -> list[tuple[str, Decimal]]:
    return [(print_expression(step.when), step.value) for step in node.steps]


def test_scheme_is_read_with_its_rule_set(tmp_path):
    pack = load_pack(write_texts(tmp_path, NATIONAL))

    scheme = pack.schemes["medal"]
    rule_set = scheme.rule_sets[0]
    assert (scheme.label.chinese, scheme.tier, scheme.validity) == ("奖章", 0, "")
    assert rule_set.name == "medal/2020-01-01"
    assert rule_set.grade is SourceGrade.RESTATED
    assert rule_set.values["min_revenue"].clause == "第一条"
    assert rule_set.windows == (
        Window(
            frozenset({Kind.NEW, Kind.REVERIFICATION}),
            datetime.date(2020, 1, 1),
            datetime.date(9999, 12, 31),
        ),
    )
    assert [each.id for each in rule_set.criteria] == ["income"]
    assert rule_set.score_card.max == Decimal(15)
    assert rule_set.facts == {"revenue", "local_score"}
    assert rule_set.open_to_provinces == ("local",)


@pytest.mark.parametrize(
    ("name", "old", "new", "what", "line"),
    [
        (SCHEME, "label: 奖章\n", "", "缺少 label", 1),
        (SCHEME, "english: medal\n", "english: medal\ntier: 高\n", "tier 读不懂：高", 3),
        (
            SCHEME,
            "english: medal\n",
            "english: medal\ntitle_fact: holds_it\n",
            "title_fact 指向不存在的事实 holds_it",
            1,
        ),
        (SCHEME, "authority:", "autority:", "缺少 authority", 1),
        (RULES, "source: {document: d, number: 一号文, annex: 附件, grade: restated}\n", "", "缺少 source", 1),
        (RULES, "grade: restated", "grade: certain", "grade 不能是 certain", 3),
        (RULES, "annex: 附件", "annexe: 附件", "不认识的键 annexe", 3),
        (RULES, "[new, reverification]", "[new, renewal]", "程序种类不能是 renewal", 5),
        (RULES, "from: 2020-01-01", "from: 2020-13-01", "from 读不懂：2020-13-01", 5),
        (RULES, "value: 100万元", "value: 一百万", "value 读不懂：一百万", 7),
        (RULES, "  min_revenue: {", "  revenue: {", "数值名 revenue 与事实同名", 1),
        (RULES, "group: all", "group: none", "没有评分组 none", 12),
        (RULES, "max: 15", "max: 多", "max 读不懂：多", 12),
        (RULES, "given: local_score", "given: revenue", "given 指向 revenue，它不是不分年度的数值事实", 12),
        (RULES, "given: local_score", "given: gone", "given 指向 gone，它不是不分年度的数值事实", 12),
        (RULES, ", given: local_score", "", "缺少计分办法", 12),
        (RULES, "id: income", "id: local", "条件编号 local 重复", 1),
        (RULES, "id: local,", "id: all,", "评分项 all 与评分组同名", 9),
        (
            RULES,
            "revenue >= min_revenue",
            "revenue >= min_revenu",
            "require: revenue >= min_revenu 第 12 个字符处：不认识 min_revenu",
            14,
        ),
        (RULES, "open_to_provinces: [local]", "value: nothing", "value 读不懂：不认识 nothing", 1),
        (RULES, INCOME, "level: {bands: {of: revenue, at_least: {一点: 1}}}}", "revenue >= '一点'：读不懂数量 一点", 14),
        (RULES, INCOME, "level: {bands: {of: revenue, at_least: {1万元: 高}}}}", "1万元 读不懂：高", 14),
        (RULES, "open_to_provinces: [local]", "value: lowest", "value 写 lowest 时，各条件都要有 level", 1),
        (RULES, INCOME, "level_of: grade(size)}\nvalue: lowest", "value 写 lowest 时，各条件都要有 level", 1),
        (RULES, INCOME, "level: {given: local_score}}", "缺少计分办法", 14),
        (RULES, INCOME, "level_of: revenu}", "level_of: revenu 第 1 个字符处：不认识 revenu", 14),
        (RULES, INCOME, "require: own_brand, kinds: [renewal]}", "程序种类不能是 renewal", 14),
        (RULES, INCOME, "level: {steps: []}}", "没有一条计分线", 14),
        (RULES, "given: local_score", "bands: {of: revenue}", "没有一条计分线", 12),
        (RULES, "given: local_score", "sum: []", "没有一条计分线", 12),
        (RULES, "given: local_score", "steps: [{when: own_brand, points: 15.5}]", "最多可得 15.5 分，超过满分 15 分", 12),
        (RULES, "given: local_score", "steps: [{when: own_brand, points: 1}], otherwise: 16", "最多可得 16 分，超过满分 15 分", 12),
        (RULES, "open_to_provinces: [local]", "value: revenue", "value 不能是 revenue", 1),
        (RULES, "open_to_provinces: [local]", "value: grade(size)\ngrades: [small]", "等级最高为 2，grades 没有写全", 1),
        (RULES, INCOME, "level: {steps: [{when: own_brand, points: 3}]}}\nvalue: lowest\ngrades: [a, b]", "等级最高为 3，grades 没有写全", 1),
        (RULES, INCOME, "note: 注, require: own_brand}", "缺少 note_english", 14),
        (RULES, INCOME, "require: own_brand, x: 1}", "不认识的键 x", 14),
    ],
)  # fmt: skip
def test_error_names_file_and_line(load, name, old, new, what, line):
    found = refusal(lambda: load(old, new, name))

    assert found[:2] == (what, f"{name.rpartition('/')[2]}:{line}")
    assert found[2]


def test_expression_error_keeps_its_remedy(load):
    assert refusal(lambda: load("revenue >= min", "revenu >= min"))[2] == (
        "是不是想写 revenue"
    )


def test_bands_stand_from_the_highest_points(card):
    found = card("bands: {of: revenue, at_least: {1万元: 2, 5万元: 10}}, otherwise: 1")

    assert written(found) == [("revenue >= '5万元'", 10), ("revenue >= '1万元'", 2)]
    assert found.otherwise == 1


@pytest.mark.parametrize(
    ("key", "op"),
    [("at_least", ">="), ("more_than", ">"), ("at_most", "<="), ("less_than", "<")],
)
def test_bands_know_four_comparisons(card, key, op):
    found = card(f"bands: {{of: employees, {key}: {{3人: 7.5}}}}")

    assert written(found) == [(f"employees {op} '3人'", Decimal("7.5"))]


def test_best_of_joins_what_is_worth_the_same(card):
    found = card(
        "best_of: [{of: revenue, at_least: {1万元: 5}}, {of: employees, at_least: {9: 5}}]"
    )

    assert written(found) == [("revenue >= '1万元' or employees >= 9", 5)]


def test_steps_keep_their_order(card):
    found = card(
        "steps: [{when: own_brand, points: 1}, {when: employees > 0, points: 2}]"
    )

    assert written(found) == [("own_brand", 1), ("employees > 0", 2)]


def test_sum_is_capped_by_the_maximum(card):
    found = card("sum: [{when: own_brand, points: 30}]", "20")

    assert (written(found), found.cap) == ([("own_brand", 30)], 20)


def test_given_reads_a_number(card):
    fact = nodes.FactRef("local_score", "number")

    assert card("given: local_score") == nodes.Given(fact, Decimal(10))


def test_level_may_be_a_sum(load):
    pack = load(INCOME, "level: {sum: [{when: own_brand, points: 2}]}}")

    level = pack.schemes["medal"].rule_sets[0].criteria[0].level
    assert (written(level), level.cap) == ([("own_brand", 2)], 100)


def test_lowest_is_taken_of_all_levels(load):
    pack = load(
        INCOME + "\nopen_to_provinces: [local]",
        "level: {bands: {of: revenue, at_least: {1万元: 1}}}}\nvalue: lowest\ngrades: [a, b]\nreported: employees",
    )

    rule_set = pack.schemes["medal"].rule_sets[0]
    assert rule_set.value == nodes.Lowest((rule_set.criteria[0].level,))
    assert (rule_set.grades, rule_set.reported) == (("a", "b"), "employees")


def test_parts_bind_conditions_and_kinds(load):
    pack = load(
        "  - {id: income, label: 收入, english: income, clause: 第一条, " + INCOME,
        """\
  - id: income
    label: 收入
    english: income
    clause: 第一条
    grade: unverified
    kinds: [new]
    any:
      - all:
          - {id: a, label: 甲, english: a, clause: 一, require: own_brand}
          - id: b
            label: 乙
            english: b
            clause: 二
            require: revenue > 0
            on_reverification: revenue[y2] > 0
            note: 注
            note_english: note
      - {id: c, label: 丙, english: c, clause: 三, require: manual()}""",
    )

    top = pack.schemes["medal"].rule_sets[0].criteria[0]
    assert [each.id for each in top.walk()] == ["income", "", "a", "b", "c"]
    assert [each.part_of for each in top.walk()] == [
        "",
        "income",
        "income",
        "income",
        "income",
    ]
    assert (top.any_of, top.parts[0].any_of) == (True, False)
    assert (top.kinds, top.grade) == (frozenset({Kind.NEW}), SourceGrade.UNVERIFIED)
    assert (
        print_expression(top.tree(Kind.NEW))
        == "(own_brand and revenue > 0) or manual()"
    )
    b = top.parts[0].parts[1]
    assert [print_expression(b.tree(kind)) for kind in Kind] == [
        "revenue > 0",
        "revenue[y2] > 0",
        "revenue[y2] > 0",
    ]
    assert b.note.say(english=True) == "note"


def test_rule_set_may_carry_notes_and_advice(load):
    pack = load(
        "open_to_provinces: [local]",
        """\
notes:
  - {text: 注, english: note}
advice:
  - {id: extra, label: 另, english: extra, clause: 五, require: own_brand}
""",
    )

    rule_set = pack.schemes["medal"].rule_sets[0]
    assert [each.chinese for each in rule_set.notes] == ["注"]
    assert [each.id for each in rule_set.advice] == ["extra"]
    assert "own_brand" not in rule_set.facts


def test_rule_set_without_score_card_has_no_items(load):
    text = NATIONAL[RULES]
    card = text[text.index("score_card:") : text.index("criteria:")]

    rule_set = load(card, "").schemes["medal"].rule_sets[0]

    assert (rule_set.score_card, rule_set.items) == (None, ())


def test_sum_may_offer_more_than_its_cap(card):
    found = card("sum: [{when: own_brand, points: 12}]")

    assert (written(found), found.cap) == ([("own_brand", 12)], 10)
