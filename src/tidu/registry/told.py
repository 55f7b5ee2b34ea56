"""What somebody from outside says about a firm, by their real name, with a file."""

from __future__ import annotations

import dataclasses
import secrets
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from tidu.registry.blobs import store_blob
from tidu.registry.file_kinds import kind_of, safe_title
from tidu.registry.models import Blob

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_LENGTH = 12  # letters: 60 bits


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """Who says it, what, and with which file (open, its name, its size in bytes)."""

    name: str
    contact: str
    text: str
    file: BinaryIO | None = None
    file_name: str = ""
    size: int = 0


def kept_words(told: Told) -> dict[str, Any]:
    """The columns of a row that keeps it, with a number that nobody guesses.

    Raises EvidenceError for a file that is not taken.
    """
    blob = _keep(told)
    return {
        "number": "".join(secrets.choice(_LETTERS) for _each in range(_LENGTH)),
        "person_name": told.name.strip(),
        "person_contact": told.contact.strip(),
        "text": told.text.strip(),
        "blob": blob,
        "file_title": safe_title(told.file_name, _("证据")) if blob else "",
    }


def _keep(told: Told) -> Blob | None:
    if told.file is None:
        return None
    kind = kind_of(told.file, told.size)
    return store_blob(told.file, media_type=kind.media_type)
