"""DuckDB: the default engine, in process and out of core, within a memory bound."""

from __future__ import annotations

import concurrent.futures
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from pyarrow import parquet

from tidu.bulk import storing, syncing
from tidu.bulk.columns import MONEY_PLACES, TABLE
from tidu.bulk.manifest import KEY, SnapshotError
from tidu.rules.facts import Fact, FactDictionary, FactType
from tidu.rules.language import N_

Progress = Callable[[float], None]  # the share that is done, 0 to 1
POLL_SECONDS = 0.2
MEMORY = "4GB"


class EngineError(SnapshotError):
    """An engine could not do its work."""


@contextmanager
def connect(
    folder: Path, *, memory: str = MEMORY, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills into ``folder`` what does not fit into ``memory``."""
    try:
        spilled = TemporaryDirectory(prefix=".tidu-", dir=folder)
    except OSError as error:
        raise storing.unwritable(folder, error) from error
    with spilled as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": spill,
            "preserve_insertion_order": "false",  # bounded memory at any size
            "enable_external_access": "true",
        }
        if threads is not None:
            config["threads"] = threads
        try:
            connection = duckdb.connect(config=config)
        except duckdb.Error as error:
            raise EngineError(
                N_("DuckDB 启动不了：{reason}；请检查 --memory 和 --threads"),
                reason=_first_line(error),
            ) from error
        with connection:
            # query_progress() needs the bar; printed, it would mix with our own output.
            connection.execute("SET enable_progress_bar = true")
            connection.execute("SET enable_progress_bar_print = false")
            yield connection


def attach(connection: duckdb.DuckDBPyConnection, table: Path) -> None:
    """Let a Parquet file be the table ``enterprises``."""
    connection.execute(f"CREATE VIEW {TABLE} AS FROM read_parquet({quoted(table)})")


def quoted(text: object) -> str:
    """A path or text as a constant of DuckDB's SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def ranges_of(table: Path, facts: FactDictionary) -> dict[str, int]:
    """How large the figures of each column are, from the file's own statistics.

    As whole numbers of their last decimal; columns without statistics are left out.
    Narrower types are several times quicker, and a value that does not fit is an error,
    never cut off.
    """
    known = _figures(table, facts)
    found: dict[str, int] = dict.fromkeys(known, 0)
    with parquet.ParquetFile(table) as file:
        metadata = file.metadata
        places = {
            metadata.schema.column(at).name: at for at in range(len(metadata.schema))
        }
        for group in range(metadata.num_row_groups):
            for name in list(found):
                chunk = metadata.row_group(group).column(places[name])
                stats = chunk.statistics
                if stats is None or (
                    not stats.has_min_max and stats.null_count != chunk.num_values
                ):
                    del found[name]
                elif stats.has_min_max:
                    largest = max(abs(stats.min), abs(stats.max))
                    scale = MONEY_PLACES if known[name].type is FactType.MONEY else 0
                    found[name] = max(found[name], int(largest * 10**scale))
    return {name: max(1, largest) for name, largest in found.items()}


def _figures(table: Path, facts: FactDictionary) -> dict[str, Fact]:
    """The table's columns of money and counts."""
    found = {}
    for name in parquet.read_schema(table).names:
        stem, _, year = name.rpartition("_")
        fact = facts.get(name) or (facts.get(stem) if year.isdigit() else None)
        if fact and fact.type in {FactType.MONEY, FactType.COUNT}:
            found[name] = fact
    return found


def write_result(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    out: Path,
    manifest: Mapping[str, object],
    progress: Progress = lambda _share: None,
) -> int:
    """Write a query's result as one Parquet file, whole or not at all; its rows."""
    about = quoted(json.dumps(manifest, ensure_ascii=False))
    with storing.whole_file(out) as part:
        copy = (
            f"COPY ({sql}) TO {quoted(part)} (FORMAT parquet, COMPRESSION zstd, "
            f"COMPRESSION_LEVEL 1, KV_METADATA {{{KEY.decode()}: {about}}})"
        )
        rows = run(connection, copy, progress)
        with part.open("rb+") as file:
            syncing.sync(file)
    return int(rows[0][0])


def run(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    progress: Progress = lambda _share: None,
) -> list[tuple[Any, ...]]:
    """Run a statement in the background and tell how far it is; interruptible."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        work = pool.submit(lambda: connection.execute(sql).fetchall())
        try:
            while not work.done():
                with suppress(concurrent.futures.TimeoutError):
                    work.exception(POLL_SECONDS)
                share = connection.query_progress()
                progress(min(max(share / 100, 0.0), 1.0))
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        try:
            return work.result()
        except duckdb.Error as error:
            raise _told(error) from error


def _told(error: duckdb.Error) -> EngineError:
    """The engine's trouble as one sentence with its remedy."""
    if "No space left" in str(error) or "max_temp_directory_size" in str(error):
        return EngineError(N_("磁盘已满，没有写出结果；请腾出空间后重新运行"))
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineError(N_("内存上限不够；请用 --memory 给得多一些，或用 --brief"))
    return EngineError(
        N_("DuckDB 没有算成：{reason}；请检查快照，或重新制作"),
        reason=_first_line(error),
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
