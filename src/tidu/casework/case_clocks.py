"""The clock of a case: what it times, since when, what stops it, how long is allowed.

All of it is worked out from the recorded moves, so that nothing runs by itself and
nothing is lost. A state is timed from the move that leads into it to the one that
leaves it; what sends a case aside for a while (STOPS) only stops the clock, and what
brings it back (GOES_ON) lets it go on. Days are allowed where the round says so, and
nowhere else. ``Case.due_on`` and ``Case.paused_at`` keep the result for lists.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.casework.clock_models import UsualTime
from tidu.casework.clocks import Clock, Pause, Reading, Usual, day_of
from tidu.casework.enums import UNITS, DayKind
from tidu.casework.inspection_models import Inspection
from tidu.casework.models import Case, Move, Round
from tidu.casework.wording import say_text
from tidu.rules.case_table import (
    CERTIFIED,
    COMMON,
    DRAFT,
    OBJECTION,
    RECOMMENDED,
    REFUSED,
    RETURNED,
    UPHELD,
)
from tidu.rules.working_days import DayUnit, default_working_days

STOPS = {"return": RETURNED, "object": OBJECTION}
"""Events that stop the clock of the step they leave, and the state it waits for."""
GOES_ON = frozenset({"resubmit", "dismiss"})
"""Events that bring a case back to a step whose clock stands."""
DONE = frozenset(
    {"pass", "recommend", "certify", "refuse", "dismiss", "sustain", "uphold"}
    | {"reverse"}
)
"""Events by which an office has finished its work in a state."""
DECIDED = frozenset({CERTIFIED, RECOMMENDED, REFUSED, UPHELD})
"""States in which the authority has answered the application."""
NOT_TIMED = frozenset({DRAFT, REFUSED, RECOMMENDED})
"""States in which no office of this installation has to act."""
FINAL = frozenset(each.id for each in COMMON.values() if each.final)
NOBODY = Usual(0, None, None)
Limit = Callable[[str], tuple[int | None, DayUnit]]


class Moved(Protocol):
    """What a clock reads of a move."""

    @property
    def event(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def at(self) -> datetime.datetime: ...
    @property
    def sequence(self) -> int: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """One stay of a case in a state. ``sequence``: of the move it began with;
    ``ended_by``: the event that ended it, empty while it goes on or stands.
    """

    state: str
    clock: Clock
    sequence: int
    ended_by: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Timed:
    """The clock of a case as it is shown. ``state``: what it times, empty for the whole
    way of a case that is over; ``usual``: how long finished ones took there;
    ``whole``: from submission to the decision; ``recorded``: False where a case that
    is over never came before an office here.
    """

    state: str
    since: datetime.datetime
    reading: Reading
    usual: Usual
    whole: Usual
    recorded: bool = True


def limit_of(opened: Round) -> Limit:
    """The days a round allows in a state; None where it names none."""

    def limit(state: str) -> tuple[int | None, DayUnit]:
        if state == REFUSED:
            return opened.appeal_days, DayUnit.CALENDAR_DAY
        given = opened.limits.get(state)
        if not given:
            return None, DayUnit.WORKING_DAY
        return int(given["days"]), UNITS[DayKind(given["kind"])]

    return limit


def runs_of(
    made_at: datetime.datetime, moves: Sequence[Moved], limit: Limit
) -> list[Run]:
    """Every stay of a case in a state, in the order in which they began."""
    runs: list[Run] = []
    going: dict[str, int] = {}  # state → the place of the stay that has not ended

    def begin(state: str, at: datetime.datetime, sequence: int) -> None:
        if state not in FINAL:
            allowed, unit = limit(state)
            going[state] = len(runs)
            runs.append(Run(state, Clock(at, unit, allowed), sequence))

    def end(state: str, at: datetime.datetime, event: str) -> None:
        place = going.pop(state)
        run = runs[place]
        runs[place] = dataclasses.replace(run, clock=run.clock.end(at), ended_by=event)

    at = min([made_at, *(move.at for move in moves[:1])])
    begin(DRAFT, at, 0)
    for move in moves:
        at = max(at, move.at)  # clocks of two servers may disagree
        place = going.get(move.source)
        if move.event in STOPS and place is not None:
            word = say_text(COMMON[STOPS[move.event]].label)
            stopped = runs[place].clock.pause(at, word)
            runs[place] = dataclasses.replace(runs[place], clock=stopped)
            begin(move.target, at, move.sequence)
            continue
        waits = move.event in GOES_ON and move.target in going
        for state in list(going):
            if not waits or state != move.target:
                end(state, at, move.event)
        if waits:
            place = going[move.target]
            goes_on = runs[place].clock.resume(at)
            runs[place] = dataclasses.replace(runs[place], clock=goes_on)
        else:
            begin(move.target, at, move.sequence)
    return runs


def with_visit(run: Run, visits: Iterable[Inspection]) -> Run:
    """A stay in a step of inspection: its clock stands while inspectors are at work."""
    clock = run.clock
    visit = next((each for each in visits if each.step == run.state), None)
    if visit is None or clock.pauses:
        return run
    start, end = max(visit.begun_at, clock.started), visit.finished_at
    if clock.ended is not None:
        end = min(end or clock.ended, clock.ended)
    if end is not None and end <= start:
        return run
    pause = Pause(start, _("实地核查"), end)
    return dataclasses.replace(run, clock=dataclasses.replace(clock, pauses=(pause,)))


def whole_of(moves: Iterable[Moved]) -> Clock | None:
    """From the first submission to the last decision; with the applicant it stands."""
    clock: Clock | None = None
    for move in moves:
        if clock is None:
            clock = _begun(move)
            continue
        at = max(move.at, clock.latest)
        if clock.ended is not None:  # appealed, or told from above
            pause = Pause(clock.ended, say_text(COMMON[move.source].label), at)
            pauses = (*clock.pauses, pause)
            clock = dataclasses.replace(clock, ended=None, pauses=pauses)
        if move.event == "return":
            clock = clock.pause(at, say_text(COMMON[RETURNED].label))
        elif clock.standing is not None:
            clock = clock.resume(at)
        if move.target in DECIDED or move.target in FINAL:
            clock = clock.end(at)
    return clock


def _begun(move: Moved) -> Clock | None:
    at_office = move.event == "submit"
    return Clock(move.at, DayUnit.WORKING_DAY) if at_office else None


def run_of(case: Case, moves: Sequence[Moved], visits: Sequence[Inspection]) -> Run:
    """The stay that is timed now: of a returned case, the step it comes back to."""
    state = case.step if case.state == RETURNED else case.state
    limit = limit_of(case.round)
    known = runs_of(case.made_at, moves, limit)
    found = [each for each in known if each.state == state and not each.ended_by]
    if found:
        return with_visit(found[-1], visits)
    allowed, unit = limit(state)  # entered by a list, before moves were recorded
    return with_visit(
        Run(state, Clock(case.state_since, unit, allowed), case.counter), visits
    )


def kept_of(
    case: Case, run: Run, now: datetime.datetime
) -> tuple[datetime.date | None, datetime.datetime | None]:
    """What ``Case.due_on`` and ``Case.paused_at`` have to be."""
    if case.state in FINAL or case.state in NOT_TIMED:
        return None, None
    reading = run.clock.read(now, default_working_days())
    due = reading.due.date if reading.due else None
    return due, reading.pause.start if reading.pause else None


def keep_clock(case: Case) -> None:
    """Write down when a case is due, or that its clock stands, after it changed."""
    moves = list(Move.objects.filter(case=case).order_by("sequence"))
    run = run_of(case, moves, list(Inspection.objects.filter(case=case)))
    case.due_on, case.paused_at = kept_of(case, run, timezone.now())
    Case.objects.filter(pk=case.pk).update(due_on=case.due_on, paused_at=case.paused_at)


def histories_of(
    cases: Sequence[Case],
) -> tuple[Mapping[int, list[Moved]], Mapping[int, list[Inspection]]]:
    """Moves and inspections of many cases, by case."""
    numbers = [each.pk for each in cases]
    moves: dict[int, list[Moved]] = defaultdict(list)
    for move in (
        Move.objects.filter(case__in=numbers)
        .order_by("case_id", "sequence")
        .only("case_id", "sequence", "event", "source", "target", "at")
    ):
        moves[move.case_id].append(move)
    visits: dict[int, list[Inspection]] = defaultdict(list)
    for visit in Inspection.objects.filter(case__in=numbers).only(
        "case_id", "step", "begun_at", "finished_at"
    ):
        visits[visit.case_id].append(visit)
    return moves, visits


def timed(cases: Sequence[Case], now: datetime.datetime) -> dict[int, Timed]:
    """The clocks of cases as lists and files show them, by the case's number.

    Three queries, however many cases; ``round`` is read of each.
    """
    moves, visits = histories_of(cases)
    usual = _usual_of({(each.round.scheme, each.round.kind) for each in cases})
    found = {}
    for case in cases:
        mine, recorded = moves.get(case.pk, []), True
        if case.state in FINAL:
            over = whole_of(mine)
            recorded = over is not None
            state, clock = "", over or _nothing(case)
        else:
            run = run_of(case, mine, visits.get(case.pk, []))
            state, clock = run.state, run.clock
        about = (case.round.scheme, case.round.kind)
        found[case.pk] = Timed(
            state,
            clock.started,
            clock.read(now, default_working_days()),
            usual.get((*about, state), NOBODY),
            usual.get((*about, ""), NOBODY),
            recorded,
        )
    return found


def _nothing(case: Case) -> Clock:
    """Of a case that never came before an office."""
    since = case.state_since
    return Clock(since, DayUnit.WORKING_DAY, ended=since)


def last_day_of_appeal(case: Case) -> datetime.date | None:
    """Until when a refusal can be appealed, out of a rest; None without an end."""
    days = case.round.appeal_days
    if days is None:
        return None
    since = day_of(case.state_since)
    return default_working_days().due(since, days, DayUnit.CALENDAR_DAY).date


def _usual_of(kinds: set[tuple[str, str]]) -> dict[tuple[str, str, str], Usual]:
    rows = UsualTime.objects.filter(
        scheme__in={scheme for scheme, _kind in kinds},
        kind__in={kind for _scheme, kind in kinds},
    )
    return {
        (each.scheme, each.kind, each.state): Usual(each.count, each.p50, each.p90)
        for each in rows
    }
