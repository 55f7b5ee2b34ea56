"""Which days are working days, and when is a period of so many days over?

The State Council settles each year's holidays and the weekends worked instead by a
notice in the autumn before. A date in a year without that notice is reckoned by weekday
alone and says so: ``provisional``.
"""

from __future__ import annotations

import bisect
import csv
import dataclasses
import datetime
import enum
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tidu.rules.errors import PackError
from tidu.rules.library import pack_folders
from tidu.rules.rulesets import SourceGrade

FILE = Path("lists/working_days.csv")
_COLUMNS = ["year", "from", "to", "kind", "holiday", "document", "grade"]
_WEEK, _WORKDAYS = 7, 5
_LONGEST_REST = 30  # days; no holiday comes near it
_NEW_YEAR_SHADOW = (12, 25)  # after it the next year's notice may still move days
_DAY = datetime.timedelta(days=1)


class DayUnit(enum.StrEnum):
    """In which days a period is counted."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period. ``provisional``: a day up to it is not settled yet.

    ``nominal``: the day before it was moved out of a rest (民法典第二百零三条).
    """

    date: datetime.date
    provisional: bool
    nominal: datetime.date


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """Where a year's days come from."""

    year: int
    document: str
    grade: SourceGrade


@dataclasses.dataclass(frozen=True)
class WorkingDays:
    """Weekdays off and weekend days worked, as sorted ordinals; notices by year."""

    off: tuple[int, ...]
    worked: tuple[int, ...]
    notices: Mapping[int, Notice]

    def is_working(self, day: datetime.date) -> bool:
        """By the year's notice, or by weekday where there is none."""
        return self._upto(day.toordinal()) > self._upto(day.toordinal() - 1)

    def is_settled(self, day: datetime.date) -> bool:
        """Whether notices say all about this day."""
        late = (day.month, day.day) > _NEW_YEAR_SHADOW
        return day.year in self.notices and (not late or day.year + 1 in self.notices)

    def count(
        self,
        start: datetime.date,
        end: datetime.date,
        unit: DayUnit = DayUnit.WORKING_DAY,
    ) -> int:
        """Days after ``start`` up to and with ``end``: the first day is not counted
        (民法典第二百零一条). Negative where ``end`` is the earlier one.
        """
        if unit is DayUnit.CALENDAR_DAY:
            return (end - start).days
        return self._upto(end.toordinal()) - self._upto(start.toordinal())

    def due(self, start: datetime.date, days: int, unit: DayUnit) -> Due:
        """The last of ``days`` days after ``start``; 0 days end on ``start`` itself.

        Calendar days that end in a rest end on the first working day after it.
        """
        if unit is DayUnit.CALENDAR_DAY:
            nominal = start + days * _DAY
            date = self._first_working(nominal) if days else start
        else:
            nominal = date = self._nth(start, days) if days else start
        return Due(date, not self._all_settled(start, date), nominal)

    def _all_settled(self, start: datetime.date, end: datetime.date) -> bool:
        years = range(start.year, end.year + 1)
        return all(year in self.notices for year in years) and self.is_settled(end)

    def _first_working(self, day: datetime.date) -> datetime.date:
        return self._nth(day - _DAY, 1)

    def _nth(self, start: datetime.date, days: int) -> datetime.date:
        first = start.toordinal()
        target = self._upto(first) + days
        weeks = range(first, first + 2 * days + _LONGEST_REST)
        return datetime.date.fromordinal(
            weeks[bisect.bisect_left(weeks, target, key=self._upto)]
        )

    def _upto(self, ordinal: int) -> int:
        """Working days since the year 1, this one included; a Monday has ordinal 1."""
        weeks, rest = divmod(ordinal, _WEEK)
        weekdays = weeks * _WORKDAYS + min(rest, _WORKDAYS)
        off = bisect.bisect_right(self.off, ordinal)
        return weekdays - off + bisect.bisect_right(self.worked, ordinal)


@functools.cache
def default_working_days() -> WorkingDays:
    """The working days of this installation's packs; read once."""
    return load_working_days(pack_folders())


def load_working_days(folders: Iterable[Path]) -> WorkingDays:
    """Read ``lists/working_days.csv`` of every folder that has one.

    A folder of one's own may add a year before the national pack does. Raises PackError
    with file, line and remedy: a year in two files or by two notices, a day twice, a
    row that changes nothing.
    """
    notices: dict[int, Notice] = {}
    days: dict[int, bool] = {}
    for folder in folders:
        path = folder / FILE
        if not path.is_file():
            continue
        earlier = dict(notices)
        for place, notice, row in _read(path):
            if notice.year in earlier or notices.get(notice.year, notice) != notice:
                raise PackError(
                    f"{notice.year}年已由{notices[notice.year].document}安排",
                    place=place,
                    remedy="每年只列一份通知",
                )
            notices[notice.year] = notice
            for ordinal in _ordinals(row, notice, place):
                if ordinal in days:
                    day = datetime.date.fromordinal(ordinal)
                    raise PackError(f"{day} 列了两次", place=place, remedy="只列一次")
                days[ordinal] = row["kind"] == "work"
    return WorkingDays(
        tuple(sorted(o for o, work in days.items() if not work and _weekday(o))),
        tuple(sorted(o for o, work in days.items() if work)),
        dict(sorted(notices.items())),
    )


def _weekday(ordinal: int) -> bool:
    return 0 < ordinal % _WEEK <= _WORKDAYS


def _read(path: Path) -> Iterator[tuple[str, Notice, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise PackError(
                f"列名是 {reader.fieldnames}",
                place=f"{path}:1",
                remedy=f"应为 {','.join(_COLUMNS)}",
            )
        for row in reader:
            place = f"{path}:{reader.line_num}"
            try:
                grade = SourceGrade(row["grade"])
                yield place, Notice(int(row["year"]), row["document"], grade), row
            except (TypeError, ValueError) as error:
                raise _unreadable(row, place) from error


def _ordinals(row: dict[str, str], notice: Notice, place: str) -> range:
    """The days of a row; a worked day is on a weekend, a holiday near its year."""
    try:
        first, last = (
            datetime.date.fromisoformat(row[name]) for name in ("from", "to")
        )
    except ValueError as error:
        raise _unreadable(row, place) from error
    found = range(first.toordinal(), last.toordinal() + 1)
    near = {
        datetime.date(notice.year - 1, 12, day).toordinal() for day in range(25, 32)
    }
    inside = all(
        datetime.date.fromordinal(each).year == notice.year or each in near
        for each in found
    )
    work = row["kind"] == "work"
    if (
        not found
        or len(found) > _LONGEST_REST
        or not inside
        or not (work or row["kind"] == "off")
        or (work and any(map(_weekday, found)))
        or not notice.document
    ):
        raise _unreadable(row, place)
    return found


def _unreadable(row: dict[str, str], place: str) -> PackError:
    text = ",".join(str(row.get(name) or "") for name in _COLUMNS)
    return PackError(
        f"读不懂这一行：{text}",
        place=place,
        remedy=(
            "写年份、当年的起止日、off 或 work、节日、文号、核对程度；调休上班只在周末"
        ),
    )
