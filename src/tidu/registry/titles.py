"""Titles that official lists give and take away; the rules read them as figures.

A title is kept with its days and its source. What the titles of a scheme say together,
that it is held and until when, is filed as an official figure in the same transaction,
so that the ladder and every standard that asks for a lower title follow the lists.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.registry import permissions
from tidu.registry.actions import file_facts, tell
from tidu.registry.enums import FilingSource
from tidu.registry.models import Enterprise, HeldTitle
from tidu.rules.library import default_library


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
    tell(
        "registry.title_recorded",
        enterprise,
        by,
        scheme=scheme,
        valid_from=valid_from.isoformat(),
        valid_until=valid_until.isoformat() if valid_until else None,
        source=source,
    )
    file_held(enterprise, scheme, source, by)
    return title


@transaction.atomic
def revoke_title(
    *, title: HeldTitle, on: datetime.date, reason: str, by: Actor
) -> None:
    """Record that a title was taken away, from which day, and why."""
    permissions.may_manage_enterprise(by, title.enterprise).or_refuse()
    title.revoked_on, title.revoked_reason = on, reason
    title.save(update_fields=["revoked_on", "revoked_reason"])
    tell(
        "registry.title_revoked",
        title.enterprise,
        by,
        scheme=title.scheme,
        on=on.isoformat(),
        reason=reason,
    )
    file_held(title.enterprise, title.scheme, reason, by)


@transaction.atomic
def withdraw_title(*, title: HeldTitle, by: Actor, **why: Any) -> None:
    """Delete a title that should never have been recorded; ``why`` is logged."""
    permissions.may_file_for(by, title.enterprise).or_refuse()
    enterprise, scheme = title.enterprise, title.scheme
    tell(
        "registry.title_withdrawn",
        enterprise,
        by,
        scheme=scheme,
        valid_from=title.valid_from.isoformat(),
        **why,
    )
    title.delete()
    file_held(enterprise, scheme, _("撤回名单"), by)


def file_held(enterprise: Enterprise, scheme: str, reason: str, by: Actor) -> None:
    """File what the titles of a scheme say together, as official figures.

    Nothing is filed for a scheme whose title no rule asks for.
    """
    pack = default_library().for_territory(enterprise.territory)
    known = pack.schemes.get(scheme)
    fact = known.title_fact if known else ""
    if not fact:
        return
    titles = enterprise.titles.filter(scheme=scheme)
    ends = [each.valid_until for each in titles.filter(revoked_on=None)]
    entries: dict[str, dict[str, Any]] = {
        fact: {"value": True if ends else False if titles.exists() else None}
    }
    if expires := pack.facts[fact].expires:
        last = max(filter(None, ends), default=None) if None not in ends else None
        entries[expires] = {"value": last.isoformat() if last else None}
    file_facts(
        enterprise=enterprise,
        entries=entries,
        source=FilingSource.OFFICIAL,
        reason=reason,
        by=by,
    )
