"""What goes into an assignment of experts to cases, and what comes out."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping

from tidu.rules.errors import TiduError
from tidu.rules.language import N_, say


class TooFewExpertsError(TiduError):
    """Not every case gets its reviews; ``lacking`` says how many, by field."""

    def __init__(
        self, msgid: str, lacking: Mapping[str, int], **values: object
    ) -> None:
        super().__init__(msgid, **values)
        self.lacking = lacking


class BadAssignmentError(TiduError):
    """The cases, experts or conflicts contradict themselves."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReviewCase:
    """A case to be reviewed: its field, how many experts, who reviewed it before.

    Experts in ``earlier`` and their colleagues do not come again: a third reviewer is
    ``reviews=1`` with the first two in ``earlier``.
    """

    id: str
    field: str
    reviews: int = 2
    earlier: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Reviewer:
    """An expert: fields, the most reviews (``limit``) and those held (``load``)."""

    id: str
    organisation: str
    fields: frozenset[str]
    limit: int
    load: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Seat:
    """One review: ``matched`` tells whether the case is of the expert's field."""

    case: str
    reviewer: str
    matched: bool


@dataclasses.dataclass(frozen=True)
class Assignment:
    """Who reviews what. ``seats`` in the order of cases, then of experts.

    ``loads``: reviews per expert, those held before included. ``spread``: greatest less
    least load; ``least_spread``: no assignment with as few ``missed`` has a smaller
    one. ``least_missed``: no assignment at all has fewer reviews outside the field.
    """

    seed: str
    seats: tuple[Seat, ...]
    loads: Mapping[str, int]
    least_spread: int
    least_missed: int

    @property
    def spread(self) -> int:
        """Greatest less least load."""
        return spread(self.loads.values())

    @property
    def missed(self) -> tuple[Seat, ...]:
        """The reviews by an expert of another field."""
        return tuple(each for each in self.seats if not each.matched)

    def reviewers_of(self, case: str) -> tuple[str, ...]:
        """The experts of one case."""
        return self._by_case.get(case, ())

    @functools.cached_property
    def _by_case(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for seat in self.seats:
            found[seat.case] = (*found.get(seat.case, ()), seat.reviewer)
        return found

    def sentences(self, *, english: bool = False) -> list[str]:
        """What an officer is told about it, before it is put in force."""
        told = [
            say(
                N_(
                    "{cases}件案卷分给{reviewers}位专家，共{seats}份评审；"
                    "每人{least}至{most}份，相差{spread}份"
                ),
                english,
                cases=len({each.case for each in self.seats}),
                reviewers=sum(load > 0 for load in self.loads.values()),
                seats=len(self.seats),
                least=min(self.loads.values(), default=0),
                most=max(self.loads.values(), default=0),
                spread=self.spread,
            )
        ]
        if self.spread > 1 and self.spread == self.least_spread:
            told.append(
                say(N_("领域、回避和上限使负担不能更均匀，已证明"), english),
            )
        elif self.spread > self.least_spread:
            told.append(
                say(
                    N_("负担最少可以相差{least}份，未能证明能否更均匀"),
                    english,
                    least=self.least_spread,
                )
            )
        if self.missed:
            told.append(
                say(
                    N_("{missed}份评审由其他领域的专家承担，最少{least}份"),
                    english,
                    missed=len(self.missed),
                    least=self.least_missed,
                )
            )
        return told


def spread(loads: Iterable[int]) -> int:
    """Greatest less least of the loads; 0 where there are none."""
    listed = list(loads)
    return max(listed, default=0) - min(listed, default=0)
