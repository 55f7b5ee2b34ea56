"""Which experts review which case? 双随机: cases and experts are paired by a seed.

Never a pair in conflict, never the same expert twice nor two of one organisation on a
case, never more than an expert's limit. Then, in this order: as few reviews as possible
by an expert of another field, loads as even as possible, chance by the published seed.
Nothing is dealt greedily: each step is a network solved to the end with HiGHS.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from tidu.planning.flows import Whole
from tidu.planning.pairing import Barred, Hall, pair
from tidu.planning.quotas import Group, Panel, Quotas, find_quotas
from tidu.rules.errors import TiduError
from tidu.rules.language import N_, say

_AT_ONCE = 40_000  # pairs up to which every case is a group of its own


class TooFewExpertsError(TiduError):
    """Not every case gets its reviews; ``lacking`` says how many, by field."""

    def __init__(self, msgid: str, lacking: Mapping[str, int], **values: object):
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
        return _spread(self.loads.values())

    @property
    def missed(self) -> tuple[Seat, ...]:
        """The reviews by an expert of another field."""
        return tuple(each for each in self.seats if not each.matched)

    def reviewers_of(self, case: str) -> tuple[str, ...]:
        """The experts of one case."""
        return self._by_case.get(case, ())

    @property
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


def assign(
    cases: Iterable[ReviewCase],
    reviewers: Iterable[Reviewer],
    *,
    conflicts: Collection[tuple[str, str]] = (),
    seed: str,
) -> Assignment:
    """Experts for every case; ``conflicts`` are pairs of case id and expert id.

    The order of what is given does not matter; the same seed gives the same answer.
    Raises BadAssignmentError, TooFewExpertsError and UnsolvedError.
    """
    round_ = _Round(
        sorted(cases, key=lambda each: each.id),
        sorted(reviewers, key=lambda each: each.id),
        conflicts,
        seed,
    )
    if not round_.cases:
        return round_.assignment({}, _Least(0, _spread(round_.panel.load.tolist())))
    if len(round_.cases) * len(round_.reviewers) <= _AT_ONCE:
        return round_.assign_at_once()
    return round_.assign_by_groups() or round_.assign_at_once()


def third_reviews(
    assignment: Assignment,
    cases: Iterable[ReviewCase],
    disagreeing: Collection[str],
    reviewers: Iterable[Reviewer],
    *,
    conflicts: Collection[tuple[str, str]] = (),
    seed: str,
) -> Assignment:
    """One more expert for each case on which the first two disagree.

    Loads go on from ``assignment``; the first two and their colleagues stay away.
    Raises like ``assign``.
    """
    again = [
        dataclasses.replace(
            case,
            reviews=1,
            earlier=case.earlier + assignment.reviewers_of(case.id),
        )
        for case in cases
        if case.id in disagreeing
    ]
    loaded = [
        dataclasses.replace(each, load=assignment.loads.get(each.id, each.load))
        for each in reviewers
    ]
    return assign(again, loaded, conflicts=conflicts, seed=seed)


@dataclasses.dataclass(frozen=True, slots=True)
class _Least:
    missed: int
    spread: int


class _Round:
    """What is given, as arrays."""

    def __init__(
        self,
        cases: Sequence[ReviewCase],
        reviewers: Sequence[Reviewer],
        conflicts: Collection[tuple[str, str]],
        seed: str,
    ) -> None:
        self.cases, self.reviewers, self.seed = cases, reviewers, seed
        self.place = {each.id: at for at, each in enumerate(reviewers)}
        _check(cases, reviewers, self.place)
        organisations = {
            name: at
            for at, name in enumerate(sorted({each.organisation for each in reviewers}))
        }
        self.panel = Panel(
            _array(organisations[each.organisation] for each in reviewers),
            _array(each.load for each in reviewers),
            _array(each.limit for each in reviewers),
        )
        self.barred = self._barred(conflicts)
        self._refuse_hopeless_cases()

    def _barred(self, conflicts: Collection[tuple[str, str]]) -> Barred:
        barred = np.zeros((len(self.cases), len(self.reviewers)), dtype=np.bool_)
        rows = {each.id: at for at, each in enumerate(self.cases)}
        for case, reviewer in conflicts:
            if case in rows and reviewer in self.place:
                barred[rows[case], self.place[reviewer]] = True
        for row, case in enumerate(self.cases):
            for earlier in case.earlier:
                at = self.place.get(earlier)
                if at is not None:
                    same = self.panel.organisation == self.panel.organisation[at]
                    barred[row] |= same
        return barred

    def _refuse_hopeless_cases(self) -> None:
        """A case that no load can help: too few experts are free of conflict."""
        hopeless = []
        lacking: Counter[str] = Counter()
        for row, case in enumerate(self.cases):
            free = np.unique(self.panel.organisation[~self.barred[row]]).size
            if free < case.reviews:
                hopeless.append(case.id)
                lacking[case.field] += case.reviews - free
        if hopeless:
            raise TooFewExpertsError(
                N_(
                    "回避后{count}件案卷（{cases}）的专家不够，"
                    "还缺{missing}位不同单位的专家；请增加专家"
                ),
                lacking,
                count=len(hopeless),
                cases=tuple(hopeless[:3]),
                missing=lacking.total(),
            )

    def groups(self, *, single: bool) -> list[tuple[Whole, Group]]:
        """Cases of one field and number of reviews, or each by itself."""
        together: dict[tuple[str, int, str], list[int]] = defaultdict(list)
        for row, case in enumerate(self.cases):
            together[case.field, case.reviews, case.id if single else ""].append(row)
        found = []
        for (field, reviews, case_id), rows in together.items():
            free = ~self.barred[rows]
            reachable = [free[:, each].any(axis=1).sum() for each in self.panel.shared]
            group = Group(
                name=f"{field}/{reviews}/{case_id}",
                cases=len(rows),
                reviews=reviews,
                free=free.sum(axis=0),
                met=_array(field in each.fields for each in self.reviewers),
                reachable=_array(reachable),
            )
            found.append((_array(rows), group))
        return found

    def quotas(self, groups: list[tuple[Whole, Group]]) -> Quotas:
        quotas = find_quotas([group for _, group in groups], self.panel, self.seed)
        if quotas.lacking.any():
            raise self._too_few(groups, quotas)
        return quotas

    def _too_few(
        self, groups: list[tuple[Whole, Group]], quotas: Quotas
    ) -> TooFewExpertsError:
        lacking: Counter[str] = Counter()
        for (rows, _), missing in zip(groups, quotas.lacking.tolist(), strict=True):
            lacking[self.cases[rows[0]].field] += missing
        short = {field: count for field, count in lacking.items() if count}
        return TooFewExpertsError(
            N_("专家不够，还缺{missing}份评审：{fields}；请增加专家，或提高每人的上限"),
            short,
            missing=sum(short.values()),
            fields=tuple(f"{field} {count}" for field, count in sorted(short.items())),
        )

    def assign_at_once(self) -> Assignment:
        """Every case a group of its own: the quotas are the assignment."""
        groups = self.groups(single=True)
        quotas = self.quotas(groups)
        chosen = {
            int(rows[0]): np.flatnonzero(taken)
            for (rows, _), taken in zip(groups, quotas.taken, strict=True)
        }
        return self.assignment(chosen, self._least(groups, quotas))

    def assign_by_groups(self) -> Assignment | None:
        """Quotas by field, then pairs that keep them; None where they cannot."""
        groups = self.groups(single=False)
        quotas = self.quotas(groups)
        chosen: dict[int, Whole] = {}
        for (rows, group), taken in zip(groups, quotas.taken, strict=True):
            names = tuple(self.cases[row].id for row in rows)
            hall = Hall(names, self.barred[rows], group.reviews)
            found = pair(hall, taken, self.panel, f"{self.seed}/{group.name}")
            if found is None:
                return None
            chosen.update(zip(rows.tolist(), found, strict=True))
        return self.assignment(chosen, self._least(groups, quotas))

    def _least(self, groups: list[tuple[Whole, Group]], quotas: Quotas) -> _Least:
        met = np.stack([group.met for _, group in groups])
        missed = int(quotas.taken[met == 0].sum())
        return _Least(missed, _spread(quotas.loads.tolist()))

    def assignment(self, chosen: Mapping[int, Whole], least: _Least) -> Assignment:
        seats = []
        loads = {each.id: each.load for each in self.reviewers}
        for row, case in enumerate(self.cases):
            for at in sorted(chosen[row].tolist()):
                reviewer = self.reviewers[at]
                loads[reviewer.id] += 1
                matched = case.field in reviewer.fields
                seats.append(Seat(case.id, reviewer.id, matched))
        return Assignment(self.seed, tuple(seats), loads, least.spread, least.missed)


def _check(
    cases: Sequence[ReviewCase], reviewers: Sequence[Reviewer], place: Mapping[str, int]
) -> None:
    ids = {each.id for each in cases}
    if len(ids) < len(cases) or len(place) < len(reviewers):
        raise BadAssignmentError(N_("案卷或专家重复；请每个只列一次"))
    if any(each.reviews < 1 for each in cases):
        raise BadAssignmentError(N_("每件案卷至少一位专家；请改正评审份数"))


def _array(values: Iterable[int]) -> Whole:
    return np.array(list(values), dtype=np.int64)


def _spread(loads: Iterable[int]) -> int:
    listed = list(loads)
    return max(listed, default=0) - min(listed, default=0)
