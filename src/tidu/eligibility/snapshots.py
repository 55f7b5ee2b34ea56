"""The registry as a table for ``tidu.bulk``: one dated Parquet file a territory.

An authority simulates on its own territory only, so each has a snapshot of its own.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from tidu.bulk.arrow_types import arrow_schema
from tidu.bulk.columns import Column, columns_for
from tidu.bulk.manifest import SNAPSHOT, Manifest, new_manifest
from tidu.bulk.snapshot import YEARS_BACK, TooBig, stored
from tidu.bulk.storing import switch_live, write_table
from tidu.registry.fact_values import from_json
from tidu.registry.models import Enterprise
from tidu.registry.queries import in_scope
from tidu.rules.library import default_library

BATCH = 5000  # firms of one row group
SILENCE = 120.0  # seconds after which a job that says nothing is taken for dead
_CURRENT = "current.parquet"
_MAKING = "making.json"


def snapshot_of(scope: str) -> Path | None:
    """The newest snapshot of a territory, if there is one."""
    path = _folder(scope) / _CURRENT
    return path if path.exists() else None


def making(scope: str) -> tuple[int, int] | None:
    """How many firms a living job has written, and of how many; None without one."""
    try:
        found = json.loads((_folder(scope) / _MAKING).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    alive = time.time() - found["at"] < SILENCE
    return (found["done"], found["rows"]) if alive else None


def announce(scope: str, done: int, rows: int) -> None:
    """Say how far a job is, for the page that waits for it."""
    folder = _folder(scope)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps({"done": done, "rows": rows, "at": time.time()})
    (folder / _MAKING).write_text(text, encoding="ascii")


def write_snapshot(scope: str, *, on: datetime.date | None = None) -> Path:
    """Write the open enterprises of a territory and switch to the new table.

    Figures of years that no rule asks for any more, and figures too large for their
    columns, stay unknown in it.
    """
    day = on or timezone.localdate()
    library = default_library()
    columns = columns_for(library.facts, range(day.year - YEARS_BACK, day.year + 1))
    schema = arrow_schema(columns)
    manifest = new_manifest(SNAPSHOT, library.national, columns, sources=(), as_of=day)
    folder = _folder(scope)
    announce(scope, 0, 0)
    try:
        part = folder / "enterprises.parquet"
        manifest = write_table(
            part, schema, _tables(scope, columns, schema), manifest, named=_named
        )
        path = _named(part, manifest)
        switch_live(folder / _CURRENT, path)
        for old in folder.glob("enterprises-*.parquet"):
            if old != path:
                old.unlink(missing_ok=True)
    finally:
        (folder / _MAKING).unlink(missing_ok=True)
    return path


def _named(path: Path, manifest: Manifest) -> Path:
    name = f"{path.stem}-{manifest.as_of}-{manifest.sha256[:12]}{path.suffix}"
    return path.with_name(name)


def _tables(
    scope: str, columns: tuple[Column, ...], schema: pa.Schema
) -> Iterator[pa.Table]:
    firms = in_scope(
        Enterprise.objects.filter(merged_into=None, closed_at=None), scope
    ).order_by("pk")
    total = firms.count()
    rows = firms.values_list("uscc", "name", "territory", "current__entries")
    by_key = {column.key: column for column in columns}
    batch: list[dict[str, Any]] = []
    for done, row in enumerate(rows.iterator(chunk_size=BATCH), start=1):
        batch.append(_line(row, by_key))
        if len(batch) == BATCH or done == total:
            yield pa.Table.from_pylist(batch, schema=schema)
            batch = []
            announce(scope, done, total)
    if batch or not total:
        yield pa.Table.from_pylist(batch, schema=schema)


def _line(row: tuple[Any, ...], columns: dict[str, Column]) -> dict[str, Any]:
    uscc, name, territory, entries = row
    line: dict[str, Any] = {"uscc": uscc, "name": name, "territory": territory}
    for key, entry in (entries or {}).items():
        column = columns.get(key)
        value = entry.get("value")
        if column is None or value is None:
            continue
        try:
            found, _nudged = stored(column.fact, from_json(value, column.fact.type))
        except (TooBig, ValueError):
            continue
        line[column.name] = found
    return line


def _folder(scope: str) -> Path:
    home: Path = settings.HOME
    return home / "snapshots" / (scope or "all")
