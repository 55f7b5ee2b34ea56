"""A notice stands for its days, and no case leaves its step before."""

import datetime

import pytest

from tests.unit.casework.cases import desk, judge_all, office
from tests.unit.casework.holders import (
    DAY,
    at_notice,
    entry_of,
    let_it_end,
    noticed_round,
    publish,
)
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.deciding import pass_case
from tidu.casework.enums import DayKind
from tidu.casework.noticing import (
    NoticeImpossible,
    period_of,
    rounds_to_notice,
    waiting_for_notice,
)
from tidu.casework.queries import today

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "kind", "opens", "ends", "provisional"),
    [
        (
            5,
            DayKind.WORKING,
            "2026-09-28",
            "2026-10-10",
            False,
        ),  # over the holidays, to a Saturday worked
        (10, DayKind.CALENDAR, "2026-06-01", "2026-06-11", False),
        (5, DayKind.WORKING, "2027-03-01", "2027-03-08", True),  # no notice yet
    ],
)
def test_the_days_are_reckoned_by_the_yearly_table(
    days, kind, opens, ends, provisional
):
    opened = noticed_round(notice_days=days, notice_kind=kind)

    found = period_of(opened, datetime.date.fromisoformat(opens))

    assert found.ends_on.isoformat() == ends
    assert found.provisional is provisional


def test_without_days_it_says_what_to_set():
    opened = noticed_round(notice_days=None)
    at_notice(opened)

    with pytest.raises(NoticeImpossible, match="请先在批次里填写公示天数"):
        publish(opened)


def test_a_notice_lists_what_waits_and_is_recorded():
    opened = noticed_round()
    cases = [at_notice(opened), at_notice(opened)]
    assert rounds_to_notice(desk("province")) == [(opened, "province_notice", 2)]

    notice = publish(opened)

    assert {each.case for each in notice.entries.all()} == set(cases)
    assert not waiting_for_notice(office("province")).exists()
    event = Event.objects.latest("number")
    assert event.action == "casework.notice_published"
    assert event.data["cases"] == sorted(each.pk for each in cases)
    with pytest.raises(NoticeImpossible, match="没有等待公示"):
        publish(opened)


def test_a_notice_never_begins_in_the_past():
    opened = noticed_round()
    at_notice(opened)

    with pytest.raises(NoticeImpossible, match="过去的日子"):
        publish(opened, opens_on=today() - DAY)


@pytest.mark.parametrize("level", ["county", "ministry"])
def test_only_the_office_of_the_step_publishes(level):
    opened = noticed_round()
    at_notice(opened)

    with pytest.raises(Refused):
        publish(opened, by=desk(level))


def test_observers_do_not_publish():
    opened = noticed_round()
    at_notice(opened)

    with pytest.raises(Refused, match="只读"):
        publish(opened, by=desk("province", Role.OBSERVER))


def test_a_case_leaves_the_step_only_after_its_notice():
    opened = noticed_round()
    case = at_notice(opened)
    by = desk("province")
    judge_all(case, by)
    with pytest.raises(Refused, match="还没有公示"):
        pass_case(case=case, by=by, seen=case.counter)
    notice = publish(opened)
    with pytest.raises(Refused, match=f"公示到 {notice.ends_on} 才截止"):
        pass_case(case=case, by=by, seen=case.counter)

    let_it_end(notice)
    pass_case(case=case, by=by, seen=case.counter)

    assert case.state == "decision"
    assert entry_of(case).name == case.enterprise.name
