"""Who has a grant: one mechanism over a whole snapshot, the amount of each who has it.

Who may have it is worked out in SQL, as for a scheme. The amount of those who may is
worked out in Python, exactly, once for each set of figures it depends on; the facts
that decide are handed on, so that every line can be replayed.
"""

from __future__ import annotations

import dataclasses
import datetime
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tidu.bulk import conditions, duck, gaps, writing
from tidu.bulk.checking import columns_in
from tidu.bulk.columns import SEPARATOR, TABLE, Column
from tidu.bulk.schemes import Judged, first_failing, translate_scheme
from tidu.bulk.screen import Snapshot
from tidu.bulk.snapshot import facts_of
from tidu.bulk.sql import dialect_named, translator_for
from tidu.bulk.translator import Translator
from tidu.bulk.writing import Sql
from tidu.rules.amounts import Amount, Formula, Pick, nodes_of, work_out
from tidu.rules.assess import prepare
from tidu.rules.facts import Facts, FactValue, key_of
from tidu.rules.library import Library
from tidu.rules.measures import Mechanism
from tidu.rules.outcomes import MET, NOT_APPLICABLE, UNMET
from tidu.rules.packs import Pack
from tidu.rules.rulesets import Kind
from tidu.rules.scope import Interval, Scope

_AT_ONCE = 5000  # rows fetched together
_RULED_OUT = {UNMET.value, NOT_APPLICABLE.value}


@dataclasses.dataclass(frozen=True)
class Grant:
    """What is asked: a mechanism with an amount, a day, a territory's prefix."""

    pack: Pack
    mechanism: Mechanism
    on: datetime.date
    scope: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Entitled:
    """A firm that has the grant. ``facts``: the figures that decided, by key."""

    uscc: str
    facts: Mapping[str, FactValue]
    amount: Amount


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """A firm of which figures are missing; none where a person has to judge."""

    uscc: str
    missing: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Counts:
    """How the firms of the territory divide.

    ``unmet``: first criterion that is not met → firms; ``nameless``: firms without a
    credit code, which nobody could pay.
    """

    rows: int
    met: int
    open: int
    nameless: int
    unmet: Mapping[str, int]


@contextmanager
def judged(
    snapshot: Snapshot,
    library: Library,
    grant: Grant,
    *,
    memory: str = duck.MEMORY,
    threads: int | None = None,
) -> Iterator[Found]:
    """Judge everybody; what comes out is read while the block lasts."""
    select, reads, asks = _select(snapshot, library, grant)
    place = Path(tempfile.gettempdir())
    with duck.connect(place, memory=memory, threads=threads) as connection:
        duck.attach(connection, snapshot.path)
        duck.run(connection, f"CREATE TEMP TABLE judged AS {select}")
        yield Found(connection, grant, columns_in(reads, library.facts), asks)


class Found:
    """What a mechanism gives over a snapshot; each list is read row by row."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        grant: Grant,
        columns: tuple[Column, ...],
        asks: tuple[str, ...],
    ) -> None:
        assert grant.mechanism.amount is not None, "a grant states an amount"
        self._connection = connection
        self._grant = grant
        self._rule = grant.mechanism.amount
        self._columns, self._asks = columns, asks
        self._amounts: dict[tuple[Any, ...], Amount] = {}

    def counts(self) -> Counts:
        """How the firms divide."""
        rows = duck.run(
            self._connection,
            "SELECT uscc IS NULL, outcome, failing, count(*) FROM judged GROUP BY ALL",
        )
        found: Counter[str] = Counter()
        unmet: Counter[str] = Counter()
        for nameless, outcome, failing, firms in rows:
            found["rows"] += firms
            if nameless:
                found["nameless"] += firms
            elif outcome in _RULED_OUT:
                unmet[failing or ""] += firms
            else:
                found["met" if outcome == MET.value else "open"] += firms
        return Counts(
            found["rows"],
            found["met"],
            found["open"],
            found["nameless"],
            dict(unmet.most_common()),
        )

    def entitled(self) -> Iterator[Entitled]:
        """Those who have it, in the order of their codes, each with its amount."""
        reads = [each.name for each in self._columns]
        names = ", ".join(f'e."{each}"' for each in reads) or "NULL"
        rows = self._connection.execute(
            f"SELECT e.uscc AS uscc, {names} FROM {TABLE} e "  # noqa: S608 - fact ids
            "JOIN judged j ON e.uscc = j.uscc WHERE j.outcome = 'met' ORDER BY e.uscc"
        )
        while some := rows.fetchmany(_AT_ONCE):
            for uscc, *values in some:
                facts = facts_of(dict(zip(reads, values, strict=False)), self._columns)
                flat = _flat(facts, self._columns)
                yield Entitled(uscc, flat, self._amount(facts, flat))

    def open(self) -> Iterator[Open]:
        """Those of whom something is missing, in the order of their codes."""
        names = ", ".join(f'"{each}"' for each in self._asks) or "NULL"
        rows = self._connection.execute(
            f"SELECT uscc, {names} FROM judged "  # noqa: S608 - names of ours
            "WHERE uscc IS NOT NULL AND outcome IN ('unknown', 'manual') ORDER BY uscc"
        )
        while some := rows.fetchmany(_AT_ONCE):
            for uscc, *texts in some:
                keys = (k for text in texts if text for k in text.split(SEPARATOR))
                yield Open(uscc, tuple(dict.fromkeys(keys)))

    def _amount(self, facts: Facts, flat: Mapping[str, FactValue]) -> Amount:
        """The amount; firms with the same figures have the same, worked out once."""
        keys = tuple(flat.get(each.key) for each in self._columns)
        found = self._amounts.get(keys)
        if found is None:
            on = self._grant.on
            prepared = prepare(facts, self._grant.pack, on)
            scope = Scope(prepared.values, on, on.year)
            found = self._amounts[keys] = work_out(self._rule, scope)
        return found


def exact(amount: Amount) -> Decimal | None:
    """The amount where nothing about it is open."""
    return None if isinstance(amount.value, Interval) else amount.value


def _select(
    snapshot: Snapshot, library: Library, grant: Grant
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The query, the table's columns that decide, and its columns of missing facts."""
    to = translator_for(
        library,
        grant.on,
        dialect_named("duckdb"),
        available=snapshot.names,
        most=snapshot.ranges,
    )
    rule_set = grant.mechanism.rule_set
    found = translate_scheme(to, rule_set.scheme, rule_set, Kind.NEW)
    outcome = (
        conditions.outcome_text(found.outcome)
        if rule_set.criteria
        else writing.string(MET.value)  # everybody may
    )
    columns = {
        "uscc": to.column("uscc", None),
        "outcome": outcome,
        "failing": first_failing(found.judged),
        **{f"missing_{each.id}": _missing(to, each) for each in found.judged},
    }
    asks = tuple(each for each in columns if each.startswith("missing_"))
    _read_amount(to, grant)
    territory = to.column("territory", None)
    reads = tuple(each for each in to.used if each not in {"uscc", "territory"})
    select = to.steps.select({**columns, "place": territory}, writing.table(TABLE))
    text = select.sql(dialect="duckdb")
    if grant.scope:
        within = f"starts_with(place, {duck.quoted(grant.scope)})"
        text = f"SELECT * FROM ({text}) WHERE {within}"  # noqa: S608 - a division code
    return text, reads, asks


def _missing(to: Translator, each: Judged) -> Sql:
    unknown = conditions.is_unknown(each.outcome)
    return gaps.missing_text(to, each.tree, unknown, ())


def _read_amount(to: Translator, grant: Grant) -> None:
    """Let the translator note which columns the lines of the amount read."""
    assert grant.mechanism.amount is not None
    for line in grant.mechanism.amount.lines:
        tests = set(_tests(line.formula))
        for node in nodes_of(line.formula):
            if node in tests:
                to.condition(node)
            else:
                to.value(node)


def _tests(formula: Formula) -> Iterator[Any]:
    """The conditions of a formula, at any depth."""
    if isinstance(formula, Pick):
        yield formula.when
    for name in ("left", "right", "then", "otherwise"):
        if (inner := getattr(formula, name, None)) is not None:
            yield from _tests(inner)
    for inner in getattr(formula, "items", ()):
        yield from _tests(inner)


def _flat(facts: Facts, columns: tuple[Column, ...]) -> dict[str, FactValue]:
    found = {}
    for each in columns:
        value = facts.get(each.key)
        if value is not None:
            found[key_of(each.fact.id, each.year)] = value
    return found
