"""Reading the fact dictionary; each error with its place."""

from decimal import Decimal

import pytest

from tests.packs.writing import write_texts
from tests.unit.rules.small_pack import refusal
from tidu.rules.dictionary import load_facts
from tidu.rules.facts import Choice, Fact, FactType, Period
from tidu.rules.library import default_library

A = "a: {label: 甲, english: a, type: money, period: year"


@pytest.fixture
def load(tmp_path):
    def load_text(text: str, **more):
        return load_facts(write_texts(tmp_path, {"facts/g.yaml": text}), **more)

    return load_text


def test_fact_is_read_with_everything_it_may_say(load):
    found = load("""\
until: {label: 有效期至, english: until, type: date, period: now}
whole: {label: 全部, english: whole, type: money, period: year}
a:
  label: 甲
  english: a
  type: choice
  period: now
  form_unit: 万元
  choices:
    none: {label: 无, english: none}
  also: [又名]
  note: 注
  negative: true
  dollars: true
  undated: current
  expires: until
  part_of: whole
  accumulates: true
  found_in: 利润表：某行
  found_in_english: Income statement, some line
""")

    fact = found["a"]
    assert (fact.place.rpartition("/")[2], fact.group) == ("g.yaml:4", "g")
    assert fact == Fact(
        id="a",
        label="甲",
        english="a",
        group="g",
        type=FactType.CHOICE,
        period=Period.NOW,
        form_unit="万元",
        choices=(Choice("none", "无", "none"),),
        also=("又名",),
        note="注",
        negative=True,
        dollars=True,
        undated="current",
        expires="until",
        part_of="whole",
        accumulates=True,
        found_in="利润表：某行",
        found_in_english="Income statement, some line",
        place=fact.place,
    )


def test_range_of_a_count_is_read(load):
    found = load(
        "a: {label: 甲, english: a, type: count, period: now, least: 0, most: 4}\n"
        "b: {label: 乙, english: b, type: number, period: now, least: 2.5, most: 2.5}\n"
    )

    assert (found["a"].least, found["a"].most) == (Decimal(0), Decimal(4))
    assert (found["b"].least, found["b"].most) == (Decimal("2.5"), Decimal("2.5"))


def test_folder_without_facts_has_none(tmp_path):
    assert load_facts(tmp_path) == {}


def test_fact_defined_in_two_files_is_refused(tmp_path):
    write_texts(tmp_path, {"facts/g.yaml": A + "}\n", "facts/h.yaml": "\n" + A + "}\n"})

    what, place, remedy = refusal(lambda: load_facts(tmp_path))

    assert (what, place) == ("事实 a 重复定义", "h.yaml:2")
    assert remedy == f"先前的定义在 {tmp_path}/facts/g.yaml:1"


@pytest.mark.parametrize("fact_id", ["Revenue", "1a", "a-b", "收入", "other"])
def test_fact_id_off_the_rule_is_refused(load, fact_id):
    text = f"{fact_id}: {{label: 甲, english: a, type: text, period: now}}\n"

    assert refusal(lambda: load(text, prefix="x_")) == (
        f"事实编号 {fact_id} 不合规则",
        "g.yaml:1",
        "只用小写字母、数字和下划线，并以 x_ 开头",
    )


def test_fact_of_the_base_is_not_defined_again(load, tmp_path):
    base = load(A + "}\n")

    assert refusal(lambda: load_facts(tmp_path, known=base))[:2] == (
        "事实 a 重复定义",
        "g.yaml:1",
    )


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("type: sum, period: now", "type 不能是 sum"),
        ("type: text, period: month", "period 不能是 month"),
        ("type: text, period: now, undated: next", "undated 不能是 next"),
        ("type: text, period: now, colour: red", "不认识的键 colour"),
        ("type: choice, period: now", "a 的类型与选项不一致"),
        (
            "type: text, period: now, choices: {x: {label: 无, english: none}}",
            "a 的类型与选项不一致",
        ),
        ("type: number, period: now, least: few, most: 4", "least 读不懂：few"),
        ("type: number, period: now, least: 0", "a 的范围不完整，或 least 大于 most"),
        ("type: number, period: now, most: 4", "a 的范围不完整，或 least 大于 most"),
        (
            "type: count, period: now, least: 5, most: 4",
            "a 的范围不完整，或 least 大于 most",
        ),
        (
            "type: ratio, period: now, least: 0, most: 4",
            "a 不是个数或数字，不能写 least 和 most",
        ),
    ],
)
def test_fact_with_wrong_entries_is_refused(load, more, what):
    text = f"a: {{label: 甲, english: a, {more}}}\n"

    assert refusal(lambda: load(text))[:2] == (what, "g.yaml:1")


@pytest.mark.parametrize(
    ("name", "other"), [("expires", "b"), ("since", "b"), ("part_of", "c")]
)
def test_reference_to_what_is_no_such_fact_is_refused_at_its_line(load, name, other):
    text = f"""\
b: {{label: 乙, english: b, type: text, period: now}}

a: {{label: 甲, english: a, type: boolean, period: now, {name}: {other}}}
"""

    assert refusal(lambda: load(text)) == (
        f"事实 a 的 {name} 指向 {other}，它不存在或类型不对",
        "g.yaml:3",
        "请写字典里已有的事实编号",
    )


def test_province_may_refer_to_facts_of_its_base(load):
    base = {"whole": Fact("whole", "", "", "", FactType.MONEY, Period.YEAR)}

    found = load(A + ", part_of: whole}\n", known=base)

    assert found["a"].part_of == "whole"


@pytest.mark.parametrize("name", ["expires", "since"])
def test_yearly_fact_does_not_follow_from_a_date(load, name):
    text = f"""\
b: {{label: 乙, english: b, type: date, period: now}}
a: {{label: 甲, english: a, type: money, period: year, {name}: b}}
"""

    assert refusal(lambda: load(text)) == (
        "a 分年度，不能写 expires 或 since",
        "g.yaml:2",
        "只有不分年度的事实可以由日期推出",
    )


def test_where_a_figure_is_found_is_said_in_english_if_somebody_wrote_it(load):
    found = load("""\
a: {label: 甲, english: a, type: count, period: now, found_in: 台账}
b: {label: 乙, english: b, type: count, period: now, found_in: 台账,
  found_in_english: ledger}
""")

    assert [found[each].where_found(english=True) for each in "ab"] == [
        "台账",
        "ledger",
    ]
    assert [found[each].where_found() for each in "ab"] == ["台账", "台账"]


def test_every_shipped_figure_says_where_it_is_found_in_both_languages():
    facts = default_library().national.facts.values()

    told = [each for each in facts if each.found_in]
    assert told
    assert [each.id for each in told if not each.found_in_english] == []
