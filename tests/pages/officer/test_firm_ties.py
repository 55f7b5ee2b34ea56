"""Ties of a firm: entered by an office of its territory, confirmed, taken back."""

import pytest
from django.urls import reverse

from tests.factories import EnterpriseFactory, officer
from tidu.accounts.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return EnterpriseFactory()


@pytest.fixture
def url(firm):
    return reverse("firm_ties", args=[firm.pk])


def given(**more):
    return {"kind": "ip", "party": "zl2023.1", "source": "虚构登记簿", **more}


def test_a_right_is_entered_confirmed_and_dropped(desk, firm, url):
    assert 'class="empty"' in desk.get(url).text

    assert desk.post(url, given()).url == url

    tie = firm.ties.get()
    assert (tie.party, tie.confirmed_by) == ("ZL2023.1", "")
    page = desk.get(url).text
    assert "ZL2023.1" in page
    assert "没有核实" in page
    decide = [firm.pk, tie.pk]
    desk.post(reverse("firm_tie_decide", args=[*decide, "confirm"]))
    tie.refresh_from_db()
    assert tie.confirmed_by
    other = reverse("firm_tie_decide", args=[*decide, "other"])
    assert desk.post(other).status_code == 404
    desk.post(reverse("firm_tie_decide", args=[*decide, "drop"]))
    assert not firm.ties.exists()


@pytest.mark.parametrize(
    "bad", [{"party": " "}, {"source": ""}, {"kind": "employment"}]
)
def test_bad_input_is_told_and_kept(desk, firm, url, bad):
    answer = desk.post(url, given(party_name="虚构专利") | bad)

    assert answer.status_code == 422
    assert "虚构专利" in answer.text
    assert not firm.ties.exists()


def test_observers_read_and_others_see_nothing(client, firm, url):
    client.force_login(officer("990101", Role.OBSERVER))
    assert client.get(url).status_code == 200
    assert '<button class="btn btn-primary">登记</button>' not in client.get(url).text
    assert client.post(url, given()).status_code == 403
    client.force_login(officer("990102"))
    assert client.get(url).status_code == 403
    assert client.post(url, given()).status_code == 403
    assert not firm.ties.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_three_ties(
    desk, firm, url, count, django_assert_num_queries
):
    for at in range(count):
        desk.post(url, given(party=f"ZL{at}"))
    desk.get(url)

    with django_assert_num_queries(7):
        desk.get(url)
