"""Standings as JSON, as contract/cli.md writes them."""

import datetime
from decimal import Decimal

import pytest

from tests.unit.rules.firms import BEFORE, ON, SMALL_FIRM, finding, standing
from tidu.rules.records import finding_record, size_of, standing_record, write


def record(scheme: str, criterion: str, written: dict[str, str], **more) -> dict:
    return finding_record(finding(scheme, criterion, written, **more))


def test_criterion_record_has_every_field_of_the_contract():
    found = record(
        "srdi_sme", "revenue_or_equity", {"revenue": "1499万元", "new_equity": "0"}
    )

    assert found == {
        "id": "revenue_or_equity",
        "label": "上年度营业收入，或近两年新增股权融资",
        "outcome": "unknown",
        "value": "0.00",
        "threshold": "20000000.00",
        "op": ">=",
        "period": "2024–2025",
        "clause": "附件1-2",
        "grade": "restated",
        "missing": ["new_equity@2024"],
        "sentence": "还缺：2024年新增股权融资（合格机构投资者实缴额）；补上才能判断。",
        "source": ["表1 new_equity@2025"],
    }


def test_ratio_is_text_without_trailing_zeros():
    found = record(
        "srdi_sme", "main_revenue_share", {"main_revenue": "1元", "revenue": "3元"}
    )

    assert (found["value"], found["threshold"], found["period"]) == (
        "0.33333333",
        "0.8",
        "2025",
    )


def test_count_is_a_number():
    found = record("srdi_sme", "class1_ip", {"class1_ip_in_use": "1"})

    assert (found["value"], found["threshold"]) == (1, 1)


def test_flag_is_a_boolean():
    found = record("tech_sme", "resident", {"resident_enterprise": "否"})

    assert (found["value"], found["threshold"], found["op"]) == (False, True, "==")


def test_choice_is_its_ids():
    several = record("srdi_sme", "direct_award", {"science_award": "none"}, on=BEFORE)
    one = record(
        "little_giant", "rnd_institution", {"rnd_institution": "city"}, on=BEFORE
    )

    assert several["threshold"] == ["province_top3", "national_top5", "national_top3"]
    assert (several["value"], several["op"]) == ("none", "in")
    assert (one["value"], one["threshold"], one["op"]) == ("city", "none", "not in")


def test_dollars_are_text():
    found = record("unicorn", "valuation", {"valuation_usd": "10亿美元"})

    assert (found["value"], found["threshold"]) == ("1000000000.00", "1000000000.00")


def test_age_is_a_number_of_years():
    found = record("unicorn", "age", {"established_on": "2010-01-01"})

    assert (found["value"], found["threshold"]) == (16, 10)


def test_size_gate_names_grades():
    found = record("srdi_sme", "sme", SMALL_FIRM)

    assert (found["value"], found["threshold"], found["op"]) == (
        "small",
        "medium",
        "<=",
    )


def test_part_names_its_whole():
    assert record("little_giant", "direct", {}, on=BEFORE)["part_of"] == "innovation"


def test_note_is_given_in_the_language_asked_for():
    about = finding("tech_sme", "employees", {})

    assert finding_record(about)["note"] == about.about.note.chinese
    found = finding_record(about, english=True)
    assert (found["note"], found["label"]) == (about.about.note.english, "Total staff")


def test_manual_criterion_has_no_figures():
    found = record("high_tech_enterprise", "field", {})

    assert (found["value"], found["threshold"], found["op"]) == (None, None, "")
    assert "source" not in found


def test_not_applicable_criterion_has_no_reading():
    found = record("sme_size", "total_assets", SMALL_FIRM)

    assert (found["outcome"], found["value"], found["op"], found["period"]) == (
        "not_applicable",
        None,
        "",
        "",
    )


def test_score_item_has_points():
    found = record(
        "innovative_sme", "i2", {"rnd_expense": "3万元", "revenue": "100万元"}
    )

    assert (found["points"], found["max"], found["group"]) == (15, 20, "innovation")
    assert "points_range" not in found


def test_open_score_item_has_a_range():
    found = record("innovative_sme", "i5", {})

    assert (found["points"], found["points_range"], found["max"]) == (None, [5, 10], 10)


def test_fractional_points_stay():
    found = record("srdi_sme", "i09", {"local_feature_score": "12.5"}, on=BEFORE)

    assert (found["points"], found["value"]) == (12.5, 12.5)


def test_level_is_a_name_or_a_number():
    size = record("sme_size", "revenue", SMALL_FIRM)
    scenes = record(
        "digital_level", "scenes", {f"ds{n:02}": "2级" for n in range(1, 17)}
    )
    open_level = record("sme_size", "revenue", {"industry": "C39"})

    assert (size["level"], scenes["level"], open_level["level"]) == ("medium", 2, None)


def test_standing_record_has_every_field_of_the_contract():
    found = standing_record(standing("unicorn", {"listed": "否"}))

    assert {key: found[key] for key in ("outcome", "rule_set", "score", "value")} == {
        "outcome": "unknown",
        "rule_set": "unicorn/working",
        "score": None,
        "value": None,
    }
    assert [each["id"] for each in found["criteria"]] == [
        "age",
        "unlisted",
        "valuation",
        "private_equity",
    ]
    assert found["advice"] == []
    assert found["notes"] == [
        "独角兽没有国家层面的认定，这里是研究报告的工作口径，不是政府称号"
    ]


def test_standing_record_in_english():
    found = standing_record(standing("unicorn", {}), english=True)

    assert found["criteria"][0]["label"] == "Founded no more than ten years ago"
    assert found["notes"][0].startswith("there is no national recognition")


def test_open_score_is_a_range():
    found = standing_record(standing("innovative_sme", {}))

    assert (found["score"], found["score_range"]) == (None, [5, 100])


def test_known_score_is_a_number():
    written = {
        "sci_tech_staff": "30人",
        "staff_total": "100人",
        "rnd_expense": "6万元",
        "revenue": "100万元",
        "class1_ip": "1项",
    }

    found = standing_record(standing("tech_sme", written))

    assert found["score"] == 100
    assert "score_range" not in found


def test_open_value_is_a_range():
    found = standing_record(
        standing("sme_size", {"industry": "C39", "employees": "299人"})
    )

    assert (found["value"], found["value_range"]) == (None, [1, 2])


def test_standing_before_the_first_edition_names_no_rule_set():
    found = standing_record(standing("digital_level", {}, on=datetime.date(2020, 1, 1)))

    assert (found["outcome"], found["rule_set"], found["criteria"]) == (
        "not_applicable",
        None,
        [],
    )


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (None, "元", None),
        (True, "", True),
        ("city", "", "city"),
        (datetime.date(2026, 6, 1), "", "2026-06-01"),
        (frozenset({"b", "a"}), "", ["a", "b"]),
        (("a",), "", "a"),
        (("a", "b"), "", ["a", "b"]),
        (Decimal("0.1"), "元", "0.10"),
        (Decimal("0.10"), "%", "0.1"),
        (Decimal("2.5"), "", 2.5),
        (Decimal("3.0"), "count", 3),
        (7, "count", 7),
    ],
)
def test_value_is_written_as_json_can_hold_it(value, unit, written):
    found = write(value, unit)

    assert (found, type(found)) == (written, type(written))


def test_size_of_an_enterprise_is_its_grade():
    size = standing("sme_size", SMALL_FIRM)

    assert size_of({"sme_size": size}) == "small"
    assert size_of({"sme_size": standing("sme_size", {})}) is None
    assert size_of({}) is None
    assert size.on == ON
