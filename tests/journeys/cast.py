"""Who takes part in a certification, each at an own screen: all of them fictional.

What stands in the registry before a journey begins is made here by the factories and
the actions; what happens afterwards is done on the pages.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from tests.factories import (
    EnterpriseFactory,
    OfficeFactory,
    UserFactory,
    acting,
    member,
    owner_of,
)
from tests.journeys.browser import Visitor
from tests.unit.registry.importing import code
from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.models import Membership
from tidu.casework.experts import About, add_to_pool, pool_of
from tidu.casework.review_models import Expert
from tidu.registry.models import Enterprise

ON = datetime.date(2026, 6, 1)
"""The day by which the rounds choose their standard; the figures are of 2025."""
FIRM = "示范虚构恒岳精密主轴有限公司"
COUNTY = "990221"
OFFICES = {
    "county": (COUNTY, "甲水县中小企业主管部门（虚构）"),
    "city": ("990200", "望岳市中小企业主管部门（虚构）"),
    "province": ("990000", "示范省中小企业主管部门（虚构）"),
    "ministry": ("000000", "示范国家级主管部门（虚构）"),
}
FIELD = "34"  # GB/T 4754, the firm's and the experts'


class Cast:
    """The offices, a firm and their people. ``visits`` makes a screen for each.

    ``careful``: they look at each page they come to, not only where a test asks them.
    """

    def __init__(
        self,
        visits: Callable[[], Visitor],
        facts: Mapping[str, object],
        *,
        careful: bool = False,
    ) -> None:
        self.visits, self.careful = visits, careful
        self.offices = {
            level: OfficeFactory(territory=territory, name=name)
            for level, (territory, name) in OFFICES.items()
        }
        self.firm: Enterprise = EnterpriseFactory(
            name=FIRM, uscc=code(7), territory=COUNTY, facts=dict(facts)
        )

    def acting(self, level: str) -> Actor:
        """An officer of a level, for what is there before the journey."""
        return acting(member(self.offices[level], Role.OFFICER))

    def officer(self, level: str) -> Visitor:
        """An officer of a level at a desk, signed in."""
        return self._seat(member(self.offices[level], Role.OFFICER).username)

    def owner(self) -> Visitor:
        """The firm's owner, signed in."""
        return self._seat(owner_of(self.firm).username)

    def reader(self) -> Visitor:
        """Somebody without an account."""
        visitor = self.visits()
        visitor.careful = self.careful
        return visitor

    def expert(self, level: str, name: str, **given: object) -> Expert:
        """An expert in a level's pool, with an account."""
        office = self.offices[level]
        user = UserFactory(name=name)
        Membership.objects.create(
            user=user, organisation=pool_of(office), role=Role.EXPERT
        )
        values = {
            "organisation_name": f"{name}所在研究院",
            "organisation_code": "",
            "fields": [FIELD],
            "limit": 10,
            **given,
        }
        about = About(name, **values)
        return add_to_pool(user=user, about=about, by=self.acting(level))

    def seat(self, expert: Expert) -> Visitor:
        """An expert at a screen, signed in."""
        return self._seat(expert.user.username)

    def _seat(self, username: str) -> Visitor:
        visitor = self.reader()
        visitor.sign_in(username)
        return visitor


def paper(name: str) -> dict[str, object]:
    """A file as somebody chooses it; its bytes are its name's own."""
    content = b"%PDF-1.7\n" + name.encode()
    return {"name": name, "mimeType": "application/pdf", "buffer": content}
