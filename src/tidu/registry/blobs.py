"""Keep the bytes of files once under their SHA-256, and open them again."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tidu.bulk.syncing import sync, sync_folder
from tidu.registry.models import Blob

_PIECE = 1 << 20


def blob_path(digest: str) -> Path:
    """Where the bytes of a digest stand: evidence/ab/cd/abcd…"""
    folder: Path = settings.EVIDENCE_FOLDER
    return folder / digest[:2] / digest[2:4] / digest


def store_blob(content: BinaryIO, *, media_type: str) -> Blob:
    """Store a whole file, and give its row.

    The bytes are on the disk before the row is written, so that a row never points to
    nothing; a crash in between leaves bytes that the next upload of them finds. Bytes
    that are there already, with the right size, are not written again.
    """
    folder: Path = settings.EVIDENCE_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f".{secrets.token_hex(8)}.part"
    digest = hashlib.sha256()
    size = 0
    try:
        with open(part, "xb", opener=_private) as file:
            content.seek(0)
            while piece := content.read(_PIECE):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            sync(file)
        target = blob_path(digest.hexdigest())
        if not target.exists() or target.stat().st_size != size:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.replace(target)
            for made in (target.parent, target.parent.parent, folder):
                sync_folder(made)
    finally:
        part.unlink(missing_ok=True)
    blob, _new = Blob.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "media_type": media_type}
    )
    return blob


def open_blob(blob: Blob) -> BinaryIO:
    """The bytes of a blob, to be closed; FileNotFoundError where they are gone."""
    return blob_path(blob.sha256).open("rb")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
