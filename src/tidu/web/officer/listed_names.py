"""The rows of a recognition list: whom a name may mean, what was decided."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django.http import QueryDict

from tidu.accounts.actors import Actor
from tidu.intake.writing import normal
from tidu.registry.enums import SameFirm
from tidu.registry.models import Enterprise
from tidu.registry.name_matches import Reason
from tidu.registry.queries import enterprises_of
from tidu.registry.title_list_models import ListedName
from tidu.registry.title_lists import actions
from tidu.web.context import speaks_english

_FIRM, _CODE = "firm-", "code-"


@dataclasses.dataclass(frozen=True, slots=True)
class CandidateRow:
    """A firm that may be meant, with what speaks for it."""

    firm: Enterprise
    score: float
    reasons: list[str]
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class NameRow:
    """A listed name with whom it may mean. ``value``: the choice made."""

    listed: ListedName
    candidates: list[CandidateRow]
    value: str

    @property
    def own(self) -> bool:
        """Whether a person named a firm that was not among the candidates."""
        values = {each.value for each in self.candidates}
        return self.value.startswith(_FIRM) and self.value not in values


def read_decisions(posted: QueryDict) -> dict[int, actions.Choice]:
    """``row-7=firm-12`` (that firm), ``new``, ``skip`` or nothing, by the row's id.

    ``rest``: what is chosen for rows of the page that say nothing.
    """
    rest = str(posted.get("rest", ""))
    chosen: dict[int, actions.Choice] = {}
    for name, value in posted.items():
        number = name.removeprefix("row-")
        if number == name or not number.isdecimal():
            continue
        firm = str(value).removeprefix(_FIRM)
        if firm != value and firm.isdecimal():
            chosen[int(number)] = (SameFirm.SAME, int(firm))
        elif (wanted := value or rest) in {SameFirm.NEW, SameFirm.SKIP, ""}:
            chosen[int(number)] = (str(wanted), None)
    return chosen


def read_codes(
    posted: QueryDict, actor: Actor
) -> tuple[dict[int, actions.Choice], list[str]]:
    """``code-7=9199…``: the firm of that code, by the row's id; codes nobody has."""
    typed = {
        int(number): code
        for name, value in posted.items()
        if (number := name.removeprefix(_CODE)) != name
        and number.isdecimal()
        and (code := normal(str(value)).upper())
    }
    firms = enterprises_of(actor).filter(closed_at=None, uscc__in=typed.values())
    known = dict(firms.values_list("uscc", "pk"))
    found: dict[int, actions.Choice] = {
        number: (SameFirm.SAME, known[code])
        for number, code in typed.items()
        if code in known
    }
    return found, [code for code in typed.values() if code not in known]


def name_rows(names: Iterable[ListedName]) -> list[NameRow]:
    """The rows of a page with their candidates, from one query."""
    names = list(names)
    ids = {each["firm"] for name in names for each in name.candidates}
    firms = Enterprise.objects.in_bulk(ids)
    english = speaks_english()
    rows = []
    for name in names:
        candidates = [
            CandidateRow(
                firm=firms[each["firm"]],
                score=each["score"],
                reasons=[
                    Reason(text, values).sentence(english=english)
                    for text, values in each["reasons"]
                ],
                value=f"{_FIRM}{each['firm']}",
            )
            for each in name.candidates
            if each["firm"] in firms
        ]
        same = name.choice == SameFirm.SAME
        value = f"{_FIRM}{name.enterprise_id}" if same else name.choice
        rows.append(NameRow(name, candidates, value))
    return rows
