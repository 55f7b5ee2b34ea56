"""Work a draft list out: the policy over the territory's registry, by tidu.bulk."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import tidu
from tidu.accounts.actors import SYSTEM, Actor, scope_of
from tidu.bulk.grants import Entitled, Found, Grant, exact, judged
from tidu.bulk.manifest import SnapshotError
from tidu.bulk.screen import open_snapshot
from tidu.eligibility.enums import EntryState, Removal, Working
from tidu.eligibility.pay_list_models import (
    EntitlementEntry,
    EntitlementList,
    OpenEntry,
)
from tidu.eligibility.pay_list_queries import clashes_of
from tidu.eligibility.pay_lists import ListImpossible, tell
from tidu.eligibility.permissions import may_work_on_list
from tidu.eligibility.snapshots import write_snapshot
from tidu.registry.fact_values import to_json
from tidu.registry.models import Enterprise
from tidu.registry.queries import in_scope
from tidu.rules.amounts import Amount
from tidu.rules.library import default_library
from tidu.rules.pay_list import DRAFT
from tidu.rules.scope import Interval

_MEMORY = "512MB"
_SLICE = 1000  # rows written at once
_LONGEST = 300


@dataclasses.dataclass(frozen=True, slots=True)
class _Firm:
    pk: int
    name: str
    territory: str


@transaction.atomic
def ask_again(*, pay_list: EntitlementList, by: Actor) -> None:
    """Have a draft worked out by today's figures; the caller starts the job."""
    may_work_on_list(by, pay_list).or_refuse()
    asked = EntitlementList.objects.filter(pk=pay_list.pk, state=DRAFT).update(
        working=Working.WAITING, trouble=""
    )
    if not asked:
        raise ListImpossible(_("名单已冻结，不能重新计算"))
    tell("worked_out_again", pay_list, by)


def work_out(pay_list: EntitlementList) -> None:
    """The job: a fresh snapshot, who is entitled, what each gets, who was paid already.

    What goes wrong is kept on the list for the officer to read.
    """
    mine = EntitlementList.objects.filter(pk=pay_list.pk, state=DRAFT)
    mine.update(working=Working.RUNNING)
    try:
        _work_out(pay_list)
    except (SnapshotError, ListImpossible) as error:
        mine.update(working=Working.FAILED, trouble=str(error)[:_LONGEST])
    except Exception:
        mine.update(working=Working.FAILED, trouble=_("计算中断；请重新计算"))
        raise


def _work_out(pay_list: EntitlementList) -> None:
    territory = pay_list.organisation.territory
    scope = scope_of(territory)
    library = default_library()
    pack = library.for_territory(territory)
    mechanism = pack.mechanisms.get(pay_list.mechanism)
    if mechanism is None or mechanism.window(pay_list.on) is None:
        raise ListImpossible(_("政策包里已经没有这项奖补，或所选日期不适用"))
    path = write_snapshot(scope, on=pay_list.on)
    snapshot = open_snapshot(path, library, warn=lambda _text: None)
    firms = {
        str(uscc): _Firm(pk, name, place)
        for uscc, pk, name, place in in_scope(
            Enterprise.objects.filter(merged_into=None, closed_at=None), scope
        )
        .exclude(uscc=None)
        .values_list("uscc", "pk", "name", "territory")
    }
    clashes = clashes_of(pay_list, mechanism, pack.mechanisms.values())
    grant = Grant(pack, mechanism, pay_list.on, scope)
    with judged(snapshot, library, grant, memory=_MEMORY) as run:
        found = run.counts()
        with transaction.atomic():
            kept = EntitlementList.objects.select_for_update().get(pk=pay_list.pk)
            if kept.state != DRAFT:
                return
            kept.entries.all().delete()
            kept.open_entries.all().delete()
            missing: Counter[str] = Counter()
            undecided = _write(kept, run, firms, clashes, missing)
            kept.rows, kept.nameless = found.rows, found.nameless
            kept.unmet = dict(found.unmet)
            kept.open_count = found.open + undecided
            kept.missing = dict(missing.most_common())
            kept.pack_digest, kept.program_version = pack.digest, tidu.__version__
            kept.working, kept.trouble = Working.DONE, ""
            kept.worked_at = timezone.now()
            kept.save()
            tell(
                "worked_out",
                kept,
                SYSTEM,
                rows=found.rows,
                met=found.met,
                open=kept.open_count,
                packs=pack.digest,
            )


def _write(
    kept: EntitlementList,
    run: Found,
    firms: dict[str, _Firm],
    clashes: dict[int, Any],
    missing: Counter[str],
) -> int:
    """Write who is entitled and who is open; how many amounts cannot be said yet."""
    undecided = 0
    entries: list[EntitlementEntry] = []
    opened: list[OpenEntry] = []

    def wait(firm: _Firm, keys: tuple[str, ...]) -> None:
        missing.update(keys)
        opened.append(
            OpenEntry(pay_list=kept, enterprise_id=firm.pk, missing=list(keys))
        )

    for each, firm in _known(run.entitled(), firms):
        amount = exact(each.amount)
        if amount is None:
            undecided += 1
            wait(firm, each.amount.missing)
            continue
        entries.append(_entry(kept, firm, each, amount, clashes))
        if len(entries) == _SLICE:
            EntitlementEntry.objects.bulk_create(entries)
            entries = []
    EntitlementEntry.objects.bulk_create(entries)
    for waiting in run.open():
        if waiting.uscc in firms:
            wait(firms[waiting.uscc], waiting.missing)
    OpenEntry.objects.bulk_create(opened, batch_size=_SLICE)
    return undecided


def _known(
    found: Iterator[Entitled], firms: dict[str, _Firm]
) -> Iterator[tuple[Entitled, _Firm]]:
    """With their rows; a firm that was closed or merged in between is left out."""
    for each in found:
        if each.uscc in firms:
            yield each, firms[each.uscc]


def _entry(
    kept: EntitlementList,
    firm: _Firm,
    each: Entitled,
    amount: Decimal,
    clashes: dict[int, Any],
) -> EntitlementEntry:
    made = EntitlementEntry(
        pay_list=kept,
        enterprise_id=firm.pk,
        name=firm.name,
        uscc=each.uscc,
        territory=firm.territory,
        amount=amount,
        lines=lines_of(each.amount),
        entries={key: {"value": to_json(v)} for key, v in each.facts.items()},
    )
    if clash := clashes.get(firm.pk):
        made.state, made.removal = EntryState.REMOVED, clash.removal
        made.reason = clash.other
    elif amount <= 0:
        made.state, made.removal = EntryState.REMOVED, Removal.NOTHING
    return made


def lines_of(amount: Amount) -> dict[str, str]:
    """The working as it is kept: line id → value in base units."""
    return {
        each.line.id: format(each.value, "f")
        for each in amount.lines
        if not isinstance(each.value, Interval)
    }
