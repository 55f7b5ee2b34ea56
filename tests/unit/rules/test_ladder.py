"""The rung an enterprise is on, and what the next one asks."""

import datetime
from decimal import Decimal

import pytest

from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.ladder import held_rung, next_scheme, next_step
from tidu.rules.library import default_library

ON = datetime.date(2026, 6, 1)
PACK = default_library().national


def standing(scheme, **facts):
    prepared = prepare(Facts.of(facts), PACK, ON)
    return stand(PACK, scheme, prepared, on=ON)


def standings(facts, *schemes):
    prepared = prepare(Facts.of(facts), PACK, ON)
    return prepared, {each: stand(PACK, each, prepared, on=ON) for each in schemes}


@pytest.mark.parametrize(
    ("held", "rung"),
    [
        ({}, -1),
        ({"holds_tech_sme": True}, 0),
        ({"holds_innovative_sme": True}, 0),
        ({"holds_srdi": True, "holds_innovative_sme": True}, 1),
        ({"holds_champion": True}, 3),
    ],
)
def test_the_highest_title_held_is_the_rung(held, rung):
    assert held_rung(PACK, Facts.of(held)) == rung


def test_the_next_rung_is_the_nearer_of_two():
    facts, found = standings(
        {"resident_enterprise": False}, "tech_sme", "innovative_sme"
    )

    assert next_scheme(PACK, facts, found) == "innovative_sme"


def test_rungs_not_assessed_are_passed_over():
    facts, found = standings({}, "little_giant")

    assert next_scheme(PACK, facts, found) == "little_giant"


def test_at_the_top_there_is_no_next_rung():
    facts, found = standings({"holds_champion": True}, "srdi_sme")

    assert next_scheme(PACK, facts, found) is None


def test_one_gate_unmet_is_named():
    found = standing("tech_sme", resident_enterprise=False)

    assert next_step(found, english=False) == "1项不符合：在中国境内注册的居民企业"


def test_of_several_gates_unmet_the_first_is_named():
    facts = {
        "resident_enterprise": False,
        "revenue@2025": Decimal(10) ** 9,
        "total_assets@2025": Decimal(10) ** 9,
    }
    found = standing("tech_sme", **facts)

    assert next_step(found, english=False).startswith("3项不符合：")
    assert next_step(found, english=False).endswith("等")


def test_missing_figures_are_counted_and_one_is_named():
    text = next_step(standing("tech_sme"), english=False)

    assert text.startswith("还缺")
    assert "，如" in text


def test_decided_standings_say_what_to_do():
    met = standing(
        "sme_size",
        **{"industry": "C3484", "employees@2025": 5, "revenue@2025": Decimal(10) ** 6},
    )

    assert next_step(met, english=False) == "已符合，可以申报"
    assert next_step(met, english=True) == "met: ready to apply"
