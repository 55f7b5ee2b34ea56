"""What if: the figures offered matter, and the answer is that of a real assessment."""

import datetime
from decimal import Decimal

import pytest

from tests.figures import FIGURES
from tidu.eligibility.standings import standings_of
from tidu.eligibility.what_if import (
    MOST,
    assume,
    differences,
    form_factor,
    knobs,
    national_levers,
)
from tidu.registry.fact_values import facts_from
from tidu.rules.facts import FactType
from tidu.rules.library import default_library
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.records import standing_record

ON = datetime.date(2026, 6, 1)


def standings(entries=FIGURES, territory="110000"):
    flat = {key: {"value": value} for key, value in entries.items()}
    facts = facts_from(flat, default_library().facts)
    return standings_of(facts, on=ON, territory=territory)


@pytest.fixture
def found():
    return standings()


def test_the_figures_behind_failing_gates_come_first(found):
    offered = [each.key for each in knobs(found, "srdi_sme")]

    assert found.schemes["srdi_sme"].finding("debt_ratio").outcome is UNMET
    assert found.schemes["srdi_sme"].finding("rnd_each_year").outcome is UNMET
    assert len(offered) <= MOST
    assert set(offered[:3]) >= {"total_liabilities@2025", "rnd_expense@2025"}


@pytest.mark.parametrize(
    "scheme", ["tech_sme", "innovative_sme", "srdi_sme", "little_giant"]
)
@pytest.mark.parametrize("entries", [FIGURES, {}])
def test_amounts_that_turn_an_outcome_come_before_questions(scheme, entries):
    found = standings(entries)
    offered = knobs(found, scheme)

    slides = [each.most is not None for each in offered]
    first_question = slides.index(False) if False in slides else len(slides)
    assert first_question > 0
    for each in offered[:first_question]:
        ends = [Decimal(0), each.most * form_factor(each.fact)]
        if each.fact.type is FactType.COUNT:
            ends = [int(end) for end in ends]
        assert any(turned(found, {each.key: end}, scheme) for end in ends)


def turned(found, changes, scheme) -> bool:
    after = assume(found, changes).schemes[scheme]
    return any(
        old.outcome is not new.outcome
        for old, new in zip(found.schemes[scheme].findings, after.findings, strict=True)
    )


@pytest.mark.parametrize(
    "scheme", ["tech_sme", "innovative_sme", "srdi_sme", "little_giant"]
)
def test_every_figure_can_be_changed_or_is_missing(found, scheme):
    levers = national_levers().by_fact
    missing = {key for f in found.schemes[scheme].findings for key in f.missing}

    for each in knobs(found, scheme):
        assert each.fact.id in levers or each.key in missing
        if each.most is not None:
            assert 0 < each.step < each.most


def test_a_slider_reaches_past_the_figure_and_its_threshold(found):
    knob = next(k for k in knobs(found, "srdi_sme") if k.key == "rnd_expense@2025")

    assert knob.present == Decimal(300000)
    assert knob.most * 10000 > 1_000_000  # the threshold is 100万元


def test_an_assumption_is_assessed_as_if_it_were_so(found):
    changes = {"total_liabilities@2025": Decimal(30_000_000)}

    after = assume(found, changes)

    really = standings({**FIGURES, "total_liabilities@2025": "30000000.00"})
    assert {each: standing_record(it) for each, it in after.schemes.items()} == {
        each: standing_record(it) for each, it in really.schemes.items()
    }
    assert found.facts.get("total_liabilities@2025") == Decimal(70_000_000)


def test_only_what_changes_is_told(found):
    after = assume(found, {"total_liabilities@2025": Decimal(30_000_000)})

    told = {(each.scheme, each.after.id): each for each in differences(found, after)}

    debt = told["srdi_sme", "debt_ratio"]
    assert (debt.before.outcome, debt.after.outcome) == (UNMET, MET)
    assert ("srdi_sme", "rnd_each_year") not in told
    assert differences(found, found) == []


def test_taking_a_figure_away_makes_it_unknown(found):
    after = assume(found, {"total_liabilities@2025": None})

    finding = after.schemes["srdi_sme"].finding("debt_ratio")
    assert finding.missing == ["total_liabilities@2025"]
