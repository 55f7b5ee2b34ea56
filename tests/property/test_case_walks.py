"""Random walks over every table of states keep what must always hold."""

import dataclasses
import datetime

from hypothesis import given
from hypothesis import strategies as st

from tidu.casework.case_clocks import FINAL, limit_of, runs_of, whole_of
from tidu.casework.models import Round
from tidu.rules.case_table import CERTIFIED, REFUSED, RETURNED, lifecycle_of
from tidu.rules.procedures import Level, Step, StepKind

ORDERED = list(Level)


@st.composite
def procedures(draw):
    """Steps of random kinds, from below up, the last of them a decision or not."""
    kinds = draw(
        st.lists(
            st.sampled_from([k for k in StepKind if k is not StepKind.DECISION]),
            min_size=0,
            max_size=8,
        )
    )
    heights = sorted(draw(st.lists(st.integers(0, 3), min_size=9, max_size=9)))
    steps = [
        Step(f"step{at}", kind, ORDERED[height])
        for at, (kind, height) in enumerate(zip(kinds, heights, strict=False))
    ]
    decides = draw(st.booleans()) or not steps
    if decides:
        last = steps[-1].level if steps else Level.COUNTY
        steps.append(Step("decision", StepKind.DECISION, last))
    return tuple(steps), decides


@given(procedures())
def test_no_table_has_a_fault(made):
    steps, decides = made
    assert lifecycle_of(steps, decides=decides).faults() == []


@dataclasses.dataclass(frozen=True)
class Walked:
    """One move of a walk."""

    event: str
    source: str
    target: str
    at: datetime.datetime
    sequence: int


BEGIN = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)


@given(
    procedures(),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 99)), max_size=60),
)
def test_on_every_walk_one_clock_runs_and_no_hour_is_lost(made, choices):
    steps, decides = made
    table = lifecycle_of(steps, decides=decides)
    state, step, at, moves = table.initial, "", BEGIN, []
    for choice, hours in choices:
        leaving = [
            each
            for each in table.leaving(state)
            if each.event not in {"resubmit", "reverse", "dismiss"}
            or each.target == step
        ]
        if not leaving:
            break
        move = leaving[choice % len(leaving)]
        at += datetime.timedelta(hours=hours)
        moves.append(Walked(move.event, state, move.target, at, len(moves) + 1))
        state = move.target
        step = state if any(each.id == state for each in steps) else step

    runs = runs_of(BEGIN, moves, limit_of(Round(limits={})))

    going = [each for each in runs if not each.ended_by and not each.clock.standing]
    assert [each.state for each in going] == ([] if state in FINAL else [state])
    assert all(bool(each.ended_by) is bool(each.clock.ended) for each in runs)
    ran = datetime.timedelta()
    for each in runs:
        clock = each.clock
        ran += (clock.ended or at) - clock.started
        for pause in clock.pauses:
            ran -= (pause.end or clock.ended or at) - pause.start
    assert ran == at - BEGIN  # every hour belongs to one state, and to one only
    whole = whole_of(moves)
    assert (whole is None) is (not any(each.event == "submit" for each in moves))


@given(procedures(), st.lists(st.integers(0, 20), max_size=60))
def test_a_walk_skips_no_step_before_it_certifies(made, choices):
    steps, decides = made
    table = lifecycle_of(steps, decides=decides)
    state, step, been = table.initial, "", set()
    for choice in choices:
        leaving = [
            each
            for each in table.leaving(state)
            # back to the step it was in: what moves it names that step
            if each.event not in {"resubmit", "reverse", "dismiss"}
            or each.target == step
        ]
        if not leaving:
            break
        move = leaving[choice % len(leaving)]
        if move.event in {"pass", "certify", "recommend"}:
            been.add(state)
        state = move.target
        if any(each.id == state for each in steps):
            assert steps[0].id == state or been >= {
                each.id for each in steps[: [s.id for s in steps].index(state)]
            }
            step = state
    if state == CERTIFIED and decides:
        assert been == {each.id for each in steps}
    assert table.states[state].final or table.leaving(state)
    assert state not in {REFUSED, RETURNED} or step
