"""Which of the things a firm may have go together, and what the best choice gives up.

What excludes what is data of the packs; the choice is an integer program over it. Only
money that is sure counts; ceilings and open amounts never outweigh it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tidu.planning.model import Model
from tidu.rules.entitlements import Entitlement, Package
from tidu.rules.language import N_, say
from tidu.rules.outcomes import MET
from tidu.rules.units import CENT, show_money

ZERO = Decimal(0)


@dataclasses.dataclass(frozen=True, slots=True)
class GivenUp:
    """Something the firm may have but not beside what was kept.

    ``instead``: what is kept and excludes it, the most valuable first.
    """

    entitlement: Entitlement
    instead: tuple[Entitlement, ...]

    def sentence(self, *, english: bool = False) -> str:
        """What was given up, its value, and for what."""
        kept = self.instead[0]
        name = kept.mechanism.label.say(english=english)
        worth = self.entitlement.worth
        if worth is None:
            text = N_("与“{kept}”不能同时享受，它的金额还算不出来，先不选")
            return say(text, english, kept=name)
        if worth == kept.worth:
            text = N_("与“{kept}”不能同时享受，两者金额相同，都是{worth}")
            return say(text, english, kept=name, worth=_shown(worth))
        text = N_("与“{kept}”不能同时享受：这项{worth}，那项{more}")
        more = _shown(sum((each.worth or ZERO for each in self.instead), ZERO))
        return say(text, english, kept=name, worth=_shown(worth), more=more)


@dataclasses.dataclass(frozen=True, slots=True)
class Bundle:
    """The best combination of what is met, and what it gives up."""

    kept: tuple[Entitlement, ...]
    given_up: tuple[GivenUp, ...]

    @property
    def worth(self) -> Decimal:
        """The sure money of everything kept, 元, of one year or one project each."""
        return sum((each.worth or ZERO for each in self.kept), ZERO)

    @property
    def open(self) -> tuple[Entitlement, ...]:
        """What is kept with an amount that is still open."""
        return tuple(e for e in self.kept if e.amount and e.amount.missing)


def best_bundle(package: Package) -> Bundle:
    """The combination worth most; among equals the one that keeps most."""
    offered = [each for each in package.entitlements if each.outcome is MET]
    apart = list(exclusions(offered))
    kept = set(_choose(offered, apart))
    chosen = [each for at, each in enumerate(offered) if at in kept]
    given_up = []
    for at, each in enumerate(offered):
        if at in kept:
            continue
        rivals = {b if a == at else a for a, b in apart if at in {a, b}} & kept
        instead = sorted((offered[r] for r in rivals), key=lambda e: -(e.worth or ZERO))
        given_up.append(GivenUp(each, tuple(instead)))
    return Bundle(tuple(chosen), tuple(given_up))


def exclusions(offered: Sequence[Entitlement]) -> Iterable[tuple[int, int]]:
    """Pairs of places in the list that cannot be had together."""
    for (a, first), (b, second) in itertools.combinations(enumerate(offered), 2):
        one, two = first.mechanism, second.mechanism
        group = one.choose_one and one.choose_one == two.choose_one
        if group or one.id in two.not_with or two.id in one.not_with:
            yield a, b


def _choose(
    offered: Sequence[Entitlement], apart: Iterable[tuple[int, int]]
) -> Iterable[int]:
    model = Model()
    taken = [model.variable() for _ in offered]
    for a, b in apart:
        model.at_most({taken[a]: 1, taken[b]: 1}, 1)
    sure = {v: -float(_cents(e.worth)) for v, e in zip(taken, offered, strict=True)}
    known = {
        v: -float(e.worth is not None) for v, e in zip(taken, offered, strict=True)
    }
    number = dict.fromkeys(taken, -1.0)
    first = {v: float(v) for v in taken}
    found = model.solve([sure, known, number, first])
    assert found is not None  # taking nothing always fits
    return [at for at, value in enumerate(found) if value]


def _cents(worth: Decimal | None) -> Decimal:
    return (worth or ZERO) / CENT


def _shown(worth: Decimal) -> str:
    return show_money(worth)
