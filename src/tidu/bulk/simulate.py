"""Who moves: a snapshot under the standards of the day and under changed ones."""

from __future__ import annotations

import dataclasses
import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from tidu.bulk import conditions, duck, writing
from tidu.bulk.columns import TABLE
from tidu.bulk.conditions import CODES
from tidu.bulk.scenarios import BASELINE, Scenario, changed
from tidu.bulk.schemes import Judged, first_failing, grade_text, translate_scheme
from tidu.bulk.screen import Snapshot
from tidu.bulk.sql import dialect_named, translator_for
from tidu.bulk.storing import whole_file
from tidu.bulk.syncing import sync
from tidu.bulk.translator import Translator
from tidu.bulk.writing import Sql
from tidu.rules.library import Library
from tidu.rules.outcomes import MET, Outcome
from tidu.rules.rulesets import Kind

SIZE = "sme_size"
GROUPS = ("territory", "industry", "size", "criterion")
SIMULATION = "simulation"  # the kind its metadata name
_WORDS = {code: outcome for outcome, code in CODES.items()}
_MET = CODES[MET]


@dataclasses.dataclass(frozen=True)
class Asked:
    """What is simulated: scenarios, day, kind of procedure."""

    scenarios: tuple[Scenario, ...]
    on: datetime.date
    kind: Kind = Kind.NEW

    @property
    def schemes(self) -> tuple[str, ...]:
        """Every scheme some scenario changes, each once."""
        return tuple(dict.fromkeys(s for each in self.scenarios for s in each.schemes))


@dataclasses.dataclass(frozen=True)
class Moves:
    """What one scenario does to one scheme.

    ``flows``: outcome before and after → firms, those that stay included. ``groups``:
    what they are told apart by (GROUPS) → key, None where unknown → firms that move
    in (to met) and out of it. The criterion is the first that was unmet, or else open:
    before, for those that move in; afterwards, for those that move out.
    """

    scheme: str
    scenario: str
    flows: Mapping[tuple[Outcome, Outcome], int]
    groups: Mapping[str, Mapping[str | None, tuple[int, int]]]

    @property
    def before(self) -> int:
        """Firms that meet the standard as it is."""
        return sum(firms for (was, _), firms in self.flows.items() if was is MET)

    @property
    def after(self) -> int:
        """Firms that meet the changed standard."""
        return sum(firms for (_, now), firms in self.flows.items() if now is MET)

    @property
    def moved_in(self) -> int:
        """Firms that meet only the changed standard."""
        return self._crossing(to_met=True)

    @property
    def moved_out(self) -> int:
        """Firms that meet only the standard as it is."""
        return self._crossing(to_met=False)

    def _crossing(self, *, to_met: bool) -> int:
        return sum(
            firms
            for (was, now), firms in self.flows.items()
            if was is not now and (now if to_met else was) is MET
        )


@dataclasses.dataclass(frozen=True)
class Simulated:
    """All scenarios side by side; ``written``: firms in the output table, if any."""

    rows: int
    moves: tuple[Moves, ...]
    written: int | None = None


@dataclasses.dataclass(frozen=True)
class _Pair:
    """Where a scenario's outcomes of a scheme stand in the table of moves."""

    scheme: str
    scenario: str
    base: str
    state: str


def simulate(
    snapshot: Snapshot,
    library: Library,
    asked: Asked,
    *,
    out: Path | None = None,
    memory: str = duck.MEMORY,
    threads: int | None = None,
    progress: duck.Progress = lambda _share: None,
) -> Simulated:
    """Judge everybody once under every scenario and count who moves.

    ``out``: a Parquet or CSV file with one row per firm whose outcome some scenario
    changes: ``uscc``, ``<scheme>__baseline`` and ``<scheme>__<scenario>``.
    """
    select, pairs = moves_query(snapshot, library, asked)
    folder = out.parent if out else Path(tempfile.gettempdir())
    with duck.connect(folder, memory=memory, threads=threads) as connection:
        duck.attach(connection, snapshot.path)
        sql = select.sql(dialect="duckdb")
        duck.run(connection, f"CREATE TEMP TABLE moves AS {sql}", progress)
        moves = tuple(_count(connection, each) for each in pairs)
        written = _write(connection, pairs, asked, snapshot, out) if out else None
    return Simulated(snapshot.rows, moves, written)


def moves_query(
    snapshot: Snapshot, library: Library, asked: Asked
) -> tuple[exp.Select, tuple[_Pair, ...]]:
    """One row per firm: what it is, and its outcome and failing criterion each time."""
    to = translator_for(
        library,
        asked.on,
        dialect_named("duckdb"),
        available=snapshot.names,
        most=snapshot.ranges,
    )
    columns = {"uscc": to.column("uscc", None), **_marks(to, library, asked)}
    pairs = []
    for at, scheme in enumerate(asked.schemes):
        base = f"s{at}"
        columns |= _judged(to, library, asked, scheme, None, base)
        for number, scenario in enumerate(asked.scenarios):
            state = base
            if scheme in scenario.schemes:
                state = f"s{at}_{number}"
                columns |= _judged(to, library, asked, scheme, scenario, state)
            pairs.append(_Pair(scheme, scenario.name, base, state))
    return to.steps.select(columns, writing.table(TABLE)), tuple(pairs)


def _marks(to: Translator, library: Library, asked: Asked) -> dict[str, Sql]:
    """What firms are told apart by: province, industry division, size class."""
    territory = writing.start(to.column("territory", None), 2)
    size = writing.null("VARCHAR")
    found = library.national.schemes[SIZE].which(asked.kind, asked.on)
    if found is not None:
        translated = translate_scheme(to, SIZE, found[0], asked.kind)
        assert translated.value is not None, "sizes are grades"
        size = grade_text(found[0], translated.value)
    return {"territory": territory, "industry": _division(to), "size": size}


def _division(to: Translator) -> Sql:
    """The two-digit division of GB/T 4754, or the letter where there is only that."""
    given = writing.upper(to.column("industry", None))
    lettered = writing.compare(">", writing.start(given, 1), writing.string("9"))
    digits = exp.Substring(
        this=given, start=writing.integer(2), length=writing.integer(2)
    )
    behind = writing.coalesce(writing.unless(digits, writing.string("")), given)
    return writing.case([(lettered, behind)], writing.start(given, 2))


def _judged(
    to: Translator,
    library: Library,
    asked: Asked,
    scheme: str,
    scenario: Scenario | None,
    name: str,
) -> dict[str, Sql]:
    found = library.national.schemes[scheme].which(asked.kind, asked.on)
    assert found is not None, "read_change refuses days without a rule set"
    rule_set = changed(found[0], scenario.numbers(scheme) if scenario else {})
    translated = translate_scheme(to, scheme, rule_set, asked.kind)
    return {
        name: writing.cast(conditions.code(translated.outcome), "TINYINT"),
        f"{name}_failing": _first_short(translated.judged),
    }


def _first_short(judged: Sequence[Judged]) -> Sql:
    """The first criterion that is unmet; where none is, the first that is open."""
    whens = [
        (
            writing.compare("<", conditions.code(each.outcome), writing.integer(_MET)),
            writing.string(each.id),
        )
        for each in judged
        if each.top_level and each.points is None
    ]
    opened = writing.case(whens) if whens else writing.null("VARCHAR")
    return writing.coalesce(first_failing(judged), opened)


def _count(connection: duckdb.DuckDBPyConnection, pair: _Pair) -> Moves:
    base, state = pair.base, pair.state
    flows = {
        (_WORDS[was], _WORDS[now]): firms
        for was, now, firms in duck.run(
            connection,
            f"SELECT {base}, {state}, count(*) "  # noqa: S608 - names of ours
            "FROM moves GROUP BY ALL ORDER BY ALL",
        )
    }
    criterion = f"CASE {state} WHEN {_MET} THEN {base}_failing ELSE {state}_failing END"
    groups = {}
    for group in GROUPS:
        key = criterion if group == "criterion" else group
        groups[group] = {
            found: (into, out)
            for found, into, out in duck.run(
                connection,
                f"SELECT {key} AS key, count(*) FILTER ({state} = {_MET}), "  # noqa: S608
                f"count(*) FILTER ({base} = {_MET}) FROM moves "
                f"WHERE ({base} = {_MET}) <> ({state} = {_MET}) "
                "GROUP BY key ORDER BY count(*) DESC, key",
            )
        }
    return Moves(pair.scheme, pair.scenario, flows, groups)


def _write(
    connection: duckdb.DuckDBPyConnection,
    pairs: Sequence[_Pair],
    asked: Asked,
    snapshot: Snapshot,
    out: Path,
) -> int:
    columns = ", ".join(["uscc", *_output(pairs)])
    differ = " OR ".join(f"{each.base} <> {each.state}" for each in pairs)
    sql = f"SELECT {columns} FROM moves WHERE {differ}"  # noqa: S608 - names of ours
    if out.suffix.lower() == ".parquet":
        return duck.write_result(connection, sql, out, describe(snapshot, asked))
    with whole_file(out) as part:
        place = duck.quoted(part)
        rows = duck.run(
            connection, f"COPY ({sql} ORDER BY uscc) TO {place} (FORMAT csv, HEADER)"
        )
        with part.open("rb+") as file:
            sync(file)
    return int(rows[0][0])


def _output(pairs: Sequence[_Pair]) -> Iterator[str]:
    """The output's columns, quoted: outcomes in words."""
    named: dict[str, str] = {}
    for each in pairs:
        named.setdefault(f"{each.scheme}__{BASELINE}", each.base)
        named[f"{each.scheme}__{each.scenario}"] = each.state
    words = " ".join(f"WHEN {c} THEN '{o.value}'" for c, o in _WORDS.items())
    for name, column in named.items():
        quoted = name.replace('"', '""')
        yield f'CASE {column} {words} END AS "{quoted}"'


def describe(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    """What the output's own metadata say: of what, on which day, with which changes."""
    made_from = snapshot.manifest.sha256 if snapshot.manifest else None
    return {
        "kind": SIMULATION,
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "on": asked.on.isoformat(),
        "procedure": asked.kind.value,
        "scenarios": {
            each.name: [change.text for change in each.changes]
            for each in asked.scenarios
        },
        "snapshot": snapshot.path.name,
        "snapshot_sha256": made_from,
        "fictional": bool(snapshot.manifest and snapshot.manifest.fictional),
    }
