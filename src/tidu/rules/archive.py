"""The text of the packs kept with a record, so that it is replayed by its own rules.

A decision is replayed years later with the packs it was made by, not with today's: the
files are kept as text, and read again through the same loader.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tidu.rules.errors import PackError
from tidu.rules.library import Library, load_library, pack_folders

KEPT = frozenset({".yaml", ".csv", ".md"})
"""Files that a pack's digest covers, and that an archive keeps."""


def archived_files(folders: list[Path] | None = None) -> dict[str, str]:
    """Every file of the installation's packs: ``national/pack.yaml`` → its text."""
    found = {}
    for number, folder in enumerate(folders or pack_folders()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in KEPT:
                inside = path.relative_to(folder).as_posix()
                found[f"{number}-{folder.name}/{inside}"] = path.read_bytes().decode()
    return found


def digest_of_files(files: Mapping[str, str]) -> str:
    """SHA-256 over the names and texts of archived files."""
    text = json.dumps(dict(sorted(files.items())), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def library_of(files: Mapping[str, str]) -> Library:
    """Load packs from archived files. Raises PackError for a name outside of them."""
    with tempfile.TemporaryDirectory(prefix="tidu-packs-") as folder:
        root = Path(folder)
        for name, text in files.items():
            inside = PurePosixPath(name)
            if inside.is_absolute() or ".." in inside.parts:
                raise PackError(
                    "存档里有不该有的路径", place=name, remedy="请不要使用这份存档"
                )
            path = root / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        packs = sorted({root / PurePosixPath(name).parts[0] for name in files})
        return load_library(packs)
