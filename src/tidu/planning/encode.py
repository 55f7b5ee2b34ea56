"""Criterion tree → rows of the model: a binary may be 1 only where the clause holds.

Negations are pushed to the leaves; one direction of each implication is enough, since
the plan asks every clause to hold. Leaves without a lever are decided by the reference
evaluator. Clauses for people (manual, reviewed) pass here and are named in the path.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tidu.planning import growth
from tidu.planning.amounts import Amounts
from tidu.planning.logic import Logic, Truth
from tidu.planning.model import Linear
from tidu.planning.points import Points, for_people
from tidu.rules import evaluate, nodes
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET
from tidu.rules.rulesets import Kind, RuleSet

_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}


class Encoder(Logic):
    """Encodes rule sets at rounds into one model.

    ``granted``: that a title is won in a round; ``titles``: that it is newly won at
    all.
    """

    def __init__(self, amounts: Amounts) -> None:
        super().__init__(amounts.model)
        self.amounts = amounts
        self.granted: dict[tuple[str, int], Truth] = {}
        self.titles: dict[str, int] = {}
        self._card: RuleSet | None = None
        self._located: dict[tuple[int, tuple[int, int]], Truth] = {}

    # -- whole rule sets -------------------------------------------------------

    def rule_set(self, rule_set: RuleSet, at: int, kind: Kind) -> dict[str, Truth]:
        """The truth of every criterion that applies, by criterion id."""
        outer, self._card = self._card, rule_set
        found = {
            each.id: self.truth(each.tree(kind), at)
            for each in rule_set.criteria
            if kind in each.kinds and each.level is None
        }
        self._card = outer
        return found

    def title(self, fact_id: str, at: int) -> Truth:
        """Whether a title not held yet is held at a round: won in an earlier one."""
        lever = self.amounts.levers.by_fact.get(fact_id)
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
            outlook = self.amounts.outlook
            scheme = outlook.pack.schemes[scheme_id]
            found = scheme.which(Kind.NEW, outlook.horizon.date(at))
            met = self.rule_set(found[0], at, Kind.NEW) if found else {"": False}
            self.granted[key] = self.all(met.values())
        return self.granted[key]

    # -- conditions ------------------------------------------------------------

    def truth(self, node: nodes.Node, at: int, *, wanted: bool = True) -> Truth:
        """The truth of a condition, or of its negation where it is not wanted."""
        below = functools.partial(self.truth, at=at, wanted=wanted)
        match nodes.expand(node):
            case nodes.All(items) | nodes.Any(items) as joined:
                applying = [each for each in items if self._applies(each, at)]
                if isinstance(joined, nodes.All) is wanted:
                    return self.all(below(each) for each in applying)
                return self.any(below(e) for e in self._deciding(applying, at))
            case nodes.Not(item):
                return self.truth(item, at, wanted=not wanted)
            case nodes.AtLeast(count, items):
                need = count if wanted else len(items) - count + 1
                parts = [below(each) for each in self._deciding(items, at)]
                return self.at_least(need, parts)
            case nodes.Choose() as choice:
                return self._choose(choice, at, wanted=wanted)
            case nodes.WhereGiven(item):
                return below(item)
            case nodes.Ever(item) if wanted and not self._constant(
                node, at, wanted=True
            ):
                return self.any(below(nodes.shift(item, back)) for back in range(at))
            case nodes.Reviewed(_, item) as reviewed if wanted:
                return self._reviewed(reviewed, item, at)
            case nodes.Manual():
                return True
            case nodes.Flag(nodes.FactRef(fact_id)) as flag:
                return self._flag(flag, fact_id, at, wanted=wanted)
            case nodes.Is(nodes.FactRef(fact_id), options) as choice:
                return self._is(choice, fact_id, options, at, wanted=wanted)
            case nodes.Compare() as comparison:
                return self._compare(comparison, at, wanted=wanted)
        return self._constant(node, at, wanted=wanted)

    def _applies(self, node: nodes.Node, at: int) -> bool:
        """Whether a clause applies at all; one that does not leaves the list."""
        if not any(isinstance(each, nodes.WhereGiven) for each in nodes.walk(node)):
            return True
        found = evaluate.condition(node)(self.amounts.outlook.scope(at))
        return found is not NOT_APPLICABLE

    def _deciding(self, items: Iterable[nodes.Node], at: int) -> list[nodes.Node]:
        """The items one of which may decide: unknown ones come before people."""
        found = list(items)
        if not any(for_people(each) for each in found):
            return found
        scope = self.amounts.outlook.scope(at)
        if not any(evaluate.condition(each)(scope) is UNKNOWN for each in found):
            return found
        return [each for each in found if not for_people(each)]

    def _constant(self, node: nodes.Node, at: int, *, wanted: bool) -> bool:
        outcome = evaluate.condition(node)(self.amounts.outlook.scope(at))
        return outcome is (MET if wanted else UNMET)

    def _choose(self, node: nodes.Choose, at: int, *, wanted: bool) -> Truth:
        then = self.truth(node.then, at, wanted=wanted)
        otherwise = self.truth(node.otherwise, at, wanted=wanted)
        return self.any(
            [
                self.all([self.truth(node.when, at), then]),
                self.all([self.truth(node.when, at, wanted=False), otherwise]),
                self.all([then, otherwise]),
            ]
        )

    def _reviewed(
        self, node: nodes.Reviewed, item: nodes.Node | None, at: int
    ) -> Truth:
        verdict = evaluate.value(node.fact)(self.amounts.outlook.scope(at))
        if verdict is False:
            return False
        return True if item is None else self.truth(item, at)

    def _flag(self, node: nodes.Flag, fact_id: str, at: int, *, wanted: bool) -> Truth:
        now = self._constant(node, at, wanted=wanted)
        if not wanted:
            if not now:
                return False
            raised = list(self.amounts.options(fact_id, at).values())
            if self.title(fact_id, at) is not False:
                raised.append(self.titles[fact_id])
            return self.none(raised)
        if now:
            return True
        title = self.title(fact_id, at)
        if title is not False:
            return title
        return self.any(self.amounts.options(fact_id, at).values())

    def _is(
        self, node: nodes.Is, fact_id: str, options: tuple[str, ...], at: int,
        *, wanted: bool,
    ) -> Truth:  # fmt: skip
        offered = self.amounts.options(fact_id, at)
        if self._constant(node, at, wanted=wanted):
            wrong = [o for o in offered if (o in options) is not wanted]
            return self.none(offered[each] for each in wrong)
        return self.any(b for o, b in offered.items() if (o in options) is wanted)

    # -- comparisons -----------------------------------------------------------

    def _compare(self, node: nodes.Compare, at: int, *, wanted: bool) -> Truth:
        op = node.op if wanted else _OPPOSITE[node.op]
        if not isinstance(node.right, nodes.Number):
            right = self.amounts.linear(node.right, at)
            left = self.amounts.linear(node.left, at)
            if left is None or right is None:
                return self._constant(node, at, wanted=wanted)
            return self.holds(op, left.plus(right, -1))
        bound = Fraction(node.right.value)
        match node.left:
            case nodes.Ratio(part, whole):
                top = self.amounts.linear(part, at)
                base = self.amounts.linear(whole, at)
                return self._proportion(op, top, base, bound)
            case nodes.Growth() as rate:
                return self._growth(node, rate, op, at, wanted=wanted)
            case nodes.Score(score_id) if op in {">=", ">"} and self._card:
                truth = functools.partial(self.truth, at=at)
                points = Points(self.model, truth, self.amounts.outlook.scope(at))
                total = points.total(self._card.items, score_id)
                return self.holds(op, total.minus(bound))
            case nodes.Grade() as grade if op == "<=" and not grade.strict:
                return self._grade(node, grade, int(bound), at)
            case nodes.SumYears(count, mean=True):
                bound *= count
        left = self.amounts.linear(node.left, at)
        if left is None:
            return self._constant(node, at, wanted=wanted)
        return self.holds(op, left.minus(bound))

    def _proportion(
        self, op: str, top: Linear | None, base: Linear | None, bound: Fraction
    ) -> Truth:
        """``top ≥ bound · base`` with a base above zero."""
        if top is None or base is None:
            return False
        positive = self.model.indicator(base, strict=True)
        return self.all([positive, self.holds(op, top.plus(base, -bound))])

    def _growth(
        self, node: nodes.Compare, rate: nodes.Growth, op: str, at: int, *, wanted: bool
    ) -> Truth:
        assert isinstance(node.right, nodes.Number)
        quotient = 1 + Fraction(node.right.value)
        figures = [
            self.amounts.linear(nodes.shift(rate.fact, back), at)
            for back in range(rate.count + 1)
        ]
        last, middle, oldest = figures[0], figures[1], figures[-1]
        if not rate.mean or rate.count == 1:
            return self._proportion(op, last, oldest, quotient**rate.count)
        if last is None or middle is None or oldest is None:
            return False
        plain = rate.count == 2 and not oldest.terms  # noqa: PLR2004
        if not plain or len(middle.terms) > 1 or op not in {">=", ">"}:
            return self._constant(node, at, wanted=wanted)
        if middle.const <= 0 or oldest.const <= 0:
            return False
        return self._mean_growth(op, last, middle, oldest.const, 2 * quotient)

    def _mean_growth(
        self, op: str, last: Linear, middle: Linear, oldest: Fraction, factor: Fraction
    ) -> Truth:
        """The mean of two rates, the middle year open or not."""
        if not middle.terms:
            asked = factor * middle.const - middle.const**2 / oldest
            return self.holds(op, last.minus(asked))
        [variable] = middle.terms
        return self.any(
            self.all(
                [
                    self._location(variable, span),
                    self.holds(
                        op, last.plus(growth.line(middle, oldest, factor, span), -1)
                    ),
                ]
            )
            for span in growth.spans(self.model.most[variable])
        )

    def _location(self, variable: int, span: tuple[int, int]) -> Truth:
        """That a variable lies in a span."""
        if (variable, span) not in self._located:
            here = Linear.times(1, variable)
            first, final = here.minus(span[0]), here.minus(span[1])
            ends = [self.holds(">=", first), self.holds("<=", final)]
            self._located[variable, span] = self.all(ends)
        return self._located[variable, span]

    def _grade(
        self, node: nodes.Compare, grade: nodes.Grade, bound: int, at: int
    ) -> Truth:
        """At most a grade: in every row the industry may be in, one figure is below."""
        scope = self.amounts.outlook.scope(at)
        if evaluate.condition(node)(scope) is MANUAL:
            return True
        rows = grade.table.candidates(scope.values.get(grade.table.by))
        return self.all(
            self.any(
                self._below(each.fact, each.bounds[bound - 1], at)
                for each in row.indicators
                if grade.indicator in {"", each.fact}
            )
            for row in rows
            if row.indicators
        )

    def _below(self, fact_id: str, bound: Decimal, at: int) -> Truth:
        fact = self.amounts.outlook.pack.facts[fact_id]
        last = self.amounts.linear(nodes.FactRef(fact_id, fact.type, 1), at)
        return False if last is None else self.holds("<", last.minus(bound))
