"""Rule sets in SQL: every criterion, the score card, the outcome of each scheme."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tidu.bulk import conditions, grades, values, writing
from tidu.bulk.amounts import Amount, total
from tidu.bulk.conditions import CODES, Coded, Condition, Truth
from tidu.bulk.translator import Translator
from tidu.bulk.values import Span, ends
from tidu.bulk.writing import Sql
from tidu.rules import nodes
from tidu.rules.outcomes import MANUAL, NOT_APPLICABLE
from tidu.rules.rulesets import Criterion, Kind, RuleSet, ScoreCard


@dataclasses.dataclass(frozen=True)
class Judged:
    """One criterion or score item: its outcome and, for an item, its points.

    ``gap_tree``: the conditions an unmet one falls short of, None where it has none.
    """

    id: str
    outcome: Condition
    tree: nodes.Node
    points: Span | None = None
    top_level: bool = True
    gap_tree: nodes.Node | None = None


@dataclasses.dataclass(frozen=True)
class SchemeSql:
    """One scheme's rule set over everybody; ``rule_set`` None before the first one.

    ``score``: least and most points; ``value``: grade from 1, NULL while it is open.
    """

    scheme: str
    rule_set: RuleSet | None
    outcome: Condition
    judged: tuple[Judged, ...] = ()
    score: Span | None = None
    value: Sql | None = None


def translate_scheme(
    to: Translator, scheme: str, rule_set: RuleSet | None, kind: Kind
) -> SchemeSql:
    """Everything a rule set says, as columns of the translator's query."""
    if rule_set is None:
        return SchemeSql(scheme, None, Coded(writing.integer(CODES[NOT_APPLICABLE])))
    to.turn_to({})
    card = rule_set.score_card
    if card:
        to.turn_to(_score_up(to, scheme, card))
    judged: list[Judged] = []
    outcomes = [
        _judge(to, scheme, each, kind, judged, top=True) for each in rule_set.criteria
    ]
    for item in rule_set.items:
        points = to.scores[item.id]
        judged.append(Judged(item.id, _of_points(points), item.points, points))
    outcome = conditions.join_all(outcomes)
    outcome = conditions.named(to, outcome, f"{scheme}__joined", always=True)
    value = None
    if rule_set.value is not None:
        outcome, value = _graded(to, scheme, rule_set)
    return SchemeSql(scheme, rule_set, outcome, tuple(judged), to.scores.get(""), value)


def _score_up(to: Translator, scheme: str, card: ScoreCard) -> dict[str, Span]:
    """Points of each item, each group and the total, as named columns."""
    found: dict[str, Span] = {}
    members: dict[str, list[Span]] = {group: [] for group in card.groups}
    for item in card.items:
        span = _named(to, to.value(item.points), f"{scheme}__{item.id}")
        found[item.id] = span
        members.setdefault(item.group, []).append(span)
    for group, spans in members.items():
        if group and spans:
            found[group] = _named(to, _added(spans), f"{scheme}__{group}")
        elif group:
            zero = Amount(writing.integer(0), 0, 0)
            found[group] = Span(zero, zero)
    everything = [span for spans in members.values() for span in spans]
    found[""] = _named(to, _added(everything), f"{scheme}__score")
    return found


def _added(spans: Sequence[Span]) -> Span:
    return Span(
        total([each.low for each in spans]), total([each.high for each in spans])
    )


def _named(to: Translator, value: values.Value, name: str) -> Span:
    low, high = ends(value)
    named = [
        dataclasses.replace(end, sql=to.steps.name(end.sql, f"{name}__{side}"))
        for end, side in ((low, "low"), (high, "high"))
    ]
    return Span(*named)


def _judge(
    to: Translator,
    scheme: str,
    criterion: Criterion,
    kind: Kind,
    out: list[Judged],
    *,
    top: bool,
) -> Condition:
    """A criterion and its parts; parents stand before their parts."""
    place = len(out)
    if kind not in criterion.kinds:
        outcome: Condition = Coded(writing.integer(CODES[NOT_APPLICABLE]))
    elif criterion.parts:
        inner = top and not criterion.id
        parts = [
            _judge(to, scheme, each, kind, out, top=inner) for each in criterion.parts
        ]
        outcome = (
            conditions.join_any(to, parts)
            if criterion.any_of
            else conditions.join_all(parts)
        )
    elif criterion.level is not None:
        outcome = _of_level(to, criterion.level)
    else:
        outcome = to.condition(criterion.tree(kind))
    if not criterion.id:
        return outcome
    name = f"{scheme}__{criterion.id}__outcome"
    outcome = conditions.named(to, outcome, name, always=True)
    tree = criterion.tree(kind)
    gap_tree = tree if criterion.level is None and kind in criterion.kinds else None
    out.insert(
        place, Judged(criterion.id, outcome, tree, top_level=top, gap_tree=gap_tree)
    )
    return outcome


def _of_points(points: Span) -> Condition:
    """Met above zero, unmet at zero, unknown while the range is open."""
    return Truth(_above_zero(points.low.sql, points.high.sql))


def _above_zero(low: Sql, high: Sql) -> Sql:
    positive = writing.compare(">", low, writing.integer(0))
    return writing.case([(writing.equal(low, high), positive)])


def _of_level(to: Translator, level: nodes.Node) -> Condition:
    """What a grade says: undefined is manual, unused does not apply."""
    low, high = ends(to.value(level))
    if not isinstance(level, nodes.Grade):
        return Truth(_above_zero(low.sql, high.sql))
    keys = grades.keys_of(level)
    row = to.row_of(level.table)
    special = [
        (writing.within(row, rows), writing.integer(CODES[outcome]))
        for rows, outcome in (
            (keys.undefined, MANUAL),
            (keys.unused, NOT_APPLICABLE),
        )
        if rows
    ]
    decided = conditions.code(Truth(_above_zero(low.sql, high.sql)))
    return Coded(writing.case(special, decided))


def _graded(to: Translator, scheme: str, rule_set: RuleSet) -> tuple[Condition, Sql]:
    """The value of a graded scheme; a reported level stands in for no answers."""
    assert rule_set.value is not None
    low, high = ends(to.value(rule_set.value))
    sure = writing.case([(writing.equal(low.sql, high.sql), low.sql)])
    value = to.steps.name(sure, f"{scheme}__sure")
    if rule_set.reported:
        value = _reported(to, scheme, rule_set, value)
    decided = writing.invert(writing.is_null(value))
    return Truth(writing.case([(decided, writing.TRUE)])), value


def _reported(to: Translator, scheme: str, rule_set: RuleSet, value: Sql) -> Sql:
    fact = to.facts[rule_set.reported]
    reported = to.column(fact.id, to.on.year - 1 if fact.yearly else None)
    given = [
        writing.invert(writing.is_null(to.column(each, year)))
        for each in sorted(rule_set.facts)
        for year in (to.years({each}) if to.facts[each].yearly else [None])
    ]
    silent = writing.invert(writing.either(given)) if given else writing.TRUE
    exists = writing.both(
        [
            writing.compare(">=", reported, writing.integer(0)),
            writing.compare("<=", reported, writing.integer(len(rule_set.grades))),
        ]
    )
    allowed = writing.both([writing.is_null(value), exists, silent])
    found = writing.case([(allowed, reported)], value)
    return to.steps.name(found, f"{scheme}__grade")


def first_failing(judged: Sequence[Judged]) -> Sql:
    """The id of the first criterion that is unmet, NULL if none is."""
    whens = [
        (conditions.fails(each.outcome), writing.string(each.id))
        for each in judged
        if each.top_level and each.points is None
    ]
    return writing.case(whens) if whens else writing.null("VARCHAR")


def grade_text(rule_set: RuleSet, value: Sql) -> Sql:
    """The grade's id; "0" for none; NULL while it is open."""
    names = ["0", *rule_set.grades]
    return writing.lookup(
        value,
        [(writing.integer(at), writing.string(name)) for at, name in enumerate(names)],
    )
