"""An office's pages of services: what waits, assigning, papers, disputes, advisers."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, member, officer
from tests.unit.casework.cases import LITTLE_GIANT, desk, office
from tests.unit.casework.serving import LOAN, adviser, asked, brought_to
from tidu.accounts.enums import Role
from tidu.casework.serving import working
from tidu.casework.serving.models import Adviser, ServedFirm, ServiceRequest
from tidu.rules import service_table as table

pytestmark = pytest.mark.django_db
QUEUE = "/officer/services/"


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def county(client):
    client.force_login(desk("county").user)
    return client


def test_what_nobody_has_taken_stands_on_top(county):
    brought_to(table.WORKING)
    request = ServiceRequest.objects.get()
    request.last_contact_on = timezone.localdate() - datetime.timedelta(days=30)
    request.save()
    new, _by = asked("compliance_checkup", LOAN_LESS)

    text = text_of(county.get(QUEUE))

    assert "1 件等指派专员" in text
    assert text.index(new.number) < text.index(request.number)


LOAN_LESS = LOAN.__class__(
    need="虚构",
    contact_name="虚构",
    contact_phone="1",
    answers={"compliance_field": "labour"},
)


def test_a_request_is_assigned_to_an_adviser_or_an_officer(county):
    request, _by = asked()
    mine, _adviser_by = adviser()
    page = f"{QUEUE}{request.pk}/"
    assert str(mine) in text_of(county.get(page))

    empty = county.post(page + "assign/", {"seen": request.counter, "to": ""})
    assert empty.status_code == 422
    given = {"seen": request.counter, "to": mine.membership_id, "text": "虚构"}
    assert county.post(page + "assign/", given).status_code == 302

    request.refresh_from_db()
    assert (request.state, request.adviser) == (table.ACCEPTED, mine)


def test_a_confirmation_on_paper_names_the_paper(county):
    request, _firm_by = asked("bridge_loan", LOAN)
    mine, by = adviser()
    working.assign(
        request=request, to=mine.membership, by=desk("county"), seen=request.counter
    )
    working.begin(request=request, by=by, seen=request.counter)
    working.answer(
        request=request, by=by, seen=request.counter, result="bridged", text="虚构"
    )
    page = f"{QUEUE}{request.pk}/"

    assert county.post(page + "confirm/", {"seen": request.counter}).status_code == 422
    county.post(page + "confirm/", {"seen": request.counter, "text": "虚构回单 7 号"})

    assert "虚构回单 7 号" in text_of(county.get(page))


def test_a_dispute_is_worked_on_again(county):
    request, _firm_by, _by = brought_to(table.DISPUTED)
    page = f"{QUEUE}{request.pk}/"
    assert "1 件结果有异议" in text_of(county.get(QUEUE))

    county.post(page + "rework/", {"seen": request.counter, "text": "虚构：再去一次"})

    request.refresh_from_db()
    assert request.state == table.WORKING


def test_other_places_see_nothing_and_observers_change_nothing(client):
    request, _by = asked()
    client.force_login(officer("990102"))
    assert request.number not in text_of(client.get(QUEUE + "?whose=all"))
    assert client.get(f"{QUEUE}{request.pk}/").status_code == 403
    client.force_login(member(office("county"), Role.OBSERVER))
    page = f"{QUEUE}{request.pk}/"
    assert "受理并指派专员</button>" not in text_of(client.get(page))
    mine, _adviser_by = adviser()
    given = {"seen": request.counter, "to": mine.membership_id}
    assert client.post(page + "assign/", given).status_code == 409
    request.refresh_from_db()
    assert request.state == table.ASKED


def test_filters_and_downloads_keep_to_each_other(county):
    request, _firm_by, _by = brought_to(table.CLOSED)
    other, _other_by = asked("compliance_checkup", LOAN_LESS)

    assert request.number not in text_of(county.get(QUEUE))
    text = text_of(county.get(QUEUE + "?state=closed"))
    assert request.number in text
    assert other.number not in text
    file = county.get(QUEUE + "export/csv/?state=closed")
    rows = b"".join(file.streaming_content).decode()
    assert request.number in rows
    assert other.number not in rows
    assert county.get(QUEUE + "export/pdf/").status_code == 404


def test_an_empty_queue_says_what_to_do(county):
    assert "可以先登记服务专员" in text_of(county.get(QUEUE))
    assert "还没有专员" in text_of(county.get(QUEUE + "advisers/"))


def test_an_adviser_is_entered_with_a_password_shown_once(county):
    given = {"name": "虚构特派员", "username": "envoy7", "kind": "science_envoy"}

    taken = county.post(QUEUE + "advisers/new/", given | {"username": ""})
    assert taken.status_code == 422
    text = text_of(county.post(QUEUE + "advisers/new/", given))

    assert "一次性口令" in text
    assert Adviser.objects.get().membership.role == Role.ADVISER
    assert "科技特派员" in text_of(county.get(QUEUE + "advisers/"))


def test_a_firm_is_given_to_an_adviser_and_taken_back(county):
    office("county")
    mine, _by = adviser()
    firm = EnterpriseFactory(uscc="91990101MA77777777", facts=LITTLE_GIANT)
    page = f"{QUEUE}advisers/{mine.pk}/"

    unknown = county.post(page + "firms/", {"firm": "虚构的别家"})
    assert unknown.status_code == 422
    county.post(page + "firms/", {"firm": firm.uscc})
    served = ServedFirm.objects.get()
    assert firm.name in text_of(county.get(page))
    county.post(f"{QUEUE}served/{served.pk}/end/")

    assert not ServedFirm.objects.filter(ended_at=None).exists()


def test_an_adviser_of_another_place_is_refused(client):
    office("county")
    mine, _by = adviser()
    client.force_login(officer("990102"))

    assert client.get(f"{QUEUE}advisers/{mine.pk}/").status_code == 403
    assert str(mine) not in text_of(client.get(QUEUE + "advisers/"))


def test_the_overview_is_handed_out_as_a_file(county):
    brought_to(table.WORKING)

    answer = county.get(QUEUE + "advisers/?download=csv")

    assert str(Adviser.objects.get()) in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(QUEUE, 7), (QUEUE + "advisers/", 7)])
def test_lists_ask_as_often_for_three_as_for_one(
    address, queries, count, county, django_assert_max_num_queries
):
    request, _firm_by, _by = brought_to(table.WORKING)
    for number in range(count - 1):
        mine, _other = adviser()
        request.pk, request.number, request.adviser = None, f"F{number}", mine
        request.track = f"{number}"
        request.save(force_insert=True)
    county.get(address)

    with django_assert_max_num_queries(14) as found:
        county.get(address)

    assert len(found) == queries
