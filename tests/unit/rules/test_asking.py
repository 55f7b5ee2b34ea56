"""What a form must ask so that schemes can be judged."""

from __future__ import annotations

import datetime

import pytest

from tidu.rules.asking import asked_facts, criteria_named, lacking
from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

ON = datetime.date(2026, 6, 1)
LIBRARY = default_library()
PACK = LIBRARY.national
PROVINCE = LIBRARY.for_territory("99")


def keys(schemes, *, pack=PACK, on=ON, kind=Kind.NEW):
    return {each.key: each for each in asked_facts(pack, schemes, on, kind)}


@pytest.mark.parametrize("scheme", PACK.schemes)
def test_whatever_is_missing_is_asked(scheme):
    standing = stand(PACK, scheme, prepare(Facts({}), PACK, ON), on=ON)
    missing = {key for finding in standing.findings for key in finding.missing}
    found = keys([scheme])

    assert missing
    assert {key for key, each in found.items() if each.required} == missing


def test_needs_stand_in_the_order_of_the_dictionary_with_the_latest_year_first():
    found = [
        n.key for n in asked_facts(PACK, ["srdi_sme"], ON) if "rnd_expense" in n.key
    ]
    order = [fact_id for each in keys(PACK.schemes) for fact_id in [each.split("@")[0]]]

    assert found == ["rnd_expense@2025", "rnd_expense@2024"]
    assert order == sorted(order, key=list(PACK.facts).index)


def test_each_need_says_what_it_decides():
    found = keys(["srdi_sme"])

    assert found["total_liabilities@2025"].decides == ("srdi_sme/debt_ratio",)
    assert set(found["revenue@2025"].decides) > {"srdi_sme/rnd_each_year"}
    named = criteria_named(PACK, ["srdi_sme"], ON)
    assert named["srdi_sme/debt_ratio"].chinese == "上年末资产负债率"


@pytest.mark.parametrize(
    ("key", "scheme"),
    [
        ("larger_safety_accident", "srdi_sme"),  # read where it is given
        ("niche_since", "srdi_sme"),  # a date that wins over years
        ("innovative_valid_until", "srdi_sme"),  # a date that ends a title
        ("staff_total@2025", "tech_sme"),  # another basis of the same figure
    ],
)
def test_what_only_refines_an_answer_is_asked_but_not_required(key, scheme):
    assert keys([scheme])[key].required is False


def test_what_only_a_reviewer_sets_is_never_asked():
    found = keys(PACK.schemes)

    assert {"market_position_reviewed", "key_field_reviewed"} & set(found) == set()


def test_a_fact_the_pack_computes_is_asked_through_what_it_is_computed_from():
    day = datetime.date(2025, 6, 1)
    national = keys(["srdi_sme"], on=day)
    local = keys(["srdi_sme"], on=day, pack=PROVINCE)

    assert "local_feature_score" in national
    assert "local_feature_score" not in local
    assert local["demo_export_share"].decides == local["demo_local_chain"].decides


def test_a_scheme_without_a_rule_set_asks_nothing():
    long_ago = datetime.date(1990, 1, 1)

    assert keys(["srdi_sme"], on=long_ago) == {}
    assert criteria_named(PACK, ["srdi_sme"], long_ago) == {}


def test_what_known_facts_decide_is_no_longer_lacking():
    nothing = lacking(PACK, Facts({}), ["srdi_sme"], ON)
    barred = Facts.of({"abnormal_list": True})
    titled = Facts.of({"holds_tech_sme": True})

    assert "holds_innovative_sme" in nothing
    assert lacking(PACK, barred, ["srdi_sme"], ON) == []
    assert "holds_innovative_sme" not in lacking(PACK, titled, ["srdi_sme"], ON)


def test_a_known_input_of_a_computed_fact_is_not_lacking():
    day = datetime.date(2025, 6, 1)
    known = Facts.of({"demo_local_chain": True})

    found = lacking(PROVINCE, known, ["srdi_sme"], day)

    assert "demo_export_share" in found
    assert "demo_local_chain" not in found
