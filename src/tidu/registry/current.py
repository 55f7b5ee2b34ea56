"""Work out what is in force of many enterprises at once, in a few queries."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from tidu.registry.models import CurrentFacts, Enterprise, Filing
from tidu.registry.precedence import current_entries

BATCH = 500


def refresh_current_of(ids: Iterable[int]) -> dict[int, int]:
    """Work out again what is in force of these enterprises; industry follows.

    Returns how many filings in force each of them has.
    """
    filings: dict[int, list[Filing]] = {pk: [] for pk in ids}
    live = Filing.objects.filter(enterprise__in=filings, withdrawn_at=None)
    for filing in live.order_by("filed_at", "id"):
        filings[filing.enterprise_id].append(filing)
    entries = {pk: current_entries(several) for pk, several in filings.items()}
    write_current(entries, timezone.now())
    _follow_industry(entries)
    return {pk: len(several) for pk, several in filings.items()}


def write_current(
    entries: Mapping[int, Mapping[str, Any]], now: datetime.datetime
) -> None:
    """Write what is in force: enterprise → entries, new or in place of the old ones."""
    CurrentFacts.objects.bulk_create(
        (
            CurrentFacts(
                enterprise_id=pk,
                entries=each,
                conflicts=conflicts_in(each),
                updated_at=now,
            )
            for pk, each in entries.items()
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=["entries", "conflicts", "updated_at"],
    )


def entries_of_one(filing: Filing) -> dict[str, dict[str, Any]]:
    """What is in force where there is one filing: the same as ``current_entries``."""
    found: dict[str, dict[str, Any]] = {}
    for key, entry in filing.entries.items():
        if entry.get("value") is None:
            continue
        one: dict[str, Any] = {"value": entry["value"], "filing": filing.pk}
        if place := entry.get("place"):
            one["place"] = place
        if evidence := entry.get("evidence"):
            one["evidence"] = evidence
        found[key] = one
    return found


def conflicts_in(entries: Mapping[str, Mapping[str, Any]]) -> int:
    """How many figures have another source that says otherwise."""
    return sum("conflict" in entry for entry in entries.values())


def industry_in(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """The industry code in force, or nothing."""
    return str(entries.get("industry", {}).get("value") or "")[:5]


def _follow_industry(entries: Mapping[int, Mapping[str, Any]]) -> None:
    wanted = {pk: code for pk, each in entries.items() if (code := industry_in(each))}
    firms = Enterprise.objects.filter(pk__in=wanted).only("pk", "industry")
    changed = [firm for firm in firms if firm.industry != wanted[firm.pk]]
    for firm in changed:
        firm.industry = wanted[firm.pk]
    Enterprise.objects.bulk_update(changed, ["industry"], batch_size=BATCH)
