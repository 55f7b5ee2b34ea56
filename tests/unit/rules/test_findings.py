"""The finding: what it is about, what explains it, where the figures stand."""

from decimal import Decimal

from tests.unit.rules.firms import BEFORE, SMALL_FIRM, finding
from tidu.rules.printing import print_expression
from tidu.rules.rulesets import Kind, SourceGrade
from tidu.rules.scope import Interval


def test_finding_of_a_criterion_knows_its_clause():
    found = finding("srdi_sme", "debt_ratio", {})

    assert (found.id, found.grade, found.part_of, found.points) == (
        "debt_ratio",
        SourceGrade.RESTATED,
        "",
        None,
    )
    assert print_expression(found.tree) == (
        "ratio(total_liabilities, total_assets) <= max_debt_ratio"
    )


def test_finding_of_a_part_knows_its_whole():
    assert finding("little_giant", "direct", {}, on=BEFORE).part_of == "innovation"


def test_finding_of_a_score_item_has_points():
    found = finding("innovative_sme", "i5", {"strategic_emerging": "是"})

    assert (found.points, found.part_of, found.outcome) == (Decimal(10), "", "met")


def test_score_item_without_points_is_unmet():
    written = {"rnd_expense": "0", "revenue": "100万元"}

    assert finding("innovative_sme", "i2", written).outcome == "unmet"


def test_tree_follows_the_kind():
    found = finding("srdi_sme", "srdi_score", {}, kind=Kind.REVERIFICATION)

    assert print_expression(found.tree) == (
        "srdi_score >= min_srdi_score or srdi_score[y0] >= min_srdi_score"
    )


def test_missing_is_named_only_while_unknown():
    unknown = finding("srdi_sme", "debt_ratio", {"total_assets": "1元"})
    decided = finding("srdi_sme", "revenue_or_equity", {"revenue": "2000万元"})

    assert unknown.missing == ["total_liabilities@2025"]
    assert decided.missing == []
    assert unknown.missing is unknown.missing


def test_reading_is_the_first_that_decides():
    written = {"revenue": "1万元", "new_equity": "0", "new_equity[y2]": "0"}

    found = finding("srdi_sme", "revenue_or_equity", written)

    assert [(each.value, each.gap) for each in found.readings] == [
        (Decimal(10_000), Decimal(14_990_000)),
        (Decimal(0), Decimal(20_000_000)),
    ]
    assert found.reading is found.readings[0]


def test_met_either_or_needs_one_reading():
    written = {"revenue": "2000万元", "new_equity": "5000万元"}

    assert len(finding("srdi_sme", "revenue_or_equity", written).readings) == 1


def test_not_applicable_has_no_readings():
    found = finding("sme_size", "total_assets", SMALL_FIRM)

    assert (found.readings, found.reading) == ([], None)


def test_sources_are_those_of_the_facts_read_each_once():
    written = {"rnd_expense": "3万元", "revenue": "100万元", "employees": "5人"}

    found = finding("innovative_sme", "i2", written)

    assert found.sources == ["表1 rnd_expense@2025", "表1 revenue@2025"]


def test_sources_of_sums_growth_and_size_name_every_year():
    champion = finding(
        "manufacturing_champion",
        "main_revenue_average",
        {"main_revenue": "1元", "main_revenue[y2]": "1元", "main_revenue[y3]": "1元"},
    )
    growth = finding(
        "little_giant", "revenue_growth", {"revenue": "1元", "revenue[y3]": "1元"}
    )
    size = finding("srdi_sme", "sme", SMALL_FIRM)
    one = finding("sme_size", "employees", SMALL_FIRM)

    assert champion.sources == [f"表1 main_revenue@{y}" for y in (2025, 2024, 2023)]
    assert growth.sources == ["表1 revenue@2025", "表1 revenue@2023"]
    assert size.sources == ["表1 industry", "表1 revenue@2025", "表1 employees@2025"]
    assert one.sources == ["表1 industry", "表1 employees@2025"]


def test_graded_criterion_keeps_its_level():
    found = finding("sme_size", "revenue", SMALL_FIRM)

    assert (found.measured, found.points) == (3, None)
    assert finding("sme_size", "revenue", {"industry": "C39"}).measured == Interval(
        1, 4
    )


def test_points_ask_only_for_what_could_still_be_worth_more():
    written = {"class1_ip": "1项", "class1_ip_own": "0"}

    found = finding("innovative_sme", "i1", written)

    assert (found.points, found.missing) == (Interval(10, 20), ["class1_ip_high_value"])


def test_open_size_gate_misses_the_industry_and_every_indicator():
    assert finding("srdi_sme", "sme", {}).missing == [
        "industry",
        "revenue@2025",
        "employees@2025",
        "total_assets@2025",
    ]
