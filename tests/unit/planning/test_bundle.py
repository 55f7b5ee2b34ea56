"""The best bundle against every combination, and what it says it gave up."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rules.little_measures import measure_of, mechanism_of, pack_of
from tidu.planning.bundle import best_bundle, exclusions
from tidu.rules import nodes
from tidu.rules.amounts import Leaf, work_out
from tidu.rules.assess import assess
from tidu.rules.entitlements import Entitlement, Package
from tidu.rules.facts import Facts, FactType
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.scope import Scope

ON = datetime.date(2026, 6, 1)


def entitlement(
    name: str, worth: Decimal | None, **exclusions_of: object
) -> Entitlement:
    """Something the firm may have, worth so much, or of no stated amount."""
    pack = pack_of()
    mechanism = mechanism_of(name, worth, **exclusions_of)
    standing = assess(pack, mechanism.rule_set, Facts({}), on=ON)
    amount = None
    if mechanism.amount:
        amount = work_out(mechanism.amount, Scope({}, ON, ON.year))
    return Entitlement(
        mechanism,
        measure_of(mechanism),
        dataclasses.replace(standing, outcome=MET),
        mechanism.rule_set.windows[0],
        amount,
    )


def open_entitlement() -> Entitlement:
    """A grant everybody may have, of an amount that lacks a figure."""
    found = entitlement("open", Decimal(1))
    income = nodes.FactRef("taxable_income", FactType.MONEY, 1)
    line = dataclasses.replace(found.mechanism.amount.lines[0], formula=Leaf(income))
    rule = dataclasses.replace(found.mechanism.amount, lines=(line,))
    return dataclasses.replace(found, amount=work_out(rule, Scope({}, ON, ON.year)))


def package(*entitlements: Entitlement) -> Package:
    return Package(pack_of(), Facts({}), ON, "", entitlements)


amounts = st.one_of(
    st.none(), st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False)
)


@st.composite
def offers(draw: st.DrawFn) -> list[Entitlement]:
    count = draw(st.integers(0, 8))
    names = [f"m{at}" for at in range(count)]
    found = []
    for at, name in enumerate(names):
        others = st.sets(st.sampled_from(names[:at])) if at else st.just(set())
        found.append(
            entitlement(
                name,
                draw(amounts),
                choose_one=draw(st.sampled_from(["", "a", "b"])),
                not_with=tuple(sorted(draw(others))),
            )
        )
    return found


def every_combination(offered: list[Entitlement]) -> Decimal:
    """The most any allowed combination is worth, by trying all of them."""
    apart = set(exclusions(offered))
    best = Decimal(0)
    for size in range(len(offered) + 1):
        for chosen in itertools.combinations(range(len(offered)), size):
            if not apart & set(itertools.combinations(chosen, 2)):
                best = max(
                    best, sum((offered[c].worth or 0 for c in chosen), Decimal(0))
                )
    return best


@given(offers())
def test_no_combination_is_worth_more(offered):
    bundle = best_bundle(package(*offered))

    assert bundle.worth == every_combination(offered)
    assert not list(exclusions(bundle.kept))


@given(offers())
def test_what_was_given_up_names_what_is_kept_instead(offered):
    bundle = best_bundle(package(*offered))

    kept = {each.id for each in bundle.kept}
    given_up = {each.entitlement.id for each in bundle.given_up}
    assert kept | given_up == {each.id for each in offered}
    assert not kept & given_up
    for each in bundle.given_up:
        assert each.instead
        assert {other.id for other in each.instead} <= kept


def test_two_small_ones_beat_one_large_one():
    large = entitlement("large", Decimal(100), not_with=("left", "right"))
    left, right = entitlement("left", Decimal(60)), entitlement("right", Decimal(50))

    bundle = best_bundle(package(large, left, right))

    assert [each.id for each in bundle.kept] == ["left", "right"]
    assert bundle.given_up[0].sentence() == "与“left”不能同时享受：这项100元，那项110元"


def test_an_amount_nobody_knows_never_outweighs_a_sure_cent():
    sure = entitlement("sure", Decimal("0.01"), choose_one="rate")
    open_one = entitlement("open", None, choose_one="rate")

    bundle = best_bundle(package(open_one, sure))

    assert [each.id for each in bundle.kept] == ["sure"]
    assert "还算不出来" in bundle.given_up[0].sentence()


def test_what_is_not_met_is_not_chosen():
    met = entitlement("met", Decimal(1))
    unmet = entitlement("unmet", Decimal(5))
    refused = dataclasses.replace(
        unmet, standing=dataclasses.replace(unmet.standing, outcome=UNMET)
    )

    bundle = best_bundle(package(met, refused))

    assert [each.id for each in bundle.kept] == ["met"]
    assert bundle.given_up == ()


@pytest.mark.parametrize("worth", [Decimal(7), None])
def test_equal_amounts_keep_the_first(worth):
    first = entitlement("first", worth, choose_one="rate")
    second = entitlement("second", worth, choose_one="rate")

    assert [e.id for e in best_bundle(package(first, second)).kept] == ["first"]


def test_open_money_is_counted_and_never_taken_as_zero():
    bundle = best_bundle(package(entitlement("sure", Decimal(5)), open_entitlement()))
    alone = best_bundle(package(open_entitlement()))

    assert bundle.total() == "至少5元，另有1项还算不出来"
    assert alone.total() == "还算不出来，1项缺数"
    assert best_bundle(package(entitlement("sure", Decimal(5)))).total() == "5元"
