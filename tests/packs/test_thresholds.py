"""The numbers of the regulations, typed a second time from the regulations themselves."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tidu.rules import nodes
from tidu.rules.packs import load_pack
from tidu.rules.rulesets import Kind
from tidu.rules.units import plain

NATIONAL = load_pack(Path(__file__).parents[2] / "packs/national")
RULE_SETS = {rule_set.name: rule_set for rule_set in NATIONAL.rule_sets()}

COMPARISONS = {
    "srdi_sme/2026-04-01": {
        "niche_years": ["niche_years >= 3年"],
        "revenue_or_equity": ["revenue >= 1500万元", "new_equity 2 >= 2000万元"],
        "main_revenue_share": ["main_revenue / revenue >= 80%"],
        "debt_ratio": ["total_liabilities / total_assets <= 80%"],
        "rnd_each_year": ["rnd_expense >= 100万元", "rnd_expense / revenue >= 3%"],
        "class1_ip": ["class1_ip_in_use >= 1项"],
        "srdi_score": ["srdi_score y0 >= 50分"],
        "sme": ["size <= 3"],
        "lead_product_share": ["lead_product_revenue / revenue > 50%"],
    },
    "little_giant/2026-04-01": {
        "niche_years": ["niche_years >= 3年"],
        "revenue": ["revenue >= 5000万元"],
        "main_revenue_share": ["main_revenue / revenue >= 90%"],
        "revenue_growth": ["compound revenue 2 >= 5%"],
        "debt_ratio": ["total_liabilities / total_assets <= 75%"],
        "rnd_total_and_each_year": [
            "rnd_expense 2 >= 1200万元",
            "rnd_expense / revenue >= 3%",
        ],
        "class1_ip": ["class1_ip_in_use >= 4项"],
        "market_position": ["market_share >= 10%", "market_rank_domestic <= 3名"],
        "srdi_score": ["srdi_score y0 >= 60分"],
        "sme": ["size <= 3"],
        "lead_product_share": ["lead_product_revenue / revenue > 50%"],
    },
    "srdi_sme/2022-08-01": {
        "niche_years": ["niche_years >= 2年"],
        "rnd": ["rnd_expense >= 100万元", "rnd_expense / revenue >= 3%"],
        "revenue_or_equity": ["revenue >= 1000万元", "new_equity 2 >= 2000万元"],
        "score_reached": ["score >= 60分"],
        "direct_rnd_mean": ["mean rnd_expense 2 >= 1000万元"],
        "direct_equity_total": ["new_equity 2 >= 6000万元"],
        "sme": ["size <= 3"],
        "lead_product_share": ["lead_product_revenue / revenue > 50%"],
    },
    "little_giant/2022-08-01": {
        "niche_years": ["niche_years >= 3年"],
        "main_revenue_share": ["main_revenue / revenue >= 70%"],
        "main_revenue_growth": ["mean growth main_revenue 2 >= 5%"],
        "debt_ratio": ["total_liabilities / total_assets <= 70%"],
        "market_share": ["market_share >= 10%"],
        "rnd_by_revenue": [
            "revenue >= 1亿元",
            "rnd_expense / revenue >= 3%",
            "revenue >= 5000万元",
            "rnd_expense / revenue >= 6%",
            "new_equity 2 >= 8000万元",
            "rnd_expense 2 >= 3000万元",
            "rnd_staff / employees >= 50%",
        ],
        "class1_ip": ["class1_ip_in_use >= 2项"],
        "sme": ["size <= 3"],
        "lead_product_share": ["lead_product_revenue / revenue > 50%"],
    },
    "innovative_sme/2022-08-01": {
        "score_reached": ["score >= 60分"],
        "innovation_points": ["score innovation >= 20分"],
        "growth_points": ["score growth >= 15分"],
        "specialization_points": ["score specialization >= 15分"],
        "direct_equity_total": ["new_equity 3 >= 500万元"],
        "sme": ["size <= 3"],
    },
    "tech_sme/2017-05-03": {
        "employees": ["staff_total|employees <= 500人"],
        "revenue": ["revenue <= 2亿元"],
        "total_assets": ["total_assets <= 2亿元"],
        "score_reached": ["score >= 60分"],
        "staff_points": ["score staff > 0"],
    },
    "high_tech_enterprise/2016-01-01": {
        "registered_days": ["age days established_on >= 365天"],
        "core_ip": ["class1_ip >= 1", "class2_ip >= 1"],
        "tech_staff_share": ["sci_tech_staff / staff_total|employees >= 10%"],
        "rnd_share_3y": [
            "revenue <= 5000万元",
            "rnd_expense_hightech 3 / revenue 3 >= 5%",
            "revenue <= 2亿元",
            "rnd_expense_hightech 3 / revenue 3 >= 4%",
            "rnd_expense_hightech 3 / revenue 3 >= 3%",
        ],
        "domestic_rnd_share": [
            "rnd_expense_domestic 3 / rnd_expense_hightech 3 >= 60%"
        ],
        "hightech_revenue_share": ["hightech_revenue / revenue >= 60%"],
    },
    "manufacturing_champion/2023-01-01": {
        "niche_years": ["niche_years >= 10年"],
        "main_revenue_average": ["mean main_revenue 3 >= 4亿元"],
        "global_rank": ["market_rank_global <= 3名"],
    },
    "unicorn/working": {
        "age": ["age years established_on <= 10年"],
        "valuation": ["valuation_usd > 10亿美元"],
        "private_equity": ["new_equity > 0"],
    },
}

BANDS = {
    "srdi_sme/2022-08-01": {
        "i01": ">= 80% 5, 70% 3, 60% 1",
        "i02": ">= 10% 10, 8% 8, 6% 6, 4% 4, 0% 2",
        "i03": ">= 10年 5, 8年 4, 6年 3, 4年 2, 2年 1",
        "i05": ">= 3级 5, 2级 3",
        "i07": ">= 10% 10, 8% 8, 6% 6, 4% 4, 2% 2",
        "i08": "<= 50% 5, 60% 3, 70% 1",
        "i11": ">= 500万元|10% 10, 400万元|8% 8, 300万元|6% 6, 200万元|4% 4, 100万元|3% 2",
        "i12": ">= 20% 5, 10% 3, 5% 1",
    },
    "innovative_sme/2022-08-01": {
        "i2": ">= 5% 20, 3% 15, 2% 10, 1% 5",
        "i3": ">= 15% 20, 10% 15, 5% 10, 0% 5",
        "i4": "<= 55% 10, 75% 5",
        "i6": ">= 70% 20, 60% 15, 55% 10, 50% 5",
    },
    "tech_sme/2017-05-03": {
        "staff": ">= 30% 20, 25% 16, 20% 12, 15% 8, 10% 4",
        "rnd": ">= 6%|30% 50, 5%|25% 40, 4%|20% 30, 3%|15% 20, 2%|10% 10",
        "achievements": ">= 1 30, 4 24, 3 18, 2 12, 1 6",
    },
    "digital_level/2024-09-01": {
        "item02": "> 60% 6, 40% 4.5, 20% 3, 10% 1.5",
        "item03": "> 60% 6, 40% 4.5, 20% 3, 10% 1.5",
        "item11": "> 60% 7.5, 40% 5.625, 20% 3.75, 10% 1.875",
    },
}

SIZES = {  # row → lower bounds of small, medium, large
    "agriculture": {"revenue": (50, 500, 20000)},
    "industry": {"employees": (20, 300, 1000), "revenue": (300, 2000, 40000)},
    "construction": {"revenue": (300, 6000, 80000), "total_assets": (300, 5000, 80000)},
    "wholesale": {"employees": (5, 20, 200), "revenue": (1000, 5000, 40000)},
    "retail": {"employees": (10, 50, 300), "revenue": (100, 500, 20000)},
    "transport": {"employees": (20, 300, 1000), "revenue": (200, 3000, 30000)},
    "warehousing": {"employees": (20, 100, 200), "revenue": (100, 1000, 30000)},
    "postal": {"employees": (20, 300, 1000), "revenue": (100, 2000, 30000)},
    "lodging": {"employees": (10, 100, 300), "revenue": (100, 2000, 10000)},
    "catering": {"employees": (10, 100, 300), "revenue": (100, 2000, 10000)},
    "information_transmission": {
        "employees": (10, 100, 2000),
        "revenue": (100, 1000, 100000),
    },
    "software_it": {"employees": (10, 100, 300), "revenue": (50, 1000, 10000)},
    "real_estate_development": {
        "revenue": (100, 1000, 200000),
        "total_assets": (2000, 5000, 10000),
    },
    "property_management": {
        "employees": (100, 300, 1000),
        "revenue": (500, 1000, 5000),
    },
    "leasing_business": {
        "employees": (10, 100, 300),
        "total_assets": (100, 8000, 120000),
    },
    "other": {"employees": (10, 100, 300)},
    "none": {},
}
BINDING = {1, 3, 6, 7, 8, 9, 10, 11, 12, 13}  # ★ of the 16 scenes
LEVELS = {4: (80, 10, 6), 3: (60, 8, 5), 2: (40, 6, 3), 1: (20, 6, 3)}


def say(node: nodes.Node) -> str:
    """A compared value, shorter than the rule language and apart from it."""
    match node:
        case nodes.FactRef(fact_id, _, offset):
            return fact_id if offset in {None, 1} else f"{fact_id} y{offset}"
        case nodes.PartOf(part):
            return say(part)
        case nodes.FirstGiven(options):
            return "|".join(say(each) for each in options)
        case nodes.Ratio(part, whole):
            return f"{say(part)} / {say(whole)}"
        case nodes.SumYears(count, fact, mean):
            return f"{'mean ' if mean else ''}{say(fact)} {count}"
        case nodes.Growth(count, fact, mean):
            return f"{'mean growth' if mean else 'compound'} {say(fact)} {count}"
        case nodes.Age(fact, unit):
            return f"age {unit} {say(fact)}"
        case nodes.Score(score_id):
            return f"score {score_id}".strip()
    return "size"


def compared(tree: nodes.Node) -> list[str]:
    return [
        f"{say(each.left)} {each.op} {each.right.text}"
        for each in in_order(tree)
        if isinstance(each, nodes.Compare)
    ]


def in_order(tree: nodes.Node) -> list[nodes.Node]:
    """As the law goes: of a choice, first when, then what."""
    if isinstance(tree, nodes.Choose):
        parts = (tree.when, tree.then, tree.otherwise)
    else:
        parts = nodes.children(tree)
    return [tree] + [node for part in parts for node in in_order(part)]


@pytest.mark.parametrize("name", COMPARISONS)
def test_each_comparison_of_a_rule_set_is_that_of_the_regulation(name):
    rule_set = RULE_SETS[name]
    found = {
        each.id: compared(each.require)
        for top in (*rule_set.criteria, *rule_set.advice)
        for each in top.walk()
        if each.id and not each.parts and compared(each.require)
    }

    assert found == COMPARISONS[name]


@pytest.mark.parametrize("name", BANDS)
def test_each_band_of_a_score_card_is_that_of_the_regulation(name):
    items = {item.id: item for item in RULE_SETS[name].items}

    assert {each: bands(items[each].points) for each in BANDS[name]} == BANDS[name]


def bands(points: nodes.Node) -> str:
    steps = []
    operators = set()
    for step in points.steps:
        found = [n for n in nodes.walk(step.when) if isinstance(n, nodes.Compare)]
        operators |= {each.op for each in found}
        bounds = "|".join(each.right.text for each in found)
        steps.append(f"{bounds} {plain(step.value)}")
    (operator,) = operators
    return f"{operator} {', '.join(steps)}"


@pytest.mark.parametrize(
    ("name", "most", "groups"),
    [
        ("srdi_sme/2022-08-01", 100, {}),
        (
            "innovative_sme/2022-08-01",
            100,
            {"innovation": 40, "growth": 30, "specialization": 30},
        ),
        ("tech_sme/2017-05-03", 100, {"": 100}),
        (
            "digital_level/2024-09-01",
            100,
            {"basis": 50, "management": 30, "effect": 20},
        ),
    ],
)
def test_points_add_up_to_a_hundred(name, most, groups):
    card = RULE_SETS[name].score_card
    found = {
        group: sum(item.max for item in card.items if item.group == group)
        for group in groups
    }

    assert (card.max, found) == (most, groups)


def test_size_table_is_that_of_the_annex():
    found = {
        row.id: {
            each.fact: tuple(
                int(bound / (1 if each.unit == "人" else 10_000))
                for bound in each.bounds
            )
            for each in row.indicators
        }
        for row in NATIONAL.tables["sme_size"].rows
    }

    assert found == SIZES


def test_digital_levels_ask_for_score_scenes_and_binding_scenes():
    score, scenes, binding = RULE_SETS["digital_level/2024-09-01"].criteria
    found = {
        int(step.value): (int(step.when.right.value),) for step in score.level.steps
    }
    for criterion, expected in ((scenes, set(range(1, 17))), (binding, BINDING)):
        for step in criterion.level.steps:
            level = int(step.value)
            found[level] += (step.when.count,)
            scene_ids = {
                int(each.left.id.removeprefix("ds")) for each in step.when.items
            }
            bounds = {(each.op, int(each.right.value)) for each in step.when.items}
            assert (scene_ids, bounds) == (expected, {(">=", level)})

    assert found == LEVELS


@pytest.mark.parametrize(
    ("scheme", "kind", "day", "edition"),
    [
        ("srdi_sme", "new", "2026-03-31", "2022-08-01"),
        ("srdi_sme", "new", "2026-04-01", "2026-04-01"),
        ("srdi_sme", "reverification", "2026-04-01", "2026-04-01"),
        ("srdi_sme", "change", "2026-03-31", "2022-08-01"),
        ("little_giant", "new", "2026-03-31", "2022-08-01"),
        ("little_giant", "new", "2026-04-01", "2026-04-01"),
        ("little_giant", "reverification", "2026-12-31", "2022-08-01"),
        ("little_giant", "change", "2026-12-31", "2022-08-01"),
        ("little_giant", "reverification", "2027-01-01", "2026-04-01"),
        ("innovative_sme", "new", "2026-06-01", "2022-08-01"),
        ("tech_sme", "change", "2026-06-01", "2017-05-03"),
        ("unicorn", "reverification", "1999-01-01", "working"),
        ("srdi_sme", "new", "2022-07-31", None),
        ("sme_size", "new", "2017-12-27", None),
    ],
)
def test_rule_set_is_chosen_by_kind_and_day(scheme, kind, day, edition):
    found = NATIONAL.schemes[scheme].which(Kind(kind), datetime.date.fromisoformat(day))

    assert (found and found[0].id) == edition
