"""What people judged joins with what figures said, by the rules of the clause."""

import datetime

import pytest

from tidu.rules.judgement import judged_outcome
from tidu.rules.library import default_library
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET
from tidu.rules.rulesets import Kind

DAY = datetime.date(2026, 6, 1)


def rule_set(scheme, kind=Kind.NEW):
    return default_library().national.schemes[scheme].which(kind, DAY)[0]


def all_met(found):
    return {c.id: MET for top in found.criteria for c in top.walk() if c.id}


def test_judged_clauses_stand_in_for_what_was_found():
    found = rule_set("srdi_sme")
    outcomes = all_met(found) | {"market_position": MANUAL}

    assert judged_outcome(found, Kind.NEW, outcomes, {}) is MANUAL
    judged = {"market_position": MET}
    assert judged_outcome(found, Kind.NEW, outcomes, judged) is MET
    judged = {"market_position": MET, "conduct": UNMET}
    assert judged_outcome(found, Kind.NEW, outcomes, judged) is UNMET


def test_an_unknown_figure_stays_unknown():
    found = rule_set("srdi_sme")
    outcomes = all_met(found) | {"srdi_score": UNKNOWN}

    assert judged_outcome(found, Kind.NEW, outcomes, {}) is UNKNOWN


def test_what_a_procedure_does_not_examine_leaves_the_sum():
    found = rule_set("little_giant")
    outcomes = all_met(found) | {"revenue_growth": UNMET, "not_excluded": UNMET}

    assert judged_outcome(found, Kind.NEW, outcomes, {}) is UNMET
    assert judged_outcome(found, Kind.REVERIFICATION, outcomes, {}) is MET


@pytest.mark.parametrize(
    ("some", "outcome"), [(MET, MET), (UNMET, UNMET), (NOT_APPLICABLE, None)]
)
def test_parts_are_joined_as_the_clause_says(some, outcome):
    found = rule_set("innovative_sme")
    either = next(each for each in found.criteria if each.any_of and each.parts)
    outcomes = dict.fromkeys(all_met(found), UNMET)
    first = next(each for each in either.walk() if each.id and not each.parts)
    outcomes[first.id] = some

    joined = judged_outcome(found, Kind.NEW, outcomes, {})

    others = [c for c in found.criteria if c is not either]
    if not others and outcome is not None:
        assert joined is outcome
    else:
        assert joined in {UNMET, MET}
