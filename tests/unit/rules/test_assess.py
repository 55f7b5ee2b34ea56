"""Preparing facts and applying a rule set: titles, years, provinces, levels."""

import datetime
from decimal import Decimal

import pytest

from tests.unit.rules.firms import BEFORE, CLEAN, ON, SMALL_FIRM, facts_of, standing
from tidu.rules.assess import prepare
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind
from tidu.rules.scope import Interval

PACK = default_library().national
DEMO = default_library().for_territory("990000")


def prepared(written: dict[str, str], on: datetime.date = ON, pack=PACK) -> Facts:
    return prepare(facts_of(written, on), pack, on)


@pytest.mark.parametrize(
    ("until", "held"),
    [("2026-05-31", False), ("2026-06-01", True), ("2030-01-01", True)],
)
def test_title_is_void_after_its_last_day(until, held):
    found = prepared({"holds_srdi": "是", "srdi_valid_until": until})

    assert found.get("holds_srdi") is held


def test_valid_date_alone_does_not_make_a_title():
    assert prepared({"srdi_valid_until": "2030-01-01"}).get("holds_srdi") is None


def test_expired_date_alone_makes_the_title_false_with_the_dates_source():
    found = prepared({"srdi_valid_until": "2020-01-01"})

    assert found.get("holds_srdi") is False
    assert found.sources["holds_srdi"] == "表1 srdi_valid_until"


def test_facts_without_sources_get_none():
    facts = Facts({"srdi_valid_until": datetime.date(2020, 1, 1)})

    found = prepare(facts, PACK, ON)

    assert (found.get("holds_srdi"), dict(found.sources)) == (False, {})


@pytest.mark.parametrize(
    ("since", "years"),
    [("2022-12-31", 3), ("2023-01-01", 2), ("2026-01-01", 0), ("2030-01-01", 0)],
)
def test_niche_since_wins_and_counts_full_years_at_the_end_of_last_year(since, years):
    found = prepared({"niche_years": "9年", "niche_since": since})

    assert found.get("niche_years") == Decimal(years)
    assert found.sources["niche_years"] == "表1 niche_since"


def test_niche_years_stand_without_a_date():
    assert prepared({"niche_years": "9年"}).get("niche_years") == 9


def test_preparing_leaves_the_given_facts_alone():
    facts = facts_of({"holds_srdi": "是", "srdi_valid_until": "2020-01-01"})

    prepare(facts, PACK, ON)

    assert facts.get("holds_srdi") is True


LOCAL = {
    "demo_local_chain": True,
    "demo_export_share": Decimal("0.1"),
    "demo_green_factory": "city",
}


def local(**changes) -> Facts:
    values = {name: v for name, v in (LOCAL | changes).items() if v is not None}
    return prepare(Facts(values), DEMO, BEFORE)


def test_province_computes_its_slot():
    assert local().get("local_feature_score") == 11


def test_province_does_not_compute_what_is_given():
    assert local(local_feature_score=Decimal(2)).get("local_feature_score") == 2


def test_province_leaves_its_slot_open_while_a_part_is():
    assert local(demo_export_share=None).get("local_feature_score") is None


def test_scheme_before_its_first_edition_is_not_applicable():
    found = standing("srdi_sme", {}, on=datetime.date(2022, 7, 31))

    assert (found.outcome, found.rule_set, found.findings) == (
        "not_applicable",
        None,
        (),
    )
    assert (found.score, found.value, found.value_name) == (None, None, None)


def test_notes_are_those_of_the_rule_set_and_the_window():
    found = standing("little_giant", {}, on=ON, kind=Kind.REVERIFICATION)

    assert [each.chinese for each in found.notes] == [
        "施行日期 2022-08-01 未经核对",
        "2026年小巨人复核按工信厅企业函〔2026〕117号仍用63号附件3",
    ]


def test_findings_stand_in_order_parent_before_part():
    found = standing("little_giant", {}, on=BEFORE)

    ids = [each.id for each in found.findings]
    at = ids.index("innovation")
    assert ids[at : at + 5] == [
        "innovation",
        "rnd_by_revenue",
        "rnd_institution",
        "class1_ip",
        "direct",
    ]
    assert [each.id for each in found.advice] == ["lead_product_share", "entry_title"]


def test_finding_of_advice_and_unknown_ids():
    found = standing("srdi_sme", {"tax_violation": "否"})

    assert found.finding("tax_violation_note").outcome == "met"
    with pytest.raises(KeyError, match="nothing"):
        found.finding("nothing")


def test_parts_need_all_or_any_as_written():
    general = {
        "revenue": "2亿元",
        "revenue[y2]": "1亿元",
        "rnd_expense": "600万元",
        "rnd_expense[y2]": "300万元",
        "rnd_institution": "city",
        "class1_ip_in_use": "2项",
    }

    whole = standing("little_giant", general, on=BEFORE)
    short = standing("little_giant", general | {"class1_ip_in_use": "1项"}, on=BEFORE)
    direct = standing("little_giant", {"maker_contest": "top50"}, on=BEFORE)

    assert [each.finding("innovation").outcome for each in (whole, short, direct)] == [
        "met",
        "unknown",  # the direct path is still open
        "met",
    ]


def test_total_is_the_sum_of_items_and_a_range_while_one_is_open():
    items = {"class1_ip_high_value": "1", "strategic_emerging": "是"}

    found = standing("innovative_sme", items)

    assert found.score == Interval(30, 100)
    assert found.finding("score_reached").outcome == "unknown"


def test_score_outcome_is_decided_where_every_value_decides_alike():
    written = {
        "class1_ip_high_value": "0",
        "class1_ip_own": "0",
        "class1_ip": "0",
        "class2_ip": "0",
        "rnd_expense": "0",
        "revenue": "100万元",
    }

    found = standing("innovative_sme", written)

    assert found.score == Interval(5, 60)
    assert found.finding("innovation_points").outcome == "unmet"
    assert found.finding("score_reached").outcome == "unknown"


ANSWERS = {f"ds{number:02}": "4级" for number in range(1, 17)}


def test_size_stays_open_while_the_industry_is():
    found = standing("sme_size", {"employees": "2人"})

    assert (found.outcome, found.value, found.value_name) == ("unknown", None, None)


def test_size_range_is_kept_while_a_figure_is_missing():
    found = standing("sme_size", {"industry": "C39", "employees": "299人"})

    assert (found.outcome, found.value, found.value_name) == (
        "unknown",
        Interval(1, 2),
        None,
    )


def test_size_is_the_grades_name():
    found = standing("sme_size", SMALL_FIRM)

    assert (found.outcome, found.value, found.value_name) == ("met", 2, "small")


@pytest.mark.parametrize(("level", "name"), [("3级", "3"), ("0", "0")])
def test_reported_level_stands_in_where_nothing_is_answered(level, name):
    found = standing("digital_level", {"digital_level": level})

    assert (found.outcome, found.value_name) == ("met", name)
    assert found.notes[-1].chinese == "按企业自报的等级，未核对问卷"


@pytest.mark.parametrize("level", ["5", "99"])
def test_reported_level_that_does_not_exist_decides_nothing(level):
    found = standing("digital_level", {"digital_level": level})

    assert (found.outcome, found.value_name) == ("unknown", None)


def test_reported_level_does_not_stand_in_for_half_an_answer():
    found = standing("digital_level", {"digital_level": "3级"} | ANSWERS)

    assert (found.outcome, found.value) == ("unknown", Interval(0, 4))


def test_conduct_of_a_clean_firm_is_met_for_every_kind():
    for kind in Kind:
        found = standing("srdi_sme", CLEAN, kind=kind, on=datetime.date(2027, 6, 1))
        assert found.finding("conduct").outcome == "met"
