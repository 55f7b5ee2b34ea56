"""One enterprise with figures, its owner, and the officer of its place."""

import pytest

from tests.factories import EnterpriseFactory, officer, owner_of
from tests.figures import FIGURES

CODE = "91990000000000342G"
FACTS = FIGURES | {
    "revenue@2025": "60880000.00",
    "market_share": "0.12",
    "established_on": "2015-03-01",
    "dq01": ["automation", "private_5g"],
}


@pytest.fixture
def firm(db):
    return EnterpriseFactory(name="示范虚构精密机械有限公司", uscc=CODE, facts=FACTS)


@pytest.fixture
def owner(firm):
    return owner_of(firm)


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def by_officer(client, firm):
    """A client of the county's officer; addresses begin with the firm's number."""
    client.force_login(officer("990101"))
    return client
