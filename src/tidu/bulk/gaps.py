"""Why a criterion is open or failed: the facts it lacks, and how far it falls short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tidu.bulk import amounts, conditions, grades, values, writing
from tidu.bulk.columns import SEPARATOR
from tidu.bulk.translator import Translator
from tidu.bulk.writing import Sql
from tidu.rules import nodes
from tidu.rules.facts import key_of
from tidu.rules.readings import unit_of
from tidu.rules.rulesets import ScoreItem

Lacking = tuple[str, tuple[Sql, ...]]  # a fact's key, and when its absence matters


def missing_text(
    to: Translator, tree: nodes.Node, open_: Sql, card: Sequence[ScoreItem]
) -> Sql:
    """Keys of the facts that would decide a tree (``a;b@2025``).

    NULL if it is not open or none is missing.
    """
    when = _by_key(_lacking(to, tree, card))
    if not when:
        return writing.null("VARCHAR")
    parts = [
        writing.case(
            [(writing.either(reasons), writing.string(SEPARATOR + key))],
            writing.string(""),
        )
        for key, reasons in when.items()
    ]
    joined = writing.rest(writing.concatenate(parts), 1 + len(SEPARATOR))
    return writing.case([(open_, writing.unless(joined, writing.string("")))])


def _lacking(  # noqa: C901, PLR0912 - one arm for each kind of node
    to: Translator, node: nodes.Node, card: Sequence[ScoreItem]
) -> Iterator[Lacking]:
    """What :mod:`tidu.rules.missing` collects, and when it does."""
    match node:
        case nodes.FactRef():
            yield _fact(to, node)
        case nodes.SumYears(count, fact):
            for back in range(count):
                yield _fact(to, fact, back)
        case nodes.Growth(count, fact, mean):
            for back in range(0, count + 1, 1 if mean else count):
                yield _fact(to, fact, back)
        case nodes.FirstGiven(options):
            none = writing.both([writing.is_null(to.fact(each)) for each in options])
            yield from _under([none], _lacking(to, options[-1], card))
        case nodes.Grade():
            yield from _grade(to, node)
        case nodes.Score(score_id):
            for item in card:
                if score_id in {"", item.group, item.id}:
                    yield from _of_item(to, item, card)
        case nodes.Bands(steps):
            before: list[Sql] = []
            for step in steps:
                yield from _under(before, _open(to, [step.when], card))
                passed = writing.untrue(conditions.holds(to.condition(step.when)))
                before.append(to.steps.shared(passed, "passed"))
        case nodes.Sum(steps):
            yield from _open(to, [step.when for step in steps], card)
        case nodes.Choose(when, then, otherwise):
            chosen = to.condition(when)
            yield from _open(to, [when], card)
            yield from _under(
                [writing.untrue(conditions.fails(chosen))], _open(to, [then], card)
            )
            yield from _under(
                [writing.untrue(conditions.holds(chosen))], _open(to, [otherwise], card)
            )
        case nodes.All(items) | nodes.Any(items) | nodes.AtLeast(_, items):
            yield from _open(to, items, card)
        case nodes.EachYear():
            yield from _lacking(to, nodes.expand(node), card)
        case nodes.Reviewed(_, item):
            yield from _open(to, [item] if item else [], card)
        case nodes.PartOf(part):
            yield from _lacking(to, part, card)
        case _:
            for child in nodes.children(node):
                yield from _lacking(to, child, card)


def _of_item(
    to: Translator, item: ScoreItem, card: Sequence[ScoreItem]
) -> Iterator[Lacking]:
    """What one item lacks; named, for several criteria read the same card."""
    if item not in to.lacking:
        when = _by_key(_lacking(to, item.points, card))
        to.lacking[item] = {
            key: to.steps.shared(writing.either(reasons), "lacks")
            for key, reasons in when.items()
        }
    for key, reason in to.lacking[item].items():
        yield key, (reason,)


def _by_key(lacking: Iterable[Lacking]) -> dict[str, list[Sql]]:
    found: dict[str, list[Sql]] = {}
    for key, reasons in lacking:
        found.setdefault(key, []).append(writing.both(reasons))
    return found


def _open(
    to: Translator, items: Iterable[nodes.Node], card: Sequence[ScoreItem]
) -> Iterator[Lacking]:
    """What those conditions lack that are unknown."""
    for item in items:
        unknown = conditions.is_unknown(to.condition(item))
        named = to.steps.shared(unknown, "open")
        yield from _under([named], _lacking(to, item, card))


def _under(reasons: Sequence[Sql], lacking: Iterable[Lacking]) -> Iterator[Lacking]:
    for key, more in lacking:
        yield key, (*reasons, *more)


def _fact(to: Translator, node: nodes.FactRef, back: int = 0) -> Lacking:
    year = None if node.offset is None else to.on.year - node.offset - back
    return key_of(node.id, year), (writing.is_null(to.column(node.id, year)),)


def _grade(to: Translator, node: nodes.Grade) -> Iterator[Lacking]:
    table, last = node.table, to.on.year - 1
    row = to.row_of(table)
    known = grades.candidates(table)
    several = [writing.integer(at) for at, rows in enumerate(known) if len(rows) > 1]
    if several:
        yield table.by, (writing.within(row, several),)
    for fact_id in table.facts:
        if node.indicator in {"", fact_id}:
            asked = [
                writing.integer(at)
                for at, rows in enumerate(known)
                if any(i.fact == fact_id for each in rows for i in each.indicators)
            ]
            absent = writing.is_null(to.column(fact_id, last))
            yield key_of(fact_id, last), (writing.within(row, asked), absent)


# -- shortfalls ----------------------------------------------------------------------


_GAP = "DECIMAL(38, 10)"


def shortfall(to: Translator, tree: nodes.Node) -> Sql | None:
    """How much an unmet criterion lacks or has too much, in base units.

    Of a ratio it is the part that falls short, of a growth the last year's figure. Of
    several conditions that must all hold it is the largest, of alternatives the
    smallest. None where the conditions do not share a unit.
    """
    leaves = list(_leaves(tree))
    if not leaves or len({_unit(each) for each in leaves}) != 1 or not _unit(leaves[0]):
        return None
    unmet = conditions.fails(to.condition(tree))
    return writing.case([(unmet, to.steps.shared(_short(to, tree), "gap"))])


def _leaves(node: nodes.Node) -> Iterator[nodes.Node]:
    match node:
        case nodes.All(items) | nodes.Any(items):
            for each in items:
                yield from _leaves(each)
        case nodes.EachYear():
            yield from _leaves(nodes.expand(node))
        case _:
            yield node


def _unit(leaf: nodes.Node) -> str:
    """What a leaf's gap is counted in; empty where it has none."""
    match leaf:
        case nodes.Compare(">=" | ">" | "<=" | "<", left, nodes.Number()):
            match left:
                case nodes.FactRef() | nodes.SumYears(mean=False) | nodes.PartOf():
                    return unit_of(left) or "points"
                case nodes.FirstGiven():
                    return unit_of(left)
                case nodes.Ratio(part):
                    return unit_of(part)
                case nodes.Growth(fact=fact, mean=False):
                    return unit_of(fact)
                case nodes.Score():
                    return "points"
    return ""


def _short(to: Translator, node: nodes.Node) -> Sql:
    match node:
        case nodes.EachYear():
            return _short(to, nodes.expand(node))
        case nodes.All(items):
            return _extreme(to, items, writing.greatest)
        case nodes.Any(items):
            return _extreme(to, items, writing.least)
    assert isinstance(node, nodes.Compare)
    assert isinstance(node.right, nodes.Number)
    unmet = conditions.fails(to.condition(node))
    bound = node.right.value
    if isinstance(node.left, nodes.Ratio | nodes.Growth):
        proportion = values.proportion(to, node.left)
        scale = proportion.scale(bound)
        base = amounts.scaled(proportion.base, scale, to.dialect)
        gap = writing.minus(base, proportion.top.sql)
    else:
        low, high = values.ends(to.value(node.left))
        end = high if node.op[0] == ">" else low
        gap = writing.minus(writing.number(bound, to.dialect), end.sql)
    if node.op[0] == "<":
        gap = writing.negative(gap)
    return writing.case([(unmet, writing.cast(gap, _GAP))])


def _extreme(
    to: Translator, items: Sequence[nodes.Node], join: Callable[[Sequence[Sql]], Sql]
) -> Sql:
    """The largest or smallest gap of those that are known."""
    gaps = [to.steps.name(_short(to, each), "gap") for each in items]
    known = writing.coalesce(*gaps)
    return join([writing.coalesce(each, known) for each in gaps])
