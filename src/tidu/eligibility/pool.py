"""Who is one step away from a title, and which step; what runs out; who is silent."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from tidu.accounts.actors import Actor
from tidu.eligibility.explorer import held_titles, in_conflict
from tidu.eligibility.models import CurrentStanding
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.queries import enterprises_of, figures_filed, scope_filter
from tidu.rules.library import default_library
from tidu.rules.outcomes import UNKNOWN
from tidu.rules.rulesets import Criterion, Kind

MONTHS = (6, 12)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One criterion that stands in between, and for how many firms it is the last."""

    id: str
    count: int


class Group(enum.StrEnum):
    """How near a firm is to a title.

    ``STEP``: exactly one criterion stands in between, and it is known to be unmet.
    ``DATA``: nothing is known to be unmet, but figures are missing. ``BOTH``: one
    criterion is unmet, and figures of others are missing.
    """

    STEP = "step"
    DATA = "data"
    BOTH = "both"


_GROUPS = {
    Group.STEP: Q(failing_count=1, open=[]),
    Group.DATA: Q(failing_count=0, outcome=UNKNOWN.value),
    Group.BOTH: Q(failing_count=1) & ~Q(open=[]),
}
_COUNTS = {each.value: Count("pk", filter=q) for each, q in _GROUPS.items()}


@dataclasses.dataclass(frozen=True, slots=True)
class Pool:
    """The firms of a territory that are near a title.

    ``failing``: firms one step away, by the step; ``open``: firms that lack figures
    only, by each criterion that is still open (a firm counts under each of its own).
    ``firms``: how many are in each group. ``places``: division code, firms one step
    away, firms that lack figures only, firms with both.
    """

    scheme: str
    failing: tuple[Step, ...]
    open: tuple[Step, ...]
    firms: Mapping[Group, int]
    places: tuple[tuple[str, int, int, int], ...]


def near(
    actor: Actor, scheme: str, group: Group = Group.STEP, *, place: str = ""
) -> models.QuerySet[CurrentStanding]:
    """Standings on a scheme of a group of firms that do not hold its title."""
    return _candidates(actor, [scheme], place).filter(_GROUPS[group])


def sizes_of(actor: Actor, schemes: Iterable[str]) -> dict[str, dict[Group, int]]:
    """How many firms are in each group of each scheme, from one query."""
    found = {each: dict.fromkeys(Group, 0) for each in schemes}
    rows = (
        _candidates(actor, found)
        .values_list("scheme")
        .annotate(**_COUNTS)
        .order_by("scheme")
    )
    for scheme, *counts in rows:
        found[scheme] = dict(zip(Group, counts, strict=True))
    return found


def _candidates(
    actor: Actor, schemes: Iterable[str], place: str = ""
) -> models.QuerySet[CurrentStanding]:
    scope = actor.scope
    if scope is None:
        return CurrentStanding.objects.none()
    held = held_titles("enterprise").filter(scheme=OuterRef("scheme"))
    return CurrentStanding.objects.filter(
        ~Exists(held),
        scope_filter(scope, "enterprise__territory"),
        scope_filter(place, "enterprise__territory"),
        scheme__in=list(schemes),
        failing_count__lte=1,
        enterprise__merged_into=None,
        enterprise__closed_at=None,
    )


def pool_of(actor: Actor, scheme: str, *, place: str = "") -> Pool:
    """Counts of the firms near a title, from three grouped queries."""
    failing: Counter[str] = Counter()
    for ids, count in _grouped(near(actor, scheme, place=place), "failing"):
        failing[ids[0]] += count
    still_open: Counter[str] = Counter()
    for ids, count in _grouped(near(actor, scheme, Group.DATA, place=place), "open"):
        for each in ids:
            still_open[each] += count
    places = tuple(
        _candidates(actor, [scheme], place)
        .values_list("enterprise__territory")
        .annotate(**_COUNTS)
        .filter(Q(step__gt=0) | Q(data__gt=0) | Q(both__gt=0))
        .order_by("enterprise__territory")
    )
    sums = [sum(counts) for counts in list(zip(*places, strict=True))[1:]]
    return Pool(
        scheme,
        tuple(Step(*each) for each in failing.most_common()),
        tuple(Step(*each) for each in still_open.most_common()),
        dict(zip(Group, sums or [0] * len(Group), strict=True)),
        places,
    )


def criteria_of(scheme: str, territory: str, on: datetime.date) -> dict[str, Criterion]:
    """The criteria of a scheme in a territory on a day, by id, parts included."""
    found = default_library().for_territory(territory).schemes[scheme]
    rule_set = found.which(Kind.NEW, on)
    criteria: dict[str, Criterion] = {}
    waiting = list(rule_set[0].criteria) if rule_set else []
    while waiting:
        each = waiting.pop()
        criteria[each.id] = each
        waiting += each.parts
    return criteria


def expiring(
    actor: Actor, on: datetime.date, months: int
) -> models.QuerySet[HeldTitle]:
    """Titles of a territory that run out within months of a day, the first first."""
    firms = enterprises_of(actor).filter(closed_at=None)
    return (
        HeldTitle.objects.filter(
            enterprise__in=firms,
            revoked_on=None,
            valid_until__gte=on,
            valid_until__lte=months_after(on, months),
        )
        .select_related("enterprise")
        .order_by("valid_until", "pk")
    )


def not_filed(actor: Actor, year: int) -> models.QuerySet[Enterprise]:
    """Open enterprises of a territory of which nothing was filed in a year."""
    filed = figures_filed().filter(
        enterprise=OuterRef("pk"), withdrawn_at=None, filed_at__year=year
    )
    firms = enterprises_of(actor).filter(~Exists(filed), closed_at=None)
    return firms.select_related("current").order_by("territory", "name", "pk")


def conflicts_of(actor: Actor) -> int:
    """How many firms of a territory have figures on which sources disagree."""
    return enterprises_of(actor).filter(in_conflict(), closed_at=None).count()


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = datetime.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_after - datetime.timedelta(days=1)
    return datetime.date(year, month + 1, min(day.day, last.day))


def _grouped(
    rows: models.QuerySet[CurrentStanding], field: str
) -> list[tuple[list[str], int]]:
    counted = rows.values(field).annotate(count=Count("pk")).order_by(F("count").desc())
    return [(each[field], each["count"]) for each in counted]
