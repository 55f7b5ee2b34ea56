"""The forecast agrees with the reference rules, and its sums with plain counting."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.agreement import firms, tables
from tests.property import worlds
from tidu.bulk import transition
from tidu.bulk.arrow_types import arrow_schema
from tidu.bulk.columns import columns_for
from tidu.bulk.forecast import Due, forecast
from tidu.bulk.manifest import SnapshotError
from tidu.bulk.path_class import MONEY, PAPER, YEARS, Move, PathClass
from tidu.bulk.screen import open_snapshot
from tidu.bulk.transition import COLUMNS, NEW_CRITERION, Outlook, OutlookError
from tidu.rules.assess import prepare, stand
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN, UNMET, Outcome
from tidu.rules.rulesets import Criterion, Kind

LIBRARY = default_library()
START, END = datetime.date(2025, 12, 31), worlds.ON
MOVES = {
    "revenue": Move(MONEY),
    "rnd_expense": Move(MONEY),
    "holds_tech_sme": Move(PAPER),
    "holds_innovative_sme": Move(PAPER),
}
ENDS = [START + datetime.timedelta(days=n) for n in (-1, 0, 200, 400, 700)]
TITLES = {
    each.title_fact: each
    for each in LIBRARY.national.schemes.values()
    if each.title_fact
}
MANY = 150


def with_titles(random: Random, number: int) -> Facts:
    facts = firms.firm(random, number)
    flat = {c.key: facts.get(c.key) for c in firms.COLUMNS}
    for fact_id in TITLES:
        flat[fact_id] = random.choice([True, True, False, None])
        until = LIBRARY.facts[fact_id].expires
        if until:
            flat[until] = random.choice([*ENDS, None])
    return Facts.of({key: value for key, value in flat.items() if value is not None})


def write(path, people, columns=firms.COLUMNS):
    rows = [
        {column.name: tables.cell(column, facts) for column in columns}
        for facts in people
    ]
    parquet.write_table(pa.Table.from_pylist(rows, arrow_schema(columns)), path)
    return path


def snapshot(path, people, columns=firms.COLUMNS):
    return open_snapshot(
        write(path, people, columns), LIBRARY, warn=lambda _sentence: None
    )


@pytest.fixture(scope="module")
def people():
    return [with_titles(worlds.seeded(number), number) for number in range(MANY)]


@pytest.fixture(scope="module")
def table(people, tmp_path_factory):
    return snapshot(tmp_path_factory.mktemp("forecast") / "p.parquet", people)


def rows_of(table, outlook, tmp_path):
    with forecast(table, LIBRARY, outlook, MOVES, tmp_path) as found:
        rows = [dict(zip(COLUMNS, line, strict=True)) for line in found.lines(10**6)]
        return found, rows


def judged(facts: Facts, scheme: str, day: datetime.date):
    """The reference: outcome, and the outcomes of the criteria that decide it."""
    pack = LIBRARY.for_territory(facts.get("territory"))
    standing = stand(
        LIBRARY.national,
        scheme,
        prepare(facts, pack, day),
        on=day,
        kind=Kind.REVERIFICATION,
    )
    criteria = {
        each.id: each.outcome
        for each in standing.findings
        if isinstance(each.about, Criterion) and not each.part_of
    }
    return standing, criteria


def expected(people, *, expiring=None):
    found = {}
    for facts in people:
        pack = LIBRARY.for_territory(facts.get("territory"))
        for fact_id, scheme in TITLES.items():
            if prepare(facts, pack, START).get(fact_id) is not True:
                continue
            expires = LIBRARY.facts[fact_id].expires
            until = facts.get(expires) if expires else None
            if expiring is not None and (until is None or until.year != expiring):
                continue
            found[facts.get("uscc"), scheme.id] = (facts, scheme, until)
    return found


def test_every_holder_agrees_with_the_reference(people, table, tmp_path):
    found, rows = rows_of(table, Outlook(START, END), tmp_path)
    wanted = expected(people)
    assert len(rows) == found.rows == len(wanted) > MANY
    seen = Counter()
    for row in rows:
        facts, scheme, until = wanted.pop((row["uscc"], row["scheme"]))
        old, before = judged(facts, scheme.id, START)
        new, after = judged(facts, scheme.id, END)
        failing = [each for each, outcome in after.items() if outcome is UNMET]
        assert row["outcome_before"] == old.outcome.value
        assert row["outcome_after"] == new.outcome.value
        assert row["rule_set_before"] == old.rule_set.name
        assert row["rule_set_after"] == new.rule_set.name
        assert row["failing"] == (";".join(failing) or None)
        was = [
            before[each].value if each in before else NEW_CRITERION for each in failing
        ]
        assert row["failing_before"] == (";".join(was) or None)
        for outcome in (UNKNOWN, MANUAL):
            ids = [each for each, found in after.items() if found is outcome]
            assert row[outcome.value] == (";".join(ids) or None)
        assert row["valid_until"] == until
        quarter = f"{until.year}Q{(until.month + 2) // 3}" if until else None
        assert row["quarter"] == quarter
        assert row["province"] == ((facts.get("territory") or "")[:2] or None)
        seen[row["outcome_after"], NEW_CRITERION in was] += 1
    assert wanted == {}
    assert seen[UNMET.value, True]  # a criterion the old rules lacked was met with
    assert seen[UNKNOWN.value, False]
    assert seen[MANUAL.value, False] or seen[MET.value, False]


def test_the_class_of_a_firm_is_the_hardest_of_its_failing_criteria(table, tmp_path):
    _, rows = rows_of(table, Outlook(START, END), tmp_path)
    order = [each.word for each in PathClass]
    paths = Counter()
    for row in rows:
        classes = (row["failing_path"] or "").split(";") if row["failing"] else []
        assert len(classes) == len((row["failing"] or "").split(";")) or not classes
        assert row["path"] == (max(classes, key=order.index) if classes else None)
        assert (row["path"] is not None) is (row["outcome_after"] == "unmet")
        for criterion, path in zip(
            (row["failing"] or "").split(";"), classes, strict=False
        ):
            paths[row["scheme"], criterion, path] += 1
    by_criterion = {key[:2]: key[2] for key in paths}
    assert by_criterion["srdi_sme", "entry_title"] == "paper"
    assert by_criterion["srdi_sme", "niche_years"] == "years"
    assert by_criterion["srdi_sme", "rnd_each_year"] == "years"
    assert by_criterion["srdi_sme", "conduct"] == "blocked"


def test_sums_equal_plain_counting(table, tmp_path):
    found, rows = rows_of(table, Outlook(START, END), tmp_path)
    outcomes = Counter(
        (r["scheme"], r["province"], r["quarter"], r["outcome_after"]) for r in rows
    )
    cliff = Counter(
        {
            (d.scheme, d.province, d.quarter, outcome.value): n
            for d in found.cliff
            for outcome, n in d.outcomes.items()
            if n
        }
    )
    assert cliff == outcomes
    assert sum(each.due for each in found.cliff) == found.rows
    for each in found.cliff:
        low, high = each.loss
        assert low == outcomes[each.scheme, each.province, each.quarter, "unmet"]
        assert (
            high
            == each.due - each.outcomes[MET] - each.outcomes[Outcome.NOT_APPLICABLE]
        )
    failing, passed, paths = Counter(), Counter(), Counter()
    for row in rows:
        parts = [
            (row[name] or "").split(";")
            for name in ("failing", "failing_path", "failing_before")
        ]
        for criterion, path, was in zip(*parts, strict=True):
            if criterion:
                failing[row["scheme"], criterion] += 1
                paths[row["scheme"], criterion, path] += 1
                passed[row["scheme"], criterion] += was == "met"
    assert {(f.scheme, f.criterion): f.holders for f in found.failing} == failing
    assert {
        (f.scheme, f.criterion, path.word): n
        for f in found.failing
        for path, n in f.paths.items()
    } == paths
    assert (
        Counter({(f.scheme, f.criterion): f.passed_before for f in found.failing})
        == passed
    )
    for each in found.standings:
        own = [row for row in rows if row["scheme"] == each.title.scheme]
        assert each.holders == len(own)
        assert each.before == Counter(Outcome(row["outcome_before"]) for row in own)
        assert each.after == Counter(Outcome(row["outcome_after"]) for row in own)
        words = Counter(row["path"] for row in own if row["path"])
        assert {path.word: n for path, n in each.paths.items()} == words


def test_the_loss_is_a_range():
    due = Due("srdi_sme", "11", "2027Q2", {MET: 5, UNMET: 2, UNKNOWN: 3, MANUAL: 4})
    assert (due.due, due.loss) == (14, (2, 9))


def test_only_titles_that_end_in_the_year(people, table, tmp_path):
    year = ENDS[3].year
    found, rows = rows_of(table, Outlook(START, END, year), tmp_path)
    wanted = expected(people, expiring=year)
    assert {(row["uscc"], row["scheme"]) for row in rows} == set(wanted)
    everybody = expected(people)
    undated = Counter(s.id for _, s, until in everybody.values() if until is None)
    assert Counter(found.left_out) == undated


def test_a_forecast_is_written_as_parquet(table, tmp_path):
    out = tmp_path / "o.parquet"
    with forecast(table, LIBRARY, Outlook(START, END), MOVES, tmp_path) as found:
        rows = [list(line) for line in found.lines(10**6)]
        assert found.write_parquet(out) == found.rows
    written = parquet.read_table(out)
    assert written.column_names == list(COLUMNS)
    assert [list(row.values()) for row in written.to_pylist()] == rows
    assert list(tmp_path.iterdir()) == [out]


def firm(number: int, **facts) -> Facts:
    return Facts.of({"uscc": f"{number:018d}", **facts})


def test_firms_without_code_or_place_stay_apart(tmp_path):
    columns = [
        c
        for c in columns_for(LIBRARY.facts, ())
        if c.name in {"uscc", "holds_champion"}
    ]
    people = [Facts.of({"holds_champion": True}) for _ in range(3)]
    found, rows = rows_of(
        snapshot(tmp_path / "p.parquet", people, columns), Outlook(START, END), tmp_path
    )
    assert len(rows) == 3
    assert {(r["uscc"], r["province"], r["quarter"]) for r in rows} == {(None,) * 3}
    assert [(d.province, d.quarter, d.due) for d in found.cliff] == [(None, None, 3)]
    assert "srdi_sme" in found.skipped
    assert found.labels(english=True)["manufacturing_champion", "niche_years"]


def test_before_the_first_rules_nothing_is_said(tmp_path):
    columns = [
        c
        for c in columns_for(LIBRARY.facts, ())
        if c.name in {"uscc", "holds_champion", "niche_years"}
    ]
    early = datetime.date(2022, 1, 1)
    people = [firm(1, holds_champion=True, niche_years=Decimal(1))]
    table = snapshot(tmp_path / "p.parquet", people, columns)
    found, rows = rows_of(table, Outlook(early, early), tmp_path)
    assert rows[0]["rule_set_before"] is None
    assert rows[0]["outcome_after"] == "not_applicable"
    assert rows[0]["failing"] is rows[0]["path"] is None
    assert found.failing == ()
    found, rows = rows_of(table, Outlook(early, END), tmp_path)
    assert rows[0]["failing"].split(";")[0] == "niche_years"
    assert rows[0]["failing_before"].split(";")[0] == NEW_CRITERION
    assert rows[0]["path"] == YEARS.word


def test_nobody_holds_a_title(tmp_path):
    columns = [
        c for c in columns_for(LIBRARY.facts, ()) if c.name in {"uscc", "holds_srdi"}
    ]
    table = snapshot(tmp_path / "p.parquet", [firm(1, holds_srdi=False)], columns)
    found, rows = rows_of(table, Outlook(START, END), tmp_path)
    assert (found.rows, rows, found.cliff) == (0, [], ())


def test_a_snapshot_without_titles_is_refused(tmp_path):
    columns = [c for c in columns_for(LIBRARY.facts, ()) if c.name == "uscc"]
    table = snapshot(tmp_path / "p.parquet", [firm(1)], columns)
    with (
        pytest.raises(SnapshotError, match=r"没有称号列.*holds_srdi"),
        forecast(table, LIBRARY, Outlook(START, END), MOVES, tmp_path),
    ):
        pass


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((END, START, None), "--to 2025-12-31 早于 --from 2026-06-01"),
        ((START, END, 20270), "--expiring 20270 不是可用的年份"),
        ((START, END, 2024), "--expiring 2024 早于 --from 2025-12-31"),
    ],
)
def test_days_that_contradict_each_other(days, sentence):
    with pytest.raises(OutlookError, match=sentence) as caught:
        Outlook(*days)
    assert caught.value.exit_code == 2


def test_a_group_without_id_stands_for_its_parts():
    rule_set = LIBRARY.national.schemes["srdi_sme"].rule_sets[0]
    first, second, *_ = rule_set.criteria
    group = dataclasses.replace(first, id="", parts=(first, second))
    made = dataclasses.replace(rule_set, criteria=(group,))
    assert transition.criteria(made) == [first, second]
