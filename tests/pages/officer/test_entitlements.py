"""Pages of lists that are paid without applying, for officers."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.unit.eligibility.pay_list_work import (
    AWARD,
    Office,
    approved,
    drafted,
    exported,
    firm,
    frozen,
    over,
    published,
    with_account,
)
from tidu.audit.models import Access, AccessKind, Event
from tidu.eligibility.list_objections import object_to_entry
from tidu.eligibility.pay_list_models import EntitlementList
from tidu.registry.told import Told

pytestmark = pytest.mark.django_db
TOLD = Told("虚构举报人", "13800001234", "虚构：这家企业的称号已经到期，请核实")


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def desk(office, client):
    client.force_login(office.officer.user)
    return client


def url(name, *args):
    return reverse(name, args=args)


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_list_is_started_worked_out_and_frozen_on_screen(
    desk, office, django_capture_on_commit_callbacks
):
    firm(1)
    firm(2, serious_dishonesty=None)
    assert "梯度奖励" in text_of(desk.get(url("entitlement_choose")))
    given = {"title": "示范名单（虚构）", "on": "2026-06-01", "budget": "30万元"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(url("entitlement_new", AWARD), given)
    made = EntitlementList.objects.get()
    page = text_of(desk.get(answer["Location"]))
    assert "200,000.00" in page
    assert "300,000.00" in page
    desk.post(url("entitlement_freeze", made.pk), {"seen": made.counter})

    made.refresh_from_db()
    assert made.state == "frozen"
    assert made.packs is not None
    open_page = text_of(desk.get(url("entitlement_open", made.pk)))
    assert "列入严重失信主体名单" in open_page


@pytest.mark.parametrize("budget", ["", "很多", "0", "100美元"])
def test_a_wrong_budget_is_said_beside_the_field(desk, budget):
    given = {"title": "虚构", "on": "2026-06-01", "budget": budget}

    answer = desk.post(url("entitlement_new", AWARD), given)

    assert answer.status_code == 422
    assert not EntitlementList.objects.exists()


def test_what_may_not_be_listed_has_no_page(desk):
    assert desk.get(url("entitlement_new", "high_tech_cit")).status_code == 404


def test_over_budget_is_said_with_what_the_policy_says(desk, office):
    firm(1)
    made = drafted(office, budget=100_000)

    page = text_of(desk.get(url("entitlement", made.pk)))
    answer = desk.post(
        url("entitlement_freeze", made.pk), {"seen": made.counter}, follow=True
    )

    assert "超出预算 100,000.00 元" in page
    assert "也不得按比例打折" in page
    assert "不能冻结" in text_of(answer)
    desk.post(url("entitlement_budget", made.pk), {"budget": "20万元"})
    desk.post(url("entitlement_freeze", made.pk), {"seen": made.counter})
    assert EntitlementList.objects.get().state == "frozen"


def test_publishing_asks_for_days_and_how_they_are_counted(desk, office):
    firm(1)
    made = frozen(office)

    page = text_of(desk.get(url("entitlement_publish", made.pk)))
    answer = desk.post(
        url("entitlement_publish", made.pk),
        {"opens_on": "2099-01-01", "contact": "虚构", "seen": made.counter},
    )

    assert 'name="days" value' not in page
    assert "checked" not in page
    assert answer.status_code == 422
    assert "有 2 处需要改正" in text_of(answer)


def test_who_froze_it_reads_that_another_must_approve(desk, office, client):
    firm(1)
    made = over(published(office))
    assert "请由本单位另一个人批准" in text_of(desk.get(url("entitlement", made.pk)))
    refused = desk.post(url("entitlement_approve", made.pk), {"seen": made.counter})
    assert refused.status_code == 403

    client.force_login(office.second.user)
    client.post(url("entitlement_approve", made.pk), {"seen": made.counter})

    assert EntitlementList.objects.get().state == "approved"


def test_two_officers_at_once_on_screen(desk, office):
    firm(1)
    made = drafted(office)
    seen = made.counter
    desk.post(url("entitlement_freeze", made.pk), {"seen": seen})

    desk.force_login(office.second.user)
    answer = desk.post(
        url("entitlement_close", made.pk),
        {"seen": seen, "reason": "虚构"},
        follow=True,
    )

    assert f"{office.officer.name}刚刚办理了这份名单" in text_of(answer)
    assert EntitlementList.objects.get().state == "frozen"


def test_the_pay_file_has_whole_numbers_and_the_page_masks_them(client, office):
    one = firm(1)
    with_account(one, "622200001234")
    made = approved(office)
    client.force_login(office.head.user)
    client.post(url("entitlement_pay", made.pk), {"seen": made.counter})

    page = text_of(client.get(url("entitlement", made.pk)))
    listed = client.get(url("entitlement_export", made.pk, "csv"))
    paid = client.get(url("entitlement_pay_file", made.pk, "csv"))

    assert "**** 1234" in page
    for masked in (page, b"".join(listed).decode()):
        assert "622200001234" not in masked
    assert "622200001234" in b"".join(paid).decode()
    assert Event.objects.filter(action="eligibility.pay_file_taken").count() == 1
    access = Access.objects.filter(kind=AccessKind.EXPORT, page="entitlement_pay_file")
    assert access.get().actor_id == office.head.user_id


@pytest.mark.parametrize("who", ["officer", "observer"])
def test_the_pay_file_is_refused_to_others_of_the_office(client, office, who):
    with_account(firm(1))
    made = exported(office)
    client.force_login(getattr(office, who).user)

    answer = client.get(url("entitlement_pay_file", made.pk, "xlsx"))

    assert answer.status_code == 403


def test_receipts_come_in_whole_or_not_at_all(client, office):
    one, two = firm(1), firm(2)
    for each in (one, two):
        with_account(each)
    made = exported(office)
    client.force_login(office.head.user)
    sent = b"".join(client.get(url("entitlement_pay_file", made.pk, "csv"))).decode()
    filled = sent.replace(",,,\r\n", ",已到账,2026-06-20,\r\n")
    wrong = filled.replace("2026-06-20", "下月", 1)

    def hand_in(text):
        file = SimpleUploadedFile("回单.csv", text.encode("utf-8"))
        return client.post(url("entitlement_receipts", made.pk), {"file": file})

    answer = hand_in(wrong)
    assert answer.status_code == 422
    assert "有 1 格需要改正" in text_of(answer)
    assert not made.entries.filter(state="paid").exists()
    hand_in(filled)

    assert EntitlementList.objects.get().state == "paid"
    assert made.entries.filter(state="paid").count() == 2


def test_a_file_that_is_no_table_is_named_as_people_know_it(client, office):
    with_account(firm(1))
    made = exported(office)
    client.force_login(office.head.user)
    file = SimpleUploadedFile("回单.xlsx", b"not a workbook")

    answer = client.post(url("entitlement_receipts", made.pk), {"file": file})

    assert answer.status_code == 422
    said = answer.context["form"].errors["file"]
    assert said == ["回单.xlsx 不是 Excel 文件，或已损坏；请重新导出"]


def test_an_objection_is_answered_on_screen(desk, office):
    one = firm(1)
    made = published(office)
    told = object_to_entry(entry=made.entries.get(enterprise=one), told=TOLD)
    assert "虚构举报人" in text_of(desk.get(url("list_objection", told.pk)))

    answer = desk.post(
        url("list_objection", told.pk), {"outcome": "sustained", "answer": "虚构查实"}
    )

    assert answer.status_code == 302
    assert made.entries.get().state == "removed"
    page = text_of(desk.get(url("entitlement_entry", made.entries.get().pk)))
    assert "虚构查实" in page


def test_a_firm_shows_its_findings_and_the_working(desk, office):
    one = firm(1, holds_little_giant=True)
    made = frozen(office)
    entry = made.entries.get(enterprise=one)

    page = text_of(desk.get(url("entitlement_entry", entry.pk)))

    assert "未列入严重失信主体名单" in page
    assert "50万元" in page
    assert "500,000.00" in page


def test_a_firm_is_taken_off_with_a_reason_only(desk, office):
    firm(1)
    made = frozen(office)
    entry = made.entries.get()

    assert desk.post(url("entitlement_entry", entry.pk), {}).status_code == 422
    desk.post(url("entitlement_entry", entry.pk), {"reason": "虚构：已注销"})

    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("removed", "虚构：已注销")


def test_a_replay_says_that_somebody_changed_the_rows(desk, office):
    firm(1)
    made = frozen(office)
    fine = desk.post(url("entitlement_replay", made.pk), follow=True)
    made.entries.update(amount=1)
    bad = desk.post(url("entitlement_replay", made.pk), follow=True)

    assert "逐字相同" in text_of(fine)
    assert "请停止发放并报告" in text_of(bad)


def test_another_county_sees_no_list_and_the_province_sees_it(client, office):
    firm(1)
    made = drafted(office)
    entry = made.entries.get()
    pages = [
        url("entitlement", made.pk),
        url("entitlement_open", made.pk),
        url("entitlement_entry", entry.pk),
        url("entitlement_export", made.pk, "csv"),
    ]

    client.force_login(Office("990103").officer.user)
    assert [client.get(each).status_code for each in pages] == [403] * 4
    assert "共 0 份名单" in text_of(client.get(url("entitlements")))
    above = Office("990000").officer
    client.force_login(above.user)
    assert [client.get(each).status_code for each in pages] == [200] * 4
    freeze = client.post(url("entitlement_freeze", made.pk), {"seen": 0})
    assert freeze.status_code == 403


@pytest.mark.parametrize("firms", [1, 3])
def test_the_page_of_a_list_asks_no_more_for_more_firms(
    desk, office, firms, django_assert_num_queries
):
    for number in range(firms):
        with_account(firm(number + 1))
    made = exported(office)

    with django_assert_num_queries(PAGE_QUERIES):
        desk.get(url("entitlement", made.pk))


@pytest.mark.parametrize("lists", [1, 3])
def test_the_lists_ask_no_more_for_more_lists(
    desk, office, lists, django_assert_num_queries
):
    firm(1)
    for _each in range(lists):
        drafted(office)

    with django_assert_num_queries(LISTS_QUERIES):
        desk.get(url("entitlements"))


PAGE_QUERIES, LISTS_QUERIES = 10, 6


def test_a_page_in_english_has_no_chinese_of_ours(desk, office):
    firm(1)
    made = over(published(office))
    desk.cookies["django_language"] = "en"

    page = text_of(desk.get(url("entitlement", made.pk)))

    assert "To be paid (firms)" in page
    assert "要发放" not in page
