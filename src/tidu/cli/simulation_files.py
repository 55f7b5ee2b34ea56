"""What ``tidu simulate`` writes: a workbook of moves, or a curve as a table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

from tidu.bulk.scenarios import quantity_text
from tidu.bulk.simulate import GROUPS, Asked, Simulated
from tidu.bulk.storing import whole_file
from tidu.bulk.sweep import Curve
from tidu.rules.language import N_
from tidu.rules.outcomes import Outcome
from tidu.rules.units import plain

Say = Callable[..., str]
Sheet = tuple[str, Sequence[str], Sequence[Sequence[Any]]]  # name, head, lines
Name = Callable[[str, str | None], str]
_WIDTH = 22  # characters of a column


def write_moves(
    out: Path, found: Simulated, asked: Asked, names: Mapping[str, Name], say: Say
) -> None:
    """A workbook: the changes, every move, and who crosses by each group."""
    changes = [
        (scenario.name, each.scheme, each.value, each.number.text)
        for scenario in asked.scenarios
        for each in scenario.changes
    ]
    flows = [
        (each.scheme, each.scenario, was.value, now.value, firms)
        for each in found.moves
        for (was, now), firms in each.flows.items()
    ]
    groups = {
        group: [
            (each.scheme, each.scenario, key or "", name(group, key), *pair)
            for each in found.moves
            for name in [names[each.scheme]]
            for key, pair in each.groups[group].items()
        ]
        for group in GROUPS
    }
    crossing = ("scheme", "scenario", "key", "name", "moved_in", "moved_out")
    sheets: list[Sheet] = [
        ("changes", ("scenario", "scheme", "value", "quantity"), changes),
        ("flows", ("scheme", "scenario", "before", "after", "firms"), flows),
        *((group, crossing, lines) for group, lines in groups.items()),
    ]
    about = say(N_("按{on}计算"), on=asked.on)
    with whole_file(out) as part:
        _workbook(part, sheets, about)


def write_curve(out: Path, curve: Curve, say: Say) -> None:
    """The whole curve, one line per threshold; the form by the file's ending."""
    head = ("threshold", "quantity", *(each.value for each in Outcome))
    kind = out.suffix.lower()
    with whole_file(out) as part:
        if kind == ".parquet":
            lines = list(_lines(curve))
            columns = dict(zip(head, zip(*lines, strict=True), strict=True))
            parquet.write_table(
                pa.table({k: list(v) for k, v in columns.items()}), part
            )
        elif kind == ".csv":
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(head)
                writer.writerows((plain(line[0]), *line[1:]) for line in _lines(curve))
        else:
            about = say(
                N_("{rule_set} 的 {value}"),
                rule_set=curve.rule_set,
                value=curve.sweep.value,
            )
            _workbook(part, [("curve", head, list(_lines(curve)))], about)


def _lines(curve: Curve) -> Iterator[tuple[Any, ...]]:
    """The threshold as an exact number and as people write it, then the counts."""
    for at, counts in enumerate(curve.counts):
        value = curve.sweep.threshold(at)
        yield (
            value,
            quantity_text(value, curve.sweep.unit),
            *(counts[each] for each in Outcome),
        )


def _workbook(path: Path, sheets: Sequence[Sheet], about: str) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"comments": about})
    bold = book.add_format({"bold": True})
    for name, head, lines in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, _WIDTH)
        sheet.write_row(0, 0, head, bold)
        for row, line in enumerate(lines, 1):
            sheet.write_row(row, 0, line)
    book.close()
