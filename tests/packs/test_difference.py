"""What changed from 63号 to 2号, as an officer reads it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tidu.rules.difference import Change, diff
from tidu.rules.packs import load_pack
from tidu.rules.rulesets import Kind

NATIONAL = load_pack(Path(__file__).parents[2] / "packs/national")
BEFORE, AFTER = datetime.date(2025, 12, 31), datetime.date(2026, 6, 1)


def differences(scheme_id: str) -> list[Change]:
    scheme = NATIONAL.schemes[scheme_id]
    old, new = (scheme.which(Kind.NEW, day) for day in (BEFORE, AFTER))
    assert old is not None
    assert new is not None
    return diff(scheme, old[0], new[0])


def by_id(scheme_id: str) -> dict[str, str]:
    return {each.id: each.sentence() for each in differences(scheme_id)}


@pytest.mark.parametrize(
    ("scheme_id", "kinds"),
    [
        (
            "srdi_sme",
            {
                "entry_title": "added",
                "niche_years": "stricter",
                "revenue_or_equity": "stricter",
                "main_revenue_share": "added",
                "debt_ratio": "added",
                "rnd_each_year": "stricter",
                "class1_ip": "added",
                "market_position": "added",
                "srdi_score": "other",
                "conduct": "mixed",
                "tax_violation_note": "added",
                "direct_award": "removed",
                "direct_rnd_mean": "removed",
                "direct_equity_total": "removed",
                "direct_contest": "removed",
                "": "removed",  # the score card
            },
        ),
        (
            "little_giant",
            {
                "entry_title": "stricter",
                "revenue": "added",
                "main_revenue_share": "stricter",
                "revenue_growth": "other",
                "debt_ratio": "looser",
                "rnd_total_and_each_year": "other",
                "class1_ip": "mixed",
                "market_position": "mixed",
                "srdi_score": "added",
                "not_excluded": "added",
                "conduct": "mixed",
                "tax_violation_note": "added",
                "core_business_online": "removed",
                "certification": "removed",
                "own_brand": "removed",
                "rnd_institution": "removed",
                "direct": "removed",
                "key_link": "merged",
            },
        ),
    ],
)
def test_each_criterion_is_added_removed_stricter_or_looser(scheme_id, kinds):
    found = {
        each.id: each.kind for each in differences(scheme_id) if each.kind != "same"
    }

    assert found == kinds


def test_srdi_sme_says_from_what_to_what():
    found = by_id("srdi_sme")

    assert found["niche_years"] == (
        "【更严】从事特定细分市场年限\n"
        "  · 不低于2年 → 不低于3年\n"
        "    依据：工信部企业〔2022〕63号附件2-1 → 工信部企业〔2026〕2号附件1-1"
    )
    assert (
        "上年度营业收入：不低于1000万元 → 不低于1500万元" in found["revenue_or_equity"]
    )
    assert "只看上年度 → 近2年每年都看：" in found["rnd_each_year"]
    assert "以前：评分表总分不低于60分" in found["srdi_score"]
    assert "复核时：上年度专精特新发展评价得分" in found["srdi_score"]
    assert (
        "以前只是评分指标（附件2-指标8，最高5分），现在必须满足" in found["debt_ratio"]
    )


def test_little_giant_says_from_what_to_what():
    found = by_id("little_giant")

    assert "  · 不高于70% → 不高于75%" in found["debt_ratio"]
    assert "新增可以代替的情形：近三年科技奖励为“国家级前三”" in found["class1_ip"]
    assert "复核不考察这一项" in found["revenue_growth"]
    assert "并入“主导产品属于重点领域并位于产业链关键环节”" in found["key_link"]


@pytest.mark.parametrize("scheme_id", ["srdi_sme", "little_giant"])
def test_what_stayed_is_said_last(scheme_id):
    last = differences(scheme_id)[-1]

    assert last.kind == "same"
    assert "属于中小微企业" in last.sentence()


@pytest.mark.parametrize("scheme_id", sorted(NATIONAL.schemes))
def test_an_edition_does_not_differ_from_itself(scheme_id):
    scheme = NATIONAL.schemes[scheme_id]
    for rule_set in scheme.rule_sets:
        [found] = diff(scheme, rule_set, rule_set)
        assert found.kind == "same"
