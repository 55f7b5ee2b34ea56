"""In which order does an officer read, and how far down can one get?"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tidu.casework.integrity.kinds import Signal, SignalKind
from tidu.casework.integrity.limits import DEFAULT, Limits


@dataclasses.dataclass(frozen=True, slots=True)
class Queued:
    """A case with its signals, strongest first; ``strength`` only orders."""

    case: str
    strength: float
    signals: tuple[Signal, ...]

    @property
    def kinds(self) -> frozenset[SignalKind]:
        """What was seen in it."""
        return frozenset(each.kind for each in self.signals)


def reading_order(signals: Iterable[Signal]) -> tuple[Queued, ...]:
    """Cases with a signal, the strongest first.

    Signals add up as independent hints do, 1 − Π(1 − strength), but of those that one
    thing ties to the same others only the strongest counts. Equal cases go by id.
    """
    cases: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        cases[signal.case].append(signal)
    queue = [_queued(case, found) for case, found in cases.items()]
    return tuple(sorted(queue, key=lambda each: (-each.strength, each.case)))


def readable(
    queue: Sequence[Queued], cases: int, limits: Limits = DEFAULT
) -> Sequence[Queued]:
    """The head of the queue that can be read, of a round of so many cases."""
    return queue[: math.ceil(cases * limits.queue_share)]


def _queued(case: str, signals: list[Signal]) -> Queued:
    ordered = sorted(signals, key=lambda each: (-each.strength, each.kind))
    strongest: dict[tuple[SignalKind, str | None], float] = {}
    for each in ordered:
        tie = each.tie.key if each.tie else None
        strongest.setdefault((each.kind, tie), each.strength)
    doubt = math.prod(1 - each for each in strongest.values())
    return Queued(case, 1 - doubt, tuple(ordered))
