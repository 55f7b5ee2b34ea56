"""The readings that contract/criteria.md fixes, one test each."""

import datetime

import pytest

from tests.unit.rules.firms import (
    BEFORE,
    SMALL_FIRM,
    finding,
    outcome,
    standing,
)
from tidu.rules.rulesets import Kind
from tidu.rules.scope import Interval

AGAIN = Kind.REVERIFICATION
MET, UNMET, UNKNOWN, MANUAL = "met", "unmet", "unknown", "manual"
NOT_APPLICABLE = "not_applicable"


@pytest.mark.parametrize("revenue", ["0", "-1元"])
def test_base_of_zero_or_below_is_manual(revenue):
    found = finding(
        "srdi_sme", "main_revenue_share", {"main_revenue": "1元", "revenue": revenue}
    )

    assert found.outcome == MANUAL
    assert "基数为零或为负，需人工认定" in found.sentence()


def test_base_of_zero_leaves_a_score_item_unknown():
    found = finding(
        "srdi_sme", "i01", {"main_revenue": "1元", "revenue": "0"}, on=BEFORE
    )

    assert (found.outcome, found.points) == (UNKNOWN, Interval(0, 5))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, MANUAL),
        ({"market_position_reviewed": "是"}, MET),
        ({"market_position_reviewed": "否"}, UNMET),
    ],
)
def test_market_position_of_srdi_is_the_reviewers(written, expected):
    assert outcome("srdi_sme", "market_position", written) == expected


@pytest.mark.parametrize(
    ("share", "rank", "reviewed", "expected"),
    [
        ("10%", "", "", MANUAL),
        ("10%", "", "是", MET),
        ("10%", "", "否", UNMET),
        ("", "3名", "", MANUAL),
        ("9.99%", "3名", "是", MET),
        ("9.99%", "4名", "是", UNMET),
        ("9.99%", "4名", "", UNMET),
        ("9.99%", "", "是", UNKNOWN),
        ("", "4名", "", UNKNOWN),
        ("", "", "是", UNKNOWN),
    ],
)
def test_market_position_of_little_giant(share, rank, reviewed, expected):
    written = {
        "market_share": share,
        "market_rank_domestic": rank,
        "market_position_reviewed": reviewed,
    }
    known = {name: text for name, text in written.items() if text}

    assert outcome("little_giant", "market_position", known) == expected


@pytest.mark.parametrize(
    ("fact", "criterion"),
    [("key_field_lead_product", "key_field"), ("key_link", "key_link")],
)
@pytest.mark.parametrize(
    ("value", "reviewed", "expected"),
    [
        ("否", "是", UNMET),
        ("", "是", UNKNOWN),
        ("是", "", MANUAL),
        ("是", "是", MET),
        ("是", "否", UNMET),
    ],
)
def test_key_field_and_key_link_of_63(fact, criterion, value, reviewed, expected):
    written = {fact: value, "key_field_reviewed": reviewed}
    known = {name: text for name, text in written.items() if text}

    assert outcome("little_giant", criterion, known, on=BEFORE) == expected


@pytest.mark.parametrize(
    ("field", "link", "expected"),
    [("是", "否", UNMET), ("否", "", UNMET), ("是", "", UNKNOWN), ("是", "是", MANUAL)],
)
def test_key_field_of_2_reads_both_facts(field, link, expected):
    written = {"key_field_lead_product": field, "key_link": link}
    known = {name: text for name, text in written.items() if text}

    assert outcome("little_giant", "key_field", known) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [("10%", MET), ("9.99%", UNMET), ("", UNKNOWN)]
)
def test_market_share_of_annex_3_is_the_number(share, expected):
    known = {"market_share": share} if share else {}

    assert outcome("little_giant", "market_share", known, on=BEFORE) == expected


@pytest.mark.parametrize(
    ("level", "expected"), [("below_city", MET), ("none", UNMET), ("", UNKNOWN)]
)
def test_rnd_institution_of_annex_3_is_any_level(level, expected):
    known = {"rnd_institution": level} if level else {}

    assert outcome("little_giant", "rnd_institution", known, on=BEFORE) == expected


@pytest.mark.parametrize(
    ("last", "kind", "expected"),
    [
        ("1102.5万元", Kind.NEW, MET),
        ("11024999.99元", Kind.NEW, UNMET),
        ("1102.5万元", AGAIN, NOT_APPLICABLE),
    ],
)
def test_revenue_growth_is_two_year_compound_and_new_only(last, kind, expected):
    written = {"revenue": last, "revenue[y3]": "1000万元"}
    on = datetime.date(2027, 6, 1)

    assert (
        outcome("little_giant", "revenue_growth", written, kind=kind, on=on) == expected
    )


def test_main_revenue_growth_of_63_is_the_mean_of_two_rates():
    """+21 % and −11 %: the mean is 5 %, the compound rate below it."""
    written = {
        "main_revenue": "1076.9万元",
        "main_revenue[y2]": "890万元",
        "main_revenue[y3]": "1000万元",
    }

    assert outcome("little_giant", "main_revenue_growth", written, on=BEFORE) == MET
    written["main_revenue"] = "1076.89万元"
    assert outcome("little_giant", "main_revenue_growth", written, on=BEFORE) == UNMET


@pytest.mark.parametrize(
    ("revenue", "before", "last_rnd", "before_rnd", "expected"),
    [
        (
            "1亿元",
            "5000万元",
            "300万元",
            "150万元",
            MET,
        ),  # 3 % of both, though y2 < 1亿
        ("1亿元", "5000万元", "300万元", "149万元", UNMET),
        ("9999万元", "2亿元", "600万元", "600万元", UNMET),  # 6 % of both
        ("9999万元", "1亿元", "600万元", "600万元", MET),
    ],
)
def test_band_of_annex_3_is_chosen_once_by_last_revenue(
    revenue, before, last_rnd, before_rnd, expected
):
    written = {
        "revenue": revenue,
        "revenue[y2]": before,
        "rnd_expense": last_rnd,
        "rnd_expense[y2]": before_rnd,
    }

    assert outcome("little_giant", "rnd_by_revenue", written, on=BEFORE) == expected


@pytest.mark.parametrize(
    ("before_rnd", "expected"), [("1400万元", MET), ("1399万元", UNMET)]
)
def test_small_route_of_annex_3_sums_both_years(before_rnd, expected):
    written = {
        "revenue": "4999万元",
        "rnd_expense": "1600万元",
        "rnd_expense[y2]": before_rnd,
        "new_equity": "8000万元",
        "rnd_staff": "50人",
        "employees": "100人",
    }

    assert outcome("little_giant", "rnd_by_revenue", written, on=BEFORE) == expected


@pytest.mark.parametrize("scheme", ["srdi_sme", "little_giant"])
@pytest.mark.parametrize(
    ("kind", "this_year", "last_year", "expected"),
    [
        (Kind.NEW, "60", "", MET),
        (Kind.NEW, "", "60", UNKNOWN),
        (Kind.NEW, "49", "60", UNMET),
        (AGAIN, "60", "", MET),
        (AGAIN, "", "60", MET),
        (AGAIN, "49", "60", MET),
        (AGAIN, "49", "49", UNMET),
        (AGAIN, "49", "", UNKNOWN),
        (AGAIN, "", "49", UNKNOWN),
        (Kind.CHANGE, "", "60", MET),
    ],
)
def test_srdi_score_year_follows_the_kind(scheme, kind, this_year, last_year, expected):
    written = {"srdi_score[y0]": this_year, "srdi_score": last_year}
    known = {name: text for name, text in written.items() if text}
    on = datetime.date(2027, 6, 1)

    assert outcome(scheme, "srdi_score", known, kind=kind, on=on) == expected


@pytest.mark.parametrize(
    ("in_use", "whole", "expected"),
    [
        ("4", "", MET),
        ("3", "9", UNMET),
        ("", "3", UNMET),
        ("", "4", UNKNOWN),
        ("", "", UNKNOWN),
    ],
)
def test_ip_gate_uses_what_is_in_use(in_use, whole, expected):
    written = {"class1_ip_in_use": in_use, "class1_ip": whole, "science_award": "none"}
    known = {name: text for name, text in written.items() if text}

    assert outcome("little_giant", "class1_ip", known) == expected


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ({"class1_ip_high_value": "1"}, 10),
        ({"class1_ip_high_value": "0", "class1_ip_own": "1"}, 8),
        ({"class1_ip_high_value": "0", "class1_ip_own": "0", "class1_ip": "1"}, 6),
        ({"class1_ip": "9"}, Interval(6, 10)),
    ],
)
def test_scorecard_uses_the_three_counts_as_labelled(written, points):
    assert finding("srdi_sme", "i10", written, on=BEFORE).points == points


@pytest.mark.parametrize(
    ("award", "annex_1", "annex_2", "annex_3"),
    [
        ("national_top3", MET, MET, MET),
        ("national_top5", MET, MET, UNMET),
        ("national", MET, UNMET, UNMET),
        ("province_top3", MET, MET, UNMET),
        ("province", MET, UNMET, UNMET),
        ("none", UNMET, UNMET, UNMET),
    ],
)
def test_science_award_is_one_choice(award, annex_1, annex_2, annex_3):
    written = {"science_award": award, "maker_contest": "none"}

    found = (
        outcome("innovative_sme", "direct_award", written),
        outcome("srdi_sme", "direct_award", written, on=BEFORE),
        outcome("little_giant", "direct", written, on=BEFORE),
    )

    assert found == (annex_1, annex_2, annex_3)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"industry": "C39", "employees": "999人"}, MET),
        ({"industry": "C39", "revenue": "39999万元"}, MET),
        ({"industry": "C39", "employees": "1000人"}, UNKNOWN),
        ({"industry": "C39", "employees": "1000人", "revenue": "4亿元"}, UNMET),
        ({"industry": "C39"}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_sme_is_decided_as_soon_as_no_completion_differs(written, expected):
    assert outcome("srdi_sme", "sme", written) == expected


@pytest.mark.parametrize(
    "industry", ["J66", "P83", "Q83", "S91", "T97", "G53", "K7040", "A05"]
)
def test_industry_without_a_row_has_no_size(industry):
    written = {"industry": industry, "employees": "10人", "revenue": "100万元"}

    size = standing("sme_size", written)

    assert (size.outcome, size.value_name) == (UNKNOWN, None)
    assert outcome("srdi_sme", "sme", written) == MANUAL


def test_size_is_the_lowest_of_its_indicators():
    size = standing("sme_size", SMALL_FIRM)

    assert (size.outcome, size.value_name) == (MET, "small")
