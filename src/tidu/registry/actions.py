"""Writes to the registry: enter an enterprise, file figures, change its identity."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.registry import guards, permissions
from tidu.registry.current import refresh_current_of
from tidu.registry.enums import FilingSource, IdentityKind
from tidu.registry.models import (
    CurrentFacts,
    Enterprise,
    Filing,
    FormerIdentity,
    Segment,
)
from tidu.registry.searching import write_search_terms
from tidu.rules.errors import TiduError

Entries = Mapping[str, Mapping[str, Any]]


class IdentityTaken(TiduError):
    """Another enterprise of the registry has this code."""


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
    tell("registry.enterprise_entered", enterprise, by, uscc=uscc, name=name)
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
    told = {"filing": filing.pk, "source": source, "keys": sorted(entries)}
    tell("registry.facts_filed", enterprise, by, **told)
    return filing


def refresh_current(enterprise: Enterprise) -> CurrentFacts:
    """Work out again what is in force; industry follows the facts."""
    refresh_current_of([enterprise.pk])
    # Whoever goes on with this object sees the new figures.
    enterprise.refresh_from_db(fields=["industry"])
    enterprise.current = CurrentFacts.objects.get(pk=enterprise.pk)
    return enterprise.current


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

    ``source`` says how it is known; ``until`` the last day of the old one. Raises
    IdentityTaken where another enterprise has the code.
    """
    permissions.may_file_for(by, enterprise).or_refuse()
    if kind is IdentityKind.TERRITORY:
        permissions.may_move(by, enterprise, value).or_refuse()
    old = getattr(enterprise, kind.value)
    if old == value:
        return
    if kind is IdentityKind.USCC:
        _refuse_taken(enterprise, value)
    if old:
        FormerIdentity.objects.create(
            enterprise=enterprise, kind=kind, value=old, until=until, source=source
        )
    setattr(enterprise, kind.value, value)
    enterprise.save(update_fields=[kind.value])
    write_search_terms([enterprise])
    told = {"from": old, "to": value, "source": source}
    tell(f"registry.{kind.value}_changed", enterprise, by, **told)


@transaction.atomic
def close_enterprise(*, enterprise: Enterprise, reason: str, by: Actor) -> None:
    """Take an enterprise out of the lists, for a reason; everything of it is kept."""
    permissions.may_manage_enterprise(by, enterprise).or_refuse()
    guards.enterprise_is_open(enterprise).or_refuse()
    enterprise.closed_at, enterprise.closed_reason = timezone.now(), reason
    enterprise.save(update_fields=["closed_at", "closed_reason"])
    tell("registry.enterprise_closed", enterprise, by, reason=reason)


@transaction.atomic
def reopen_enterprise(*, enterprise: Enterprise, reason: str, by: Actor) -> None:
    """Bring an enterprise back into the lists."""
    permissions.may_manage_enterprise(by, enterprise).or_refuse()
    was = enterprise.closed_reason
    enterprise.closed_at, enterprise.closed_reason = None, ""
    enterprise.save(update_fields=["closed_at", "closed_reason"])
    tell("registry.enterprise_reopened", enterprise, by, reason=reason, was=was)


@transaction.atomic
def record_export(*, what: str, filters: str, count: int, form: str, by: Actor) -> None:
    """Record who took which list out of the system, and how many rows it had."""
    about = by.organisation or by.user
    assert about is not None
    record(
        action="registry.exported",
        by=by,
        about=about,
        territory=by.organisation.territory if by.organisation else "",
        data={"what": what, "filters": filters, "count": count, "form": form},
    )


@transaction.atomic
def keep_segment(*, name: str, query: str, by: Actor) -> Segment:
    """Keep a filtered view under a name; one of that name is replaced."""
    assert by.organisation is not None
    assert by.user is not None
    segment, _new = Segment.objects.update_or_create(
        organisation=by.organisation,
        name=name,
        defaults={"query": query, "made_by": by.user},
    )
    return segment


@transaction.atomic
def drop_segment(*, segment: Segment, by: Actor) -> None:
    """Delete a kept view; the firms in it are not touched."""
    permissions.may_drop_segment(by, segment).or_refuse()
    segment.delete()


def _refuse_taken(enterprise: Enterprise, code: str) -> None:
    other = Enterprise.objects.filter(uscc=code).exclude(pk=enterprise.pk).first()
    if other:
        said = _("代码 {code} 已属于库里的另一家企业；如果是同一家，请用“合并”")
        raise IdentityTaken(said.format(code=code))


def tell(action: str, enterprise: Enterprise, by: Actor, **data: Any) -> None:
    """Record what happened to an enterprise, in its territory's log."""
    record(
        action=action,
        by=by,
        about=enterprise,
        territory=enterprise.territory,
        data=data,
    )
