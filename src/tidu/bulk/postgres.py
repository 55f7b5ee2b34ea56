"""PostgreSQL: the SELECT is pushed down to the database that holds the data."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import csv

from tidu.bulk import duck, storing
from tidu.bulk.columns import TABLE
from tidu.bulk.duck import EngineError
from tidu.bulk.manifest import Manifest, new_manifest
from tidu.bulk.screen import (
    COUNTING,
    SCREENING,
    Screened,
    Screening,
    Stage,
    absent_of,
    count_outcomes,
    counting,
)
from tidu.bulk.sql import Query, build_query, dialect_named
from tidu.rules.language import N_
from tidu.rules.library import Library

if TYPE_CHECKING:
    import psycopg

AMOUNT = pa.decimal128(38, 10)


@contextmanager
def connect(dsn: str) -> Iterator[psycopg.Connection]:
    """A read-only connection; EngineError where there is none to be had."""
    if importlib.util.find_spec("psycopg") is None:
        raise EngineError(N_("没有安装 psycopg；请运行 pip install 'tidu[postgres]'"))
    import psycopg  # noqa: PLC0415 - optional dependency

    try:
        connection = psycopg.connect(dsn)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise EngineError(
            N_("连不上数据库：{reason}；请检查连接串和网络"), reason=reason
        ) from error
    with connection:
        connection.read_only = True
        yield connection


def screen_on_postgres(
    dsn: str,
    library: Library,
    asked: Screening,
    out: Path,
    *,
    stage: Stage = lambda _msgid: None,
) -> Screened:
    """Screen everybody inside the database that holds the table ``enterprises``."""
    stage(N_("连接 PostgreSQL"))
    with connect(dsn) as database:
        stage(N_("在 PostgreSQL 里筛查"))
        names = column_names(database)
        query = build_query(
            library,
            asked.schemes,
            on=asked.on,
            kind=asked.kind,
            dialect=dialect_named("postgres"),
            brief=asked.brief,
            available=names,
        )
        manifest = new_manifest(SCREENING, library.national, (), as_of=asked.on)
        rows = write_result(database, query, out, manifest)
        stage(COUNTING)
        wanted, counts = counting(library, asked, query, names)
        known = database.execute(counts.encode()).fetchone() or ()
    with duck.connect(out.parent) as connection:
        outcomes = count_outcomes(connection, out, asked)
    return Screened(rows, query, outcomes, absent_of(rows, wanted, names, known))


def column_names(connection: psycopg.Connection) -> tuple[str, ...]:
    """The columns of the table ``enterprises``; EngineError if there is none."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND table_schema = ANY (current_schemas(false))",
        (TABLE,),
    ).fetchall()
    if not found:
        raise EngineError(
            N_("数据库里没有 {table} 表或视图；请按 docs/how-to/own-warehouse.md 建好"),
            table=TABLE,
        )
    return tuple(str(name) for (name,) in found)


def write_result(
    connection: psycopg.Connection, query: Query, out: Path, manifest: Manifest
) -> int:
    """Write a query's result as one Parquet file, whole or not at all; its rows."""
    names = query.select.named_selects
    schema = pa.schema([(each, _kind(each)) for each in names])
    copy = f"COPY ({query.text(pretty=False)}) TO STDOUT (FORMAT csv)"
    import psycopg  # noqa: PLC0415 - optional dependency

    try:
        with TemporaryFile(dir=out.parent) as spooled:
            with connection.cursor().copy(copy.encode()) as stream:
                for block in stream:
                    spooled.write(block)
            some = spooled.tell() > 0  # a reader refuses a file without lines
            spooled.seek(0)
            tables = _tables(spooled, schema) if some else ()
            return storing.write_table(out, schema, tables, manifest).rows
    except (psycopg.Error, pa.ArrowInvalid) as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineError(
            N_("PostgreSQL 没有算成：{reason}；请检查数据库里的表"), reason=reason
        ) from error
    except OSError as error:
        raise storing.unwritable(out, error) from error


def _kind(name: str) -> pa.DataType:
    amounts = ("_low", "_high", "__short")
    return AMOUNT if name.endswith(amounts) else pa.string()


def _tables(spooled: object, schema: pa.Schema) -> Iterator[pa.Table]:
    reader = csv.open_csv(
        spooled,
        read_options=csv.ReadOptions(column_names=schema.names),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])
