"""The joins at single points; the complete tables stand in tests/spec."""

import pytest

from tidu.rules.outcomes import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
    join_all,
    join_any,
    join_at_least,
    negate,
)


def test_outcome_is_its_text():
    assert [each.value for each in Outcome] == [
        "met",
        "unmet",
        "unknown",
        "manual",
        "not_applicable",
    ]


def test_outcome_equals_its_text_and_hashes_by_identity():
    assert MET == "met"
    assert len({MET, UNMET, UNKNOWN, MANUAL, NOT_APPLICABLE, MET}) == 5


def test_all_with_one_unmet_is_unmet():
    assert join_all([MET, MANUAL, UNKNOWN, UNMET]) is UNMET


def test_any_with_one_met_is_met():
    assert join_any([UNMET, MANUAL, UNKNOWN, MET]) is MET


@pytest.mark.parametrize("join", [join_all, join_any])
def test_join_prefers_unknown_to_manual(join):
    assert join([MANUAL, UNKNOWN, NOT_APPLICABLE]) is UNKNOWN


def test_negate_leaves_the_open_ones():
    found = [negate(each) for each in Outcome]

    assert found == [UNMET, MET, UNKNOWN, MANUAL, NOT_APPLICABLE]


def test_at_least_out_of_reach_is_unmet():
    assert join_at_least(2, [UNMET, UNMET, UNKNOWN]) is UNMET


def test_at_least_of_nothing_applicable_is_not_applicable():
    assert join_at_least(1, [NOT_APPLICABLE]) is NOT_APPLICABLE


def test_at_least_that_only_people_can_complete_is_manual():
    assert join_at_least(2, [MET, MANUAL, UNMET]) is MANUAL
