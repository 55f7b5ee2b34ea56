"""Which cases of a round hang together, and by what, as far as an office may see."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from tidu.accounts.actors import Actor
from tidu.casework.integrity.clusters import clusters
from tidu.casework.integrity.kinds import Said, Signal, SignalKind, Tie
from tidu.casework.models import Case
from tidu.casework.signal_lists import seen_by
from tidu.casework.signal_models import CaseSignal, Screening

_NOTHING = Said("")


@dataclasses.dataclass(frozen=True, slots=True)
class Thing:
    """What several cases have in common, as it may be shown. ``cases``: those of the
    reader's territory, by id; ``elsewhere``: how many more there are.
    """

    kind: SignalKind
    label: str
    cases: tuple[int, ...]
    elsewhere: int


@dataclasses.dataclass(frozen=True, slots=True)
class Cohort:
    """Cases that hang together, the thing that most of them share first."""

    number: int
    cases: tuple[Case, ...]
    things: tuple[Thing, ...]
    elsewhere: int


def cohorts_of(run: Screening | None, actor: Actor) -> list[Cohort]:
    """The connected parts with a case of the actor's territory, the largest first.

    Cases of other territories are counted and not named. Two queries.
    """
    if run is None or actor.scope is None:
        return []
    rows = list(run.signals.exclude(tie_key="").order_by("pk"))
    labels = {each.tie_key: each.tie for each in rows}
    parts = clusters(_as_signal(each) for each in rows)
    numbers = {int(case) for part in parts for case in part.cases}
    own = {each.pk: each for each in seen_by(actor, list(numbers))}
    found: list[Cohort] = []
    for part in parts:
        cases = [own[int(each)] for each in part.cases if int(each) in own]
        if not cases:
            continue
        holders: dict[str, list[int]] = defaultdict(list)
        for edge in part.edges:
            holders[edge.thing].append(int(edge.case))
        things = (
            _thing(reason.thing.kind, labels[reason.thing.id], held, own)
            for reason in part.reasons
            for held in [holders[reason.thing.id]]
        )
        found.append(
            Cohort(
                number=len(found) + 1,
                cases=tuple(cases),
                things=tuple(each for each in things if each.cases),
                elsewhere=len(part.cases) - len(cases),
            )
        )
    return found


def _thing(
    kind: SignalKind | None, label: str, held: list[int], own: dict[int, Case]
) -> Thing:
    assert kind is not None  # a thing in common is of a kind; only cases are of none
    here = tuple(sorted(each for each in held if each in own))
    return Thing(kind, label, here, len(held) - len(here))


def _as_signal(row: CaseSignal) -> Signal:
    """A kept signal with what makes it hang together with others, and no more."""
    return Signal(
        case=str(row.case_id),
        kind=SignalKind(row.kind),
        strength=row.strength,
        related=tuple(str(each) for each in row.related),
        places=(),
        seen=_NOTHING,
        may_be=_NOTHING,
        check=_NOTHING,
        tie=Tie(row.tie_key, _NOTHING),
    )
