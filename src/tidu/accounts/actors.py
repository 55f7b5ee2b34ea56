"""Who acts in a request or a job: a person in a role, the system, or the public."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for one organisation in one role; neither for the public.

    ``system`` acts for nobody and may do everything: commands and scheduled jobs.
    """

    user: User | None = None
    membership: Membership | None = None
    system: bool = False

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def name(self) -> str:
        if self.system:
            return str(_("系统"))
        return str(self.user) if self.user else str(_("公众"))

    @property
    def organisation(self) -> Organisation | None:
        return self.membership.organisation if self.membership else None

    @property
    def organisation_name(self) -> str:
        return self.organisation.name if self.organisation else ""

    @property
    def role(self) -> Role | None:
        return Role(self.membership.role) if self.membership else None

    @property
    def role_name(self) -> str:
        return str(self.role.label) if self.role else ""

    @property
    def kind(self) -> OrganisationKind | None:
        """What the actor's organisation is."""
        return OrganisationKind(self.organisation.kind) if self.organisation else None

    @property
    def is_superuser(self) -> bool:
        """Whether the person runs the installation."""
        return bool(self.user and self.user.is_active and self.user.is_superuser)

    @property
    def scope(self) -> str | None:
        """The prefix of the division codes an authority answers for; None: nowhere.

        990000 → 99, 990100 → 9901, 990101 → 990101, 000000 → every code. Advisers
        of an authority see the firms they were given, and no territory.
        """
        if self.system or self.is_superuser:
            return ""
        if self.role is Role.ADVISER:
            return None
        if self.kind is not OrganisationKind.AUTHORITY or not self.organisation:
            return None
        return scope_of(self.organisation.territory)


def scope_of(territory: str) -> str:
    """A division code without its trailing pairs of zeros: 990100 → 9901."""
    while territory.endswith("00"):
        territory = territory[:-2]
    return territory


PUBLIC = Actor()
SYSTEM = Actor(system=True)


def actor_for(user: User | AnonymousUser, membership_id: int | None = None) -> Actor:
    """The actor of a signed-in person: the membership chosen, else their first."""
    if not isinstance(user, User) or not user.is_active:
        return PUBLIC
    memberships = list(
        user.memberships.filter(
            ended_at=None, organisation__closed_at=None
        ).select_related("organisation")
    )
    chosen = [each for each in memberships if each.pk == membership_id] or memberships
    return Actor(user, chosen[0] if chosen else None)
