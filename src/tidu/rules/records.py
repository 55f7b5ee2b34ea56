"""Standings as plain records: the JSON of ``tidu assess``, word for word the contract.

Amounts and ratios are strings in base units, counts are numbers, dates ISO text.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tidu.rules import nodes
from tidu.rules.assess import Standing
from tidu.rules.findings import Finding
from tidu.rules.readings import Reading
from tidu.rules.rulesets import Criterion, ScoreItem
from tidu.rules.scope import Interval
from tidu.rules.units import plain

Record = dict[str, Any]


def standing_record(standing: Standing, *, english: bool = False) -> Record:
    """One scheme's entry: outcome, rule set, score, value, criteria, advice."""
    rule_set = standing.rule_set
    record: Record = {
        "outcome": standing.outcome.value,
        "rule_set": rule_set.name if rule_set else None,
        "score": None,
        "value": standing.value_name,
    }
    if isinstance(standing.score, Interval):
        record["score_range"] = [_number(end) for end in standing.score]
    elif standing.score is not None:
        record["score"] = _number(standing.score)
    if isinstance(standing.value, Interval):
        record["value_range"] = [_number(end) for end in standing.value]
    record["criteria"] = [finding_record(f, english=english) for f in standing.findings]
    record["advice"] = [finding_record(f, english=english) for f in standing.advice]
    record["notes"] = [note.say(english=english) for note in standing.notes]
    return record


def finding_record(finding: Finding, *, english: bool = False) -> Record:
    """One criterion's entry, with what explains it."""
    about, reading = finding.about, finding.reading
    record: Record = {
        "id": finding.id,
        "label": about.label.say(english=english),
        "outcome": finding.outcome.value,
        "value": _value(reading),
        "threshold": _threshold(reading),
        "op": reading.op if reading else "",
        "period": reading.period if reading else "",
        "clause": about.clause,
        "grade": finding.grade.value,
        "missing": finding.missing,
        "sentence": finding.sentence(english=english),
    }
    if isinstance(about, ScoreItem):
        record |= _points_record(finding, about)
    elif about.part_of:
        record["part_of"] = about.part_of
    if isinstance(about, Criterion) and about.level is not None:
        record["level"] = _level(finding)
    if about.note:
        record["note"] = about.note.say(english=english)
    if finding.sources:
        record["source"] = finding.sources
    return record


def _points_record(finding: Finding, item: ScoreItem) -> Record:
    points = finding.measured
    record: Record = {"max": _number(item.max), "group": item.group}
    if isinstance(points, Interval):
        return {"points": None, "points_range": [_number(p) for p in points], **record}
    return {"points": _number(points), **record}


def _level(finding: Finding) -> Any:
    tree, level = finding.tree, finding.measured
    if not isinstance(level, int | Decimal):
        return None
    if isinstance(tree, nodes.Grade):
        return tree.table.grades[int(level) - 1]
    return _number(level)


def _value(reading: Reading | None) -> Any:
    return None if reading is None else write(reading.value, reading.unit)


def _threshold(reading: Reading | None) -> Any:
    if reading is None:
        return None
    match reading.node:
        case nodes.Compare(_, nodes.Grade(table), nodes.Number(bound)):
            return table.grades[int(bound) - 1]
    return write(reading.threshold, reading.unit)


def write(value: Any, unit: str) -> Any:
    """A value as JSON: amounts and ratios as text, counts as numbers."""
    match value:
        case None | bool() | str():
            return value
        case datetime.date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value) if len(value) > 1 else value[0]
        case Decimal() if unit in {"元", "美元"}:
            return f"{value:.2f}"
        case Decimal() if unit == "%":
            return plain(value)
    return _number(value)


def _number(value: Decimal | int) -> int | float:
    """A count or points as a JSON number; whole ones without a fraction."""
    return int(value) if value == int(value) else float(value)


def size_of(standings: Mapping[str, Standing]) -> str | None:
    """The size class among an enterprise's standings, or None while it is open."""
    found = standings.get("sme_size")
    return found.value_name if found else None
