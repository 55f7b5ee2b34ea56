"""How the columns of a file are understood, and what a person made of the others."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tidu.intake.files import Limits, open_sheets
from tidu.intake.forms import Form, find_form
from tidu.intake.headers import Header, HeaderReader
from tidu.intake.layout import Column, Layout, find_layout, read_column
from tidu.intake.mapping import ColumnMap, MappedColumn
from tidu.intake.sheets import Sheet, cell_at
from tidu.intake.writing import is_blank, plain_name, show
from tidu.rules.facts import FactDictionary

Choices = Mapping[str, Mapping[str, Any]]
"""Header → {"fact": id or "" for none, "year": number or null, "unit": text}."""

_HEADERS_IN = 15  # rows a title, notes and the header may take
_SAMPLES = 3
_NEAREST = 3
_ALIKE = 0.45
_SHORT = 40


@dataclasses.dataclass(slots=True)
class ColumnFound:
    """A column as its header was understood by itself.

    ``fact`` is empty where it was not; ``nearest``: ids of facts with names like it.
    ``alone``: no other column has this header, so that a person may say what it means.
    """

    sheet: str
    column: str
    cell: str
    fact: str
    year: int | None
    unit: str
    nearest: list[str]
    sample: list[str]
    alone: bool = True

    @property
    def choice(self) -> dict[str, Any]:
        """What its own header says, as a person would choose it."""
        return {"fact": self.fact, "year": self.year, "unit": self.unit}


def columns_in(path: Path, facts: FactDictionary, year: int) -> list[ColumnFound]:
    """Every named column of every visible sheet. Raises UnreadableFile."""
    reader = HeaderReader(facts, year)
    found: list[ColumnFound] = []
    for sheet in open_sheets(path, Limits()):
        if not sheet.hidden:
            found += _in_sheet(sheet, reader)
    counts = Counter(each.column for each in found)
    for each in found:
        each.alone = counts[each.column] == 1
    return found


def header_digest(columns: Iterable[ColumnFound]) -> str:
    """Tells the headers of one kind of file from those of another."""
    text = "\n".join(each.column for each in columns)
    return hashlib.sha256(text.encode()).hexdigest()


def column_map(choices: Choices | None, facts: FactDictionary) -> ColumnMap | None:
    """What people chose, as ``tidu.intake`` takes it; unknown facts are left out."""
    if not choices:
        return None
    mapped: dict[str, MappedColumn] = {}
    ignored: set[str] = set()
    for text, choice in choices.items():
        fact = facts.get(str(choice.get("fact", "")))
        if fact is None:
            ignored.add(text)
            continue
        year = choice.get("year") if fact.yearly else None
        mapped[text] = MappedColumn(Header(text, fact, year, choice.get("unit", "")))
    return ColumnMap("", mapped, (), (), frozenset(ignored))


def _in_sheet(sheet: Sheet, reader: HeaderReader) -> list[ColumnFound]:
    layout = find_layout(sheet, reader)
    form = find_form(sheet, reader)
    if form and form.known > (layout.known if layout else 0):
        return _of_form(sheet, form, reader)
    layout = layout or _guessed(sheet, reader)
    if layout is None:
        return []
    rows = sheet.head[layout.first : layout.first + _SAMPLES]
    return [
        _found(
            sheet,
            column,
            (layout.first - 1, column.at),
            [show(cell_at(row, column.at)) for row in rows],
            reader,
        )
        for column in layout.columns
    ]


def _of_form(sheet: Sheet, form: Form, reader: HeaderReader) -> list[ColumnFound]:
    return [
        _found(sheet, column, label, [show(cell)], reader)
        for column, label, cell in zip(
            form.columns, form.labels, form.cells, strict=True
        )
    ]


def _guessed(sheet: Sheet, reader: HeaderReader) -> Layout | None:
    """The first of the fullest rows, where no row names any fact."""

    def texts(row: list[Any]) -> int:
        return sum(isinstance(cell, str) and not is_blank(cell) for cell in row)

    head = sheet.head[:_HEADERS_IN]
    at = max(range(len(head)), key=lambda n: texts(head[n]), default=None)
    if at is None or texts(head[at]) < 2:  # noqa: PLR2004 - one text is a title
        return None
    columns = [
        read_column(column, show(cell), "", reader)
        for column, cell in enumerate(head[at])
        if not is_blank(cell)
    ]
    return Layout(columns, at + 1)


def _found(
    sheet: Sheet,
    column: Column,
    place: tuple[int, int],
    sample: list[str],
    reader: HeaderReader,
) -> ColumnFound:
    fact = column.header.fact if column.error is None else None
    return ColumnFound(
        sheet=sheet.name,
        column=column.text,
        cell=sheet.cell_name(*place),
        fact=fact.id if fact else "",
        year=column.header.year if fact else None,
        unit=column.header.unit if fact else "",
        nearest=[] if fact else _nearest(column.text, reader),
        sample=[each[:_SHORT] for each in sample if each],
    )


def _nearest(text: str, reader: HeaderReader) -> list[str]:
    alike = difflib.get_close_matches(
        plain_name(text), reader.names, n=2 * _NEAREST, cutoff=_ALIKE
    )
    return list(dict.fromkeys(reader.names[each].id for each in alike))[:_NEAREST]
