"""What a questionnaire says of an enterprise: the result, and what to mend first."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from decimal import Decimal

from tidu.rules.assess import Standing, assess, stand
from tidu.rules.facts import Facts
from tidu.rules.findings import Finding
from tidu.rules.outcomes import UNKNOWN, UNMET
from tidu.rules.packs import Pack
from tidu.rules.questionnaires import Questionnaire
from tidu.rules.rulesets import ScoreItem


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What a questionnaire says of one enterprise, and what to mend first.

    ``priorities``: findings that hold it back, the most urgent first; ``answered`` of
    ``asked`` questions have an answer.
    """

    questionnaire: Questionnaire
    standing: Standing
    priorities: tuple[Finding, ...]
    answered: int

    @property
    def asked(self) -> int:
        """How many questions there are."""
        return len(self.questionnaire.facts)


def result_of(
    questionnaire: Questionnaire, pack: Pack, facts: Facts, *, on: datetime.date
) -> Result:
    """The result of a questionnaire; ``facts`` are prepared."""
    if questionnaire.scheme:
        standing = stand(pack, questionnaire.scheme, facts, on=on)
        priorities = [*_holding_back(standing), *_points_lost(standing)]
    else:
        standing = assess(pack, questionnaire.rule_set, facts, on=on)
        priorities = [f for f in standing.findings if f.outcome is UNMET]
    priorities += [f for f in standing.findings if f.outcome is UNKNOWN]
    answered = sum(facts.values.get(each) is not None for each in questionnaire.facts)
    return Result(questionnaire, standing, tuple(priorities), answered)


def _holding_back(standing: Standing) -> list[Finding]:
    """The graded criteria that keep the grade where it is."""
    graded = [
        (f.measured, f)
        for f in standing.findings
        if f.points is None and isinstance(f.measured, Decimal)
    ]
    lowest = min((grade for grade, _ in graded), default=None)
    return [f for grade, f in graded if grade == lowest]


def _points_lost(standing: Standing) -> list[Finding]:
    """Score items that could have more points, the largest loss first."""
    losses: Iterable[tuple[Decimal, Finding]] = (
        (f.about.max - f.points, f)
        for f in standing.findings
        if isinstance(f.about, ScoreItem) and isinstance(f.points, Decimal)
    )
    lost = [each for each in losses if each[0] > 0]
    return [f for _, f in sorted(lost, key=lambda each: -each[0])]
