"""Small rounds against every possible assignment; both ways agree on what is best."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.planning import assignment as module
from tidu.planning.assignment import assign, check_assignment
from tidu.planning.reviewing import ReviewCase, Reviewer, TooFewExpertsError, spread

FIELDS = ["机械", "材料"]


@st.composite
def rounds(draw):
    cases = [
        ReviewCase(f"案{at}", draw(st.sampled_from(FIELDS)), draw(st.integers(1, 2)))
        for at in range(draw(st.integers(1, 4)))
    ]
    experts = [
        Reviewer(
            f"专{at}",
            draw(st.sampled_from("甲乙丙")),
            draw(st.frozensets(st.sampled_from(FIELDS))),
            draw(st.integers(0, 4)),
            draw(st.integers(0, 2)),
        )
        for at in range(draw(st.integers(1, 5)))
    ]
    pairs = [(case.id, expert.id) for case in cases for expert in experts]
    return cases, experts, draw(st.frozensets(st.sampled_from(pairs)))


def every_assignment(cases, experts, conflicts):
    """Missed fields and spread of each assignment that keeps the hard rules."""
    choices = [
        [
            chosen
            for chosen in itertools.combinations(experts, case.reviews)
            if len({each.organisation for each in chosen}) == case.reviews
            and all((case.id, each.id) not in conflicts for each in chosen)
        ]
        for case in cases
    ]
    for chosen in itertools.product(*choices):
        loads = {each.id: each.load for each in experts}
        for each in itertools.chain(*chosen):
            loads[each.id] += 1
        if all(loads[e.id] <= max(e.limit, e.load) for e in experts):
            missed = sum(
                case.field not in each.fields
                for case, group in zip(cases, chosen, strict=True)
                for each in group
            )
            yield missed, spread(loads.values())


@given(rounds())
def test_nothing_beats_what_is_found(made):
    cases, experts, conflicts = made
    best = min(every_assignment(cases, experts, conflicts), default=None)
    for at_once in (0, 40_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_AT_ONCE", at_once)
            if best is None:
                with pytest.raises(TooFewExpertsError):
                    assign(cases, experts, conflicts=conflicts, seed="一")
            else:
                found = assign(cases, experts, conflicts=conflicts, seed="一")
                assert (len(found.missed), found.spread) == best
                assert (found.least_missed, found.least_spread) == best
                told = check_assignment(found, cases, experts, conflicts=conflicts)
                assert told == []


@given(rounds(), st.integers(0, 3))
def test_a_barred_expert_changes_nothing_but_the_spread(made, load):
    cases, experts, conflicts = made
    idle = Reviewer("闲", "闲", frozenset(FIELDS), limit=0, load=load)
    barred = conflicts | {(case.id, "闲") for case in cases}
    try:
        found = assign(cases, [*experts, idle], conflicts=barred, seed="一")
    except TooFewExpertsError:
        with pytest.raises(TooFewExpertsError):
            assign(cases, experts, conflicts=conflicts, seed="一")
    else:
        alone = assign(cases, experts, conflicts=conflicts, seed="一")
        assert found.loads == {**alone.loads, "闲": load}
        assert found.seats == alone.seats
