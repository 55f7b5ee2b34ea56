"""Statutory clocks: what is used, what is left, who stopped them, what is usual."""

import datetime

import pytest

from tidu.casework.clocks import BEIJING, Clock, ClockError, Pause, usual
from tidu.rules.working_days import DayUnit, default_working_days

DAYS = default_working_days()
WORKING, CALENDAR = DayUnit.WORKING_DAY, DayUnit.CALENDAR_DAY


def at(text, zone=BEIJING):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


def clock(allowed=5, unit=WORKING, started="2026-11-16T09:00"):  # a Monday
    return Clock(at(started), unit, allowed)


def read(clock_, now):
    return clock_.read(at(now), DAYS)


def test_a_running_clock_says_what_is_left_and_until_when():
    found = read(clock(), "2026-11-18T15:00")

    assert (found.working_days, found.left) == (2, 3)
    assert found.due.date == datetime.date(2026, 11, 23)
    assert found.sentence() == "还剩3个工作日（2026-11-23前）"
    assert found.sentence(english=True) == "3 working days left (by 2026-11-23)"


def test_the_last_day_is_in_time_and_the_next_is_not():
    last, late = read(clock(), "2026-11-23T23:59"), read(clock(), "2026-11-24T00:00")

    assert (last.left, last.missed) == (0, False)
    assert (late.left, late.missed) == (-1, True)
    assert late.sentence() == "已超期1个工作日"


def test_a_weekend_after_the_last_day_is_late_though_no_working_day_has_passed():
    found = read(clock(4), "2026-11-21T12:00")

    assert (found.left, found.missed) == (0, True)
    assert found.sentence() == "已超期，应在2026-11-20前办结"


def test_days_end_at_midnight_in_beijing():
    utc = datetime.UTC
    evening = at("2026-11-23T15:59", utc)

    assert clock().read(evening, DAYS).left == 0
    assert clock().read(evening + datetime.timedelta(minutes=1), DAYS).left == -1


def test_a_pause_gives_its_days_back():
    paused = clock().pause(at("2026-11-18T10:00"), "等企业补正材料")
    standing = read(paused, "2026-12-01T10:00")
    gone_on = paused.resume(at("2026-12-02T10:00"))

    assert (standing.left, standing.due) == (3, None)
    assert standing.sentence() == "恢复后还剩3个工作日；暂停中：等企业补正材料"
    assert read(gone_on, "2026-12-02T11:00").left == 3
    assert read(gone_on, "2026-12-02T11:00").due.date == datetime.date(2026, 12, 7)


def test_a_clock_that_was_late_before_it_stood_stays_late():
    paused = clock().pause(at("2026-11-25T10:00"), "等检测报告")
    standing = read(paused, "2026-12-01T10:00")
    gone_on = read(paused.resume(at("2026-12-02T10:00")), "2026-12-03T10:00")

    assert (standing.left, standing.due.date) == (-2, datetime.date(2026, 11, 23))
    assert standing.sentence() == "已超期2个工作日；暂停中：等检测报告"
    assert (gone_on.left, gone_on.missed) == (-3, True)


def test_calendar_days_that_end_in_a_rest_leave_none_until_after_it():
    five = clock(5, CALENDAR, "2026-09-28T09:00")  # nominally 3 October

    found = read(five, "2026-10-06T12:00")

    assert (found.calendar_days, found.left, found.missed) == (8, 0, False)
    assert found.due.date == datetime.date(2026, 10, 8)
    assert read(five, "2026-10-09T12:00").left == -1


def test_a_pause_within_the_rest_at_the_end_does_not_make_it_late():
    paused = clock(5, CALENDAR, "2026-09-28T09:00").pause(
        at("2026-10-05T09:00"), "国庆期间停办"
    )
    gone_on = read(paused.resume(at("2026-10-10T09:00")), "2026-10-10T12:00")

    assert (gone_on.left, gone_on.missed) == (0, False)
    assert gone_on.due.date == datetime.date(2026, 10, 10)


def test_a_limit_into_a_year_without_data_is_provisional():
    found = read(clock(20, started="2026-12-21T09:00"), "2026-12-22T09:00")

    assert found.due.provisional
    assert found.sentence().endswith("；暂定：所涉年份的放假安排还没有全部列入")


def test_a_clock_without_a_limit_only_counts():
    found = read(clock(None), "2026-11-18T15:00")

    assert (found.left, found.due, found.missed) == (None, None, False)
    assert found.sentence() == "已用2个工作日，没有规定时限"


def test_a_finished_clock_stands_still():
    in_time = clock().end(at("2026-11-19T10:00"))
    late = clock().end(at("2026-11-26T10:00"))

    assert read(in_time, "2027-05-01T00:00") == read(in_time, "2026-11-19T10:00")
    assert read(in_time, "2027-05-01T00:00").sentence() == (
        "按期办结，用时3个工作日，时限5个工作日"
    )
    assert read(late, "2027-05-01T00:00").sentence() == (
        "超期办结，用时8个工作日，时限5个工作日"
    )


def test_a_standing_clock_may_end_where_it_stood():
    ended = clock().pause(at("2026-11-18T10:00"), "等材料").end(at("2026-12-18T10:00"))

    found = read(ended, "2027-01-01T00:00")

    assert (found.working_days, found.finished, found.missed) == (2, True, False)
    assert found.sentence().startswith("按期办结，用时2个工作日")


def test_a_clock_read_before_a_recorded_pause_does_not_see_it():
    paused = clock().pause(at("2026-11-18T10:00"), "等材料")

    assert read(paused, "2026-11-17T10:00").working_days == 1
    assert read(paused, "2026-11-10T10:00").working_days == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: clock(-1),
        lambda: Clock(datetime.datetime(2026, 11, 16), WORKING),  # noqa: DTZ001
        lambda: clock().read(datetime.datetime(2026, 11, 16), DAYS),  # noqa: DTZ001
        lambda: clock().end(at("2026-11-15T09:00")),
        lambda: clock().pause(at("2026-11-17T09:00"), " "),
        lambda: clock().resume(at("2026-11-17T09:00")),
        lambda: (
            clock()
            .pause(at("2026-11-17T09:00"), "一")
            .pause(at("2026-11-18T09:00"), "二")
        ),
        lambda: (
            clock().end(at("2026-11-17T09:00")).pause(at("2026-11-18T09:00"), "晚了")
        ),
        lambda: Clock(
            at("2026-11-16T09:00"),
            WORKING,
            5,
            (Pause(at("2026-11-18T09:00"), "一", at("2026-11-17T09:00")),),
        ),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ClockError):
        wrong()


def test_what_is_usual_needs_five_finished_cases():
    assert usual([3, 4, 5, 6]).p50 is None
    assert usual([3, 4, 5, 6]).sentence() == "办结的只有4件，不足5件，不说通常用时"


def test_what_is_usual_is_a_real_case():
    found = usual([9, 1, 3, 2, 30, 4, 5, 6, 7, 8])

    assert (found.count, found.p50, found.p90) == (10, 5, 9)
    assert found.sentence() == "已办结10件：一半在5个工作日内，九成在9个工作日内"
