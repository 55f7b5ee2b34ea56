"""A person reads, takes along and erases what is held about them."""

import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.factories import PASSWORD, EnterpriseFactory, UserFactory, officer, owner_of
from tidu.accounts.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return EnterpriseFactory()


@pytest.fixture
def filer(client, firm):
    owner_of(firm)
    user = owner_of(firm, Role.FILER)
    user.phone = "13812341234"
    user.save()
    client.force_login(user)
    return user


def test_my_data_is_listed_and_taken_along(client, filer):
    page = client.get(reverse("my_data"))
    taken = client.get(reverse("my_data_file"), {"form": "json"})

    assert "任职" in page.content.decode()
    held = json.loads(taken.content)
    assert held["账户"][0]["电话"] == "13812341234"
    assert "13812341234" not in json.dumps(held["任职"])
    assert filer.password not in taken.content.decode()


def test_my_data_is_a_workbook_with_a_sheet_for_each_table(client, filer):
    taken = client.get(reverse("my_data_file"), {"form": "xlsx"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(taken.content))
    assert book.sheet_names[0] == "1账户"
    assert "13812341234" in book.get_sheet_by_index(0).to_python()[1]


def test_who_closes_the_account_is_gone_and_signed_out(client, filer):
    given = {"username": filer.username, "password": PASSWORD}

    answer = client.post(reverse("close_account"), given, follow=True)

    filer.refresh_from_db()
    assert (filer.name, filer.phone, filer.is_active) == ("已注销", "", False)
    assert "账户已注销" in answer.content.decode()
    assert client.get(reverse("my_data")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "somebody"}, "和您的用户名不一样"),
        ({"password": "wrong"}, "密码不对"),
        ({"password": ""}, "必填"),
    ],
)
def test_a_slip_closes_nothing_and_is_told_beside_its_field(client, filer, wrong, said):
    given = {"username": filer.username, "password": PASSWORD, **wrong}

    answer = client.post(reverse("close_account"), given)

    filer.refresh_from_db()
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert filer.is_active


def test_the_only_leader_of_an_office_hands_over_first(client):
    user = officer("990101", Role.ADMINISTRATOR)
    client.force_login(user)
    given = {"username": user.username, "password": PASSWORD}

    assert "唯一的管理人员" in client.get(reverse("close_account")).content.decode()
    assert client.post(reverse("close_account"), given).status_code == 422
    user.refresh_from_db()
    assert user.is_active


@pytest.fixture
def runs_site(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def test_telephones_are_masked_in_the_list_and_whole_on_the_page(client, runs_site):
    person = UserFactory(phone="13812341234")

    listed = client.get(reverse("site_people")).content.decode()
    alone = client.get(reverse("site_person", args=[person.pk])).content.decode()

    assert "138****1234" in listed
    assert "13812341234" not in listed
    assert "13812341234" in alone


def test_people_are_found_by_their_office(client, runs_site):
    person = officer("990101")
    UserFactory(name="别的人")

    page = client.get(reverse("site_people"), {"q": "示范主管部门"}).content.decode()

    assert "共 1 人" in page
    assert person.name in page
    nobody = client.get(reverse("site_people"), {"q": "没有这个人"}).content.decode()
    assert "没有找到" in nobody


def test_who_runs_the_site_erases_a_person_by_writing_their_name(client, runs_site):
    person = UserFactory()
    url = reverse("site_person", args=[person.pk])

    assert client.post(url, {"username": "other"}).status_code == 422
    person.refresh_from_db()
    assert person.is_active
    assert client.post(url, {"username": person.username}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active


def test_the_last_who_runs_the_site_stays(client, runs_site):
    url = reverse("site_person", args=[runs_site.pk])

    answer = client.post(url, {"username": runs_site.username})

    assert answer.status_code == 422
    assert "唯一的系统管理员" in answer.content.decode()


def test_who_runs_the_site_hands_a_persons_data_out(client, runs_site):
    person = UserFactory(name="虚构的张三")

    taken = client.get(reverse("site_person_data", args=[person.pk]))

    assert json.loads(taken.content)["账户"][0]["姓名"] == "虚构的张三"


def test_an_officer_has_no_page_of_a_person(client):
    person = UserFactory()
    client.force_login(officer("990101", Role.ADMINISTRATOR))

    for name in ("site_person", "site_person_data"):
        assert client.get(reverse(name, args=[person.pk])).status_code == 403
