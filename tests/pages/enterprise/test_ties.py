"""A firm's and an expert's page of ties, and the office that settles them."""

import pytest

from tests.factories import officer
from tests.unit.casework.cases import desk, firm
from tests.unit.casework.reviews import CODE, expert
from tidu.accounts.enums import Role
from tidu.casework.review_models import Tie

pytestmark = pytest.mark.django_db

DATA = {
    "kind": "shareholding",
    "party_name": "虚构股东公司",
    "code": CODE,
    "source": "持股 12%",
}


@pytest.fixture
def own(client):
    enterprise, by = firm()
    client.force_login(by.user)
    return enterprise


def test_a_firm_declares_and_corrects(client, own):
    assert client.post("/enterprise/ties/", DATA).status_code == 302
    tie = Tie.objects.get()
    text = client.get("/enterprise/ties/").content.decode()
    assert "虚构股东公司" in text
    assert "等主管部门核实" in text

    answer = client.post(
        f"/enterprise/ties/{tie.pk}/", {**DATA, "source": "持股 3%", "mistaken": ""}
    )

    assert answer.status_code == 302
    text = client.get("/enterprise/ties/").content.decode()
    assert "已由后来的一项代替" in text
    assert "持股 3%" in text


@pytest.mark.parametrize(
    "given", [{"code": CODE[:-1] + "0"}, {"source": ""}, {"code": "", "party_name": ""}]
)
def test_wrong_input_is_told_and_kept(client, own, given):
    answer = client.post("/enterprise/ties/", {**DATA, **given})

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Tie.objects.exists()


def test_a_firm_does_not_learn_who_is_in_a_pool(client, own):
    one = expert("虚构顾问")
    client.post(
        "/enterprise/ties/",
        {"kind": "person", "party_name": "虚构顾问", "source": "曾任顾问"},
    )
    tie, owner = Tie.objects.get(), own.organisation.memberships.get().user
    client.force_login(desk("province").user)
    page = f"/officer/registry/{own.pk}/ties/"
    assert "就是" in client.get(page).content.decode()
    client.post(f"{page}{tie.pk}/settle/", {"expert": one.pk})
    assert Tie.objects.filter(confirmed_by="").count() == 1
    client.force_login(owner)

    text = client.get("/enterprise/ties/").content.decode()

    assert "由主管部门核对" in text
    assert "已核实" not in text
    assert one.organisation_name not in text


def test_an_office_settles_or_lifts(client, own):
    client.post("/enterprise/ties/", DATA)
    tie = Tie.objects.get()
    page = f"/officer/registry/{own.pk}/ties/"
    client.force_login(desk("province", Role.OBSERVER).user)
    assert client.post(f"{page}{tie.pk}/settle/", {}).status_code == 403
    client.force_login(officer("980000"))
    assert client.get(page).status_code == 403
    client.force_login(desk("province").user)

    client.post(f"{page}{tie.pk}/settle/", {"what": "confirm"})
    assert "已核实，回避" in client.get(page).content.decode()
    client.post(f"{page}{tie.pk}/settle/", {"what": "lift"})

    assert "说明没有这项关系" in client.get(page).content.decode()
    assert client.post(page, DATA).status_code == 403


def test_an_expert_declares_and_corrects(client):
    one = expert()
    client.force_login(one.user)
    data = {**DATA, "kind": "employment"}
    assert client.post("/expert/ties/", data).status_code == 302
    tie = Tie.objects.get()
    assert "本人申报，已回避" in client.get("/expert/ties/").content.decode()

    answer = client.post(f"/expert/ties/{tie.pk}/", {**data, "mistaken": "on"})

    assert answer.status_code == 302
    assert "说明没有这项关系" in client.get("/expert/ties/").content.decode()
    assert client.get(f"/expert/ties/{tie.pk + 99}/").status_code == 404
    client.force_login(desk("province").user)
    text = client.get(f"/officer/reviews/experts/{one.pk}/").content.decode()
    assert "说明没有这项关系" in text


def test_the_page_asks_the_same_of_one_tie_and_of_three(
    client, own, django_assert_max_num_queries
):
    client.post("/enterprise/ties/", DATA)
    with django_assert_max_num_queries(9):
        client.get("/enterprise/ties/")
    for _n in range(2):
        client.post("/enterprise/ties/", DATA)

    with django_assert_max_num_queries(9):
        client.get("/enterprise/ties/")
