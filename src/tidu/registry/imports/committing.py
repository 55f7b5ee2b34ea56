"""Write prepared lines to the registry, and take a whole import back: chunk by chunk.

Each chunk is one transaction that also moves ``ImportBatch.done`` (or marks its filings
as withdrawn), so that a run that dies loses nothing and repeats nothing.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.utils import timezone

from tidu.accounts.actors import Actor, scope_of
from tidu.registry.current import (
    BATCH,
    entries_of_one,
    refresh_current_of,
    write_current,
)
from tidu.registry.enums import SameFirm
from tidu.registry.import_models import ImportBatch, ImportDecision
from tidu.registry.imports.known import Known, known_by_code, known_by_id
from tidu.registry.imports.prepared import Line
from tidu.registry.models import Enterprise, Filing
from tidu.registry.searching import write_search_terms

CHUNK = 1000
UNDO_REASON = "撤回导入：{file}"


@dataclasses.dataclass(slots=True)
class Written:
    """What a chunk did; rows ``left`` were not decided, or have moved away since."""

    entered: int = 0
    updated: int = 0
    left: int = 0


def write_chunk(batch: ImportBatch, lines: Sequence[Line], by: Actor) -> Written:
    """Write lines, the first being number ``batch.done``, inside a transaction."""
    written = Written()
    scope = scope_of(batch.organisation.territory)
    codes = known_by_code(line.uscc for line in lines if line.uscc)
    chosen, skipped = _decided(batch, len(lines))
    new: list[tuple[Line, Enterprise]] = []
    old: list[tuple[Line, Known]] = []
    for at, line in enumerate(lines, start=batch.done):
        known = chosen.get(at) or codes.get(line.uscc or "")
        if (line.waiting and at in skipped) or (known and not _open(known, scope)):
            written.left += 1
        elif known:
            old.append((line, known))
        else:
            new.append((line, _new_firm(batch, line)))
    now = timezone.now()
    _enter(batch, new, now, by)
    _update(batch, old, now, by)
    written.entered, written.updated = len(new), len(old)
    return written


def _decided(batch: ImportBatch, size: int) -> tuple[dict[int, Known], set[int]]:
    """Lines that are a known firm, and lines to leave out, in the next ``size``."""
    decisions = ImportDecision.objects.filter(
        batch=batch, line__gte=batch.done, line__lt=batch.done + size
    ).values_list("line", "choice", "candidate")
    same = {line: pk for line, choice, pk in decisions if choice == SameFirm.SAME}
    firms = known_by_id(same.values())
    skipped = {
        line
        for line, choice, pk in decisions
        if choice not in {SameFirm.NEW, SameFirm.SAME}
        or (choice == SameFirm.SAME and pk not in firms)
    }
    return {line: firms[pk] for line, pk in same.items() if pk in firms}, skipped


def _open(known: Known, scope: str) -> bool:
    return known.territory.startswith(scope) and (known.reopens or not known.closed)


def _new_firm(batch: ImportBatch, line: Line) -> Enterprise:
    return Enterprise(
        name=line.name or "",
        uscc=line.uscc,
        territory=line.territory,
        industry=line.industry,
        entered_with=batch,
    )


def _filing(
    batch: ImportBatch, line: Line, pk: int, now: datetime.datetime, by: Actor
) -> Filing:
    return Filing(
        enterprise_id=pk,
        source=batch.source,
        entries=line.entries(),
        batch=batch,
        filed_by_id=by.user_id,
        filed_by=by.name,
        organisation_name=batch.organisation.name,
        filed_at=now,
    )


def _enter(
    batch: ImportBatch,
    new: Sequence[tuple[Line, Enterprise]],
    now: datetime.datetime,
    by: Actor,
) -> None:
    """Enter firms that are new: what is in force of them is their one filing."""
    firms = [firm for _line, firm in new]
    Enterprise.objects.bulk_create(firms, batch_size=BATCH)
    filings = [_filing(batch, line, firm.pk, now, by) for line, firm in new]
    Filing.objects.bulk_create(filings, batch_size=BATCH)
    write_current({f.enterprise_id: entries_of_one(f) for f in filings}, now)
    write_search_terms(firms)


def _update(
    batch: ImportBatch,
    old: Sequence[tuple[Line, Known]],
    now: datetime.datetime,
    by: Actor,
) -> None:
    """File for firms that are known; those closed by an undone import come back."""
    if not old:
        return
    Filing.objects.bulk_create(
        [_filing(batch, line, known.pk, now, by) for line, known in old],
        batch_size=BATCH,
    )
    back = {known.pk for _line, known in old if known.closed}
    Enterprise.objects.filter(pk__in=back).update(
        closed_at=None, closed_reason="", entered_with=batch
    )
    codes = {k.pk: line.uscc for line, k in old if line.waiting and line.uscc}
    _give_codes(codes)
    refresh_current_of(dict.fromkeys(known.pk for _line, known in old))


def _give_codes(codes: dict[int, str]) -> None:
    """Firms known by name only, whom a person found again in the file, get its code."""
    firms = list(Enterprise.objects.filter(pk__in=codes, uscc=None))
    for firm in firms:
        firm.uscc = codes[firm.pk]
    Enterprise.objects.bulk_update(firms, ["uscc"], batch_size=BATCH)
    if firms:
        write_search_terms(firms)


def undo_chunk(batch: ImportBatch) -> int:
    """Take back up to a chunk of an import's filings, inside a transaction; how many.

    Firms that only this import entered are closed with the reason; one that has since
    got figures, titles, evidence or an account of its own stays.
    """
    some = Filing.objects.filter(batch=batch, withdrawn_at=None).order_by("id")
    filings = list(some.values_list("pk", "enterprise")[:CHUNK])
    if not filings:
        return 0
    Filing.objects.filter(pk__in=[pk for pk, _firm in filings]).update(
        withdrawn_at=batch.undone_at
    )
    live = refresh_current_of(dict.fromkeys(firm for _pk, firm in filings))
    bare = [pk for pk, count in live.items() if not count]
    Enterprise.objects.filter(
        pk__in=bare,
        entered_with=batch,
        closed_at=None,
        organisation=None,
        titles=None,
        evidence=None,
    ).update(
        closed_at=batch.undone_at,
        closed_reason=UNDO_REASON.format(file=batch.file_name)[:200],
    )
    return len(filings)
