"""A backup's file: a plain tar whose last two members are its manifest and its digest.

A tar is read without Tidu for as long as there are computers. The manifest comes last:
an archive whose end is cut has none, and is refused before anything is written.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from tidu.rules.errors import TiduError

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.json.sha256"
_PIECE = 1 << 20


class ArchiveError(TiduError):
    """The archive cannot be written or read; the sentence says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """What the manifest says of one member: bytes and SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    ``about``: format, versions, packs, database, tables with their rows, chain, as JSON
    values; ``members``: name in the archive → its size and digest.
    """

    about: dict[str, Any]
    members: dict[str, Member]


class ArchiveWriter:
    """Writes members one after the other, then the manifest; a context manager.

    The file has its name only when it is complete; its owner alone may read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        self._members: dict[str, Member] = {}

    def __enter__(self) -> Self:
        if self.path.exists():
            raise ArchiveError(f"{self.path} 已经存在；备份从不覆盖，请换一个名字")
        self._part.unlink(missing_ok=True)
        self._part.touch(mode=0o600)
        self._tar = tarfile.open(self._part, "w", format=tarfile.PAX_FORMAT)
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()
        self._part.unlink(missing_ok=True)

    def add(self, name: str, source: Path) -> None:
        """Add a file's bytes under a name."""
        with source.open("rb") as file:
            size = source.stat().st_size
            self._add(name, file, size)

    def add_text(self, name: str, text: str) -> None:
        """Add a text under a name."""
        content = text.encode()
        self._add(name, io.BytesIO(content), len(content))

    def finish(self, about: dict[str, Any]) -> Manifest:
        """Write the manifest and its digest, and give the file its name."""
        listed = {name: dataclasses.asdict(m) for name, m in self._members.items()}
        content = {**about, "format": FORMAT, "members": listed}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        found = Manifest(about, dict(self._members))
        self.add_text(MANIFEST, text)
        self.add_text(MANIFEST_DIGEST, hashlib.sha256(text.encode()).hexdigest())
        self._tar.close()
        self._part.rename(self.path)
        return found

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o600
        reader = _Reader(file)
        self._tar.addfile(entry, reader)  # type: ignore[arg-type]  # it only reads
        self._members[name] = Member(size, reader.digest.hexdigest())


class _Reader:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def examine(path: Path) -> Manifest:
    """Read a whole archive and compare every byte with its manifest.

    Raises ArchiveError for a file that is none of ours, is cut, or has changed.
    """
    digests: dict[str, Member] = {}
    texts: dict[str, str] = {}
    with _opened(path) as tar:
        for name, file in _files(path, tar):
            digest, size = hashlib.sha256(), 0
            kept = io.BytesIO()
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                if name in {MANIFEST, MANIFEST_DIGEST}:
                    kept.write(piece)
            digests[name] = Member(size, digest.hexdigest())
            if kept.tell():
                texts[name] = kept.getvalue().decode("utf-8", "replace")
    if texts.keys() != {MANIFEST, MANIFEST_DIGEST}:
        raise ArchiveError(f"{path} 不完整：末尾没有清单，可能没有复制完；请换一份备份")
    if digests[MANIFEST].sha256 != texts[MANIFEST_DIGEST]:
        raise ArchiveError(f"{path} 的清单被改动过或已损坏；请换一份备份")
    content = json.loads(texts[MANIFEST])
    if content.get("format", 0) > FORMAT:
        raise ArchiveError(f"{path} 由更新的程序写成；请先升级 tidu，再恢复")
    listed = {name: Member(**each) for name, each in content.pop("members").items()}
    _compare(path, listed, digests)
    return Manifest(content, listed)


def unpack(path: Path, folder: Path) -> None:
    """Write the members, but for the manifest, into a folder.

    Call it on an archive that was examined. Names are checked all the same: nothing is
    written outside of the folder.
    """
    with _opened(path) as tar:
        for name, file in _files(path, tar):
            if name in {MANIFEST, MANIFEST_DIGEST}:
                continue
            target = folder / _safe(path, name)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.touch(mode=0o600)
            with target.open("wb") as written:
                shutil.copyfileobj(file, written, _PIECE)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    """The archive; what cannot be read of it, now or while it is read, is told."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except FileNotFoundError as error:
        raise ArchiveError(f"找不到备份 {path}；请检查文件名") from error
    except IsADirectoryError as error:
        raise ArchiveError(f"{path} 是文件夹；请指明其中的备份文件") from error
    except (tarfile.TarError, EOFError) as error:
        what = f"{path} 已损坏，或不是 tidu 的备份（{error}）；请换一份备份"
        raise ArchiveError(what) from error


def _files(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in tar:
        file = tar.extractfile(entry) if entry.isreg() else None
        if file is None:
            raise ArchiveError(f"{path} 里有不该有的内容（{entry.name}）；请换一份备份")
        yield entry.name, file


def _compare(path: Path, listed: dict[str, Member], found: dict[str, Member]) -> None:
    there = {
        name: each
        for name, each in found.items()
        if name not in {MANIFEST, MANIFEST_DIGEST}
    }
    for name in sorted(listed.keys() | there.keys()):
        if listed.get(name) != there.get(name):
            raise ArchiveError(f"{path} 已损坏（{name} 与清单不符）；请换一份备份")


def _safe(path: Path, name: str) -> PurePosixPath:
    found = PurePosixPath(name)
    if found.is_absolute() or ".." in found.parts or "\\" in name or "\0" in name:
        raise ArchiveError(f"{path} 里有不该有的路径（{name}）；请不要使用这份备份")
    return found
