"""The forecast of a re-verification round beside what came: counts, list, files."""

import pytest
from django.urls import reverse

from tests.factories import officer
from tests.unit.casework.cases import SRDI, call, desk
from tests.unit.casework.test_forecasting import ended, holder, reverify
from tidu.casework.forecasting import freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    good, poor = holder(), holder({**SRDI, "revenue@2025": "100000.00"})
    made = reverify()
    freeze(made)
    ended(made, good, "certified")
    ended(made, poor, "certified")
    return made


@pytest.fixture
def province(client):
    client.force_login(desk("province").user)
    return client


def address(opened):
    return reverse("round_forecast", args=[opened.pk])


def test_the_round_leads_to_it_and_it_shows_both(province, opened):
    assert address(opened) in province.get(reverse("round", args=[opened.pk])).text

    text = province.get(address(opened)).text

    assert "1 家的结果与预测相反" in text
    assert text.count("与预测相反</strong>") == 1
    only = province.get(address(opened), {"only": "differing"}).text
    assert "共 1 家" in only


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_it_is_taken_out_as_a_file(province, opened, form):
    answer = province.get(address(opened), {"download": form})

    content = answer.getvalue()
    assert answer.status_code == 200
    assert form == "xlsx" or content.decode().count("\n") == 3


def test_a_round_without_one_says_so(province):
    opened = call()

    assert "没有预测" in province.get(address(opened)).text
    assert address(opened) not in province.get(reverse("round", args=[opened.pk])).text


def test_another_territory_sees_nothing(client, opened):
    client.force_login(officer("980000"))

    assert client.get(address(opened)).status_code == 403


@pytest.mark.parametrize("more", [0, 2])
def test_it_asks_as_often_for_two_holders_as_for_four(
    province, opened, more, django_assert_num_queries
):
    for _n in range(more):
        ended(opened, holder(), "upheld")
    freeze(opened)
    province.get(address(opened))

    with django_assert_num_queries(9):
        province.get(address(opened))
