"""Rule sets as one SELECT: the same rules over a whole table, on any engine.

The table has the columns of :mod:`tidu.bulk.columns`; the result has one row per firm
with ``uscc`` and, per scheme, ``<scheme>__outcome``, ``__score_low``, ``__score_high``
(``__value`` for a graded scheme) and ``__first_failing``; in full, per criterion and
score item ``<scheme>__<criterion>``, its ``__missing`` facts and, where its conditions
share a unit, its ``__short``.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Container, Mapping, Sequence

import sqlglot
from sqlglot import exp

from tidu.bulk import conditions, gaps, writing
from tidu.bulk.columns import TABLE
from tidu.bulk.schemes import (
    SchemeSql,
    first_failing,
    grade_text,
    translate_scheme,
)
from tidu.bulk.translator import Translator
from tidu.bulk.values import Span
from tidu.bulk.writing import PROVEN, Dialect, Sql
from tidu.rules.errors import TiduError
from tidu.rules.library import Library
from tidu.rules.rulesets import Kind, RuleSet


class DialectError(TiduError):
    """An engine's name is not one that SQL can be written for."""

    exit_code = 2


@dataclasses.dataclass(frozen=True)
class Query:
    """A built query: the SELECT, what it reads, and which rule sets it applies.

    ``columns``: the table's columns it reads; ``asked``: with those the table lacks.
    """

    select: exp.Select
    dialect: Dialect
    columns: tuple[str, ...]
    asked: tuple[str, ...]
    rule_sets: Mapping[str, RuleSet | None]

    def text(self, *, pretty: bool = True) -> str:
        """The query in the engine's own dialect."""
        return self.select.sql(dialect=self.dialect.name, pretty=pretty)


def dialect_named(name: str) -> Dialect:
    """The dialect of an engine; those no test runs on are offered as unproven text."""
    if name in PROVEN:
        return PROVEN[name]
    known = sorted(each for each in sqlglot.Dialects.__members__.values() if each)
    if name not in known:
        raise DialectError(
            f"不认识数据库方言 {name}；可用：{'、'.join(PROVEN)}，"
            f"或未经实测的 {'、'.join(each for each in known if each not in PROVEN)}"
        )
    return Dialect(name)


def translator_for(
    library: Library,
    on: datetime.date,
    dialect: Dialect,
    *,
    available: Container[str] | None = None,
    most: Mapping[str, int] | None = None,
) -> Translator:
    """A translator for all firms of the country, each under its province's pack."""
    definitions = {
        division: pack.definitions for division, pack in library.provinces.items()
    }
    return Translator(
        library.facts,
        on,
        dialect,
        available=available,
        most=most,
        definitions=definitions,
    )


def build_query(  # noqa: PLR0913 - keyword-only
    library: Library,
    schemes: Sequence[str],
    *,
    on: datetime.date,
    kind: Kind,
    dialect: Dialect,
    brief: bool = False,
    available: Container[str] | None = None,
    most: Mapping[str, int] | None = None,
    table: Sql | None = None,
) -> Query:
    """The SELECT of some schemes on a day, over ``table`` (default ``enterprises``).

    Raises NotExactError where an engine could not compute a condition exactly.
    """
    to = translator_for(library, on, dialect, available=available, most=most)
    columns: dict[str, Sql] = {"uscc": to.column("uscc", None)}
    rule_sets: dict[str, RuleSet | None] = {}
    for scheme in schemes:
        found = library.national.schemes[scheme].which(kind, on)
        rule_sets[scheme] = found[0] if found else None
        translated = translate_scheme(to, scheme, rule_sets[scheme], kind)
        columns |= scheme_columns(to, translated, brief=brief)
    select = to.steps.select(columns, table or writing.table(TABLE))
    return Query(select, dialect, tuple(to.used), tuple(to.asked), rule_sets)


def scheme_columns(to: Translator, found: SchemeSql, *, brief: bool) -> dict[str, Sql]:
    """The output columns of one scheme, in the order of the contract."""
    name = found.scheme
    columns = {f"{name}__outcome": conditions.outcome_text(found.outcome)}
    if found.score is not None:
        columns |= _ends(f"{name}__score", found.score)
    if found.rule_set is None:
        return columns
    if found.value is not None:
        columns[f"{name}__value"] = grade_text(found.rule_set, found.value)
    if brief:
        columns[f"{name}__first_failing"] = first_failing(found.judged)
        return columns
    card = found.rule_set.items
    for each in found.judged:
        column = f"{name}__{each.id}"
        columns[column] = conditions.outcome_text(each.outcome)
        if each.points is not None:
            columns |= _ends(f"{column}__points", each.points)
        unknown = conditions.is_unknown(each.outcome)
        lacking = gaps.missing_text(to, each.tree, unknown, card)
        columns[f"{column}__missing"] = lacking
        if each.gap_tree is not None:
            short = gaps.shortfall(to, each.gap_tree)
            if short is not None:
                columns[f"{column}__short"] = short
    return columns


def _ends(name: str, span: Span) -> dict[str, Sql]:
    return {
        f"{name}_{side}": end.sql
        for side, end in (("low", span.low), ("high", span.high))
    }
