"""Read lists that are paid without applying: whose, how much, paid before, how fast."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import statistics
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.eligibility.enums import EntryState, Removal
from tidu.eligibility.pay_list_models import (
    BankAccount,
    EntitlementEntry,
    EntitlementList,
)
from tidu.registry.models import Enterprise
from tidu.registry.queries import scope_filter
from tidu.rules.amounts import Per
from tidu.rules.measures import Mechanism
from tidu.rules.pay_list import CANCELLED, DRAFT, FROZEN, PAID, excluding

ZERO = Decimal(0)
_NOT_PUBLIC = (DRAFT, FROZEN, CANCELLED)
_IN_A_YEAR = {Per.YEAR, Per.MONTH}


def today() -> datetime.date:
    """The day by which days of notice are counted."""
    return timezone.localdate()


def lists_of(actor: Actor) -> models.QuerySet[EntitlementList]:
    """The lists that an actor's authority runs, and those of authorities below it."""
    scope = actor.scope
    if scope is None:
        return EntitlementList.objects.none()
    return with_sums(
        EntitlementList.objects.filter(
            scope_filter(scope, "organisation__territory")
        ).select_related("organisation")
    )


def with_sums(
    lists: models.QuerySet[EntitlementList],
) -> models.QuerySet[EntitlementList]:
    """``firms`` and ``total`` of those that are paid, ``paid`` of those that were."""
    kept = ~Q(entries__state=EntryState.REMOVED)
    return lists.annotate(
        firms=Count("entries", filter=kept),
        total=Sum("entries__amount", filter=kept, default=ZERO),
        paid=Count("entries", filter=Q(entries__state=EntryState.PAID)),
    )


def public_lists(on: datetime.date) -> models.QuerySet[EntitlementList]:
    """Lists whose notice has begun; what was cancelled is public no more."""
    known = EntitlementList.objects.filter(opens_on__lte=on).exclude(
        state__in=_NOT_PUBLIC
    )
    return with_sums(known.select_related("organisation")).order_by("-opens_on", "-pk")


def total_of(pay_list: EntitlementList) -> Decimal:
    """What the firms that are kept get together, in 元, to the cent.

    Added up here by different amounts: a database may add decimals as floats.
    """
    kept = pay_list.entries.exclude(state=EntryState.REMOVED).order_by()
    rows = kept.values_list("amount").annotate(Count("pk"))
    return sum((amount * firms for amount, firms in rows), ZERO)


def states_of(pay_list: EntitlementList) -> Counter[str]:
    """How many firms of a list are in each state."""
    rows = pay_list.entries.order_by().values_list("state").annotate(Count("pk"))
    return Counter(dict(rows))


@dataclasses.dataclass(frozen=True, slots=True)
class Clash:
    """Why a firm is not paid from this list: the kind, and the other list's title."""

    removal: Removal
    other: str


def clashes_of(
    pay_list: EntitlementList, mechanism: Mechanism, others: Iterable[Mechanism]
) -> dict[int, Clash]:
    """Enterprise id → why it cannot be paid: paid in this period, or has another.

    Counted are lists from the day they are frozen; what was returned and settled
    without being paid is not.
    """
    counted = (
        EntitlementEntry.objects.exclude(pay_list=pay_list.pk)
        .exclude(pay_list__state__in=(DRAFT, CANCELLED))
        .exclude(state=EntryState.REMOVED)
        .exclude(~Q(state=EntryState.PAID), pay_list__state=PAID)
    )
    rivals = [each.id for each in excluding(mechanism, others)]
    excluded = counted.filter(pay_list__mechanism__in=rivals)
    if pay_list.repeats in _IN_A_YEAR:
        excluded = excluded.filter(pay_list__on__year=pay_list.on.year)
    same = counted.filter(
        pay_list__mechanism=mechanism.id, pay_list__period=pay_list.period
    )
    found: dict[int, Clash] = {}
    for rows, removal in ((excluded, Removal.EXCLUDED), (same, Removal.EARLIER)):
        named = rows.order_by().values_list("enterprise_id", "pay_list__title")
        found |= {pk: Clash(removal, title) for pk, title in named}
    return found


def sharing_accounts(pay_list: EntitlementList) -> set[int]:
    """Enterprises of a list whose account number another firm has confirmed, too."""
    current = BankAccount.objects.filter(replaced_at=None, confirmed_at__isnull=False)
    here = pay_list.entries.exclude(state=EntryState.REMOVED).values("enterprise")
    numbers = current.filter(enterprise__in=here).values("number")
    rows = (
        current.filter(number__in=numbers)
        .order_by()
        .values_list("number", "enterprise_id")
    )
    by_number: dict[str, set[int]] = {}
    for number, firm in rows:
        by_number.setdefault(number, set()).add(firm)
    return {pk for firms in by_number.values() if len(firms) > 1 for pk in firms}


def days_to_payment(entries: models.QuerySet[EntitlementEntry]) -> float | None:
    """The median of days from publication to payment; None while nothing is paid."""
    paid = entries.filter(
        state=EntryState.PAID, pay_list__opens_on__isnull=False
    ).order_by()
    days = [
        (paid_on - opens_on).days
        for paid_on, opens_on in paid.values_list("paid_on", "pay_list__opens_on")
        if paid_on and opens_on
    ]
    return statistics.median(days) if days else None


def digest_of(pay_list: EntitlementList) -> str:
    """SHA-256 over what a list is frozen with: who, how much, by which facts."""
    total = hashlib.sha256()
    rows = pay_list.entries.order_by("uscc", "pk").values_list(
        "uscc", "amount", "lines", "entries"
    )
    for uscc, amount, lines, entries in rows.iterator(chunk_size=2000):
        line = [uscc, f"{amount:.2f}", lines, entries]
        total.update(json.dumps(line, ensure_ascii=False, sort_keys=True).encode())
    return total.hexdigest()


def listed(enterprise: Enterprise) -> models.QuerySet[EntitlementEntry]:
    """Where an enterprise stands on published lists, the newest first."""
    return (
        EntitlementEntry.objects.filter(
            enterprise=enterprise, pay_list__opens_on__lte=today()
        )
        .exclude(pay_list__state__in=_NOT_PUBLIC)
        .select_related("pay_list__organisation", "account")
        .order_by(F("pay_list__opens_on").desc(), "-pk")
    )
