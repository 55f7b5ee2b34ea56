"""The way of a case: drawn from its table, with what lies behind it."""

import pytest

from tests.factories import acting
from tests.unit.casework.cases import call, desk, office, submitted
from tidu.casework.actions import withdraw_case
from tidu.casework.deciding import Ground, pass_case, refuse_case
from tidu.casework.lists import states_of
from tidu.casework.tracks import track_of, track_of_round
from tidu.rules.case_table import lifecycle_of
from tidu.rules.library import default_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    for level in ("county", "city", "province"):
        office(level)
    return submitted(call())[0]


def places(case):
    stops = track_of(case, list(case.moves.all()))
    return {each.state.id: each.place for each in stops}


def test_what_lies_behind_is_past_and_the_rest_ahead(case):
    pass_case(case=case, by=desk("county"), seen=case.counter)

    found = places(case)

    assert found["draft"] == found["county_check"] == "past"
    assert found["city_check"] == "here"
    assert {found[each] for each in ("province_check", "decision", "certified")} == {
        "ahead"
    }
    assert "refused" not in found


def test_a_refused_case_is_beside_the_step_it_was_in(case):
    ground = Ground("market_position", "虚构")
    refuse_case(case=case, by=desk("county"), seen=case.counter, grounds=[ground])

    found = places(case)

    assert list(found)[:3] == ["draft", "county_check", "refused"]
    assert (found["county_check"], found["refused"]) == ("past", "here")
    assert found["city_check"] == "ahead"


def test_a_withdrawn_case_is_nowhere_ahead(case):
    applicant = case.enterprise.organisation.memberships.get().user

    withdraw_case(case=case, by=acting(applicant), seen=case.counter)

    assert places(case)["withdrawn"] == "here"


def test_each_state_of_a_round_is_there_with_its_count(case):
    stops = track_of_round(case.lifecycle, states_of(case.round))

    assert [each.state.id for each in stops if each.count] == ["county_check"]
    assert {each.state.id for each in stops} == set(case.lifecycle.states)
    for stop in stops:
        assert bool(stop.ways) is not stop.state.final


@pytest.mark.parametrize("decides", [True, False])
@pytest.mark.parametrize("scheme", sorted(default_library().national.procedures))
def test_the_straight_way_ends_where_the_case_does(scheme, decides):
    steps = default_library().national.procedures[scheme].steps
    table = lifecycle_of(steps, decides=decides)

    straight = table.straight(("submit", "pass", "recommend", "certify"))

    assert straight[0] == "draft"
    assert straight[1:-1] == tuple(each.id for each in steps)
    assert straight[-1] == ("certified" if decides else "recommended")
