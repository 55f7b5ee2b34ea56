"""A grant over a table of firms: the same answers as one by one, exact amounts."""

import datetime
from decimal import Decimal

import pytest

from tidu.bulk.grants import Grant, exact, judged
from tidu.bulk.screen import open_snapshot
from tidu.bulk.snapshot import read_firms
from tidu.bulk.synth import Population, write_population
from tidu.rules.assess import prepare
from tidu.rules.entitlements import answer
from tidu.rules.library import default_library
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN

ON = datetime.date(2026, 6, 1)
FIRMS = 8_000


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("grants") / "firms.parquet"
    write_population(path, Population(FIRMS, 3, ON, default_library()))
    return open_snapshot(path, default_library(), warn=print)


def grant(name, scope=""):
    pack = default_library().for_territory("990000")
    return Grant(pack, pack.mechanisms[name], ON, scope)


@pytest.mark.parametrize("name", ["demo_tier_award", "high_tech_cit"])
def test_everybody_gets_the_answer_that_each_gets_alone(snapshot, name):
    asked = grant(name)
    pack, mechanism = asked.pack, asked.mechanism
    measure = pack.measures[mechanism.measure]
    expected, waiting = {}, set()
    for facts in read_firms(snapshot.path, default_library().facts):
        prepared = prepare(facts, pack, ON)
        found = answer(pack, mechanism, measure, prepared, ON)
        if found.outcome is MET:
            expected[facts.values["uscc"]] = found.amount.value
        elif found.outcome in {UNKNOWN, MANUAL}:
            waiting.add(facts.values["uscc"])

    with judged(snapshot, default_library(), asked) as found:
        counts = found.counts()
        got = {each.uscc: each.amount.value for each in found.entitled()}
        opened = {each.uscc: each.missing for each in found.open()}

    assert len(expected) > 20
    assert got == expected
    assert set(opened) == waiting
    assert all(opened.values())
    assert (counts.rows, counts.met, counts.open) == (FIRMS, len(got), len(opened))
    assert counts.met + counts.open + sum(counts.unmet.values()) == FIRMS


def test_the_facts_handed_on_give_the_same_amount_again(snapshot):
    asked = grant("demo_tier_award")

    with judged(snapshot, default_library(), asked) as found:
        some = list(found.entitled())

    assert {exact(each.amount) for each in some} == {
        Decimal(200_000),
        Decimal(500_000),
    }
    giants = [each for each in some if each.facts.get("holds_little_giant")]
    assert {exact(each.amount) for each in giants} == {Decimal(500_000)}
    assert set().union(*(each.facts for each in some)) == {
        "holds_srdi",
        "holds_little_giant",
        "srdi_valid_until",
        "little_giant_valid_until",
        "serious_dishonesty",
        "major_accident",
    }


def test_a_territory_sees_its_own_firms_only(snapshot):
    with judged(snapshot, default_library(), grant("demo_tier_award", "44")) as found:
        rows = found.counts().rows
    inside = [
        firm
        for firm in read_firms(snapshot.path, default_library().facts)
        if str(firm.values.get("territory", "")).startswith("44")
    ]

    assert 0 < rows < FIRMS
    assert rows == len(inside)


def test_an_amount_of_sums_and_extremes_names_what_is_missing(snapshot):
    asked = grant("small_profit_cit")

    with judged(snapshot, default_library(), asked) as found:
        counts, some = found.counts(), list(found.open())

    assert counts.open > counts.met
    assert any("taxable_income@2025" in each.missing for each in some)
