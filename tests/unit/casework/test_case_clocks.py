"""The clock of a case, worked out from its moves: started, stopped, limited, kept."""

import dataclasses
import datetime
import os
import time

import pytest
from django.utils import timezone

from tests.unit.casework.cases import call, desk, office, submitted
from tests.unit.casework.holders import TOLD, at_notice, entry_of, publish
from tests.unit.casework.test_inspecting import announce, answer_all, arrive, finish
from tidu.casework.actions import appeal, resubmit_case, start_case
from tidu.casework.case_clocks import (
    keep_clock,
    last_day_of_appeal,
    limit_of,
    run_of,
    runs_of,
    timed,
    whole_of,
)
from tidu.casework.clock_models import UsualTime
from tidu.casework.clocks import BEIJING
from tidu.casework.deciding import (
    Ground,
    answer_appeal,
    migrate_case,
    refuse_case,
    return_case,
)
from tidu.casework.inspecting import hold_inspections
from tidu.casework.lists import Wanted, is_overdue, listed
from tidu.casework.models import Case, Move, Round
from tidu.casework.noticing import UNITS
from tidu.casework.objecting import answer_objection, file_objection
from tidu.rules.working_days import DayUnit, default_working_days

pytestmark = pytest.mark.django_db
DAYS = default_working_days()
TEN = {"county_check": {"days": 10, "kind": "working"}}


@pytest.fixture(autouse=True)
def offices(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    return {level: office(level) for level in ("county", "city", "province")}


@dataclasses.dataclass(frozen=True)
class Step:
    event: str
    source: str
    target: str
    at: datetime.datetime
    sequence: int


def day(text):
    return datetime.datetime.fromisoformat(f"{text}T09:00").replace(tzinfo=BEIJING)


def steps(*given):
    """Moves from ``event target day``; each leaves the state the last one led to."""
    found, state = [], "draft"
    for at, text in enumerate(given, 1):
        event, target, on = text.split()
        found.append(Step(event, state, target, day(on), at))
        state = target
    return found


def runs(*given, limits=None, appeal_days=None):
    limit = limit_of(Round(limits=limits or {}, appeal_days=appeal_days))
    return runs_of(day("2026-05-25"), steps(*given), limit)


def days_of(run, now="2026-12-01"):
    return run.clock.read(day(now), DAYS).working_days


def back(case, days):
    """Let everything of a case have happened so many days earlier."""
    ago = datetime.timedelta(days=days)
    for move in case.moves.all():
        Move.objects.filter(pk=move.pk).update(at=move.at - ago)
    Case.objects.filter(pk=case.pk).update(
        state_since=case.state_since - ago, made_at=case.made_at - ago
    )
    case.refresh_from_db()
    keep_clock(case)


def sent_back(case):
    return_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        reason="虚构",
        fields=["rnd_expense@2025"],
    )


# -- from the moves ------------------------------------------------------------------


def test_a_stay_is_timed_from_one_move_to_the_next():
    draft, county, city = runs(
        "submit county_check 2026-06-01", "pass city_check 2026-06-04"
    )

    assert (draft.state, draft.ended_by) == ("draft", "submit")
    assert (county.state, county.ended_by, days_of(county)) == (
        "county_check",
        "pass",
        3,
    )
    assert (city.state, city.ended_by, city.sequence) == ("city_check", "", 2)


def test_time_with_the_applicant_is_not_the_offices():
    _draft, county, returned, _city = runs(
        "submit county_check 2026-06-01",
        "return returned 2026-06-03",
        "resubmit county_check 2026-06-15",
        "pass city_check 2026-06-17",
    )

    assert days_of(county) == 2 + 2
    assert [each.reason for each in county.clock.pauses] == ["退回补正"]
    assert days_of(returned) == 8
    assert county.sequence == 1  # one stay, however often it was returned


def test_an_objection_stops_the_clock_of_the_notice():
    found = runs(
        "submit province_notice 2026-06-01",
        "object objection_check 2026-06-03",
        "dismiss province_notice 2026-06-10",
        "pass decision 2026-06-12",
    )

    by_state = {each.state: days_of(each) for each in found}
    assert by_state["province_notice"] == 2 + 2
    assert by_state["objection_check"] == 5


def test_a_sustained_objection_ends_the_notice_too():
    found = runs(
        "submit province_notice 2026-06-01",
        "object objection_check 2026-06-03",
        "sustain refused 2026-06-10",
    )

    notice = next(each for each in found if each.state == "province_notice")
    assert (notice.ended_by, days_of(notice)) == ("sustain", 2)


def test_a_reversed_refusal_begins_a_new_stay():
    found = runs(
        "submit county_check 2026-06-01",
        "refuse refused 2026-06-03",
        "appeal appeal_check 2026-06-05",
        "reverse county_check 2026-06-15",
        limits=TEN,
        appeal_days=15,
    )

    first, second = (each for each in found if each.state == "county_check")
    assert (first.ended_by, second.ended_by, second.sequence) == ("refuse", "", 4)
    assert second.clock.read(day("2026-06-16"), DAYS).left == 9
    refused = next(each for each in found if each.state == "refused")
    assert (refused.clock.allowed, refused.clock.unit) == (15, DayUnit.CALENDAR_DAY)


def test_nothing_is_allowed_where_the_round_names_nothing():
    found = runs("submit county_check 2026-06-01", limits={"city_check": TEN})

    assert [each.clock.allowed for each in found] == [None, None]
    reading = found[1].clock.read(day("2026-12-01"), DAYS)
    assert (reading.left, reading.due, reading.missed) == (None, None, False)


def test_the_unit_is_the_rounds():
    calendar = {"county_check": {"days": 10, "kind": "calendar"}}
    _draft, county = runs("submit county_check 2026-06-01", limits=calendar)

    reading = county.clock.read(day("2026-06-08"), DAYS)

    assert (reading.used, reading.left) == (7, 3)
    assert set(UNITS.values()) == set(DayUnit)


def test_servers_whose_clocks_disagree_stop_nothing():
    made = steps("submit county_check 2026-06-04", "pass city_check 2026-06-04")
    early = dataclasses.replace(made[1], at=day("2026-06-03"))

    found = runs_of(day("2026-05-25"), [made[0], early], limit_of(Round(limits={})))

    assert days_of(found[1]) == 0


def test_the_whole_way_leaves_out_what_was_not_the_authoritys():
    moves = steps(
        "submit county_check 2026-06-01",
        "return returned 2026-06-03",
        "resubmit county_check 2026-06-15",
        "refuse refused 2026-06-17",
        "appeal appeal_check 2026-06-24",
        "uphold upheld 2026-06-26",
    )

    assert whole_of(moves).read(day("2026-12-01"), DAYS).working_days == 2 + 2 + 2
    assert whole_of(steps("withdraw withdrawn 2026-06-01")) is None


# -- of a case -----------------------------------------------------------------------


def test_a_case_knows_its_last_day_and_its_pause():
    case, by = submitted(call(limits=TEN))
    due = case.due_on
    assert due == DAYS.due(timezone.localdate(), 10, DayUnit.WORKING_DAY).date

    sent_back(case)
    assert (case.due_on, case.paused_at is None) == (None, False)
    shown = timed([case], timezone.now())[case.pk]
    assert (shown.state, shown.reading.left) == ("county_check", 10)
    assert shown.reading.pause.reason == "退回补正"
    resubmit_case(case=case, by=by, seen=case.counter)

    case.refresh_from_db()
    assert (case.due_on, case.paused_at) == (due, None)


def test_what_was_overdue_before_it_was_returned_stays_so():
    case, _by = submitted(call(limits=TEN))
    back(case, 30)
    assert Case.objects.filter(is_overdue()).get() == case

    sent_back(case)

    assert Case.objects.filter(is_overdue()).get() == case
    assert case.paused_at is not None


def test_an_inspection_stops_the_clock_of_its_step():
    case = arrive(call(here=True))
    inspection = hold_inspections(draw=announce(case), by=desk("province"), public="9")[
        0
    ]
    case.refresh_from_db()
    assert case.paused_at is not None
    pause = timed([case], timezone.now())[case.pk].reading.pause
    assert pause.reason == "实地核查"

    answer_all(inspection)
    finish(inspection)

    case.refresh_from_db()
    assert case.paused_at is None
    assert timed([case], timezone.now())[case.pk].reading.pause is None


def test_an_objection_that_is_dismissed_lets_the_notice_go_on():
    case = at_notice(call("province", notice_days=5))
    publish(case.round)
    made = file_objection(entry=entry_of(case), told=TOLD)
    case.refresh_from_db()
    assert timed([case], timezone.now())[case.pk].state == "objection_check"

    answer_objection(
        objection=made, by=desk("province"), answer="虚构", sustained=False
    )

    case.refresh_from_db()
    assert timed([case], timezone.now())[case.pk].state == "province_notice"


def test_another_round_brings_its_own_limit():
    case, _by = submitted(call())
    assert case.due_on is None

    migrate_case(case=case, to=call(limits=TEN), by=desk("province"), reason="虚构")

    case.refresh_from_db()
    assert case.due_on is not None


def test_a_draft_and_a_refusal_are_no_offices_time(offices):
    case, by = submitted(call(appeal_days=10, limits=TEN))
    ground = [Ground("conduct", "虚构")]
    refuse_case(case=case, by=desk("county"), seen=case.counter, grounds=ground)
    assert (case.due_on, case.paused_at) == (None, None)
    assert timed([case], timezone.now())[case.pk].reading.left == 10
    draft = start_case(opened=call(), enterprise=case.enterprise, by=by)
    assert timed([draft], timezone.now())[draft.pk].state == "draft"


def test_a_reversed_case_is_timed_anew():
    case, by = submitted(call(appeal_days=10, limits=TEN))
    ground = [Ground("conduct", "虚构")]
    refuse_case(case=case, by=desk("county"), seen=case.counter, grounds=ground)
    appeal(case=case, by=by, seen=case.counter, reason="虚构")
    answer_appeal(
        case=case, by=desk("province"), seen=case.counter, reason="虚构", reverse=True
    )

    found = run_of(case, list(case.moves.all()), [])

    assert (found.state, found.sequence) == ("county_check", 4)
    assert case.due_on is not None


def test_a_case_without_moves_is_timed_from_its_state():
    case, _by = submitted(call(limits=TEN))
    case.moves.all().delete()

    assert timed([case], timezone.now())[case.pk].since == case.state_since


def test_a_finished_case_shows_its_whole_way():
    case, _by = submitted(call())
    Move.objects.filter(case=case).update(at=day("2026-06-01"))
    Move.objects.create(
        case=case, sequence=2, event="certify", source="county_check",
        target="certified", made_by="虚构", at=day("2026-06-08"),
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(state="certified", office=None)
    case.refresh_from_db()

    shown = timed([case], timezone.now())[case.pk]

    assert (shown.state, shown.reading.working_days) == ("", 5)
    assert (shown.reading.finished, shown.recorded) == (True, True)
    Move.objects.filter(case=case).delete()
    assert not timed([case], timezone.now())[case.pk].recorded


def test_clocks_of_many_take_three_queries(django_assert_num_queries):
    opened = call(limits=TEN)
    cases = [submitted(opened)[0] for _ in range(3)]
    about = {"scheme": "srdi_sme", "kind": "new", "state": "county_check"}
    UsualTime.objects.create(**about, count=6, p50=3, p90=8)

    with django_assert_num_queries(3):
        found = timed(cases, timezone.now())

    assert {each.usual.p90 for each in found.values()} == {8}


# -- restarts and time zones -----------------------------------------------------------


@pytest.fixture
def elsewhere(settings):
    """The server's own clock set to another place of the world."""
    was = os.environ.get("TZ")

    def move(zone):
        os.environ["TZ"] = zone
        time.tzset()
        settings.TIME_ZONE = zone

    yield move
    if was is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = was
    time.tzset()


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_clock_is_the_same_wherever_the_server_stands(elsewhere, zone):
    case, _by = submitted(call(limits=TEN))
    moment = datetime.datetime(2026, 6, 1, 17, tzinfo=datetime.UTC)  # 2 June in Beijing
    Case.objects.filter(pk=case.pk).update(state_since=moment, made_at=moment)
    case.moves.update(at=moment)
    now = datetime.datetime(2026, 6, 9, 16, 30, tzinfo=datetime.UTC)  # 10 June
    case = Case.objects.get(pk=case.pk)
    here = timed([case], now)[case.pk].reading
    keep_clock(case)
    assert (here.used, here.left) == (6, 4)

    elsewhere(zone)
    again = Case.objects.get(pk=case.pk)  # as after a restart: from the tables alone

    assert timed([again], now)[again.pk].reading == here
    kept = again.due_on
    keep_clock(again)
    assert again.due_on == kept == datetime.date(2026, 6, 16)


def test_what_is_overdue_goes_by_the_day_in_beijing(settings):
    case, _by = submitted(call(limits=TEN))
    settings.TIME_ZONE = "America/Los_Angeles"
    today = datetime.datetime.now(BEIJING).date()
    Case.objects.filter(pk=case.pk).update(due_on=today)
    assert not Case.objects.filter(is_overdue()).exists()

    Case.objects.filter(pk=case.pk).update(due_on=today - datetime.timedelta(days=1))

    assert listed(desk("county"), Wanted(overdue=True)).get() == case


def test_the_last_day_of_an_appeal_is_no_rest():
    case, _by = submitted(call(appeal_days=3))
    case.state_since = day("2026-06-03")  # a Wednesday

    assert last_day_of_appeal(case) == datetime.date(2026, 6, 8)
