"""How long has a case waited, who stopped the clock, how long is left?

A clock is a value: moments in, moments out, nothing runs in the background, so that a
restart or another time zone of the server changes nothing. Days are those of Beijing.
The day on which a clock starts or goes on is not counted, the day on which it stops or
is read is: two readings at once agree, and a pause within a day costs nothing.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tidu.rules.errors import TiduError
from tidu.rules.language import N_, Phrase, say
from tidu.rules.working_days import DayUnit, Due, WorkingDays

BEIJING = ZoneInfo("Asia/Shanghai")
ENOUGH = 5
"""Finished cases below which nothing is said about how long they usually take."""

UNITS = {
    DayUnit.WORKING_DAY: Phrase(N_("个工作日")),
    DayUnit.CALENDAR_DAY: Phrase(N_("天")),
}


class ClockError(TiduError):
    """A clock was asked for what it cannot do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Pause:
    """When and why the clock stood; ``end`` is None while it still stands."""

    start: datetime.datetime
    reason: str
    end: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A clock at a moment. Days are whole; ``left`` is negative once overdue.

    ``left`` and ``due`` are None without a limit, ``due`` also while the clock stands:
    nobody knows when it goes on.
    """

    working_days: int
    calendar_days: int
    unit: DayUnit
    allowed: int | None
    left: int | None
    due: Due | None
    pause: Pause | None
    finished: bool
    missed: bool

    @property
    def used(self) -> int:
        """Days of the unit in which the clock ran."""
        working = self.unit is DayUnit.WORKING_DAY
        return self.working_days if working else self.calendar_days

    def sentence(self, *, english: bool = False) -> str:
        """“还剩 6 个工作日（12月3日前）”, or what stands in its way."""
        unit = UNITS[self.unit]
        if self.left is None or self.allowed is None:
            said = say(
                N_("已用{days}个工作日，没有规定时限"), english, days=self.working_days
            )
        elif self.finished:
            msgid = N_("超期办结，用时{used}{unit}，时限{allowed}{unit}")
            if not self.missed:
                msgid = N_("按期办结，用时{used}{unit}，时限{allowed}{unit}")
            said = say(msgid, english, used=self.used, unit=unit, allowed=self.allowed)
        elif self.left < 0:
            said = say(N_("已超期{days}{unit}"), english, days=-self.left, unit=unit)
        elif self.missed and self.due:  # on the weekend after a Friday
            date = self.due.date.isoformat()
            said = say(N_("已超期，应在{date}前办结"), english, date=date)
        elif self.pause:
            said = say(N_("恢复后还剩{days}{unit}"), english, days=self.left, unit=unit)
        else:
            assert self.due
            said = say(
                N_("还剩{days}{unit}（{date}前）"),
                english,
                days=self.left,
                unit=unit,
                date=self.due.date.isoformat(),
            )
        return "".join([said, *self._remarks(english)])

    def _remarks(self, english: bool) -> Iterator[str]:
        if self.pause and not self.finished:
            yield say(N_("；暂停中：{reason}"), english, reason=self.pause.reason)
        if self.due and self.due.provisional and not self.finished:
            yield say(N_("；暂定：所涉年份的放假安排还没有全部列入"), english)


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A statutory time limit: ``allowed`` days of ``unit`` from ``started``.

    Every method returns a new clock. Moments must know their time zone and come one
    after another; anything else raises ClockError.
    """

    started: datetime.datetime
    unit: DayUnit
    allowed: int | None = None
    pauses: tuple[Pause, ...] = ()
    ended: datetime.datetime | None = None

    def __post_init__(self) -> None:
        if self.allowed is not None and self.allowed < 0:
            raise ClockError(N_("时限不能是负数；请改正天数"))
        moments = list(self._moments())
        if any(each.tzinfo is None for each in moments):
            raise ClockError(N_("时刻没有时区；请写明时区"))
        if any(b < a for a, b in itertools.pairwise(moments)):
            raise ClockError(N_("时刻的先后不对；请核对起止时间"))
        if any(not each.reason.strip() for each in self.pauses):
            raise ClockError(N_("暂停没有写原因；请写明为什么暂停"))
        if any(each.end is None for each in self.pauses[:-1]):
            raise ClockError(N_("前一次暂停还没有结束；请先恢复"))

    @property
    def latest(self) -> datetime.datetime:
        """The last moment that was written down."""
        return max(self._moments())

    @property
    def standing(self) -> Pause | None:
        """The pause that has not ended, if there is one."""
        last = self.pauses[-1] if self.pauses else None
        return last if last and last.end is None else None

    def pause(self, at: datetime.datetime, reason: str) -> Clock:
        """Stop until ``resume``. Refused where it stands or has ended already."""
        self._refuse_if_ended()
        return dataclasses.replace(self, pauses=(*self.pauses, Pause(at, reason)))

    def resume(self, at: datetime.datetime) -> Clock:
        """Go on. Refused where it does not stand."""
        self._refuse_if_ended()
        standing = self.standing
        if standing is None:
            raise ClockError(N_("没有在暂停；不需要恢复"))
        ended = dataclasses.replace(standing, end=at)
        return dataclasses.replace(self, pauses=(*self.pauses[:-1], ended))

    def end(self, at: datetime.datetime) -> Clock:
        """Finish; a clock that stands ends where it stood."""
        self._refuse_if_ended()
        return dataclasses.replace(self, ended=at)

    def read(self, now: datetime.datetime, days: WorkingDays) -> Reading:
        """What the clock shows at ``now``, or at its end where it has ended."""
        if now.tzinfo is None:
            raise ClockError(N_("时刻没有时区；请写明时区"))
        spells = list(self._spells(self.ended or now))
        working, calendar = (
            sum(days.count(start, end, unit) for start, end in spells)
            for unit in (DayUnit.WORKING_DAY, DayUnit.CALENDAR_DAY)
        )
        due = self._due(spells, days)
        late = due is not None and spells[-1][1] > due.date
        running = self.ended is not None or self.standing is None
        return Reading(
            working_days=working,
            calendar_days=calendar,
            unit=self.unit,
            allowed=self.allowed,
            left=self._left(spells, due, days),
            due=due if running or late else None,
            pause=self.standing,
            finished=self.ended is not None,
            missed=late,
        )

    def record(self) -> dict[str, Any]:
        """As JSON, for the database; ``Clock.of`` reads it back."""
        return {
            "started": self.started.isoformat(),
            "unit": self.unit.value,
            "allowed": self.allowed,
            "pauses": [
                {
                    "start": each.start.isoformat(),
                    "reason": each.reason,
                    "end": each.end.isoformat() if each.end else None,
                }
                for each in self.pauses
            ],
            "ended": self.ended.isoformat() if self.ended else None,
        }

    @staticmethod
    def of(record: Mapping[str, Any]) -> Clock:
        """The clock that ``record`` wrote."""
        moment = datetime.datetime.fromisoformat
        return Clock(
            started=moment(record["started"]),
            unit=DayUnit(record["unit"]),
            allowed=record["allowed"],
            pauses=tuple(
                Pause(
                    moment(each["start"]),
                    each["reason"],
                    moment(each["end"]) if each["end"] else None,
                )
                for each in record["pauses"]
            ),
            ended=moment(record["ended"]) if record["ended"] else None,
        )

    def _refuse_if_ended(self) -> None:
        if self.ended is not None:
            raise ClockError(N_("时限已经结束；不能再暂停、恢复或结束"))

    def _moments(self) -> Iterator[datetime.datetime]:
        yield self.started
        for each in self.pauses:
            yield each.start
            if each.end:
                yield each.end
        if self.ended:
            yield self.ended

    def _spells(
        self, now: datetime.datetime
    ) -> Iterator[tuple[datetime.date, datetime.date]]:
        """Beijing days (not counted, last counted) in which the clock ran until now."""
        start = self.started
        for pause in self.pauses:
            yield day_of(start), day_of(max(start, min(pause.start, now)))
            if pause.end is None or pause.end > now:
                return
            start = pause.end
        yield day_of(start), day_of(max(start, now))

    def _due(
        self, spells: Sequence[tuple[datetime.date, datetime.date]], days: WorkingDays
    ) -> Due | None:
        """The last day in time, were the clock to go on from its last spell."""
        if self.allowed is None:
            return None
        left = self.allowed
        for start, end in spells[:-1]:
            due = days.due(start, left, self.unit)
            if end > due.date:
                return due
            left = max(0, left - days.count(start, end, self.unit))
        return days.due(spells[-1][0], left, self.unit)

    def _left(
        self,
        spells: Sequence[tuple[datetime.date, datetime.date]],
        due: Due | None,
        days: WorkingDays,
    ) -> int | None:
        """Days still allowed, at least 0; negative: days run since it was due.

        Calendar days that end in a rest leave 0 until the first working day after it.
        """
        if self.allowed is None or due is None:
            return None
        over = sum(
            days.count(max(start, due.date), end, self.unit)
            for start, end in spells
            if end > due.date
        )
        if over:
            return -over
        used = sum(days.count(start, end, self.unit) for start, end in spells)
        return max(0, self.allowed - used)


@dataclasses.dataclass(frozen=True, slots=True)
class Usual:
    """How long finished cases took; None where there are fewer than ``ENOUGH``."""

    count: int
    p50: int | None
    p90: int | None

    def sentence(self, *, english: bool = False) -> str:
        """What is shown beside a clock; never a promise."""
        if self.p50 is None:
            msgid = N_("办结的只有{count}件，不足{enough}件，不说通常用时")
            return say(msgid, english, count=self.count, enough=ENOUGH)
        msgid = N_("已办结{count}件：一半在{p50}个工作日内，九成在{p90}个工作日内")
        return say(msgid, english, count=self.count, p50=self.p50, p90=self.p90)


def usual(finished: Sequence[int]) -> Usual:
    """p50 and p90 of durations in working days, by nearest rank: real cases only."""
    if len(finished) < ENOUGH:
        return Usual(len(finished), None, None)
    ordered = sorted(finished)
    p50, p90 = (ordered[math.ceil(len(ordered) * p / 100) - 1] for p in (50, 90))
    return Usual(len(ordered), p50, p90)


def day_of(moment: datetime.datetime) -> datetime.date:
    """The day of a moment in Beijing, wherever the server stands."""
    return moment.astimezone(BEIJING).date()
