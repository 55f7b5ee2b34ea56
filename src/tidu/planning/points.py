"""Points of a score card under a plan: what the card surely gives.

Like the reference evaluator's lower end: steps that are unknown or for people give
nothing.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from tidu.planning.logic import Truth
from tidu.planning.model import Linear, Model
from tidu.rules import evaluate, nodes
from tidu.rules.rulesets import ScoreItem
from tidu.rules.scope import Scope, as_range


def for_people(node: nodes.Node) -> bool:
    """Whether people judge the condition or a part of it."""
    return any(isinstance(e, nodes.Manual | nodes.Reviewed) for e in nodes.walk(node))


@dataclasses.dataclass(frozen=True, slots=True)
class Points:
    """Points at a round; ``truth`` encodes a condition, ``scope`` is the status quo."""

    model: Model
    truth: Callable[[nodes.Node], Truth]
    scope: Scope

    def total(self, items: Iterable[ScoreItem], score_id: str) -> Linear:
        """The points of the card, of a group or of one item."""
        total = Linear.of(0)
        for item in items:
            if score_id in {"", item.group, item.id}:
                total = total.plus(self.of(item.points))
        return total

    def of(self, points: nodes.Node) -> Linear:
        """The points of one item."""
        match points:
            case nodes.Bands(steps, otherwise) if _falling(steps, otherwise):
                return self._bands(steps, otherwise)
            case nodes.Sum(steps, cap):
                return self._sum(steps, cap)
            case nodes.Total(items, cap):
                added = Linear.of(0)
                for each in items:
                    added = added.plus(self.of(each))
                return self._capped(added, cap)
        return Linear.of(as_range(evaluate.value(points)(self.scope)).low)

    def _sure(self, when: nodes.Node) -> Truth:
        return False if for_people(when) else self.truth(when)

    def _bands(self, steps: tuple[nodes.Step, ...], otherwise: Decimal) -> Linear:
        sure, better = otherwise, []
        for step in steps:
            truth = self._sure(step.when)
            if truth is True:
                sure = step.value
                break
            if truth is not False:
                better.append((truth, step.value))
        total = Linear.of(sure)
        taken = []
        for truth, points in better:
            if points > sure:
                chosen = self.model.variable()
                self.model.imply(chosen, truth)
                total = total.plus(Linear.times(points - sure, chosen))
                taken.append(chosen)
        if len(taken) > 1:
            self.model.at_most(dict.fromkeys(taken, 1), 1)
        return total

    def _sum(self, steps: tuple[nodes.Step, ...], cap: Decimal) -> Linear:
        added = Linear.of(0)
        for step in steps:
            truth = self._sure(step.when)
            if truth is True:
                added = added.plus(Linear.of(step.value))
            elif truth is not False:
                added = added.plus(Linear.times(step.value, truth))
        return self._capped(added, cap)

    def _capped(self, added: Linear, cap: Decimal) -> Linear:
        """At most the cap, and at most what has been added up."""
        gains = (
            max(c, Fraction(0)) * self.model.most[v] for v, c in added.terms.items()
        )
        highest = added.const + sum(gains, Fraction(0))
        if highest <= cap:
            return added
        if added.const >= cap or not added.terms:
            return Linear.of(cap)
        parts = [added.const, Fraction(cap), *added.terms.values()]
        unit = Fraction(1, math.lcm(*(each.denominator for each in parts)))
        spare = self.model.variable(math.ceil((highest - Fraction(cap)) / unit))
        held = added.plus(Linear(Fraction(0), {spare: -unit}))
        self.model.require(Linear.of(cap).plus(held, -1))
        return held


def _falling(steps: tuple[nodes.Step, ...], otherwise: Decimal) -> bool:
    """Whether an earlier step is never worth less than a later one."""
    values = [*(step.value for step in steps), otherwise]
    return all(first >= second for first, second in itertools.pairwise(values))
