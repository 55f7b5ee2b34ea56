"""Where one enterprise stands: facts + rule set + date → outcome and findings."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tidu.rules import evaluate
from tidu.rules.facts import Facts
from tidu.rules.findings import Basis, Finding
from tidu.rules.outcomes import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
    join_all,
    join_any,
)
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Criterion, Kind, RuleSet, ScoreCard, Window
from tidu.rules.scope import (
    NOT_USED,
    UNDEFINED,
    Interval,
    Scope,
    full_years,
    interval,
)
from tidu.rules.vocabulary import Text


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """What a rule set says about one enterprise on one day.

    ``score``: points, or an Interval while an item is open, None without score card.
    ``value``: grade reached (1…), 0 for none, an Interval while open, else None.
    ``rule_set`` is None before the scheme's first edition.
    """

    scheme: str
    outcome: Outcome
    rule_set: RuleSet | None
    kind: Kind
    on: datetime.date
    score: Decimal | Interval | None = None
    value: int | Interval | None = None
    findings: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def value_name(self) -> str | None:
        """The grade's id (small, 2 …), or None while it is open."""
        if not isinstance(self.value, int) or self.rule_set is None:
            return None
        return self.rule_set.grades[self.value - 1] if self.value else "0"

    def finding(self, criterion_id: str) -> Finding:
        """The finding of one criterion; KeyError if there is none."""
        for found in self.findings + self.advice:
            if found.id == criterion_id:
                return found
        raise KeyError(criterion_id)


def prepare(facts: Facts, pack: Pack, on: datetime.date) -> Facts:
    """The facts as of a day: dates that void a title, years counted from a date.

    A title whose end date lies before ``on`` is false; ``niche_since`` wins over
    ``niche_years``; facts with a definition are computed where they are not given.
    """
    values = dict(facts.values)
    sources = dict(facts.sources)
    for fact in pack.dated_facts:
        date = values.get(fact.expires or fact.since)
        if not isinstance(date, datetime.date):
            continue
        if fact.since:
            year_end = datetime.date(on.year - 1, 12, 31)
            values[fact.id] = Decimal(full_years(date, year_end))
        elif date < on:
            values[fact.id] = False
        else:
            continue
        if source := sources.get(fact.expires or fact.since):
            sources[fact.id] = source
    for fact_id, definition in pack.definitions.items():
        if fact_id not in values:
            found = evaluate.value(definition)(Scope(values, on, on.year))
            if isinstance(found, Decimal | int):
                values[fact_id] = found
    return Facts(values, sources)


def assess(
    pack: Pack,
    rule_set: RuleSet,
    facts: Facts,
    *,
    on: datetime.date,
    kind: Kind = Kind.NEW,
    window: Window | None = None,
) -> Standing:
    """Apply one rule set to prepared facts (see :func:`prepare`)."""
    scope = Scope(facts.values, on, on.year, rule_set.items)
    basis = Basis(scope, facts, pack.words, kind)
    if rule_set.score_card:
        score_up(rule_set.score_card, scope)
    findings: list[Finding] = []
    outcomes = [
        _judge(criterion, basis, kind, findings) for criterion in rule_set.criteria
    ]
    for item in rule_set.items:
        points = scope.scores[item.id]
        findings.append(Finding(item, _of_points(points), basis, points))
    advice: list[Finding] = []
    for criterion in rule_set.advice:
        _judge(criterion, basis, kind, advice)
    notes = (*rule_set.notes, *([window.note] if window and window.note else []))
    outcome, value = join_all(outcomes), None
    if rule_set.value is not None:
        outcome, value, reported = _graded(rule_set, scope)
        notes = (*notes, *reported)
    return Standing(
        scheme=rule_set.scheme,
        outcome=outcome,
        rule_set=rule_set,
        kind=kind,
        on=on,
        score=scope.scores.get(""),
        value=value,
        findings=tuple(findings),
        advice=tuple(advice),
        notes=notes,
    )


def score_up(card: ScoreCard, scope: Scope) -> None:
    """Fill ``scope.scores`` with the points of each item, each group and the total."""
    low: dict[str, Decimal] = dict.fromkeys((*card.groups, ""), Decimal(0))
    high = dict(low)
    for item in card.items:
        points = evaluate.value(item.points)(scope)
        scope.scores[item.id] = points
        least, most = points if isinstance(points, Interval) else (points, points)
        low[item.group] += least
        high[item.group] += most
    for ends in (low, high):
        ends[""] = sum(ends.values(), Decimal(0))
    for name, least in low.items():
        scope.scores[name] = interval(least, high[name])


def _judge(
    criterion: Criterion, basis: Basis, kind: Kind, out: list[Finding]
) -> Outcome:
    """Judge a criterion and its parts; findings come parent first."""
    place = len(out)
    level: Any = None
    if kind not in criterion.kinds:
        outcome = NOT_APPLICABLE
    elif criterion.parts:
        join = join_any if criterion.any_of else join_all
        outcome = join([_judge(part, basis, kind, out) for part in criterion.parts])
    elif criterion.level is not None:
        level = evaluate.value(criterion.level)(basis.scope)
        outcome = _of_level(level)
    else:
        outcome = evaluate.condition(criterion.tree(kind))(basis.scope)
    if criterion.id:
        out.insert(place, Finding(criterion, outcome, basis, level))
    return outcome


def _of_points(points: Any) -> Outcome:
    if isinstance(points, Interval):
        return UNKNOWN
    return MET if points > 0 else UNMET


def _of_level(level: Any) -> Outcome:
    if level is UNDEFINED:
        return MANUAL
    if level is NOT_USED:
        return NOT_APPLICABLE
    if level is None or isinstance(level, Interval):
        return UNKNOWN
    return MET if level > 0 else UNMET


def _graded(
    rule_set: RuleSet, scope: Scope
) -> tuple[Outcome, int | Interval | None, tuple[Text, ...]]:
    """The value of a graded scheme; a reported level stands in for no answers."""
    assert rule_set.value is not None
    found = evaluate.value(rule_set.value)(scope)
    if isinstance(found, Decimal | int):
        return MET, int(found), ()
    reported = scope.values.get(rule_set.reported)
    exists = isinstance(reported, int) and 0 <= reported <= len(rule_set.grades)
    if exists and not _answered(rule_set, scope.values):
        return MET, reported, (SELF_REPORTED,)
    return UNKNOWN, found if isinstance(found, Interval) else None, ()


SELF_REPORTED = Text(
    "按企业自报的等级，未核对问卷",
    "as reported by the enterprise; the questionnaire was not checked",
)


def _answered(rule_set: RuleSet, values: Mapping[str, Any]) -> bool:
    return any(fact_id in values for fact_id in rule_set.facts)


def stand(
    pack: Pack,
    scheme_id: str,
    facts: Facts,
    *,
    on: datetime.date,
    kind: Kind = Kind.NEW,
) -> Standing:
    """Choose the rule set of a scheme and apply it to prepared facts."""
    found = pack.schemes[scheme_id].which(kind, on)
    if found is None:
        return Standing(scheme_id, NOT_APPLICABLE, None, kind, on)
    rule_set, window = found
    return assess(pack, rule_set, facts, on=on, kind=kind, window=window)
