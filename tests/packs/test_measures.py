"""The 26 measures as data: what kinds of thing each holds, and what is left to places."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from tidu.rules.entitlements import put_together
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.measures import MechanismKind, Strength
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN, UNMET
from tidu.rules.yamlio import load_block

ON = datetime.date(2026, 6, 1)
NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
KINDS = {
    1: {"preference": 3, "terms": 2},
    2: {"catalogue": 3, "match": 1, "grant": 1},
    3: {"catalogue": 1, "terms": 1, "match": 1},
    4: {"service": 1, "cohort": 1, "match": 1},
    5: {"preference": 2, "service": 2, "indicator": 1},
    6: {"grant": 1, "gate": 1, "service": 1},
    7: {"catalogue": 1, "match": 1, "gate": 1, "service": 1},
    8: {"cohort": 2, "event": 1, "match": 1},
    9: {"catalogue": 1, "gate": 1, "grant": 1},
    10: {"cohort": 1, "catalogue": 1, "match": 1, "indicator": 1},
    11: {"match": 1, "cohort": 1},
    12: {"catalogue": 1, "match": 1},
    13: {"catalogue": 1, "terms": 1, "match": 1},
    14: {"cohort": 1, "match": 1},
    15: {"preference": 2, "service": 1, "cohort": 1},
    16: {"gate": 1, "match": 1, "event": 1, "service": 1},
    17: {"match": 1, "event": 1, "indicator": 1},
    18: {"catalogue": 1, "match": 1},
    19: {"gate": 2, "service": 1},
    20: {"gate": 1, "preference": 2, "terms": 1, "service": 1},
    21: {"preference": 1, "gate": 1, "match": 1},
    22: {"cohort": 1, "event": 1, "match": 2},
    23: {"service": 3},
    24: {"indicator": 1, "supervise": 2, "cohort": 1},
    25: {"certify": 1, "service": 1, "indicator": 1},
    26: {"certify": 1, "supervise": 1, "indicator": 2},
}
SLOTS = [1, 2, 6, 7, 9, 10, 15, 20, 21, 25]
WITHOUT_LOCALITIES = [9]


@pytest.fixture(scope="module")
def national():
    return default_library().national


def numeral(number: int) -> str:
    """7 → 七, 12 → 十二, 26 → 二十六."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return ten + (NUMERALS[ones - 1] if ones else "")


def test_all_measures_stand_with_their_clause(national):
    assert [(each.number, each.clause) for each in national.measures.values()] == [
        (number, f"（{numeral(number)}）") for number in range(1, 27)
    ]


@pytest.mark.parametrize("number", KINDS)
def test_measure_holds_its_kinds(national, number):
    """All of them with the further lists; its own file holds nothing else."""
    block = load_block(national.folder / f"measures/m{number:02}.yaml")
    in_file = Counter(
        each.take_choice("kind", [*MechanismKind])
        for each in block.take_blocks("mechanisms")
    )
    measure = national.measures[f"m{number:02}"]
    everywhere = Counter(each.kind.value for each in measure.mechanisms)

    assert in_file <= Counter(KINDS[number]) <= everywhere


def test_ten_slots_are_left_to_places_and_nothing_else(national):
    slots = [
        (measure.number, each.strength)
        for measure in national.measures.values()
        for each in measure.mechanisms
        if each.slot
    ]

    assert [number for number, _ in slots] == SLOTS
    assert {n for n, strength in slots if strength is not Strength.ENCOURAGE} == {6}
    assert not [m.id for m in national.mechanisms.values() if m.limits]


def test_each_measure_names_the_places_but_one(national):
    without = [
        measure.number
        for measure in national.measures.values()
        if "各地区" not in {each.chinese for each in measure.agencies}
    ]

    assert without == WITHOUT_LOCALITIES


def test_nothing_of_the_measures_states_an_amount(national):
    """43号 has none: amounts are the places' and other texts'."""
    own = [
        each
        for each in national.mechanisms.values()
        if each.rule_set.document == "43-2024"
    ]

    assert len(own) > 80
    assert [each.id for each in own if each.amount or each.rule_set.values] == []


@pytest.mark.parametrize(
    ("titles", "outcomes"),
    [
        ({"holds_srdi": False, "holds_little_giant": False}, (UNMET, UNMET)),
        ({"holds_srdi": True, "holds_little_giant": False}, (MET, UNMET)),
        ({"holds_srdi": False, "holds_little_giant": True}, (MET, MET)),
        ({}, (UNKNOWN, UNKNOWN)),
    ],
)
def test_gates_go_by_title(national, titles, outcomes):
    package = put_together(national, Facts.of(titles), on=ON, territory="110101")
    found = {
        each.id: (each.mechanism.audience, each.outcome)
        for each in package.entitlements
        if each.mechanism.rule_set.document == "43-2024"
        and [c.id for c in each.mechanism.rule_set.criteria]
        in (["srdi_title"], ["little_giant_title"])
    }
    by_audience = {
        a: {o for b, o in found.values() if a == b} for a, _ in found.values()
    }

    assert by_audience == {
        "srdi": {outcomes[0]},
        "little_giant": {outcomes[1]},
    }


def test_conditions_no_text_states_go_to_people(national):
    facts = Facts.of({"holds_srdi": True, "holds_little_giant": False})
    package = put_together(national, facts, on=ON, territory="110101")

    assert package.find("listing_cultivation").outcome is MANUAL
    assert package.find("ip_prior_examination").outcome is MANUAL


def test_every_service_can_be_asked_for(national):
    services = {
        each.service
        for each in national.mechanisms.values()
        if each.kind is MechanismKind.SERVICE and each.id != "enterprise_plan"
    }

    assert "" not in services
    assert services >= {
        "ip_prior_examination",
        "management_diagnosis",
        "compliance_checkup",
        "governance_checkup",
        "bridge_loan",
        "title_review",
        "energy_diagnosis",
        "foreign_experts",
        "metrology_visit",
        "aeo_guidance",
        "service_package",
    }


def test_made_up_province_fills_every_slot():
    demo = default_library().for_territory("990101")
    slots = {each.slot for each in demo.mechanisms.values() if each.slot}
    filled = {m.fills for m in demo.mechanisms.values() if m.fills}
    here = {
        place: {
            each.id
            for each in put_together(
                demo, Facts.of({}), on=ON, territory=place
            ).entitlements
            if each.id.startswith("demo_")
        }
        for place in ("990102", "990221")
    }

    assert filled == slots
    assert here["990102"] - here["990221"] == {
        "demo_upgrade_qiming",
        "demo_equipment_interest",
        "demo_title_award_qiming",
    }
    assert here["990221"] - here["990102"] == {
        "demo_land_wangyue",
        "demo_science_envoy",
    }
