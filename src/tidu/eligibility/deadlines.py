"""What ends when: titles held, dates among the facts, rounds of applications."""

from __future__ import annotations

import dataclasses
import datetime

from tidu.eligibility.standings import Standings
from tidu.registry.models import Enterprise, HeldTitle
from tidu.rules.packs import Round
from tidu.rules.vocabulary import Text

SOON = 180  # days before an end from which it is time to prepare


@dataclasses.dataclass(frozen=True, slots=True)
class Deadline:
    """One date ahead or just past: of what, and whether an official list says so."""

    label: Text
    date: datetime.date
    days: int
    official: bool

    @property
    def soon(self) -> bool:
        return 0 <= self.days <= SOON

    @property
    def past(self) -> bool:
        return self.days < 0


def deadlines(enterprise: Enterprise, found: Standings) -> list[Deadline]:
    """The ends of titles held, the nearest first; an official list wins over a fact."""
    ends: dict[str, tuple[Text, datetime.date, bool]] = {}
    for fact in found.pack.dated_facts:
        date = found.facts.get(fact.expires) if fact.expires else None
        if isinstance(date, datetime.date):
            ends[fact.id] = (Text(fact.label, fact.english), date, False)
    for title in _held(enterprise):
        scheme = found.pack.schemes.get(title.scheme)
        if scheme and title.valid_until:
            key = scheme.title_fact or scheme.id
            ends[key] = (scheme.label, title.valid_until, True)
    listed = [
        Deadline(label, date, (date - found.on).days, official)
        for label, date, official in ends.values()
    ]
    return sorted(listed, key=lambda each: each.date)


def rounds_ahead(found: Standings) -> list[Round]:
    """The rounds of the territory that are open or still to come, in order."""
    ahead = [each for each in found.pack.rounds if each.closes >= found.on]
    return sorted(ahead, key=lambda each: (each.opens, each.rule_set))


def _held(enterprise: Enterprise) -> list[HeldTitle]:
    """Titles not revoked, the latest last, so that it is the one that counts."""
    titles = enterprise.titles.filter(revoked_on=None)
    return sorted(titles, key=lambda each: each.valid_from)
