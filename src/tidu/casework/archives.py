"""Packs as they were when something was decided, and the library they give."""

from __future__ import annotations

import functools

from tidu.casework.models import PackArchive
from tidu.rules.archive import archived_files, digest_of_files, library_of
from tidu.rules.library import Library, default_library


def keep_packs() -> PackArchive:
    """The archive of today's packs; kept once under its digest."""
    files, digest = _today()
    kept, _new = PackArchive.objects.get_or_create(
        digest=digest, defaults={"files": files}
    )
    return kept


def library_for(archive: PackArchive) -> Library:
    """The library of an archive: the installation's own while nothing has changed."""
    if archive.digest == _today()[1]:
        return default_library()
    return _library(archive.pk)


@functools.cache
def _today() -> tuple[dict[str, str], str]:
    files = archived_files()
    return files, digest_of_files(files)


@functools.lru_cache(maxsize=4)  # a library takes some ten megabytes
def _library(pk: int) -> Library:
    return library_of(PackArchive.objects.get(pk=pk).files)
