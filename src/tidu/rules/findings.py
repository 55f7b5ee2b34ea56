"""The finding: one criterion, its outcome, and everything that explains it.

The same object stands on the enterprise's page, in the officer's file, in the notice
and in the audit. What explains it is worked out when somebody first looks, from the
frozen facts it was made of.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from tidu.rules import explain, nodes, sentences
from tidu.rules.facts import Facts
from tidu.rules.missing import missing
from tidu.rules.outcomes import NOT_APPLICABLE, UNKNOWN, Outcome
from tidu.rules.readings import Reading
from tidu.rules.rulesets import Criterion, Kind, ScoreItem, SourceGrade
from tidu.rules.scope import Interval, Scope
from tidu.rules.vocabulary import Words


@dataclasses.dataclass(frozen=True, slots=True)
class Basis:
    """What all findings of one standing were made of."""

    scope: Scope
    facts: Facts
    words: Words
    kind: Kind


class Finding:
    """What a rule set found about one criterion or score item.

    ``measured``: points of a score item, grade of a graded criterion, else None;
    an Interval while it is open.
    """

    __slots__ = ("_missing", "_readings", "about", "basis", "measured", "outcome")

    def __init__(
        self,
        about: Criterion | ScoreItem,
        outcome: Outcome,
        basis: Basis,
        measured: Any = None,
    ) -> None:
        self.about = about
        self.outcome = outcome
        self.basis = basis
        self.measured = measured
        self._missing: list[str] | None = None
        self._readings: list[Reading] | None = None

    @property
    def id(self) -> str:
        """The criterion's id, as the contract fixes it."""
        return self.about.id

    @property
    def grade(self) -> SourceGrade:
        """How far the threshold has been checked against the official text."""
        return self.about.grade

    @property
    def part_of(self) -> str:
        """The criterion this one is a part of, or empty."""
        return self.about.part_of if isinstance(self.about, Criterion) else ""

    @property
    def points(self) -> Decimal | Interval | None:
        """Points of a score item; None for a criterion."""
        return self.measured if isinstance(self.about, ScoreItem) else None

    @property
    def tree(self) -> nodes.Node:
        """The expression tree behind the finding."""
        if isinstance(self.about, ScoreItem):
            return self.about.points
        return self.about.tree(self.basis.kind)

    @property
    def missing(self) -> list[str]:
        """Keys of the facts that would decide it: ``["rnd_expense@2024"]``."""
        if self._missing is None:
            unknown = self.outcome is UNKNOWN
            self._missing = missing(self.tree, self.basis.scope) if unknown else []
        return self._missing

    @property
    def readings(self) -> list[Reading]:
        """The comparisons that decide the outcome, in the order written."""
        if self._readings is None:
            self._readings = self._read()
        return self._readings

    def _read(self) -> list[Reading]:
        scope, outcome = self.basis.scope, self.outcome
        if outcome is NOT_APPLICABLE:
            return []
        leaves: explain.Leaves = {}
        if isinstance(self.about, Criterion) and self.about.level is None:
            explain.deciding(self.tree)(scope, outcome, leaves)
        else:
            explain.measuring(self.tree)(scope, leaves)
        return [read(scope, outcome) for read, outcome in leaves.items()]

    @property
    def reading(self) -> Reading | None:
        """The deciding comparison that value, threshold and period are taken from."""
        return self.readings[0] if self.readings else None

    def sentence(self, *, english: bool = False) -> str:
        """What was found, why, and what is missing, in one or two sentences."""
        return sentences.sentence(self, english=english)

    @property
    def sources(self) -> list[str]:
        """Where the figures behind the readings stand, as intake noted it."""
        found: dict[str, None] = {}
        for reading in self.readings:
            for key in explain.keys_read(reading.node, self.basis.scope):
                if key in self.basis.facts.sources:
                    found[self.basis.facts.sources[key]] = None
        return list(found)
