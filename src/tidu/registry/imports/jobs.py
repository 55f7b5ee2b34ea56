"""The jobs of imports: check, commit, undo; each can die and be taken up again.

A run marks the import as its own (``worker``) and says with every chunk that it is
alive (``touched_at``). One that has been silent for two minutes is taken for dead:
another run takes over, and whatever the first still tries is refused.
"""

from __future__ import annotations

import datetime
import logging
import time
import uuid
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from tidu.accounts.actors import SYSTEM, Actor
from tidu.accounts.models import Membership
from tidu.audit.actions import record
from tidu.intake import Problem, UnreadableFile
from tidu.intake.problems import ERROR
from tidu.registry.asked_language import language_of
from tidu.registry.enums import RUNNING, ImportState
from tidu.registry.import_models import ImportBatch, ImportDecision
from tidu.registry.imports.checking import Check
from tidu.registry.imports.committing import CHUNK, undo_chunk, write_chunk
from tidu.registry.imports.files import prepared_path
from tidu.registry.imports.prepared import Line, read_lines, write_lines
from tidu.registry.imports.reports import write_report
from tidu.registry.models import Filing

SILENCE = datetime.timedelta(minutes=2)
SHOWN = 200  # problems kept for the page; all are in the report
_BEAT = 5000  # rows between two signs of life while a file is read
_PAUSE = 0.01  # seconds between chunks, for others who wait to write
_log = logging.getLogger(__name__)


class Superseded(Exception):
    """Another run has taken the job over; this one stops."""


@db_task()  # type: ignore[untyped-decorator]
def run_import(pk: int) -> None:
    """Do what the import's state asks for, unless a living run is at it."""
    worker = _claim(pk)
    if worker is None:
        return
    batch = ImportBatch.objects.select_related("organisation", "blob").get(pk=pk)
    with language_of(batch.summary):
        _run(batch, worker)


def _run(batch: ImportBatch, worker: str) -> None:
    pk = batch.pk
    try:
        match batch.state:
            case ImportState.CHECKING:
                check(batch, worker)
            case ImportState.COMMITTING:
                commit(batch, worker)
            case ImportState.UNDOING:
                undo(batch, worker)
    except Superseded:
        return
    except UnreadableFile as error:
        _stop(pk, worker, ImportState.UNREADABLE, str(error))
    except Exception as error:  # noqa: BLE001 - the page must not say that it runs
        _log.exception("import %s", pk)
        said = _("程序出错，没有完成（{error}）；已处理的部分已保存，可以重新执行")
        _stop(pk, worker, ImportState.FAILED, said.format(error=type(error).__name__))


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def resume_imports() -> None:
    """Take up imports whose run has died."""
    for pk in stalled_imports():
        run_import(pk)


def stalled_imports() -> list[int]:
    """Imports that should be running, and of which nothing has been heard."""
    silent = Q(touched_at=None) | Q(touched_at__lt=timezone.now() - SILENCE)
    found = ImportBatch.objects.filter(silent, state__in=RUNNING)
    return list(found.values_list("pk", flat=True))


def check(batch: ImportBatch, worker: str) -> None:
    """Read the file, sort its rows, keep the lines that a commit will write."""
    last = 0.0

    def beat(done: int, total: int) -> None:
        nonlocal last
        if done % _BEAT and time.monotonic() - last < 1:
            return
        last = time.monotonic()
        mine = ImportBatch.objects.filter(pk=batch.pk, worker=worker)
        if not mine.update(done=done, rows=total, touched_at=timezone.now()):
            raise Superseded

    found = Check(batch, beat)
    readable = write_lines(prepared_path(batch), found.lines())
    report = write_report(batch, found)
    with transaction.atomic():
        mine = _mine(batch.pk, worker)
        mine.decisions.all().delete()
        ImportDecision.objects.bulk_create(
            [
                ImportDecision(
                    batch=mine,
                    line=each.line,
                    row=each.row.row,
                    name=each.row.name or "",
                    uscc=each.row.uscc or "",
                    candidate_id=each.candidate,
                )
                for each in found.waiting
            ],
            batch_size=500,
        )
        mine.state = ImportState.CHECKED
        mine.rows, mine.readable, mine.done = len(found.rows), readable, 0
        mine.errors = sum(p.severity == ERROR for p in found.problems)
        mine.warnings = len(found.problems) - mine.errors
        mine.new, mine.known = found.counts.new, found.counts.known
        mine.summary |= {
            "waiting": found.counts.waiting,
            "changed": found.counts.changed,
            "added": found.counts.added,
            "blank": found.intake.blank,
            "left_out": found.intake.left_out,
            "readings": found.intake.readings[:SHOWN],
            "problems": [_kept(each) for each in _worst_first(found.problems)],
        }
        mine.report, mine.message, mine.worker = report, "", ""
        mine.save()


def commit(batch: ImportBatch, worker: str) -> None:
    """Write the prepared lines, from the first that is not yet written."""
    path = prepared_path(batch)
    if not path.exists():  # made again from the kept file, to the same lines
        silent = Check(batch, lambda _done, _total: None)
        write_lines(path, silent.lines())
    by = actor_of(batch)
    lines = read_lines(path, batch.done)
    for some in _chunks(lines):
        with transaction.atomic():
            mine = _mine(batch.pk, worker)
            written = write_chunk(mine, some, by)
            mine.done += len(some)
            mine.touched_at = timezone.now()
            for name in ("entered", "updated", "left"):
                mine.summary[name] = mine.summary.get(name, 0) + getattr(written, name)
            mine.save(update_fields=["done", "touched_at", "summary"])
        time.sleep(_PAUSE)
    with transaction.atomic():
        mine = _mine(batch.pk, worker)
        mine.state, mine.committed_at = ImportState.COMMITTED, timezone.now()
        mine.worker = mine.message = ""
        mine.save()
        _tell("registry.import_committed", mine, by, ("entered", "updated", "left"))


def undo(batch: ImportBatch, worker: str) -> None:
    """Take back every filing of the import that is still there."""
    taken = 1
    while taken:
        with transaction.atomic():
            mine = _mine(batch.pk, worker)
            taken = undo_chunk(mine)
            mine.done += taken
            mine.touched_at = timezone.now()
            mine.save(update_fields=["done", "touched_at"])
        time.sleep(_PAUSE)
    with transaction.atomic():
        mine = _mine(batch.pk, worker)
        mine.state, mine.worker, mine.message = ImportState.UNDONE, "", ""
        mine.summary["closed"] = mine.entered.filter(closed_at=mine.undone_at).count()
        mine.save()
        _tell("registry.import_undone", mine, actor_of(mine), ("closed",))
    prepared_path(batch).unlink(missing_ok=True)


def actor_of(batch: ImportBatch) -> Actor:
    """Who asked for the job that runs."""
    number = batch.summary.get("membership")
    members = Membership.objects.select_related("user", "organisation")
    found = members.filter(pk=number).first() if number else None
    return Actor(found.user, found) if found else SYSTEM


def filed_by(batch: ImportBatch) -> int:
    """How many filings of an import are in force."""
    return Filing.objects.filter(batch=batch, withdrawn_at=None).count()


def _claim(pk: int) -> str | None:
    """The mark of this run, where the job is free; None where somebody is at it."""
    worker = str(uuid.uuid4())
    now = timezone.now()
    free = Q(worker="") | Q(touched_at=None) | Q(touched_at__lt=now - SILENCE)
    mine = ImportBatch.objects.filter(free, pk=pk, state__in=RUNNING)
    return worker if mine.update(worker=worker, touched_at=now) else None


def _mine(pk: int, worker: str) -> ImportBatch:
    """The import, locked; Superseded where another run has it."""
    locked = ImportBatch.objects.select_for_update(of=("self",))
    mine = locked.select_related("organisation").filter(pk=pk, worker=worker).first()
    if mine is None:
        raise Superseded
    return mine


def _stop(pk: int, worker: str, state: ImportState, message: str) -> None:
    with transaction.atomic():
        mine = ImportBatch.objects.select_for_update().filter(pk=pk, worker=worker)
        for batch in mine:
            batch.summary["job"] = batch.state
            batch.state, batch.message, batch.worker = state, message, ""
            batch.save()


def _tell(action: str, batch: ImportBatch, by: Actor, counted: tuple[str, ...]) -> None:
    record(
        action=action,
        by=by,
        about=batch,
        territory=batch.organisation.territory,
        data={
            "file": batch.file_name,
            "sha256": batch.blob.sha256,
            **{name: batch.summary.get(name, 0) for name in counted},
        },
    )


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while some := list(islice(lines, CHUNK)):
        yield some


def _worst_first(problems: list[Problem]) -> list[Problem]:
    """What the page shows: the errors, then warnings, each in the file's order."""
    return sorted(problems, key=lambda each: each.severity != ERROR)[:SHOWN]


def _kept(problem: Problem) -> dict[str, object]:
    """A problem as the page takes it again: ``Problem(**kept)``."""
    return {name: getattr(problem, name) for name in _PROBLEM_FIELDS}


_PROBLEM_FIELDS = (
    "severity",
    "file",
    "sheet",
    "row",
    "column",
    "cell",
    "text",
    "what",
    "remedy",
    "values",
)
