"""Which facts are missing: those whose absence keeps an outcome from being decided.

Branches that known facts have decided ask for nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tidu.rules import nodes
from tidu.rules.evaluate import condition, value
from tidu.rules.facts import key_of
from tidu.rules.outcomes import MET, UNKNOWN, UNMET
from tidu.rules.scope import Scope

Found = dict[str, None]  # keys in the order they are met


def missing(node: nodes.Node, scope: Scope) -> list[str]:
    """Keys of the facts that would decide a node: ``["rnd_expense@2024"]``."""
    found: Found = {}
    _collect(node, scope, found)
    return list(found)


def _collect(node: nodes.Node, scope: Scope, found: Found) -> None:
    _COLLECTORS[type(node)](node, scope, found)


def _collect_open(node: nodes.Node, scope: Scope, found: Found) -> None:
    if condition(node)(scope) is UNKNOWN:
        _collect(node, scope, found)


def _fact(node: nodes.FactRef, scope: Scope, found: Found) -> None:
    if node.offset is None:
        if node.id not in scope.values:
            found[node.id] = None
        return
    year = scope.year - node.offset
    if year not in scope.values.get(node.id, ()):
        found[key_of(node.id, year)] = None


def _years(node: nodes.SumYears, scope: Scope, found: Found) -> None:
    for back in range(node.count):
        _collect(nodes.shift(node.fact, back), scope, found)


def _growth(node: nodes.Growth, scope: Scope, found: Found) -> None:
    for back in range(0, node.count + 1, 1 if node.mean else node.count):
        _collect(nodes.shift(node.fact, back), scope, found)


def _first_given(node: nodes.FirstGiven, scope: Scope, found: Found) -> None:
    if value(node)(scope) is None:
        _fact(node.options[-1], scope, found)


def _grade(node: nodes.Grade, scope: Scope, found: Found) -> None:
    table, last = node.table, scope.year - 1
    rows = table.candidates(scope.values.get(table.by))
    if len(rows) > 1:
        found[table.by] = None
    for row in rows:
        for indicator in row.indicators:
            asked = node.indicator in {"", indicator.fact}
            if asked and last not in scope.values.get(indicator.fact, ()):
                found[key_of(indicator.fact, last)] = None


def _score(node: nodes.Score, scope: Scope, found: Found) -> None:
    for item in scope.card:
        if node.id in {"", item.group, item.id}:
            if item.id not in scope.missing:
                scope.missing[item.id] = missing(item.points, scope)
            found.update(dict.fromkeys(scope.missing[item.id]))


def _bands(node: nodes.Bands, scope: Scope, found: Found) -> None:
    for step in node.steps:
        outcome = condition(step.when)(scope)
        if outcome is MET:
            break
        if outcome is UNKNOWN:
            _collect(step.when, scope, found)


def _sum(node: nodes.Sum, scope: Scope, found: Found) -> None:
    for step in node.steps:
        _collect_open(step.when, scope, found)


def _choose(node: nodes.Choose, scope: Scope, found: Found) -> None:
    chosen = condition(node.when)(scope)
    _collect_open(node.when, scope, found)
    if chosen is not UNMET:
        _collect_open(node.then, scope, found)
    if chosen is not MET:
        _collect_open(node.otherwise, scope, found)


def _items(node: nodes.All | nodes.Any, scope: Scope, found: Found) -> None:
    for item in node.items:
        _collect_open(item, scope, found)


def _parts(node: nodes.Total | nodes.Lowest, scope: Scope, found: Found) -> None:
    for item in node.items:
        _collect(item, scope, found)


def _each_year(node: nodes.EachYear, scope: Scope, found: Found) -> None:
    _collect(nodes.expand(node), scope, found)


def _reviewed(node: nodes.Reviewed, scope: Scope, found: Found) -> None:
    if node.item is not None:
        _collect_open(node.item, scope, found)


def _sides(node: nodes.Compare, scope: Scope, found: Found) -> None:
    _collect(node.left, scope, found)
    _collect(node.right, scope, found)


def _ratio(node: nodes.Ratio, scope: Scope, found: Found) -> None:
    _collect(node.part, scope, found)
    _collect(node.whole, scope, found)


def _inner(name: str) -> Callable[[Any, Scope, Found], None]:
    def collect(node: Any, scope: Scope, found: Found) -> None:
        _collect(getattr(node, name), scope, found)

    return collect


def _nothing(_node: nodes.Node, _scope: Scope, _found: Found) -> None:
    """Constants and clauses for people ask the enterprise for nothing."""


_COLLECTORS: dict[type[nodes.Node], Callable[[Any, Scope, Found], None]] = {
    nodes.FactRef: _fact,
    nodes.Number: _nothing,
    nodes.Manual: _nothing,
    nodes.SumYears: _years,
    nodes.Growth: _growth,
    nodes.FirstGiven: _first_given,
    nodes.PartOf: _inner("part"),
    nodes.Age: _inner("fact"),
    nodes.Flag: _inner("fact"),
    nodes.Is: _inner("fact"),
    nodes.Has: _inner("fact"),
    nodes.Given: _inner("fact"),
    nodes.Not: _inner("item"),
    nodes.Ever: _inner("item"),
    nodes.WhereGiven: _inner("item"),
    nodes.Ratio: _ratio,
    nodes.Compare: _sides,
    nodes.Grade: _grade,
    nodes.Score: _score,
    nodes.Bands: _bands,
    nodes.Sum: _sum,
    nodes.Total: _parts,
    nodes.Lowest: _parts,
    nodes.Choose: _choose,
    nodes.All: _items,
    nodes.Any: _items,
    nodes.AtLeast: _items,
    nodes.EachYear: _each_year,
    nodes.Reviewed: _reviewed,
}
