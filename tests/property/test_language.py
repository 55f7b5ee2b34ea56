"""Laws of the rule language on random trees and random facts."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tidu.rules import nodes
from tidu.rules.evaluate import condition, value
from tidu.rules.facts import FactType
from tidu.rules.library import default_library
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
from tidu.rules.parse import Names, parse_condition
from tidu.rules.printing import print_expression
from tidu.rules.scope import Scope, as_range

PACK = default_library().national
NAMES = Names(PACK.facts, {}, (), PACK.tables)
ON = datetime.date(2026, 6, 1)

outcomes = st.sampled_from(list(Outcome))
many = st.lists(outcomes, max_size=5)


# -- the truth tables as laws ----------------------------------------------------


@given(many, st.randoms())
def test_joining_does_not_depend_on_the_order(items, dice):
    shuffled = dice.sample(items, len(items))
    assert join_all(items) is join_all(shuffled)
    assert join_any(items) is join_any(shuffled)


@given(many, many)
def test_joining_may_be_done_in_parts(left, right):
    assert join_all([join_all(left), join_all(right)]) is join_all(left + right)
    assert join_any([join_any(left), join_any(right)]) is join_any(left + right)


@given(many)
def test_what_does_not_apply_leaves(items):
    assert join_all([*items, NOT_APPLICABLE]) is join_all(items)
    assert join_any([*items, NOT_APPLICABLE]) is join_any(items)


@given(many)
def test_de_morgan(items):
    swapped = [negate(each) for each in items]
    assert negate(join_all(items)) is join_any(swapped)
    assert negate(join_any(items)) is join_all(swapped)


@given(st.lists(outcomes, min_size=1, max_size=5))
def test_at_least_one_is_any_and_at_least_all_is_all(items):
    applying = [each for each in items if each is not NOT_APPLICABLE]
    assert join_at_least(1, items) is join_any(items)
    if applying:
        assert join_at_least(len(applying), items) is join_all(items)


# -- trees ------------------------------------------------------------------------

MONEY = ("revenue", "rnd_expense", "total_assets", "new_equity")
FLAGS = ("listed", "own_brand", "high_tech")


def fact(fact_id: str, offset: int | None) -> nodes.FactRef:
    return nodes.FactRef(fact_id, PACK.facts[fact_id].type, offset)


yearly = st.builds(fact, st.sampled_from(MONEY), st.integers(0, 3))
flags = st.builds(fact, st.sampled_from(FLAGS), st.none())
yuan = st.integers(1, 10**9).map(lambda n: nodes.Number(Decimal(n), "元", f"{n}元"))
percent = st.integers(1, 300).map(
    lambda n: nodes.Number(Decimal(n) / 100, "%", f"{n}%")
)
plain = st.integers(1, 20).map(lambda n: nodes.Number(Decimal(n), "", str(n)))
operators = st.sampled_from([">=", ">", "<=", "<", "==", "!="])
orders = st.sampled_from([">=", ">", "<=", "<"])


def sum_years(count: int, of: nodes.FactRef, *, mean: bool) -> nodes.SumYears:
    bounded = PACK.facts[of.id].accumulates
    return nodes.SumYears(count, of, mean=mean, lower_bound=bounded)


ratio_parts = st.one_of(yearly, st.builds(nodes.FirstGiven, st.tuples(yearly, yearly)))
comparisons = st.one_of(
    st.builds(nodes.Compare, operators, yearly, yuan),
    st.builds(nodes.Compare, operators, yearly, yearly),
    st.builds(
        nodes.Compare, orders, st.builds(nodes.Ratio, ratio_parts, yearly), percent
    ),
    st.builds(
        nodes.Compare,
        orders,
        st.builds(sum_years, st.integers(1, 3), yearly, mean=st.booleans()),
        yuan,
    ),
    st.builds(
        nodes.Compare,
        orders,
        st.builds(nodes.Growth, st.integers(1, 3), yearly, st.booleans()),
        percent,
    ),
    st.builds(
        nodes.Compare,
        orders,
        st.builds(nodes.Age, st.just(fact("established_on", None)), st.just("years")),
        plain,
    ),
    st.builds(
        nodes.Compare,
        orders,
        st.just(nodes.PartOf(fact("class1_ip_in_use", None), fact("class1_ip", None))),
        plain,
    ),
    st.builds(
        nodes.Compare,
        st.just("<="),
        st.just(nodes.Grade(PACK.tables["sme_size"])),
        st.integers(1, 4).map(lambda n: nodes.Number(Decimal(n), "", str(n))),
    ),
)
choices = st.lists(
    st.sampled_from(["none", "city", "province", "national"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda found: nodes.Is(fact("rnd_institution", None), tuple(found)))
leaves = st.one_of(
    comparisons,
    choices,
    st.builds(nodes.Flag, flags),
    st.just(nodes.Has(fact("dq01", None), "automation")),
    st.just(nodes.Manual()),
)


def composed(inner):
    pairs = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(nodes.All, pairs),
        st.builds(nodes.Any, pairs),
        st.builds(nodes.Not, inner),
        st.builds(nodes.Choose, inner, inner, inner),
        st.builds(nodes.AtLeast, st.integers(1, 2), pairs),
        st.builds(nodes.EachYear, st.integers(1, 2), inner),
        st.builds(nodes.Reviewed, st.just(fact("key_field_reviewed", None)), inner),
    )


trees = st.recursive(leaves, composed, max_leaves=8)


@given(trees)
def test_reading_what_was_printed_gives_the_tree_again(tree):
    assert parse_condition(print_expression(tree), NAMES) == tree


# -- facts ------------------------------------------------------------------------

amounts = st.integers(-2, 10**9).map(Decimal)
filled = st.fixed_dictionaries(
    {
        **{
            name: st.fixed_dictionaries(dict.fromkeys(range(2019, 2027), amounts))
            for name in MONEY
        },
        **{name: st.booleans() for name in FLAGS},
        "established_on": st.dates(datetime.date(2000, 1, 1), ON),
        "class1_ip": st.integers(5, 9),
        "class1_ip_in_use": st.integers(0, 5),
        "rnd_institution": st.sampled_from(["none", "city", "province", "national"]),
        "dq01": st.sampled_from([frozenset(), frozenset({"automation"})]),
        "employees": st.fixed_dictionaries({2025: st.integers(0, 2000)}),
        "industry": st.sampled_from(["3912", "5111", "6513", "4710", "7010"]),
    }
)


def hide(full: dict, dice) -> dict:
    """The same facts with some of them unknown."""
    known: dict = {}
    for name, found in full.items():
        if isinstance(found, dict):
            kept = {year: v for year, v in found.items() if dice.random() < 0.6}
            if kept:
                known[name] = kept
        elif dice.random() < 0.6:
            known[name] = found
    return known


def scope(values: dict) -> Scope:
    return Scope(values, ON, ON.year)


def readable(tree: nodes.Node) -> bool:
    """Trees whose answers only firm up: events must not be negative, and
    first_given() may by design prefer a figure that comes later."""
    kinds = [type(each) for each in nodes.walk(tree)]
    return nodes.FirstGiven not in kinds


@given(trees.filter(readable), filled, st.randoms())
def test_a_decided_outcome_stays_when_more_becomes_known(tree, full, dice):
    for year, amount in full["new_equity"].items():
        full["new_equity"][year] = abs(amount)
    check = condition(tree)
    early, late = check(scope(hide(full, dice))), check(scope(full))
    if early in {MET, UNMET}:
        # A base that turns out not to be positive still asks people.
        assert late in {early, MANUAL}


@given(filled, st.randoms())
def test_the_size_grade_lies_within_what_was_open(full, dice):
    grade = value(nodes.Grade(PACK.tables["sme_size"]))
    full = {**full, "revenue": {2025: abs(full["revenue"][2025])},
            "total_assets": {2025: abs(full["total_assets"][2025])}}  # fmt: skip
    low, high = as_range(grade(scope(hide(full, dice))))
    exact = grade(scope(full))
    assert low <= exact <= high


steps = st.lists(
    st.builds(nodes.Step, leaves, st.integers(0, 10).map(Decimal)),
    min_size=1,
    max_size=4,
).map(tuple)
points = st.one_of(
    st.builds(nodes.Bands, steps), st.builds(nodes.Sum, steps, st.just(Decimal(12)))
)


def without_first_given(tree: nodes.Node) -> bool:
    return all(not isinstance(each, nodes.FirstGiven) for each in nodes.walk(tree))


@given(points.filter(without_first_given), filled, st.randoms())
def test_the_range_of_points_contains_every_completion(tree, full, dice):
    for year, amount in full["new_equity"].items():
        full["new_equity"][year] = abs(amount)
    read = value(tree)
    low, high = as_range(read(scope(hide(full, dice))))
    least, most = as_range(read(scope(full)))
    if least == most:
        assert low <= least <= high


@given(st.integers(1, 10**13), st.integers(1, 99_999), st.integers(-1, 1))
def test_ratio_borders_are_decided_as_whole_numbers_say(base, ten_thousandths, off):
    """Cents and hundredths of a percent, compared in integers."""
    part = base * ten_thousandths + off
    node = nodes.Compare(
        ">=",
        nodes.Ratio(fact("rnd_expense", 1), fact("revenue", 1)),
        nodes.Number(Decimal(ten_thousandths) / 10_000, "%"),
    )
    found = condition(node)(
        scope(
            {
                "rnd_expense": {2025: Decimal(part) / 10_000},
                "revenue": {2025: Decimal(base)},
            }
        )
    )
    assert (found is MET) == (part >= base * ten_thousandths)


def test_unknown_facts_decide_nothing_by_themselves():
    assert condition(nodes.Flag(fact("listed", None)))(scope({})) is UNKNOWN
    assert FactType.BOOLEAN is PACK.facts["listed"].type
