"""The years shipped, periods across holidays and years, lists that cannot be used."""

import datetime

import pytest

from tidu.rules.errors import PackError
from tidu.rules.rulesets import SourceGrade
from tidu.rules.working_days import (
    DayUnit,
    default_working_days,
    load_working_days,
)

HEAD = "year,from,to,kind,holiday,document,grade\n"
NEW_YEAR = "2027,2027-01-01,2027-01-03,off,元旦,某通知,unverified\n"
WORKING, CALENDAR = DayUnit.WORKING_DAY, DayUnit.CALENDAR_DAY


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture(scope="module")
def days():
    return default_working_days()


def folder(tmp_path, rows, name="a", head=HEAD):
    made = tmp_path / name
    (made / "lists").mkdir(parents=True)
    (made / "lists/working_days.csv").write_text(head + rows, encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("year", "count", "document"),
    [
        (2024, 251, "国办发明电〔2023〕7号"),
        (2025, 248, "国办发明电〔2024〕12号"),
        (2026, 248, "国办发明电〔2025〕7号"),
    ],
)
def test_the_years_shipped_have_their_number_of_working_days(
    days, year, count, document
):
    last, first = datetime.date(year - 1, 12, 31), datetime.date(year, 12, 31)

    assert days.count(last, first) == count
    assert days.notices[year].document == document
    assert days.notices[year].grade is SourceGrade.RESTATED


@pytest.mark.parametrize(
    ("date", "working"),
    [
        ("2024-02-09", True),  # the eve, which the notice only encourages to take off
        ("2024-02-12", False),
        ("2024-02-18", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-05-09", True),
        ("2026-05-10", False),
        ("2026-09-20", True),
        ("2026-12-31", True),
        ("2027-01-04", True),  # a Monday, by weekday alone
        ("2027-01-09", False),
    ],
)
def test_single_days(days, date, working):
    assert days.is_working(day(date)) is working


def test_a_day_is_settled_by_its_own_notice_and_late_december_by_the_next(days):
    assert days.is_settled(day("2026-12-25"))
    assert not days.is_settled(day("2026-12-26"))
    assert not days.is_settled(day("2027-03-01"))
    assert days.is_settled(day("2025-12-31"))
    assert not days.is_settled(day("2023-06-01"))


def test_the_first_day_is_not_counted(days):
    friday, monday = day("2026-11-20"), day("2026-11-23")

    assert days.count(friday, friday) == 0
    assert days.count(friday, monday) == 1
    assert days.count(friday, monday, CALENDAR) == 3
    assert days.count(monday, friday) == -1


def test_working_days_pass_over_a_holiday_and_count_the_weekend_worked(days):
    due = days.due(day("2026-09-28"), 5, WORKING)  # 29, 30, 8 October, 9, Saturday 10

    assert (due.date, due.nominal, due.provisional) == (
        day("2026-10-10"),
        day("2026-10-10"),
        False,
    )


def test_calendar_days_that_end_in_a_rest_end_after_it(days):
    due = days.due(day("2026-09-28"), 5, CALENDAR)

    assert (due.nominal, due.date) == (day("2026-10-03"), day("2026-10-08"))
    assert days.due(day("2026-09-28"), 1, CALENDAR).date == day("2026-09-29")


@pytest.mark.parametrize("unit", DayUnit)
def test_no_day_ends_at_once(days, unit):
    saturday = day("2026-11-21")

    assert days.due(saturday, 0, unit).date == saturday


@pytest.mark.parametrize("unit", DayUnit)
def test_a_period_into_a_year_without_a_notice_is_provisional(days, unit):
    assert days.due(day("2026-12-20"), 20, unit).provisional
    assert not days.due(day("2026-12-18"), 5, unit).provisional
    assert days.due(day("2023-12-28"), 20, unit).provisional


def test_a_folder_of_ones_own_adds_a_year(days, tmp_path):
    own = folder(
        tmp_path, NEW_YEAR + "2027,2026-12-26,2026-12-26,work,元旦,某通知,ours\n"
    )
    with pytest.raises(
        PackError, match=r"csv:3: 2027年已由某通知安排；每年只列一份通知"
    ):
        load_working_days([own])
    right = folder(
        tmp_path,
        NEW_YEAR + "2027,2026-12-26,2026-12-26,work,元旦,某通知,unverified\n",
        "b",
    )

    found = load_working_days([right])

    assert found.is_working(day("2026-12-26"))
    assert not found.is_working(day("2027-01-01"))
    assert found.notices[2027].grade is SourceGrade.UNVERIFIED
    assert not days.is_working(day("2026-12-26"))


def test_a_year_in_two_files_is_refused(tmp_path):
    files = [folder(tmp_path, NEW_YEAR, name) for name in ("a", "b")]

    with pytest.raises(PackError, match="2027年已由某通知安排"):
        load_working_days(files)


def test_a_pack_without_a_list_is_passed_over(tmp_path):
    assert load_working_days([tmp_path]).notices == {}


def test_other_columns_are_refused(tmp_path):
    with pytest.raises(PackError, match=r"csv:1: .*应为 year,from,to"):
        load_working_days([folder(tmp_path, "", head="year,day\n")])


@pytest.mark.parametrize(
    "row",
    [
        "年,2027-01-01,2027-01-01,off,元旦,文,ours",
        "2027,2027-01-01,2027-01-01,off,元旦,文,好",
        "2027,元旦,2027-01-01,off,元旦,文,ours",
        "2027,2027-01-03,2027-01-01,off,元旦,文,ours",
        "2027,2027-01-01,2027-03-01,off,元旦,文,ours",
        "2027,2026-10-01,2026-10-01,off,元旦,文,ours",
        "2027,2027-01-01,2027-01-01,rest,元旦,文,ours",
        "2027,2027-01-04,2027-01-04,work,元旦,文,ours",
        "2027,2027-01-01,2027-01-01,off,元旦,,ours",
        "2027",
    ],
)
def test_a_row_that_says_nothing_sensible_is_refused(tmp_path, row):
    with pytest.raises(PackError, match="csv:2: 读不懂这一行"):
        load_working_days([folder(tmp_path, row + "\n")])


def test_a_day_twice_is_refused(tmp_path):
    twice = NEW_YEAR + "2027,2027-01-03,2027-01-03,work,元旦,某通知,unverified\n"

    with pytest.raises(PackError, match="csv:3: 2027-01-03 列了两次"):
        load_working_days([folder(tmp_path, twice)])
