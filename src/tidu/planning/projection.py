"""What the figures will be at a later round, if nothing or only the plan changes.

Status quo: a yearly figure stays what it was the year before, events (new equity) do
not repeat, and years counted from a date (in the niche market) go on.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal

from tidu.rules.assess import prepare
from tidu.rules.facts import Facts, FactValue, Period, key_of
from tidu.rules.packs import Pack
from tidu.rules.scope import Scope, add_years

ROUNDS = 3
_DAYS_A_YEAR = 365


@dataclasses.dataclass(frozen=True, slots=True)
class Horizon:
    """The yearly rounds a plan looks at: ``on``, a year later, two years later."""

    on: datetime.date

    def date(self, at: int) -> datetime.date:
        """The day of round ``at``, from 0."""
        return add_years(self.on, at)

    def days(self, at: int) -> int:
        """Days from now to round ``at``."""
        return (self.date(at) - self.on).days

    def left_of_year(self, year: int) -> Decimal:
        """How much of an accounting year is still ahead: 1 for later years."""
        end = datetime.date(year, 12, 31)
        return min(Decimal(1), Decimal((end - self.on).days) / _DAYS_A_YEAR)

    def open_years(self, at: int, *, current: bool) -> range:
        """Accounting years between now and round ``at``, its own for ``current``."""
        end = self.date(at).year + (1 if current and at else 0)
        return range(self.on.year, end)


def project(
    facts: Facts,
    pack: Pack,
    horizon: Horizon,
    at: int,
    changes: Mapping[str, FactValue | None],
) -> Facts:
    """The prepared facts at round ``at`` under the plan's changes."""
    flat = facts.changed(changes).flat()
    for fact in pack.facts.values():
        counted = flat.get(fact.id)
        if fact.since and isinstance(counted, int | Decimal):
            flat[fact.id] = counted + at
        if fact.period is not Period.YEAR:
            continue
        for year in horizon.open_years(at, current=fact.undated == "current"):
            key, before = key_of(fact.id, year), key_of(fact.id, year - 1)
            if key in flat:
                continue
            if fact.accumulates:
                flat[key] = Decimal(0)
            elif before in flat:
                flat[key] = flat[before]
    return prepare(Facts.of(flat, facts.sources), pack, horizon.date(at))


class Outlook:
    """The rounds ahead of one enterprise if nothing is changed; each worked out once.

    ``facts`` are as read, not prepared; ``given`` are their flat keys.
    """

    def __init__(self, pack: Pack, facts: Facts, horizon: Horizon) -> None:
        self.pack = pack
        self.facts = facts
        self.horizon = horizon
        self.given = frozenset(facts.flat())
        self._status_quo: dict[int, Facts] = {}

    def status_quo(self, at: int) -> Facts:
        """The prepared facts at a round."""
        if at not in self._status_quo:
            found = project(self.facts, self.pack, self.horizon, at, {})
            self._status_quo[at] = found
        return self._status_quo[at]

    def scope(self, at: int) -> Scope:
        """A scope to evaluate against at a round."""
        day = self.horizon.date(at)
        return Scope(self.status_quo(at).values, day, day.year)

    def changeable_years(self, fact_id: str, year: int) -> list[int]:
        """The years not reported yet whose change shows in the figure of ``year``.

        An event counts in its own year only; a level lasts until a reported year.
        """
        found = []
        while year >= self.horizon.on.year and key_of(fact_id, year) not in self.given:
            found.append(year)
            if self.pack.facts[fact_id].accumulates:
                break
            year -= 1
        return found[::-1]
