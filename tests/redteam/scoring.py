"""How much of the forged set does an officer get to read, and how much in vain?"""

import dataclasses
import functools
from collections import Counter

from tests.redteam.building import BARS, red_team
from tests.redteam.firms import Firm
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.integrity.queue import Queued, readable, reading_order
from tidu.casework.integrity.screening import screen


@dataclasses.dataclass(frozen=True)
class Row:
    """One kind: the forged side and the queue's side."""

    kind: SignalKind
    forged: int
    hard: int  # made too well to be found, as the forger hopes
    flagged: int  # forged ones with a signal of the kind, wherever in the queue
    read: int  # … and within the 5 %
    led: int  # cases within the 5 % whose strongest signal is of the kind
    right: int  # of them forged, in whatever way
    copied_from: int  # of them honest, with a true trace: a forger copied from them

    @property
    def recall(self) -> float:
        return self.read / self.forged

    @property
    def precision(self) -> float:
        return self.right / self.led if self.led else 0.0


@dataclasses.dataclass(frozen=True)
class Score:
    """A whole set."""

    cases: int
    budget: int
    flagged_cases: int
    rows: tuple[Row, ...]
    alarms: Counter[str]  # honest situation → cases within the 5 %
    quiet: Counter[str]  # honest situation → cases in the set

    @property
    def forged(self) -> int:
        return sum(row.forged for row in self.rows)

    @property
    def right(self) -> int:
        return sum(row.right for row in self.rows)

    @property
    def recall(self) -> float:
        return sum(row.read for row in self.rows) / self.forged

    @property
    def precision(self) -> float:
        return self.right / self.budget


@functools.cache
def score(seed: str) -> Score:
    """The set of a seed, through the detector with its thresholds as they stand."""
    firms = red_team(seed)
    people = {each.case: each for each in firms}
    queue = reading_order(screen([each.application() for each in firms], bars=BARS))
    head = readable(queue, len(firms))
    honest = [people[each.case] for each in head if people[each.case].forged is None]
    return Score(
        cases=len(firms),
        budget=len(head),
        flagged_cases=len(queue),
        rows=tuple(_row(kind, firms, queue, head, people) for kind in SignalKind),
        alarms=Counter(
            "copied from by a forger" if each.copied_from else each.situation
            for each in honest
        ),
        quiet=Counter(each.situation for each in firms if each.forged is None),
    )


def _row(kind, firms, queue, head, people: dict[str, Firm]) -> Row:
    forged = {each.case: each for each in firms if each.forged == kind}
    led = [people[each.case] for each in head if _leading(each) is kind]
    return Row(
        kind=kind,
        forged=len(forged),
        hard=sum(each.hard for each in forged.values()),
        flagged=sum(each.case in forged and kind in each.kinds for each in queue),
        read=sum(each.case in forged and kind in each.kinds for each in head),
        led=len(led),
        right=sum(each.forged is not None for each in led),
        copied_from=sum(each.forged is None and each.copied_from for each in led),
    )


def _leading(queued: Queued) -> SignalKind:
    return queued.signals[0].kind
