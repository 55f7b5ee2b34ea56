"""Insert very many rows at once, with ids known beforehand.

``bulk_create`` spends most of its time on the SQL of each row's fields: half of the
370,000-row import (benchmarks/import_registry.py). Here the statement is made once, and
values are given as the database takes them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for rows that are about to be inserted, inside the writing transaction.

    PostgreSQL takes them from the table's sequence; SQLite, where nobody else writes
    until the transaction ends, from the number of the last row.
    """
    table = model._meta.db_table  # noqa: SLF001 - Django's documented API
    if not connection.in_atomic_block:
        raise RuntimeError("ids are reserved inside the transaction that uses them")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                " FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        start = last[0] + 1 if last else 1
        return list(range(start, start + count))


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of values as ``as_json`` and ``as_time`` give them, or plain ones."""
    meta = model._meta  # noqa: SLF001 - Django's documented API
    quote = connection.ops.quote_name
    known = {each.name: str(each.column) for each in meta.concrete_fields}
    columns = [quote(known[name]) for name in fields]
    values = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO {quote(meta.db_table)} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def as_json(value: Any) -> Any:
    """A value of a JSON field as the database takes it."""
    return connection.ops.adapt_json_value(value, None)


def as_time(value: datetime.datetime) -> Any:
    """A time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(value)
