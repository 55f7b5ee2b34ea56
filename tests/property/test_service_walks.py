"""Random walks over the states of a request keep what must always hold."""

from hypothesis import given
from hypothesis import strategies as st

from tidu.rules.service_table import (
    ACCEPTED,
    ANSWERED,
    ASKED,
    CLOSED,
    CONFIRMED,
    DISPUTED,
    EVENT_LABELS,
    FINAL,
    SERVICE_TABLE,
    STANDING,
    STATES,
    WITHDRAWN,
)


def test_every_state_has_an_owner_and_a_way_out():
    assert SERVICE_TABLE.faults() == []
    for state in STATES.values():
        ways = SERVICE_TABLE.leaving(state.id)
        assert state.final or any(each.by == state.owner for each in ways), state


def test_an_event_of_a_state_leads_to_one_place():
    pairs = [(each.source, each.event) for each in SERVICE_TABLE.transitions]

    assert len(pairs) == len(set(pairs))
    assert {each.event for each in SERVICE_TABLE.transitions} == {
        name for name in EVENT_LABELS if name != "ask"
    }
    assert set(STANDING) <= set(STATES)


@given(st.lists(st.integers(0, 20), max_size=60))
def test_a_walk_comes_to_an_end_and_is_confirmed_only_by_its_confirmer(choices):
    state, been = ASKED, [ASKED]
    for choice in choices:
        ways = SERVICE_TABLE.leaving(state)
        if not ways:
            break
        way = ways[choice % len(ways)]
        if way.target == CONFIRMED:
            assert (way.source, way.by) == (ANSWERED, "confirmer")
        if way.target == CLOSED:
            assert way.source in {ANSWERED, CONFIRMED, DISPUTED}
        if way.target == WITHDRAWN:
            assert way.by == "firm"
        state = way.target
        been.append(state)
    if state not in {ASKED, WITHDRAWN}:
        assert ACCEPTED in been
    assert state in FINAL or SERVICE_TABLE.leaving(state)
