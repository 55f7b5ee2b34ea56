"""What the figures will be at a later round, if nothing or only the plan changes.

Status quo: a yearly figure stays what it was the year before, events (new equity) do
not repeat, and the years in the niche market go on.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal

from tidu.rules.assess import prepare
from tidu.rules.facts import Facts, FactValue, Period, key_of
from tidu.rules.packs import Pack
from tidu.rules.scope import add_years

ROUNDS = 3


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
        return min(Decimal(1), Decimal((end - self.on).days) / 365)

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
    years = flat.get("niche_years")
    if isinstance(years, Decimal):
        flat["niche_years"] = years + at
    return prepare(Facts.of(flat, facts.sources), pack, horizon.date(at))
