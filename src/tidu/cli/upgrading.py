"""``tidu upgrade``: try it on a copy first; do it with a backup in hand."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tidu.cli import backing_up
from tidu.cli.restoring import DATABASE_VARIABLE, HOME_VARIABLE
from tidu.cli.site import SiteError, prepare, start_django


def rehearse(room: Path | None = None) -> int:
    """Upgrade a copy and say how it went; the installation itself is only read.

    Backup, restore into a temporary home (and database), migrate there, doctor; the
    copy is thrown away. ``room``: where the copy has space; None: a temporary one.
    """
    start_django()
    waiting = waiting_migrations()
    with tempfile.TemporaryDirectory(prefix="tidu-rehearsal-", dir=room) as folder:
        home = Path(folder) / "home"
        made = backing_up.back_up(Path(folder) / "rehearsal.tar")
        with _database_for_rehearsal() as url:
            ran = _restore_apart(made.path, home, url)
    lines = ran.stdout.rstrip().splitlines()
    _tell(waiting, made.rows)
    sys.stdout.write("".join(f"  {line}\n" for line in lines if not _is_path(line)))
    if ran.returncode:
        sys.stdout.write(f"  {ran.stderr.strip()}\n" if ran.stderr.strip() else "")
        sys.stdout.write("预演没有通过：先不要升级；现有的数据没有动过\n")
        return 1
    sys.stdout.write("预演通过：可以升级；现有的数据没有动过\n")
    return 0


def upgrade(output: Path) -> int:
    """Back up, migrate, examine; where that fails, say how to go back."""
    from tidu.cli import doctoring  # noqa: PLC0415 - app ready

    start_django()
    waiting = waiting_migrations()
    made = backing_up.back_up(output)
    backing_up.print_made(made)
    _tell(waiting, made.rows)
    try:
        prepare()
        code = doctoring.examine()
    except Exception as error:
        raise SiteError(
            f"升级没有完成（{error}）；退回：用原来版本的 tidu restore {made.path} "
            f"--into 一个空文件夹，再从那里启动"
        ) from error
    if code:
        sys.stdout.write(f"要退回，请用原来版本的 tidu restore {made.path}\n")
    return code


def waiting_migrations() -> list[str]:
    """What this program will change in the tables: ``registry.0003_officer``, …"""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise SiteError(
            f"数据库连不上（{error}）；请核对 {DATABASE_VARIABLE}"
        ) from error
    return [f"{migration.app_label}.{migration.name}" for migration, _back in plan]


@contextlib.contextmanager
def _database_for_rehearsal() -> Iterator[str]:
    """The address of an empty database for the copy; empty text for SQLite."""
    if connection.vendor != "postgresql":
        yield ""
        return
    name = f"tidu_rehearsal_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
        except DatabaseError as error:
            raise SiteError(
                "数据库账户不能新建数据库，预演不了；请让数据库管理员建一个空库，"
                f"用 {DATABASE_VARIABLE} 指着它运行 tidu restore 备份 --into 空文件夹"
            ) from error
    try:
        parts = urlsplit(os.environ[DATABASE_VARIABLE])
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        connection.close()  # the one from before may have been cut in all that time
        with connection.cursor() as cursor:
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def _restore_apart(
    archive: Path, home: Path, url: str
) -> subprocess.CompletedProcess[str]:
    """Restore in a process of its own, whose settings name the copy alone."""
    environment = {**os.environ, HOME_VARIABLE: str(home)}
    if url:
        environment[DATABASE_VARIABLE] = url
    command = [sys.executable, "-m", "tidu.cli.main", "restore", str(archive)]
    return subprocess.run(  # noqa: S603 - this program itself
        [*command, "--into", str(home)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _tell(waiting: list[str], rows: int) -> None:
    if waiting:
        sys.stdout.write(f"要更新的数据表（{len(waiting)}处）：{'、'.join(waiting)}\n")
    else:
        sys.stdout.write("数据表已是最新，没有要更新的\n")
    sys.stdout.write(f"副本：{rows}行\n")


def _is_path(line: str) -> bool:
    """Lines that name the copy's folder help nobody: it is gone."""
    return line.startswith(("启动：", "已从 ", "✓ 配置"))
