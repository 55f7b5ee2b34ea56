"""Writes of imports: upload, say what columns mean, check, decide, commit, undo."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.accounts.verdicts import Verdict
from tidu.audit.actions import record
from tidu.registry import guards, permissions
from tidu.registry.asked_language import note_language
from tidu.registry.enums import FilingSource, ImportState, SameFirm
from tidu.registry.import_models import ImportBatch, RememberedColumns
from tidu.registry.imports.columns import (
    Choices,
    ColumnFound,
    columns_in,
    header_digest,
)
from tidu.registry.imports.files import keep_table, named_file, prepared_path
from tidu.registry.imports.jobs import filed_by, run_import
from tidu.rules.library import default_library


def upload_import(
    *,
    file: BinaryIO,
    file_name: str,
    source: FilingSource,
    on: datetime.date,
    territory: str,
    by: Actor,
) -> ImportBatch:
    """Keep a file and read its headers; nothing else of it is taken in yet.

    ``territory`` counts for rows that name none. Raises UnreadableFile with a sentence
    that names the file as it was uploaded.
    """
    permissions.may_import(by, territory).or_refuse()
    assert by.organisation is not None
    assert by.user is not None
    blob, name = keep_table(file, file_name)
    with named_file(blob, name) as path:
        found = columns_in(path, default_library().facts, on.year)
    digest = header_digest(found)
    with transaction.atomic():
        remembered = RememberedColumns.objects.filter(
            organisation=by.organisation, header_digest=digest
        ).first()
        batch = ImportBatch.objects.create(
            organisation=by.organisation,
            source=source,
            blob=blob,
            file_name=name,
            on=on,
            territory=territory,
            columns=remembered.columns if remembered else None,
            state=ImportState.UPLOADED,
            summary={
                "columns": [dataclasses.asdict(each) for each in found],
                "header_digest": digest,
                "remembered": remembered is not None,
            },
            uploaded_by=by.user,
        )
        _tell("registry.import_uploaded", batch, by, size=blob.size)
    return batch


@transaction.atomic
def check_import(*, batch: ImportBatch, choices: Choices, by: Actor) -> None:
    """Take what a person says the columns mean, remember it, and check as a job.

    ``choices`` holds every column that can be chosen; those that say what the header
    says by itself are dropped.
    """
    permissions.may_work_on_import(by, batch).or_refuse()
    mine = _locked(batch)
    guards.import_may_be_checked(mine).or_refuse()
    columns = columns_of(mine)
    own = {each.column: each.choice for each in columns}
    mine.columns = {
        text: dict(choice) for text, choice in choices.items() if choice != own[text]
    }
    RememberedColumns.objects.update_or_create(
        organisation=mine.organisation,
        header_digest=mine.summary["header_digest"],
        defaults={"columns": mine.columns},
    )
    _start(mine, ImportState.CHECKING, by)


@transaction.atomic
def decide_rows(
    *, batch: ImportBatch, decided: Mapping[int, SameFirm | str], by: Actor
) -> int:
    """Record who undecided rows are: line → what a person chose; how many changed."""
    permissions.may_work_on_import(by, batch).or_refuse()
    mine = _locked(batch)
    guards.import_may_be_checked(mine).or_refuse()
    changed = []
    for each in mine.decisions.filter(line__in=decided):
        if each.choice != decided[each.line]:
            each.choice, each.decided_by = decided[each.line], by.name
            changed.append(each)
    mine.decisions.bulk_update(changed, ["choice", "decided_by"], batch_size=200)
    return len(changed)


@transaction.atomic
def commit_import(*, batch: ImportBatch, by: Actor) -> None:
    """Write the checked rows to the registry, as a job."""
    permissions.may_work_on_import(by, batch).or_refuse()
    mine = _locked(batch)
    guards.import_may_be_committed(mine).or_refuse()
    mine.rows = mine.readable
    _start(mine, ImportState.COMMITTING, by)


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: Actor) -> None:
    """Take a whole import back, as a job: its figures and the firms only it entered."""
    permissions.may_work_on_import(by, batch).or_refuse()
    mine = _locked(batch)
    guards.import_may_be_undone(mine).or_refuse()
    mine.undone_at = timezone.now()
    mine.rows = filed_by(mine)
    _start(mine, ImportState.UNDOING, by)


@transaction.atomic
def resume_import(*, batch: ImportBatch, by: Actor) -> None:
    """Let a job that stopped go on from where it was."""
    permissions.may_work_on_import(by, batch).or_refuse()
    mine = _locked(batch)
    guards.import_may_be_resumed(mine).or_refuse()
    _start(mine, ImportState(mine.summary["job"]), by, again=True)


@transaction.atomic
def discard_import(*, batch: ImportBatch, by: Actor) -> None:
    """Give up an import of which nothing is written; the file stays kept."""
    permissions.may_work_on_import(by, batch).or_refuse()
    mine = _locked(batch)
    guards.import_may_be_discarded(mine).or_refuse()
    mine.state = ImportState.DISCARDED
    mine.save(update_fields=["state"])
    _tell("registry.import_discarded", mine, by)
    transaction.on_commit(lambda: prepared_path(mine).unlink(missing_ok=True))


def columns_of(batch: ImportBatch) -> list[ColumnFound]:
    """The columns of the file, as they were read when it was uploaded."""
    return [ColumnFound(**each) for each in batch.summary.get("columns", ())]


def may_commit(batch: ImportBatch) -> Verdict:
    """Whether the button is there."""
    return guards.import_may_be_committed(batch)


def _start(
    batch: ImportBatch, state: ImportState, by: Actor, *, again: bool = False
) -> None:
    batch.state, batch.worker, batch.touched_at = state, "", timezone.now()
    batch.message = ""
    batch.summary["membership"] = by.membership.pk if by.membership else None
    note_language(batch.summary)
    if not again:
        batch.done = 0
    batch.save()
    pk = batch.pk
    transaction.on_commit(lambda: run_import(pk))


def _locked(batch: ImportBatch) -> ImportBatch:
    rows = ImportBatch.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "blob").get(pk=batch.pk)


def _tell(action: str, batch: ImportBatch, by: Actor, **data: Any) -> None:
    record(
        action=action,
        by=by,
        about=batch,
        territory=batch.organisation.territory,
        data={"file": batch.file_name, "sha256": batch.blob.sha256, **data},
    )
