"""Writes of recognition lists: upload, decide, record the titles, undo."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.registry.asked_language import note_language
from tidu.registry.enums import ListedFound, ListState, SameFirm
from tidu.registry.imports.files import keep_table
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_import
from tidu.registry.queries import in_scope
from tidu.registry.title_list_models import ListedName, TitleList
from tidu.registry.title_lists.jobs import read_names, run_list
from tidu.registry.title_lists.permissions import (
    list_is_committed,
    list_is_open,
    may_work_on_list,
)

Choice = tuple[SameFirm | str, int | None]
"""What a person chose for a row, and the enterprise where it is one of the registry."""


def upload_list(
    *,
    file: BinaryIO,
    file_name: str,
    scheme: str,
    valid_from: datetime.date,
    valid_until: datetime.date | None,
    source: str,
    by: Actor,
    batch_name: str = "",
) -> TitleList:
    """Keep a list, and compare its names with the registry as a job.

    Raises UnreadableFile with a sentence that names the file as it was uploaded.
    """
    may_import(by).or_refuse()
    assert by.organisation is not None
    assert by.user is not None
    blob, name = keep_table(file, file_name)
    titles = TitleList(
        organisation=by.organisation,
        scheme=scheme,
        valid_from=valid_from,
        valid_until=valid_until,
        batch_name=batch_name,
        source=source,
        blob=blob,
        file_name=name,
        state=ListState.MATCHING,
        uploaded_by=by.user,
        touched_at=timezone.now(),
    )
    read_names(titles)  # refuses what cannot be read
    with transaction.atomic():
        titles.save()
        _tell("uploaded", titles, by, scheme=scheme, sha256=blob.sha256)
        _soon(titles, by)
    return titles


@transaction.atomic
def decide_certain(*, titles: TitleList, by: Actor) -> int:
    """Take every certain match that nobody has decided yet; how many."""
    mine = _open(titles, by)
    waiting = list(mine.names.filter(found=ListedFound.CERTAIN, choice=""))
    now = timezone.now()
    for each in waiting:
        each.enterprise_id = each.candidates[0]["firm"]
        each.choice, each.decided_by, each.decided_at = SameFirm.SAME, by.name, now
    ListedName.objects.bulk_update(
        waiting,
        ["enterprise", "choice", "decided_by", "decided_at"],
        batch_size=200,
    )
    if waiting:
        _tell("certain_taken", mine, by, rows=[each.row for each in waiting])
    return len(waiting)


@transaction.atomic
def decide_names(*, titles: TitleList, chosen: Mapping[int, Choice], by: Actor) -> int:
    """Record whom rows mean, by the id of the row; how many changed.

    A firm outside the authority's territory, and a choice that names no firm where it
    must, are left undecided.
    """
    mine = _open(titles, by)
    wanted = {firm for _choice, firm in chosen.values() if firm}
    firms = in_scope(
        Enterprise.objects.filter(merged_into=None, closed_at=None), by.scope or ""
    )
    known = set(firms.filter(pk__in=wanted).values_list("pk", flat=True))
    changed, said = [], []
    for each in mine.names.filter(pk__in=chosen):
        choice, firm = chosen[each.pk]
        firm = firm if choice == SameFirm.SAME and firm in known else None
        choice = "" if choice == SameFirm.SAME and firm is None else choice
        if (each.choice, each.enterprise_id) == (choice, firm):
            continue
        each.choice, each.enterprise_id = choice, firm
        each.decided_by, each.decided_at = by.name, timezone.now()
        changed.append(each)
        said.append({"row": each.row, "choice": str(choice), "enterprise": firm})
    ListedName.objects.bulk_update(
        changed,
        ["enterprise", "choice", "decided_by", "decided_at"],
        batch_size=200,
    )
    if changed:
        _tell("decided", mine, by, decided=said)
    return len(changed)


@transaction.atomic
def commit_list(*, titles: TitleList, by: Actor) -> None:
    """Record the titles of every decided row, as a job."""
    mine = _open(titles, by)
    _start(mine, ListState.COMMITTING, by)


@transaction.atomic
def undo_list(*, titles: TitleList, by: Actor) -> None:
    """Take the titles of a list back, and the firms only it entered, as a job."""
    may_work_on_list(by, titles).or_refuse()
    mine = _locked(titles)
    list_is_committed(mine).or_refuse()
    mine.undone_at = timezone.now()
    _start(mine, ListState.UNDOING, by)


@transaction.atomic
def discard_list(*, titles: TitleList, by: Actor) -> None:
    """Give up a list of which nothing is recorded; the file stays kept."""
    mine = _open(titles, by)
    mine.state, mine.undone_at = ListState.UNDONE, timezone.now()
    mine.save(update_fields=["state", "undone_at"])
    _tell("discarded", mine, by)


def _open(titles: TitleList, by: Actor) -> TitleList:
    may_work_on_list(by, titles).or_refuse()
    mine = _locked(titles)
    list_is_open(mine).or_refuse()
    return mine


def _locked(titles: TitleList) -> TitleList:
    rows = TitleList.objects.select_for_update(of=("self",))
    return rows.select_related("organisation").get(pk=titles.pk)


def _start(titles: TitleList, state: ListState, by: Actor) -> None:
    titles.state, titles.touched_at, titles.message = state, timezone.now(), ""
    titles.save()
    _soon(titles, by)


def _soon(titles: TitleList, by: Actor) -> None:
    titles.summary["membership"] = by.membership.pk if by.membership else None
    note_language(titles.summary)
    titles.save(update_fields=["summary"])
    pk = titles.pk
    transaction.on_commit(lambda: run_list(pk))


def _tell(what: str, titles: TitleList, by: Actor, **data: Any) -> None:
    record(
        action=f"registry.list_{what}",
        by=by,
        about=titles,
        territory=titles.organisation.territory,
        data={"file": titles.file_name, **data},
    )
