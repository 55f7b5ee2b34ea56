"""One title under two rules: who holds it, what each day's rules say, row by row."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

import duckdb

from tidu.bulk import conditions, duck, writing
from tidu.bulk.columns import SEPARATOR
from tidu.bulk.manifest import SnapshotError
from tidu.bulk.path_class import Move, PathClass, Paths
from tidu.bulk.schemes import translate_scheme
from tidu.bulk.screen import Snapshot
from tidu.bulk.sql import dialect_named, translator_for
from tidu.bulk.writing import Sql
from tidu.rules.errors import TiduError
from tidu.rules.language import N_
from tidu.rules.library import Library
from tidu.rules.outcomes import MANUAL, UNKNOWN, UNMET, Outcome
from tidu.rules.rulesets import Criterion, Kind, RuleSet

FORECAST = "forecast"  # the table of the result, and the kind its manifest names
KIND = Kind.REVERIFICATION
NEW_CRITERION = "new"  # the word where the earlier rules lack a criterion
YEARS_TAKEN = range(1980, 2101)
COLUMNS = (
    "uscc",
    "name",
    "province",
    "scheme",
    "valid_until",
    "quarter",
    "rule_set_before",
    "rule_set_after",
    "outcome_before",
    "outcome_after",
    "path",
    "failing",
    "failing_path",
    "failing_before",
    "unknown",
    "manual",
)
_ROW = "file_row_number"  # a firm without credit code is still one firm


class OutlookError(TiduError):
    """The days or the year asked for cannot be answered."""

    exit_code = 2


@dataclasses.dataclass(frozen=True)
class Outlook:
    """From which day's rules to which; ``expiring``: only titles ending in that year.

    Raises OutlookError where the days or the year contradict each other.
    """

    start: datetime.date
    end: datetime.date
    expiring: int | None = None

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise OutlookError(
                N_("--to {end} 早于 --from {start}；请把两个日期对调"),
                end=self.end,
                start=self.start,
            )
        if self.expiring is None:
            return
        if self.expiring not in YEARS_TAKEN:
            raise OutlookError(
                N_(
                    "--expiring {year} 不是可用的年份；"
                    "请写 {first} 到 {last} 之间的年份"
                ),
                year=self.expiring,
                first=YEARS_TAKEN[0],
                last=YEARS_TAKEN[-1],
            )
        if self.expiring < self.start.year:
            raise OutlookError(
                N_(
                    "--expiring {year} 早于 --from {start}，"
                    "那时到期的称号已经失效；请写 {first} 或以后的年份"
                ),
                year=self.expiring,
                start=self.start,
                first=self.start.year,
            )


@dataclasses.dataclass(frozen=True)
class Title:
    """A scheme whose title firms hold: its fact, and the fact that says until when."""

    scheme: str
    fact: str
    until: str
    before: RuleSet | None
    after: RuleSet | None


def titles_in(
    snapshot: Snapshot, library: Library, outlook: Outlook
) -> tuple[list[Title], tuple[str, ...]]:
    """The titles a snapshot says who holds, and the schemes it says nothing of."""
    found, skipped = [], []
    facts = {}
    for scheme in library.national.schemes.values():
        if not scheme.title_fact:
            continue
        facts[scheme.title_fact] = scheme.id
        if scheme.title_fact not in snapshot.names:
            skipped.append(scheme.id)
            continue
        until = library.facts[scheme.title_fact].expires
        before, after = (
            chosen[0] if (chosen := scheme.which(KIND, day)) else None
            for day in (outlook.start, outlook.end)
        )
        known = until if until in snapshot.names else ""
        found.append(Title(scheme.id, scheme.title_fact, known, before, after))
    if not found:
        raise SnapshotError(
            N_("{path} 没有称号列，看不出谁持有称号；请补上 {columns} 中的一列"),
            path=snapshot.path,
            columns=tuple(facts),
        )
    return found, tuple(skipped)


def hold(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    title: Title,
    outlook: Outlook,
) -> int:
    """A view of those who hold the title on the first day, with their row number.

    The return value: holders left out because nobody knows in which year it ends.
    """
    place = duck.quoted(snapshot.path)
    held = [f'"{title.fact}"']
    if title.until:
        ended = f"\"{title.until}\" < DATE '{outlook.start}'"
        held.append(f"NOT coalesce({ended}, false)")
    source = f"read_parquet({place}, {_ROW} = true)"
    undated = 0
    if outlook.expiring is not None:
        end = f'"{title.until}"' if title.until else "NULL::DATE"
        count = f"SELECT count(*) FROM {source} WHERE {' AND '.join(held)}"  # noqa: S608
        undated = duck.run(connection, f"{count} AND {end} IS NULL")[0][0]
        held.append(f"year({end}) = {outlook.expiring}")
    connection.execute(
        f'CREATE VIEW "{title.scheme}" AS FROM {source} WHERE {" AND ".join(held)}'
    )
    return undated


def judge(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    library: Library,
    title: Title,
    outlook: Outlook,
    moves: Mapping[str, Move],
) -> None:
    """Tables ``before`` and ``after`` with the holders' outcomes on both days."""
    for name, day, rule_set in (
        ("before", outlook.start, title.before),
        ("after", outlook.end, title.after),
    ):
        to = translator_for(
            library,
            day,
            dialect_named("duckdb"),
            available=snapshot.names,
            most=snapshot.ranges,
        )
        found = translate_scheme(to, title.scheme, rule_set, KIND)
        to.steps.fact(_ROW, writing.column(_ROW))
        columns: dict[str, Sql] = {
            _ROW: writing.column(_ROW),
            "outcome": conditions.outcome_text(found.outcome),
        }
        if name == "after":
            for fact in ("uscc", "name", "territory", title.until):
                if fact:
                    columns[fact] = to.column(fact, None)
        paths = Paths(library.facts, moves, rule_set.items if rule_set else ())
        for each in found.judged:
            if each.top_level and each.points is None:
                columns[f"{each.id}__outcome"] = conditions.outcome_text(each.outcome)
            if name == "after" and f"{each.id}__outcome" in columns:
                needed = paths.needed(to, each.tree)
                columns[f"{each.id}__path"] = writing.case(
                    [(conditions.fails(each.outcome), needed)], writing.integer(0)
                )
        select = to.steps.select(columns, writing.table(title.scheme))
        text = select.sql(dialect=to.dialect.name)
        duck.run(connection, f'CREATE OR REPLACE TEMP TABLE "{name}" AS {text}')


def joined(title: Title, at: int) -> str:
    """Both outcomes of every holder, as rows of the table ``forecast``."""
    after = [each.id for each in criteria(title.after)]
    before = {each.id for each in criteria(title.before)}
    until = f'n."{title.until}"' if title.until else "NULL::DATE"
    ids = {each: f"'{each}'" for each in after}
    paths = {each: _word(f'n."{each}__path"') for each in after}
    earlier = {
        each: f'b."{each}__outcome"' if each in before else f"'{NEW_CRITERION}'"
        for each in after
    }
    hardest = ", ".join(["0", *(f'n."{each}__path"' for each in after)])
    columns = {
        "uscc": "n.uscc",
        "name": "n.name",
        "province": "nullif(left(n.territory, 2), '')",
        "scheme": f"'{title.scheme}'",
        "valid_until": until,
        "quarter": f"year({until}) || 'Q' || quarter({until})",
        "rule_set_before": f"'{title.before.name}'" if title.before else _NOTHING,
        "rule_set_after": f"'{title.after.name}'" if title.after else _NOTHING,
        "outcome_before": "b.outcome",
        "outcome_after": "n.outcome",
        "path": _word(f"greatest({hardest})"),
        "failing": _listed(ids, UNMET),
        "failing_path": _listed(paths, UNMET),
        "failing_before": _listed(earlier, UNMET),
        "unknown": _listed(ids, UNKNOWN),
        "manual": _listed(ids, MANUAL),
    }
    listed = ", ".join(f'{columns[name]} AS "{name}"' for name in COLUMNS)
    head = f"INSERT INTO {FORECAST}" if at else f"CREATE TEMP TABLE {FORECAST} AS"
    return (
        f'{head} SELECT {at} AS "at", n.{_ROW}, {listed} '  # noqa: S608 - ids of a pack
        f'FROM "after" n JOIN "before" b USING ({_ROW})'
    )


def criteria(rule_set: RuleSet | None) -> list[Criterion]:
    """The criteria that decide the outcome, in their order; parts are left out."""
    found: list[Criterion] = []
    waiting = list(rule_set.criteria) if rule_set else []
    while waiting:
        first = waiting.pop(0)
        if first.id:
            found.append(first)
        else:
            waiting = [*first.parts, *waiting]
    return found


def _word(code: str) -> str:
    """The word of a class; NULL for none."""
    whens = " ".join(f"WHEN {each.value} THEN '{each.word}'" for each in PathClass)
    return f"CASE {code} {whens} END"


def _listed(texts: Mapping[str, str], outcome: Outcome) -> str:
    """A text for each criterion with the outcome, joined; NULL if there is none."""
    parts = [
        f"CASE WHEN n.\"{each}__outcome\" = '{outcome.value}' THEN {text} END"
        for each, text in texts.items()
    ]
    return f"nullif(concat_ws('{SEPARATOR}', {', '.join([*parts, _NOTHING])}), '')"


_NOTHING = "NULL::VARCHAR"
_SHOWN = ", ".join(f'"{each}"' for each in COLUMNS)
ORDERED = (
    f"SELECT {_SHOWN} FROM {FORECAST} "  # noqa: S608 - a constant
    f'ORDER BY "at", valid_until NULLS LAST, province NULLS LAST, {_ROW}'
)
