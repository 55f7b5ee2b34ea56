"""Who opened a firm's page and who took data out is noted, and shown to whom it concerns."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    EnterpriseFactory,
    UserFactory,
    acting,
    member,
    officer,
    owner_of,
)
from tests.unit.casework.cases import office
from tests.unit.casework.holders import certified, objected
from tidu.accounts.enums import Role, Scope
from tidu.accounts.tokens import issue_token
from tidu.audit.access import note_access
from tidu.audit.models import Access, AccessKind
from tidu.web.access import FIRM_PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return EnterpriseFactory(facts={"revenue@2025": "60000000.00"})


@pytest.fixture
def county(client):
    user = officer("990101")
    client.force_login(user)
    return user


@pytest.fixture
def runs_site(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def note(firm, by, kind=AccessKind.VIEW, **more):
    return note_access(kind=kind, by=acting(by), firm=firm, **more)


def test_an_officer_who_opens_a_firm_is_noted(client, firm, county):
    client.get(reverse("registry_enterprise", args=[firm.pk]))

    (noted,) = Access.objects.all()
    assert (noted.kind, noted.firm_id, noted.actor_id) == ("view", firm.pk, county.pk)
    assert noted.firm_name == firm.name
    assert noted.organisation_name == acting(county).organisation_name
    assert noted.page == "registry_enterprise"
    assert noted.address == "127.0.0.1"


def test_who_is_refused_is_not_noted_as_having_seen(client, county):
    other = EnterpriseFactory(territory="990102")

    assert (
        client.get(reverse("registry_enterprise", args=[other.pk])).status_code == 403
    )
    assert not Access.objects.exists()


def test_a_piece_of_a_page_is_not_noted_again(client, firm, county):
    url = reverse("registry_enterprise", args=[firm.pk])

    client.get(url, headers={"HX-Request": "true"})

    assert not Access.objects.exists()


def test_the_public_and_lists_are_not_noted(client, firm, county):
    client.get(reverse("registry"))
    client.logout()
    client.get(reverse("home"))
    client.get(reverse("registry_enterprise", args=[firm.pk]))

    assert not Access.objects.exists()


def test_who_exports_a_list_is_noted_with_the_file(client, runs_site):
    client.get(reverse("site_people"), {"download": "csv"})

    (noted,) = Access.objects.all()
    assert (noted.kind, noted.actor_id, noted.what) == (
        "export",
        runs_site.pk,
        f"用户-{timezone.localdate()}.csv",
    )


def test_a_program_that_reads_a_firm_is_noted(client, firm):
    user = officer("990101")
    _token, secret = issue_token(
        by=acting(user),
        name="月报",
        scopes=[Scope.READ],
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )

    client.get(
        f"/api/v1/enterprises/{firm.pk}/facts",
        headers={"Authorization": f"Bearer {secret}"},
    )

    (noted,) = Access.objects.all()
    assert (noted.kind, noted.firm_id, noted.actor_id) == ("program", firm.pk, user.pk)


def test_the_address_of_firms_pages_is_still_the_one_that_is_noted(firm):
    assert reverse("registry_enterprise", args=[7]) == "/" + FIRM_PAGES.replace(
        "<int:pk>", "7"
    )


def test_a_firm_sees_who_looked_at_its_own_data_alone(client, firm):
    other = EnterpriseFactory()
    by = officer("990101")
    note(firm, by, page="registry_enterprise")
    note(other, by)
    client.force_login(owner_of(firm))

    page = client.get(reverse("own_access"))

    text = page.content.decode()
    assert "共 1 条" in text
    assert by.name in text
    assert "企业页" in text
    assert other.name not in text
    assert "127.0.0.1" not in text


def test_a_firm_that_nobody_looked_at_is_told_so(client, firm):
    client.force_login(owner_of(firm))

    assert "还没有人查阅过" in client.get(reverse("own_access")).content.decode()


def test_an_enterprise_without_its_firm_has_no_list(client, firm):
    user = owner_of(firm)
    firm.organisation = None
    firm.save()
    client.force_login(user)

    assert client.get(reverse("own_access")).status_code == 404


@pytest.mark.parametrize("name", ["access_log", "site_people"])
def test_an_officer_does_not_see_the_sites_lists(client, county, name):
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 2),
        ({"q": "另一家"}, 1),
        ({"kind": "evidence"}, 1),
        ({"kind": "nonsense"}, 2),
        ({"since": "2100-01-01"}, 0),
        ({"until": "2000-01-01"}, 0),
        ({"since": "not a day"}, 2),
    ],
)
def test_the_log_is_filtered_by_the_address(client, firm, runs_site, asked, count):
    note(firm, runs_site)
    other = EnterpriseFactory(name="示范另一家有限公司")
    note(other, runs_site, AccessKind.EVIDENCE, what="报告.pdf")

    page = client.get(reverse("access_log"), asked)

    assert page.status_code == 200
    assert f"共 {count} 条" in page.content.decode()


def test_the_log_is_downloaded_as_it_is_filtered(client, firm, runs_site):
    note(firm, runs_site, what="=cmd|'/C calc'!A0")
    note(firm, runs_site, AccessKind.EVIDENCE, what="报告.pdf")

    answer = client.get(reverse("access_log"), {"kind": "view", "download": "csv"})

    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][6] == "'=cmd|'/C calc'!A0"


def test_xlsx_is_a_workbook(client, firm, runs_site):
    answer = client.get(reverse("access_log"), {"download": "xlsx"})

    assert answer.getvalue().startswith(b"PK")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["access_log", "site_people"])
def test_the_lists_ask_the_database_as_often_for_many_as_for_one(
    client, firm, runs_site, django_assert_num_queries, count, name
):
    for _ in range(count):
        note(firm, officer("990101"))
    queries = {"access_log": 5, "site_people": 6}

    with django_assert_num_queries(queries[name]):
        client.get(reverse(name))


@pytest.mark.parametrize("what", ["title", "certificate", "objection"])
def test_who_opens_a_title_its_certificate_or_an_objection_is_noted(
    client, settings, what
):
    settings.CERTIFIES = frozenset({"srdi_sme"})
    if what == "objection":
        case, made = objected()
        firm, url = case.enterprise, reverse("objection", args=[made.pk])
    else:
        title = certified()
        name = {"title": "holder", "certificate": "certificate_file"}[what]
        firm, url = title.enterprise, reverse(name, args=[title.pk])
    client.force_login(member(office("province"), Role.OFFICER))

    answer = client.get(url)

    assert answer.status_code == 200
    assert answer.getvalue()
    (noted,) = Access.objects.all()
    assert noted.firm_id == firm.pk
    assert noted.kind == ("export" if what == "certificate" else "view")
