"""Changes of a standard: read with their unit, applied wherever the name is read."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
from decimal import Decimal

import pytest

from tidu.bulk.scenarios import (
    ScenarioError,
    changed,
    quantity_text,
    read_change,
    read_scenarios,
)
from tidu.rules import nodes
from tidu.rules.library import default_library, load_library, pack_folders
from tidu.rules.nodes import Number
from tidu.rules.rulesets import Kind, RuleSet

LIBRARY = default_library()
NEW = datetime.date(2026, 6, 1)
SRDI = "schemes/srdi_sme/2026-04-01.yaml"


def rewritten(folder, path: str, old: str, new: str):
    """The library read from a copy of the packs with one line changed."""
    copies = []
    for pack in pack_folders():
        shutil.copytree(pack, folder / pack.name)
        copies.append(folder / pack.name)
    file = folder / "national" / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    return load_library(copies)


def bare(found: RuleSet) -> RuleSet:
    """Without where it was read from, and how a number was written."""
    return dataclasses.replace(found, place="")


@pytest.mark.parametrize(
    ("scheme", "path", "value", "old", "new"),
    [
        ("srdi_sme", SRDI, "min_rnd_ratio", "3%", "4%"),
        ("srdi_sme", SRDI, "min_revenue", "1500万元", "1,000万元"),
        ("srdi_sme", SRDI, "min_srdi_score", "50分", "55.5分"),
        ("tech_sme", "schemes/tech_sme/2017-05-03.yaml", "min_score", "60分", "61分"),
        ("unicorn", "schemes/unicorn/working.yaml", "max_age", "10年", "12年"),
    ],
)
def test_a_change_gives_the_rule_set_of_a_rewritten_pack(
    tmp_path, scheme, path, value, old, new
):
    was, now = f"{value}: {{value: {old},", f"{value}: {{value: '{new}',"
    library = rewritten(tmp_path, path, was, now)
    (scenario,) = read_scenarios(
        LIBRARY, [f"{scheme}.{value}={new}"], [], on=NEW, kind=Kind.NEW
    )
    assert scenario.schemes == (scheme,)
    before, after = (
        each.national.schemes[scheme].which(Kind.NEW, NEW)
        for each in (LIBRARY, library)
    )
    assert before is not None
    assert after is not None
    found = changed(before[0], scenario.numbers(scheme))
    assert bare(found) == bare(after[0])
    assert bare(found) != bare(before[0])


def test_a_change_reaches_the_lines_of_a_score_card():
    found = LIBRARY.national.schemes["tech_sme"].which(Kind.NEW, NEW)
    assert found is not None
    rule_set, _ = found
    assert rule_set.score_card is not None
    item, *rest = rule_set.score_card.items
    revenue = nodes.FactRef("revenue", nodes.FactType.MONEY, 1)
    old = rule_set.values["max_revenue"].number
    new = Number(Decimal(7), "元", "7元", "max_revenue")

    def with_bound(number: Number) -> RuleSet:
        line = nodes.Step(nodes.Compare(">=", revenue, number), Decimal(1))
        items = (dataclasses.replace(item, points=nodes.Bands((line,))), *rest)
        card = dataclasses.replace(rule_set.score_card, items=items)
        return dataclasses.replace(rule_set, score_card=card)

    moved = changed(with_bound(old), {"max_revenue": new})
    assert moved.items == with_bound(new).items


def test_a_graded_value_is_rewritten_with_its_levels():
    found = LIBRARY.national.schemes["digital_level"].which(Kind.NEW, NEW)
    assert found is not None
    unused = Number(Decimal(1), "", "1", "no_such_name")
    assert changed(found[0], {"no_such_name": unused}) == found[0]
    assert changed(found[0], {}) is found[0]


def test_scenarios_stand_side_by_side_and_thousands_may_have_commas():
    first, second, third = read_scenarios(
        LIBRARY,
        ["srdi_sme.min_rnd_ratio=4%", " srdi_sme.min_rnd = 50万元 "],
        [
            "宽:srdi_sme.min_revenue=1,000万元,innovative_sme.min_score=50分",
            "严：srdi_sme.min_revenue=2,000.5万元，srdi_sme.min_equity=1亿元",
        ],
        on=NEW,
        kind=Kind.NEW,
    )
    assert first.name == "scenario"
    assert [each.text for each in first.changes] == [
        "srdi_sme.min_rnd_ratio=4%",
        "srdi_sme.min_rnd=50万元",
    ]
    assert (second.name, second.schemes) == ("宽", ("srdi_sme", "innovative_sme"))
    assert second.numbers("innovative_sme")["min_score"].value == 50
    assert {k: v.value for k, v in third.numbers("srdi_sme").items()} == {
        "min_revenue": Decimal(20_005_000),
        "min_equity": Decimal(10**8),
    }


@pytest.mark.parametrize(
    ("changes", "named", "why"),
    [
        ([], [], "没有写要改什么"),
        (["srdi_sme.min_rnd_ratio"], [], "读不懂"),
        (["srdi.min_rnd_ratio=4%"], [], "没有认定项目 srdi；可用：digital_level"),
        (["srdi_sme.rnd=4%"], [], "没有数值 rnd；可用：min_niche_years=3年、"),
        (["srdi_sme.min_lead_share=60%"], [], "只用于参考"),
        (["srdi_sme.min_rnd_ratio=4元"], [], "单位应是 %，写的是 元"),
        (["srdi_sme.min_rnd_ratio=4"], [], "写的是 无；请写法同现行的 3%"),
        (["srdi_sme.min_revenue=1500"], [], "单位应是 元，写的是 无"),
        (["srdi_sme.min_revenue=多一点"], [], "多一点 不是带单位的数"),
        (["srdi_sme.min_revenue="], [], "空白 不是带单位的数"),
        (["sme_size.limit=1元"], [], "没有数值 limit；可用：无"),
        (["unicorn.max_age=9.5年"], [], "只能是整数"),
        (["srdi_sme.min_rnd=1元", "srdi_sme.min_rnd=2元"], [], "改了两次"),
        ([], ["srdi_sme.min_rnd=1元"], "--scenario srdi_sme.min_rnd=1元 读不懂"),
        ([], [":srdi_sme.min_rnd=1元"], "读不懂"),
        ([], ["a:"], "读不懂"),
        ([], ["a:srdi_sme.min_rnd=1元", "A:srdi_sme.min_rnd=2元"], "名称已被占用"),
        (["srdi_sme.min_rnd=1元"], ["方案:srdi_sme.min_rnd=2元"], "名称已被占用"),
        ([], ["Baseline:srdi_sme.min_rnd=1元"], "名称已被占用"),
    ],
)
def test_what_cannot_be_changed_is_refused_in_one_sentence(changes, named, why):
    with pytest.raises(ScenarioError) as caught:
        read_scenarios(LIBRARY, changes, named, on=NEW, kind=Kind.NEW)
    assert why in str(caught.value)
    assert "；" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_day_before_the_first_standard_is_refused():
    with pytest.raises(ScenarioError, match="还没有标准；请用 --on"):
        read_change(
            LIBRARY,
            "srdi_sme.min_rnd=1元",
            on=datetime.date(1999, 1, 1),
            kind=Kind.NEW,
        )


def test_a_value_of_the_other_procedure_is_not_read():
    """What only a first application asks is no change for a re-verification."""
    found = LIBRARY.national.schemes["srdi_sme"].which(Kind.NEW, NEW)
    assert found is not None
    rule_set = found[0]
    criteria = tuple(
        dataclasses.replace(each, kinds=frozenset({Kind.NEW}))
        if each.id == "niche_years"
        else each
        for each in rule_set.criteria
    )
    schemes = dict(LIBRARY.national.schemes)
    changed_set = dataclasses.replace(rule_set, criteria=criteria)
    schemes["srdi_sme"] = dataclasses.replace(
        schemes["srdi_sme"], rule_sets=(changed_set,)
    )
    national = dataclasses.replace(LIBRARY.national, schemes=schemes)
    library = dataclasses.replace(LIBRARY, national=national)
    text = "srdi_sme.min_niche_years=2年"
    assert read_change(library, text, on=NEW, kind=Kind.NEW).number.value == 2
    with pytest.raises(ScenarioError, match="只用于参考"):
        read_change(library, text, on=NEW, kind=Kind.REVERIFICATION)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0.035", "%", "3.5%"),
        ("15000000", "元", "1,500万元"),
        ("0.005", "元", "0.005元"),
        ("3", "年", "3年"),
        ("2.50", "", "2.5"),
    ],
)
def test_thresholds_are_written_exactly(value, unit, text):
    assert quantity_text(Decimal(value), unit) == text
