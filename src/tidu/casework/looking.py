"""Note what a look into a signal found, and what a thing in common was found to be."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.casework.enums import KnownAs, LookOutcome
from tidu.casework.moving import tell
from tidu.casework.permissions import may_run_round
from tidu.casework.signal_models import CaseSignal, KnownTie, Look
from tidu.casework.signal_permissions import may_look_into
from tidu.rules.errors import TiduError

_REASONS = {
    "phone": (KnownAs.ACCOUNTANT,),
    "address": (KnownAs.PREMISES,),
    "file": (KnownAs.PUBLIC_TEXT,),
}
"""What a thing in common can be found to be, by the kind of its key."""


class LookError(TiduError):
    """A look cannot be noted so; the sentence says why."""


def reasons_for(signal: CaseSignal) -> tuple[KnownAs, ...]:
    """What the thing that a signal's cases share can be found to be."""
    return _REASONS.get(signal.tie_key.partition(":")[0], ())


@transaction.atomic
def note_look(
    *,
    signal: CaseSignal,
    outcome: LookOutcome,
    note: str,
    by: Actor,
    known_as: KnownAs | None = None,
) -> Look:
    """Note what a look found; the case itself stays where it is.

    ``known_as``: the thing in common has a good reason, and the rounds of the authority
    that runs this one ask no more about it. Raises LookError.
    """
    may_look_into(by, signal.case).or_refuse()
    if not note.strip():
        raise LookError(_("请写明看了什么、结论凭什么"))
    made = Look.objects.create(
        case=signal.case,
        kind=signal.kind,
        digest=signal.digest,
        seen=signal.said["seen"]["zh"],
        outcome=outcome,
        note=note.strip(),
        made_by=by.name,
        organisation_name=by.organisation_name,
    )
    tell(
        "looked_into",
        signal.case,
        by,
        kind=signal.kind,
        outcome=outcome.value,
        note=made.note,
        seen=made.seen,
    )
    if known_as is not None:
        _know(signal, known_as, made.note, by)
    return made


@transaction.atomic
def forget_known(*, known: KnownTie, by: Actor) -> None:
    """Take a good reason back: the next run asks about it again."""
    if by.organisation is None or by.organisation.pk != known.organisation_id:
        raise LookError(_("只有登记的单位可以撤销"))
    _tell("forgotten", known, by)
    known.delete()


def _know(signal: CaseSignal, known_as: KnownAs, note: str, by: Actor) -> None:
    opened = signal.case.round
    may_run_round(by, opened).or_refuse()
    if known_as not in reasons_for(signal):
        raise LookError(_("这条线索不能这样登记"))
    known, _new = KnownTie.objects.update_or_create(
        organisation=opened.organisation,
        key=signal.tie_key,
        defaults={
            "label": signal.tie_label,
            "known_as": known_as,
            "note": note,
            "made_by": by.name,
        },
    )
    _tell("known", known, by)


def _tell(what: str, known: KnownTie, by: Actor) -> None:
    record(
        action=f"casework.tie_in_common_{what}",
        by=by,
        about=known,
        territory=known.organisation.territory,
        data={"what": known.label, "known_as": known.known_as, "note": known.note},
    )
