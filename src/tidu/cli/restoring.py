"""``tidu restore``: a backup becomes an installation again, or nothing is written."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import tidu
from tidu.cli import archives
from tidu.cli.site import SiteError, prepare, start_django

HOME_VARIABLE = "TIDU_HOME"
DATABASE_VARIABLE = "DATABASE_URL"


def restore(archive: Path, home: Path) -> int:
    """Restore an archive into an empty home and examine it; the doctor's exit code.

    The whole archive is read and compared first. A home that holds something, a
    database with tables, a damaged archive or one of a newer program is refused, and
    nothing is left behind.
    """
    home = home.absolute()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise SiteError(f"{home} 不是空的；恢复从不覆盖，请换一个空文件夹")
    manifest = archives.examine(archive)
    about = manifest.about
    _refuse_newer(archive, about["tidu"])
    kind = about["database"]["kind"]
    _refuse_other_database(kind)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        archives.unpack(archive, home)
        os.environ[HOME_VARIABLE] = str(home)
        start_django()
        _load(kind, home, about["database"])
        prepare()
    except BaseException as error:
        _empty(home)
        if isinstance(error, OSError):
            reason = error.strerror or error
            what = f"没有恢复（{reason}）；请检查 {home} 的空间和权限后再运行一次"
            raise SiteError(what) from error
        raise
    return _report(archive, home, about)


def _load(kind: str, home: Path, about: dict[str, Any]) -> None:
    from tidu.cli import table_copies  # noqa: PLC0415 - app ready

    _refuse_unknown(about["migrations"])
    if kind == "sqlite":
        table_copies.restore_sqlite(home, about)
        return
    if not table_copies.is_empty():
        raise SiteError(
            f"{DATABASE_VARIABLE} 指的数据库不是空的；恢复从不覆盖，请新建一个空库"
        )
    table_copies.restore_postgres(home, about)


def _empty(home: Path) -> None:
    """Take away what was written into a home that was empty before."""
    for path in home.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _report(archive: Path, home: Path, about: dict[str, Any]) -> int:
    """Say what was restored, and let the doctor look."""
    from tidu.cli import doctoring  # noqa: PLC0415 - app ready

    rows = sum(about["database"]["tables"].values())
    made = datetime.datetime.fromisoformat(about["made_at"]).astimezone()
    sys.stdout.write(
        f"已从 {archive} 恢复到 {home}：{made:%Y-%m-%d %H:%M:%S} 的数据，"
        f"{rows}行，与清单一致\n启动：TIDU_HOME={home} tidu serve\n"
    )
    if not about["secret"]:
        sys.stdout.write("备份里没有密钥：请设回原来的 TIDU_SECRET_KEY\n")
    return doctoring.examine()


def _refuse_newer(archive: Path, version: str) -> None:
    if _numbers(version) > _numbers(tidu.__version__):
        raise SiteError(
            f"{archive} 由更新的 tidu {version} 写成，本机是 {tidu.__version__}；"
            f"请先升级 tidu，再恢复"
        )


def _refuse_unknown(migrations: dict[str, list[str]]) -> None:
    """Refuse tables that this program does not know: it would read them wrongly."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - app ready

    known = MigrationLoader(None, ignore_no_migrations=True)
    apps = {app for app, _name in known.disk_migrations}
    unknown = [
        f"{app}.{name}"
        for app, names in migrations.items()
        for name in names
        if app in apps and (app, name) not in known.disk_migrations
    ]
    if unknown:
        raise SiteError(
            f"备份里的数据表比本机的 tidu 新（{unknown[-1]}）；请先升级 tidu，再恢复"
        )


def _refuse_other_database(kind: str) -> None:
    url = os.environ.get(DATABASE_VARIABLE)
    if kind == "sqlite" and url:
        raise SiteError(
            f"这份备份是 SQLite 的，而 {DATABASE_VARIABLE} 指着 PostgreSQL；"
            f"请去掉 {DATABASE_VARIABLE} 再恢复"
        )
    if kind == "postgresql" and not url:
        raise SiteError(
            f"这份备份是 PostgreSQL 的；请用 {DATABASE_VARIABLE} 指明一个空的数据库"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
