"""Words of a round: missing figures by year, how late, whom to call."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_work_for_authority
from tidu.registry.collecting.queries import OPEN, state_of
from tidu.registry.collection_models import CollectionFirm, CollectionRound
from tidu.registry.enums import ReturnState
from tidu.rules.facts import split_key
from tidu.rules.library import default_library
from tidu.rules.naming import name_fact

_SHOWN = slice(3, -4)  # digits of a telephone that others do not see


@dataclasses.dataclass(frozen=True, slots=True)
class ChaseRow:
    """A firm of the chase list as a page shows it."""

    firm: CollectionFirm
    state: ReturnState
    person: str
    phone: str
    late: int
    chase: bool


def chase_row(firm: CollectionFirm, opened: CollectionRound, actor: Actor) -> ChaseRow:
    """The row of a firm; telephones are masked for those who only look."""
    state = state_of(firm)
    contact = getattr(firm.enterprise, "contact", None)
    return ChaseRow(
        firm=firm,
        state=state,
        person=contact.name if contact else "",
        phone=phone_for(actor, contact.phone) if contact else "",
        late=days_late(opened) if state in OPEN else 0,
        chase=state in OPEN,
    )


def phone_for(actor: Actor, phone: str) -> str:
    """A telephone as this person sees it: observers see its ends only."""
    if may_work_for_authority(actor):
        return phone
    hidden = phone[_SHOWN]
    return phone.replace(hidden, "*" * len(hidden), 1) if hidden else phone


def days_late(opened: CollectionRound) -> int:
    """Days since the last day of a round; 0 before, and once it is closed."""
    today = timezone.localdate()
    if opened.closed_at:
        today = timezone.localtime(opened.closed_at).date()
    return max(0, (today - opened.due).days)


def days_left(opened: CollectionRound) -> int:
    """Days until the last day of a round, that day not counted."""
    return (opened.due - timezone.localdate()).days


def by_year(
    keys: Iterable[str], territory: str, *, english: bool = False
) -> list[tuple[int | None, list[str]]]:
    """Missing figures in words, the latest year first, those without a year last."""
    words = default_library().for_territory(territory).words
    years: dict[int | None, list[str]] = {}
    for key in keys:
        fact, year = split_key(key)
        if fact in words.facts:
            said = name_fact(fact, words, english=english)
            years.setdefault(year, []).append(said)
    return sorted(years.items(), key=lambda each: -(each[0] or 0))


def in_one_line(keys: Iterable[str], territory: str) -> str:
    """Missing figures in one cell of a table: 2025年：营业收入、研发费用；目前：…"""
    return "；".join(
        f"{year}年：{'、'.join(names)}" if year else "、".join(names)
        for year, names in by_year(keys, territory)
    )


def month_day(day: datetime.date) -> str:
    """A day as an official letter writes it: 2026年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
