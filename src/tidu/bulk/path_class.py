"""What it would take to meet an unmet criterion: paper, money, years, or nothing known.

Tidu's own classification (grade ours): it orders the work, it is no rule. **paper**: a
title, certificate or entry has to be applied for; **money**: the business itself has to
be worked on (R&D, equity, revenue, staff, patents); **years**: only the calendar or
further closed accounts help; **blocked**: nothing among the known levers moves it. What
the levers are is told from outside; no class says how much would be needed.

Reading: of conditions that must all hold, the hardest that fails counts; of
alternatives, the cheapest. The last closed year (y1) is replaced within a year, so it
is moved like its fact; what reads an earlier year, every one of several years, or
growth, needs years. A score takes the cheapest class whose items could close the gap.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tidu.bulk import conditions, writing
from tidu.bulk.translator import Translator
from tidu.bulk.writing import Sql
from tidu.rules import nodes
from tidu.rules.facts import FactDictionary
from tidu.rules.rulesets import ScoreItem


class PathClass(enum.IntEnum):
    """From the cheapest up; the value is the code in SQL."""

    PAPER = 1
    MONEY = 2
    YEARS = 3
    BLOCKED = 4

    @property
    def word(self) -> str:
        """``paper``, as results write it."""
        return self.name.lower()


PAPER, MONEY, YEARS, BLOCKED = PathClass
_UP = {">=": (True,), ">": (True,), "<=": (False,), "<": (False,)}


@dataclasses.dataclass(frozen=True)
class Move:
    """How a fact can be moved: its class, and where to.

    A figure rises, or ``falls``; a flag becomes true; a choice becomes one of
    ``options``.
    """

    path: PathClass
    falls: bool = False
    options: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Paths:
    """Classifies the trees of one rule set; ``card``: the items of its score."""

    facts: FactDictionary
    moves: Mapping[str, Move]
    card: Sequence[ScoreItem] = ()

    # -- trees alone -------------------------------------------------------------

    def condition(self, node: nodes.Node, *, want: bool = True) -> PathClass:
        """The class of making a condition hold (or fail), nothing held before."""
        match node:
            case nodes.Compare(op, left, right):
                ways = _UP.get(op, (True, False))
                return min(
                    min(self.value(left, up=up), self.value(right, up=not up))
                    for up in (way is want for way in ways)
                )
            case nodes.Flag(nodes.PartOf(fact)) | nodes.Flag(nodes.FactRef() as fact):
                return self._moved(fact) if want and fact.id in self.moves else BLOCKED
            case nodes.Is(fact, options):
                return self._chosen(fact, options, want=want)
            case nodes.Has(fact, option):
                return self._chosen(fact, (option,)) if want else BLOCKED
            case nodes.All(items) | nodes.Any(items):
                found = [self.condition(each, want=want) for each in items]
                every = isinstance(node, nodes.All) is want
                return (max if every else min)(found, default=BLOCKED)
            case nodes.AtLeast(count, items):
                found = sorted(self.condition(each, want=want) for each in items)
                needed = count if want else len(items) - count + 1
                return found[needed - 1] if 0 < needed <= len(found) else BLOCKED
            case nodes.Not(item):
                return self.condition(item, want=not want)
            case nodes.Choose(_, then, otherwise):
                both = (then, otherwise)
                return max(self.condition(each, want=want) for each in both)
            case nodes.EachYear(count, item):
                one = self.condition(item, want=want)
                return max(one, YEARS) if want and count > 1 else one
            case nodes.WhereGiven(item):
                return self.condition(item, want=want)
            case nodes.Ever(item) | nodes.Reviewed(_, nodes.Node() as item) if want:
                return self.condition(item)
        return BLOCKED

    def value(self, node: nodes.Node, *, up: bool) -> PathClass:
        """The class of making a value larger, or smaller."""
        match node:
            case nodes.FactRef():
                return self._figure(node, up=up)
            case nodes.Age():
                return YEARS if up else BLOCKED
            case nodes.Ratio(part, whole):
                return min(self.value(part, up=up), self.value(whole, up=not up))
            case nodes.SumYears(_, fact) | nodes.PartOf(fact) | nodes.Given(fact):
                return self.value(fact, up=up)
            case nodes.Growth(_, fact):
                return max(YEARS, self.value(fact, up=up))
            case nodes.FirstGiven(options):
                return self._cheapest(options, up=up)
            case nodes.Total(items):
                return self._cheapest(items, up=up)
            case nodes.Lowest(items):
                found = [self.value(each, up=up) for each in items]
                return (max if up else min)(found, default=BLOCKED)
            case nodes.Score() if up:
                return self._cheapest([i.points for i in self._items(node)], up=up)
            case nodes.Bands(steps) | nodes.Sum(steps) if up:
                return min((self.condition(s.when) for s in steps), default=BLOCKED)
        return BLOCKED

    def _cheapest(self, options: Iterable[nodes.Node], *, up: bool) -> PathClass:
        return min((self.value(each, up=up) for each in options), default=BLOCKED)

    def _figure(self, node: nodes.FactRef, *, up: bool) -> PathClass:
        if up and self.facts[node.id].since:
            return YEARS  # counted from a date
        move = self.moves.get(node.id)
        return self._moved(node) if move and move.falls is not up else BLOCKED

    def _chosen(
        self, fact: nodes.FactRef, options: Sequence[str], *, want: bool = True
    ) -> PathClass:
        move = self.moves.get(fact.id)
        fits = move and any((each in options) is want for each in move.options)
        return self._moved(fact) if fits else BLOCKED

    def _moved(self, node: nodes.FactRef) -> PathClass:
        closed = node.offset is not None and node.offset > 1
        return (
            max(self.moves[node.id].path, YEARS) if closed else self.moves[node.id].path
        )

    # -- as firms stand ----------------------------------------------------------

    def needed(self, to: Translator, node: nodes.Node) -> Sql:
        """The class, as its code, for a firm that fails the condition.

        What holds already, or is not known to fail, needs nothing. Read only where the
        condition is unmet; elsewhere the number means nothing.
        """
        match node:
            case nodes.All(items) if items:
                return writing.greatest([self._if_failing(to, i, 0) for i in items])
            case nodes.Any(items) if items:
                return writing.least([self._if_failing(to, i, BLOCKED) for i in items])
            case nodes.Choose(when, then, otherwise):
                chosen = to.condition(when)
                yes, no = self.needed(to, then), self.needed(to, otherwise)
                whens = [
                    (conditions.holds(chosen), yes),
                    (conditions.fails(chosen), no),
                ]
                return writing.case(whens, writing.greatest([yes, no]))
            case nodes.AtLeast(count, items):
                return self._several(to, count, items)
            case nodes.Reviewed(_, nodes.Node() as item):
                return self._if_failing(to, item, BLOCKED)
            case nodes.Compare(">=" | ">" as op, nodes.Score() as score, bound):
                if isinstance(bound, nodes.Number):
                    return self._points(to, op, score, bound.value)
        return writing.integer(self.condition(node))

    def _if_failing(self, to: Translator, item: nodes.Node, otherwise: int) -> Sql:
        fails = conditions.fails(to.condition(item))
        return writing.case(
            [(fails, self.needed(to, item))], writing.integer(otherwise)
        )

    def _several(self, to: Translator, count: int, items: Sequence[nodes.Node]) -> Sql:
        """The cheapest class that lets enough of the items hold."""
        static = [self.condition(each) for each in items]
        held = [conditions.holds(to.condition(each)) for each in items]
        whens = []
        for path in (PAPER, MONEY, YEARS):
            reached = [
                writing.integer(1)
                if own <= path
                else writing.count_true(sql, unknown=False)
                for own, sql in zip(static, held, strict=True)
            ]
            enough = writing.compare(">=", writing.add(reached), writing.integer(count))
            whens.append((enough, writing.integer(path)))
        return writing.case(whens, writing.integer(BLOCKED))

    def _points(
        self, to: Translator, op: str, score: nodes.Score, bound: Decimal
    ) -> Sql:
        """The cheapest class whose items could, at their best, reach the points."""
        whens = []
        for path in (PAPER, MONEY, YEARS):
            best = []
            for item in self._items(score):
                low = to.scores[item.id].low
                assert low is not None, "points always have both ends"
                most = writing.number(self._within(item, path), to.dialect)
                best.append(writing.greatest([low.sql, most]))
            enough = writing.compare(
                op, writing.add(best), writing.number(bound, to.dialect)
            )
            whens.append((enough, writing.integer(path)))
        return writing.case(whens, writing.integer(BLOCKED))

    def _items(self, score: nodes.Score) -> list[ScoreItem]:
        wanted = score.id
        return [each for each in self.card if wanted in {"", each.group, each.id}]

    def _within(self, item: ScoreItem, path: PathClass) -> Decimal:
        """The points of an item that this class, or a cheaper one, can bring."""
        match item.points:
            case nodes.Bands(steps):
                found = [s.value for s in steps if self.condition(s.when) <= path]
                return max(found, default=Decimal(0))
            case nodes.Sum(steps, cap):
                found = [s.value for s in steps if self.condition(s.when) <= path]
                return min(cap, sum(found, Decimal(0)))
        reached = self.value(item.points, up=True) <= path
        return item.max if reached else Decimal(0)
