"""The ladder as a page shows it: rungs, which is held, which is next, the rest."""

from __future__ import annotations

import dataclasses

from tidu.eligibility.standings import Standings
from tidu.rules.ladder import RUNGS, held_rung, next_scheme
from tidu.web.findings import SchemeCard, scheme_card


@dataclasses.dataclass(frozen=True, slots=True)
class Rung:
    """One rung: the titles on it, whether one is held, whether it is the next."""

    cards: list[SchemeCard]
    held: bool
    next: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs from the lowest; ``following``: the next title, None at the top.

    ``others``: every other scheme, those of the ladder first.
    """

    rungs: list[Rung]
    following: SchemeCard | None
    others: list[SchemeCard]


def ladder_of(found: Standings, *, english: bool) -> Ladder:
    """The ladder of one enterprise."""
    cards = {
        each: scheme_card(found.pack, standing, english=english)
        for each, standing in found.schemes.items()
    }
    held = held_rung(found.pack, found.prepared)
    following = next_scheme(found.pack, found.prepared, found.schemes)
    rungs = [
        Rung(
            [cards[s] for s in schemes if s in cards], at == held, following in schemes
        )
        for at, schemes in enumerate(RUNGS)
    ]
    on_ladder = [each for schemes in RUNGS for each in schemes if each in cards]
    order = dict.fromkeys((*on_ladder, *cards))
    return Ladder(
        rungs,
        cards[following] if following else None,
        [cards[each] for each in order if each != following],
    )
