"""Copies of the database, consistent while it is written to, one way for each kind.

SQLite is copied whole by its online backup interface. PostgreSQL's tables are copied
one by one by ``COPY`` in one snapshot, which needs no program beside Tidu (``pg_dump``
of the server's version is seldom where the pages run); the tables themselves are made
again by the migrations that the backup names.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tidu.cli.archives import ArchiveError

FOLDER = "database/"
SQLITE_COPY = FOLDER + "tidu.sqlite3.gz"
SQLITE_FILE = "tidu.sqlite3"
_QUEUE = "huey_"  # waiting jobs: their tables are not ours, and not of the record
_LEVEL = 3  # of gzip: half the bytes for a tenth of the time
_PIECE = 1 << 20
_CHAIN = "SELECT number, digest FROM audit_chainhead"


@dataclasses.dataclass(frozen=True, slots=True)
class Copy:
    """A copied database: files by member name, and what the manifest says of it."""

    files: dict[str, Path]
    about: dict[str, Any]


def copy_database(folder: Path) -> Copy:
    """Copy the installation's database as it is at this moment into a folder."""
    if connection.vendor == "postgresql":
        return _copy_postgres(folder)
    return _copy_sqlite(folder)


def restore_sqlite(home: Path, about: dict[str, Any]) -> None:
    """Unpack the copied SQLite file of an unpacked archive, and compare its rows.

    It gets its name last: a home that was only half restored has no database.
    """
    part, target = home / ".tidu.sqlite3.part", home / SQLITE_FILE
    part.touch(mode=0o600)
    with gzip.open(home / SQLITE_COPY, "rb") as packed, part.open("wb") as file:
        shutil.copyfileobj(packed, file, _PIECE)
    part.rename(target)
    shutil.rmtree(home / FOLDER)
    _compare(about)


def restore_postgres(home: Path, about: dict[str, Any]) -> None:
    """Fill the empty PostgreSQL database from an unpacked archive: all or nothing."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        executor = MigrationExecutor(connection)
        executor.migrate(_newest(executor, about["migrations"]))
        cursor.execute(f"TRUNCATE {', '.join(map(quote, about['tables']))} CASCADE")
        for table, columns in about["columns"].items():
            listed = ", ".join(map(quote, columns))
            statement = f"COPY {quote(table)} ({listed}) FROM STDIN"
            with (
                gzip.open(home / _member(table), "rb") as file,
                cursor.copy(statement) as written,
            ):
                while piece := file.read(_PIECE):
                    written.write(piece)
        for name, last in about["sequences"].items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [quote(name), last])
        _compare(about)
    shutil.rmtree(home / FOLDER)


def _compare(about: dict[str, Any]) -> None:
    """Refuse a database that does not hold what the manifest says."""
    expected = about["tables"]
    found = counts_of(list(expected))
    wrong = [name for name, rows in expected.items() if found[name] != rows]
    if chain_head() != about["chain"]:
        wrong.append("审计链")
    if wrong:
        raise ArchiveError(
            f"恢复出来的数据与清单不符（{'、'.join(wrong)}）；请保留备份，联系维护者"
        )


def counts_of(tables: list[str]) -> dict[str, int]:
    """Rows of tables of the installation's database."""
    quote = connection.ops.quote_name
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608 - our own names
            found[table] = int(cursor.fetchone()[0])
    return found


def chain_head() -> list[Any] | None:
    """Number and digest of the newest audit event, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN)
        row = cursor.fetchone()
    return list(row) if row else None


def is_empty() -> bool:
    """Whether the database holds no table, but for those of waiting jobs."""
    return not _our_tables()


def _copy_sqlite(folder: Path) -> Copy:
    source = Path(settings.DATABASES["default"]["NAME"])
    if not source.is_file():
        raise ArchiveError(
            f"{source} 还没有数据库；请核对 TIDU_HOME，或先运行 tidu serve"
        )
    plain = folder / SQLITE_FILE
    try:
        with (
            contextlib.closing(
                sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)
            ) as old,
            contextlib.closing(sqlite3.connect(plain)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            about = _examined(new)
    except sqlite3.OperationalError:
        raise  # locked, or no room: nothing is said of what the file holds
    except sqlite3.DatabaseError as error:
        raise ArchiveError(
            f"{source} 已损坏（{error}）；请不要再写入，用最近一份完好的备份恢复"
        ) from error
    packed = folder / "tidu.sqlite3.gz"
    with plain.open("rb") as file, _packed(packed) as written:
        shutil.copyfileobj(file, written, _PIECE)
    plain.unlink()
    return Copy({SQLITE_COPY: packed}, about)


def _examined(copied: sqlite3.Connection) -> dict[str, Any]:
    """What the manifest says of a copy, after the copy itself was examined.

    Raises sqlite3.DatabaseError where the examination finds a fault.
    """
    (verdict,) = copied.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    names = [
        name
        for (name,) in copied.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE"
            " 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'registry\\_search\\_%'"
            " ESCAPE '\\' ORDER BY name"
        )
    ]
    return {
        "kind": "sqlite",
        "version": sqlite3.sqlite_version,
        "migrations": _grouped(
            copied.execute("SELECT app, name FROM django_migrations").fetchall()
        ),
        "tables": {
            name: copied.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - our own names
            for name in names
        },
        "chain": _first(copied.execute(_CHAIN).fetchone()),
    }


def _copy_postgres(folder: Path) -> Copy:
    quote = connection.ops.quote_name
    files, columns, rows = {}, {}, {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        names = _our_tables()
        if "django_migrations" not in names:
            raise ArchiveError("数据库里还没有表；请核对 DATABASE_URL")
        for table in names:
            columns[table] = _columns(cursor, table)
            path = folder / f"{table}.copy.gz"
            listed = ", ".join(map(quote, columns[table]))
            with (
                _packed(path) as file,
                cursor.copy(f"COPY {quote(table)} ({listed}) TO STDOUT") as read,
            ):
                for piece in read:
                    file.write(bytes(piece))
            files[_member(table)] = path
        rows = counts_of(names)
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        about = {
            "kind": "postgresql",
            "version": version,
            "migrations": _grouped(MigrationRecorder(connection).applied_migrations()),
            "tables": rows,
            "columns": columns,
            "sequences": _sequences(cursor, set(names)),
            "chain": chain_head(),
        }
    return Copy(files, about)


def _our_tables() -> list[str]:
    names = connection.introspection.table_names()
    return sorted(name for name in names if not name.startswith(_QUEUE))


def _columns(cursor: Any, table: str) -> list[str]:
    """A table's columns in order, without those that the database works out itself."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _sequences(cursor: Any, tables: set[str]) -> dict[str, int]:
    """The sequences of tables that were used, with the last number each gave."""
    cursor.execute(
        "SELECT s.sequencename, s.last_value, t.relname FROM pg_sequences s"
        " JOIN pg_class c ON c.oid = quote_ident(s.sequencename)::regclass"
        " JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i')"
        " JOIN pg_class t ON t.oid = d.refobjid"
        " WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL",
        [],
    )
    return {name: last for name, last, table in cursor.fetchall() if table in tables}


def _newest(
    executor: MigrationExecutor, applied: dict[str, list[str]]
) -> list[tuple[str, str]]:
    """The last migrations among those applied: the state that the tables had."""
    graph = executor.loader.graph
    nodes = {(app, name) for app, names in applied.items() for name in names}
    known = nodes & graph.nodes.keys()  # squashed ones stand for those they replaced
    return sorted(
        node
        for node in known
        if not any(
            child.key in known and child.key[0] == node[0]
            for child in graph.node_map[node].children
        )
    )


def _member(table: str) -> str:
    return f"{FOLDER}{table}.copy.gz"


@contextlib.contextmanager
def _packed(path: Path) -> Iterator[gzip.GzipFile]:
    with path.open("wb") as file, gzip.GzipFile("", "wb", _LEVEL, file, 0) as packed:
        yield packed


def _grouped(applied: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        found.setdefault(app, []).append(name)
    return found


def _first(row: Any) -> list[Any] | None:
    return list(row) if row else None
