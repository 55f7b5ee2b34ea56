"""The packs a list was frozen with, and the library they give."""

from __future__ import annotations

import functools

from tidu.eligibility.pay_list_models import EntitlementList, KeptPacks
from tidu.rules.archive import archived_files, digest_of_files, library_of
from tidu.rules.library import Library, default_library
from tidu.rules.measures import Mechanism
from tidu.rules.packs import Pack


def keep_packs() -> KeptPacks:
    """Today's packs, kept once under their digest."""
    files, digest = _today()
    kept, _new = KeptPacks.objects.get_or_create(
        digest=digest, defaults={"files": files}
    )
    return kept


def library_for(pay_list: EntitlementList) -> Library:
    """The packs of a frozen list; of a draft, the installation's own."""
    kept = pay_list.packs
    if kept is None or kept.digest == _today()[1]:
        return default_library()
    return _library(kept.pk)


def pack_of(pay_list: EntitlementList) -> Pack:
    """The pack of the territory that a list is of."""
    return library_for(pay_list).for_territory(pay_list.organisation.territory)


def mechanism_of(pay_list: EntitlementList) -> Mechanism | None:
    """The grant of a list; None where today's packs have it no more."""
    return pack_of(pay_list).mechanisms.get(pay_list.mechanism)


@functools.cache
def _today() -> tuple[dict[str, str], str]:
    files = archived_files()
    return files, digest_of_files(files)


@functools.lru_cache(maxsize=4)  # a library takes some ten megabytes
def _library(pk: int) -> Library:
    return library_of(KeptPacks.objects.get(pk=pk).files)
