"""What the clock does by night: tell of late cases once, place by place; count."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, OfficeFactory, acting, member, owner_of
from tests.unit.casework.cases import SRDI, call, desk, fill, office, submitted
from tests.unit.casework.test_case_clocks import TEN, back, sent_back
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.casework.actions import resubmit_case, start_case, submit_case
from tidu.casework.case_clocks import timed
from tidu.casework.clock_jobs import (
    care_for_clocks,
    count_usual_times,
    escalate,
    keep_clocks,
    open_escalations,
)
from tidu.casework.clock_models import Escalation, UsualTime
from tidu.casework.clocks import ENOUGH, day_of
from tidu.casework.deciding import open_case, pass_case
from tidu.casework.enums import EscalationKind
from tidu.casework.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    settings.UNOPENED_DAYS = 5
    return {level: office(level) for level in ("county", "city", "province")}


def late(opened=None, days=30):
    """A case that came into its step long ago; nobody has opened it."""
    case, by = submitted(opened or call(limits=TEN))
    back(case, days)
    return case, by


def neighbour(opened):
    """A late case of another county."""
    OfficeFactory(territory="990102")
    enterprise = EnterpriseFactory(facts=SRDI, territory="990102", uscc=None)
    by = acting(owner_of(enterprise))
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    fill(case, by)
    submit_case(case=case, by=by, seen=case.counter)
    back(case, 30)
    return case


def told():
    return sorted(Escalation.objects.values_list("case", "kind"))


def open_ones():
    return open_escalations(office("county"), day_of(timezone.now()))


def test_late_cases_are_told_of_once(offices):
    case, _by = late()
    lead = member(offices["county"], Role.ADMINISTRATOR)

    for _night in range(2):
        assert care_for_clocks(timezone.now()) == {}

    assert told() == [(case.pk, "overdue"), (case.pk, "unopened")]
    events = Event.objects.filter(action="casework.case_escalated")
    assert {each.data["kind"] for each in events} == {"overdue", "unopened"}
    assert events.count() == 2
    assert events[0].data["administrators"] == [lead.pk]
    assert events[0].data["step"] == "county_check"
    assert open_ones().count() == 2


def test_what_is_in_time_is_not_told():
    submitted(call(limits=TEN))

    care_for_clocks(timezone.now())

    assert told() == []


def test_days_without_anybody_looking_are_counted_by_the_setting(settings):
    case, _by = late(call(), days=20)  # no limit: it is never overdue
    settings.UNOPENED_DAYS = 0
    assert escalate("990101", timezone.now()) == 0
    settings.UNOPENED_DAYS = 300
    assert escalate("990101", timezone.now()) == 0
    settings.UNOPENED_DAYS = 5

    assert escalate("990101", timezone.now()) == 1
    assert told() == [(case.pk, "unopened")]


def test_it_is_done_with_once_somebody_acts():
    case, _by = late()
    care_for_clocks(timezone.now())

    open_case(case=case, by=desk("county"))
    assert [each.kind for each in open_ones()] == [EscalationKind.OVERDUE]
    pass_case(case=case, by=desk("county"), seen=case.counter)

    assert not open_ones().exists()


def test_a_case_that_comes_back_is_the_same_stay_in_its_step():
    case, by = late()
    care_for_clocks(timezone.now())
    sent_back(case)
    care_for_clocks(timezone.now())
    resubmit_case(case=case, by=by, seen=case.counter)
    case.refresh_from_db()

    care_for_clocks(timezone.now())

    assert [kind for _case, kind in told()].count("overdue") == 1


def test_a_returned_or_recommended_case_is_nobodys_delay():
    case, _by = late()
    Case.objects.filter(pk=case.pk).update(state="recommended", due_on=None)

    assert escalate("990101", timezone.now()) == 0


def test_one_failing_place_stops_no_other():
    opened = call(limits=TEN)
    case, _by = late(opened)
    other = neighbour(opened)

    def works(place, now):
        found = escalate(place, now)
        if place == "990101":
            raise ValueError("虚构的故障")
        return found

    failed = care_for_clocks(timezone.now(), (works,))

    assert failed == {"990101": "虚构的故障"}
    assert {pk for pk, _kind in told()} == {other.pk}
    territories = Event.objects.filter(action="casework.case_escalated")
    assert set(territories.values_list("territory", flat=True)) == {"990102"}
    assert case.pk != other.pk


def test_what_lists_keep_is_worked_out_again():
    case, _by = late()
    right = (case.due_on, case.paused_at)
    wrong = timezone.now()
    Case.objects.filter(pk=case.pk).update(due_on=None, paused_at=wrong)

    assert keep_clocks("990101", timezone.now()) == 1
    assert keep_clocks("990101", timezone.now()) == 0

    case.refresh_from_db()
    assert (case.due_on, case.paused_at) == right


def test_the_usual_time_is_told_of_enough_finished_ones_only():
    opened = call()
    for at in range(ENOUGH):
        case, _by = submitted(opened)
        pass_case(case=case, by=desk("county"), seen=case.counter)
        case.moves.filter(event="submit").update(
            at=timezone.now() - datetime.timedelta(days=7 * at)
        )
    waits, _by = submitted(opened)

    count_usual_times(timezone.now())

    county = UsualTime.objects.get(state="county_check")
    assert (county.scheme, county.kind, county.count) == ("srdi_sme", "new", ENOUGH)
    assert county.p50 is not None
    assert county.p50 <= county.p90
    assert not UsualTime.objects.filter(state__in=["", "city_check"]).exists()
    assert timed([waits], timezone.now())[waits.pk].usual.count == ENOUGH


def test_few_finished_ones_say_nothing():
    case, _by = submitted(call())
    pass_case(case=case, by=desk("county"), seen=case.counter)

    count_usual_times(timezone.now())

    county = UsualTime.objects.get(state="county_check")
    assert (county.count, county.p50, county.p90) == (1, None, None)
