"""Which facts are missing: those whose absence keeps an outcome from being decided.

Branches that known facts have decided ask for nothing more. A tree is turned into
nested closures once and kept, as the evaluator does it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from tidu.rules import nodes
from tidu.rules.evaluate import condition, halves, value
from tidu.rules.facts import key_of
from tidu.rules.outcomes import MET, UNKNOWN, UNMET
from tidu.rules.scope import Scope

Found = dict[str, None]  # keys in the order they are met
Collect = Callable[[Scope, Found], None]


def missing(node: nodes.Node, scope: Scope) -> list[str]:
    """Keys of the facts that would decide a node: ``["rnd_expense@2024"]``."""
    found: Found = {}
    collector(node)(scope, found)
    return list(found)


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def collector(node: nodes.Node) -> Collect:
    """Turn a node into a function that collects the facts it misses."""
    match node:
        case nodes.FactRef():
            return _fact(node)
        case nodes.SumYears(count, fact):
            return _each(nodes.shift(fact, back) for back in range(count))
        case nodes.Growth(count, fact, mean):
            years = range(0, count + 1, 1 if mean else count)
            return _each(nodes.shift(fact, back) for back in years)
        case nodes.FirstGiven():
            return _first_given(node)
        case nodes.Grade():
            return lambda scope, found: _grade(node, scope, found)
        case nodes.Score(score_id):
            return lambda scope, found: _score(score_id, scope, found)
        case nodes.Bands(steps):
            return _bands(steps)
        case nodes.Sum(steps):
            return _open(step.when for step in steps)
        case nodes.Choose():
            return _choose(node)
        case nodes.All(items) | nodes.Any(items) | nodes.AtLeast(_, items):
            return _open(items)
        case nodes.EachYear():
            return collector(nodes.expand(node))
        case nodes.Reviewed(_, item):
            return _open([item] if item else [])
        case nodes.PartOf(part):
            return collector(part)
    return _each(nodes.children(node))


def _each(parts: Iterable[nodes.Node]) -> Collect:
    """Everything the parts miss."""
    collects = [collector(part) for part in parts]

    def collect(scope: Scope, found: Found) -> None:
        for each in collects:
            each(scope, found)

    return collect


def _open(items: Iterable[nodes.Node]) -> Collect:
    """What those conditions miss that are unknown."""
    parts = [(condition(item), collector(item)) for item in items]

    def collect(scope: Scope, found: Found) -> None:
        for check, collect_part in parts:
            if check(scope) is UNKNOWN:
                collect_part(scope, found)

    return collect


def _fact(node: nodes.FactRef) -> Collect:
    fact_id, offset = node.id, node.offset

    def collect(scope: Scope, found: Found) -> None:
        if offset is None:
            if fact_id not in scope.values:
                found[fact_id] = None
        elif (year := scope.year - offset) not in scope.values.get(fact_id, ()):
            found[key_of(fact_id, year)] = None

    return collect


def _first_given(node: nodes.FirstGiven) -> Collect:
    read, collect_last = value(node), collector(node.options[-1])

    def collect(scope: Scope, found: Found) -> None:
        if read(scope) is None:
            collect_last(scope, found)

    return collect


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


def _score(score_id: str, scope: Scope, found: Found) -> None:
    for item in scope.card:
        if score_id in {"", item.group, item.id}:
            if item.id not in scope.missing:
                scope.missing[item.id] = missing(item.points, scope)
            found.update(dict.fromkeys(scope.missing[item.id]))


def _bands(steps: tuple[nodes.Step, ...]) -> Collect:
    parts = [(*halves(step.when), collector(step.when)) for step in steps]

    def collect(scope: Scope, found: Found) -> None:
        measured = figure = None
        for measure, judge, collect_step in parts:
            if measure is not measured:
                measured, figure = measure, measure(scope)
            outcome = judge(figure)
            if outcome is MET:
                return
            if outcome is UNKNOWN:
                collect_step(scope, found)

    return collect


def _choose(node: nodes.Choose) -> Collect:
    chosen = condition(node.when)
    whole, then, otherwise = (
        _open(branches) for branches in ([node.when], [node.then], [node.otherwise])
    )

    def collect(scope: Scope, found: Found) -> None:
        outcome = chosen(scope)
        whole(scope, found)
        if outcome is not UNMET:
            then(scope, found)
        if outcome is not MET:
            otherwise(scope, found)

    return collect
