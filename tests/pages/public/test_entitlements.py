"""Published lists that are paid without applying, for everybody."""

import datetime

import pytest
from django.urls import reverse

from tests.unit.eligibility.pay_list_work import (
    Office,
    drafted,
    firm,
    frozen,
    over,
    published,
    with_account,
)
from tidu.eligibility.list_objections import answer_list_objection
from tidu.eligibility.pay_list_models import EntitlementList, ListObjection
from tidu.eligibility.pay_lists import cancel_list

pytestmark = pytest.mark.django_db
SAID = {
    "name": "虚构举报人",
    "contact": "000-0000",
    "text": "虚构：这家企业的称号已经到期，请核实原件和名单。",
}


@pytest.fixture
def office():
    return Office()


def test_a_published_list_shows_masked_codes_and_no_accounts(client, office):
    one = firm(1)
    with_account(one, "622200001234")
    made = published(office)

    page = client.get(reverse("public_entitlement", args=[made.pk])).content.decode()
    answer = client.get(
        reverse("public_entitlement", args=[made.pk]), {"download": "csv"}
    )
    file = b"".join(answer).decode()

    for text in (page, file):
        assert one.name in text
        assert one.uscc not in text
        assert f"{one.uscc[:6]}********{one.uscc[-4:]}" in text
        assert "1234" not in text.replace(one.uscc[-4:], "")
    assert "200,000.00" in page


@pytest.mark.parametrize("bring", [drafted, frozen])
def test_nothing_is_public_before_it_is_published(client, office, bring):
    firm(1)
    made = bring(office)

    assert client.get(reverse("public_entitlement", args=[made.pk])).status_code == 404
    assert made.title not in client.get(reverse("public_entitlements")).content.decode()
    entry = made.entries.get()
    assert client.get(reverse("object_to_listed", args=[entry.pk])).status_code == 404


def test_a_notice_that_begins_tomorrow_is_not_public_yet(client, office):
    firm(1)
    made = published(office)
    later = made.opens_on + datetime.timedelta(days=1)
    EntitlementList.objects.filter(pk=made.pk).update(opens_on=later)

    assert client.get(reverse("public_entitlement", args=[made.pk])).status_code == 404


def test_a_cancelled_list_is_public_no_more(client, office):
    firm(1)
    made = published(office)
    cancel_list(pay_list=made, by=office.officer, seen=made.counter, reason="虚构")

    assert client.get(reverse("public_entitlement", args=[made.pk])).status_code == 404


def test_anybody_objects_and_looks_the_answer_up(client, office):
    firm(1)
    made = published(office)
    entry = made.entries.get()

    answer = client.post(reverse("object_to_listed", args=[entry.pk]), SAID)
    told = ListObjection.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert told.number in page
    answer_list_objection(
        objection=told, by=office.officer, answer="虚构：证书有效", sustained=False
    )
    later = client.get(reverse("entitlement_answer"), {"number": told.number})

    assert "虚构：证书有效" in later.content.decode()
    assert "虚构举报人" not in later.content.decode()


def test_an_objection_without_words_is_not_taken(client, office):
    firm(1)
    entry = published(office).entries.get()

    answer = client.post(
        reverse("object_to_listed", args=[entry.pk]), {**SAID, "text": "短"}
    )

    assert answer.status_code == 422
    assert not ListObjection.objects.exists()


def test_after_the_last_day_the_form_is_closed(client, office):
    firm(1)
    entry = over(published(office)).entries.get()
    address = reverse("object_to_listed", args=[entry.pk])

    assert "截止" in client.get(address).content.decode()
    assert client.post(address, SAID).status_code == 422
    assert not ListObjection.objects.exists()


@pytest.mark.parametrize("firms", [1, 3])
def test_a_list_asks_no_more_for_more_firms(
    client, office, firms, django_assert_num_queries
):
    for number in range(firms):
        firm(number + 1)
    made = published(office)

    with django_assert_num_queries(4):
        client.get(reverse("public_entitlement", args=[made.pk]))
