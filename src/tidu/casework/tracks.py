"""The way of a case, drawn from its table of states: where it was, is, and may go."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from tidu.casework.models import Case, Move
from tidu.rules.case_table import DRAFT
from tidu.rules.lifecycle import Lifecycle, State, Transition

AHEAD = ("submit", "pass", "recommend", "certify", "report_certified")
"""Events that bring a case on; the others send it aside."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """A state on the way. ``place``: ``past``, ``here``, ``ahead`` or ``aside``.

    ``since``: when the case came in last; ``count``: cases that are in it; ``ways``:
    what can happen there.
    """

    state: State
    place: str
    ways: tuple[tuple[Transition, State], ...]
    since: datetime.datetime | None = None
    count: int = 0


def track_of(case: Case, moves: Sequence[Move]) -> list[Stop]:
    """The straight way with what lies behind a case; states aside it only came to."""
    table = case.lifecycle
    entered = {DRAFT: case.made_at} | {each.target: each.at for each in moves}
    straight = table.straight(AHEAD)
    came_to = {case.state, *(each.target for each in moves)}
    reached = [
        at for at, state in enumerate(straight) if state in {case.state, case.step}
    ]
    furthest = max(reached, default=0)
    behind = furthest if case.state in straight else furthest + 1
    found = []
    for at, state in enumerate(straight):
        place = "past" if at < behind else "ahead"
        place = "here" if state == case.state else place
        found.append(_stop(table, state, place, since=entered.get(state)))
        if at == furthest:
            found += [
                _stop(table, s, "here" if s == case.state else "aside", entered.get(s))
                for s in table.states
                if s in came_to and s not in straight
            ]
    return found


def track_of_round(table: Lifecycle, counts: Mapping[str, int]) -> list[Stop]:
    """Every state of a round with how many cases are in it, the straight way first."""
    straight = table.straight(AHEAD)
    aside = [each for each in table.states if each not in straight]
    return [
        *(_stop(table, s, "ahead", count=counts.get(s, 0)) for s in straight),
        *(_stop(table, s, "aside", count=counts.get(s, 0)) for s in aside),
    ]


def _stop(
    table: Lifecycle,
    state: str,
    place: str,
    since: datetime.datetime | None = None,
    count: int = 0,
) -> Stop:
    ways = tuple((each, table.states[each.target]) for each in table.leaving(state))
    return Stop(table.states[state], place, ways, since, count)
