"""Which experts review which case? 双随机: cases and experts are paired by a seed.

Never a pair in conflict, never the same expert twice nor two of one organisation on a
case, never more than an expert's limit. Then, in this order: as few reviews as possible
by an expert of another field, loads as even as possible, chance by the published seed.
Nothing is dealt greedily: each step is a network solved to the end with HiGHS.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from tidu.planning.flows import Whole
from tidu.planning.pairing import Barred, Hall, pair
from tidu.planning.quotas import Group, Panel, Quotas, find_quotas
from tidu.planning.reviewing import (
    Assignment,
    BadAssignmentError,
    ReviewCase,
    Reviewer,
    Seat,
    TooFewExpertsError,
    spread,
)
from tidu.rules.language import N_, say

_NAMED = 3  # cases or fields named in a sentence
_AT_ONCE = 40_000  # pairs up to which every case is a group of its own


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
        return round_.assignment({}, _Least(0, spread(round_.panel.load.tolist())))
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


def check_assignment(
    assignment: Assignment,
    cases: Sequence[ReviewCase],
    reviewers: Sequence[Reviewer],
    *,
    conflicts: Collection[tuple[str, str]] = (),
    english: bool = False,
) -> list[str]:
    """What is wrong with an assignment; nothing where it keeps every rule.

    The rules are looked at one by one, without the solver; then the draw is repeated
    with its seed and compared.
    """
    found = [
        say(msgid, english, case=seat.case, reviewer=seat.reviewer)
        for msgid, seat in _broken(assignment, cases, reviewers, set(conflicts))
    ]
    if not found:
        again = assign(cases, reviewers, conflicts=conflicts, seed=assignment.seed)
        if again != assignment:
            found.append(say(N_("用同一种子重做，结果不同；名单或名册已改动"), english))
    return found


def _broken(
    assignment: Assignment,
    cases: Sequence[ReviewCase],
    reviewers: Sequence[Reviewer],
    conflicts: Collection[tuple[str, str]],
) -> Iterator[tuple[str, Seat]]:
    by_id = {each.id: each for each in reviewers}
    seats: dict[str, list[Seat]] = {each.id: [] for each in cases}
    loads = {each.id: each.load for each in reviewers}
    for seat in assignment.seats:
        if seat.case not in seats or seat.reviewer not in by_id:
            yield N_("{case}或{reviewer}不在名单内"), seat
            continue
        seats[seat.case].append(seat)
        loads[seat.reviewer] += 1
        if (seat.case, seat.reviewer) in conflicts:
            yield N_("{reviewer}应回避{case}"), seat
        if loads[seat.reviewer] > by_id[seat.reviewer].limit:
            yield N_("{reviewer}超过每人的上限，至{case}"), seat
    for case in cases:
        people = [each.reviewer for each in seats[case.id]]
        if len(people) != case.reviews:
            yield N_("{case}的评审份数不对"), Seat(case.id, "", matched=False)
        everyone = [by_id[each] for each in (*people, *case.earlier) if each in by_id]
        if len({each.organisation for each in everyone}) < len(everyone):
            yield N_("{case}有两位同一单位的专家"), Seat(case.id, "", matched=False)


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
        for case_id, reviewer_id in conflicts:
            if case_id in rows and reviewer_id in self.place:
                barred[rows[case_id], self.place[reviewer_id]] = True
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
        for case, free in zip(self.cases, self._free_organisations(), strict=True):
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
                cases=tuple(hopeless[:_NAMED]),
                missing=lacking.total(),
            )

    def _free_organisations(self) -> list[int]:
        """How many organisations have an expert free of conflict, per case."""
        if not self.reviewers:
            return [0] * len(self.cases)
        order = np.argsort(self.panel.organisation, kind="stable")
        ends = np.flatnonzero(np.diff(self.panel.organisation[order])) + 1
        starts = np.concatenate(([0], ends))
        free = np.logical_or.reduceat(~self.barred[:, order], starts, axis=1)
        return [int(each) for each in free.sum(axis=1)]

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
        short = Counter({field: count for field, count in lacking.items() if count})
        limit = max(1, int(self.panel.limit.max()))
        return TooFewExpertsError(
            N_(
                "专家不够，还缺{missing}份评审，按每人{limit}份至少{experts}位专家"
                "（{fields}）；请增加专家，或提高每人的上限"
            ),
            short,
            missing=short.total(),
            limit=limit,
            experts=-(-short.total() // limit),
            fields=tuple(
                f"{field} {count}" for field, count in short.most_common(_NAMED)
            ),
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
        return _Least(missed, spread(quotas.loads.tolist()))

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
