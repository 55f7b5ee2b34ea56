"""How an event's digest is made, so that anybody can make it again."""

from __future__ import annotations

import hashlib
import json
import secrets
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


ERASED = "已注销"
"""What stands in place of a name that was erased at the person's request."""

_SEALED = ("actor", "object")


def seal(event: Event) -> None:
    """Give both names of a new event a salt and a seal."""
    for which in _SEALED:
        salt = secrets.token_hex(16)
        setattr(event, f"{which}_salt", salt)
        name = getattr(event, f"{which}_name")
        setattr(event, f"{which}_seal", _seal_of(salt, name))


def _seal_of(salt: str, name: str) -> str:
    return hashlib.sha256(f"{salt}{name}".encode()).hexdigest()


def _seals_hold(event: Event) -> bool:
    """Whether both names are those sealed, or were erased with their salt."""
    for which in _SEALED:
        name, salt, sealed = (
            getattr(event, f"{which}_{part}") for part in ("name", "salt", "seal")
        )
        erased = not salt and name == ERASED
        if sealed and not erased and _seal_of(salt, name) != sealed:
            return False
    return True


def digest_of(event: Event) -> str:
    """SHA-256 over the event's fields as JSON with sorted keys; time in UTC."""
    content = {name: getattr(event, name) for name in _FIELDS}
    for which in _SEALED:
        if sealed := getattr(event, f"{which}_seal"):
            content[f"{which}_name"] = sealed
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
            or not _seals_hold(event)
        ):
            return event
        previous = event.digest
    return None
