"""One translation: what day, what table, what engine, and what was built so far."""

from __future__ import annotations

import datetime
from collections.abc import Container, Mapping

from tidu.bulk import conditions, grades, values, writing
from tidu.bulk.amounts import Amount
from tidu.bulk.columns import MONEY_PLACES, SHARE_PLACES, SQL_TYPES, column_name
from tidu.bulk.steps import Steps
from tidu.bulk.writing import SMALL, Dialect, Sql
from tidu.rules import nodes
from tidu.rules.facts import Fact, FactDictionary, FactType
from tidu.rules.rulesets import ScoreItem
from tidu.rules.tables import Table

YEARS_ASSUMED = 5  # where no table says which years it has: y0 … y4
_PLACES = {
    FactType.MONEY: MONEY_PLACES,
    FactType.RATIO: SHARE_PLACES,
    FactType.NUMBER: SHARE_PLACES,
}
_MOST_COUNT = 2**63 - 1


class Translator:
    """Turns the trees of rule sets into SQL over one table of enterprises.

    ``available``: the table's columns, None for all that are asked for; a column it
    lacks is unknown for everybody. ``most``: for a column, the largest magnitude of its
    values as whole numbers of their last decimal, where that is known: narrower types
    are quicker. ``definitions``: first two digits of a territory → facts computed there
    where they are not given.
    """

    def __init__(
        self,
        facts: FactDictionary,
        on: datetime.date,
        dialect: Dialect,
        *,
        available: Container[str] | None = None,
        most: Mapping[str, int] | None = None,
        definitions: Mapping[str, Mapping[str, nodes.Node]] | None = None,
    ) -> None:
        self.facts = facts
        self.on = on
        self.dialect = dialect
        self.steps = Steps(fenced=dialect.fenced)
        self.scores: dict[str, values.Span] = {}  # of the card being translated
        self.replaced: dict[nodes.Node, conditions.Condition] = {}
        self.lacking: dict[ScoreItem, dict[str, Sql]] = {}
        self.used: dict[str, None] = {}  # columns of the table, in order of use
        self.asked: dict[str, None] = {}  # and those it ought to have
        self._available = available
        self._most = most or {}
        self._definitions = definitions or {}
        self._conditions: dict[nodes.Node, conditions.Condition] = {}
        self._values: dict[nodes.Node, values.Value] = {}
        self._columns: dict[str, Sql] = {}
        self._rows: dict[str, Sql] = {}

    # -- trees -------------------------------------------------------------------

    def condition(self, node: nodes.Node) -> conditions.Condition:
        """A condition; translated once, for a tree means the same everywhere."""
        if node in self.replaced:
            return self.replaced[node]
        found = self._conditions.get(node)
        if found is None:
            found = self._conditions[node] = conditions.translate(self, node)
        return found

    def value(self, node: nodes.Node) -> values.Value:
        """A value; translated once."""
        found = self._values.get(node)
        if found is None:
            found = self._values[node] = values.translate(self, node)
        return found

    def turn_to(self, scores: dict[str, values.Span]) -> None:
        """Let Score nodes read another card; what read the last one is forgotten."""
        self.scores = scores
        for kept in (self._conditions, self._values):
            for node in [each for each in kept if _reads_score(each)]:
                del kept[node]

    # -- facts -------------------------------------------------------------------

    def fact(self, node: nodes.FactRef) -> Sql:
        """The column of a fact as of the day."""
        year = None if node.offset is None else self.on.year - node.offset
        return self.column(node.id, year)

    def amount(self, node: nodes.FactRef, back: int = 0) -> Amount:
        """A numeric fact with its decimals and its range, ``back`` years earlier."""
        year = None if node.offset is None else self.on.year - node.offset - back
        most = _MOST_COUNT if node.type is FactType.COUNT else SMALL
        most = min(most, self._most.get(column_name(node.id, year), most))
        return Amount(self.column(node.id, year), _PLACES.get(node.type, 0), most)

    def column(self, fact_id: str, year: int | None) -> Sql:
        """A fact's column, voided, counted or computed as the day demands."""
        name = column_name(fact_id, year)
        if name not in self._columns:
            self._columns[name] = self._as_of(self.facts[fact_id], name)
        return self._columns[name]

    def has(self, name: str) -> bool:
        """Whether the table has a column."""
        return self._available is None or name in self._available

    def years(self, fact_ids: Container[str]) -> list[int]:
        """The accounting years the table has for some facts, latest first."""
        if self._available is None:
            return list(range(self.on.year, self.on.year - YEARS_ASSUMED, -1))
        span = range(self.on.year + 100, 1900, -1)
        ids = [each for each in self.facts if each in fact_ids]
        return [
            year
            for year in span
            if any(column_name(each, year) in self._available for each in ids)
        ]

    def row_of(self, table: Table) -> Sql:
        """The number of the table's rows that a firm's industry code may mean."""
        if table.id not in self._rows:
            self._rows[table.id] = grades.row_number(self, table)
        return self._rows[table.id]

    def _as_of(self, fact: Fact, name: str) -> Sql:
        found = self._raw(fact, name)
        if fact.expires:
            ended = writing.compare(
                "<", self._raw_of(fact.expires), writing.date(self.on)
            )
            found = writing.case([(ended, writing.FALSE)], found)
            found = self.steps.name(found, f"{name}__valid")
        elif fact.since:
            since = self._raw_of(fact.since)
            last = writing.integer(self.on.year - 1)  # counted to its last day
            years = writing.minus(last, writing.year_of(since))
            known = writing.invert(writing.is_null(since))
            late = writing.compare("<", years, writing.integer(0))
            full = writing.case([(late, writing.integer(0))], years)
            counted = writing.cast(full, SQL_TYPES[fact.type])
            found = self.steps.name(
                writing.case([(known, counted)], found), f"{name}__counted"
            )
        for division, definitions in self._definitions.items():
            if fact.id in definitions:
                found = self._computed(found, division, definitions[fact.id], name)
        return found

    def _computed(
        self, given: Sql, division: str, definition: nodes.Node, name: str
    ) -> Sql:
        """The fact as given, else as a province computes it for its own firms."""
        low, high = values.ends(self.value(definition))
        there = writing.equal(
            writing.start(self.column("territory", None), 2), writing.string(division)
        )
        absent = writing.is_null(given)
        sure = writing.equal(low.sql, high.sql)
        computed = writing.case([(writing.both([absent, there, sure]), low.sql)], given)
        return self.steps.name(computed, f"{name}__{division}")

    def _raw_of(self, fact_id: str) -> Sql:
        return self._raw(self.facts[fact_id], fact_id)

    def _raw(self, fact: Fact, name: str) -> Sql:
        """The table's own column; narrowed where its range is known and that pays."""
        kind = SQL_TYPES[fact.type]
        self.asked[name] = None
        if not self.has(name):
            return self.steps.fact(name, writing.null(kind))
        self.used[name] = None
        found = writing.column(name)
        most = None if self.dialect.keeps_width else self._most.get(name)
        if most is not None and fact.type in {FactType.MONEY, FactType.COUNT}:
            places = _PLACES.get(fact.type, 0)
            width = max(len(str(most)), places + 1)
            found = writing.cast(found, writing.decimal_type(width, places))
        return self.steps.fact(name, found)


def _reads_score(node: nodes.Node) -> bool:
    return any(isinstance(each, nodes.Score) for each in nodes.walk(node))
