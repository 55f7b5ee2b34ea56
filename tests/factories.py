"""Enterprises, organisations and people for tests: real rows, fictional names."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone

from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.registry.enums import FilingSource
from tidu.registry.models import CurrentFacts, Enterprise, Filing
from tidu.registry.precedence import current_entries
from tidu.registry.searching import write_search_terms

PASSWORD = "Shifan-2026"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"虚构人员{n}")
    password = factory.django.Password(PASSWORD)


class OfficeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"示范主管部门{n}（虚构）")
    kind = OrganisationKind.AUTHORITY
    territory = "990101"


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """An enterprise; ``facts={"revenue@2025": "60000000.00"}`` files them."""

    class Meta:
        model = Enterprise
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"示范虚构{n}精密机械有限公司")
    territory = "990101"

    @factory.post_generation
    def facts(self, _create: bool, given: dict[str, Any] | None, **_: Any) -> None:
        filings = []
        if given:
            filings.append(
                Filing.objects.create(
                    enterprise=self,
                    source=FilingSource.ENTERPRISE,
                    entries={key: {"value": value} for key, value in given.items()},
                    filed_by="虚构人员",
                    filed_at=timezone.now(),
                )
            )
        CurrentFacts.objects.create(
            enterprise=self,
            entries=current_entries(filings),
            updated_at=timezone.now(),
        )
        write_search_terms([self])


def member(organisation: Organisation, role: Role) -> User:
    """A person who acts for the organisation."""
    user = UserFactory()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def officer(territory: str = "990101", role: Role = Role.OFFICER) -> User:
    """A person of the authority of a territory, made with it."""
    return member(OfficeFactory(territory=territory), role)


def owner_of(enterprise: Enterprise, role: Role = Role.OWNER) -> User:
    """A person of the enterprise; gives it its account where it has none."""
    if enterprise.organisation is None:
        enterprise.organisation = Organisation.objects.create(
            name=enterprise.name,
            kind=OrganisationKind.ENTERPRISE,
            territory=enterprise.territory,
        )
        enterprise.save(update_fields=["organisation"])
    return member(enterprise.organisation, role)


def acting(user: User) -> Actor:
    """The actor of a person, as a request would have it."""
    return actor_for(user)
