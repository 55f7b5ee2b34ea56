"""Why an outcome came out: the readings that decide it.

A tree is turned into nested closures once and kept, as the evaluator does it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from tidu.rules import nodes
from tidu.rules.evaluate import condition, halves, year_of_ever
from tidu.rules.facts import key_of
from tidu.rules.outcomes import MET, UNMET, Outcome, negate
from tidu.rules.readings import Reader, reader
from tidu.rules.scope import Scope

# The leaves that were found with their own outcomes, each once, in the order written.
Leaves = dict[Reader, Outcome]
# Adds the leaves that carry the outcome a condition is known to have.
Decide = Callable[[Scope, Outcome, Leaves], None]


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def deciding(node: nodes.Node, *, wanted: bool = True) -> Decide:
    """Turn a condition into a function that finds the leaves deciding it."""
    match nodes.expand(node):
        case nodes.All(items) | nodes.AtLeast(_, items):
            return _carrying(items, wanted)
        case nodes.Any(items):
            return _carrying(items, wanted, enough=MET)
        case nodes.Not(item):
            inner = deciding(item, wanted=not wanted)
            return lambda scope, outcome, found: inner(scope, negate(outcome), found)
        case nodes.Choose() as choose:
            return _choosing(choose, wanted)
        case nodes.Ever(item):
            return _ever_holding(item, wanted)
        case nodes.WhereGiven(item):
            return lambda scope, _outcome, found: _read_now(item, wanted, scope, found)
        case nodes.Reviewed(_, nodes.Node() as item):
            return _reviewing(reader(node, wanted=wanted), item, wanted)
    leaf = reader(node, wanted=wanted)
    return lambda _scope, outcome, found: found.__setitem__(leaf, outcome)


def _carrying(
    items: tuple[nodes.Node, ...], wanted: bool, enough: Outcome | None = None
) -> Decide:
    """The items that have the outcome themselves; one is enough for ``enough``."""
    parts = [(condition(each), deciding(each, wanted=wanted)) for each in items]

    def decide(scope: Scope, outcome: Outcome, found: Leaves) -> None:
        for check, decide_part in parts:
            if check(scope) is outcome:
                decide_part(scope, outcome, found)
                if outcome is enough:
                    return

    return decide


def _choosing(node: nodes.Choose, wanted: bool) -> Decide:
    when, decide_when = condition(node.when), deciding(node.when, wanted=wanted)
    then, otherwise = (
        deciding(node.then, wanted=wanted),
        deciding(node.otherwise, wanted=wanted),
    )

    def decide(scope: Scope, outcome: Outcome, found: Leaves) -> None:
        chosen = when(scope)
        if chosen is MET:
            then(scope, outcome, found)
        elif chosen is UNMET:
            otherwise(scope, outcome, found)
        elif outcome is chosen:
            decide_when(scope, chosen, found)
        else:  # the band is open, but both branches agree
            then(scope, outcome, found)
            otherwise(scope, outcome, found)

    return decide


def _ever_holding(item: nodes.Node, wanted: bool) -> Decide:
    """What decides the latest year in which it holds; none holds: its last year."""

    def decide(scope: Scope, _outcome: Outcome, found: Leaves) -> None:
        held = year_of_ever(item, scope)
        if held is None:
            _read_now(item, wanted, scope, found)
        else:
            deciding(held, wanted=wanted)(scope, MET, found)

    return decide


def _read_now(node: nodes.Node, wanted: bool, scope: Scope, found: Leaves) -> None:
    found[reader(node, wanted=wanted)] = condition(node)(scope)


def _reviewing(leaf: Reader, item: nodes.Node, wanted: bool) -> Decide:
    before, decide_before = condition(item), deciding(item, wanted=wanted)

    def decide(scope: Scope, outcome: Outcome, found: Leaves) -> None:
        first = before(scope)
        if first is MET:
            found[leaf] = outcome
        else:
            decide_before(scope, first, found)

    return decide


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def measuring(node: nodes.Node) -> Callable[[Scope, Leaves], None]:
    """Turn points or a grade into a function that finds what they were taken from.

    Of bands the step that holds or is open, else the lowest; of a sum every step.
    """
    match node:
        case nodes.Bands(steps):
            return _measuring_bands(steps)
        case nodes.Sum(steps):
            whens = [(reader(s.when), condition(s.when)) for s in steps]
            return lambda scope, found: found.update(
                (leaf, check(scope)) for leaf, check in whens
            )
        case nodes.Given(fact):
            figure = reader(fact)
            return lambda _scope, found: found.__setitem__(figure, MET)
    grade = reader(node)
    return lambda _scope, found: found.__setitem__(grade, MET)


def _measuring_bands(steps: tuple[nodes.Step, ...]) -> Callable[[Scope, Leaves], None]:
    parts = [(*halves(step.when), deciding(step.when)) for step in steps]

    def find(scope: Scope, found: Leaves) -> None:
        measured = figure = None
        for measure, judge, decide in parts:
            if measure is not measured:
                measured, figure = measure, measure(scope)
            outcome = judge(figure)
            if outcome is not UNMET:
                decide(scope, outcome, found)
                return
        lowest: Leaves = {}
        decide(scope, UNMET, lowest)
        first = next(iter(lowest))
        found[first] = lowest[first]

    return find


def keys_read(node: nodes.Node, scope: Scope) -> list[str]:
    """Keys of every fact a node reads, known or not."""
    found: dict[str, None] = {}
    for each in nodes.walk(node):
        match each:
            case nodes.FactRef(fact_id, _, offset):
                year = None if offset is None else scope.year - offset
                found[key_of(fact_id, year)] = None
            case nodes.SumYears(count, nodes.FactRef(fact_id, _, int() as offset)):
                for years in range(count):
                    found[key_of(fact_id, scope.year - offset - years)] = None
            case nodes.Growth(count, nodes.FactRef(fact_id, _, int() as offset)):
                for years in range(count + 1):
                    found[key_of(fact_id, scope.year - offset - years)] = None
            case nodes.Grade(table, indicator):
                found[table.by] = None
                for fact in (indicator,) if indicator else table.facts:
                    found[key_of(fact, scope.year - 1)] = None
    return list(found)
