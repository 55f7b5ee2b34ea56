"""Collection rounds as pages: asking, chasing, returns, papers."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import EnterpriseFactory
from tests.pages.officer.month_work import NAME, content, csv, post
from tests.unit.registry.importing import code
from tidu.accounts.enums import Role
from tidu.audit.models import Event
from tidu.registry.collection_models import (
    CollectionRound,
    EnterpriseContact,
    Reminder,
)
from tidu.registry.models import Segment

pytestmark = pytest.mark.django_db


def round_given(**given):
    today = timezone.localdate()
    return {
        "title": "虚构摸底",
        "schemes": ["tech_sme"],
        "scope": "all",
        "filters": "",
        "on": today.isoformat(),
        "due": (today + datetime.timedelta(days=14)).isoformat(),
        "hand_in": "虚构邮箱",
        "contact_name": "虚构联系人",
        "contact_phone": "0000-000000",
        **given,
    }


def opened(page, firms: int = 1, **given) -> CollectionRound:
    EnterpriseFactory.create_batch(firms)
    answer = page.post(reverse("collection_new"), round_given(**given))
    assert answer.status_code == 302, answer.context["form"].errors
    return CollectionRound.objects.latest("id")


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(page):
    EnterpriseFactory()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)

    answer = page.post(
        reverse("collection_new"),
        round_given(due=yesterday.isoformat(), schemes=[], hand_in="虚构二楼"),
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "截止日期已经过了" in text
    assert "至少选一项" in text
    assert "虚构二楼" in text
    assert not CollectionRound.objects.exists()


def test_a_day_without_a_standard_is_refused(page):
    EnterpriseFactory()

    answer = page.post(reverse("collection_new"), round_given(on="1990-01-01"))

    assert answer.status_code == 422
    assert "这一天都没有标准" in answer.content.decode()


def test_a_round_may_ask_a_segment_or_the_filter_one_came_from(page, person):
    wanted = EnterpriseFactory(name=NAME)
    EnterpriseFactory()
    office = person.memberships.get().organisation
    segment = Segment.objects.create(
        organisation=office, name="虚构", query=f"q={NAME}", made_by=person
    )

    kept = opened(page, 0, scope=f"segment-{segment.pk}")
    shown = page.get(reverse("collection_new") + f"?q={NAME}&nonsense=1")
    filtered = opened(page, 0, scope="filtered", filters=f"q={NAME}")

    assert [each.enterprise for each in kept.firms.all()] == [wanted]
    assert [each.enterprise for each in filtered.firms.all()] == [wanted]
    assert "刚才在企业库筛选出的企业" in shown.content.decode()


def test_the_chase_list_names_the_silent(page):
    found = opened(page, 2)

    answer = page.get(reverse("collection", args=[found.pk]))

    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 2
    assert "没返回" in answer.content.decode()
    empty = page.get(reverse("collection", args=[found.pk]) + "?state=complete")
    assert "这一类里没有企业" in empty.content.decode()


@pytest.mark.parametrize("firms", [1, 3])
def test_queries_of_the_chase_list_do_not_grow(page, firms, django_assert_num_queries):
    found = opened(page, firms)
    url = reverse("collection", args=[found.pk])
    page.get(url)

    with django_assert_num_queries(9):
        page.get(url)


@pytest.mark.parametrize("rounds", [1, 3])
def test_queries_of_the_rounds(page, rounds, django_assert_num_queries):
    for _each in range(rounds):
        opened(page)

    with django_assert_num_queries(6):
        page.get(reverse("collections"))


def test_reminders_are_recorded_for_those_ticked(page):
    found = opened(page, 2)
    firm = found.firms.first()
    url = reverse("collection_remind", args=[found.pk])
    today = timezone.localdate().isoformat()

    answer = page.post(url, {"on": today, "note": "答应周五交", "firm": [firm.pk]})
    page.post(url, {"on": today, "note": ""})
    page.post(url, {"on": "2999-01-01", "firm": [firm.pk]})

    assert answer["Location"] == f"{reverse('collection', args=[found.pk])}?"
    assert list(Reminder.objects.values_list("firm", "note")) == [
        (firm.pk, "答应周五交")
    ]
    shown = page.get(reverse("collection", args=[found.pk])).content.decode()
    assert "答应周五交" in shown
    assert "这一天还没有到" in shown


def test_contacts_by_hand_and_by_file(page):
    found = opened(page, 1)
    firm = found.firms.get()
    url = reverse("collection_firm", args=[found.pk, firm.pk])

    wrong = page.post(url, {"name": "虚构甲", "phone": "不告诉你"})
    assert wrong.status_code == 422
    assert "电话写数字" in wrong.content.decode()
    page.post(url, {"name": "虚构甲", "phone": "0990-123456"})
    assert EnterpriseContact.objects.get().phone == "0990-123456"

    upload = reverse("collection_contacts", args=[found.pk])
    name = firm.enterprise.name
    file = csv(
        "企业名称,联系人,电话", f"{name},虚构乙,1234567", "示范别家有限公司,丙,1"
    )
    answer = page.post(upload, {"file": file})
    assert "已登记 1 家" in answer.content.decode()
    assert "示范别家有限公司" in answer.content.decode()
    assert EnterpriseContact.objects.get().name == "虚构乙"
    assert page.post(upload, {"file": csv("甲,乙", "1,2")}).status_code == 422


def test_observers_look_but_see_telephones_masked(page, client, person):
    found = opened(page, 1)
    firm = found.firms.get().enterprise
    EnterpriseContact.objects.create(
        enterprise=firm, name="虚构甲", phone="13800001234", noted_by="虚构"
    )
    member = person.memberships.get()
    member.role = Role.OBSERVER
    member.save()

    text = client.get(reverse("collection", args=[found.pk])).content.decode()

    assert "138****1234" in text
    assert "13800001234" not in text
    url = reverse("collection_close", args=[found.pk])
    assert client.post(url).status_code == 403


def test_files_come_back_are_checked_and_committed_together(page):
    EnterpriseFactory(uscc=code(1))
    found = opened(page, 0)
    url = reverse("collection_returns", args=[found.pk])
    head = "统一社会信用代码,企业名称,2025年从业人员"
    files = [
        csv(head, f"{code(1)},,50", name="甲.csv"),
        csv("PK\x03\x04坏", name="坏.xlsx"),
    ]

    answer = post(page, url, {"returned": files, "source": "enterprise"})
    assert answer.status_code == 422
    assert "坏.xlsx" in answer.content.decode()
    shown = page.get(url)
    assert shown.context["clean"] == 1

    post(page, reverse("collection_commit", args=[found.pk]))
    chase = page.get(reverse("collection", args=[found.pk]))
    assert "返回不全" in chase.content.decode()
    assert page.get(url).context["clean"] == 0


def test_no_file_is_no_return(page):
    found = opened(page)

    answer = page.post(
        reverse("collection_returns", args=[found.pk]), {"source": "enterprise"}
    )

    assert answer.status_code == 422
    assert "请选择文件" in answer.content.decode()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_papers_are_handed_out_and_recorded(page, form):
    found = opened(page, 2)
    firm = found.firms.first()

    for name, args in (
        ("collection_form", []),
        ("collection_forms", []),
        ("collection_firm_form", [firm.pk]),
        ("collection_list", [form]),
    ):
        answer = page.get(reverse(name, args=[found.pk, *args]))
        assert answer.status_code == 200, name
        assert content(answer), name

    exported = Event.objects.filter(action="registry.exported")
    assert exported.count() == 4
    assert (
        page.get(reverse("collection_list", args=[found.pk, "doc"])).status_code == 404
    )
    assert (
        page.get(reverse("collection_forms", args=[found.pk]) + "?part=9").status_code
        == 404
    )


def test_notices_say_what_is_asked_by_when_and_to_whom(page):
    found = opened(page, 2)

    text = page.get(reverse("collection_notices", args=[found.pk])).content.decode()
    one = page.get(
        reverse("collection_notices", args=[found.pk])
        + f"?firm={found.firms.first().pk}"
    ).content.decode()

    assert text.count('<article class="letter"') == 2
    assert one.count('<article class="letter"') == 1
    for part in ("从业人员", "虚构邮箱", "虚构联系人", "0000-000000"):
        assert part in one


def test_a_closed_round_takes_nothing_more(page):
    found = opened(page)

    page.post(reverse("collection_close", args=[found.pk]))

    found.refresh_from_db()
    assert found.closed_at
    answer = page.post(
        reverse("collection_returns", args=[found.pk]),
        {"returned": csv("企业名称", NAME), "source": "enterprise"},
    )
    assert answer.status_code == 403
    text = page.get(reverse("collection", args=[found.pk])).content.decode()
    assert "已结束" in text


def test_another_county_sees_nothing_of_a_round(page, other):
    found = opened(page)
    firm = found.firms.get().pk
    client = other()

    assert client.get(reverse("collections")).context["cards"] == []
    for name, args in (
        ("collection", []),
        ("collection_returns", []),
        ("collection_contacts", []),
        ("collection_form", []),
        ("collection_forms", []),
        ("collection_notices", []),
        ("collection_list", ["xlsx"]),
        ("collection_firm", [firm]),
        ("collection_firm_form", [firm]),
    ):
        answer = client.get(reverse(name, args=[found.pk, *args]))
        assert answer.status_code == 403, name
    for name in ("remind", "close", "commit"):
        url = reverse(f"collection_{name}", args=[found.pk])
        assert client.post(url).status_code == 403, name
