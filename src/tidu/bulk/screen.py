"""Screen everybody: rule sets over a snapshot → one row of outcomes per enterprise."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
from pyarrow import parquet

from tidu.bulk import duck
from tidu.bulk.checking import check_snapshot
from tidu.bulk.columns import TABLE, Column, columns_for
from tidu.bulk.manifest import Manifest, SnapshotError
from tidu.bulk.sql import Query, build_query, dialect_named
from tidu.rules.language import N_
from tidu.rules.library import Library
from tidu.rules.rulesets import Kind

Warn = Callable[[str], None]
Stage = Callable[[str], None]  # told as a msgid what an engine is about to do
YEARS_SHOWN = 10  # as far back as the rules read
SCREENING = "screening"  # the kind its manifest names
COUNTING = N_("统计结果")


@dataclasses.dataclass(frozen=True)
class Screening:
    """What is asked: schemes, day, kind of procedure, and how much to write."""

    schemes: tuple[str, ...]
    on: datetime.date
    kind: Kind = Kind.NEW
    brief: bool = False


@dataclasses.dataclass(frozen=True)
class Screened:
    """What came out of a screening.

    ``outcomes``: scheme → outcome → firms. ``absent``: column that the rules read →
    firms of which it is unknown; a column the table lacks is unknown of all.
    """

    rows: int
    query: Query
    outcomes: Mapping[str, Mapping[str, int]]
    absent: Mapping[Column, int]

    def most_absent(self) -> list[tuple[Column, int, int]]:
        """Column, firms without it, schemes that read it; what hinders most first."""
        rule_sets = [each for each in self.query.rule_sets.values() if each]
        found = [
            (column, firms, sum(column.fact.id in each.facts for each in rule_sets))
            for column, firms in self.absent.items()
            if firms
        ]
        return sorted(found, key=lambda each: (-each[1] * each[2], each[0].name))


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """A checked table of enterprises and what its file says of it."""

    path: Path
    names: tuple[str, ...]
    ranges: Mapping[str, int]
    rows: int
    manifest: Manifest | None


def open_snapshot(
    path: Path, library: Library, *, warn: Warn, english: bool = False
) -> Snapshot:
    """Check a snapshot before anything is read from it; SnapshotError if it is no good.

    A table without credit codes is refused: nobody could tell its firms apart.
    """
    manifest = check_snapshot(path, library, warn=warn, english=english)
    with parquet.ParquetFile(path) as file:
        names = tuple(file.schema_arrow.names)
        rows = file.metadata.num_rows
    if "uscc" not in names:
        raise SnapshotError(
            N_("{path} 没有 uscc（统一社会信用代码）这一列；请补上后重新制作"),
            path=path,
        )
    return Snapshot(path, names, duck.ranges_of(path, library.facts), rows, manifest)


def query_for(
    snapshot: Snapshot, library: Library, asked: Screening, dialect: str = "duckdb"
) -> Query:
    """The SELECT that a screening runs on a snapshot."""
    return build_query(
        library,
        asked.schemes,
        on=asked.on,
        kind=asked.kind,
        dialect=dialect_named(dialect),
        brief=asked.brief,
        available=snapshot.names,
        most=snapshot.ranges,
    )


def screen(
    snapshot: Snapshot,
    library: Library,
    asked: Screening,
    out: Path,
    *,
    memory: str = duck.MEMORY,
    threads: int | None = None,
    progress: duck.Progress = lambda _share: None,
) -> Screened:
    """Write the outcomes of everybody to one Parquet file, whole or not at all."""
    query = query_for(snapshot, library, asked)
    with duck.connect(out.parent, memory=memory, threads=threads) as connection:
        duck.attach(connection, snapshot.path)
        sql = query.text(pretty=False)
        about = describe(snapshot, library, asked, query)
        rows = duck.write_result(connection, sql, out, about, progress)
        return Screened(
            rows,
            query,
            count_outcomes(connection, out, asked),
            count_absent(connection, snapshot, library, asked, query),
        )


def describe(
    snapshot: Snapshot, library: Library, asked: Screening, query: Query
) -> dict[str, object]:
    """What a result's own metadata say: of what, by which rules, on which day."""
    made_from = snapshot.manifest.sha256 if snapshot.manifest else None
    return {
        "kind": SCREENING,
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "on": asked.on.isoformat(),
        "procedure": asked.kind.value,
        "rule_sets": {
            scheme: rule_set.name if rule_set else None
            for scheme, rule_set in query.rule_sets.items()
        },
        "pack_sha256": library.national.digest,
        "snapshot": snapshot.path.name,
        "snapshot_sha256": made_from,
        "fictional": bool(snapshot.manifest and snapshot.manifest.fictional),
    }


def count_outcomes(
    connection: duckdb.DuckDBPyConnection, out: Path, asked: Screening
) -> dict[str, dict[str, int]]:
    """Firms per scheme and outcome, from a written result (a file or a folder)."""
    place = duck.quoted(out / "*.parquet" if out.is_dir() else out)
    found: dict[str, dict[str, int]] = {}
    for scheme in asked.schemes:
        counted = duck.run(
            connection,
            f'SELECT "{scheme}__outcome", count(*) '  # noqa: S608 - ids of a pack
            f"FROM read_parquet({place}) GROUP BY 1 ORDER BY 2 DESC",
        )
        found[scheme] = {str(outcome): int(str(firms)) for outcome, firms in counted}
    return found


def count_absent(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    library: Library,
    asked: Screening,
    query: Query,
) -> dict[Column, int]:
    """For each column the rules read, the firms of which it is unknown."""
    wanted, counts = counting(library, asked, query, snapshot.names)
    known = duck.run(connection, counts)[0]
    return absent_of(snapshot.rows, wanted, snapshot.names, known)


def counting(
    library: Library, asked: Screening, query: Query, names: Sequence[str]
) -> tuple[list[Column], str]:
    """The columns the rules ask for, and a query that counts what is known of them."""
    years = range(asked.on.year - YEARS_SHOWN, asked.on.year + 1)
    wanted = [c for c in columns_for(library.facts, years) if c.name in query.asked]
    held = [f'count("{each.name}")' for each in wanted if each.name in names]
    return wanted, f"SELECT {', '.join(held) or '0'} FROM {TABLE}"  # noqa: S608 - ids


def absent_of(
    rows: int, wanted: Sequence[Column], names: Sequence[str], known: Sequence[object]
) -> dict[Column, int]:
    """Firms without each wanted column, from the counts of those who have it."""
    held = [each for each in wanted if each.name in names]
    counts = dict(zip(held, known, strict=False))
    return {each: rows - int(str(counts.get(each, 0))) for each in wanted}
