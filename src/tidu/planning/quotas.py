"""How many reviews of each group of cases does each expert take?

A group is a set of cases that ask for the same field and number of reviews; a group of
one case makes the answer the assignment itself. With larger groups the program is a
relaxation: it knows of conflicts only how many cases of the group they leave. What it
finds can then not be beaten by any assignment, so an assignment that keeps these
quotas has no avoidable miss of a field and no avoidable difference of loads.

Among flows of least cost, the loads of the experts form an M-convex set; the vector
with the least sum of squares has at once the least maximum and the greatest minimum.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from tidu.planning.flows import Flow, Whole
from tidu.planning.seeds import weights


@dataclasses.dataclass(frozen=True)
class Panel:
    """The experts in the order of their ids: organisation's number, load and limit.

    ``load``: reviews held already; ``limit``: the most they may hold, those included.
    """

    organisation: Whole
    load: Whole
    limit: Whole

    def __len__(self) -> int:
        return self.organisation.size

    @property
    def shared(self) -> list[Whole]:
        """The experts of each organisation that has two or more of them."""
        order = np.argsort(self.organisation, kind="stable")
        places = np.flatnonzero(np.diff(self.organisation[order])) + 1
        return [each for each in np.split(order, places) if each.size > 1]


@dataclasses.dataclass(frozen=True)
class Group:
    """Cases that one row stands for.

    ``free``: how many of them each expert may review; ``met``: whose field it is;
    ``reachable``: how many of them an organisation may review, per shared organisation.
    """

    name: str
    cases: int
    reviews: int
    free: Whole
    met: Whole
    reachable: Whole


@dataclasses.dataclass(frozen=True)
class Quotas:
    """``taken[group, expert]`` reviews, and how many each group lacks."""

    taken: Whole
    lacking: Whole
    loads: Whole


def find_quotas(groups: Sequence[Group], panel: Panel, seed: str) -> Quotas:
    """Fewest reviews lacking, then fewest outside the field, then even loads, then
    chance by the seed. Raises UnsolvedError.
    """
    flow = Flow()
    needs = np.array([each.cases * each.reviews for each in groups], dtype=np.int64)
    demand = flow.add_rows(needs, needs)
    lacking = flow.add_columns(needs)
    flow.connect(demand, lacking)
    hands = flow.add_rows(np.zeros(len(panel)), 0)
    pairs: list[tuple[Whole, Whole]] = []  # experts and their columns, per group
    for row, group in zip(demand, groups, strict=True):
        experts = np.flatnonzero(group.free)
        columns = flow.add_columns(group.free[experts])
        pairs.append((experts, columns))
        flow.connect(np.full(experts.size, row), columns)
        flow.connect(hands[experts], columns)
        _one_of_an_organisation(flow, group, panel, experts, columns)
    costs = _loads(flow, hands, pairs, groups, panel)
    found = flow.solve([*_wishes(flow, lacking, pairs, groups, costs, seed)])
    assert found is not None  # everything may lack
    taken = np.zeros((len(groups), len(panel)), dtype=np.int64)
    for number, (experts, columns) in enumerate(pairs):
        taken[number, experts] = found[columns]
    return Quotas(taken, found[lacking], panel.load + taken.sum(axis=0))


def _one_of_an_organisation(
    flow: Flow, group: Group, panel: Panel, experts: Whole, columns: Whole
) -> None:
    place = np.full(len(panel), -1)
    place[experts] = columns
    for members, reachable in zip(panel.shared, group.reachable, strict=True):
        theirs = place[members]
        theirs = theirs[theirs >= 0]
        if theirs.size > 1:
            row = flow.add_rows([0], reachable)
            flow.connect(np.full(theirs.size, row[0]), theirs)


def _loads(
    flow: Flow,
    hands: Whole,
    pairs: list[tuple[Whole, Whole]],
    groups: Sequence[Group],
    panel: Panel,
) -> tuple[Whole, Whole]:
    """A column for each further review of an expert; their numbers and costs."""
    most = np.zeros(len(panel), dtype=np.int64)
    for (experts, _), group in zip(pairs, groups, strict=True):
        most[experts] += group.free[experts]
    room = np.minimum(most, np.maximum(panel.limit - panel.load, 0))
    owner = np.repeat(np.arange(len(panel)), room)
    first = np.repeat(np.cumsum(room) - room, room)
    reached = panel.load[owner] + np.arange(owner.size) - first + 1
    columns = flow.add_columns(np.ones(owner.size))
    flow.connect(hands[owner], columns, -1)
    return columns, 2 * reached - 1  # the sum of these is the square of the load


def _wishes(
    flow: Flow,
    lacking: Whole,
    pairs: list[tuple[Whole, Whole]],
    groups: Sequence[Group],
    costs: tuple[Whole, Whole],
    seed: str,
) -> Iterator[Whole]:
    none = np.zeros(flow.columns, dtype=np.int64)
    shortage, missing, squares = none.copy(), none.copy(), none.copy()
    shortage[lacking] = 1
    for (experts, columns), group in zip(pairs, groups, strict=True):
        missing[columns] = 1 - group.met[experts]
    columns, each = costs
    squares[columns] = each
    yield from (shortage, missing, squares)
    for draw in ("1", "2"):  # the second tells apart what the first leaves equal
        chance = none.copy()
        for (experts, columns), group in zip(pairs, groups, strict=True):
            lots = weights(f"{seed}/{draw}", group.name, group.free.size)
            chance[columns] = lots[experts]
        yield chance
