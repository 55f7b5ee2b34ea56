"""A forecast is frozen when a round of re-verification opens, and set beside its end."""

import pytest

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tests.unit.casework.cases import SRDI, call, desk, office, submitted
from tests.unit.casework.holders import DAY, held
from tidu.audit.models import Event
from tidu.casework.actions import start_case
from tidu.casework.forecasting import (
    ABSENT,
    FAILED,
    PASSED,
    RUNNING,
    compared,
    counted,
    differing,
    forecasts_in,
    freeze,
    go_on_freezing,
)
from tidu.casework.models import Case, Round
from tidu.casework.queries import today
from tidu.casework.title_models import RoundForecast
from tidu.registry.models import CurrentFacts
from tidu.rules.rulesets import Kind

pytestmark = pytest.mark.django_db


def holder(facts=SRDI, days=60, **given):
    firm = EnterpriseFactory(facts=facts, **given)
    return held(enterprise=firm, until=today() + days * DAY)


def reverify(**given):
    office("province")
    return call(kind=Kind.REVERIFICATION, **given)


def ended(opened, title, state):
    """A case of a holder that is in a state; how it came there is not this test's."""
    case, _by = submitted(opened, enterprise=title.enterprise)
    Case.objects.filter(pk=case.pk).update(state=state)
    return case


def test_holders_due_are_forecast_by_the_round_s_standard():
    near = holder()
    poor = holder({**SRDI, "revenue@2025": "100000.00"})
    holder(days=800)
    holder(territory="980101")
    held(scheme="little_giant", until=today() + 60 * DAY)
    opened = reverify()

    assert freeze(opened) == 2

    found = {each.title: each for each in RoundForecast.objects.all()}
    assert set(found) == {near, poor}
    assert found[poor].outcome == "unmet"
    assert found[near].outcome != "unmet"
    assert found[near].rule_set == opened.rule_set
    event = Event.objects.get(action="casework.round_forecast")
    assert event.data["holders"] == 2


def test_a_forecast_is_never_written_again():
    title = holder({**SRDI, "revenue@2025": "100000.00"})
    opened = reverify()
    freeze(opened)
    CurrentFacts.objects.filter(enterprise=title.enterprise).update(entries={})

    assert freeze(opened) == 0

    assert RoundForecast.objects.get().outcome == "unmet"


def test_new_applications_are_not_forecast_and_old_rounds_not_taken_up():
    holder()
    assert freeze(call()) == 0
    old = reverify()
    Round.objects.filter(pk=old.pk).update(opened_at=old.opened_at - 2 * DAY)

    go_on_freezing.call_local()

    assert not RoundForecast.objects.exists()


def test_what_was_left_is_taken_up_on_the_same_day(monkeypatch):
    for _n in range(3):
        holder()
    opened = reverify()
    monkeypatch.setattr("tidu.casework.forecasting.SLICE", 2)

    go_on_freezing.call_local()

    assert RoundForecast.objects.filter(round=opened).count() == 3


def test_the_forecast_stands_beside_what_came():
    titles = [holder() for _n in range(4)]
    titles.append(holder({**SRDI, "revenue@2025": "100000.00"}))
    opened = reverify()
    freeze(opened)
    RoundForecast.objects.filter(outcome="manual").update(outcome="met")
    passed, failed, running, _absent, surprising = titles
    ended(opened, passed, "certified")
    ended(opened, failed, "upheld")
    ended(opened, running, "county_check")
    ended(opened, surprising, "certified")

    found = forecasts_in(opened, desk("province"))

    counts = counted(found)
    assert counts["unmet", PASSED] == 1
    assert [counts["met", end] for end in (PASSED, FAILED, RUNNING, ABSENT)] == [
        *(1, 1, 1, 1)
    ]
    rows = {each.forecast.title: each for each in compared(list(found))}
    assert [rows[each].differs for each in titles] == [False, True, False, False, True]
    assert {each.title for each in differing(found)} == {failed, surprising}
    assert rows[passed].case.enterprise == passed.enterprise


def test_a_draft_counts_as_none_and_other_places_see_nothing():
    title = holder()
    opened = reverify()
    freeze(opened)
    by = acting(owner_of(title.enterprise))
    start_case(opened=opened, enterprise=title.enterprise, by=by)

    ((_said, end),) = counted(forecasts_in(opened, desk("province")))

    assert end == ABSENT
    assert not forecasts_in(opened, acting(officer("980000"))).exists()
    assert not forecasts_in(opened, by).exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_written_as_a_job_after_the_round_is_opened():
    holder()

    opened = reverify()

    assert RoundForecast.objects.filter(round=opened).count() == 1
    assert Event.objects.filter(action="casework.round_forecast").count() == 1
