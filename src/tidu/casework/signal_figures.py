"""The figures of a round's cases, and those that other sources have beside them.

An earlier filing is what the firm itself submitted before: in another round, or in this
case before it was returned. What the authority asked to be corrected is no difference
that anybody needs to be told of. Tax data and annual reports are tables that an office
imported as such.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from tidu.casework.archives import library_for
from tidu.casework.integrity.applications import Figure, FigureSource
from tidu.casework.models import Case, Move, Round
from tidu.eligibility.models import Assessment
from tidu.registry.enums import OUTSIDE, FilingSource
from tidu.registry.fact_values import from_json
from tidu.registry.models import Filing
from tidu.rules.facts import NUMERIC, FactDictionary, split_key

_SOURCES = {
    FilingSource.TAX: FigureSource.TAX,
    FilingSource.ANNUAL_REPORT: FigureSource.ANNUAL_REPORT,
}

Entries = Mapping[str, Mapping[str, Any]]
Row = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Before:
    """What a firm submitted before; ``corrected``: keys it was asked to correct."""

    entries: Entries
    at: datetime.datetime | None = None
    corrected: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Others:
    """Figures beside the applications', the newest first: of the same case before it
    was returned (by case), of other rounds and of outside sources (by enterprise).
    """

    facts: FactDictionary
    returned: Mapping[int, list[Before]]
    rounds: Mapping[int, list[Before]]
    outside: Mapping[int, list[tuple[FigureSource, Entries]]]

    def figures_of(self, row: Row, entries: Entries) -> Iterator[Figure]:
        """What a case declares, and what other sources say of the same fact and year.

        ``row``: ``pk``, ``enterprise_id`` and ``submitted_at`` of the case. Of each
        source only the newest figure counts.
        """
        declared = list(_read(entries, self.facts))
        yield from declared
        keys = {(each.fact.id, each.year) for each in declared}
        told = set()
        for source, others, without in self._beside(row):
            for each in _read(others, self.facts, source, without):
                place = (each.fact.id, each.year)
                if place in keys and (source, place) not in told:
                    told.add((source, place))
                    yield each

    def _beside(
        self, row: Row
    ) -> Iterator[tuple[FigureSource, Entries, frozenset[str]]]:
        earlier = FigureSource.EARLIER_FILING
        for each in self.returned.get(row["pk"], ()):
            yield earlier, each.entries, each.corrected
        for each in self.rounds.get(row["enterprise_id"], ()):
            if each.at is not None and each.at < row["submitted_at"]:
                yield earlier, each.entries, each.corrected
        for source, entries in self.outside.get(row["enterprise_id"], ()):
            yield source, entries, frozenset()


def others_of(opened: Round, cases: models.QuerySet[Case]) -> Others:
    """The figures beside those of a round's cases; four queries."""
    firms = cases.order_by().values("enterprise_id")
    return Others(
        library_for(opened.packs).facts,
        _returned(opened),
        _rounds(opened, firms),
        _outside(firms),
    )


def _read(
    entries: Entries,
    facts: FactDictionary,
    source: FigureSource = FigureSource.APPLICATION,
    without: frozenset[str] = frozenset(),
) -> Iterator[Figure]:
    """The yearly numbers among entries; what cannot be read is unknown."""
    for key, entry in entries.items():
        fact_id, year = split_key(key)
        fact = facts.get(fact_id)
        value = entry.get("value")
        if fact is None or year is None or value is None or key in without:
            continue
        if fact.type in NUMERIC:
            try:
                number = Decimal(from_json(value, fact.type))  # type: ignore[arg-type]
            except (ArithmeticError, ValueError):
                continue
            yield Figure(fact, year, number, source)


def _rounds(
    opened: Round, firms: models.QuerySet[Any, Any]
) -> Mapping[int, list[Before]]:
    found: dict[int, list[Before]] = defaultdict(list)
    rows = (
        Case.objects.filter(enterprise__in=firms, submitted_at__isnull=False)
        .exclude(round=opened)
        .order_by("-submitted_at", "-pk")
    )
    columns = ("enterprise_id", "submitted_at", "assessment__entries")
    for firm, at, entries in rows.values_list(*columns):
        found[firm].append(Before(entries, at))
    return found


def _returned(opened: Round) -> Mapping[int, list[Before]]:
    asked: dict[int, set[str]] = defaultdict(set)
    was: dict[int, list[int]] = defaultdict(list)
    moves = Move.objects.filter(
        case__round=opened, event__in=("return", "resubmit")
    ).order_by("-sequence")
    for case, event, data in moves.values_list("case_id", "event", "data"):
        if event == "return":
            asked[case].update(data.get("fields", ()))
        elif number := data.get("was"):
            was[case].append(number)
    numbers = [number for each in was.values() for number in each]
    kept = Assessment.objects.filter(pk__in=numbers)
    entries = dict(kept.values_list("pk", "entries"))
    return {
        case: [Before(entries[e], corrected=frozenset(asked[case])) for e in each]
        for case, each in was.items()
    }


def _outside(
    firms: models.QuerySet[Any, Any],
) -> Mapping[int, list[tuple[FigureSource, Entries]]]:
    found: dict[int, list[tuple[FigureSource, Entries]]] = defaultdict(list)
    rows = Filing.objects.filter(
        enterprise__in=firms, source__in=OUTSIDE, withdrawn_at=None
    ).order_by("-filed_at", "-pk")
    for firm, source, entries in rows.values_list("enterprise_id", "source", "entries"):
        found[firm].append((_SOURCES[FilingSource(source)], entries))
    return found
