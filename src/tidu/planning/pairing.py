"""Which expert reviews which case of a group, so that each keeps the quota?

A large group is dealt into blocks of some hundred cases, the quotas with it, and each
block is a small network of its own. A pair that the seed ranks low on both sides is no
candidate; where the candidates do not suffice, there are more of them, in the end all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tidu.planning.flows import Flow, Whole
from tidu.planning.quotas import Panel
from tidu.planning.seeds import weights

Barred = npt.NDArray[np.bool_]

_BLOCK = 200  # cases
_CANDIDATES = 16  # per case at first


@dataclasses.dataclass(frozen=True)
class Hall:
    """The cases of one group, in the order of their ids, and who may not see which.

    ``barred[case, expert]``; ``reviews`` for each case; ``block``: cases to a block.
    """

    names: tuple[str, ...]
    barred: Barred
    reviews: int
    block: int = _BLOCK


def pair(hall: Hall, quotas: Whole, panel: Panel, seed: str) -> Whole | None:
    """``[case, reviews]``: numbers of experts; None where the quotas cannot be kept.

    First in blocks, then the whole group at once. Raises UnsolvedError.
    """
    found = _pair_in_blocks(hall, quotas, panel, seed)
    if found is None and len(hall.names) > hall.block:
        whole = dataclasses.replace(hall, block=len(hall.names))
        return _pair_in_blocks(whole, quotas, panel, seed)
    return found


def _pair_in_blocks(hall: Hall, quotas: Whole, panel: Panel, seed: str) -> Whole | None:
    blocks = _deal(hall, seed)
    shares = _share(hall, quotas, panel, blocks, seed)
    chosen = np.empty((len(hall.names), hall.reviews), dtype=np.int64)
    for block, share in zip(blocks, shares, strict=True):
        for candidates in _widths(len(panel)):
            found = _seat(hall, block, share, panel, seed, candidates)
            if found is not None:
                break
        else:
            return None
        chosen[block] = found
    return chosen


def _deal(hall: Hall, seed: str) -> list[Whole]:
    """The cases, shuffled by the seed, in blocks that differ by one at most."""
    lots = np.array([weights(f"{seed}/deal", each, 1)[0] for each in hall.names])
    order = np.lexsort((np.arange(lots.size), lots))
    return np.array_split(order, -(-lots.size // hall.block))


def _share(
    hall: Hall, quotas: Whole, panel: Panel, blocks: list[Whole], seed: str
) -> Whole:
    """``[block, expert]``: each quota in proportion, rounded up or down by the seed.

    Such a rounding always exists: the proportional share itself satisfies the rows,
    and the network makes it whole.
    """
    sizes = np.array([each.size for each in blocks])
    experts = np.flatnonzero(quotas)
    least, rest = np.divmod(np.outer(sizes, quotas[experts]), len(hall.names))
    flow = Flow()
    needs = sizes * hall.reviews - least.sum(axis=1)
    rows = flow.add_rows(needs, needs)
    owed = quotas[experts] - least.sum(axis=0)
    hands = flow.add_rows(owed, owed)
    at, who = np.nonzero(rest)
    columns = flow.add_columns(np.ones(at.size))
    flow.connect(rows[at], columns)
    flow.connect(hands[who], columns)
    organisation = panel.organisation[experts]
    for members in _sharing(organisation):
        room = sizes - least[:, members].sum(axis=1)
        limits = flow.add_rows(np.zeros(sizes.size), room)
        theirs = np.isin(who, members)
        flow.connect(limits[at[theirs]], columns[theirs])
    lots = [
        np.concatenate(
            [
                weights(f"{seed}/share{draw}", str(number), experts.size)[
                    who[at == number]
                ]
                for number in range(sizes.size)
            ]
        )
        for draw in ("1", "2")
    ]
    found = flow.solve(lots)
    assert found is not None  # see above
    shares = np.zeros((sizes.size, len(panel)), dtype=np.int64)
    shares[:, experts] = least
    shares[at, experts[who]] += found
    return shares


def _sharing(organisation: Whole) -> list[Whole]:
    """The places of organisations that stand at two or more."""
    order = np.argsort(organisation, kind="stable")
    breaks = np.flatnonzero(np.diff(organisation[order])) + 1
    return [each for each in np.split(order, breaks) if each.size > 1]


def _widths(experts: int) -> Iterator[int]:
    """Candidates per case: few, four times as many, all."""
    for width in (_CANDIDATES, 4 * _CANDIDATES):
        if width < experts:
            yield width
    yield experts


def _seat(
    hall: Hall,
    block: Whole,
    share: Whole,
    panel: Panel,
    seed: str,
    candidates: int,
) -> Whole | None:
    """One block: every case its reviews, every expert the share, else None."""
    experts = np.flatnonzero(share)
    lots = [
        np.stack(
            [
                weights(f"{seed}/{draw}", hall.names[case], len(panel))[experts]
                for case in block
            ]
        )
        for draw in ("1", "2")
    ]
    allowed = ~hall.barred[np.ix_(block, experts)]
    chosen = allowed & _near(lots[0], allowed, share[experts], candidates)
    case, expert = np.nonzero(chosen)
    flow = Flow()
    rows = flow.add_rows(np.full(block.size, hall.reviews), hall.reviews)
    hands = flow.add_rows(share[experts], share[experts])
    columns = flow.add_columns(np.ones(case.size))
    flow.connect(rows[case], columns)
    flow.connect(hands[expert], columns)
    _keep_organisations_apart(flow, case, panel.organisation[experts][expert], columns)
    found = flow.solve([each[case, expert] for each in lots])
    if found is None:
        return None
    taken = found > 0
    return experts[expert[taken]].reshape(block.size, hall.reviews)


def _near(
    lots: Whole, allowed: Barred, share: Whole, candidates: int
) -> npt.NDArray[np.bool_]:
    """Whom the seed ranks among the first for the case, or the case for the expert."""
    far = np.where(allowed, lots, np.iinfo(np.int64).max)
    of_case = np.argsort(np.argsort(far, axis=1, kind="stable"), axis=1)
    of_expert = np.argsort(np.argsort(far, axis=0, kind="stable"), axis=0)
    wanted = np.maximum(candidates, 4 * share)
    return (of_case < candidates) | (of_expert < wanted)


def _keep_organisations_apart(
    flow: Flow, case: Whole, organisation: Whole, columns: Whole
) -> None:
    """At most one expert of an organisation on a case."""
    key = case * (organisation.max(initial=0) + 1) + organisation
    _, place, count = np.unique(key, return_inverse=True, return_counts=True)
    several = np.flatnonzero(count > 1)
    number = np.full(count.size, -1)
    number[several] = flow.add_rows(np.zeros(several.size), 1)
    bound = number[place] >= 0
    flow.connect(number[place][bound], columns[bound])
