"""Wait for the disk: what was written outlasts a power cut."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

_POSIX = os.name == "posix"


def sync(file: IO[Any]) -> None:
    """Wait until every byte has reached the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last, where the system can."""
    if not _POSIX:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
