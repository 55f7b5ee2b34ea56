"""A form sheet, one firm each: labels with their values beside them.

The usual form is label | value. Read are also label | value | unit, label | unit |
value, several such pairs side by side, one value column for each year, and a column
headed 年度; columns headed 在哪里找 or 怎样填 explain and are passed over.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from tidu.intake.headers import UNITS, HeaderReader, unit_line
from tidu.intake.layout import Column, read_column
from tidu.intake.sheets import HEAD, Cells, Sheet
from tidu.intake.writing import is_blank, normal, plain_name, show

_LEAST = 3  # recognised labels below each other that make a form
_LEAST_BESIDE = 2  # in a further column of labels
_HEADS_OF_YEARS = frozenset({"年度", "年份", "所属年度", "会计年度"})
_HEADS_OF_HELP = frozenset({"在哪里找", "怎样填", "填写说明", "填写示例", "示例"})

Place = tuple[int, int]


@dataclasses.dataclass(slots=True)
class Form:
    """The cells of a form as one row: ``columns[n]`` says what ``cells[n]`` holds.

    ``labels`` and ``values`` are where they stand; ``unused`` is the first cell of a
    row with labels that belongs to none of them.
    """

    columns: list[Column]
    cells: list[Any]
    labels: list[Place]
    values: list[Place]
    unit: str
    unused: Place | None

    @property
    def known(self) -> int:
        """How many labels name a fact."""
        facts = {
            place
            for c, place in zip(self.columns, self.labels, strict=True)
            if c.header.fact
        }
        return len(facts)


def find_form(sheet: Sheet, reader: HeaderReader) -> Form | None:
    """The form in a sheet, or None if it is none."""
    rows = sheet.head
    if sheet.total > HEAD or max((len(row) for row in rows), default=0) < 2:  # noqa: PLR2004 - a pair
        return None
    starts = _label_columns(rows, reader)
    if not starts:
        return None
    form = Form([], [], [], [], "", None)
    used: set[Place] = set()
    for at, left in enumerate(starts):
        right = starts[at + 1] if at + 1 < len(starts) else None
        _read_block(form, used, rows, reader, left, right)
    form.unit = next((u for row in rows for c in row if (u := unit_line(show(c)))), "")
    lines = {row for row, _ in form.labels}
    form.unused = next(
        (
            (row, column)
            for row in sorted(lines)
            for column, cell in enumerate(rows[row])
            if column > starts[0] and (row, column) not in used and not is_blank(cell)
        ),
        None,
    )
    _drop_headings(form)
    return form


def _drop_headings(form: Form) -> None:
    """Take out titles over the first fact, and headings with nothing beside them."""
    labelled = list(zip(form.columns, form.labels, form.cells, strict=True))
    first = min(place[0] for column, place, _ in labelled if column.header.fact)
    kept = [
        at
        for at, (column, place, cell) in enumerate(labelled)
        if column.header.fact or (place[0] >= first and not is_blank(cell))
    ]
    form.columns = [
        dataclasses.replace(form.columns[old], at=new) for new, old in enumerate(kept)
    ]
    form.cells = [form.cells[at] for at in kept]
    form.labels = [form.labels[at] for at in kept]
    form.values = [form.values[at] for at in kept]


def _label_columns(rows: list[Cells], reader: HeaderReader) -> list[int]:
    """The columns that hold labels, from left to right."""
    counts: Counter[int] = Counter()
    for row in rows:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and reader.fact_of(cell) is not None:
                counts[column] += 1
    if not counts or counts.most_common(1)[0][1] < _LEAST:
        return []
    first = min(at for at, count in counts.items() if count >= _LEAST)
    beside = [at for at, n in counts.items() if at > first + 1 and n >= _LEAST_BESIDE]
    return [first, *sorted(beside)]


def _read_block(
    form: Form,
    used: set[Place],
    rows: list[Cells],
    reader: HeaderReader,
    left: int,
    right: int | None,
) -> None:
    width = min(right or max(map(len, rows)), max(map(len, rows)))
    labelled = [
        at
        for at, row in enumerate(rows)
        if left < len(row)
        and not is_blank(row[left])
        and not unit_line(show(row[left]))
    ]
    units = _unit_column(rows, labelled, left, width)
    heading, years = _years(rows, labelled, reader, left, width)
    year_column, helping = _headed(rows, labelled, left, width)
    plain = left + 2 if units == left + 1 else left + 1
    for at in labelled:
        if at == heading:
            used.update((at, column) for column in range(len(rows[at])))
            continue
        row = rows[at]
        unit = normal(show(row[units])) if 0 < units < len(row) else ""
        targets = years or {plain: _year_beside(row, year_column, reader)}
        for column, year in targets.items():
            cell = row[column] if column < len(row) else None
            found = _column(show(row[left]), year, unit, reader, len(form.columns))
            fact = found.header.fact
            if years and column != min(targets) and (fact is None or not fact.yearly):
                continue  # what has no years stands in the first of them
            form.columns.append(found)
            form.cells.append(cell)
            form.labels.append((at, left))
            form.values.append((at, column))
            used.add((at, column))
        used.update((at, column) for column in (left, units, year_column, *helping))


def _unit_column(rows: list[Cells], labelled: list[int], left: int, width: int) -> int:
    """The column that holds nothing but units, or -1."""
    for column in range(left + 1, min(left + 4, width)):
        texts = [
            normal(show(rows[at][column]))
            for at in labelled
            if column < len(rows[at]) and not is_blank(rows[at][column])
        ]
        units = [text for text in texts if text in UNITS]
        if units and len(units) >= len(texts) - 1:  # a heading 单位 may stand over them
            return column
    return -1


def _headed(
    rows: list[Cells], labelled: list[int], left: int, width: int
) -> tuple[int, set[int]]:
    """The column headed 年度, or -1, and the columns that only explain."""
    years, helping = -1, set()
    for at in labelled[:3]:
        for column in range(left + 2, min(width, len(rows[at]))):
            head = plain_name(show(rows[at][column]))
            if head in _HEADS_OF_YEARS:
                years = column
            elif head in _HEADS_OF_HELP:
                helping.add(column)
    return years, helping


def _year_beside(row: Cells, column: int, reader: HeaderReader) -> str:
    """What stands in the year column, if it is a year."""
    text = show(row[column]) if 0 < column < len(row) else ""
    return text if reader.year_of(text) is not None else ""


def _years(
    rows: list[Cells],
    labelled: list[int],
    reader: HeaderReader,
    left: int,
    width: int,
) -> tuple[int, dict[int, str]]:
    """The heading with one year for each value column, and these columns."""
    for at in labelled[:3]:
        row = rows[at]
        found = {
            column: show(row[column])
            for column in range(left + 1, min(width, len(row)))
            if reader.year_of(show(row[column])) is not None
        }
        if found and reader.fact_of(show(row[left])) is None:
            return at, found
    return -1, {}


def _column(text: str, year: str, unit: str, reader: HeaderReader, at: int) -> Column:
    found = read_column(at, text, year, reader)
    if unit in UNITS and not found.header.unit:
        found.header = dataclasses.replace(found.header, unit=unit)
    return found
