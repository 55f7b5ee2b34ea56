"""What a reading shows, and how findings are told, in the corners packs rarely reach."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from tidu.rules import nodes
from tidu.rules.assess import prepare, stand
from tidu.rules.evaluate import condition, value
from tidu.rules.facts import Facts
from tidu.rules.findings import Basis, Finding
from tidu.rules.library import default_library, pack_folders
from tidu.rules.naming import name_node, show
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET
from tidu.rules.parse import Names, parse_condition, parse_value
from tidu.rules.printing import print_expression
from tidu.rules.records import finding_record, standing_record, write
from tidu.rules.rulesets import Criterion, Kind, SourceGrade
from tidu.rules.scope import Interval, Scope
from tidu.rules.units import show_money, show_ratio
from tidu.rules.vocabulary import Text

PACK = default_library().national
NAMES = Names(PACK.facts, {}, (), PACK.tables)
ON = datetime.date(2026, 6, 1)


def finding(expression: str, **flat) -> Finding:
    """A finding about one expression."""
    tree = parse_condition(expression, NAMES)
    facts = Facts.of({k.replace("__", "@"): v for k, v in flat.items()}, {})
    scope = Scope(facts.values, ON, ON.year)
    about = Criterion(
        "x", Text("条件", "criterion"), "第一条", SourceGrade.OFFICIAL, tree
    )
    basis = Basis(scope, facts, PACK.words, Kind.NEW)
    return Finding(about, condition(tree)(scope), basis)


def yuan(amount: int) -> Decimal:
    return Decimal(amount) * 10_000


SAID = [
    ("revenue >= '100万元'", {"revenue__2025": yuan(80)},
     "2025年营业收入为80万元，要求不低于100万元，还差20万元。",
     "Revenue (2025): 800,000 yuan; at least 1,000,000 yuan required; 200,000 yuan short."),
    ("revenue < '100万元'", {"revenue__2025": yuan(100)},
     "2025年营业收入为100万元，要求低于100万元，不符合。", None),
    ("not revenue >= '100万元'", {"revenue__2025": yuan(130)},
     "2025年营业收入为130万元，要求低于100万元，超出30万元。", None),
    ("ratio(rnd_expense, revenue) >= '3%'",
     {"revenue__2025": yuan(1000), "rnd_expense__2025": Decimal(299_999)},
     "2025年研发费用占营业收入比重为2.99999%，要求不低于3%，研发费用（审计报告口径）还差1元。", None),
    ("ratio(rnd_staff, employees) >= '50%'", {"rnd_staff__2025": 7, "employees__2025": 15},
     "2025年研发人员占比为46.67%，要求不低于50%，研发人员还差1人。", None),
    ("ratio(rnd_expense, revenue) >= '3%'", {"revenue__2025": yuan(0), "rnd_expense__2025": yuan(1)},
     "研发费用占营业收入比重的基数为零或为负，需人工认定。", None),
    ("compound_growth(2, revenue) >= '5%'", {"revenue__2025": yuan(110), "revenue__2023": yuan(100)},
     "近两年营业收入复合增长率为4.88%，要求不低于5%，最近一年还差2,500元。", None),
    ("compound_growth(1, revenue) <= '5%'", {"revenue__2025": yuan(110), "revenue__2024": yuan(100)},
     "近1年营业收入复合增长率为10%，要求不高于5%，超出5万元。", None),
    ("mean_growth(2, main_revenue) >= '5%'",
     {"main_revenue__2025": yuan(102), "main_revenue__2024": yuan(101), "main_revenue__2023": yuan(100)},
     "近两年主营业务收入平均增长率为1%，要求不低于5%，不符合。", None),
    ("mean_years(2, revenue) >= '100万元'", {"revenue__2025": yuan(90), "revenue__2024": yuan(100)},
     "近2年营业收入均值为95万元，要求不低于100万元，还差5万元。", None),
    ("age_years(established_on) >= 10", {"established_on": datetime.date(2020, 1, 1)},
     "成立年数为6年，要求不低于10年，不符合。", "years since establishment: 6 years; at least 10 years required; not met."),
    ("age_days(established_on) >= 365", {"established_on": datetime.date(2026, 5, 31)},
     "注册成立天数为1天，要求不低于365天，不符合。", None),
    ("employees >= rnd_staff", {"employees__2025": 5, "rnd_staff__2025": 7},
     "2025年从业人员为5人，要求不低于7人，还差2人。", None),
    ("revenue > main_revenue", {"revenue__2025": yuan(5), "main_revenue__2025": yuan(5)},
     "2025年营业收入为5万元，要求高于5万元，不符合。", None),
    ("not revenue > main_revenue", {"revenue__2025": yuan(6), "main_revenue__2025": yuan(5)},
     "2025年营业收入为6万元，要求不高于5万元，超出1万元。", None),
    ("valuation_usd > '10亿美元'", {"valuation_usd": Decimal(900_000_000)},
     "最近一轮估值为9亿美元，要求高于10亿美元，还差1亿美元。", "Latest valuation: 900,000,000 US dollars; more than 1,000,000,000 US dollars required; 100,000,000 US dollars short."),
    ("own_brand", {"own_brand": False}, "“自主品牌”为“否”，要求为“是”。", "Own brand: no; must be yes."),
    ("science_award != none", {"science_award": "none"},
     "“近三年科技奖励”为“无”，要求不是“无”。", None),
    ("has(dq01, automation)", {"dq01": frozenset()}, "“网络建设”为“无”，要求为“工控网络支持自动化控制”。", None),
    ("has(dq01, automation)", {"dq01": frozenset({"automation"})},
     "“网络建设”为“工控网络支持自动化控制”，符合。", None),
    ("reviewed(key_link, key_field_reviewed)", {"key_link": True},
     "填报内容已达到要求，还需由评审认定（重点领域和关键环节经评审认可）。", None),
    ("reviewed(key_field_reviewed)", {"key_field_reviewed": False},
     "评审结论：“重点领域和关键环节经评审认可”为“否”。", None),
    ("grade(sme_size) <= 3", {"industry": "6631"}, "所属行业不在划型表内，需人工认定。", None),
    ("grade(sme_size) <= 3", {"industry": "3912", "employees__2025": 5},
     "按划型标准为微型企业，属于中小微企业。", None),
    ("grade(sme_size) <= 3", {"industry": "3912", "employees__2025": 500},
     "按现有数据已可确定不是大型企业，属于中小微企业。", None),
    ("ever(new_equity > 0)", {"new_equity__2025": yuan(0)},
     "已填的年度里没有，更早的年度不详，暂时无法判断。", None),
    ("revenue >= '1万元' and employees >= 1 and rnd_staff >= 1 and total_assets >= '1万元'",
     {"revenue__2025": yuan(0), "employees__2025": 0, "rnd_staff__2025": 0, "total_assets__2025": yuan(0)},
     "2025年营业收入为0元，要求不低于1万元，还差1万元；2025年从业人员为0人，要求不低于1人，还差1人；"
     "2025年研发人员为0人，要求不低于1人，还差1人；另有1项。", None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "flat", "chinese", "english"), SAID)
def test_sentence(expression, flat, chinese, english):
    found = finding(expression, **flat)
    assert found.sentence() == chinese
    if english:
        assert found.sentence(english=True) == english


def test_growth_without_a_usable_base_has_no_value():
    found = finding("compound_growth(1, revenue) >= '5%'", revenue__2025=Decimal(-1),
                    revenue__2024=yuan(5))  # fmt: skip
    assert (found.outcome, found.reading.value) == (UNMET, None)
    none = finding("mean_growth(2, revenue) >= '5%'", revenue__2025=yuan(1))
    assert (none.outcome, none.reading.value) == (UNKNOWN, None)


def test_record_of_a_finding_without_numbers():
    record = finding_record(finding("manual()"))
    assert (record["outcome"], record["value"], record["threshold"]) == (
        "manual",
        None,
        None,
    )


def test_values_as_json():
    assert write(datetime.date(2026, 6, 1), "") == "2026-06-01"
    assert write(frozenset({"b", "a"}), "") == ["a", "b"]
    assert write(("a", "b"), "") == ["a", "b"]
    assert write(("a",), "") == "a"
    assert write(Decimal("2.5"), "") == 2.5
    assert write(None, "元") is None


def test_graded_scheme_as_a_record():
    flat = {f"ds{n:02d}": 2 for n in range(1, 17)}
    standing = stand(PACK, "digital_level", prepare(Facts.of(flat), PACK, ON), on=ON)
    record = standing_record(standing)
    levels = {each["id"]: each.get("level") for each in record["criteria"][:3]}
    assert levels == {"score": None, "scenes": 2, "binding_scenes": 2}
    said = {each.id: each.sentence() for each in standing.findings[:3]}
    assert said["scenes"] == "达到2级。"
    low = stand(
        PACK, "digital_level", Facts.of({f"ds{n:02d}": 0 for n in range(1, 17)}), on=ON
    )
    assert low.finding("scenes").sentence() == "未达到一级。"
    with pytest.raises(KeyError):
        standing.finding("none")


def test_bands_over_an_age():
    points = nodes.Bands(
        (
            nodes.Step(
                parse_condition("age_years(established_on) >= 5", NAMES), Decimal(3)
            ),
        )
    )
    old = {"established_on": datetime.date(2020, 1, 1)}
    assert value(points)(Scope(old, ON, ON.year)) == 3


def test_a_level_nothing_is_missing_for_is_still_open():
    revenue = {"revenue": {2025: Decimal(0)}, "rnd_expense": {2025: Decimal(5)}}
    step = nodes.Step(
        parse_condition("ratio(rnd_expense, revenue) >= '3%'", NAMES), Decimal(1)
    )
    about = Criterion(
        "x",
        Text("条件", "criterion"),
        "第一条",
        SourceGrade.OFFICIAL,
        None,
        None,
        nodes.Bands((step,)),
    )
    scope = Scope(revenue, ON, ON.year)
    basis = Basis(scope, Facts(revenue, {}), PACK.words, Kind.NEW)
    found = Finding(about, UNKNOWN, basis, value(about.level)(scope))
    assert found.sentence() == "暂时无法判断。"


def test_an_indicator_the_industry_does_not_use_does_not_apply():
    tree = parse_condition("grade(sme_size, employees) >= 1", NAMES)
    assert condition(tree)(Scope({"industry": "4710"}, ON, ON.year)) is NOT_APPLICABLE


def test_names_and_amounts_in_the_corners():
    assert show(None, "", english=False) == "不详"
    assert show(datetime.date(2026, 6, 1), "", english=False) == "2026-06-01"
    assert (
        name_node(
            parse_condition("revenue >= '1万元'", NAMES), PACK.words, english=False
        )
        == "营业收入"
    )
    assert name_node(nodes.Manual(), PACK.words, english=False) == ""
    assert show_money(Decimal("35.5")) == "35.5元"
    assert show_ratio(Decimal("0.0299999"), Decimal("0.03")) == "2.99999%"
    assert show_ratio(Decimal("0.0299999999"), Decimal("0.03")) == "3%"
    assert PACK.facts["rnd_institution"].choice_label("elsewhere") == "elsewhere"


def test_facts_are_read_and_changed_by_flat_keys():
    facts = Facts.of({"revenue@2025": yuan(1), "own_brand": True})
    assert facts.get("revenue@2025") == yuan(1)
    assert facts.get("revenue") is None
    assert facts.get("own_brand@2025") is None
    changed = facts.changed(
        {"revenue@2025": None, "own_brand": False, "employees@2025": 3}
    )
    assert changed.flat() == {"own_brand": False, "employees@2025": 3}


def test_what_is_no_condition_or_value_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        condition(nodes.Number(Decimal(1)))
    with pytest.raises(TypeError):
        value(nodes.Manual())
    with pytest.raises(TypeError):
        print_expression(nodes.Sum((), Decimal(1)))
    assert value(parse_value("3", NAMES))(Scope({}, ON, ON.year)) == 3


def test_two_figures_are_compared_also_where_one_is_only_bounded():
    tree = parse_condition("part(class1_ip_in_use, class1_ip) >= class2_ip", NAMES)
    check = condition(tree)
    assert check(Scope({"class1_ip": 2, "class2_ip": 3}, ON, ON.year)) is UNMET
    assert check(Scope({"class1_ip": 4, "class2_ip": 3}, ON, ON.year)) is UNKNOWN
    bounded = finding("part(class1_ip_in_use, class1_ip) >= 3", class1_ip=2)
    assert bounded.reading.value == 2


def test_an_expression_too_deep_to_read_is_refused():
    from tidu.rules.errors import ExpressionError  # noqa: PLC0415 - slow import

    with pytest.raises(ExpressionError):
        parse_condition("(" * 5000 + "listed" + ")" * 5000, NAMES)
    with pytest.raises(ExpressionError, match="单位不一致"):
        parse_condition("part(valuation_usd, revenue) >= '1美元'", NAMES)
    with pytest.raises(ExpressionError, match="语法不对"):
        parse_condition("listed\0", NAMES)


def test_packs_are_also_found_beside_the_code_and_in_the_environment(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("TIDU_PACKS", str(tmp_path))
    assert pack_folders()[-1] == tmp_path
    shipped = tmp_path / "tidu/packs/national"
    shipped.mkdir(parents=True)
    (shipped / "pack.yaml").touch()
    monkeypatch.setattr("tidu.rules.library._HERE", tmp_path / "tidu")
    assert pack_folders()[0] == shipped


def test_industry_codes_without_a_known_letter_stay_as_they_are():
    table = PACK.tables["sme_size"]
    assert table.with_letter("99") == "99"
    assert table.candidates("99") == ()


def test_outcome_words_are_the_contracts():
    assert [str(each) for each in (MET, MANUAL)] == ["met", "manual"]
    assert isinstance(Interval(1, 2), tuple)
