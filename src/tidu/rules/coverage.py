"""Which examples a pack owes its readers: each outcome, and one on each threshold.

What can come out of a tree, and which thresholds it has, is read from the tree; an
example counts where it speaks of the tree's criterion.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from itertools import product

from tidu.rules import evaluate, nodes
from tidu.rules.assess import Standing
from tidu.rules.facts import FactType
from tidu.rules.outcomes import (
    MANUAL,
    MET,
    UNKNOWN,
    UNMET,
    Outcome,
    join_all,
    join_any,
    negate,
)
from tidu.rules.packs import Pack
from tidu.rules.printing import print_expression
from tidu.rules.rulesets import Kind, RuleSet
from tidu.rules.scope import Interval, Scope
from tidu.rules.tables import Table, TableRow
from tidu.rules.units import plain

Border = Callable[[Scope], bool]
_YEARS_ON_FILE = 5


@dataclasses.dataclass(slots=True)
class Wanted:
    """A tree, and the outcomes and borders no example has shown yet.

    ``owner``: the id under which an example speaks of it. ``computed``: an item of a
    province's own, inside the slot ``owner`` names.
    """

    rule_set: RuleSet
    place: str
    owner: str
    name: str
    tree: nodes.Node
    outcomes: set[Outcome]
    borders: dict[str, Border]
    computed: bool = False

    def look(self, named: Collection[str], standing: Standing) -> None:
        """Strike out what an example shows, if it speaks of (names) this tree."""
        if not {self.owner, f"points {self.owner}"} & set(named):
            return
        finding = standing.finding(self.owner)
        scope = finding.basis.scope
        if self.computed:
            points = evaluate.value(self.tree)(scope)
            exact = not isinstance(points, Interval)
            self.outcomes.discard((MET if points > 0 else UNMET) if exact else UNKNOWN)
        elif finding.tree == self.tree:
            self.outcomes.discard(finding.outcome)
        else:
            return
        for name in [name for name, is_on in self.borders.items() if is_on(scope)]:
            del self.borders[name]


def wanted(pack: Pack) -> Iterator[Wanted]:
    """Every criterion, named part, advice and score item of every rule set."""
    for rule_set in pack.rule_sets():
        yield from wanted_of_rule_set(rule_set)


def wanted_of_rule_set(rule_set: RuleSet) -> Iterator[Wanted]:
    """Every criterion, named part, advice and score item of one rule set."""
    trees: list[tuple[str, str, nodes.Node, bool]] = []
    for top in (*rule_set.criteria, *rule_set.advice):
        for each in (each for each in top.walk() if each.id):
            divided = bool(each.parts)
            trees.append((each.id, each.id, each.tree(Kind.NEW), divided))
            if each.again is not None:
                name = f"{each.id}[{Kind.REVERIFICATION}]"
                trees.append((each.id, name, each.again, divided))
    trees += [(item.id, item.id, item.points, False) for item in rule_set.items]
    for owner, name, tree, divided in trees:
        outcomes = set(possible(tree))
        # the borders of a group are those of its parts
        found = {} if divided else borders(tree)
        yield Wanted(rule_set, rule_set.place, owner, name, tree, outcomes, found)


def wanted_of_fills(pack: Pack, base: Pack) -> Iterator[Wanted]:
    """The items a province computes inside the slots it fills."""
    for rule_set in pack.rule_sets():
        place = f"{pack.folder}/schemes/{rule_set.name}.yaml"
        for item in rule_set.items:
            given = item.points
            fact_id = given.fact.id if isinstance(given, nodes.Given) else ""
            total = pack.definitions.get(fact_id)
            if isinstance(total, nodes.Total) and fact_id not in base.definitions:
                for at, tree in enumerate(total.items, 1):
                    yield Wanted(
                        rule_set,
                        place,
                        item.id,
                        f"{item.id}/{at}",
                        tree,
                        set(possible(tree)),
                        borders(tree),
                        computed=True,
                    )


# -- outcomes and borders a tree can have ------------------------------------


def possible(node: nodes.Node) -> frozenset[Outcome]:
    """The outcomes an example can show of a condition, or of the points of an item.

    ``manual`` is among them only where people judge, not for an odd base of a ratio.
    """
    match node:
        case nodes.Manual():
            return frozenset({MANUAL})
        case nodes.Not(item):
            return frozenset(negate(each) for each in possible(item))
        case nodes.Ever():
            return frozenset({MET, UNKNOWN})
        case nodes.EachYear(_, item) | nodes.WhereGiven(item):
            return possible(item)
        case nodes.Reviewed(_, item):
            before = possible(item) - {MET} if item else frozenset()
            return before | {MET, UNMET, MANUAL}
        case nodes.All(items):
            return _joined(join_all, items)
        case nodes.Any(items):
            return _joined(join_any, items)
        case nodes.Choose(when, then, otherwise):
            return possible(then) | possible(otherwise) | (possible(when) & {UNKNOWN})
        case nodes.Bands(steps, otherwise):
            return _of_values({*(step.value for step in steps), otherwise})
        case nodes.Grade():
            return frozenset({MET, UNKNOWN})
    return frozenset({MET, UNMET, UNKNOWN})


def _joined(
    join: Callable[[Iterable[Outcome]], Outcome], items: tuple[nodes.Node, ...]
) -> frozenset[Outcome]:
    found = possible(items[0])
    for item in items[1:]:
        found = frozenset(join(pair) for pair in product(found, possible(item)))
    return found


def _of_values(values: set[Decimal]) -> frozenset[Outcome]:
    found = {MET if value > 0 else UNMET for value in values}
    return frozenset(found | ({UNKNOWN} if len(values) > 1 else set()))


def borders(tree: nodes.Node) -> dict[str, Border]:
    """Each threshold of a tree, in words → whether a firm lies exactly on it."""
    found: dict[str, Border] = {}
    for alternatives in _comparisons(tree):
        compare_node = alternatives[0]
        bound = compare_node.right
        assert isinstance(bound, nodes.Number)
        name = f"{print_expression(compare_node.left)} = {bound.text}"
        found[name] = _on_any(alternatives)
    for node in nodes.walk(tree):
        if isinstance(node, nodes.Grade) and node.indicator:
            found |= _borders_of_table(node)
    return found


def _comparisons(node: nodes.Node) -> Iterator[tuple[nodes.Compare, ...]]:
    """Comparisons with a constant; one asked of several years counts in any of them."""
    if isinstance(node, nodes.EachYear | nodes.Ever):
        years = node.count if isinstance(node, nodes.EachYear) else _YEARS_ON_FILE
        for found in _comparisons(node.item):
            yield tuple(
                dataclasses.replace(
                    found[0],
                    left=nodes.shift(found[0].left, year),
                )
                for year in range(years)
            )
    elif isinstance(node, nodes.Compare):
        if isinstance(node.right, nodes.Number):
            yield (node,)
    else:
        for child in nodes.children(node):
            yield from _comparisons(child)


def _on_any(alternatives: tuple[nodes.Compare, ...]) -> Border:
    """Equal is neither above nor below; an open value or an odd base is neither."""
    both = [
        [evaluate.condition(dataclasses.replace(each, op=op)) for op in (">=", "<=")]
        for each in alternatives
    ]
    return lambda scope: any(
        all(check(scope) is MET for check in checks) for checks in both
    )


def _borders_of_table(node: nodes.Grade) -> dict[str, Border]:
    """The lower bounds of every row, each asked of a firm of that very row."""
    return {
        f"{row.label} {indicator.fact} = {plain(bound)}{indicator.unit}": (
            _on_bound(node.table, row, indicator.fact, bound)
        )
        for row in node.table.rows
        for indicator in row.indicators
        if indicator.fact == node.indicator
        for bound in indicator.bounds
    }


def _on_bound(table: Table, row: TableRow, fact_id: str, bound: Decimal) -> Border:
    read = evaluate.value(nodes.FactRef(fact_id, FactType.MONEY, 1))
    return lambda scope: (
        table.candidates(scope.values.get(table.by)) == (row,) and read(scope) == bound
    )
