"""The readings of contract/criteria.md that are about conduct, one test each."""

import datetime

import pytest

from tests.unit.rules.firms import (
    BEFORE,
    CLEAN,
    ON,
    outcome,
    standing,
)
from tidu.rules.rulesets import Kind

AGAIN = Kind.REVERIFICATION
MET, UNMET, UNKNOWN = "met", "unmet", "unknown"
NOT_APPLICABLE = "not_applicable"

CONDUCT_63 = (*CLEAN,)
CONDUCT_2 = tuple(each for each in CLEAN if each != "tax_violation")
CONDUCT_115 = {
    "abnormal_list": "否",
    "serious_dishonesty": "否",
    "research_dishonesty": "否",
}


@pytest.mark.parametrize(
    ("scheme", "on", "listed"),
    [
        ("srdi_sme", BEFORE, CONDUCT_63),
        ("innovative_sme", ON, CONDUCT_63),
        ("little_giant", BEFORE, CONDUCT_63),
        ("manufacturing_champion", ON, CONDUCT_63),
        ("srdi_sme", ON, CONDUCT_2),
        ("little_giant", ON, CONDUCT_2),
    ],
)
def test_conduct_reads_what_its_document_lists(scheme, on, listed):
    clean = dict.fromkeys(listed, "否")

    assert outcome(scheme, "conduct", clean, on=on) == MET
    for fact in listed:
        known = {name: text for name, text in clean.items() if name != fact}
        assert outcome(scheme, "conduct", clean | {fact: "是"}, on=on) == UNMET
        assert outcome(scheme, "conduct", known, on=on) == UNKNOWN


@pytest.mark.parametrize(("value", "expected"), [("否", MET), ("是", UNMET)])
def test_conduct_of_2_counts_larger_accidents_where_given(value, expected):
    written = dict.fromkeys(CONDUCT_2, "否") | {"larger_safety_accident": value}

    assert outcome("srdi_sme", "conduct", written) == expected


def test_tax_violation_is_advice_under_2():
    found = standing("srdi_sme", CLEAN | {"tax_violation": "是"})

    assert found.finding("conduct").outcome == MET
    assert [(each.id, each.outcome) for each in found.advice][1] == (
        "tax_violation_note",
        UNMET,
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"conduct_event_2y": "否"}, MET),
        ({"conduct_event_2y": "是"}, UNMET),
        ({"major_accident": "否"}, MET),
        ({"major_accident": "是"}, UNKNOWN),
        ({}, UNKNOWN),
        ({"research_dishonesty": "是"}, UNMET),
    ],
)
def test_conduct_of_115(written, expected):
    assert outcome("tech_sme", "conduct", CONDUCT_115 | written) == expected


def test_not_excluded_is_asked_of_new_applications_only():
    on = datetime.date(2027, 6, 1)
    written = {"holds_champion": "是"}

    assert outcome("little_giant", "not_excluded", written, on=on) == UNMET
    assert (
        outcome("little_giant", "not_excluded", written, on=on, kind=AGAIN)
        == NOT_APPLICABLE
    )
