"""Writes to the registry: enter an enterprise, file figures, change its identity."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.registry import permissions
from tidu.registry.enums import FilingSource, IdentityKind
from tidu.registry.models import (
    CurrentFacts,
    Enterprise,
    Filing,
    FormerIdentity,
    HeldTitle,
)
from tidu.registry.precedence import current_entries
from tidu.registry.searching import write_search_terms

Entries = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def enter_enterprise(
    *,
    name: str,
    uscc: str | None,
    territory: str,
    by: Actor,
    industry: str = "",
) -> Enterprise:
    """Enter an enterprise that the registry does not know yet."""
    enterprise = Enterprise.objects.create(
        name=name, uscc=uscc, territory=territory, industry=industry
    )
    CurrentFacts.objects.create(enterprise=enterprise, updated_at=timezone.now())
    write_search_terms([enterprise])
    record(
        action="registry.enterprise_entered",
        by=by,
        about=enterprise,
        territory=territory,
        data={"uscc": uscc, "name": name},
    )
    return enterprise


@transaction.atomic
def file_facts(
    *,
    enterprise: Enterprise,
    entries: Entries,
    source: FilingSource,
    by: Actor,
    reason: str = "",
) -> Filing:
    """Record a filing and work out what is in force.

    ``entries``: flat key → ``{"value", "place"?, "evidence"?}`` in base units; see
    ``Filing``. Refused for those who may not file for the enterprise.
    """
    permissions.may_file_for(by, enterprise).or_refuse()
    filing = Filing.objects.create(
        enterprise=enterprise,
        source=source,
        entries=dict(entries),
        reason=reason,
        filed_by_id=by.user_id,
        filed_by=by.name,
        organisation_name=by.organisation_name,
        filed_at=timezone.now(),
    )
    refresh_current(enterprise)
    record(
        action="registry.facts_filed",
        by=by,
        about=enterprise,
        territory=enterprise.territory,
        data={"filing": filing.pk, "source": source, "keys": sorted(entries)},
    )
    return filing


def refresh_current(enterprise: Enterprise) -> CurrentFacts:
    """Work out again what is in force; industry follows the facts."""
    filings = enterprise.filings.order_by("filed_at", "id")
    entries = current_entries(filings)
    current, _made = CurrentFacts.objects.update_or_create(
        enterprise=enterprise,
        defaults={"entries": entries, "updated_at": timezone.now()},
    )
    enterprise.current = current  # who goes on with this object sees the new figures
    industry = str(entries.get("industry", {}).get("value", ""))[:5]
    if industry and industry != enterprise.industry:
        enterprise.industry = industry
        enterprise.save(update_fields=["industry"])
    return current


@transaction.atomic
def change_identity(
    *,
    enterprise: Enterprise,
    kind: IdentityKind,
    value: str,
    source: str,
    by: Actor,
    until: datetime.date | None = None,
) -> None:
    """Give an enterprise another name, code or territory; the old one is kept.

    ``source`` says how it is known; ``until`` the last day of the old one.
    """
    permissions.may_file_for(by, enterprise).or_refuse()
    old = getattr(enterprise, kind.value)
    if old == value:
        return
    if old:
        FormerIdentity.objects.create(
            enterprise=enterprise, kind=kind, value=old, until=until, source=source
        )
    setattr(enterprise, kind.value, value)
    enterprise.save(update_fields=[kind.value])
    write_search_terms([enterprise])
    record(
        action=f"registry.{kind.value}_changed",
        by=by,
        about=enterprise,
        territory=enterprise.territory,
        data={"from": old, "to": value, "source": source},
    )


@transaction.atomic
def record_title(
    *,
    enterprise: Enterprise,
    scheme: str,
    valid_from: datetime.date,
    valid_until: datetime.date | None,
    source: str,
    by: Actor,
    batch_name: str = "",
) -> HeldTitle:
    """Record that an official list names the enterprise as a holder of a title."""
    permissions.may_file_for(by, enterprise).or_refuse()
    title = HeldTitle.objects.create(
        enterprise=enterprise,
        scheme=scheme,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        batch_name=batch_name,
    )
    record(
        action="registry.title_recorded",
        by=by,
        about=enterprise,
        territory=enterprise.territory,
        data={
            "scheme": scheme,
            "valid_from": valid_from.isoformat(),
            "valid_until": valid_until.isoformat() if valid_until else None,
            "source": source,
        },
    )
    return title
