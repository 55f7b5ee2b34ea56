"""The rows of a checked file as they will be written: one line of JSON a firm.

The lines are made once, when the file is checked; the commit only copies them, so that
it can go on from any line, and writes what was shown.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tidu.bulk.syncing import sync
from tidu.intake import Row
from tidu.registry.fact_values import Json, to_json

IDENTITY = frozenset({"name", "uscc", "territory"})
"""Facts that the registry itself keeps; they are no figures."""


@dataclasses.dataclass(slots=True)
class Line:
    """One firm to be written. ``waiting``: a person decides who it is.

    ``places``: where the values stand, by key; one under "" where all stand together.
    """

    row: int
    uscc: str | None
    name: str | None
    territory: str
    values: dict[str, Json]
    places: dict[str, str]
    waiting: bool = False

    @property
    def industry(self) -> str:
        return str(self.values.get("industry") or "")[:5]

    def entries(self) -> dict[str, dict[str, Any]]:
        """What ``Filing.entries`` holds of it."""
        whole = self.places.get("", "")
        places = self.places
        return {
            key: {"value": value, "place": places.get(key, whole)}
            for key, value in self.values.items()
        }


def line_of(row: Row, territory: str) -> Line:
    """The line of a readable row."""
    values: dict[str, Json] = {}
    places: dict[str, str] = {}
    sources = row.facts.sources
    for key, value in row.facts.flat().items():
        if key in IDENTITY:
            continue
        values[key] = to_json(value)
        places[key] = sources.get(key, "")
    if len(set(places.values())) == 1:
        places = {"": next(iter(places.values()))}
    return Line(row.row, row.uscc, row.name, territory, values, places)


def write_lines(path: Path, lines: Iterable[Line]) -> int:
    """Write all lines, or leave the file as it was; how many."""
    part = path.with_suffix(".part")
    count = 0
    with part.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(_text(line))
            file.write("\n")
            count += 1
        sync(file)
    part.replace(path)
    return count


def read_lines(path: Path, start: int) -> Iterator[Line]:
    """The lines from ``start`` on, counted from 0."""
    with path.open(encoding="utf-8") as file:
        for text in itertools.islice(file, start, None):
            yield Line(*json.loads(text))


def _text(line: Line) -> str:
    fields = (
        line.row,
        line.uscc,
        line.name,
        line.territory,
        line.values,
        line.places,
        line.waiting,
    )
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
