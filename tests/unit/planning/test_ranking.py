"""Rankings with preferences: totals, ties, lots, and what is allotted."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rules.little_measures import mechanism_of, write_pack
from tidu.planning.ranking import Applicant, Programme, Remainder, rank
from tidu.planning.seeds import ticket
from tidu.rules.facts import Facts
from tidu.rules.packs import load_pack

ON = datetime.date(2026, 6, 1)
WHO = """
who: [{id: held, label: 有称号, english: titled, clause: 一, require: titled}]
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return load_pack(write_pack(tmp_path_factory.mktemp("little"), WHO))


def applicant(key, base, *, titled=None, asked=None) -> Applicant:
    facts = Facts({} if titled is None else {"titled": titled})
    return Applicant(key, key, facts, Decimal(base), asked and Decimal(asked))


def programme(pack, points="5", **others) -> Programme:
    mechanism = pack.mechanisms["subsidy"]
    return Programme(((mechanism, Decimal(points)),), "2026-06-01 某所", **others)


def keys(ranked) -> list[str]:
    return [each.applicant.key for each in ranked]


def test_a_preference_that_is_met_lifts_the_total(pack):
    found = rank(
        [applicant("plain", 82), applicant("titled", 80, titled=True)],
        programme(pack),
        pack,
        ON,
    )

    assert keys(found) == ["titled", "plain"]
    assert [each.total for each in found] == [85, 82]
    assert found[0].preferences[0].counts


def test_an_open_preference_is_not_counted_and_says_what_is_missing(pack):
    (found,) = rank([applicant("open", 80)], programme(pack), pack, ON)

    assert found.total == 80
    assert [each.entitlement.missing for each in found.open] == [["titled"]]


def test_zero_points_decide_among_equals_only(pack):
    firms = [
        applicant("higher", 81),
        applicant("equal", 80),
        applicant("titled", 80, titled=True),
    ]

    found = rank(firms, programme(pack, "0"), pack, ON)

    assert keys(found) == ["higher", "titled", "equal"]
    assert not any(each.lot for each in found)


def test_what_is_still_equal_is_drawn_by_lots_of_the_seed(pack):
    firms = [applicant(key, 80) for key in "abcdef"]
    asked = programme(pack)

    found = rank(firms, asked, pack, ON)

    assert keys(found) == sorted("abcdef", key=lambda key: ticket(asked.seed, key))
    assert all(each.lot for each in found)
    other = dataclasses.replace(asked, seed="another")
    assert keys(rank(firms, other, pack, ON)) != keys(found)


def test_places_go_to_the_first(pack):
    firms = [applicant("a", 3), applicant("b", 2), applicant("c", 1)]

    found = rank(firms, programme(pack, places=2), pack, ON)

    assert [each.allotted for each in found] == [1, 1, 0]


@pytest.mark.parametrize(
    ("remainder", "shares"),
    [
        (Remainder.STOP, [60, 0, 0]),
        (Remainder.GIVE, [60, 40, 0]),
        (Remainder.NEXT, [60, 0, 30]),
    ],
)
def test_money_that_does_not_suffice_goes_by_the_rule(pack, remainder, shares):
    firms = [
        applicant("a", 3, asked=60),
        applicant("b", 2, asked=50),
        applicant("c", 1, asked=30),
    ]
    asked = programme(pack, budget=Decimal(100), remainder=remainder)

    assert [each.allotted for each in rank(firms, asked, pack, ON)] == shares


def test_money_that_just_suffices_is_given(pack):
    firms = [applicant("a", 3, asked=60), applicant("b", 2, asked=40)]

    found = rank(firms, programme(pack, budget=Decimal(100)), pack, ON)

    assert [each.allotted for each in found] == [60, 40]


def test_two_applicants_with_one_key_are_refused(pack):
    with pytest.raises(ValueError, match="share a key"):
        rank([applicant("a", 1), applicant("a", 2)], programme(pack), pack, ON)


def test_a_fixed_grant_is_no_preference_for_anybody_but_who_meets_it(pack):
    mechanism = dataclasses.replace(mechanism_of("other", None), measure="m06")
    everybody = Programme(((mechanism, Decimal(1)),), "seed")

    (found,) = rank([applicant("a", 1)], everybody, pack, ON)

    assert found.total == 2  # a preference without conditions is everybody's


firms = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([None, True, False])), max_size=8
)


@given(firms, st.integers(0, 3), st.integers(0, 5))
def test_nobody_stands_above_who_has_more(pack, firms, points, places):
    applicants = [
        applicant(str(at), base, titled=titled)
        for at, (base, titled) in enumerate(firms)
    ]

    found = rank(applicants, programme(pack, str(points), places=places), pack, ON)

    totals = [each.total for each in found]
    assert totals == sorted(totals, reverse=True)
    assert [each.rank for each in found] == list(range(1, len(firms) + 1))
    assert sum(each.allotted for each in found) == min(places, len(firms))
    shuffled = rank(
        applicants[::-1], programme(pack, str(points), places=places), pack, ON
    )
    assert keys(shuffled) == keys(found)
