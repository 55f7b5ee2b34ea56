"""The monthly table of a territory: holders, entries, exits, what is due, on a day.

Everything is worked out from titles, filings and imports as they are recorded, so that
any month can be made again. A title recorded late changes the months it is of; nothing
is stored. Enterprises count where they are registered now.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.months import Month
from tidu.registry.queries import figures_filed, in_scope, scope_filter
from tidu.rules.ladder import RUNGS

TIERS = tuple(scheme for rung in RUNGS for scheme in rung)
DUE_MONTHS = 6
_FOREVER = datetime.date.max


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """A firm's titles of one scheme on a day: the one that ends last."""

    firm: int
    name: str
    uscc: str
    territory: str
    scheme: str
    valid_from: datetime.date
    valid_until: datetime.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Exit:
    """A firm that held a title at the end of the month before, and no longer does."""

    held: Held
    revoked: bool
    closed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class TierLine:
    """One tier in a month: before + entered - expired - revoked - closed = after."""

    scheme: str
    before: int
    entered: int
    expired: int
    revoked: int
    closed: int
    after: int
    due: int


@dataclasses.dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place at the end of a month. ``holders``: by scheme."""

    place: str
    firms: int
    holders: Mapping[str, int]
    any_title: int
    unfiled: int


@dataclasses.dataclass(frozen=True, slots=True)
class Imports:
    """What was imported in a month and is still in force."""

    files: int
    entered: int
    updated: int


@dataclasses.dataclass(frozen=True, slots=True)
class MonthlyTable:
    """All of one month in one territory; ``total`` sums ``places``."""

    month: Month
    tiers: list[TierLine]
    places: list[PlaceLine]
    total: PlaceLine
    imports: Imports
    entered: list[Held]
    exits: list[Exit]
    due: list[Held]


def monthly_table(scope: str, month: Month) -> MonthlyTable:
    """The table of a month for the territory with this code prefix."""
    before, now = holders(scope, month.plus(-1).last), holders(scope, month.last)
    entered = [held for key, held in now.items() if key not in before]
    gone = [held for key, held in before.items() if key not in now]
    exits = _exits(gone, month)
    end = month.plus(DUE_MONTHS).last
    due = [h for h in now.values() if h.valid_until and h.valid_until <= end]
    places, total = _places(scope, month, now.values())
    schemes = [*TIERS, *sorted({h.scheme for h in [*now.values(), *gone]} - {*TIERS})]
    lines = [_tier(each, before, now, entered, exits, due) for each in schemes]
    return MonthlyTable(
        month=month,
        tiers=lines,
        places=places,
        total=total,
        imports=_imports(scope, month),
        entered=_sorted(entered),
        exits=sorted(exits, key=lambda e: (e.held.scheme, e.held.territory)),
        due=sorted(due, key=lambda h: (h.valid_until or _FOREVER, h.territory, h.firm)),
    )


def holders(scope: str, day: datetime.date) -> dict[tuple[int, str], Held]:
    """Who held which title at the end of a day: (enterprise, scheme) → the title."""
    end = _end_of(day)
    rows = (
        HeldTitle.objects.filter(
            scope_filter(scope, "enterprise__territory"),
            Q(valid_until=None) | Q(valid_until__gte=day),
            Q(revoked_on=None) | Q(revoked_on__gt=day),
            Q(enterprise__closed_at=None) | Q(enterprise__closed_at__gte=end),
            valid_from__lte=day,
            enterprise__merged_into=None,
        )
        .order_by(F("valid_until").asc(nulls_last=True), "pk")
        .values_list(
            "enterprise",
            "enterprise__name",
            "enterprise__uscc",
            "enterprise__territory",
            "scheme",
            "valid_from",
            "valid_until",
        )
    )
    return {
        (firm, scheme): Held(firm, name, code or "", place, scheme, start, until)
        for firm, name, code, place, scheme, start, until in rows.iterator(
            chunk_size=5000
        )
    }


def _exits(gone: list[Held], month: Month) -> list[Exit]:
    ids = {each.firm for each in gone}
    revoked: set[tuple[int, str]] = set()
    closed: set[int] = set()
    for some in _slices(ids):
        revoked |= set(
            HeldTitle.objects.filter(
                enterprise__in=some,
                revoked_on__gte=month.first,
                revoked_on__lte=month.last,
            ).values_list("enterprise", "scheme")
        )
        closed |= set(
            Enterprise.objects.filter(
                pk__in=some, closed_at__lt=_end_of(month.last)
            ).values_list("pk", flat=True)
        )
    return [
        Exit(
            held=each,
            revoked=(taken := (each.firm, each.scheme) in revoked),
            closed=not taken and each.firm in closed,
        )
        for each in gone
    ]


def _tier(
    scheme: str,
    before: Mapping[tuple[int, str], Held],
    now: Mapping[tuple[int, str], Held],
    entered: Iterable[Held],
    exits: Iterable[Exit],
    due: Iterable[Held],
) -> TierLine:
    mine = [each for each in exits if each.held.scheme == scheme]
    revoked = sum(each.revoked for each in mine)
    closed = sum(each.closed for each in mine)
    return TierLine(
        scheme=scheme,
        before=sum(key[1] == scheme for key in before),
        entered=sum(each.scheme == scheme for each in entered),
        expired=len(mine) - revoked - closed,
        revoked=revoked,
        closed=closed,
        after=sum(key[1] == scheme for key in now),
        due=sum(each.scheme == scheme for each in due),
    )


def _places(
    scope: str, month: Month, now: Iterable[Held]
) -> tuple[list[PlaceLine], PlaceLine]:
    """The places one step below a territory that have firms, and their sum."""
    end = _end_of(month.last)
    firms = in_scope(Enterprise.objects.filter(merged_into=None), scope).filter(
        Q(closed_at=None) | Q(closed_at__gte=end), created_at__lt=end
    )
    filed = figures_filed().filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gte=end),
        enterprise=OuterRef("pk"),
        filed_at__gte=_start_of(datetime.date(month.year, 1, 1)),
        filed_at__lt=end,
    )
    there: Counter[str] = Counter()
    unfiled: Counter[str] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    some: dict[str, set[int]] = {}
    for code, has_filed in firms.values_list("territory", Exists(filed)).iterator(
        chunk_size=5000
    ):
        place = place_under(scope, code)
        there[place] += 1
        unfiled[place] += not has_filed
    for each in now:
        place = place_under(scope, each.territory)
        held[place, each.scheme] += 1
        some.setdefault(place, set()).add(each.firm)
    schemes = [*TIERS, *sorted({scheme for _place, scheme in held} - {*TIERS})]

    def line(place: str, codes: Iterable[str]) -> PlaceLine:
        codes = list(codes)
        return PlaceLine(
            place=place,
            firms=sum(there[code] for code in codes),
            holders={s: sum(held[code, s] for code in codes) for s in schemes},
            any_title=sum(len(some.get(code, ())) for code in codes),
            unfiled=sum(unfiled[code] for code in codes),
        )

    codes = sorted({*there, *some})
    return [line(code, [code]) for code in codes], line("", codes)


def place_under(scope: str, code: str) -> str:
    """The division one step below a territory that a code is in: 99, 990101 → 990100.

    A firm registered with the territory itself stays with it.
    """
    return code[: len(scope) + 2].ljust(6, "0")


def _imports(scope: str, month: Month) -> Imports:
    rows = ImportBatch.objects.filter(
        scope_filter(scope, "organisation__territory"),
        Q(undone_at=None) | Q(undone_at__gte=_end_of(month.last)),
        committed_at__gte=_start_of(month.first),
        committed_at__lt=_end_of(month.last),
    ).values_list("summary", flat=True)
    found = list(rows)
    return Imports(
        files=len(found),
        entered=sum(each.get("entered", 0) for each in found),
        updated=sum(each.get("updated", 0) for each in found),
    )


def _sorted(found: Iterable[Held]) -> list[Held]:
    return sorted(found, key=lambda h: (h.scheme, h.territory, h.firm))


def _slices(ids: Iterable[int], size: int = 5000) -> Iterable[list[int]]:
    wanted = sorted(ids)
    return (wanted[at : at + size] for at in range(0, len(wanted), size))


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _end_of(day: datetime.date) -> datetime.datetime:
    return _start_of(day + datetime.timedelta(days=1))
