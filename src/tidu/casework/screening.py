"""Compare the cases of a round with each other and keep what a person should look at.

Nothing here refuses, returns or delays a case: a signal is read by people only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.accounts.masking import masked_text
from tidu.audit.actions import record
from tidu.casework.integrity.kinds import Said, Signal
from tidu.casework.integrity.limits import DEFAULT, Limits
from tidu.casework.integrity.queue import Queued, reading_order
from tidu.casework.integrity.screening import screen
from tidu.casework.models import Round
from tidu.casework.signal_inputs import applications_of, bars_of, cases_to_screen
from tidu.casework.signal_models import CaseSignal, FlaggedCase, Screening
from tidu.casework.signal_permissions import may_screen

_BATCH = 1000
_LONGEST_KEY = 300
_DIGITS = 16  # of a signal's digest


def screen_round(*, opened: Round, by: Actor, limits: Limits = DEFAULT) -> Screening:
    """Read every submitted case of a round, keep the signals, record the run.

    What was kept of an earlier run is replaced. A run that finds the same as the one
    before leaves those rows as they are, with what people noted beside them. Of two at
    once the one that began later stands; the other gives it back and writes nothing.
    """
    may_screen(by, opened).or_refuse()
    started = timezone.now()  # what moves while it reads is read by the next run
    applications = tuple(applications_of(opened))
    found = screen(applications, bars=bars_of(opened), limits=limits)
    queue = reading_order(found)
    known = cases_to_screen(opened).values_list("number", "pk")
    numbers = {str(number): pk for number, pk in known}
    rows = [as_row(each, numbers) for each in found if each.case in numbers]
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=opened.pk)  # one run after the other
        last = opened.screenings.first()
        if last is not None and last.ran_at > started:
            return last  # somebody began later, has read more, and was done first
        made = Screening.objects.create(
            round=opened,
            ran_at=started,
            made_by=by.name,
            organisation_name=by.organisation_name,
            read=len(applications),
            flagged=len(queue),
            limits=limits.version,
            digest=_digest([limits.version, len(applications), rows]),
        )
        same = last is not None and last.digest == made.digest
        if last is not None and same:
            last.signals.update(screening=made)
            last.cases.update(screening=made)
        else:
            _replace(made, rows, queue, numbers)
        _tell(made, opened, by, signals=len(rows), same=same)
    return made


def as_row(signal: Signal, numbers: Mapping[str, int]) -> dict[str, Any]:
    """A signal as ``CaseSignal`` keeps it; related cases by their ids."""
    evidence = [
        {"case": each.case, "where": each.where, "shown": masked_text(each.shown)}
        for each in signal.places
    ]
    key = signal.tie.key[:_LONGEST_KEY] if signal.tie else ""
    return {
        "case_id": numbers[signal.case],
        "kind": signal.kind.value,
        "strength": round(signal.strength, 6),
        "said": {
            "seen": _both(signal.seen),
            "may_be": _both(signal.may_be),
            "check": _both(signal.check),
        },
        "evidence": evidence,
        "related": [numbers[each] for each in signal.related if each in numbers],
        "tie_key": key,
        "tie_label": _both(signal.tie.label) if signal.tie else {},
        "digest": _digest([signal.kind.value, evidence, key])[:_DIGITS],
    }


def _replace(
    made: Screening,
    rows: Sequence[Mapping[str, Any]],
    queue: Iterable[Queued],
    numbers: Mapping[str, int],
) -> None:
    earlier = Screening.objects.filter(round=made.round_id).exclude(pk=made.pk)
    CaseSignal.objects.filter(screening__in=earlier).delete()
    FlaggedCase.objects.filter(screening__in=earlier).delete()
    CaseSignal.objects.bulk_create(
        (CaseSignal(screening=made, **each) for each in rows), batch_size=_BATCH
    )
    FlaggedCase.objects.bulk_create(
        (
            FlaggedCase(
                screening=made,
                case_id=numbers[each.case],
                rank=rank,
                strength=round(each.strength, 6),
            )
            for rank, each in enumerate(queue, start=1)
        ),
        batch_size=_BATCH,
    )


def _tell(made: Screening, opened: Round, by: Actor, **data: Any) -> None:
    record(
        action="casework.round_screened",
        by=by,
        about=opened,
        territory=opened.organisation.territory,
        data={
            "screening": made.pk,
            "read": made.read,
            "flagged": made.flagged,
            "limits": made.limits,
            "digest": made.digest,
            **data,
        },
    )


def _both(said: Said) -> dict[str, str]:
    """A sentence in both languages."""
    return {"zh": said.sentence(), "en": said.sentence(english=True)}


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
