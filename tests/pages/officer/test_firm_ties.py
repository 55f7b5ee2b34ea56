"""Ties of a firm that an office enters; the firm's page lists and settles them."""

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
    return reverse("firm_tie_add", args=[firm.pk])


def given(**more):
    return {"kind": "ip", "party": "zl2023.1", "source": "虚构登记簿", **more}


def test_a_right_is_entered_and_listed(desk, firm, url):
    listed = reverse("firm_ties", args=[firm.pk])
    assert url in desk.get(listed).text

    assert desk.post(url, given()).url == listed

    tie = firm.ties.get()
    assert (tie.party, tie.confirmed_by) == ("ZL2023.1", "")
    assert "ZL2023.1" in desk.get(listed).text


def test_a_confirmed_one_counts_from_now(desk, firm, url):
    desk.post(url, given(confirmed="on"))

    assert firm.ties.get().confirmed_by


@pytest.mark.parametrize(
    "bad", [{"party": " "}, {"source": ""}, {"kind": "employment"}]
)
def test_bad_input_is_told_and_kept(desk, firm, url, bad):
    answer = desk.post(url, given(party_name="虚构专利") | bad)

    assert answer.status_code == 422
    assert "虚构专利" in answer.text
    assert not firm.ties.exists()


def test_observers_and_others_enter_nothing(client, firm, url):
    client.force_login(officer("990101", Role.OBSERVER))
    assert client.post(url, given()).status_code == 403
    client.force_login(officer("990102"))
    assert client.get(url).status_code == 403
    assert client.post(url, given()).status_code == 403
    assert not firm.ties.exists()
