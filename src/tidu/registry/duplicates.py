"""Entries that look like one enterprise: pairs for a person, and what was found."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.intake.writing import plain_name
from tidu.registry import permissions
from tidu.registry.duplicate_models import ToldApart
from tidu.registry.models import Enterprise
from tidu.registry.queries import enterprises_of

_MOST = 200  # pairs shown at once
_COMPARED = 20_000  # firms whose codes are compared letter by letter
_IN_GROUP = 20  # of one name, of which every two are a pair


@dataclasses.dataclass(frozen=True, slots=True)
class Suggestion:
    """Two firms that may be one, and why a person should look."""

    one: Enterprise
    other: Enterprise
    reason: str


def suggestions(actor: Actor) -> list[Suggestion]:
    """Pairs an officer should look at: one name twice, codes one character apart.

    Nothing is merged without a person, and a pair that a person told apart does not
    come back; the older entry comes first.
    """
    firms = enterprises_of(actor).filter(closed_at=None).order_by("pk")
    rows = list(firms.values_list("pk", "name", "uscc"))
    pairs: dict[tuple[int, int], str] = {}
    for pair in _pairs((plain_name(name), pk) for pk, name, _code in rows):
        pairs.setdefault(pair, _("名称相同"))
    if len(rows) <= _COMPARED:
        masked = (
            (f"{code[:at]}?{code[at + 1 :]}", pk)
            for pk, _name, code in rows
            if code
            for at in range(len(code))
        )
        for pair in _pairs(masked):
            pairs.setdefault(pair, _("信用代码只差一个字符"))
    apart = set(ToldApart.objects.values_list("one", "other"))
    some = [each for each in pairs.items() if each[0] not in apart][:_MOST]
    found = Enterprise.objects.in_bulk({pk for pair, _why in some for pk in pair})
    return [Suggestion(found[a], found[b], reason) for (a, b), reason in some]


@transaction.atomic
def tell_apart(
    *, one: Enterprise, other: Enterprise, source: str, by: Actor
) -> ToldApart:
    """Record that two entries are two enterprises, and how that is known."""
    for each in (one, other):
        permissions.may_manage_enterprise(by, each).or_refuse()
    first, second = sorted((one, other), key=lambda each: each.pk)
    told, new = ToldApart.objects.get_or_create(
        one=first, other=second, defaults={"source": source, "made_by": by.name}
    )
    for each, twin in ((first, second), (second, first)) if new else ():
        record(
            action="registry.enterprises_told_apart",
            by=by,
            about=each,
            territory=each.territory,
            data={"other": twin.pk, "other_name": twin.name, "source": source},
        )
    return told


def _pairs(keyed: Iterable[tuple[str, int]]) -> Iterable[tuple[int, int]]:
    """Every two of the firms that have a key in common, the older one first."""
    groups: dict[str, list[int]] = defaultdict(list)
    for key, pk in keyed:
        groups[key].append(pk)
    for group in groups.values():
        yield from itertools.combinations(group[:_IN_GROUP], 2)
