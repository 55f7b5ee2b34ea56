"""What could not be read, or was read with a doubt: place, text, remedy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tidu.rules.errors import TiduError
from tidu.rules.facts import Facts
from tidu.rules.language import N_, translate

ERROR = "error"
WARNING = "warning"


class UnreadableFile(TiduError):
    """The file as a whole cannot be read; the sentence says why and what to do."""

    exit_code = 1


class CellError(ValueError):
    """A cell is not of its fact's kind: what is wrong and what is accepted."""

    def __init__(self, what: str, accepted: str, **values: Any) -> None:
        super().__init__(what)
        self.what = what
        self.accepted = accepted
        self.values = values


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One error (its row is not assessed) or warning (assessed as written).

    ``what`` and ``remedy`` are msgids with ``{named}`` places filled from ``values``;
    ``cell`` is the spreadsheet's name of the cell (D7), empty where there is none.
    """

    severity: str
    file: str
    sheet: str
    row: int
    column: str
    cell: str
    text: str
    what: str
    remedy: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def sentence(self, *, english: bool = False) -> str:
        """One sentence with place, text, what is wrong and what to do."""
        where = [self.file]
        if self.sheet:
            sheet = translate(N_("工作表“{sheet}”"), english)
            where.append(sheet.format(sheet=self.sheet))
        where.append(self.place(english=english))
        return translate(N_("{head}：{place}：{said}"), english).format(
            head=self.head(english=english),
            place=" ".join(filter(None, where)),
            said=self.said(english=english),
        )

    def head(self, *, english: bool = False) -> str:
        """Whether it is an error or a warning, in a word."""
        word = N_("错误") if self.severity == ERROR else N_("提醒")
        return translate(word, english)

    def place(self, *, english: bool = False) -> str:
        """Row, column and cell within the sheet; empty where there are none."""
        found = []
        if self.row:
            found.append(translate(N_("第{row}行"), english).format(row=self.row))
        if self.column:
            named = N_("“{column}”列（{cell}）") if self.cell else N_("“{column}”列")
            column = _short(self.column)
            place = translate(named, english).format(column=column, cell=self.cell)
            found.append(place)
        return " ".join(found)

    def said(self, *, english: bool = False) -> str:
        """The text, what is wrong with it and what to do, without the place."""
        what, remedy = self.parts(english=english)
        if self.text:
            quoted = translate(N_("“{text}”{what}"), english)
            what = quoted.format(text=_short(self.text), what=what)
        joint = translate(N_("{what}；{remedy}。"), english)
        return joint.format(what=what, remedy=remedy)

    def parts(self, *, english: bool = False) -> tuple[str, str]:
        """What is wrong, and what to do."""
        what, remedy = translate(self.what, english), translate(self.remedy, english)
        return what.format(**self.values), remedy.format(**self.values)


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"


@dataclasses.dataclass(slots=True)
class Row:
    """One enterprise as the file has it; ``row`` is the spreadsheet's row number.

    ``repeats`` is the row this one repeats word for word, 0 for none.
    """

    sheet: str
    row: int
    uscc: str | None
    name: str | None
    facts: Facts
    problems: list[Problem]
    repeats: int = 0

    @property
    def readable(self) -> bool:
        """Whether the row is assessed: no error in it, and not said before."""
        return not self.repeats and all(p.severity != ERROR for p in self.problems)


@dataclasses.dataclass(frozen=True, slots=True)
class ColumnRead:
    """How a column was understood: ``营业收入(元)@2025`` is revenue@2025 in 元.

    ``key`` is empty where the column was not used.
    """

    sheet: str
    column: str
    cell: str
    key: str
    unit: str


@dataclasses.dataclass(slots=True)
class Intake:
    """A file as read: every row with its problems, and how figures were taken.

    Every data row of the file is one of ``rows``, or counted in ``left_out`` (a total,
    a repeated header, a footnote: each with a warning) or in ``blank``.
    """

    file: str
    rows: list[Row]
    problems: list[Problem]
    readings: list[str]
    columns: list[ColumnRead] = dataclasses.field(default_factory=list)
    left_out: int = 0
    blank: int = 0

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep a row from being assessed."""
        return [each for each in self.problems if each.severity == ERROR]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that were only noted."""
        return [each for each in self.problems if each.severity == WARNING]
