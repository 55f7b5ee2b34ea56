"""Filter the registry by where firms stand: from the address of a page to a query."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from tidu.accounts.actors import Actor, scope_of
from tidu.eligibility.models import CurrentStanding
from tidu.registry.models import CurrentFacts, Enterprise, HeldTitle
from tidu.registry.queries import enterprises_of, scope_filter
from tidu.registry.searching import matching
from tidu.rules.facts import split_key
from tidu.rules.library import default_library
from tidu.rules.outcomes import Outcome

FILTERS = (
    "q",
    "place",
    "industry",
    "size",
    "standing",
    "title",
    "missing",
    "since",
    "account",
    "conflict",
    "closed",
)
"""Filters by their names in the address, in the order of their chips."""

SORTS: dict[str, tuple[str, ...]] = {
    "": ("pk",),
    "name": ("name", "pk"),
    "place": ("territory", "name", "pk"),
    "updated": ("-current__updated_at", "-pk"),
}
SIZES = ("large", "medium", "small", "micro")
_YES, _NO = "yes", "no"
_LONGEST = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """What is asked for. ``filters``: only those that say something, and can be met."""

    filters: Mapping[str, str]
    sort: str = ""

    @staticmethod
    def of(asked: Mapping[str, str]) -> Listing:
        """Read an address; a filter whose value means nothing is left out."""
        found = {
            name: value
            for name in FILTERS
            if (value := asked.get(name, "").strip()[:_LONGEST]) and _fits(name, value)
        }
        sort = asked.get("sort", "")
        return Listing(found, sort if sort in SORTS else "")

    def enterprises(self, actor: Actor) -> models.QuerySet[Enterprise]:
        """The firms of the actor's territory that meet every filter, in order."""
        found = enterprises_of(actor)
        if "closed" not in self.filters:
            found = found.filter(closed_at=None)
        for name, value in self.filters.items():
            found = (
                matching(found, value)
                if name == "q"
                else found.filter(_condition(name, value))
            )
        if self.sort == "updated":  # an inner join, which the index can lead
            found = found.filter(current__isnull=False)
        return found.order_by(*SORTS[self.sort])

    @property
    def cheap(self) -> bool:
        """Whether an index answers all of it, so that everything may be counted."""
        return not {"missing", "standing", "size", "title", "since"} & set(self.filters)


def with_standings(firms: Iterable[Enterprise]) -> dict[int, dict[str, str]]:
    """The outcome of each scheme, of the size its value: enterprise → scheme → word."""
    found: dict[int, dict[str, str]] = {}
    rows = CurrentStanding.objects.filter(enterprise__in=[each.pk for each in firms])
    for pk, scheme, outcome, value in rows.values_list(
        "enterprise", "scheme", "outcome", "value"
    ):
        of = found.setdefault(pk, {})
        of[scheme] = value if scheme == "sme_size" else outcome
    return found


def _fits(name: str, value: str) -> bool:
    match name:
        case "place":
            return value.isdigit() and len(value) == 6  # noqa: PLR2004 - a code
        case "industry":
            return value.isalnum() and value.isascii()
        case "size":
            return value in SIZES
        case "standing":
            scheme, _, outcome = value.partition(":")
            known = {each.value for each in Outcome}
            return scheme in default_library().national.schemes and outcome in known
        case "title":
            return value in default_library().national.schemes
        case "missing":
            return split_key(value)[0] in default_library().facts
        case "since":
            return _day(value) is not None
        case "account":
            return value in {_YES, _NO}
        case "conflict" | "closed":
            return value == _YES
    return True


def _condition(name: str, value: str) -> Q:
    match name:
        case "place":
            return scope_filter(scope_of(value))
        case "industry":
            return Q(industry__gte=value, industry__lt=f"{value}~")
        case "size":
            return Q(pk__in=_standings(scheme="sme_size", value=value))
        case "standing":
            scheme, _, outcome = value.partition(":")
            return Q(pk__in=_standings(scheme=scheme, outcome=outcome))
        case "title":
            titles = titles_in_force().filter(scheme=value)
            return Q(pk__in=titles.values("enterprise"))
        case "missing":
            return ~Q(current__entries__has_key=value)
        case "since":
            day = _day(value)
            assert day is not None
            start = datetime.datetime.combine(day, datetime.time.min)
            since = CurrentFacts.objects.filter(
                updated_at__gte=timezone.make_aware(start)
            )
            return Q(pk__in=since.values("pk"))
        case "account":
            return Q(organisation__isnull=value == _NO)
        case "conflict":
            return in_conflict()
    return Q(closed_at__isnull=False)


def in_conflict() -> Q:
    """Firms with figures on which sources disagree; its own small index finds them."""
    rows = CurrentFacts.objects.filter(conflicts__gt=0)
    return Q(pk__in=rows.values("enterprise"))


def titles_in_force() -> models.QuerySet[HeldTitle]:
    """Titles that are held today."""
    today = timezone.localdate()
    return HeldTitle.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
        revoked_on=None,
    )


def held_titles(enterprise: str) -> models.QuerySet[HeldTitle]:
    """Titles in force today of the enterprise that a field of an outer query names."""
    return titles_in_force().filter(enterprise=OuterRef(enterprise))


def _standings(**wanted: str) -> models.QuerySet[CurrentStanding, int]:
    return CurrentStanding.objects.filter(**wanted).values_list("enterprise", flat=True)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
