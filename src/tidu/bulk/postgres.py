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

from tidu.bulk import storing
from tidu.bulk.columns import TABLE
from tidu.bulk.duck import EngineError
from tidu.bulk.manifest import Manifest
from tidu.bulk.sql import Query

if TYPE_CHECKING:
    import psycopg

AMOUNT = pa.decimal128(38, 10)


@contextmanager
def connect(dsn: str) -> Iterator[psycopg.Connection]:
    """A read-only connection; EngineError where there is none to be had."""
    if importlib.util.find_spec("psycopg") is None:
        raise EngineError("没有安装 psycopg；请运行 pip install 'tidu[postgres]'")
    import psycopg  # noqa: PLC0415 - optional dependency

    try:
        connection = psycopg.connect(dsn)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise EngineError(f"连不上数据库：{reason}；请检查连接串和网络") from error
    with connection:
        connection.read_only = True
        yield connection


def column_names(connection: psycopg.Connection) -> tuple[str, ...]:
    """The columns of the table ``enterprises``; EngineError if there is none."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND table_schema = ANY (current_schemas(false))",
        (TABLE,),
    ).fetchall()
    if not found:
        raise EngineError(
            f"数据库里没有 {TABLE} 表或视图；请按 docs/how-to/own-warehouse.md 建好"
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

    with TemporaryFile(dir=out.parent) as spooled:
        try:
            with connection.cursor().copy(copy.encode()) as stream:
                for block in stream:
                    spooled.write(block)
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise EngineError(f"PostgreSQL 没有算成：{reason}") from error
        except OSError as error:
            raise storing.unwritable(out, error) from error
        spooled.seek(0)
        return storing.write_table(out, schema, _tables(spooled, schema), manifest).rows


def _kind(name: str) -> pa.DataType:
    amounts = ("_low", "_high", "__short")
    return AMOUNT if name.endswith(amounts) else pa.string()


def _tables(spooled: object, schema: pa.Schema) -> Iterator[pa.Table]:
    try:
        reader = csv.open_csv(
            spooled,
            read_options=csv.ReadOptions(column_names=schema.names),
            convert_options=csv.ConvertOptions(
                column_types=schema,
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:  # no rows at all
        return
    for batch in reader:
        yield pa.Table.from_batches([batch])
