"""The readings of contract/criteria.md that hold for single titles, one test each."""

import pytest

from tests.unit.rules.firms import (
    BEFORE,
    ON,
    finding,
    outcome,
    standing,
)
from tidu.rules.scope import Interval

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


def test_tech_sme_uses_its_own_calibres_and_names_them():
    written = {
        "rnd_expense": "1万元",
        "rnd_expense_deduction": "6万元",
        "revenue": "100万元",
        "staff_total": "501人",
        "employees": "500人",
    }

    assert finding("tech_sme", "rnd", written).points == 50
    found = finding("tech_sme", "employees", written)
    assert (found.outcome, found.sentence()) == (
        UNMET,
        "2025年职工总数（115号口径）为501人，要求不高于500人，超出1人。",
    )


def test_tech_sme_falls_back_and_names_the_calibre():
    found = finding("tech_sme", "employees", {"employees": "500人"})

    assert found.sentence() == "2025年从业人员为500人，要求不高于500人，符合。"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"national_award_top3_5y": "是"}, MET),
        ({"national_award_top3_5y": "否", "science_award": "none"}, UNMET),
        ({"science_award": "national_top3"}, MET),
        ({"science_award": "none"}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_direct_award_of_115(written, expected):
    assert outcome("tech_sme", "direct_award", written) == expected


@pytest.mark.parametrize("on", [BEFORE, ON])
@pytest.mark.parametrize("scheme", ["srdi_sme", "little_giant"])
@pytest.mark.parametrize(
    ("share", "expected"), [("50万元", UNMET), ("500000.01元", MET)]
)
def test_lead_product_share_is_strict_advice(on, scheme, share, expected):
    found = standing(
        scheme, {"lead_product_revenue": share, "revenue": "100万元"}, on=on
    )

    assert {each.id: each.outcome for each in found.advice}[
        "lead_product_share"
    ] == expected
    assert "lead_product_share" not in [each.id for each in found.findings]


def test_i09_takes_the_local_score_as_given():
    given = finding("srdi_sme", "i09", {"local_feature_score": "12.5"}, on=BEFORE)
    absent = finding("srdi_sme", "i09", {}, on=BEFORE)

    assert str(given.points) == "12.5"
    assert (absent.points, absent.missing) == (Interval(0, 15), ["local_feature_score"])


def test_province_leaves_i09_open_while_its_own_facts_are_unknown():
    found = finding("srdi_sme", "i09", {}, on=BEFORE, territory="990100")

    assert found.points == Interval(0, 15)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"new_equity[y2]": "1元"}, MET),
        ({"new_equity": "0", "new_equity[y2]": "0"}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_unicorn_private_equity_is_any_known_year(written, expected):
    assert outcome("unicorn", "private_equity", written) == expected


@pytest.mark.parametrize(
    ("since", "expected"), [("2016-06-01", MET), ("2016-05-31", UNMET)]
)
def test_unicorn_tenth_anniversary_is_within_ten_years(since, expected):
    assert outcome("unicorn", "age", {"established_on": since}) == expected


@pytest.mark.parametrize(
    ("valuation", "expected"), [("10亿美元", UNMET), ("1000000000.01美元", MET)]
)
def test_unicorn_valuation_is_strictly_over(valuation, expected):
    assert outcome("unicorn", "valuation", {"valuation_usd": valuation}) == expected


@pytest.mark.parametrize("srdi", ["是", "否"])
def test_champion_needs_400_million_of_everybody(srdi):
    written = {
        "main_revenue": "4亿元",
        "main_revenue[y2]": "4亿元",
        "main_revenue[y3]": "399999999.99元",
        "holds_srdi": srdi,
    }

    found = finding("manufacturing_champion", "main_revenue_average", written)

    assert found.outcome == UNMET
    assert "2亿元" in found.about.note.chinese


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"new_equity": "2000万元", "revenue": "1万元"}, MET),
        ({"new_equity": "1999万元", "revenue": "1万元"}, UNKNOWN),
    ],
)
def test_known_equity_is_a_lower_bound(written, expected):
    assert outcome("srdi_sme", "revenue_or_equity", written) == expected


def test_score_is_given_where_a_direct_path_decides():
    found = standing("innovative_sme", {"high_tech": "是"})

    assert found.finding("score_or_direct").outcome == MET
    assert found.score == Interval(5, 100)


@pytest.mark.parametrize(
    "scheme", ["unicorn", "manufacturing_champion", "little_giant"]
)
def test_rule_set_without_score_card_has_no_score(scheme):
    assert standing(scheme, {}).score is None
