"""Rank applicants with preferences, and allot places or money by the ranking.

A total is the base score and the points of every preference that is met; what is open
is not counted and says so. Equal totals stand by who has a preference “first among
equals”, then by lots drawn from a published seed: anybody can work it out again.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tidu.planning.seeds import ticket
from tidu.rules.assess import prepare
from tidu.rules.entitlements import Entitlement, answer
from tidu.rules.facts import Facts
from tidu.rules.measures import Mechanism
from tidu.rules.outcomes import MET
from tidu.rules.packs import Pack

ZERO = Decimal(0)


class Remainder(enum.StrEnum):
    """What happens to money that does not suffice for the next in line."""

    STOP = "stop"
    GIVE = "give"
    NEXT = "next"


@dataclasses.dataclass(frozen=True, slots=True)
class Applicant:
    """One applicant: a key nobody shares, facts, base score, and what it asks for.

    ``asked``: money in 元, or None where places are allotted.
    """

    key: str
    name: str
    facts: Facts
    base: Decimal
    asked: Decimal | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Programme:
    """How it is ranked and allotted; either ``places`` or ``budget`` (元), or neither.

    ``preferences``: preference mechanisms with the points each is worth here; zero
    points decide among equals only.
    """

    preferences: tuple[tuple[Mechanism, Decimal], ...]
    seed: str
    places: int | None = None
    budget: Decimal | None = None
    remainder: Remainder = Remainder.STOP


@dataclasses.dataclass(frozen=True, slots=True)
class Preferred:
    """One preference of one applicant, with its findings."""

    entitlement: Entitlement
    points: Decimal

    @property
    def counts(self) -> bool:
        """Whether it is met; what is open is not counted."""
        return self.entitlement.outcome is MET


@dataclasses.dataclass(frozen=True, slots=True)
class Ranked:
    """An applicant in the ranking. ``rank`` counts from 1; ``lot`` settled a tie.

    ``allotted``: money in 元, or 1 for a place, or zero.
    """

    applicant: Applicant
    preferences: tuple[Preferred, ...]
    total: Decimal
    rank: int
    lot: bool
    allotted: Decimal

    @property
    def open(self) -> tuple[Preferred, ...]:
        """Preferences that lack figures, and so were not counted."""
        return tuple(p for p in self.preferences if p.entitlement.missing)


def rank(
    applicants: Sequence[Applicant], programme: Programme, pack: Pack, on: datetime.date
) -> tuple[Ranked, ...]:
    """The ranking, first to last. Raises ValueError where two share a key."""
    if len({each.key for each in applicants}) < len(applicants):
        raise ValueError("two applicants share a key")
    weighed = [_weigh(each, programme, pack, on) for each in applicants]
    weighed.sort(key=lambda found: _order(found, programme.seed))
    totals = [_merit(each) for each in weighed]
    shares = _allot([each for each, _ in weighed], programme)
    return tuple(
        Ranked(
            applicant=applicant,
            preferences=preferences,
            total=-totals[at][0],
            rank=at + 1,
            lot=totals.count(totals[at]) > 1,
            allotted=share,
        )
        for at, ((applicant, preferences), share) in enumerate(
            zip(weighed, shares, strict=True)
        )
    )


Weighed = tuple[Applicant, tuple[Preferred, ...]]


def _weigh(
    applicant: Applicant, programme: Programme, pack: Pack, on: datetime.date
) -> Weighed:
    prepared = prepare(applicant.facts, pack, on)
    return applicant, tuple(
        Preferred(
            answer(pack, mechanism, pack.measures[mechanism.measure], prepared, on),
            points,
        )
        for mechanism, points in programme.preferences
    )


def _merit(found: Weighed) -> tuple[Decimal, int]:
    """What decides before the lots: less is better."""
    applicant, preferences = found
    counted = [each for each in preferences if each.counts]
    points = sum((each.points for each in counted), ZERO)
    among_equals = sum(not each.points for each in counted)
    return -(applicant.base + points), -among_equals


def _order(found: Weighed, seed: str) -> tuple[Decimal, int, str]:
    return (*_merit(found), ticket(seed, found[0].key))


def _allot(applicants: Iterable[Applicant], programme: Programme) -> list[Decimal]:
    """What each gets, in the order of the ranking."""
    if programme.budget is None:
        places = programme.places or 0
        return [Decimal(at < places) for at, _ in enumerate(applicants)]
    left, shares, stopped = programme.budget, [], False
    for each in applicants:
        asked = each.asked or ZERO
        share = ZERO
        if not stopped and asked <= left:
            share = asked
        elif not stopped:
            share = left if programme.remainder is Remainder.GIVE else ZERO
            stopped = programme.remainder is not Remainder.NEXT
        left -= share
        shares.append(share)
    return shares
