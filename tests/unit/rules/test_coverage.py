"""Which outcomes and borders a tree can have."""

import datetime

import pytest

from tests.unit.rules.little_pack import write_pack
from tidu.rules import nodes
from tidu.rules.coverage import borders, possible
from tidu.rules.facts import FactType
from tidu.rules.outcomes import MET, UNKNOWN, UNMET
from tidu.rules.packs import load_pack
from tidu.rules.parse import Names, parse_condition
from tidu.rules.scope import Scope

THREE = {"met", "unmet", "unknown"}
POSSIBLE = [
    ("revenue >= '5元'", THREE),
    ("good", THREE),
    ("not good", THREE),
    ("manual()", {"manual"}),
    ("reviewed(good)", {"met", "unmet", "manual"}),
    ("reviewed(staff >= 1, good)", {"met", "unmet", "unknown", "manual"}),
    ("ever(revenue > 0)", {"met", "unknown"}),
    ("not ever(revenue > 0)", {"unmet", "unknown"}),
    ("each_year(2, revenue > 0)", THREE),
    ("where_given(good)", THREE),
    ("manual() and good", {"manual", "unmet", "unknown"}),
    ("manual() or good", {"manual", "met", "unknown"}),
    ("at_least(1, good, staff > 1)", THREE),
    ("manual() if good else manual()", {"manual", "unknown"}),
]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    return Names(load_pack(write_pack(tmp_path_factory.mktemp("pack"))).facts)


def on_border(tree, **values):
    scope = Scope(values, datetime.date(2026, 6, 1), 2026)
    return {name for name, is_on in borders(tree).items() if is_on(scope)}


@pytest.mark.parametrize(("text", "expected"), POSSIBLE)
def test_outcomes_a_condition_can_have(names, text, expected):
    assert {each.value for each in possible(parse_condition(text, names))} == expected


def test_a_score_item_that_always_gives_points_is_never_unmet():
    step = nodes.Step(nodes.Flag(nodes.FactRef("good", FactType.BOOLEAN)), 10)

    assert possible(nodes.Bands((step,), 5)) == {MET, UNKNOWN}
    assert possible(nodes.Bands((step,), 10)) == {MET}
    assert possible(nodes.Bands((step,), 0)) == {MET, UNMET, UNKNOWN}


def test_each_threshold_is_a_border(names):
    tree = parse_condition("revenue >= '5元' and not share < '3%'", names)

    assert list(borders(tree)) == ["revenue = 5元", "share = 3%"]


def test_two_facts_compared_have_no_border(names):
    assert borders(parse_condition("revenue >= revenue[y2]", names)) == {}


def test_exactly_on_the_bound_is_on_the_border(names):
    tree = parse_condition("revenue > '5元'", names)

    assert on_border(tree, revenue={2025: 5}) == {"revenue = 5元"}
    assert on_border(tree, revenue={2025: 4}) == set()
    assert on_border(tree) == set()


def test_a_ratio_is_on_the_border_without_rounding(names):
    tree = parse_condition("ratio(revenue, revenue[y2]) >= '3%'", names)
    [name] = borders(tree)

    assert on_border(tree, revenue={2025: 3, 2024: 100}) == {name}
    assert on_border(tree, revenue={2025: 3, 2024: 0}) == set()
    assert on_border(tree, revenue={2025: 3, 2024: 101}) == set()


def test_a_border_asked_of_several_years_counts_in_any_of_them(names):
    tree = parse_condition("each_year(2, revenue >= '5元')", names)

    assert on_border(tree, revenue={2025: 9, 2024: 5}) == {"revenue = 5元"}
    assert on_border(tree, revenue={2025: 9, 2023: 5}) == set()


def test_a_border_of_some_year_counts_in_any_year_on_file(names):
    tree = parse_condition("ever(revenue > 0)", names)

    assert on_border(tree, revenue={2022: 0}) == {"revenue = 0"}
