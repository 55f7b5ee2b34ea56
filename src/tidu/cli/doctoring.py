"""``tidu doctor``: is this installation well, and if not, what to do."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
import sys
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tidu.cli.site import start_django
from tidu.rules.errors import PackError
from tidu.rules.library import default_library

WELL, WARNED, ILL = "✓", "!", "✕"
MOST_SECONDS_APART = 5
LEAST_DISK = 2 * 1024**3  # bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one examination found; ``remedy`` is empty where all is well."""

    state: str
    what: str
    remedy: str = ""


def examine() -> int:
    """Examine everything and print a line each; 1 where something is ill."""
    start_django()
    found = [each for examination in EXAMINATIONS for each in examination()]
    for each in found:
        remedy = f"；{each.remedy}" if each.remedy else ""
        sys.stdout.write(f"{each.state} {each.what}{remedy}\n")
    ill = sum(each.state == ILL for each in found)
    warned = sum(each.state == WARNED for each in found)
    sys.stdout.write(f"共检查{len(found)}项：{ill}项有问题，{warned}项要留意\n")
    return 1 if ill else 0


def _configuration() -> Iterator[Diagnosis]:
    errors = [each for each in run_checks() if each.is_serious()]
    if errors:
        for each in errors:
            yield Diagnosis(ILL, f"配置：{each.msg}", str(each.hint or ""))
        return
    yield Diagnosis(WELL, f"配置：数据在 {settings.HOME}")
    if settings.DEBUG:
        yield Diagnosis(WARNED, "配置：开着调试", "对外使用前请去掉 TIDU_DEBUG")


def _database() -> Iterator[Diagnosis]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Diagnosis(ILL, f"数据库：连不上（{error}）", "请核对 DATABASE_URL")
        return
    if waiting:
        remedy = "请运行 python manage.py migrate，或重新启动 tidu serve"
        yield Diagnosis(ILL, f"数据表：有{len(waiting)}处没有更新", remedy)
    else:
        yield Diagnosis(WELL, f"数据表：已是最新（{connection.vendor}）")


def _clock() -> Iterator[Diagnosis]:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        there = cursor.fetchone()[0]
    if isinstance(there, str):
        there = datetime.datetime.fromisoformat(there).replace(tzinfo=datetime.UTC)
    apart = abs((there - now).total_seconds())
    if apart > MOST_SECONDS_APART or not datetime.date(2026, 1, 1) <= now.date():
        what = f"时钟：本机 {now:%Y-%m-%d %H:%M:%S}，与数据库相差{apart:.0f}秒"
        yield Diagnosis(ILL, what, "请先校准时间，期限都靠它")
    else:
        yield Diagnosis(WELL, f"时钟：{timezone.localtime():%Y-%m-%d %H:%M}")


def _disk() -> Iterator[Diagnosis]:
    free = shutil.disk_usage(settings.HOME).free
    text = f"磁盘：还剩{free / 1024**3:.1f}GB"
    if free < LEAST_DISK:
        yield Diagnosis(WARNED, text, "不足2GB时导入和备份可能写不完，请清理")
    else:
        yield Diagnosis(WELL, text)


def _packs() -> Iterator[Diagnosis]:
    try:
        library = default_library()
    except PackError as error:
        yield Diagnosis(ILL, f"政策包：{error}")
        return
    for pack in (library.national, *library.provinces.values()):
        yield Diagnosis(WELL, f"政策包：{pack.title.chinese}（{pack.digest[:12]}）")


def _trail() -> Iterator[Diagnosis]:
    from tidu.audit.queries import check_chain  # noqa: PLC0415 - app ready

    found = check_chain()
    if found.whole:
        yield Diagnosis(WELL, f"审计链：{found.events}条，完整")
        return
    where = f"第{found.broken}条被改过" if found.broken else "末尾缺了记录"
    yield Diagnosis(ILL, f"审计链：{where}", "请保存现场，用备份核对")


def _evidence() -> Iterator[Diagnosis]:
    from tidu.registry.models import Blob  # noqa: PLC0415 - app ready

    missing, count = [], 0
    for digest, size in Blob.objects.values_list("sha256", "size").iterator():
        count += 1
        path = settings.EVIDENCE_FOLDER / digest[:2] / digest[2:4] / digest
        if not path.is_file() or path.stat().st_size != size:
            missing.append(digest)
    if missing:
        what = f"佐证材料：{count}份，缺{len(missing)}份（如 {missing[0][:12]}）"
        yield Diagnosis(ILL, what, "请从备份里找回 evidence 文件夹")
    else:
        yield Diagnosis(WELL, f"佐证材料：{count}份，齐全")


def _static() -> Iterator[Diagnosis]:
    if (settings.STATIC_ROOT / "staticfiles.json").exists() or settings.DEBUG:
        yield Diagnosis(WELL, "网页文件：齐全")
    else:
        yield Diagnosis(WARNED, "网页文件：还没有收集", "启动 tidu serve 时会自动收集")


EXAMINATIONS: tuple[Callable[[], Iterator[Diagnosis]], ...] = (
    _configuration,
    _database,
    _clock,
    _disk,
    _packs,
    _static,
    _evidence,
    _trail,
)
