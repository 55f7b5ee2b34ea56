"""Who moves is what two screenings say, before and after the pack is rewritten."""

from __future__ import annotations

import csv
import datetime
import json
from collections import Counter

import duckdb
import pytest
from pyarrow import parquet

from tests.unit.bulk.populations import LIBRARY, opened, screened, write_border_firms
from tests.unit.bulk.test_scenarios import SRDI, rewritten
from tidu.bulk.scenarios import read_scenarios
from tidu.bulk.simulate import GROUPS, Asked, simulate
from tidu.bulk.synth import Population, write_population
from tidu.rules.outcomes import MET, Outcome
from tidu.rules.rulesets import Kind

NEW = datetime.date(2026, 6, 1)
REVENUE = "srdi_sme.min_revenue=500万元"
RATIO = "srdi_sme.min_rnd_ratio=6%"


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    path = tmp_path_factory.mktemp("simulate") / "p.parquet"
    write_population(path, Population(40_000, 1, NEW, LIBRARY))
    return opened(path)


def asked(changes, named=(), on=NEW, kind=Kind.NEW) -> Asked:
    return Asked(read_scenarios(LIBRARY, changes, named, on=on, kind=kind), on, kind)


def test_moves_are_those_of_a_really_rewritten_pack(population, tmp_path):
    library = rewritten(
        tmp_path, SRDI, "min_rnd_ratio: {value: 3%,", "min_rnd_ratio: {value: 6%,"
    )
    before = screened(population, LIBRARY, "srdi_sme", NEW)
    after = screened(population, library, "srdi_sme", NEW)
    out = tmp_path / "moves.parquet"
    found = simulate(population, LIBRARY, asked([RATIO]), out=out)
    (moves,) = found.moves
    assert {(a.value, b.value): n for (a, b), n in moves.flows.items()} == Counter(
        (before[uscc], after[uscc]) for uscc in before
    )
    assert moves.before == Counter(before.values())["met"]
    assert moves.after == Counter(after.values())["met"]
    assert (moves.moved_in, moves.moved_out) == (0, moves.before - moves.after)
    assert moves.moved_out > 0
    moved = {uscc for uscc in before if before[uscc] != after[uscc]}
    table = parquet.read_table(out)
    assert table.column_names == ["uscc", "srdi_sme__baseline", "srdi_sme__scenario"]
    assert {tuple(row.values()) for row in table.to_pylist()} == {
        (uscc, before[uscc], after[uscc]) for uscc in moved
    }
    assert found.written == len(moved)
    about = json.loads(parquet.read_metadata(out).metadata[b"tidu"])
    assert about["kind"] == "simulation"
    assert about["scenarios"] == {"scenario": [RATIO]}
    assert about["fictional"] is True


def test_groups_add_up_and_agree_with_the_firms_themselves(population, tmp_path):
    out = tmp_path / "moves.parquet"
    found = simulate(
        population, LIBRARY, asked([REVENUE, "srdi_sme.min_rnd=10万元"]), out=out
    )
    (moves,) = found.moves
    assert moves.moved_in > 0
    assert moves.moved_out == 0
    for group in GROUPS:
        pairs = moves.groups[group].values()
        assert [sum(side) for side in zip(*pairs, strict=True)] == [moves.moved_in, 0]
    query = (
        "SELECT substring(territory, 1, 2), industry "  # noqa: S608 - files of a test
        f"FROM '{population.path}' "
        f"JOIN '{out}' USING (uscc) WHERE srdi_sme__scenario = 'met'"
    )
    rows = duckdb.sql(query).fetchall()
    provinces = Counter(province for province, _ in rows)
    divisions = Counter(code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2] for _, code in rows)
    assert {k: n for k, (n, _) in moves.groups["territory"].items()} == provinces
    assert {k: n for k, (n, _) in moves.groups["industry"].items()} == divisions
    assert set(moves.groups["size"]) <= {"micro", "small", "medium"}
    assert set(moves.groups["criterion"]) <= {"revenue_or_equity", "rnd_each_year"}


def test_scenarios_share_a_baseline_and_leave_other_schemes_alone(population, tmp_path):
    out = tmp_path / "moves.csv"
    found = simulate(
        population,
        LIBRARY,
        asked([RATIO], [f"宽:{REVENUE},innovative_sme.min_score=90分"]),
        out=out,
    )
    by_name = {(each.scheme, each.scenario): each for each in found.moves}
    assert list(by_name) == [
        ("srdi_sme", "scenario"),
        ("srdi_sme", "宽"),
        ("innovative_sme", "scenario"),
        ("innovative_sme", "宽"),
    ]
    assert len({each.before for each in found.moves if each.scheme == "srdi_sme"}) == 1
    still = by_name["innovative_sme", "scenario"]
    assert all(was is now for was, now in still.flows)
    assert still.groups == {group: {} for group in GROUPS}
    assert by_name["innovative_sme", "宽"].moved_out > 0
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == found.written
    assert [each["uscc"] for each in rows] == sorted(each["uscc"] for each in rows)
    innovative = Counter(
        (row["innovative_sme__baseline"], row["innovative_sme__宽"]) for row in rows
    )
    flows = by_name["innovative_sme", "宽"].flows
    for (was, now), firms in flows.items():
        if was is not now:
            assert innovative[was.value, now.value] == firms


def test_firms_on_every_border_agree_with_a_rewritten_pack(tmp_path):
    path = tmp_path / "firms.parquet"
    write_border_firms(path, 1_500, 3)
    snapshot = opened(path)
    library = rewritten(
        tmp_path,
        "schemes/innovative_sme/2022-08-01.yaml",
        "min_innovation: {value: 20分,",
        "min_innovation: {value: 3分,",
    )
    kind = Kind.REVERIFICATION
    before = screened(snapshot, LIBRARY, "innovative_sme", NEW, kind)
    after = screened(snapshot, library, "innovative_sme", NEW, kind)
    found = simulate(
        snapshot, LIBRARY, asked(["innovative_sme.min_innovation=3分"], kind=kind)
    )
    (moves,) = found.moves
    assert found.written is None
    assert {(a.value, b.value): n for (a, b), n in moves.flows.items()} == Counter(
        (before[uscc], after[uscc]) for uscc in before
    )


def test_before_the_size_standard_the_size_is_not_known(population):
    """The first standards are from 2016; sizes are told from the end of 2017 on."""
    on = datetime.date(2016, 6, 1)
    change = "high_tech_enterprise.min_hightech_revenue=0%"
    found = simulate(population, LIBRARY, asked([change], on=on))
    (moves,) = found.moves
    assert set(moves.groups["size"]) <= {None}
    assert sum(moves.flows.values()) == population.rows
    assert {outcome for flow in moves.flows for outcome in flow} <= set(Outcome)
    assert MET in Outcome
