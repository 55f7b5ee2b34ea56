"""The uploaded file on the disk, under the name that people gave it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from tidu.intake import UnreadableFile
from tidu.registry.blobs import blob_path, store_blob
from tidu.registry.file_kinds import XLSX
from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Blob

_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_LONGEST = 80


def working_folder() -> Path:
    """Where jobs keep what can be made again."""
    folder: Path = settings.HOME / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_table(file: BinaryIO, file_name: str) -> tuple[Blob, str]:
    """Keep a table that somebody uploaded: its blob, and the name it goes by."""
    name = fit_name(file_name)
    is_workbook = name.endswith(f".{XLSX.suffix}")
    kind = XLSX.media_type if is_workbook else "text/csv"
    return store_blob(file, media_type=kind), name


def fit_name(name: str) -> str:
    """A file name without folders and control characters, its ending kept."""
    bare = _UNFIT.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    if not dot:
        return bare[:_LONGEST] or "file"
    return f"{stem[:_LONGEST]}.{ending[:8].lower()}"


@contextlib.contextmanager
def named_file(blob: Blob, name: str) -> Iterator[Path]:
    """The blob under a file name of its own, as long as it is needed.

    Sources of figures carry that name (firms.xlsx 表!B2), and the ending says how the
    file is to be read. An UnreadableFile of the block names the file so, too.
    """
    with tempfile.TemporaryDirectory(dir=working_folder()) as folder:
        path = Path(folder) / fit_name(name)
        try:
            os.link(blob_path(blob.sha256), path)
        except OSError:  # another disk, or a file system without links
            shutil.copyfile(blob_path(blob.sha256), path)
        try:
            yield path
        except UnreadableFile as error:
            values = {**error.values, "path": path.name}
            raise UnreadableFile(error.msgid, **values) from error


def prepared_path(batch: ImportBatch) -> Path:
    """Where the lines that are to be written stand, one firm each."""
    return working_folder() / f"{batch.pk}.jsonl"
