"""``tidu backup``: everything an installation owns, in one file that proves itself."""

from __future__ import annotations

import dataclasses
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import timezone

import tidu
from tidu.cli import archives
from tidu.cli.site import start_django
from tidu.cli.table_copies import copy_database
from tidu.rules.library import default_library

SECRET = "secret_key"  # noqa: S105 - the name of its file
EVIDENCE = "evidence/"


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read again."""

    path: Path
    manifest: archives.Manifest

    @property
    def rows(self) -> int:
        return sum(self.manifest.about["database"]["tables"].values())

    @property
    def evidence(self) -> int:
        return sum(name.startswith(EVIDENCE) for name in self.manifest.members)


def back_up(target: Path) -> Made:
    """Write a backup to a file, or under a name with the time into a folder.

    The database is copied first: evidence is on the disk before a row tells of it, and
    is never deleted, so each file that the copy tells of is there to be packed.
    """
    start_django()
    path = _name(target)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(
                prefix=".tidu-backup-", dir=path.parent
            ) as room,
            archives.ArchiveWriter(path) as writer,
        ):
            copied = copy_database(Path(room))
            for name, file in copied.files.items():
                writer.add(name, file)
            _add_evidence(writer)
            secret = settings.HOME / SECRET
            if secret.is_file():
                writer.add(SECRET, secret)
            writer.finish(_about(copied.about, secret=secret.is_file()))
        return Made(path, archives.examine(path))
    except OSError as error:
        reason = error.strerror or error
        raise archives.ArchiveError(
            f"备份没有写成（{reason}）；请检查 {path.parent} 的空间和权限后再运行一次"
        ) from error


def print_made(made: Made) -> None:
    """Say what is in a backup, and what is not."""
    size = made.path.stat().st_size / 1024**2
    sys.stdout.write(
        f"备份已写好并逐字节核对：{made.path}（{size:.1f}MB）\n"
        f"  数据库{made.rows}行，佐证材料{made.evidence}份\n"
    )
    if not made.manifest.about["secret"]:
        sys.stdout.write(
            "  密钥在环境变量 TIDU_SECRET_KEY 里，不在备份中，请另行保管\n"
        )
    else:
        sys.stdout.write("  备份里有密钥和全部数据，请像保管公章一样保管\n")
    sys.stdout.write("  排队中的后台任务不在备份里，恢复后请在原来的页面再发起一次\n")


def _name(target: Path) -> Path:
    if target.is_dir() or target.suffix != ".tar":
        return target / f"tidu-{timezone.localtime():%Y%m%d-%H%M%S}.tar"
    return target


def _add_evidence(writer: archives.ArchiveWriter) -> None:
    """Add every whole file of the evidence folder; names with a dot are unfinished."""
    folder: Path = settings.EVIDENCE_FOLDER
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            writer.add(EVIDENCE + path.relative_to(folder).as_posix(), path)


def _about(database: dict[str, Any], *, secret: bool) -> dict[str, Any]:
    library = default_library()
    packs = (library.national, *library.provinces.values())
    return {
        "made_at": timezone.now().isoformat(),
        "tidu": tidu.__version__,
        "python": platform.python_version(),
        "django": django.__version__,
        "packs": {each.id: each.digest for each in packs},
        "database": database,
        "secret": secret,
        "demonstration": settings.DEMONSTRATION,
    }
