"""Clocks before an officer: in the queue, in the file, on the first page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.pages.officer.test_cases import act, at_desk, sheet_of, state_of
from tests.unit.casework.cases import call, desk, office, submitted
from tests.unit.casework.test_case_clocks import TEN, back, sent_back
from tidu.accounts.enums import Role
from tidu.casework.actions import withdraw_case
from tidu.casework.clock_jobs import care_for_clocks
from tidu.casework.clock_models import UsualTime
from tidu.casework.deciding import Ground, judge, open_case, refuse_case
from tidu.casework.enums import Judged
from tidu.casework.models import Case

pytestmark = pytest.mark.django_db
MARKET = "market_position"


@pytest.fixture(autouse=True)
def offices(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    return {level: office(level) for level in ("county", "city", "province")}


@pytest.fixture
def opened(offices):
    return call(notice_days=5, limits=TEN)


def listed(client, **query):
    rows = client.get(reverse("queue"), query).context["rows"]
    return [each.case for each, _clock in rows]


def judging(name=MARKET, outcome="met", reason="看过报告（虚构）", known=0):
    return {f"{name}-outcome": outcome, f"{name}-reason": reason, "known": known}


# -- the queue and the file ------------------------------------------------------------


def test_the_queue_says_what_is_used_and_left(client, opened):
    case, _by = submitted(opened)
    at_desk(client)

    text = client.get(reverse("queue")).text
    assert "还剩 10 个工作日" in text
    assert f"已用 0 个工作日，{case.due_on:%Y-%m-%d} 到期" in text
    back(case, 40)
    case.refresh_from_db()

    text = client.get(reverse("queue")).text
    assert "已超期" in text
    assert f"，{case.due_on:%Y-%m-%d} 到期" in text


def test_without_a_limit_none_is_made_up(client):
    submitted(call())
    at_desk(client)

    text = client.get(reverse("queue")).text

    assert "没有规定时限" in text
    assert "还剩" not in text


def test_a_deadline_in_a_year_without_data_says_so(client):
    limits = {"county_check": {"days": 300, "kind": "working"}}
    case, _by = submitted(call(limits=limits))
    at_desk(client)

    for url in (reverse("queue"), reverse("case_file", args=[case.pk])):
        assert "暂定：所涉年份的放假安排还没有全部列入" in client.get(url).text


def test_overdue_unopened_and_paused_stand_in_the_address(client, opened):
    fine, _by = submitted(opened)
    over, _by = submitted(opened)
    back(over, 40)
    stands, _by = submitted(opened)
    sent_back(stands)
    open_case(case=fine, by=desk("county"))
    at_desk(client)

    assert listed(client) == [over, fine]
    assert listed(client, overdue="yes") == [over]
    assert listed(client, unopened="yes") == [over]
    assert listed(client, paused="yes") == []
    assert listed(client, paused="yes", whose="all") == [stands]
    answer = client.get(reverse("queue"), {"paused": "yes", "whose": "all"})
    assert "暂停：退回补正" in answer.text
    assert "恢复后还剩 10 个工作日" in answer.text
    assert ("暂停中", "?whose=all") in answer.context["chips"]
    assert "1 份已超过时限" in client.get(reverse("queue")).text


def test_the_order_stands_in_the_address(client, opened):
    first, _by = submitted(opened)
    back(first, 3)
    second, _by = submitted(
        call(limits={"county_check": {"days": 2, "kind": "working"}})
    )
    third, _by = submitted(call())
    back(third, 9)
    open_case(case=third, by=desk("county"))
    at_desk(client)

    assert listed(client) == [first, second, third]
    assert listed(client, sort="due") == [second, first, third]
    assert listed(client, sort="waited") == [third, first, second]
    assert listed(client, sort="submitted") == [first, second, third]
    assert listed(client, sort="no such") == [first, second, third]


def test_how_long_others_took_is_no_promise_and_told_of_enough_only(client, opened):
    case, _by = submitted(opened)
    at_desk(client)
    pages = [reverse("queue"), reverse("case_file", args=[case.pk])]
    about = {"scheme": "srdi_sme", "kind": "new"}
    few = UsualTime.objects.create(**about, state="county_check", count=3)
    assert not any("同类" in client.get(url).text for url in pages)

    UsualTime.objects.filter(pk=few.pk).update(count=12, p50=3, p90=8)
    UsualTime.objects.create(**about, state="", count=9, p50=30, p90=55)

    said = "同类 12 件：一半 3、九成 8 个工作日内"
    assert all(said in client.get(url).text for url in pages)
    assert "一半在30个工作日内，九成在55个工作日内" in client.get(pages[1]).text


def test_the_download_has_the_clock(client, opened):
    case, _by = submitted(opened)
    at_desk(client)

    answer = client.get(reverse("queue_export", args=["xlsx"]))

    head, row = sheet_of(b"".join(answer.streaming_content))[:2]
    found = dict(zip(head, row, strict=True))
    assert found["已用"] == "0 个工作日"
    assert found["还剩"] == 10
    assert found["应在这天前办结"] == case.due_on


@pytest.mark.parametrize("query", [{}, {"sort": "due"}, {"overdue": "yes"}])
@pytest.mark.parametrize("count", [1, 3])
def test_each_order_takes_the_same_queries(
    query, count, client, opened, django_assert_num_queries
):
    for _ in range(count):
        back(submitted(opened)[0], 40)
    at_desk(client)
    client.get(reverse("queue"))

    with django_assert_num_queries(11):
        answer = client.get(reverse("queue"), query)

    assert len(answer.context["rows"]) == count


def test_a_case_is_opened_once(client, opened):
    case, _by = submitted(opened)
    stale = Case.objects.get(pk=case.pk)
    at_desk(client)
    client.get(reverse("case_file", args=[case.pk]))
    case.refresh_from_db()

    open_case(case=stale, by=desk("county"))  # a second officer at the same moment

    assert stale.opened_at is None
    again = Case.objects.get(pk=case.pk)
    assert again.opened_at == case.opened_at


# -- late ones ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.ADMINISTRATOR, "请您催办"),
        (Role.OFFICER, "已提醒单位管理员，请尽快办理"),
    ],
)
def test_the_first_page_shows_what_administrators_were_told_of(
    client, opened, role, said
):
    case, _by = submitted(opened)
    back(case, 40)
    care_for_clocks(timezone.now())
    at_desk(client, role=role)

    answer = client.get(reverse("officer_home"))

    assert "份案卷超过时限还没有办完" in answer.text
    assert "份案卷放了很久还没有人打开" in answer.text
    assert said in answer.text
    later, _by = submitted(opened)
    assert set(listed(client, unopened="yes")) == {case, later}
    for kind in ("overdue", "unopened"):
        assert f"?told={kind}" in answer.text
        assert listed(client, told=kind) == [case]
    assert len(listed(client, told="no such")) == 2
    file = client.get(reverse("case_file", args=[case.pk]))
    assert "已提醒单位管理员：超过时限" in file.text
    assert "份案卷放了很久" not in client.get(reverse("officer_home")).text


def test_another_county_is_not_told(client, opened, other):
    case, _by = submitted(opened)
    back(case, 40)
    care_for_clocks(timezone.now())

    assert "份案卷超过时限" not in other().get(reverse("officer_home")).text


# -- two at once -----------------------------------------------------------------------


def test_of_two_who_judge_one_clause_the_second_is_told(client, opened):
    case, _by = submitted(opened)
    first = desk("county")
    judge(
        case=case, criterion=MARKET, outcome=Judged.UNMET, reason="报告过期（虚构）", by=first
    )  # fmt: skip
    at_desk(client)

    answer = act(client, "case_judge", case, MARKET, **judging())

    assert answer.status_code == 409
    assert f"{first.name}刚刚给这一条写了结论" in answer.text
    assert "不符合，报告过期（虚构）" in answer.text
    assert "看过报告（虚构）" in answer.text  # what was typed is kept
    assert 'name="known" value="1"' in answer.text
    assert case.judgements.get().outcome == "unmet"
    again = act(client, "case_judge", case, MARKET, **judging(known=1))
    assert again.status_code == 302
    kept = case.judgements.get()
    assert (kept.outcome, kept.counter) == ("met", 2)


def test_who_judges_a_case_that_has_moved_is_told(client, opened):
    case, _by = submitted(opened)
    seen = case.counter
    first = desk("county")
    refuse_case(
        case=case, by=first, seen=seen, grounds=[Ground(MARKET, "报告过期（虚构）")]
    )
    at_desk(client)

    answer = act(client, "case_judge", case, MARKET, seen=seen, **judging())

    assert answer.status_code == 409
    assert f"{first.name}刚刚办理了这份案卷" in answer.text
    assert not case.judgements.exists()


@pytest.mark.parametrize("name", ["case_pass", "case_return", "case_refuse"])
def test_who_acts_on_a_case_that_its_firm_took_back_is_told(client, opened, name):
    case, by = submitted(opened)
    seen = case.counter
    withdraw_case(case=case, by=by, seen=seen)
    at_desk(client)
    given = {
        "reason": "虚构", "fields_named": ["rnd_expense@2025"], f"ground-{MARKET}": "虚构"
    }  # fmt: skip

    answer = act(client, name, case, seen=seen, **given)

    assert answer.status_code == 409
    assert f"{by.name}刚刚办理了这份案卷" in answer.text
    assert state_of(case) == "withdrawn"
