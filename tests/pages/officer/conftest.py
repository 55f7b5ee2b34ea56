"""People at their desks, signed in."""

import pytest

from tests.factories import officer
from tidu.accounts.enums import Role


@pytest.fixture
def county(db):
    return officer("990101", Role.ADMINISTRATOR)


@pytest.fixture
def desk(county, client):
    """The county's officer, signed in."""
    client.force_login(county)
    return client


@pytest.fixture
def person():
    return officer("990101")


@pytest.fixture
def page(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def other(client):
    """Somebody of another county, signed in."""

    def sign_in(territory="990102", role=Role.OFFICER):
        client.force_login(officer(territory, role))
        return client

    return sign_in
