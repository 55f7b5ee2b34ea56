"""What is wrong with a file, for a page: each sheet once, its cells below it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from tidu.intake import Problem


@dataclasses.dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem: ``place`` is row, column and cell; empty where there are none."""

    severity: str
    head: str
    place: str
    said: str


@dataclasses.dataclass(frozen=True, slots=True)
class SheetProblems:
    """The problems of one sheet; ``sheet`` is empty for a file without sheets."""

    sheet: str
    lines: list[ProblemLine]


def by_sheet(problems: Iterable[Problem], *, english: bool) -> list[SheetProblems]:
    """The problems under their sheets; sheets and lines as they come."""
    found: dict[str, SheetProblems] = {}
    for each in problems:
        line = ProblemLine(
            each.severity,
            each.head(english=english),
            each.place(english=english),
            each.said(english=english),
        )
        found.setdefault(each.sheet, SheetProblems(each.sheet, [])).lines.append(line)
    return list(found.values())
