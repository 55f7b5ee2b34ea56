"""Writes of a round: open, take files back, remind, note whom to call, close."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.registry.collecting.contact_lists import ContactRow
from tidu.registry.collecting.permissions import may_work_on_round, round_is_open
from tidu.registry.collection_models import (
    CollectionFirm,
    CollectionReturn,
    CollectionRound,
    EnterpriseContact,
    Reminder,
)
from tidu.registry.enums import FilingSource
from tidu.registry.guards import import_may_be_committed
from tidu.registry.import_models import ImportBatch
from tidu.registry.imports.actions import check_import, commit_import, upload_import
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_import
from tidu.rules.errors import TiduError

MOST_FIRMS = 20_000
_BATCH = 500


class RoundTooLarge(TiduError):
    """More firms than one round can be run with, or none at all."""


@transaction.atomic
def open_round(
    *,
    firms: models.QuerySet[Enterprise],
    title: str,
    schemes: Sequence[str],
    on: datetime.date,
    due: datetime.date,
    by: Actor,
    **words: str,
) -> CollectionRound:
    """Ask these firms, as they are now, for the figures that schemes need on a day.

    ``words``: filters, hand_in, contact_name, contact_phone. Raises RoundTooLarge for
    no firm and for more than MOST_FIRMS.
    """
    may_import(by).or_refuse()
    assert by.organisation is not None
    assert by.user is not None
    ids = list(firms.order_by("pk").values_list("pk", flat=True)[: MOST_FIRMS + 1])
    if not ids:
        raise RoundTooLarge(_("按这个范围一家企业也没有；请换一个范围"))
    if len(ids) > MOST_FIRMS:
        said = _("超过 {most} 家；请先在企业库筛选，分几次收集")
        raise RoundTooLarge(said.format(most=MOST_FIRMS))
    opened = CollectionRound.objects.create(
        organisation=by.organisation,
        title=title,
        schemes=list(schemes),
        on=on,
        due=due,
        opened_by=by.user,
        opened_at=timezone.now(),
        **words,
    )
    CollectionFirm.objects.bulk_create(
        (CollectionFirm(round=opened, enterprise_id=pk) for pk in ids),
        batch_size=_BATCH,
    )
    _tell("opened", opened, by, schemes=list(schemes), firms=len(ids))
    return opened


def take_back(
    *,
    opened: CollectionRound,
    file: BinaryIO,
    file_name: str,
    source: FilingSource,
    by: Actor,
) -> ImportBatch:
    """Take in one returned file as an import of the round, and check it as a job.

    Nothing is written to the registry before the import is committed. Raises
    UnreadableFile.
    """
    may_work_on_round(by, opened).or_refuse()
    round_is_open(opened).or_refuse()
    batch = upload_import(
        file=file,
        file_name=file_name,
        source=source,
        on=opened.on,
        territory=opened.organisation.territory,
        by=by,
    )
    with transaction.atomic():
        CollectionReturn.objects.create(round=opened, batch=batch)
        _tell("returned", opened, by, file=batch.file_name)
    check_import(batch=batch, choices=batch.columns or {}, by=by)
    return batch


def commit_clean(*, opened: CollectionRound, by: Actor) -> int:
    """Commit every returned file that has neither errors nor open decisions."""
    may_work_on_round(by, opened).or_refuse()
    count = 0
    for each in opened.returns.select_related("batch"):
        batch = each.batch
        clean = not batch.errors and not batch.summary.get("waiting")
        if clean and import_may_be_committed(batch):
            commit_import(batch=batch, by=by)
            count += 1
    return count


@transaction.atomic
def remind(
    *,
    opened: CollectionRound,
    firms: models.QuerySet[CollectionFirm],
    on: datetime.date,
    note: str,
    by: Actor,
) -> int:
    """Record that firms of a round were reminded; how many."""
    may_work_on_round(by, opened).or_refuse()
    round_is_open(opened).or_refuse()
    ids = list(firms.filter(round=opened).values_list("pk", flat=True))
    Reminder.objects.bulk_create(
        (Reminder(firm_id=pk, on=on, note=note, made_by=by.name) for pk in ids),
        batch_size=_BATCH,
    )
    if ids:
        _tell("reminded", opened, by, on=on.isoformat(), firms=len(ids), note=note)
    return len(ids)


@transaction.atomic
def note_contact(
    *, opened: CollectionRound, firm: Enterprise, name: str, phone: str, by: Actor
) -> None:
    """Record whom to call at an enterprise; replaces who was noted before."""
    may_work_on_round(by, opened).or_refuse()
    _note(firm.pk, name, phone, by)
    _tell("contact_noted", opened, by, enterprise=firm.pk)


@transaction.atomic
def note_contacts(
    *, opened: CollectionRound, rows: Sequence[ContactRow], by: Actor
) -> tuple[int, list[str]]:
    """Record contacts from a list: how many, and the names that are not in the round.

    A row is matched by code, else by its name as written; never by likeness.
    """
    may_work_on_round(by, opened).or_refuse()
    firms = opened.firms.values_list(
        "enterprise", "enterprise__uscc", "enterprise__name"
    )
    codes: dict[str, int] = {}
    names: dict[str, list[int]] = {}
    for pk, code, name in firms:
        if code:
            codes[code] = pk
        names.setdefault(name, []).append(pk)
    noted, strange = 0, []
    for row in rows:
        same_name = names.get(row.name, [])
        by_name = same_name[0] if len(same_name) == 1 else None
        found = codes.get(row.uscc) if row.uscc else by_name
        if found is None:
            strange.append(row.name or row.uscc)
        else:
            _note(found, row.person, row.phone, by)
            noted += 1
    _tell("contacts_noted", opened, by, noted=noted, strange=len(strange))
    return noted, strange


@transaction.atomic
def close_round(*, opened: CollectionRound, by: Actor) -> None:
    """End a round; its chase list stays as it was on that day."""
    may_work_on_round(by, opened).or_refuse()
    round_is_open(opened).or_refuse()
    assert by.user is not None
    opened.closed_at, opened.closed_by = timezone.now(), by.user
    opened.save(update_fields=["closed_at", "closed_by"])
    _tell("closed", opened, by)


def _note(pk: int, name: str, phone: str, by: Actor) -> None:
    EnterpriseContact.objects.update_or_create(
        enterprise_id=pk,
        defaults={"name": name[:50], "phone": phone[:30], "noted_by": by.name},
    )


def _tell(what: str, opened: CollectionRound, by: Actor, **data: Any) -> None:
    record(
        action=f"registry.collection_{what}",
        by=by,
        about=opened,
        territory=opened.organisation.territory,
        data=data,
    )
