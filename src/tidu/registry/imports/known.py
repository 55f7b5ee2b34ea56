"""Whom of the registry a row means: by its code, else by its name, for a person."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from tidu.intake.writing import plain_name
from tidu.registry.enums import IdentityKind, ImportState
from tidu.registry.models import Enterprise, FormerIdentity
from tidu.registry.queries import in_scope

_Value = TypeVar("_Value")
_SLICE = 5000  # codes in one query
_UNDONE = {ImportState.UNDOING, ImportState.UNDONE}


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """An enterprise of the registry; ``closed``: why it may not be filed for.

    ``reopens``: it was closed by undoing the import that had entered it, and comes back
    with the next import that names it.
    """

    pk: int
    name: str
    territory: str
    industry: str
    closed: str = ""
    reopens: bool = False


_FIELDS = (
    "pk",
    "uscc",
    "name",
    "territory",
    "industry",
    "closed_at",
    "closed_reason",
    "merged_into",
    "entered_with__state",
    "entered_with__undone_at",
)


def known_by_code(codes: Iterable[str]) -> dict[str, Known]:
    """The enterprises of codes, wherever they are; of a merged one the one kept."""
    found: dict[str, Known] = {}
    merged: dict[int, list[str]] = {}
    for some in _slices(codes):
        for row in Enterprise.objects.filter(uscc__in=some).values_list(*_FIELDS):
            if row[7] is not None:
                merged.setdefault(row[7], []).append(row[1])
            else:
                found[row[1]] = _known(row)
    for kept in _slices(merged):
        for row in Enterprise.objects.filter(pk__in=kept).values_list(*_FIELDS):
            for code in merged[row[0]]:
                found[code] = _known(row)
    return found


def known_by_id(ids: Iterable[int]) -> dict[int, Known]:
    """The enterprises of ids."""
    return {
        row[0]: _known(row)
        for some in _slices(ids)
        for row in Enterprise.objects.filter(pk__in=some).values_list(*_FIELDS)
    }


def _known(row: tuple[Any, ...]) -> Known:
    pk, _code, name, territory, industry, at, reason, _merged, state, undone = row
    return Known(
        pk=pk,
        name=name,
        territory=territory,
        industry=industry,
        closed=reason if at else "",
        reopens=bool(at) and state in _UNDONE and at == undone,
    )


def candidates_by_name(names: Iterable[str], scope: str) -> dict[str, int]:
    """Who may be meant by names, as they are compared: name → the first such firm.

    Looked for among the open enterprises of a territory, under the names they have and
    had. The whole territory is read once, rather than each name looked up.
    """
    wanted = set(names)
    if not wanted:
        return {}
    found: dict[str, int] = {}
    firms = in_scope(Enterprise.objects.filter(merged_into=None, closed_at=None), scope)
    former = FormerIdentity.objects.filter(
        kind=IdentityKind.NAME, enterprise__in=firms
    ).values_list("enterprise_id", "value")
    known = firms.values_list("pk", "name").order_by("pk")
    for pk, name in itertools.chain(
        known.iterator(chunk_size=5000), former.iterator(chunk_size=5000)
    ):
        plain = plain_name(name)
        if plain in wanted:
            found.setdefault(plain, pk)
    return found


def firms_with_former_codes(codes: Iterable[str], scope: str) -> dict[str, int]:
    """Enterprises of a territory that once had these codes."""
    firms = in_scope(Enterprise.objects.filter(merged_into=None, closed_at=None), scope)
    return {
        code: pk
        for some in _slices(codes)
        for code, pk in FormerIdentity.objects.filter(
            kind=IdentityKind.USCC, value__in=some, enterprise__in=firms
        ).values_list("value", "enterprise_id")
    }


def _slices(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    rest = iter(values)
    while some := list(itertools.islice(rest, _SLICE)):
        yield some
