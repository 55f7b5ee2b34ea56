"""Double-random assignment: rules kept, loads even, chance repeatable, shortage told."""

import dataclasses
import itertools

import numpy as np
import pytest

from tidu.planning import assignment as module
from tidu.planning.assignment import assign, check_assignment, third_reviews
from tidu.planning.pairing import Hall, pair
from tidu.planning.quotas import Panel
from tidu.planning.reviewing import (
    Assignment,
    BadAssignmentError,
    ReviewCase,
    Reviewer,
    Seat,
    TooFewExpertsError,
)

ALL = frozenset({"机械", "材料"})
METHODS = [0, 40_000]  # by groups, at once


@pytest.fixture(params=METHODS, ids=["groups", "at once"])
def either(request, monkeypatch):
    """Both ways: quotas first, or every case a group of its own."""
    monkeypatch.setattr(module, "_AT_ONCE", request.param)


def cases(count, *, field="机械", reviews=2):
    return [ReviewCase(f"案{at:03}", field, reviews) for at in range(count)]


def reviewers(count, *, fields=ALL, limit=99, alike=1):
    return [
        Reviewer(f"专{at:03}", f"单位{at // alike}", frozenset(fields), limit)
        for at in range(count)
    ]


def people(assignment):
    found = {}
    for seat in assignment.seats:
        found.setdefault(seat.case, set()).add(seat.reviewer)
    return found


@pytest.mark.usefixtures("either")
def test_each_case_gets_its_reviews_and_loads_are_even():
    found = assign(cases(30), reviewers(7), seed="一")

    assert {len(each) for each in people(found).values()} == {2}
    assert sum(found.loads.values()) == 60
    assert (found.spread, found.least_spread, found.missed) == (1, 1, ())


@pytest.mark.usefixtures("either")
def test_conflicts_and_colleagues_stay_away():
    conflicts = {("案000", f"专00{at}") for at in range(4)}

    found = assign(cases(12), reviewers(8, alike=2), conflicts=conflicts, seed="一")

    assert conflicts.isdisjoint((seat.case, seat.reviewer) for seat in found.seats)
    for pair_ in people(found).values():
        assert len({int(each[1:]) // 2 for each in pair_}) == 2
    assert found.spread == 0


@pytest.mark.usefixtures("either")
def test_the_order_of_the_lists_does_not_matter_and_the_seed_does():
    some, experts = cases(20), reviewers(9)

    first = assign(some, experts, seed="一")

    assert assign(some[::-1], experts[::-1], seed="一") == first
    assert assign(some, experts, seed="二").seats != first.seats


@pytest.mark.usefixtures("either")
def test_a_field_comes_before_even_loads_and_what_is_missed_is_told():
    experts = [
        *reviewers(3, fields={"机械"}, limit=4),
        *[
            dataclasses.replace(each, id=f"外{each.id}", organisation=f"外{each.id}")
            for each in reviewers(3, fields={"材料"}, limit=10)
        ],
    ]

    found = assign(cases(8), experts, seed="一")

    assert len(found.missed) == found.least_missed == 4
    assert all(found.loads[f"专00{at}"] == 4 for at in range(3))
    assert found.spread == found.least_spread == 3
    assert found.sentences() == [
        "8件案卷分给6位专家，共16份评审；每人1至4份，相差3份",
        "领域、回避和上限使负担不能更均匀，已证明",
        "4份评审由其他领域的专家承担，最少4份",
    ]


def test_loads_held_before_are_evened_out():
    experts = [
        dataclasses.replace(each, load=load)
        for each, load in zip(reviewers(4), [6, 0, 0, 0], strict=True)
    ]

    found = assign(cases(9), experts, seed="一")

    assert sorted(found.loads.values()) == [6, 6, 6, 6]


def test_every_conflict_at_once_names_the_case():
    with pytest.raises(TooFewExpertsError) as caught:
        assign(
            cases(3),
            reviewers(4, alike=2),
            conflicts={("案001", "专000"), ("案001", "专001")},
            seed="一",
        )

    assert caught.value.lacking == {"机械": 1}
    assert str(caught.value) == (
        "回避后1件案卷（案001）的专家不够，还缺1位不同单位的专家；请增加专家"
    )
    assert "案001" in caught.value.sentence(english=True)


def test_no_expert_at_all():
    with pytest.raises(TooFewExpertsError, match="还缺6位"):
        assign(cases(3), [], seed="一")


@pytest.mark.usefixtures("either")
def test_limits_too_low_say_how_many_are_missing():
    with pytest.raises(TooFewExpertsError) as caught:
        assign(cases(10), reviewers(4, limit=4), seed="一")

    assert caught.value.lacking == {"机械": 4}
    assert str(caught.value) == (
        "专家不够，还缺4份评审，按每人4份至少1位专家（机械 4）；"
        "请增加专家，或提高每人的上限"
    )


def test_no_case_no_seat():
    found = assign([], reviewers(2), seed="一")

    assert found.seats == ()
    assert found.sentences()[0].startswith("0件案卷分给0位专家")
    assert found.reviewers_of("案000") == ()


@pytest.mark.parametrize(
    ("some", "experts"),
    [
        (cases(2) + cases(1), reviewers(3)),
        (cases(2), reviewers(3) + reviewers(1)),
        (cases(2, reviews=0), reviewers(3)),
    ],
    ids=["case twice", "expert twice", "no review"],
)
def test_lists_that_contradict_themselves_are_refused(some, experts):
    with pytest.raises(BadAssignmentError):
        assign(some, experts, seed="一")


def test_the_third_review_goes_to_somebody_new_and_even():
    some, experts = cases(10), reviewers(8, alike=2)
    first = assign(some, experts, seed="一")

    third = third_reviews(first, some, {"案002", "案007"}, experts, seed="一/三")

    assert set(people(third)) == {"案002", "案007"}
    for case, (third_person,) in people(third).items():
        houses = {int(each[1:]) // 2 for each in people(first)[case]}
        assert int(third_person[1:]) // 2 not in houses
    assert sum(third.loads.values()) == 22
    assert third.spread <= 1


def test_an_earlier_expert_who_left_the_pool_is_no_hindrance():
    some = [ReviewCase("案", "机械", 1, earlier=("走了",))]

    assert len(assign(some, reviewers(2), seed="一").seats) == 1


def test_quotas_that_no_pairing_keeps_fall_back_to_the_whole_problem(monkeypatch):
    """Two experts are free for the same case only: the quotas do not see that."""
    monkeypatch.setattr(module, "_AT_ONCE", 0)
    some = cases(2, reviews=1)
    experts = [*reviewers(2), Reviewer("忙", "忙", ALL, 99, load=5)]
    conflicts = {("案001", "专000"), ("案001", "专001"), ("另一轮", "专000")}

    found = assign(some, experts, conflicts=conflicts, seed="一")

    assert people(found)["案001"] == {"忙"}
    assert found.spread == found.least_spread == 6


def test_blocks_that_cannot_keep_their_share_are_paired_as_a_whole():
    """Each expert is free for one case only; the blocks may have dealt them apart."""
    count = 6
    barred = ~np.eye(count, dtype=np.bool_)
    hall = Hall(tuple(f"案{at}" for at in range(count)), barred, 1, block=1)
    panel = Panel(np.arange(count), np.zeros(count, dtype=np.int64), np.full(count, 9))

    found = pair(hall, np.ones(count, dtype=np.int64), panel, "一")

    assert found.ravel().tolist() == list(range(count))


def test_more_candidates_are_taken_where_the_first_do_not_suffice():
    """Case n may see experts up to n: one pairing only, and rarely with the nearest."""
    count = 80
    barred = ~np.tri(count, dtype=np.bool_)
    hall = Hall(tuple(f"案{at:03}" for at in range(count)), barred, 1)
    panel = Panel(np.arange(count), np.zeros(count, dtype=np.int64), np.full(count, 9))

    found = pair(hall, np.ones(count, dtype=np.int64), panel, "一")

    assert found.ravel().tolist() == list(range(count))


def test_a_sound_assignment_has_no_fault():
    some, experts = cases(6), reviewers(5)

    assert check_assignment(assign(some, experts, seed="一"), some, experts) == []


def test_faults_are_named():
    some, experts = cases(2), reviewers(4, limit=1, alike=2)
    seats = [
        Seat("案000", "专000", matched=True),
        Seat("案000", "专001", matched=True),
        Seat("案001", "专000", matched=True),
        Seat("案009", "专003", matched=True),
    ]
    bad = Assignment("一", tuple(seats), {}, 0, 0)

    found = check_assignment(bad, some, experts, conflicts={("案001", "专000")})

    assert found == [
        "专000应回避案001",
        "专000超过每人的上限，至案001",
        "案009或专003不在名单内",
        "案000有两位同一单位的专家",
        "案001的评审份数不对",
    ]


def test_a_changed_pool_does_not_repeat_the_draw():
    some, experts = cases(6), reviewers(5)
    found = assign(some, experts, seed="一")

    (told,) = check_assignment(found, some, reviewers(6))
    (english,) = check_assignment(found, some, reviewers(6), english=True)

    assert told == "用同一种子重做，结果不同；名单或名册已改动"
    assert english.isascii()


def test_an_unproved_difference_is_told_as_such():
    seats = (Seat("案000", "专000", matched=True),)
    found = Assignment("一", seats, {"专000": 3, "专001": 0}, 1, 0)

    assert found.sentences()[1] == "负担最少可以相差1份，未能证明能否更均匀"


def test_chance_reaches_every_pair():
    """Over many seeds nobody is sure to get a case, or sure not to."""
    some, experts = cases(4), reviewers(4)
    seen = {
        (seat.case, seat.reviewer)
        for seed in range(12)
        for seat in assign(some, experts, seed=str(seed)).seats
    }

    assert seen == set(itertools.product((c.id for c in some), (e.id for e in experts)))
