"""Clocks under any history: nothing gained or lost by pausing, zones or restarts."""

import datetime
import json
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tidu.casework.clocks import Clock
from tidu.rules.working_days import DayUnit, default_working_days

DAYS = default_working_days()
START = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
ZONES = ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]

steps = st.lists(st.integers(0, 40 * 24), min_size=1, max_size=9)
units = st.sampled_from(DayUnit)
limits = st.none() | st.integers(0, 40)


def moments(hours):
    """Moments from 2024 on, each so many hours after the one before."""
    found, now = [], START
    for each in hours:
        now += datetime.timedelta(hours=each)
        found.append(now)
    return found


def with_history(hours, unit, allowed):
    """A clock paused and resumed at every other moment; and the last moment."""
    start, *rest = moments(hours)
    clock = Clock(start, unit, allowed)
    for number, moment in enumerate(rest):
        clock = clock.resume(moment) if number % 2 else clock.pause(moment, "等材料")
    return clock, [start, *rest][-1]


@given(steps, units, limits, st.integers(0, 9000))
def test_running_and_standing_days_are_all_days(hours, unit, allowed, later):
    clock, last = with_history(hours, unit, allowed)
    now = last + datetime.timedelta(hours=later)

    found = clock.read(now, DAYS)

    stood = sum(
        Clock(each.start, unit).read(each.end or now, DAYS).used
        for each in clock.pauses
    )
    assert found.used + stood == Clock(clock.started, unit).read(now, DAYS).used


@given(steps, units, limits, st.integers(0, 900), st.integers(0, 900))
def test_time_never_gives_days_back(hours, unit, allowed, sooner, later):
    clock, last = with_history(hours, unit, allowed)
    first = clock.read(last + datetime.timedelta(hours=sooner), DAYS)
    second = clock.read(last + datetime.timedelta(hours=sooner + later), DAYS)

    assert first.used <= second.used
    if first.left is not None:
        assert first.left >= second.left
        assert second.missed or not first.missed
    if clock.standing:
        assert first == second
    elif first.due:
        assert first.due == second.due


@given(steps, units, limits, st.integers(0, 900))
def test_pausing_and_going_on_at_once_changes_nothing(hours, unit, allowed, later):
    clock, last = with_history(hours[: 1 + len(hours) // 2 * 2], unit, allowed)
    if clock.standing:
        clock = clock.resume(last)
    moment = last + datetime.timedelta(hours=later)
    paused = clock.pause(moment, "误点").resume(moment)
    after = moment + datetime.timedelta(days=3)

    before_pause, after_pause = clock.read(after, DAYS), paused.read(after, DAYS)

    assert after_pause.used == before_pause.used
    assert (
        after_pause.left is None
        or before_pause.missed
        or (after_pause.left >= before_pause.left)
    )


@given(steps, units, limits, st.sampled_from(ZONES))
def test_another_time_zone_reads_the_same(hours, unit, allowed, zone):
    clock, last = with_history(hours, unit, allowed)
    elsewhere, _ = with_history(hours, unit, allowed)
    moved = Clock.of(
        json.loads(
            json.dumps(elsewhere.record()),
            object_hook=lambda each: {
                name: _in_zone(value, zone) for name, value in each.items()
            },
        )
    )

    left, right = (
        clock.read(last, DAYS),
        moved.read(last.astimezone(ZoneInfo(zone)), DAYS),
    )

    assert left == right


def _in_zone(value, zone):
    try:
        moment = datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return moment.astimezone(ZoneInfo(zone)).isoformat()


@given(steps, units, limits, st.booleans())
def test_a_restart_changes_nothing(hours, unit, allowed, ended):
    clock, last = with_history(hours, unit, allowed)
    clock = clock.end(last) if ended else clock

    assert Clock.of(json.loads(json.dumps(clock.record()))) == clock


@given(steps, units, st.integers(0, 40), st.integers(0, 2000))
def test_a_limit_is_missed_just_after_its_day(hours, unit, allowed, later):
    clock, last = with_history(hours, unit, allowed)
    clock = clock.resume(last) if clock.standing else clock
    found = clock.read(last + datetime.timedelta(hours=later), DAYS)

    today = (last + datetime.timedelta(hours=later + 8)).date()  # Beijing is UTC+8
    assert found.missed == (today > found.due.date)
    assert (found.left < 0) <= found.missed
