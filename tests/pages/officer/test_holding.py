"""Notices, objections, titles and duties at the desk that answers for them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import EnterpriseFactory, member, officer
from tests.unit.casework.cases import firm, office
from tests.unit.casework.holders import (
    CONTACT,
    DAY,
    TOLD,
    at_notice,
    certified,
    entry_of,
    held,
    noticed_round,
    objected,
    publish,
)
from tidu.accounts.enums import Role
from tidu.casework.enums import ChangeKind, ObjectionState, TaskState
from tidu.casework.holding import report_change
from tidu.casework.models import Round
from tidu.casework.notice_models import Objection, PublicNotice
from tidu.casework.objecting import file_objection
from tidu.casework.queries import clauses_of, today
from tidu.casework.title_models import Bar, DutyTask, ExpiryReminder, LostRight

pytestmark = pytest.mark.django_db
LISTS = (
    *("notices", "objections", "holders_due"),
    *("duty_tasks", "change_reports", "forecasts"),
)


@pytest.fixture(autouse=True)
def decides(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})


@pytest.fixture
def province(client):
    """An officer of the province, signed in."""
    client.force_login(member(office("province"), Role.OFFICER))
    return client


def task_of(title):
    return DutyTask.objects.create(
        title=title,
        office=office("province"),
        consequence="reverification_lost",
        years=[2026],
        clause="工信部企业〔2022〕63号 第十四条",
        grade="unverified",
    )


def soon(**given):
    """A title that ends in a month."""
    return held(until=today() + 30 * DAY, **given)


# -- notices ---------------------------------------------------------------------------


def test_an_office_publishes_what_waits(province):
    opened = noticed_round()
    case = at_notice(opened)
    assert "等您单位公示" in province.get(reverse("notices")).text
    assert "等您单位公示" in province.get(reverse("officer_home")).text
    url = reverse("notice_new", args=[opened.pk, "province_notice"])
    page = province.get(url).text
    assert case.enterprise.name in page
    assert "5 个工作日" in page

    given = {"title": "示范公示", "opens_on": today().isoformat(), "contact": CONTACT}
    answer = province.post(url, given)

    assert answer.url == reverse("notices")
    notice = PublicNotice.objects.get()
    assert notice.contact == CONTACT
    assert "示范公示" in province.get(answer.url).text
    assert province.get(url).status_code == 404  # nobody waits any more


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "标题"),
        ({"opens_on": "昨天"}, "公示开始"),
        ({"opens_on": "2020-01-01"}, "过去的日子"),
    ],
)
def test_bad_input_publishes_nothing(province, change, said):
    opened = noticed_round()
    at_notice(opened)
    url = reverse("notice_new", args=[opened.pk, "province_notice"])
    given = {"title": "示范公示", "opens_on": today().isoformat(), "contact": CONTACT}

    answer = province.post(url, given | change)

    assert answer.status_code == 422
    assert said in answer.text
    assert not PublicNotice.objects.exists()


def test_without_days_the_page_says_what_to_set(province):
    opened = noticed_round()
    at_notice(opened)
    Round.objects.update(notice_days=None)
    url = reverse("notice_new", args=[opened.pk, "province_notice"])

    page = province.get(url).text

    assert "请先在批次里填写公示天数" in page
    assert "disabled" in page


def test_other_offices_publish_nothing(client):
    opened = noticed_round()
    at_notice(opened)
    client.force_login(officer("990101"))

    url = reverse("notice_new", args=[opened.pk, "province_notice"])
    assert client.get(url).status_code == 403


# -- objections ------------------------------------------------------------------------


def test_an_objection_is_dismissed_with_its_answer(province):
    case, made = objected()
    url = reverse("objection", args=[made.pk])
    assert made.person_contact in province.get(url).text
    assert made.enterprise.name in province.get(reverse("objections")).text

    answer = province.post(url, {"outcome": "dismissed", "answer": "经核查不属实"})

    assert answer.url == url
    case.refresh_from_db()
    assert case.state == "province_notice"
    assert "经核查不属实" in province.get(url).text


def test_a_sustained_one_needs_a_clause(province):
    case, made = objected()
    url = reverse("objection", args=[made.pk])
    given = {"outcome": "sustained", "answer": "属实"}

    refused = province.post(url, given)
    assert refused.status_code == 422
    assert "指明不符合哪一条" in refused.text

    clause = clauses_of(case)[0].finding.id
    province.post(url, {**given, f"ground-{clause}": "虚构：与核查不符"})
    case.refresh_from_db()
    assert case.state == "refused"


def test_above_the_name_is_masked_and_the_file_kept(client):
    _case, made = objected()
    Objection.objects.update(blob=None)
    client.force_login(member(office("ministry"), Role.OFFICER))

    page = client.get(reverse("objection", args=[made.pk])).text

    assert made.person_name not in page
    assert made.person_contact not in page
    assert "已遮盖" in page
    file = client.get(reverse("objection_file", args=[made.pk]))
    assert file.status_code == 403


def test_evidence_is_handed_to_the_office(province):
    opened = noticed_round()
    case = at_notice(opened)
    publish(opened)
    file = SimpleUploadedFile("证据.pdf", b"%PDF-1.7 fictional")
    url = reverse("object_to", args=[entry_of(case).pk])
    province.post(
        url, {"name": "甲", "contact": "1", "text": TOLD.text * 3, "file": file}
    )
    made = Objection.objects.get()

    answer = province.get(reverse("objection_file", args=[made.pk]))

    assert b"".join(answer) == b"%PDF-1.7 fictional"
    assert "attachment" in answer["Content-Disposition"]


def test_who_objected_is_erased_once_answered(province):
    _case, made = objected()
    url = reverse("objection", args=[made.pk])
    province.post(url, {"outcome": "dismissed", "answer": "不属实"})

    province.post(reverse("objection_erase", args=[made.pk]))

    made.refresh_from_db()
    assert made.person_name == ""
    assert made.state == ObjectionState.DISMISSED
    assert "已删除" in province.get(url).text


# -- titles and duties ------------------------------------------------------------------


def test_the_due_list_says_what_was_forecast(province):
    title = soon()
    ExpiryReminder.objects.create(
        title=title, months=3, outcome="unmet", made_on=today()
    )
    LostRight.objects.create(
        title=title, since=today(), reason="虚构", clause="第十四条", made_by="虚构"
    )

    page = province.get(reverse("holders_due"), {"months": "3"}).text

    assert title.enterprise.name in page
    assert "不符合" in page
    assert "已失去" in page
    assert "没有到期的称号" not in page


def test_a_consequence_is_carried_out_with_a_reason_and_taken_back(province):
    title = held()
    task = task_of(title)
    assert "第十四条" in province.get(reverse("duty_tasks")).text
    url = reverse("task_decide", args=[task.pk])
    province.post(url, {"what": "do", "reason": ""})
    task.refresh_from_db()
    assert task.state == TaskState.OPEN

    answer = province.post(url, {"what": "do", "reason": "虚构：提醒两次"})

    lost = LostRight.objects.get()
    assert "虚构：提醒两次" in province.get(answer.url).text
    province.post(reverse("right_restore", args=[lost.pk]), {"reason": "虚构：查明"})
    lost.refresh_from_db()
    assert lost.restored_on == today()


def test_a_title_is_revoked_and_its_bar_lifted(province):
    title = certified()
    page = reverse("holder", args=[title.pk])
    assert "撤销这个称号" in province.get(page).text
    given = {
        "kind": "unqualified",
        "text": "虚构：不再符合",
        "clause": "第十五条",
        "bar": "open",
    }

    answer = province.post(reverse("title_revoke", args=[title.pk]), given)

    assert answer.url == page
    title.refresh_from_db()
    assert title.revoked_on == today()
    bar = Bar.objects.get()
    url = reverse("bar_change", args=[bar.pk])
    until = (today() + 90 * DAY).isoformat()
    province.post(url, {"until": until, "reason": "虚构的决定"})
    province.post(url, {"reason": "虚构：撤销决定"})
    bar.refresh_from_db()
    assert bar.until.isoformat() == until
    assert bar.lifted_on == today()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "查明的事实"),
        ({"bar": "until"}, "请填禁止到哪一天"),
        ({"bar": "until", "until": "2020-01-01"}, "不能更短"),
    ],
)
def test_a_bad_revocation_changes_nothing(province, change, said):
    title = certified()
    given = {
        "kind": "falsification",
        "text": "虚构",
        "clause": "第十六条",
        "bar": "rules",
    }

    url = reverse("title_revoke", args=[title.pk])
    answer = province.post(url, given | change)

    assert answer.status_code == 422
    assert said in answer.text
    title.refresh_from_db()
    assert title.revoked_on is None


def test_the_county_sees_but_does_not_decide(desk):
    title = held()
    task = task_of(title)

    page = desk.get(reverse("holder", args=[title.pk])).text
    assert "管理" in page
    assert "撤销这个称号" not in page
    answer = desk.post(
        reverse("task_decide", args=[task.pk]), {"what": "do", "reason": "虚构"}
    )
    assert answer.status_code == 403


def test_a_certificate_is_downloaded_in_its_territory(province, client):
    title = certified()
    url = reverse("certificate_file", args=[title.pk])

    assert b"".join(province.get(url)).startswith(b"%PDF")
    client.force_login(officer("990203"))
    assert client.get(url).status_code == 403


def test_late_changes_are_marked_with_their_clause(province):
    enterprise, by = firm()
    held(enterprise=enterprise, until=today() + 400 * DAY)
    report_change(
        enterprise=enterprise,
        kind=ChangeKind.RENAME,
        happened_on=today() - 200 * DAY,
        text="虚构的更名",
        by=by,
    )

    page = province.get(reverse("change_reports"), {"late": "yes"}).text

    assert "虚构的更名" in page
    assert "第十五条" in page


# -- lists -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_list_is_taken_away(province, name, form):
    soon()
    task_of(held(enterprise=EnterpriseFactory()))
    objected()

    answer = province.get(reverse(name), {"download": form})

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize("name", LISTS)
def test_each_empty_list_says_so(province, name):
    assert 'class="empty"' in province.get(reverse(name)).text


def test_another_province_sees_nothing(client):
    title = soon(name="示范虚构机密有限公司")
    task_of(title)
    _case, made = objected()
    client.force_login(officer("980000"))

    for name in LISTS:
        page = client.get(reverse(name)).text
        assert title.enterprise.name not in page
        assert made.enterprise.name not in page
    assert client.get(reverse("holder", args=[title.pk])).status_code == 403
    assert client.get(reverse("objection", args=[made.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("objections", 5), ("holders_due", 7), ("duty_tasks", 5), ("notices", 7)],
)
def test_lists_take_as_many_queries_for_one_as_for_three(
    province, count, name, queries, django_assert_num_queries
):
    for _each in range(count):
        case, _made = objected()
        title = soon(enterprise=EnterpriseFactory())
        ExpiryReminder.objects.create(
            title=title, months=3, outcome="met", made_on=today()
        )
        task_of(title)
        file_objection(entry=entry_of(case), told=TOLD)

    with django_assert_num_queries(queries):
        province.get(reverse(name))
