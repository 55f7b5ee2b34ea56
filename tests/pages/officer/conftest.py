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
