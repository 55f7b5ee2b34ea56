"""What a tree is evaluated against, and the values that may come out of it."""

from __future__ import annotations

import calendar
import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Context, Inexact
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tidu.rules.rulesets import ScoreItem

# Exact or an error: fifty years' figures multiplied stay well below 4000 digits.
EXACT = Context(prec=4000, traps=[Inexact])
multiply = EXACT.multiply


class Interval(NamedTuple):
    """All that is known of a value: between ``low`` and ``high``; None is open."""

    low: Any
    high: Any


class Undefined:
    """A ratio, growth or grade without a usable base: people must decide."""


UNDEFINED = Undefined()
NOT_USED = Undefined()  # the row of the table does not read this indicator


@dataclasses.dataclass(slots=True)
class Scope:
    """What a tree is evaluated against.

    ``values`` as in :class:`tidu.rules.facts.Facts`; ``year`` is that of ``on``;
    ``card`` holds the score items, ``scores`` their points by item and group, "" for
    the total; ``missing`` remembers what each item lacks once somebody has asked.
    """

    values: Mapping[str, Any]
    on: datetime.date
    year: int
    card: tuple[ScoreItem, ...] = ()
    scores: dict[str, Any] = dataclasses.field(default_factory=dict)
    missing: dict[str, list[str]] = dataclasses.field(default_factory=dict)


def interval(low: Any, high: Any) -> Any:
    """One value where both ends agree, else the Interval."""
    return low if low == high else Interval(low, high)


def as_range(found: Any) -> Interval:
    """A value as an Interval; an exact one has both ends alike."""
    return found if isinstance(found, Interval) else Interval(found, found)


def add_years(date: datetime.date, years: int) -> datetime.date:
    """The same day ``years`` later; 29 February becomes the last day of February."""
    year = date.year + years
    day = min(date.day, calendar.monthrange(year, date.month)[1])
    return date.replace(year=year, day=day)


def full_years(since: datetime.date, until: datetime.date) -> int:
    """Full years from one date to another, by anniversaries; 0 if not yet begun."""
    years = until.year - since.year
    return max(0, years if add_years(since, years) <= until else years - 1)
