"""Laws of the joins, over every combination of outcomes rather than a sample."""

import itertools

import pytest

from tidu.rules.outcomes import (
    NOT_APPLICABLE,
    Outcome,
    join_all,
    join_any,
    join_at_least,
    negate,
)

EVERY = list(Outcome)
PAIRS = list(itertools.product(EVERY, repeat=2))
TRIPLES = list(itertools.product(EVERY, repeat=3))
UP_TO_FOUR = [
    each for size in range(5) for each in itertools.product(EVERY, repeat=size)
]
JOINS = pytest.mark.parametrize("join", [join_all, join_any])


@JOINS
def test_join_is_commutative(join):
    assert [join([a, b]) for a, b in PAIRS] == [join([b, a]) for a, b in PAIRS]


@JOINS
def test_join_is_associative(join):
    left = [join([join([a, b]), c]) for a, b, c in TRIPLES]
    right = [join([a, join([b, c])]) for a, b, c in TRIPLES]

    assert left == right == [join(each) for each in TRIPLES]


@JOINS
def test_join_is_idempotent(join):
    assert [join([each, each]) for each in EVERY] == EVERY


@JOINS
def test_not_applicable_is_neutral(join):
    assert [join([each, NOT_APPLICABLE]) for each in EVERY] == EVERY


@JOINS
def test_join_of_nothing_is_not_applicable(join):
    assert join([]) is NOT_APPLICABLE


def test_negate_is_its_own_inverse():
    assert [negate(negate(each)) for each in EVERY] == EVERY


def test_de_morgan_holds():
    left = [negate(join_all(each)) for each in UP_TO_FOUR]
    right = [join_any(map(negate, each)) for each in UP_TO_FOUR]

    assert left == right


def test_at_least_one_is_any():
    found = [join_at_least(1, each) for each in UP_TO_FOUR]

    assert found == [join_any(each) for each in UP_TO_FOUR]


def test_at_least_every_applicable_one_is_all():
    applicable = [each for each in UP_TO_FOUR if NOT_APPLICABLE not in each and each]

    found = [join_at_least(len(each), each) for each in applicable]

    assert found == [join_all(each) for each in applicable]


def test_at_least_does_not_care_for_order():
    found = [join_at_least(2, each) for each in UP_TO_FOUR]

    assert found == [join_at_least(2, each[::-1]) for each in UP_TO_FOUR]


def test_not_applicable_leaves_at_least():
    found = [join_at_least(2, (*each, NOT_APPLICABLE)) for each in UP_TO_FOUR]

    assert found == [join_at_least(2, each) for each in UP_TO_FOUR]
