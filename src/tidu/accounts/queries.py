"""Read people and organisations: who works where, which invitations are open."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tidu.accounts.actors import scope_of
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Invitation, Membership, Organisation, User

LEADS = (Role.ADMINISTRATOR, Role.OWNER)
"""The roles that manage an organisation's people."""


def memberships_of(user: User) -> models.QuerySet[Membership]:
    """The organisations a person acts for now, the oldest membership first."""
    return user.memberships.filter(
        ended_at=None, organisation__closed_at=None
    ).select_related("organisation")


def people_of(organisation: Organisation) -> models.QuerySet[Membership]:
    """Who acts for an organisation now, with the person."""
    return organisation.memberships.filter(ended_at=None).select_related("user")


def leaders_of(organisation: Organisation) -> models.QuerySet[Membership]:
    """Those of an organisation's people who can manage the others."""
    return people_of(organisation).filter(role__in=LEADS, user__is_active=True)


def open_invitations(organisation: Organisation) -> models.QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    return organisation.invitations.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).select_related("invited_by")


def digest_of(secret: str) -> str:
    """What is kept of a link's secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_for(secret: str) -> Invitation | None:
    """The invitation a link leads to, however it stands; None for a wrong link."""
    return (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(secret_digest=digest_of(secret))
        .first()
    )


def lowest_authorities() -> list[Organisation]:
    """The authorities below which there is no other: where an enterprise belongs."""
    found = list(
        Organisation.objects.filter(
            kind=OrganisationKind.AUTHORITY, closed_at=None
        ).order_by("territory", "name")
    )
    scopes = {scope_of(each.territory) for each in found}
    return [
        each
        for each in found
        if not any(
            scope != scope_of(each.territory)
            and scope.startswith(scope_of(each.territory))
            for scope in scopes
        )
    ]


def authority_over(territory: str) -> Organisation | None:
    """The nearest authority that answers for a division code, None where none does."""
    scopes = [territory[:length] + "0" * (6 - length) for length in (6, 4, 2, 0)]
    found = {
        each.territory: each
        for each in Organisation.objects.filter(
            Q(territory__in=scopes), kind=OrganisationKind.AUTHORITY, closed_at=None
        )
    }
    return next((found[each] for each in scopes if each in found), None)
