"""Read what happened: about one thing, and whether the chain is whole."""

from __future__ import annotations

import dataclasses

from django.db import models

from tidu.audit.chain import first_break
from tidu.audit.models import ChainHead, Event


def events_about(thing: models.Model) -> models.QuerySet[Event]:
    """All events about one object, the newest first."""
    return Event.objects.filter(
        object_type=thing._meta.label_lower,  # noqa: SLF001 - Django's documented API
        object_id=str(thing.pk),
    )


@dataclasses.dataclass(frozen=True)
class ChainCheck:
    """What a check of the whole chain found.

    ``broken``: number of the first event that does not fit, None where all do;
    ``cut_short``: events are missing at the end.
    """

    events: int
    broken: int | None
    cut_short: bool

    @property
    def whole(self) -> bool:
        return self.broken is None and not self.cut_short


def check_chain() -> ChainCheck:
    """Make every digest again, from the first event to the head of the chain."""
    events = Event.objects.order_by("number")
    broken = first_break(events.iterator(chunk_size=2000))
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    last = events.last()
    held = (last.number, last.digest) if last else (0, "0" * 64)
    return ChainCheck(
        events=events.count(),
        broken=broken.number if broken else None,
        cut_short=held != (head.number, head.digest),
    )
