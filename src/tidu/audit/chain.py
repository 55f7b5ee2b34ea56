"""How an event's digest is made, so that anybody can make it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from tidu.audit.models import Event

START = "0" * 64
_FIELDS = (
    "number",
    "action",
    "actor_id",
    "actor_name",
    "actor_role",
    "organisation_name",
    "territory",
    "object_type",
    "object_id",
    "object_name",
    "data",
    "previous",
)


def digest_of(event: Event) -> str:
    """SHA-256 over the event's fields as JSON with sorted keys; time in UTC."""
    content = {name: getattr(event, name) for name in _FIELDS}
    content["at"] = f"{event.at.timestamp():.6f}"
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(events: Iterable[Event], *, previous: str = START) -> Event | None:
    """The first event, in order, that was changed, or before which one is missing."""
    for number, event in enumerate(events, start=1):
        if (
            event.number != number
            or event.previous != previous
            or event.digest != digest_of(event)
        ):
            return event
        previous = event.digest
    return None
