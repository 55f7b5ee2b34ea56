"""An adviser's pages: caseload, a request, a firm; and those who confirm."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, owner_of
from tests.unit.casework.cases import LITTLE_GIANT, desk, firm, office
from tests.unit.casework.serving import LOAN, adviser, asked, bank, brought_to
from tidu.audit.models import Access
from tidu.casework.serving import working
from tidu.casework.serving.advisers import give_firm
from tidu.casework.serving.jobs import remind_of_silence
from tidu.casework.serving.models import Adviser, Contact, ServiceRequest
from tidu.rules import service_table as table

pytestmark = pytest.mark.django_db


def text_of(answer):
    return answer.content.decode()


def as_(client, actor):
    client.force_login(actor.user)
    return client


def test_the_longest_silence_stands_on_top_with_its_reminder(client):
    request, _firm_by, by = brought_to(table.WORKING)
    request.last_contact_on = timezone.localdate() - datetime.timedelta(days=22)
    request.save()
    remind_of_silence(timezone.localdate())

    text = text_of(as_(client, by).get("/adviser/"))

    assert "已经 21 天没有联系" in text
    assert "1 件 9 天以上没联系" in text
    assert request.enterprise.name in text


def test_an_adviser_without_work_is_told_what_comes(client):
    office("county")
    _mine, by = adviser()

    assert "现在没有要办的需求" in text_of(as_(client, by).get("/adviser/"))


def test_work_from_begin_to_answer(client):
    request, _firm_by, by = brought_to(table.ACCEPTED)
    page = f"/adviser/requests/{request.pk}/"
    browser = as_(client, by)

    browser.post(page + "begin/", {"seen": request.counter, "text": "虚构：先打电话"})
    request.refresh_from_db()
    wrong = browser.post(page + "answer/", {"seen": request.counter, "text": "虚构"})
    assert wrong.status_code == 422
    done = {"seen": request.counter, "text": "虚构：已上门", "result": "delivered"}
    browser.post(page + "answer/", done)

    request.refresh_from_db()
    assert (request.state, request.result) == (table.ANSWERED, "delivered")
    assert "企业确认结果" in text_of(browser.get(page))


def test_a_visit_is_noted_on_the_page_of_the_request(client):
    request, _firm_by, by = brought_to(table.WORKING)
    page = f"/adviser/requests/{request.pk}/contact/"
    given = {"kind": "visit", "on": f"{timezone.localdate()}", "text": "虚构：看了车间"}
    browser = as_(client, by)

    assert browser.post(page, given | {"text": ""}).status_code == 422
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    late = browser.post(page, given | {"on": f"{tomorrow}"})
    assert late.status_code == 422
    assert "不能晚于今天" in text_of(late)
    assert browser.post(page, given).status_code == 302

    assert Contact.objects.get().request == request
    assert "虚构：看了车间" in text_of(browser.get(f"/adviser/requests/{request.pk}/"))


def test_a_request_that_was_handed_over_is_taken(client):
    request, _firm_by, by = brought_to(table.HANDED_OVER)
    receiver = request.receiver
    page = f"/adviser/requests/{request.pk}/"
    client.force_login(receiver.membership.user)
    assert "虚构的交接" in text_of(client.get(page))

    client.post(page + "take_over/", {"seen": request.counter})

    request.refresh_from_db()
    assert request.adviser == receiver
    assert as_(client, by).get(page).status_code == 403


def test_a_firm_page_has_needs_visits_and_titles_and_is_noted_as_seen(client):
    request, _firm_by, by = brought_to(table.WORKING)
    page = f"/adviser/firms/{request.enterprise_id}/"
    browser = as_(client, by)
    given = {"kind": "call", "on": f"{timezone.localdate()}", "text": "虚构：问了难处"}
    browser.post(page, given)

    text = text_of(browser.get(page))

    assert request.number in text
    assert "虚构：问了难处" in text
    assert Access.objects.filter(page="served_firm").exists()


def test_a_firm_that_is_not_ones_own_is_refused(client):
    _request, _firm_by, by = brought_to(table.WORKING)
    other = EnterpriseFactory(facts=LITTLE_GIANT)
    browser = as_(client, by)

    assert browser.get(f"/adviser/firms/{other.pk}/").status_code == 403
    for address in (
        "/officer/",
        "/officer/registry/",
        f"/officer/registry/{other.pk}/",
        "/officer/services/",
        "/officer/imports/",
    ):
        assert browser.get(address).status_code == 403, address


def test_a_colleague_and_a_firm_do_not_open_a_request(client):
    request, firm_by, _by = brought_to(table.WORKING)
    _mine, colleague = adviser()
    page = f"/adviser/requests/{request.pk}/"

    assert as_(client, colleague).get(page).status_code == 403
    moved = client.post(page + "answer/", {"seen": request.counter})
    assert moved.status_code == 403
    assert as_(client, firm_by).get(page).status_code == 403


def test_lists_are_handed_out_as_files(client):
    request, _firm_by, by = brought_to(table.WORKING)
    browser = as_(client, by)

    needs = b"".join(browser.get("/adviser/?download=csv").streaming_content).decode()
    firms = browser.get("/adviser/?what=firms&download=csv").streaming_content

    assert request.number in needs
    assert request.enterprise.name in b"".join(firms).decode()
    book = browser.get("/adviser/?download=xlsx")
    assert b"".join(book.streaming_content).startswith(b"PK")


def test_the_bank_confirms_what_names_it(client):
    provider, banker = bank()
    request, _firm_by = asked("bridge_loan", LOAN)
    mine, by = adviser()
    working.assign(
        request=request,
        to=mine.membership,
        by=desk("county"),
        seen=request.counter,
        other_side=provider,
    )
    working.begin(request=request, by=by, seen=request.counter)
    working.answer(
        request=request, by=by, seen=request.counter, result="bridged", text="虚构"
    )
    browser = as_(client, banker)
    assert "1 件等您单位确认" in text_of(browser.get("/confirm/"))
    page = f"/confirm/{request.pk}/"
    assert browser.get(page).status_code == 200

    browser.post(page + "confirm/", {"seen": request.counter, "text": "虚构：已放款"})

    request.refresh_from_db()
    assert request.state == table.CONFIRMED
    other, _by = asked()
    assert browser.get(f"/confirm/{other.pk}/").status_code == 403
    assert "没有等您单位确认的结果" not in text_of(browser.get("/confirm/"))


def test_a_firm_owner_has_no_page_of_advisers(client):
    client.force_login(owner_of(EnterpriseFactory()))
    for address in ("/adviser/", "/confirm/"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_caseload_asks_as_often_for_three_as_for_one(
    count, client, django_assert_max_num_queries
):
    request, _firm_by, by = brought_to(table.WORKING)
    for number in range(count - 1):
        enterprise, _other = firm(LITTLE_GIANT)
        request.pk, request.number, request.enterprise = None, f"F{number}", enterprise
        request.save(force_insert=True)
        give_firm(
            adviser=Adviser.objects.get(), enterprise=enterprise, by=desk("county")
        )
    assert ServiceRequest.objects.count() == count
    browser = as_(client, by)
    browser.get("/adviser/")

    with django_assert_max_num_queries(12) as found:
        browser.get("/adviser/")

    assert len(found) == 7
