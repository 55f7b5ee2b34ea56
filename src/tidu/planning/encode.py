"""Criterion tree → rows of the model: a binary may be 1 only where the clause holds.

Negations are pushed to the leaves; one direction of each implication is enough, since
the plan asks every clause to hold. Leaves without a lever are decided by the reference
evaluator. Clauses for people (manual, reviewed) pass here and are named in the path.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from decimal import Decimal

from tidu.planning.amounts import Amounts
from tidu.planning.model import Linear
from tidu.rules import evaluate, nodes
from tidu.rules.facts import FactType
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNMET
from tidu.rules.rulesets import Kind, RuleSet
from tidu.rules.scope import as_range

Truth = int | bool
_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}
_MOST_GRID = 60  # points of the middle year in a mean growth


class Encoder:
    """Encodes rule sets at rounds into one model."""

    def __init__(self, amounts: Amounts, kind: Kind) -> None:
        self.amounts = amounts
        self.model = amounts.model
        self.kind = kind
        self.granted: dict[
            tuple[str, int], Truth
        ] = {}  # title fact, round it is won in
        self.titles: dict[str, int] = {}  # title fact → it is newly won
        self._card: tuple[RuleSet, int] | None = None

    # -- whole rule sets -------------------------------------------------------

    def rule_set(self, rule_set: RuleSet, at: int, kind: Kind) -> dict[str, Truth]:
        """The truth of every criterion that applies, by criterion id."""
        outer, self._card = self._card, (rule_set, at)
        found = {
            each.id: self.truth(each.tree(kind), at)
            for each in rule_set.criteria
            if kind in each.kinds and each.level is None
        }
        self._card = outer
        return found

    def title(self, fact_id: str, at: int) -> Truth:
        """Whether a title not held yet is held at a round: won in an earlier one."""
        lever = self.amounts.levers.get(fact_id)
        if lever is None or lever.way != "title":
            return False
        won = [self._won(fact_id, lever.scheme, earlier) for earlier in range(at)]
        held = self.any(won)
        if held is False:
            return False
        if fact_id not in self.titles:
            self.titles[fact_id] = self.model.variable()
        return self.all([held, self.titles[fact_id]])

    def _won(self, fact_id: str, scheme_id: str, at: int) -> Truth:
        key = (fact_id, at)
        if key not in self.granted:
            scheme = self.amounts.pack.schemes[scheme_id]
            found = scheme.which(Kind.NEW, self.amounts.horizon.date(at))
            met = self.rule_set(found[0], at, Kind.NEW) if found else {"": False}
            self.granted[key] = self.all(met.values())
        return self.granted[key]

    # -- joining ---------------------------------------------------------------

    def all(self, truths: Iterable[Truth]) -> Truth:
        """A binary that may be 1 only where all are."""
        found = list(truths)
        if any(each is False for each in found):
            return False
        # By identity: variable 1 equals True.
        parts = list(dict.fromkeys(each for each in found if each is not True))
        if len(parts) <= 1:
            return parts[0] if parts else True
        joined = self.model.variable()
        for part in parts:
            self.model.imply(joined, part)
        return joined

    def any(self, truths: Iterable[Truth]) -> Truth:
        """A binary that may be 1 only where one is."""
        return self.at_least(1, list(truths))

    def at_least(self, count: int, truths: list[Truth]) -> Truth:
        """A binary that may be 1 only where ``count`` are."""
        count -= sum(each is True for each in truths)
        parts = [e for e in truths if e is not True and e is not False]
        if count <= 0:
            return True
        if len(parts) < count:
            return False
        if len(parts) == 1:
            return parts[0]
        joined = self.model.variable()
        terms = {joined: -count}
        for part in parts:
            terms[part] = terms.get(part, 0) + 1
        self.model.at_least(terms, 0)
        return joined

    # -- conditions ------------------------------------------------------------

    def truth(self, node: nodes.Node, at: int, *, wanted: bool = True) -> Truth:
        """The truth of a condition, or of its negation where it is not wanted."""
        below = functools.partial(self.truth, at=at, wanted=wanted)
        applies = functools.partial(self._applies, at=at)
        match nodes.expand(node):
            case nodes.All(items):
                parts = [below(each) for each in items if applies(each)]
                return self.all(parts) if wanted else self.any(parts)
            case nodes.Any(items):
                parts = [below(each) for each in items if applies(each)]
                return self.any(parts) if wanted else self.all(parts)
            case nodes.Not(item):
                return self.truth(item, at, wanted=not wanted)
            case nodes.AtLeast(count, items):
                parts = [below(each) for each in items]
                need = count if wanted else len(parts) - count + 1
                return self.at_least(need, parts)
            case nodes.Choose(when, then, otherwise):
                first = self.all([self.truth(when, at), below(then)])
                second = self.all(
                    [self.truth(when, at, wanted=False), below(otherwise)]
                )
                return self.any([first, second])
            case nodes.WhereGiven(item):
                return below(item)
            case nodes.Reviewed(_, item):
                return self._reviewed(node, item, at)
            case nodes.Manual():
                return True
            case nodes.Flag(nodes.FactRef(fact_id)):
                return self._flag(node, fact_id, at, wanted=wanted)
            case nodes.Is(nodes.FactRef(fact_id), options):
                return self._is(node, fact_id, options, at, wanted=wanted)
            case nodes.Compare() as comparison:
                return self._compare(comparison, at, wanted=wanted)
        return self._constant(node, at, wanted=wanted)

    def _applies(self, node: nodes.Node, at: int) -> bool:
        """Whether a clause applies at all; one that does not leaves the list."""
        if not any(isinstance(each, nodes.WhereGiven) for each in nodes.walk(node)):
            return True
        return evaluate.condition(node)(self.amounts.scope(at)) is not NOT_APPLICABLE

    def _constant(self, node: nodes.Node, at: int, *, wanted: bool) -> bool:
        outcome = evaluate.condition(node)(self.amounts.scope(at))
        return outcome is (MET if wanted else UNMET)

    def _reviewed(self, node: nodes.Node, item: nodes.Node | None, at: int) -> Truth:
        assert isinstance(node, nodes.Reviewed)
        verdict = evaluate.value(node.fact)(self.amounts.scope(at))
        if verdict is False:
            return False
        return True if item is None else self.truth(item, at)

    def _flag(self, node: nodes.Node, fact_id: str, at: int, *, wanted: bool) -> Truth:
        if self._constant(node, at, wanted=wanted):
            return True
        if not wanted:
            return False
        title = self.title(fact_id, at)
        if title is not False:
            return title
        return self.any(self.amounts.options(fact_id, at).values())

    def _is(
        self,
        node: nodes.Node,
        fact_id: str,
        options: tuple[str, ...],
        at: int,
        *,
        wanted: bool,
    ) -> Truth:
        offered = self.amounts.options(fact_id, at)
        good = [b for option, b in offered.items() if (option in options) is wanted]
        if not self._constant(node, at, wanted=wanted):
            return self.any(good)
        bad = [b for option, b in offered.items() if (option in options) is not wanted]
        if not bad:
            return True
        stays = self.model.variable()
        self.model.at_least({stays: -1, **dict.fromkeys(bad, -1)}, -1)
        return stays

    # -- comparisons -----------------------------------------------------------

    def _compare(self, node: nodes.Compare, at: int, *, wanted: bool) -> Truth:
        op = node.op if wanted else _OPPOSITE[node.op]
        bound = node.right.value if isinstance(node.right, nodes.Number) else None
        match node.left:
            case nodes.Ratio(part, whole) if bound is not None:
                top, base = (
                    self.amounts.linear(part, at),
                    self.amounts.linear(whole, at),
                )
                if top is None or base is None:
                    return False
                positive = self.model.indicator(base, strict=True)
                return self.all([positive, self._holds(op, top.plus(base, -bound))])
            case nodes.Growth() as growth if bound is not None:
                return self._growth(growth, op, bound, at)
            case nodes.Score(score_id) if bound is not None:
                return self._holds(op, self._points(score_id, at).plus(Linear(-bound)))
            case nodes.Grade() as grade if bound is not None:
                return self._grade(node, grade, op, int(bound), at, wanted=wanted)
            case nodes.Age():
                return self._constant(node, at, wanted=wanted)
            case nodes.SumYears(count, mean=True) if bound is not None:
                bound *= count
        left = self.amounts.linear(node.left, at)
        right = (
            Linear(bound) if bound is not None else self.amounts.linear(node.right, at)
        )
        if left is None or right is None:
            return self._constant(node, at, wanted=wanted)
        return self._holds(op, left.plus(right, Decimal(-1)))

    def _holds(self, op: str, difference: Linear) -> Truth:
        """``difference op 0`` as a binary."""
        down = Linear(Decimal(0), {}, difference.needs).plus(difference, Decimal(-1))
        match op:
            case ">=" | ">":
                return self.model.indicator(difference, strict=op == ">")
            case "<=" | "<":
                return self.model.indicator(down, strict=op == "<")
            case "==":
                ends = [self.model.indicator(difference), self.model.indicator(down)]
                return self.all(ends)
        sides = (difference, down)
        return self.any([self.model.indicator(each, strict=True) for each in sides])

    def _growth(self, node: nodes.Growth, op: str, bound: Decimal, at: int) -> Truth:
        figures = [
            self.amounts.linear(nodes.shift(node.fact, back), at)
            for back in range(node.count + 1)
        ]
        last, base = figures[0], figures[-1]
        if not node.mean or node.count == 1:
            if last is None or base is None:
                return False
            positive = self.model.indicator(base, strict=True)
            factor = (1 + bound) ** node.count
            return self.all([positive, self._holds(op, last.plus(base, -factor))])
        if any(each is None or each.const <= 0 for each in figures[1:]):
            return False
        middle, oldest = figures[1], figures[2]
        if node.count != 2 or last is None or oldest is None or oldest.terms:  # noqa: PLR2004
            return self._constant(
                nodes.Compare(op, node, nodes.Number(bound)), at, wanted=True
            )
        assert middle is not None
        return self.any(
            self._mean_growth(op, last, point, oldest.const, 2 * (1 + bound))
            for point in self._grid(middle)
        )

    def _mean_growth(
        self, op: str, last: Linear, middle: tuple[Linear, Decimal],
        oldest: Decimal, factor: Decimal,
    ) -> Truth:  # fmt: skip
        """last/middle + middle/oldest against the factor, at a point of the middle."""
        pinned, value = middle
        here = self._holds("==", pinned.plus(Linear(-value)))
        rest = value * value - factor * value * oldest
        scaled = Linear(rest).plus(last, oldest)
        return self.all([here, self._holds(op, scaled)])

    def _grid(self, middle: Linear) -> list[tuple[Linear, Decimal]]:
        """Points the middle year may take: all of its lattice, thinned to 60."""
        if not middle.terms:
            return [(middle, middle.const)]
        [(variable, step)] = middle.terms.items()
        most = self.model.most[variable]
        stride = max(1, -(-most // _MOST_GRID))
        counts = [*range(0, most, stride), most]
        return [(middle, middle.const + step * count) for count in counts]

    def _grade(
        self, node: nodes.Compare, grade: nodes.Grade, op: str, bound: int, at: int,
        *, wanted: bool,
    ) -> Truth:  # fmt: skip
        """At most a grade: in every row the industry may be in, one figure is below."""
        scope = self.amounts.scope(at)
        if evaluate.condition(node)(scope) is MANUAL:
            return True
        if op != "<=":
            return self._constant(node, at, wanted=wanted)
        rows = [
            row
            for row in grade.table.candidates(scope.values.get(grade.table.by))
            if row.indicators
        ]
        return self.all(
            self.any(
                self._below(each.fact, each.bounds[bound - 1], at)
                for each in row.indicators
            )
            for row in rows
        )

    def _below(self, fact_id: str, bound: Decimal, at: int) -> Truth:
        kind = self.amounts.pack.facts[fact_id].type
        value = self.amounts.linear(nodes.FactRef(fact_id, FactType(kind), 1), at)
        return False if value is None else self._holds("<", value.plus(Linear(-bound)))

    # -- points ----------------------------------------------------------------

    def _points(self, score_id: str, at: int) -> Linear:
        """Points that are sure under the plan: of the card, a group or one item."""
        assert self._card is not None
        total = Linear(Decimal(0))
        for item in self._card[0].items:
            if score_id in {"", item.group, item.id}:
                total = total.plus(self._item(item.points, at))
        return total

    def _item(self, points: nodes.Node, at: int) -> Linear:
        match points:
            case nodes.Bands(steps, otherwise):
                return self._bands(steps, otherwise, at)
            case nodes.Sum(steps, cap):
                return self._sum(steps, cap, at)
        return Linear(as_range(evaluate.value(points)(self.amounts.scope(at))).low)

    def _bands(
        self, steps: tuple[nodes.Step, ...], otherwise: Decimal, at: int
    ) -> Linear:
        sure, better = otherwise, []
        for step in steps:
            truth = self.truth(step.when, at)
            if truth is True:
                sure = step.value
                break
            if truth is not False:
                better.append((truth, step.value))
        total = Linear(sure)
        taken = []
        for truth, points in better:
            if points > sure:
                chosen = self.model.variable()
                self.model.imply(chosen, truth)
                total = total.plus(Linear(Decimal(0), {chosen: points - sure}))
                taken.append(chosen)
        if taken:
            self.model.at_least(dict.fromkeys(taken, -1), -1)
        return total

    def _sum(self, steps: tuple[nodes.Step, ...], cap: Decimal, at: int) -> Linear:
        truths = [(self.truth(step.when, at), step.value) for step in steps]
        sure = sum((p for truth, p in truths if truth is True), Decimal(0))
        if sure >= cap:
            return Linear(cap)
        added = Linear(sure)
        for truth, points in truths:
            if truth is not True and truth is not False:
                added = added.plus(Linear(Decimal(0), {truth: points}))
        if sum((p for truth, p in truths if truth is not False), Decimal(0)) <= cap:
            return added
        capped = self.model.variable(int(cap))
        free = self.model.indicator(
            added.plus(Linear(Decimal(0), {capped: Decimal(-1)}))
        )
        assert free is not False
        if free is not True:
            self.model.at_least({free: 1}, 1)
        return Linear(Decimal(0), {capped: Decimal(1)})
