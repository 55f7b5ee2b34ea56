"""Files of enterprises → one immutable table: exact, dated, with its sources."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from tidu.bulk.arrow_types import DIGITS, arrow_array, arrow_schema
from tidu.bulk.checking import columns_in
from tidu.bulk.columns import (
    MONEY_PLACES,
    SEPARATOR,
    SHARE_PLACES,
    Column,
    column_name,
    columns_for,
)
from tidu.bulk.manifest import SNAPSHOT, Manifest, Source, new_manifest
from tidu.bulk.storing import switch_live, write_table
from tidu.intake import ColumnMap, Intake, Problem, Row, read_file
from tidu.intake.problems import ERROR, WARNING
from tidu.rules.facts import (
    Fact,
    FactDictionary,
    Facts,
    FactType,
    FactValue,
    key_of,
    split_key,
)
from tidu.rules.language import N_
from tidu.rules.library import Library

Progress = Callable[[int, int], None]

BATCH = 50_000  # rows of one row group
YEARS_BACK = 4  # y0 … y4 have columns even where nobody gave a figure
THRESHOLD_PLACES = 6  # no threshold of a policy has more decimals
_STEP = Decimal(1).scaleb(-SHARE_PLACES)
_MONEY_LIMIT = Decimal(10) ** (DIGITS - MONEY_PLACES)
_SHARE_LIMIT = Decimal(10) ** (DIGITS - SHARE_PLACES) - 1  # leaves room for a step
_COUNT_LIMIT = 2**63
_CONVERTED = {
    FactType.MONEY,
    FactType.RATIO,
    FactType.NUMBER,
    FactType.COUNT,
    FactType.CHOICES,
}


@dataclasses.dataclass(frozen=True)
class Order:
    """What is wanted: day, columns, province for rows that name none."""

    on: datetime.date
    library: Library
    columns: ColumnMap | None = None
    province: str | None = None
    english: bool = False


@dataclasses.dataclass
class Taken:
    """What was taken in: one intake per file, rows written, nudged ratios."""

    intakes: list[Intake]
    rows: int = 0
    nudged: int = 0
    path: Path | None = None
    manifest: Manifest | None = None

    @property
    def problems(self) -> list[Problem]:
        """Every error and warning of every file."""
        return [problem for intake in self.intakes for problem in intake.problems]


class TooBig(ValueError):
    """A figure does not fit its column; ``args[0]`` says what is wrong."""


def take_snapshot(
    files: Sequence[Path],
    out: Path,
    order: Order,
    progress: Progress | None = None,
) -> Taken:
    """Read the files and write the table; rows that cannot be read stay out.

    ``out`` may be a folder: then a read-only, dated file is written there, named after
    its digest, and ``current.parquet`` is switched to it.
    """
    reading = _Reading(order)
    for file in files:
        reading.read(file, progress)
    columns = columns_for(order.library.facts, reading.years)
    manifest = new_manifest(
        SNAPSHOT,
        order.library.national,
        columns,
        sources=tuple(reading.sources),
        as_of=order.on,
    )
    schema = arrow_schema(columns)
    tables = (_filled(table, schema) for table in reading.tables)
    taken = reading.taken
    if out.is_dir():
        part = out / "enterprises.parquet"
        manifest = write_table(part, schema, tables, manifest, named=_dated_name)
        taken.path = _dated_name(part, manifest)
        switch_live(out / "current.parquet", taken.path)
    else:
        manifest = write_table(out, schema, tables, manifest)
        taken.path = out
    taken.manifest = manifest
    return taken


def _dated_name(path: Path, manifest: Manifest) -> Path:
    """``enterprises-2026-06-01-0a1b2c3d4e5f.parquet``."""
    name = f"{path.stem}-{manifest.as_of}-{manifest.sha256[:12]}{path.suffix}"
    return path.with_name(name)


def _filled(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with every column of the schema, NULL where it has none."""
    size = table.num_rows
    return pa.table(
        [
            table[field.name]
            if field.name in table.schema.names
            else pa.nulls(size, field.type)
            for field in schema
        ],
        schema=schema,
    )


class _Reading:
    """The work on all files: Arrow tables so far, codes seen, years met."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.facts = order.library.facts
        latest = order.on.year
        self.years = set(range(latest - YEARS_BACK, latest + 1))
        self.tables: list[pa.Table] = []
        self.sources: list[Source] = []
        self.seen: dict[str, tuple[str, int, int]] = {}
        self.columns: dict[str, tuple[str, Fact | None]] = {}
        self.taken = Taken([])

    def read(self, path: Path, progress: Progress | None) -> None:
        """Read one file; the Python objects of its rows are let go afterwards."""
        intake = read_file(
            path,
            self.facts,
            on=self.order.on,
            columns=self.order.columns,
            progress=progress,
            english=self.order.english,
        )
        batch: list[dict[str, Any]] = []
        written = 0
        for row in intake.rows:
            line = self._line(row, intake) if row.readable else None
            if line is None:
                continue
            batch.append(line)
            written += 1
            if len(batch) == BATCH:
                self._close(batch)
                batch = []
        self._close(batch)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.sources.append(Source(path.name, digest, written))
        self.taken.rows += written
        self.taken.intakes.append(dataclasses.replace(intake, rows=[]))

    def _line(self, row: Row, intake: Intake) -> dict[str, Any] | None:
        """The row as values by column name; None where it cannot be written."""
        flat = row.facts.flat()
        mark = hash(frozenset(flat.items()))  # tells two firms' facts apart
        if self._repeats(row, mark, intake):
            return None
        if self.order.province:
            flat.setdefault("territory", self.order.province)
        line: dict[str, Any] = {}
        for key, value in flat.items():
            name, fact = self.columns.get(key) or self._column(key)
            if fact is None:
                line[name] = value
                continue
            try:
                line[name], nudged = stored(fact, value)
            except TooBig:
                place = (intake.file, row.sheet, row.row, key, "", str(value))
                intake.problems.append(Problem(ERROR, *place, *TOO_BIG))
                return None
            self.taken.nudged += nudged
        if row.uscc:
            self.seen[row.uscc] = (intake.file, row.row, mark)
        return line

    def _column(self, key: str) -> tuple[str, Fact | None]:
        """The column of a key; its fact only where values are not stored as they are.

        Its year is met by now.
        """
        fact_id, year = split_key(key)
        fact = self.facts[fact_id]
        if year is not None:
            self.years.add(year)
        found = column_name(fact_id, year), fact if fact.type in _CONVERTED else None
        self.columns[key] = found
        return found

    def _repeats(self, row: Row, mark: int, intake: Intake) -> bool:
        """Whether an earlier file has this code: an error unless all cells agree."""
        first = self.seen.get(row.uscc or "")
        if first is None:
            return False
        file, number, earlier = first
        severity, (what, remedy) = (
            (WARNING, SAME) if earlier == mark else (ERROR, OTHER)
        )
        place = (intake.file, row.sheet, row.row, "", "", row.uscc or "")
        values = {"file": file, "row": number}
        intake.problems.append(Problem(severity, *place, what, remedy, values))
        return True

    def _close(self, batch: list[dict[str, Any]]) -> None:
        """Turn rows into an Arrow table of the columns they have."""
        if not batch:
            return
        names = list(dict.fromkeys(name for line in batch for name in line))
        arrays = {}
        for column in columns_in(names, self.facts):
            name = column.name
            values = [line.get(name) for line in batch]
            arrays[name] = arrow_array(values, column)
        self.tables.append(pa.table(arrays))


def stored(fact: Fact, value: FactValue) -> tuple[Any, bool]:
    """A value as its column holds it, and whether it was nudged off a border.

    Money is exact to the cent. Ratios and numbers are rounded to eight places; TooBig
    where a figure does not fit.
    """
    match fact.type:
        case FactType.MONEY:
            assert isinstance(value, Decimal)
            if abs(value) >= _MONEY_LIMIT:
                raise TooBig(fact.id)
            cents = round(value, MONEY_PLACES)
            if cents != value:
                raise TooBig(fact.id)
            return cents, False
        case FactType.RATIO | FactType.NUMBER:
            assert isinstance(value, Decimal | int)
            return _rounded(Decimal(value))
        case FactType.COUNT:
            assert isinstance(value, int)
            if not -_COUNT_LIMIT <= value < _COUNT_LIMIT:
                raise TooBig(fact.id)
            return value, False
        case FactType.CHOICES:
            assert isinstance(value, frozenset)
            ordered = (each.id for each in fact.choices if each.id in value)
            return SEPARATOR.join(ordered), False
    return value, False


def _rounded(value: Decimal) -> tuple[Decimal, bool]:
    """Round to eight places, but never onto a border that the value is not on.

    Policies compare with thresholds of up to six decimals (3 %, 0.5). A value within
    half a step of such a number would land on it and change sides; it is moved one
    step (0.00000001) back to its own side. Every other value keeps its side anyway.
    """
    if abs(value) >= _SHARE_LIMIT:
        raise TooBig(value)
    near = value.quantize(_STEP, ROUND_HALF_EVEN)
    on_border = near == round(near, THRESHOLD_PLACES)
    if near == value or not on_border:
        return near, False
    return near + _STEP.copy_sign(value - near), True


def facts_of(row: Mapping[str, Any], columns: Iterable[Column]) -> Facts:
    """One row of a table (values by column name) as the facts of an enterprise."""
    flat: dict[str, FactValue] = {}
    for column in columns:
        value = row.get(column.name)
        if value is None:
            continue
        if column.fact.type is FactType.CHOICES:
            value = frozenset(filter(None, value.split(SEPARATOR)))
        elif column.fact.type in {FactType.MONEY, FactType.RATIO, FactType.NUMBER}:
            value = Decimal(value)
        flat[key_of(column.fact.id, column.year)] = value
    return Facts.of(flat)


def read_firms(
    path: Path, facts: FactDictionary, *, uscc: str | None = None
) -> Iterator[Facts]:
    """The firms of a table one by one, or the one with this code.

    Only row groups that hold the code are read whole.
    """
    with parquet.ParquetFile(path) as file:
        columns = columns_in(file.schema_arrow.names, facts)
        for group in range(file.num_row_groups):
            if uscc is not None:
                codes = file.read_row_group(group, columns=["uscc"])["uscc"]
                at = codes.index(uscc).as_py()
                if at < 0:
                    continue
                rows = file.read_row_group(group).slice(at, 1).to_pylist()
            else:
                rows = file.read_row_group(group).to_pylist()
            yield from (facts_of(row, columns) for row in rows)


TOO_BIG = (
    N_("放不进快照的这一列"),
    N_("金额应小于一亿亿元、精确到分，比例和数应小于一百亿；请核对"),
)
OTHER = (
    N_("与{file}第{row}行的统一社会信用代码相同，内容不同"),
    N_("以前一个文件为准，请删去一行"),
)
SAME = (N_("与{file}第{row}行完全相同"), N_("只计一次"))
