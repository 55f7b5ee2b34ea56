"""Every page of an enterprise: its own people, its place's officers, nobody else."""

import re

import pytest
from django.urls import reverse

from tests.factories import EnterpriseFactory, officer, owner_of
from tidu.accounts.enums import Role
from tidu.web.enterprise.urls import ROUTES

PLAIN = [name for route, _view, name in ROUTES if "<" not in route]
ARGUMENTS = {
    "facts_edit": ["economy"],
    "facts_history": ["revenue@2025"],
    "assessment": [1],
    "evidence_file": [1],
    "evidence_remove": [1],
    "questionnaire": ["compliance"],
}
NAMES = [name for _route, _view, name in ROUTES]
CHANGES = {"facts_edit", "facts_upload"}  # pages that only those who may file open


def address(firm, name) -> str:
    return reverse(f"firm_{name}", args=[firm.pk, *ARGUMENTS.get(name, [])])


@pytest.mark.parametrize("name", PLAIN)
def test_own_people_and_officers_of_every_level_open_it(client, firm, owner, name):
    client.force_login(owner)
    assert client.get(reverse(name)).status_code == 200
    for territory in ("990101", "990100", "990000", "000000"):
        client.force_login(officer(territory))
        assert client.get(address(firm, name)).status_code == 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_territory_and_another_firm_see_nothing(client, firm, name, method):
    for stranger in (
        officer("990102"),
        officer("990200"),
        owner_of(EnterpriseFactory()),
        owner_of(EnterpriseFactory(), Role.FILER),
    ):
        client.force_login(stranger)
        assert getattr(client, method)(address(firm, name)).status_code == 403
    client.logout()
    assert getattr(client, method)(address(firm, name)).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_an_observer_reads_and_changes_nothing(client, firm, name):
    client.force_login(officer("990101", Role.OBSERVER))

    expected = {403} if name in CHANGES else {200, 404, 405}
    assert client.get(address(firm, name)).status_code in expected
    if name in {"facts_edit", "facts_upload", "assessments"}:
        assert client.post(address(firm, name)).status_code == 403


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_speaks_english_too(signed_in, name):
    answer = signed_in.get(reverse(name), headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    if "text/html" in answer["Content-Type"]:
        text = answer.content.decode()
        assert '<html lang="en">' in text
        tabs = text.partition('<nav class="tabs')[2].partition("</nav>")[0]
        assert "Ladder" in tabs
        assert not re.search("[\u4e00-\u9fff]", tabs)


def test_what_belongs_to_another_firm_is_no_page(signed_in, firm, client):
    other = EnterpriseFactory()
    user = owner_of(other)
    client.force_login(user)
    client.post(reverse("assessments"))
    kept = other.assessments.get()
    client.force_login(owner_of(firm))

    assert client.get(reverse("assessment", args=[kept.pk])).status_code == 404
