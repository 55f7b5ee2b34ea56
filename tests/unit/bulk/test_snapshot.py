"""``tidu snapshot``: every fact comes back; what cannot be kept exactly is an error."""

from __future__ import annotations

import datetime
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from tidu.bulk import snapshot as snapshots
from tidu.bulk.checking import check_snapshot, columns_in
from tidu.bulk.columns import Column
from tidu.bulk.snapshot import Order, TooBig, read_firms, stored, take_snapshot
from tidu.intake import read_file
from tidu.rules.facts import Facts
from tidu.rules.library import default_library

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "samples/demo.xlsx"
DAY = datetime.date(2026, 6, 1)
LIBRARY = default_library()
FACTS = LIBRARY.facts
CODE = "91990221MA00000114"
OTHER = "91990222MA0000020G"


@pytest.fixture
def order():
    """As of the day of the samples."""
    return Order(DAY, LIBRARY)


def firms(path, **more):
    return [each.values for each in read_firms(path, FACTS, **more)]


def put(folder, name, *rows):
    path = folder / name
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_every_fact_of_the_sample_comes_back(tmp_path, order):
    path = tmp_path / "p.parquet"
    taken = take_snapshot([DEMO], path, order)
    read = read_file(DEMO, FACTS, on=DAY)
    assert taken.rows == len(read.rows) == 40
    assert firms(path) == [row.facts.values for row in read.rows]
    manifest = check_snapshot(path, LIBRARY)
    assert (manifest.rows, manifest.as_of, manifest.fictional) == (40, DAY, False)
    [source] = manifest.sources
    assert (source.name, source.rows) == ("demo.xlsx", 40)


def test_years_are_those_on_file_and_the_last_ones(tmp_path, order):
    source = put(tmp_path, "a.json", {"uscc": CODE, "revenue@2012": 1})
    path = tmp_path / "p.parquet"
    take_snapshot([source], path, order)
    names = parquet.read_schema(path).names
    years = [name[-4:] for name in names if name.startswith("revenue_")]
    assert years == ["2026", "2025", "2024", "2023", "2022", "2012"]
    assert names[0] == "uscc"
    assert {column.fact.id for column in columns_in(names, FACTS)} == set(FACTS)


def test_one_firm_is_found_by_its_code(tmp_path, order, monkeypatch):
    monkeypatch.setattr(snapshots, "BATCH", 7)
    path = tmp_path / "p.parquet"
    take_snapshot([DEMO], path, order)
    with parquet.ParquetFile(path) as file:
        assert file.num_row_groups == 6
    [found] = firms(path, uscc=CODE)
    assert found["uscc"] == CODE
    assert firms(path, uscc="none") == []
    assert len(firms(path)) == 40


def test_a_full_last_batch_is_not_followed_by_an_empty_one(
    tmp_path, order, monkeypatch
):
    monkeypatch.setattr(snapshots, "BATCH", 20)
    path = tmp_path / "p.parquet"
    take_snapshot([DEMO], path, order)
    with parquet.ParquetFile(path) as file:
        assert file.num_row_groups == 2


def test_the_same_firm_in_two_files(tmp_path, order):
    first = put(
        tmp_path, "a.json", {"uscc": CODE, "name": "甲"}, {"uscc": OTHER, "name": "乙"}
    )
    second = put(
        tmp_path, "b.json", {"uscc": CODE, "name": "丙"}, {"uscc": OTHER, "name": "乙"}
    )
    path = tmp_path / "p.parquet"
    taken = take_snapshot([first, second], path, order)
    [error] = [p for p in taken.problems if p.severity == "error"]
    [again] = [p for p in taken.problems if "完全相同" in p.what]
    assert "b.json 第1行" in error.sentence()
    assert "与a.json第1行的统一社会信用代码相同，内容不同" in error.sentence()
    assert "与a.json第2行完全相同" in again.sentence()
    assert [each["name"] for each in firms(path)] == ["甲", "乙"]
    assert [each.rows for each in taken.manifest.sources] == [2, 0]


def test_firms_without_a_code_are_all_kept(tmp_path, order):
    source = put(tmp_path, "a.json", {"name": "甲"}, {"name": "甲"})
    path = tmp_path / "p.parquet"
    assert take_snapshot([source], path, order).rows == 2
    assert firms(path) == [{"name": "甲"}, {"name": "甲"}]


def test_a_province_is_put_in_where_none_is_named(tmp_path):
    source = put(tmp_path, "a.json", {"name": "甲"}, {"name": "乙", "territory": "11"})
    path = tmp_path / "p.parquet"
    take_snapshot([source], path, Order(DAY, LIBRARY, province="990000"))
    assert [each["territory"] for each in firms(path)] == ["990000", "11"]


def test_a_figure_that_does_not_fit_is_an_error_of_its_row(tmp_path, order):
    rows = [
        {"name": "甲", "revenue@2025": "99999999999999亿元"},
        {"name": "乙", "niche_years": "10000000000"},
        {"name": "丙", "class1_ip": str(2**63)},
        {"name": "丁", "class1_ip": 3},
    ]
    source = put(tmp_path, "a.json", *rows)
    path = tmp_path / "p.parquet"
    taken = take_snapshot([source], path, order)
    errors = [p for p in taken.problems if p.severity == "error"]
    assert [(p.row, p.column) for p in errors] == [
        (1, "revenue@2025"),
        (2, "niche_years"),
        (3, "class1_ip"),
    ]
    assert "放不进快照的这一列" in errors[0].sentence()
    assert [each["name"] for each in firms(path)] == ["丁"]


def test_money_finer_than_a_cent_does_not_fit():
    with pytest.raises(TooBig):
        stored(FACTS["revenue"], Decimal("1.001"))
    assert stored(FACTS["revenue"], Decimal(7)) == (Decimal("7.00"), False)


@pytest.mark.parametrize(
    ("share", "kept", "nudged"),
    [
        ("0.03", "0.03000000", False),
        ("0.123456789", "0.12345679", False),
        ("0.0300000001", "0.03000001", True),
        ("0.0299999999", "0.02999999", True),
        ("0.029999994", "0.02999999", False),
        ("0.00000000001", "0.00000001", True),
        ("9.9999999999", "9.99999999", True),
    ],
)
def test_a_ratio_is_never_rounded_onto_a_border(share, kept, nudged):
    assert stored(FACTS["market_share"], Decimal(share)) == (Decimal(kept), nudged)


@given(
    st.decimals(0, 10, places=12, allow_nan=False),
    st.integers(0, 10_000_000),
)
def test_rounding_keeps_every_comparison_with_six_decimals(share, millionths):
    border = Decimal(millionths).scaleb(-6)
    kept, _ = stored(FACTS["market_share"], share)
    assert (kept > border, kept == border) == (share > border, share == border)


@given(st.integers(0, 10_000_000), st.integers(-300, 300))
def test_rounding_keeps_comparisons_next_to_a_border(millionths, trillionths):
    border = Decimal(millionths).scaleb(-6)
    share = border + Decimal(trillionths).scaleb(-10)
    kept, _ = stored(FACTS["market_share"], share)
    assert (kept > border, kept == border) == (share > border, share == border)


def test_choices_stand_in_the_dictionarys_order(tmp_path, order):
    source = put(
        tmp_path,
        "a.json",
        {"name": "甲", "dq06": "assessment;rules", "rnd_institution": "city"},
        {"name": "乙", "dq06": "none"},
    )
    path = tmp_path / "p.parquet"
    take_snapshot([source], path, order)
    assert parquet.read_table(path)["dq06"].to_pylist() == ["rules;assessment", ""]
    assert [each["dq06"] for each in firms(path)] == [
        frozenset({"rules", "assessment"}),
        frozenset(),
    ]


def value_of(fact):
    """Any value a fact can have in a snapshot."""
    match fact.type.value:
        case "money":
            return st.decimals(-(10**15), 10**15, places=2, allow_nan=False)
        case "ratio" | "number":
            return st.decimals(0, 10**9, places=8, allow_nan=False)
        case "count":
            return st.integers(0, 2**62)
        case "boolean":
            return st.booleans()
        case "date":
            return st.dates(datetime.date(1980, 1, 1))
        case "choice":
            return st.sampled_from([each.id for each in fact.choices])
        case "choices":
            options = [each.id for each in fact.choices if each.id != "none"]
            return st.frozensets(st.sampled_from(options))
    return st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=9)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_facts_to_a_line_and_back(data):
    chosen = data.draw(st.lists(st.sampled_from(list(FACTS)), unique=True, max_size=9))
    columns = [Column(FACTS[i], 2025 if FACTS[i].yearly else None) for i in chosen]
    facts = Facts.of({c.key: data.draw(value_of(c.fact)) for c in columns})
    line = {c.name: stored(c.fact, facts.get(c.key))[0] for c in columns}
    assert snapshots.facts_of(line, columns).values == facts.values


# -- a folder of snapshots ---------------------------------------------------------


def test_a_folder_gets_a_read_only_table_and_a_live_link(tmp_path, order):
    folder = tmp_path / "tables"
    folder.mkdir()
    first = take_snapshot([DEMO], folder, order)
    name = f"enterprises-2026-06-01-{first.manifest.sha256[:12]}.parquet"
    live = folder / "current.parquet"
    assert first.path == folder / name
    assert first.path.stat().st_mode & 0o777 == 0o444
    assert os.readlink(live) == name  # noqa: PTH115
    assert check_snapshot(live, LIBRARY).rows == 40

    source = put(tmp_path, "a.json", {"name": "甲"})
    second = take_snapshot([source], folder, order)
    assert check_snapshot(live, LIBRARY).rows == 1
    assert sorted(each.name for each in folder.iterdir()) == sorted(
        ["current.parquet", first.path.name, second.path.name]
    )
    assert take_snapshot([DEMO], folder, order).path == first.path
