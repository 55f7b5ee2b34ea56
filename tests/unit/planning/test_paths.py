"""The cheapest path, on cases small enough to check by hand."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

import pytest

from tidu.planning.levers import load_levers, read_levers
from tidu.planning.paths import Plan, plan
from tidu.rules.errors import PackError
from tidu.rules.facts import Facts, split_key
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

PACK = default_library().national
LEVERS = load_levers(PACK)
ON = datetime.date(2026, 6, 1)


def yuan(amount: float) -> Decimal:
    return Decimal(str(amount)) * 10_000


GOOD = {
    "industry": "3451",
    "employees@2025": 100,
    "revenue@2023": yuan(4000),
    "revenue@2024": yuan(4500),
    "revenue@2025": yuan(5000),
    "main_revenue@2023": yuan(3800),
    "main_revenue@2024": yuan(4300),
    "main_revenue@2025": yuan(4800),
    "rnd_expense@2024": yuan(225),
    "rnd_expense@2025": yuan(250),
    "total_assets@2025": yuan(5000),
    "total_liabilities@2025": yuan(2000),
    "new_equity@2025": yuan(0),
    "new_equity@2024": yuan(0),
    "niche_years": Decimal(5),
    "class1_ip": 3,
    "class1_ip_in_use": 2,
    "science_award": "none",
    "rnd_institution": "city",
    "holds_innovative_sme": True,
    "market_position_reviewed": True,
    "srdi_score@2026": Decimal(65),
    "abnormal_list": False,
    "serious_dishonesty": False,
    "major_accident": False,
    "falsification": False,
    "tax_violation": False,
    "prohibited_product": False,
}


def find(to="srdi_sme", kind=Kind.NEW, on=ON, **changes):
    flat = {**GOOD, **{k.replace("__", "@"): v for k, v in changes.items()}}
    facts = Facts.of({k: v for k, v in flat.items() if v is not None})
    return plan(PACK, facts, to, on=on, kind=kind, levers=LEVERS)


def changes(path):
    return {each.key: each.after for each in path.changes}


def test_a_firm_that_meets_all_has_one_path_without_changes():
    found = find()
    assert [(p.earliest_round, p.changes) for p in found.paths] == [(2026, ())]
    assert found.to_record()["paths"][0]["proved"] is True


def test_debt_is_brought_exactly_to_the_border():
    found = find(total_liabilities__2025=yuan(4100))
    [change] = found.paths[0].changes
    assert (change.key, change.before, change.after) == (
        "total_liabilities@2026",
        yuan(4100),
        yuan(4000),
    )
    assert (found.paths[0].earliest_round, change.clause) == (
        2027,
        "工信部企业〔2026〕2号附件1-2",
    )


def test_the_past_cannot_be_changed_so_one_bad_year_costs_a_round():
    found = find(rnd_expense__2025=yuan(140))
    # 2025 counts until the round of 2028 looks at 2026 and 2027.
    assert found.paths[0].earliest_round == 2028
    assert changes(found.paths[0]) == {"rnd_expense@2026": yuan(150)}


def test_waiting_for_the_calendar_is_a_path():
    found = find(niche_years=Decimal(1))
    assert [(p.earliest_round, p.changes) for p in found.paths] == [(2028, ())]


def test_a_waiver_offers_different_paths():
    found = find(class1_ip_in_use=0)
    kinds = [set(changes(path)) for path in found.paths]
    assert {"class1_ip_in_use"} in kinds
    assert {"rnd_institution"} in kinds


NEAR_LITTLE_GIANT = {
    "holds_srdi": False,
    "rnd_expense@2025": yuan(700),
    "rnd_expense@2024": yuan(600),
    "class1_ip": 6,
    "class1_ip_in_use": 5,
    "key_link": True,
    "key_field_lead_product": True,
    "market_share": Decimal("0.2"),
    "holds_champion": False,
    "controls_or_controlled_by_little_giant": False,
    "group_has_similar_little_giant": False,
}


def test_the_title_before_is_won_on_the_way_and_proved():
    found = find(to="little_giant", **NEAR_LITTLE_GIANT)
    path = found.paths[0]
    assert (path.earliest_round, changes(path)) == (2027, {"holds_srdi": True})
    assert path.manual == ("key_field",)
    assert "key_field" in found.to_record()["paths"][0]["manual"]


def test_a_patent_is_in_use_only_once_it_is_granted():
    near = NEAR_LITTLE_GIANT | {
        "class1_ip": 3,
        "class1_ip_in_use": 0,
        "rnd_institution": "none",
        "main_revenue@2025": yuan(4990),
    }
    path = find(to="little_giant", **near).paths[0]
    # The new patent comes after the round of 2027, in which the first title is won.
    assert path.earliest_round == 2028
    told = [(c.key, c.after, c.won_in) for c in path.changes]
    assert told[0][0] == "revenue@2026"  # growth, looked at once more
    assert told[1:] == [
        ("holds_srdi", True, 2027),
        ("class1_ip", 4, None),
        ("class1_ip_in_use", 4, None),
    ]


def test_no_patent_is_put_to_use_where_none_is_known():
    found = find(class1_ip=None, class1_ip_in_use=None, rnd_institution="none")
    assert found.paths
    for path in found.paths:
        after = changes(path)
        assert after.get("class1_ip_in_use", 0) <= after.get("class1_ip", 0)


def test_paths_differ_by_more_than_the_years():
    found = find(
        class1_ip=0, class1_ip_in_use=0, rnd_institution="none",
        main_revenue__2025=yuan(3400), total_liabilities__2025=yuan(4100),
    )  # fmt: skip
    facts = [{split_key(key)[0] for key in changes(path)} for path in found.paths]
    assert len(facts) > 1
    assert all(not one <= other for one, other in itertools.permutations(facts, 2))


def test_an_investment_still_to_come_counts_as_taken():
    found = find(to="unicorn", established_on=datetime.date(2020, 1, 1),
                 listed=False, valuation_usd=Decimal(2 * 10**9), new_equity__2024=None)  # fmt: skip
    assert found.paths, found.blocked_by
    assert "new_equity@2026" in changes(found.paths[0])


@pytest.mark.parametrize("scheme", ["sme_size", "digital_level"])
def test_what_only_grades_cannot_be_planned(scheme):
    found = find(to=scheme)
    assert found.paths == []
    [blocker] = found.blocked_by
    assert "只分级" in blocker.reason(english=False)


def test_the_score_of_the_older_standard_is_planned_too():
    found = find(
        on=datetime.date(2024, 6, 1), srdi_score__2026=None, net_profit__2023=yuan(200),
        revenue__2022=yuan(3600), main_revenue__2022=yuan(3400), main_revenue__2021=yuan(3200),
        rnd_expense__2023=yuan(200), rnd_expense__2022=yuan(150), employees__2023=100,
        rnd_staff__2023=12, total_assets__2023=yuan(4000), total_liabilities__2023=yuan(1900),
        new_equity__2023=yuan(0), new_equity__2022=yuan(0), lead_product_field="other",
        digital_level=1, quality_award=False, management_system=False, own_brand=False,
        standards=False, local_feature_score=Decimal(9), class1_ip_own=2, class1_ip_high_value=0,
        class2_ip=5, maker_contest="none",
    )  # fmt: skip
    assert found.paths
    assert found.paths[0].changes


@pytest.mark.parametrize(
    ("change", "blocked", "why"),
    [
        ({"falsification": True}, "conduct", "已发生的事改不了"),
        ({"rnd_expense__2025": None}, "rnd_each_year",
         "还缺：2025年研发费用（审计报告口径）；请先填上"),
        ({"revenue__2025": yuan(100), "main_revenue__2025": yuan(90),
          "market_position_reviewed": False},
         "market_position", "由主管部门或评审专家评定"),
        ({"niche_years": Decimal("0.5")}, "niche_years", "按日历要到2029年才满足"),
        ({"total_liabilities__2025": yuan(20000)}, "debt_ratio",
         "三年内按可行的幅度仍达不到"),
        ({"employees__2025": 1000, "revenue__2025": yuan(40_000), "main_revenue__2025": yuan(38_000),
          "rnd_expense__2025": yuan(1300), "rnd_expense__2024": yuan(1300)},
         "sme", "Tidu 不建议为保住资格而缩小规模"),
    ],
)  # fmt: skip
def test_what_blocks_is_named_with_its_reason(change, blocked, why):
    found = find(**change)
    assert found.paths == []
    reasons = {each.id: each.reason(english=False) for each in found.blocked_by}
    assert set(reasons) == {blocked}
    assert why in reasons[blocked]
    for each in found.blocked_by:
        assert bool(each.missing) is each.reason(english=False).startswith("还缺：")
    record = found.to_record(english=True)["blocked_by"][0]
    assert set(record) == {"id", "label", "clause", "reason"}


def test_criteria_that_only_fail_together_are_said_to():
    near = NEAR_LITTLE_GIANT | {"holds_srdi": True, "main_revenue@2025": yuan(2800)}
    found = find(to="little_giant", **near)
    # The share of main revenue is reachable, but not while revenue grows by 5 %.
    assert found.paths == []
    [blocker] = found.blocked_by
    assert blocker.id in {"main_revenue_share", "revenue_growth"}
    assert "单独能做到" in blocker.reason(english=False)


def test_a_title_first_that_cannot_be_won_is_said_to_block():
    found = find(to="little_giant", **NEAR_LITTLE_GIANT, srdi_score__2026=None)
    reasons = {each.id: each.reason(english=False) for each in found.blocked_by}
    assert reasons["entry_title"] == (
        "要先取得专精特新中小企业，而它被挡在：专精特新发展评价得分"
    )
    # The score of 2028 is asked for in the year that has one.
    assert reasons["srdi_score"] == "还缺：2026年专精特新发展评价得分（平台）；请先填上"


def test_a_round_left_out_is_named_in_the_record():
    left_out = Plan("srdi_sme", [], [], PACK, unsolved=(2027,))
    assert left_out.to_record()["unsolved_rounds"] == [2027]


def test_before_the_first_standard_there_is_no_path():
    found = find(on=datetime.date(2015, 6, 1))
    assert found.paths == []
    [blocker] = found.blocked_by
    assert blocker.reason(english=False) == "到2017-06-01还没有适用的标准"


def test_effort_is_told_as_a_range():
    path = find(rnd_expense__2025=yuan(140)).paths[0]
    assert path.effort_text(english=False) == "约15～40人天，费用约10万元"
    assert (
        path.effort_text(english=True)
        == "about 15 to 40 person-days, about 100,000 yuan"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("grade: official\nday_rate: 1元\nlevers: {}", "grade 应为 ours"),
        ("grade: ours\nday_rate: 1%\nlevers: {}", "day_rate 读不懂"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  x: {way: up}", "不认识的事实 x"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  own_brand: {way: up, lead_days: 1, label: a, english: b}", "类型与 way 不符"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  own_brand: {way: choice, options: [no], lead_days: 1, label: a, english: b}", "options 应取自 yes"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  high_tech: {way: title, lead_days: 1, label: a, english: b}", "缺少 scheme"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  revenue: {way: up, lead_days: 1, person_days: [2, 1], label: a, english: b}", "下限大于上限"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  revenue: {way: up, lead_days: 1, person_days: [2], label: a, english: b}", "应为两个数"),
        ("grade: ours\nday_rate: 0元\nlevers: {}", "day_rate 应大于零"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  class1_ip: {way: up, step: 0项, lead_days: 1, label: a, english: b}", "step 应大于零"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  class1_ip: {way: up, step: 0.5项, most: 2项, lead_days: 1, label: a, english: b}", "step 应为整数"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  class1_ip: {way: up, lead_days: 1, label: a, english: b}", "缺少幅度上限"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  class1_ip: {way: up, most: 2项, with: revenue, lead_days: 1, label: a, english: b}", "with 应指向"),
        ("grade: ours\nday_rate: 1元\nlevers: {}\nfixed:\n  - {facts: [x], label: a, english: b}", "不认识的事实 x"),
        ("grade: ours\nday_rate: 1元\nlevers:\n  class1_ip: {way: up, most: 2项, lead_days: 1, label: a, english: b}\nfixed:\n  - {facts: [class1_ip], label: a, english: b}", "又写在 fixed 里"),
    ],
)  # fmt: skip
def test_a_wrong_lever_is_one_sentence(tmp_path, text, what):
    path = tmp_path / "levers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=what):
        read_levers(path, PACK.facts)
