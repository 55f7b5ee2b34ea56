"""The clock of a case in words: left or overdue, used, paused, how long others took."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.casework.case_clocks import Timed, timed
from tidu.casework.clocks import Reading
from tidu.casework.models import Case
from tidu.rules.working_days import DayUnit
from tidu.web.components import ClockShown, ClockState
from tidu.web.context import speaks_english

_SOON = 2  # days of the unit


@dataclasses.dataclass(frozen=True, slots=True)
class CaseClock:
    """A case's clock as pages show it. ``shown``: the bar with what is left; ``used``:
    elapsed in the unit of the limit, empty where nothing was recorded; ``paused``: why
    it stands, empty while it runs; ``provisional``: a day up to the end is not settled;
    ``usual``: finished ones in this step, ``whole``: from submission to the decision,
    both empty where they are few.
    """

    shown: ClockShown
    used: str
    since: datetime.datetime
    paused: str
    provisional: bool
    usual: str
    whole: str
    days: int
    left: int | None
    due: datetime.date | None


def clocks_of(cases: Sequence[Case]) -> dict[int, CaseClock]:
    """The clocks of a list of cases, by number; three queries for all of them."""
    return {pk: clock_words(each) for pk, each in timed(cases, timezone.now()).items()}


def clock_of(case: Case) -> CaseClock:
    """The clock of one case."""
    return clocks_of([case])[case.pk]


def clock_words(each: Timed) -> CaseClock:
    """A clock in the reader's language."""
    reading = each.reading
    running = not reading.finished
    return CaseClock(
        shown=ClockShown(_left(reading), _share(reading), _state(reading)),
        used=_days(reading.used, reading.unit) if each.recorded else "",
        since=each.since,
        paused=reading.pause.reason if reading.pause and running else "",
        provisional=bool(running and reading.due and reading.due.provisional),
        usual=_usual(each) if each.state else "",
        whole=each.whole.sentence(english=speaks_english())
        if each.whole.p50 is not None
        else "",
        days=reading.used,
        left=reading.left,
        due=reading.due.date if reading.due else None,
    )


def _left(reading: Reading) -> str:
    """What is left of a limit; empty where there is none."""
    if reading.allowed is None or reading.left is None:
        return ""
    if reading.finished:
        return _("超期办结") if reading.missed else _("按期办结")
    if reading.left < 0:
        days = _days(-reading.left, reading.unit)
        return _("已超期 {days}").format(days=days)
    if reading.missed:  # on the rest after its last day
        return _("已超期")
    days = _days(reading.left, reading.unit)
    if reading.pause:
        return _("恢复后还剩 {days}").format(days=days)
    return _("还剩 {days}").format(days=days) if reading.left else _("到最后一天")


def _days(count: int, unit: DayUnit) -> str:
    working = unit is DayUnit.WORKING_DAY
    text = _("{count} 个工作日") if working else _("{count} 天")
    return text.format(count=count)


def _share(reading: Reading) -> int:
    if not reading.allowed:
        return 0
    return min(100, round(100 * reading.used / reading.allowed))


def _state(reading: Reading) -> ClockState:
    if reading.finished:
        return "done"
    if reading.missed:
        return "due"
    if reading.pause:
        return "stopped"
    soon = reading.left is not None and reading.left <= _SOON
    return "soon" if soon else "running"


def _usual(each: Timed) -> str:
    """What finished ones of this scheme and kind took in this step; no promise."""
    found = each.usual
    if found.p50 is None:
        return ""
    text = _("同类 {count} 件：一半 {p50}、九成 {p90} 个工作日内")
    return text.format(count=found.count, p50=found.p50, p90=found.p90)
