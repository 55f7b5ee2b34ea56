"""Write a table of enterprises so that nobody ever takes half of it for the whole.

The table goes into ``.NAME.PID.part`` beside its target and is moved there when every
byte has reached the disk. An error removes the part; what a killed run left behind is
removed by the next run that writes the same target.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from tidu.bulk.manifest import KEY, NO_DIGEST, Manifest, SnapshotError
from tidu.bulk.syncing import sync, sync_folder
from tidu.rules.language import N_

COMPRESSION = "zstd"
FORMAT = {
    "compression": COMPRESSION,
    "compression_level": 1,
    "store_decimal_as_integer": True,  # 8 bytes instead of 16
    "write_statistics": True,  # the range of a column decides how narrow it may be
    "store_schema": False,  # the Parquet types say it all
}
_POSIX = os.name == "posix"
_READ_ONLY = 0o444
_TAIL = 8  # bytes after the footer: its length and PAR1


class _Hashing(io.RawIOBase):
    """A file that knows the SHA-256 of everything written to it so far."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


def write_table(
    path: Path,
    schema: pa.Schema,
    tables: Iterable[pa.Table],
    manifest: Manifest,
    *,
    named: Callable[[Path, Manifest], Path] | None = None,
) -> Manifest:
    """Write tables as the row groups of one Parquet file; return its full manifest.

    ``tables`` are consumed one by one, each becomes one row group. ``named`` gives the
    file its final name when its digest is known, and makes it read-only. Raises
    SnapshotError where the file cannot be written; the target is then as before.
    """
    with whole_file(path) as part:
        with part.open("rb+") as file:
            manifest = _write(file, schema, tables, manifest)
            sync(file)
        if named is not None:
            part.chmod(_READ_ONLY)
            part.replace(named(path, manifest))
            sync_folder(path.parent)
    return manifest


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to fill; it becomes ``path`` when the block ends well, else it vanishes.

    What the block itself has moved elsewhere stays there. Raises SnapshotError where
    the file cannot be written; the target is then as before.
    """
    _clean_up(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as lock:
            _lock(lock)  # by the lock the next run tells a living run from a dead one
            yield part
            if part.exists():
                part.replace(path)
                sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill; it takes the place of ``path`` when the block ends well."""
    part = path.with_name(f".{path.name}.{os.getpid()}.parts")
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    try:
        yield part
        if path.exists():
            path.replace(old)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        for left in (part, old):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def switch_live(link: Path, target: Path) -> None:
    """Point a link at the newest table, in one step: readers see the old or the new."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}.part")
    try:
        fresh.symlink_to(target.name)
        fresh.replace(link)
    except OSError as error:
        raise unwritable(link, error) from error
    finally:
        fresh.unlink(missing_ok=True)


def _write(
    file: BinaryIO, schema: pa.Schema, tables: Iterable[pa.Table], manifest: Manifest
) -> Manifest:
    sink = _Hashing(file)
    text_columns = [f.name for f in schema if _repeats(f.type)]
    rows = 0
    with parquet.ParquetWriter(
        sink, schema, use_dictionary=text_columns, **FORMAT
    ) as writer:
        for table in tables:
            writer.write_table(table, row_group_size=max(1, table.num_rows))
            rows += table.num_rows
        manifest = dataclasses.replace(
            manifest, rows=rows, sha256=sink.digest.hexdigest()
        )
        body = sink.size
        writer.add_key_value_metadata({KEY: manifest.text().encode()})
    return _seal(file, body, manifest)


def _repeats(kind: pa.DataType) -> bool:
    """Whether a column's values repeat, so that a dictionary makes it smaller."""
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


def _seal(file: BinaryIO, body: int, manifest: Manifest) -> Manifest:
    """Put the footer's own digest into the footer, in place of its zeros."""
    file.flush()
    file.seek(body)
    footer = file.read()[:-_TAIL]
    digest = hashlib.sha256(footer).hexdigest()
    mark = f'"footer_sha256": "{NO_DIGEST}"'.encode()
    at = footer.index(mark) + len(mark) - len(NO_DIGEST) - 1
    file.seek(body + at)
    file.write(digest.encode())
    return dataclasses.replace(manifest, footer_sha256=digest)


def _clean_up(path: Path) -> None:
    """Remove what killed runs left beside this target; a living run keeps its own."""
    for left in path.parent.glob(f".{path.name}.*.part"):
        try:
            with left.open("rb") as file:
                _lock(file)
            left.unlink()
        except OSError:
            continue  # another run is still writing it


def _lock(file: BinaryIO) -> None:
    """Lock a file until it is closed; OSError if another run holds it."""
    if _POSIX:  # elsewhere an open file cannot be removed in the first place
        import fcntl  # noqa: PLC0415 - optional dependency

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def unwritable(path: Path, error: OSError) -> SnapshotError:
    """The sentence for a file that could not be written."""
    if error.errno == errno.ENOSPC:
        return SnapshotError(
            N_("写不出 {path}：磁盘已满；请腾出空间后重新运行"), path=path
        )
    return SnapshotError(
        N_("写不出 {path}（{reason}）；请检查文件夹和权限"),
        path=path,
        reason=error.strerror or str(error),
    )
