"""Schemes, their dated rule sets, and which rule set applies.

A rule set holds criteria (conditions, or groups of them), at most one score card, and
advice: further conditions it knows that do not move the outcome. Four questions stay
apart: eligible (outcome), amount, priority, confidence (grade); this module knows the
first and the last.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tidu.rules.nodes import FactRef, Grade, Node, Number, walk
from tidu.rules.vocabulary import NO_TEXT, Text


class Kind(enum.StrEnum):
    """The procedure a rule set is asked for."""

    NEW = "new"
    REVERIFICATION = "reverification"
    CHANGE = "change"


class SourceGrade(enum.StrEnum):
    """How far a figure has been checked against the official text."""

    OFFICIAL = "official"
    RESTATED = "restated"
    UNVERIFIED = "unverified"
    OURS = "ours"


@dataclasses.dataclass(frozen=True, slots=True)
class NamedValue:
    """A threshold of the rule set, with the clause it stands in."""

    number: Number
    clause: str
    grade: SourceGrade


@dataclasses.dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of a rule set, or a group of conditions.

    ``require`` is the condition of the whole clause; where it is split, ``parts`` are
    its parts and ``any_of`` says that one suffices. ``again`` stands in for it on
    re-verification and change. A graded scheme has ``level``, a
    value from 0 up, instead. A group without id only binds its parts together.
    """

    id: str
    label: Text
    clause: str
    grade: SourceGrade
    require: Node | None = None
    again: Node | None = None
    level: Node | None = None
    parts: tuple[Criterion, ...] = ()
    any_of: bool = False
    kinds: frozenset[Kind] = frozenset(Kind)
    part_of: str = ""
    note: Text = NO_TEXT

    def tree(self, kind: Kind) -> Node:
        """What is evaluated for a kind of procedure: a condition, or a graded value."""
        again = self.again if kind is not Kind.NEW else None
        found = again or self.require or self.level
        assert found is not None
        return found

    def walk(self) -> Iterator[Criterion]:
        """The criterion and all its parts, in the order they are shown."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclasses.dataclass(frozen=True, slots=True)
class ScoreItem:
    """One line of a score card: points from a :class:`Bands` or :class:`Sum` node."""

    id: str
    label: Text
    clause: str
    grade: SourceGrade
    points: Node
    max: Decimal
    group: str = ""
    slot: str = ""
    note: Text = NO_TEXT


@dataclasses.dataclass(frozen=True, slots=True)
class ScoreCard:
    """Items and the groups they belong to; the total is their plain sum."""

    items: tuple[ScoreItem, ...]
    groups: Mapping[str, Text]

    @property
    def max(self) -> Decimal:
        """The highest total."""
        return sum((item.max for item in self.items), Decimal(0))


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """When and for which procedures a rule set applies: ``start ≤ on < end``."""

    kinds: frozenset[Kind]
    start: datetime.date
    end: datetime.date
    note: Text = NO_TEXT

    def covers(self, kind: Kind, on: datetime.date) -> bool:
        """Whether a procedure of this kind on this day falls into the window."""
        return kind in self.kinds and self.start <= on < self.end


@dataclasses.dataclass(frozen=True, slots=True)
class RuleSet:
    """One dated edition of a scheme's standard.

    ``value``: a node whose grade is the scheme's value (size, digital level);
    ``grades``: its names from 1 up; ``reported``: the fact used where none of the
    questions is answered.
    """

    scheme: str
    id: str
    label: Text
    document: str
    number: str
    annex: str
    grade: SourceGrade
    windows: tuple[Window, ...]
    values: Mapping[str, NamedValue]
    criteria: tuple[Criterion, ...]
    advice: tuple[Criterion, ...] = ()
    score_card: ScoreCard | None = None
    value: Node | None = None
    grades: tuple[str, ...] = ()
    reported: str = ""
    open_to_provinces: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    place: str = ""

    @property
    def name(self) -> str:
        """``srdi_sme/2026-04-01``, as the contract writes it."""
        return f"{self.scheme}/{self.id}"

    @property
    def facts(self) -> frozenset[str]:
        """Every fact the criteria and the score card read."""
        return _facts_of(self.trees)

    @property
    def trees(self) -> tuple[Node, ...]:
        """Every expression tree of the criteria and the score card."""
        criteria = [each for top in self.criteria for each in top.walk()]
        own = [
            tree
            for each in criteria
            for tree in (each.require, each.again, each.level)
            if tree is not None and not each.parts
        ]
        return (*own, *(item.points for item in self.items))

    @property
    def items(self) -> tuple[ScoreItem, ...]:
        """The score card's items, if there is one."""
        return self.score_card.items if self.score_card else ()


@functools.lru_cache(maxsize=256)
def _facts_of(trees: tuple[Node, ...]) -> frozenset[str]:
    found = set()
    for node in (each for tree in trees for each in walk(tree)):
        if isinstance(node, FactRef):
            found.add(node.id)
        elif isinstance(node, Grade):
            found.update((node.table.by, *node.table.facts))
    return frozenset(found)


@dataclasses.dataclass(frozen=True, slots=True)
class Scheme:
    """Something an enterprise can hold, and the editions of its standard."""

    id: str
    label: Text
    authority: Text
    tier: int
    validity: str
    rule_sets: tuple[RuleSet, ...]
    note: Text = NO_TEXT
    title_fact: str = ""

    def which(self, kind: Kind, on: datetime.date) -> tuple[RuleSet, Window] | None:
        """The rule set for a procedure on a day; None before the first one.

        A change uses the rule set of a re-verification.
        """
        asked = Kind.REVERIFICATION if kind is Kind.CHANGE else kind
        for rule_set in self.rule_sets:
            for window in rule_set.windows:
                if window.covers(asked, on):
                    return rule_set, window
        return None
