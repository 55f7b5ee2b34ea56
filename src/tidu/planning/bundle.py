"""Which of the things a firm may have go together, and what the best choice gives up.

What excludes what is data of the packs; the choice is exact. Only money that is sure
counts; ceilings and open amounts never outweigh it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tidu.rules.entitlements import Entitlement, Package
from tidu.rules.language import N_, say
from tidu.rules.naming import show
from tidu.rules.outcomes import MET

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
        shown = show(worth, "元", english=english)
        total = sum((each.worth or ZERO for each in self.instead), ZERO)
        if worth == total:
            text = N_("与“{kept}”不能同时享受，两者金额相同，都是{worth}")
            return say(text, english, kept=name, worth=shown)
        text = N_("与“{kept}”不能同时享受：这项{worth}，那项{more}")
        more = show(total, "元", english=english)
        return say(text, english, kept=name, worth=shown, more=more)


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
        """What is kept with money that is still open."""
        return tuple(
            each
            for each in self.kept
            if each.amount and each.amount.missing and each.amount.rule.nature.adds_up
        )

    def total(self, *, english: bool = False) -> str:
        """The sure money in words; what is open is counted, never taken as zero."""
        worth = show(self.worth, "元", english=english)
        if not self.open:
            return worth
        text = N_("至少{worth}，另有{count}项还算不出来")
        if not self.worth:
            text = N_("还算不出来，{count}项缺数")
        return say(text, english, worth=worth, count=len(self.open))


def best_bundle(package: Package) -> Bundle:
    """The combination worth most; among equals the one that keeps most."""
    offered = [each for each in package.entitlements if each.outcome is MET]
    apart = list(exclusions(offered))
    kept = _Search(offered, apart).best(frozenset(range(len(offered))))
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


Worth = tuple[Decimal, int, int, int]
"""Sure money, then how many amounts are known, how much is kept, the earliest ones."""


class _Search:
    """The best choice among things of which some exclude each other, exactly.

    Amounts are added as decimals, so that no solver's tolerance can lose a cent. It
    branches on what excludes most; what then falls apart is searched part by part.
    """

    def __init__(
        self, offered: Sequence[Entitlement], apart: Iterable[tuple[int, int]]
    ) -> None:
        self.offered = offered
        self.rivals: dict[int, set[int]] = {at: set() for at in range(len(offered))}
        for a, b in apart:
            self.rivals[a].add(b)
            self.rivals[b].add(a)
        self.known: dict[frozenset[int], frozenset[int]] = {}

    def best(self, places: frozenset[int]) -> frozenset[int]:
        """The best choice among some places of the list."""
        if places not in self.known:
            parts = list(self.parts(places))
            found = [self.branched(part) for part in parts]
            self.known[places] = frozenset().union(*found)
        return self.known[places]

    def parts(self, places: frozenset[int]) -> Iterable[frozenset[int]]:
        """The places in groups that do not exclude each other."""
        left = set(places)
        while left:
            part, waiting = set(), [min(left)]
            while waiting:
                at = waiting.pop()
                if at in left:
                    left.discard(at)
                    part.add(at)
                    waiting.extend(self.rivals[at] & left)
            yield frozenset(part)

    def branched(self, part: frozenset[int]) -> frozenset[int]:
        """With and without the place that excludes most of its group."""
        if len(part) == 1:
            return part
        pivot = max(part, key=lambda at: (len(self.rivals[at] & part), -at))
        with_it = self.best(part - self.rivals[pivot] - {pivot}) | {pivot}
        without = self.best(part - {pivot})
        return max(with_it, without, key=self.worth)

    def worth(self, chosen: frozenset[int]) -> Worth:
        amounts = [self.offered[at].worth for at in chosen]
        known = [each for each in amounts if each is not None]
        first = -sum(1 << at for at in chosen)
        return sum(known, ZERO), len(known), len(chosen), first
