"""Whom a listed name means: the registry of a territory, read once a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tidu.accounts.actors import scope_of
from tidu.intake.name_lists import NamedRow
from tidu.registry.enums import IdentityKind, ListedFound, SameFirm
from tidu.registry.models import Enterprise, FormerIdentity
from tidu.registry.name_matches import Decision, Listed, Match, Reason, Registered
from tidu.registry.name_matching import match_names
from tidu.registry.names import exact_form, short_name
from tidu.registry.queries import in_scope
from tidu.registry.title_list_models import ListedName, TitleList
from tidu.rules.divisions import default_divisions
from tidu.rules.language import N_

_SAME_CODE = Reason(N_("统一社会信用代码相同"))
_CHUNK = 5000


def names_of(titles: TitleList, rows: Sequence[NamedRow]) -> list[ListedName]:
    """The rows of a list with what the registry says to each; nothing is decided."""
    scope = scope_of(titles.organisation.territory)
    codes = _by_code({row.uscc for row in rows if row.uscc}, scope)
    places = _Places(scope)
    names = [_plain(titles, row, places.code(row.place)) for row in rows]
    seen: dict[str, int] = {}
    asked: list[ListedName] = []
    for each in names:
        exact = exact_form(each.name)
        if each.division and not _may_be_in(each.division, scope):
            each.found = ListedFound.ELSEWHERE
        elif exact in seen:
            each.found, each.choice = ListedFound.TWICE, SameFirm.SKIP
        elif each.uscc in codes:
            each.found = ListedFound.CERTAIN
            each.candidates = [_candidate(codes[each.uscc], 100.0, (_SAME_CODE,))]
        else:
            asked.append(each)
        seen[exact] = each.row
    matches = match_names(
        [Listed(each.name, each.division) for each in asked], registered_in(scope)
    )
    for each, match in zip(asked, matches, strict=True):
        _take(each, match)
    return names


def registered_in(scope: str) -> Iterator[Registered]:
    """The open enterprises of a territory with their names through time."""
    firms = in_scope(Enterprise.objects.filter(merged_into=None, closed_at=None), scope)
    former: dict[int, list[str]] = {}
    for pk, name in FormerIdentity.objects.filter(
        kind=IdentityKind.NAME, enterprise__in=firms
    ).values_list("enterprise_id", "value"):
        former.setdefault(pk, []).append(name)
    rows = firms.order_by("pk").values_list("pk", "name", "territory")
    for pk, name, territory in rows.iterator(chunk_size=_CHUNK):
        yield Registered(str(pk), name, tuple(former.get(pk, ())), territory)


def _take(each: ListedName, match: Match) -> None:
    each.found = {
        Decision.MATCHED: ListedFound.CERTAIN,
        Decision.CANDIDATES: ListedFound.CANDIDATES,
        Decision.NONE: ListedFound.NONE,
    }[match.decision]
    each.candidates = [
        _candidate(int(found.firm.key), found.score, found.reasons)
        for found in match.candidates
    ]


def _candidate(pk: int, score: float, reasons: Sequence[Reason]) -> dict[str, object]:
    return {
        "firm": pk,
        "score": score,
        "reasons": [[each.msgid, dict(each.values)] for each in reasons],
    }


def _plain(titles: TitleList, row: NamedRow, division: str) -> ListedName:
    return ListedName(
        titles=titles,
        row=row.row,
        name=row.name[:200],
        place=row.place,
        division=division,
        uscc=row.uscc,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _by_code(codes: set[str], scope: str) -> dict[str, int]:
    firms = in_scope(Enterprise.objects.filter(merged_into=None, closed_at=None), scope)
    wanted = sorted(codes)
    return {
        code or "": pk
        for at in range(0, len(wanted), _CHUNK)
        for code, pk in firms.filter(uscc__in=wanted[at : at + _CHUNK]).values_list(
            "uscc", "pk"
        )
    }


def _may_be_in(division: str, scope: str) -> bool:
    """Whether a place is inside a territory, or around it."""
    own = scope_of(division)
    return own.startswith(scope) or scope.startswith(own)


class _Places:
    """Division codes by the words of a list's 地区; nothing where two places fit.

    Of places with one name the one inside the territory counts.
    """

    def __init__(self, scope: str) -> None:
        self.known: dict[str, set[str]] = {}
        for each in default_divisions():
            words = {each.name, short_name(each.name), each.code}
            words.add(default_divisions().full_name(each.code))
            for text in words:
                self.known.setdefault(text, set()).add(each.code)
        self.scope = scope

    def code(self, text: str) -> str:
        found = self.known.get("".join(text.split()), set())
        inside = {code for code in found if _may_be_in(code, self.scope)}
        few = inside or found
        return next(iter(few)) if len(few) == 1 else ""
