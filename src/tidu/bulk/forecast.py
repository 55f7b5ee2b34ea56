"""Who keeps a title when the standard changes: transition and re-verification cliff.

For every holder of a title on the first day: what a re-verification would say by the
rules of the first and of the last day, what it fails, and which class of path leads out
(:mod:`tidu.bulk.path_class`). For every province and quarter in which titles end: how
many are due, and how many of them are expected to be lost, as a range: an unknown or
manual outcome is neither a loss nor safe.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tidu.bulk import duck
from tidu.bulk.columns import SEPARATOR
from tidu.bulk.path_class import Move, PathClass
from tidu.bulk.screen import Snapshot
from tidu.bulk.transition import (
    FORECAST,
    KIND,
    ORDERED,
    Outlook,
    Title,
    criteria,
    hold,
    joined,
    judge,
    titles_in,
)
from tidu.rules.library import Library
from tidu.rules.outcomes import (
    MANUAL,
    MET,
    NOT_APPLICABLE,
    UNKNOWN,
    UNMET,
    Outcome,
)
from tidu.rules.rulesets import SourceGrade


@dataclasses.dataclass(frozen=True)
class Due:
    """Titles that end in one quarter in one province, by outcome under the new rules.

    ``province``: two digits, None where the territory is unknown; ``quarter``:
    ``2027Q2``, None where no end date is known.
    """

    scheme: str
    province: str | None
    quarter: str | None
    outcomes: Mapping[Outcome, int]

    @property
    def due(self) -> int:
        """All of them."""
        return sum(self.outcomes.values())

    @property
    def loss(self) -> tuple[int, int]:
        """Titles expected to be lost: from the unmet to those and all open ones."""
        sure = self.outcomes.get(UNMET, 0)
        still_open = self.outcomes.get(UNKNOWN, 0) + self.outcomes.get(MANUAL, 0)
        return sure, sure + still_open


@dataclasses.dataclass(frozen=True)
class Failing:
    """One criterion of the new rules that holders fail.

    ``paths``: how many by class; ``passed_before``: those who met it by the old rules.
    """

    scheme: str
    criterion: str
    paths: Mapping[PathClass, int]
    passed_before: int

    @property
    def holders(self) -> int:
        """How many fail it."""
        return sum(self.paths.values())


@dataclasses.dataclass(frozen=True)
class Standing:
    """All holders of one title: outcomes by both rules, and the classes of path."""

    title: Title
    before: Mapping[Outcome, int]
    after: Mapping[Outcome, int]
    paths: Mapping[PathClass, int]

    @property
    def holders(self) -> int:
        """How many hold it."""
        return sum(self.after.values())


@dataclasses.dataclass(frozen=True)
class Forecast:
    """What came out; the rows stay in the connection until it is closed.

    ``skipped``: schemes whose title the snapshot does not say; ``left_out``: by scheme,
    holders whose title ends in an unknown year, where only one year is asked for.
    """

    connection: duckdb.DuckDBPyConnection
    outlook: Outlook
    about: Mapping[str, object]
    skipped: tuple[str, ...]
    left_out: Mapping[str, int]
    standings: tuple[Standing, ...]
    failing: tuple[Failing, ...]
    cliff: tuple[Due, ...]

    @property
    def rows(self) -> int:
        """One per holder and scheme."""
        return sum(each.holders for each in self.standings)

    def labels(self, *, english: bool) -> dict[tuple[str, str], str]:
        """The label of every criterion of the new rules, by scheme and id."""
        return {
            (each.title.scheme, criterion.id): criterion.label.say(english=english)
            for each in self.standings
            for criterion in criteria(each.title.after)
        }

    def write_parquet(self, out: Path) -> int:
        """Write one row per holder and scheme, whole or not at all; their number."""
        return duck.write_result(self.connection, ORDERED, out, self.about)

    def lines(self, most: int) -> Iterator[tuple[Any, ...]]:
        """The first rows, in the order of COLUMNS, a few thousand at a time."""
        found = self.connection.execute(f"{ORDERED} LIMIT {most}")
        while several := found.fetchmany(5000):
            yield from several


@contextmanager
def forecast(
    snapshot: Snapshot,
    library: Library,
    outlook: Outlook,
    moves: Mapping[str, Move],
    folder: Path,
    *,
    memory: str = duck.MEMORY,
    threads: int | None = None,
    progress: duck.Progress = lambda _share: None,
) -> Iterator[Forecast]:
    """Forecast every title of a snapshot; ``moves``: what can be moved, by fact id.

    Spills into ``folder``. Raises SnapshotError where no title is said at all.
    """
    titles, skipped = titles_in(snapshot, library, outlook)
    with duck.connect(folder, memory=memory, threads=threads) as connection:
        left_out: dict[str, int] = {}
        for at, title in enumerate(titles):
            left_out[title.scheme] = hold(connection, snapshot, title, outlook)
            judge(connection, snapshot, library, title, outlook, moves)
            duck.run(connection, joined(title, at))
            progress((at + 1) / len(titles))
        yield Forecast(
            connection,
            outlook,
            _describe(snapshot, library, outlook, titles),
            skipped,
            left_out,
            tuple(_standings(connection, titles)),
            tuple(_failing(connection, titles)),
            tuple(_cliff(connection)),
        )


# -- what they add up to -------------------------------------------------------------


def _standings(
    connection: duckdb.DuckDBPyConnection, titles: Sequence[Title]
) -> Iterator[Standing]:
    counted = duck.run(
        connection,
        "SELECT scheme, outcome_before, outcome_after, path, count(*) "  # noqa: S608
        f"FROM {FORECAST} GROUP BY ALL",
    )
    for title in titles:
        before: Counter[Outcome] = Counter()
        after: Counter[Outcome] = Counter()
        paths: Counter[PathClass] = Counter()
        for scheme, earlier, later, path, holders in counted:
            if scheme == title.scheme:
                before[Outcome(earlier)] += holders
                after[Outcome(later)] += holders
                if path:
                    paths[PathClass[path.upper()]] += holders
        yield Standing(title, before, after, paths)


def _failing(
    connection: duckdb.DuckDBPyConnection, titles: Sequence[Title]
) -> Iterator[Failing]:
    """Criteria that somebody fails, in the order of the rules."""
    apart = ", ".join(
        f"unnest(string_split({each}, '{SEPARATOR}')) AS {each}"
        for each in ("failing", "failing_path", "failing_before")
    )
    counted = duck.run(
        connection,
        "SELECT scheme, failing, failing_path, failing_before, count(*) "  # noqa: S608
        f"FROM (SELECT scheme, {apart} FROM {FORECAST}) GROUP BY ALL",
    )
    for title in titles:
        for criterion in [each.id for each in criteria(title.after)]:
            paths: Counter[PathClass] = Counter()
            passed = 0
            for scheme, failed, path, earlier, holders in counted:
                if (scheme, failed) == (title.scheme, criterion):
                    paths[PathClass[path.upper()]] += holders
                    passed += holders if earlier == MET.value else 0
            if paths:
                yield Failing(title.scheme, criterion, paths, passed)


def _cliff(connection: duckdb.DuckDBPyConnection) -> Iterator[Due]:
    outcomes = (MET, UNMET, UNKNOWN, MANUAL, NOT_APPLICABLE)
    counts = ", ".join(f"count_if(outcome_after = '{o.value}')" for o in outcomes)
    counted = duck.run(
        connection,
        f"SELECT scheme, province, quarter, {counts} "  # noqa: S608 - a constant
        f'FROM {FORECAST} GROUP BY "at", scheme, province, quarter '
        'ORDER BY "at", quarter NULLS LAST, province NULLS LAST',
    )
    for scheme, province, quarter, *holders in counted:
        found = dict(zip(outcomes, holders, strict=True))
        yield Due(scheme, province, quarter, found)


def _describe(
    snapshot: Snapshot, library: Library, outlook: Outlook, titles: Sequence[Title]
) -> dict[str, object]:
    """What a result's own metadata say."""
    return {
        "kind": FORECAST,
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "from": outlook.start.isoformat(),
        "to": outlook.end.isoformat(),
        "expiring": outlook.expiring,
        "procedure": KIND.value,
        "rule_sets": {
            title.scheme: [each.name if each else None for each in (b, a)]
            for title in titles
            for b, a in [(title.before, title.after)]
        },
        "path_grade": SourceGrade.OURS.value,
        "pack_sha256": library.national.digest,
        "snapshot": snapshot.path.name,
        "snapshot_sha256": snapshot.manifest.sha256 if snapshot.manifest else None,
        "fictional": bool(snapshot.manifest and snapshot.manifest.fictional),
    }
