"""What changed between two editions: each kind of change, in words, both languages."""

from __future__ import annotations

import pytest

from tests.packs.small import EDITION, FILES, write_small
from tidu.rules import difference
from tidu.rules.describing import describe
from tidu.rules.difference import diff
from tidu.rules.packs import load_pack
from tidu.rules.parse import Names, parse_condition

NEXT = "schemes/gold/2027-01-01.yaml"
CARD = """\
score_card:
  groups: {part: {label: 一组, english: Part}}
  items:
    - id: i1
      label: 专利
      english: Patents
      clause: 表-1
      group: part
      max: 10
      bands: {of: patents, at_least: {2项: 10}}
    - {id: i2, label: 地方, english: Local, clause: 表-2, max: 5, given: local}
"""


def criterion(require: str, **more: str) -> str:
    lines = [
        "  - id: one",
        "    label: 条件",
        "    english: Condition",
        "    clause: 第一条",
        f"    require: {require}",
        *(f"    {key}: {value}" for key, value in more.items()),
    ]
    return "\n".join(lines) + "\n"


def edition(criteria: str, *, advice: str = "", card: str = "") -> str:
    head = FILES[EDITION].partition("criteria:")[0]
    own = f"criteria:\n{criteria}" if criteria else ""
    extra = f"advice:\n{advice}" if advice else ""
    return head + own + extra + card


def changes(tmp_path, earlier: str, later: str, *, english: bool = False) -> list[str]:
    folder = write_small(tmp_path)
    (folder / EDITION).write_text(earlier, encoding="utf-8")
    (folder / NEXT).write_text(later.replace("某1号", "某2号"), encoding="utf-8")
    pack = load_pack(folder)
    scheme = pack.schemes["gold"]
    found = diff(scheme, *scheme.rule_sets, words=pack.words)
    return [each.sentence(english=english) for each in found]


def between(tmp_path, old: str, new: str, **more: str) -> list[str]:
    """The lines of the one change from one condition to another, clauses left out."""
    [found] = changes(
        tmp_path, edition(criterion(old)), edition(criterion(new, **more))
    )
    heading, *lines = found.splitlines()
    assert heading.endswith("】条件")
    return [
        heading.removesuffix("条件"),
        *(each.removeprefix("  · ") for each in lines[:-1]),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("revenue >= '100万元'", "revenue >= '200万元'", ["【更严】", "不低于100万元 → 不低于200万元"]),
        ("revenue >= '200万元'", "revenue >= '100万元'", ["【更松】", "不低于200万元 → 不低于100万元"]),
        ("share <= '70%'", "share <= '75%'", ["【更松】", "不高于70% → 不高于75%"]),
        ("share <= '70%'", "share < '70%'", ["【更严】", "不高于70% → 低于70%"]),
        ("share > '50%'", "share >= '50%'", ["【更松】", "超过50% → 不低于50%"]),
        ("patents == 3", "patents == 4", ["【改变】", "等于3 → 等于4"]),
        ("patents != 3", "patents != 4", ["【改变】", "不等于3 → 不等于4"]),
        ("not patents >= 3", "not patents > 3", ["【更松】", "低于3 → 不高于3"]),
        ("rnd >= equity", "rnd > equity", ["【更严】", "不低于上年度融资 → 超过上年度融资"]),
        ("rnd >= equity", "rnd >= revenue", ["【改变】", "不低于上年度融资 → 不低于上年度营业收入"]),
        ("award == nation", "award in (city, nation)", ["【更松】", "奖励为“国家级” → 奖励为“市级”或“国家级”"]),
        ("award in (city, nation)", "award == city", ["【更严】", "奖励为“市级”或“国家级” → 奖励为“市级”"]),
        ("award == nation", "award == city", ["【改变】", "奖励为“国家级” → 奖励为“市级”"]),
        ("rnd >= '1元'", "each_year(3, rnd >= '1元')", ["【更严】", "只看上年度 → 近3年每年都看：研发费用不低于1元"]),
        ("each_year(3, rnd >= '1元')", "each_year(2, rnd >= '1元')", ["【更松】", "近3年每年都看 → 近2年每年都看：研发费用不低于1元"]),
        ("brand", "brand and not listed", ["【更严】", "另须：“黑名单”为“否”"]),
        ("brand and not listed", "brand", ["【更松】", "不再要求：“黑名单”为“否”"]),
        ("brand", "brand or award == city", ["【更松】", "新增可以代替的情形：奖励为“市级”"]),
        ("brand or award == city", "brand", ["【更严】", "不再可以用这一项代替：奖励为“市级”"]),
        ("brand", "brand and each_year(2, rnd > 0)", ["【更严】", "另须：近2年每年研发费用超过0"]),
        ("brand", "reviewed(brand, accepted)", ["【更严】", "另须：须经评审认定（评审认可）"]),
        ("patents >= 2 and brand", "patents >= 3 and not listed and brand", ["【更严】", "专利：不低于2 → 不低于3", "另须：“黑名单”为“否”"]),
        ("patents >= 3 and brand", "patents >= 4", ["【有严有松】", "不低于3 → 不低于4", "不再要求：“品牌”为“是”"]),
        ("brand", "listed if brand else patents > 1", ["【改变】", "以前：“品牌”为“是”", "现在：“品牌”为“是”的，“黑名单”为“是”；其他的，专利超过1"]),
        ("brand or listed", "brand or (listed and patents > 1)", ["【改变】", "以前：“品牌”为“是”，或“黑名单”为“是”", "现在：“品牌”为“是”，或“黑名单”为“是”，且专利超过1"]),
        ("rnd >= '1元'", "equity >= '1元'", ["【改变】", "以前：上年度研发费用不低于1元", "现在：上年度融资不低于1元"]),
    ],
)  # fmt: skip
def test_condition_that_changed(tmp_path, old, new, expected):
    assert between(tmp_path, old, new) == expected


def test_condition_that_stayed(tmp_path):
    same = edition(criterion("award in (city, nation) and revenue >= '1元'"))

    assert changes(tmp_path, same, same) == ["【没有变化】条件"]


def test_reverification_that_asks_for_something_else_or_for_nothing(tmp_path):
    more = {"on_reverification": "brand or listed", "kinds": "[new, reverification]"}
    assert between(tmp_path, "brand", "brand", **more)[1:] == [
        "复核时：“品牌”为“是”，或“黑名单”为“是”"
    ]
    assert between(tmp_path, "brand", "brand", kinds="[new]") == [
        "【更松】",
        "复核不考察这一项",
    ]


def test_reverification_that_asks_for_it_now(tmp_path):
    old = edition(criterion("brand", kinds="[new]"))
    [found] = changes(tmp_path, old, edition(criterion("brand")))

    assert found.splitlines()[:2] == ["【更严】条件", "  · 复核也要考察这一项"]


def test_note_is_shown_where_something_changed(tmp_path):
    notes = {"note": "要核对", "note_english": "to be checked"}
    assert between(tmp_path, "patents > 1", "patents > 2", **notes)[-1] == "注：要核对"
    [found] = changes(
        tmp_path, edition(criterion("brand")), edition(criterion("brand", **notes))
    )
    assert found == "【没有变化】条件"


def test_criterion_added_and_removed(tmp_path):
    old = edition(criterion("brand"))
    new = edition(criterion("share > '5%'").replace("id: one", "id: two"))

    assert changes(tmp_path, old, new) == [
        "【新增】条件\n  · 占有率超过5%\n    依据：某2号第一条",
        "【取消】条件\n  · 以前：“品牌”为“是”\n    依据：某1号第一条",
    ]


def test_criterion_with_a_new_id_is_found_by_its_figures(tmp_path):
    old = edition(criterion("rnd >= '1元' and ratio(rnd, revenue) >= '3%'"))
    new = edition(criterion("rnd >= '2元'").replace("id: one", "id: two"))

    [found] = changes(tmp_path, old, new)

    assert found.splitlines()[0] == "【有严有松】条件"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mean_growth(2, rnd) >= '5%'", "compound_growth(2, revenue) >= '5%'"),
        ("points[y0] >= '60分'", "years >= '50分'"),
        ("grade(size) <= 1", "grade(size) < 1"),
    ],
)
def test_criteria_that_ask_for_growth_points_or_size_belong_together(
    tmp_path, old, new
):
    renamed = edition(criterion(new).replace("id: one", "id: two"))

    [found] = changes(tmp_path, edition(criterion(old)), renamed)

    assert " → " in found.splitlines()[-1]


def test_criterion_that_went_into_another_one(tmp_path):
    second = (
        criterion("not listed").replace("id: one", "id: two").replace("条件", "附带")
    )
    old = edition(criterion("brand and patents > 1") + second)
    new = edition(criterion("brand and patents > 2 and not listed"))

    assert changes(tmp_path, old, new) == [
        "【更严】条件\n  · 专利：超过1 → 超过2\n    依据：某1号第一条 → 某2号第一条",
        "【并入】附带\n  · 并入“条件”\n    依据：某1号第一条 → 某2号第一条",
    ]


def test_advice_that_became_a_condition_and_back(tmp_path):
    must, may = edition(criterion("brand")), edition("", advice=criterion("brand"))

    assert changes(tmp_path, may, must)[0].splitlines()[:2] == [
        "【更严】条件",
        "  · 以前只作参考，现在必须满足",
    ]
    assert changes(tmp_path, must, may)[0].splitlines()[:2] == [
        "【更松】条件",
        "  · 以前必须满足，现在只作参考",
    ]


def test_advice_added_and_removed(tmp_path):
    plain_one = edition(criterion("brand"))
    more = criterion("share > '5%'").replace("id: one", "id: two")
    advised = edition(criterion("brand"), advice=more)

    for pair in ((plain_one, advised), (advised, plain_one)):
        assert "只作参考，不影响结论" in changes(tmp_path, *pair)[0]


def test_ways_out_added_and_removed(tmp_path):
    first = criterion("brand")
    second = criterion("share > '5%'").replace("id: one", "id: two")
    group = "  - id: all_in\n    label: 组\n    english: Group\n    clause: 第一条\n    any:\n"
    several = edition(
        group + "".join(f"    {line}\n" for line in (first + second).splitlines())
    )

    assert (
        "满足这一项，可以代替同组的其他条件"
        in changes(tmp_path, edition(first), several)[0]
    )
    assert (
        "以前满足这一项，可以代替同组的其他条件"
        in changes(tmp_path, several, edition(first))[0]
    )


def test_score_card_added_removed_and_changed(tmp_path):
    bare = edition(criterion("brand"))
    scored = edition(criterion("brand"), card=CARD)
    other = scored.replace("{2项: 10}", "{3项: 10}")
    fewer = scored.partition("    - {id: i2")[0]

    assert changes(tmp_path, bare, scored)[0] == (
        "【新增】评分表\n  · 按2项指标评分，满分15分\n    依据：某2号"
    )
    assert changes(tmp_path, scored, bare)[0] == (
        "【取消】评分表\n  · 以前按2项指标评分，满分15分\n    依据：某1号"
    )
    assert changes(tmp_path, scored, other)[0] == (
        "【改变】专利\n  · 以前：专利不低于2项得10；最高10分\n"
        "  · 现在：专利不低于3项得10；最高10分\n    依据：某1号表-1 → 某2号表-1"
    )
    assert changes(tmp_path, scored, fewer)[0] == (
        "【取消】地方\n  · 以前：最高5分\n    依据：某1号表-2"
    )
    assert changes(tmp_path, fewer, scored)[0] == (
        "【新增】地方\n  · 现在：最高5分\n    依据：某2号表-2"
    )


def test_levels_are_compared_like_conditions(tmp_path):
    level = criterion("brand").replace(
        "require: brand", "level: {bands: {of: patents, at_least: {4项: 2, 2项: 1}}}"
    )
    graded = edition(level) + "value: lowest\ngrades: [low, high]\n"

    [found] = changes(tmp_path, graded, graded.replace("4项", "5项"))

    assert found.splitlines()[1:3] == [
        "  · 以前：专利不低于4项得2；专利不低于2项得1",
        "  · 现在：专利不低于5项得2；专利不低于2项得1",
    ]


def test_points_that_became_a_condition(tmp_path):
    old = edition(criterion("brand"), card=CARD)
    more = criterion("patents >= '1项'").replace("id: one", "id: two")

    assert changes(tmp_path, old, edition(criterion("brand") + more))[0] == (
        "【新增】条件\n  · 专利不低于1项\n"
        "  · 以前只是评分指标（表-1，最高10分），现在必须满足\n    依据：某2号第一条"
    )


def test_clause_of_another_document_keeps_its_own_number(tmp_path):
    new = edition(criterion("share > '5%'").replace("第一条", "9号-某款"))

    assert changes(tmp_path, edition(""), new)[0].endswith("    依据：9号-某款")


def test_scheme_and_editions_must_belong_together(tmp_path):
    pack = load_pack(write_small(tmp_path))
    scheme = pack.schemes["gold"]
    other = difference.default_library().national.schemes["unicorn"]

    with pytest.raises(AssertionError):
        diff(other, scheme.rule_sets[0], scheme.rule_sets[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ratio(rnd, revenue[y1]) >= '3%'", "上年度研发占比不低于3%"),
        ("revenue[y2] >= '1元'", "上上年度营业收入不低于1元"),
        ("revenue[y5] >= '1元'", "营业收入不低于1元"),
        ("ratio(rnd[y2], revenue) >= '3%'", "研发费用占营业收入比重不低于3%"),
        ("points[y0] >= '60分'", "本年度平台分不低于60分"),
        ("sum_years(2, equity) >= '1元'", "近2年融资合计不低于1元"),
        ("compound_growth(2, revenue) >= '5%'", "近2年营业收入复合增长率不低于5%"),
        ("score() >= '60分'", "评分表总分不低于60分"),
        ("score(part) > 0", "评分表中“part”一组的得分超过0"),
        ("grade(size) <= 1", "划型等级不高于小型"),
        ("has(tags, one)", "措施含“甲”"),
        ("award != none", "奖励不是“无”"),
        ("manual()", "由人工认定"),
        ("reviewed(accepted)", "须经评审认定（评审认可）"),
        ("reviewed(patents > 1, accepted)", "专利超过1，且须经评审认定（评审认可）"),
        ("ever(equity > 0)", "任一年度融资超过0"),
        ("where_given(brand)", "填报了的，“品牌”为“是”"),
        ("not where_given(brand)", "填报了的，“品牌”为“否”"),
        ("at_least(2, brand, listed, patents > 1)", "下列各项至少2项：“品牌”为“是”；“黑名单”为“是”；专利超过1"),
        ("not (brand and listed)", "not (brand and listed)"),
    ],
)  # fmt: skip
def test_condition_in_words(tmp_path, text, expected):
    pack = load_pack(write_small(tmp_path))
    names = Names(pack.facts, {}, ("", "part"), pack.tables)

    assert describe(parse_condition(text, names), pack.words, english=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("revenue >= '1500万元'", "15,000,000 yuan"),
        ("years >= '2年'", "2"),
        ("share >= '3%'", "3%"),
        ("points[y0] >= '60分'", "60"),
        ("grade(size) <= 1", "small"),
        ("award == nation", "national"),
    ],
)
def test_condition_in_english_has_no_chinese_bound(tmp_path, text, expected):
    pack = load_pack(write_small(tmp_path))
    names = Names(pack.facts, {}, (), pack.tables)
    said = describe(parse_condition(text, names), pack.words, english=True)

    assert expected in said
