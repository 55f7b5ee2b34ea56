"""A calendar month: 2026-11."""

from __future__ import annotations

import dataclasses
import datetime

_MONTHS = 12


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. ``text``: 2026-11."""

    year: int
    number: int

    @staticmethod
    def of(day: datetime.date) -> Month:
        return Month(day.year, day.month)

    @staticmethod
    def read(text: str) -> Month | None:
        """The month of ``2026-11``; None for anything else."""
        try:
            return Month.of(datetime.date.fromisoformat(f"{text}-01"))
        except ValueError:
            return None

    def plus(self, months: int) -> Month:
        whole = self.year * _MONTHS + self.number - 1 + months
        return Month(whole // _MONTHS, whole % _MONTHS + 1)

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, self.number, 1)

    @property
    def last(self) -> datetime.date:
        return self.plus(1).first - datetime.timedelta(days=1)

    @property
    def text(self) -> str:
        return f"{self.year}-{self.number:02d}"
