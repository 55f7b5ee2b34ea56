"""``tidu simulate``: scenarios side by side, a curve, files, and refusals."""

from __future__ import annotations

import csv
import datetime
from decimal import Decimal

import duckdb
import pytest
import python_calamine
from pyarrow import parquet

from tidu.bulk.synth import Population, write_population
from tidu.cli.simulating import Run, progress, shown_points
from tidu.rules.library import default_library

DAY = "2026-06-01"
LOOSE = "宽:srdi_sme.min_revenue=500万元,srdi_sme.min_rnd=10万元"
STRICT = "srdi_sme.min_rnd_ratio=6%"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("simulate") / "p.parquet"
    on = datetime.date.fromisoformat(DAY)
    write_population(path, Population(60_000, 1, on, default_library()))
    return path


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def sheets(path):
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_scenarios_stand_side_by_side_in_eighty_columns(tidu, table, tmp_path):
    out = tmp_path / "moves.xlsx"
    ran = tidu(
        "simulate", table, "--change", STRICT, "--scenario", LOOSE,
        "--on", DAY, "-o", out,
    )  # fmt: skip
    assert ran.code == 0
    assert "共60,000家企业" in ran.out
    assert "卡在的条件" in ran.out
    assert "  其余" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    book = sheets(out)
    assert list(book) == [
        "changes", "flows", "territory", "industry", "size", "criterion",
    ]  # fmt: skip
    assert book["changes"][1:] == [
        ["scenario", "srdi_sme", "min_rnd_ratio", "6%"],
        ["宽", "srdi_sme", "min_revenue", "500万元"],
        ["宽", "srdi_sme", "min_rnd", "10万元"],
    ]
    firms = [row[4] for row in book["flows"][1:] if row[1] == "宽"]
    assert sum(firms) == 60_000
    entered = sum(
        row[4]
        for row in book["flows"][1:]
        if row[1] == "宽" and row[3] == "met" != row[2]
    )
    assert f"+{entered:,.0f}" in ran.out
    for group in ("territory", "industry", "size", "criterion"):
        rows = [row for row in book[group][1:] if row[1] == "宽"]
        assert sum(row[4] for row in rows) == entered > 0
    names = {row[2]: row[3] for row in book["criterion"][1:]}
    assert names["rnd_each_year"] == "近两年研发费用及其占营业收入比重"


def test_english_and_a_table_of_those_that_move(tidu, table, tmp_path):
    out = tmp_path / "moves.parquet"
    ran = tidu(
        "simulate", table, "--change", STRICT, "--on", DAY, "-o", out, "--lang", "en"
    )
    assert ran.code == 0
    assert "Criterion in the way" in ran.out
    assert "R&D expense and its share of revenue" in ran.out
    ((left,),) = duckdb.sql(
        f"SELECT count(*) FROM '{out}' "  # noqa: S608 - a file of this test
        "WHERE srdi_sme__baseline = 'met' AND srdi_sme__scenario <> 'met'"
    ).fetchall()
    assert left > 0
    assert f"-{left:,}" in ran.out
    assert str(out.name) in ran.out.replace("\n", "")


def test_nobody_moves_and_too_many_scenarios(tidu, table):
    ran = tidu("simulate", table, "--change", "srdi_sme.min_rnd_ratio=3%", "--on", DAY)
    assert ran.code == 0
    assert "没有企业因此转入或转出。" in ran.out
    named = [f"{n}:srdi_sme.min_rnd_ratio={n}%" for n in range(6, 11)]
    arguments = [part for each in named for part in ("--scenario", each)]
    ran = tidu("simulate", table, *arguments, "--on", DAY)
    assert ran.code == 0
    assert "方案太多，分组请用 -o 写成 xlsx 查看。" in ran.out


def test_the_whole_curve_in_each_form(tidu, table, tmp_path):
    text = "srdi_sme.min_rnd_ratio=1%..10%/900"
    curves = {}
    for kind in ("csv", "xlsx", "parquet"):
        out = tmp_path / f"curve.{kind}"
        ran = tidu("simulate", table, "--sweep", text, "--on", DAY, "-o", out)
        assert ran.code == 0
        assert "srdi_sme/2026-04-01 的 min_rnd_ratio，现行 3%，共901个门槛" in ran.out
        assert max(map(len, ran.out.splitlines())) <= 80
    with (tmp_path / "curve.csv").open(encoding="utf-8-sig") as file:
        curves["csv"] = [
            (Decimal(row["threshold"]), row["quantity"], int(row["met"]))
            for row in csv.DictReader(file)
        ]
    curves["parquet"] = [
        (row["threshold"], row["quantity"], row["met"])
        for row in parquet.read_table(tmp_path / "curve.parquet").to_pylist()
    ]
    assert curves["csv"] == curves["parquet"]
    assert len(curves["csv"]) == 901
    assert curves["csv"][200][:2] == (Decimal("0.03"), "3%")
    mets = [met for _, _, met in curves["csv"]]
    assert mets == sorted(mets, reverse=True)
    assert mets[0] > mets[-1]
    head, *rows = sheets(tmp_path / "curve.xlsx")["curve"]
    assert head[:3] == ["threshold", "quantity", "met"]
    assert [row[2] for row in rows] == mets


def test_a_sweep_and_a_change_agree(tidu, table):
    swept = tidu(
        "simulate", table, "--sweep", "srdi_sme.min_rnd_ratio=3%..6%/1", "--on", DAY
    )
    changed = tidu("simulate", table, "--change", STRICT, "--on", DAY)
    at = {line.split()[0]: line.split()[1] for line in swept.out.splitlines()[3:]}
    lines = [line.split() for line in changed.out.splitlines()]
    assert ["现行：符合", at["3%"]] in lines
    assert ["改后：符合", at["6%"]] in lines


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "没有写要改什么"),
        (("--change", "srdi_sme.rnd=1%"), "没有数值 rnd"),
        (("--change", STRICT, "-o", "moves.txt"), "不能写成 moves.txt"),
        (("--change", STRICT, "--sweep", STRICT), "请分两次运行"),
        (("--sweep", STRICT), "起..止/份数"),
    ],
)
def test_refusals_are_one_sentence_and_exit_2(tidu, table, arguments, why):
    ran = tidu("simulate", table, *arguments, "--on", DAY)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert ran.err.count("\n") == 1


def test_a_table_that_is_no_snapshot(tidu, tmp_path):
    ran = tidu("simulate", tmp_path / "none.parquet", "--change", STRICT, "--on", DAY)
    assert ran.code == 1
    assert ran.err.count("\n") == 1


def test_about_twenty_points_are_shown():
    assert shown_points(2) == [0, 1]
    assert shown_points(21) == list(range(21))
    assert shown_points(1001)[::10] == [0, 500, 1000]


def test_firms_of_an_unknown_place_and_a_table_without_manifest(tidu, table, tmp_path):
    path = tmp_path / "firms.parquet"
    firms = parquet.read_table(table).drop_columns(["territory"])
    parquet.write_table(firms.replace_schema_metadata(None), path)
    ran = tidu("simulate", path, "--change", STRICT, "--on", DAY)
    assert ran.code == 0
    assert "清单" in ran.err
    place = ran.out.split("省级区划")[1].splitlines()[1].split()
    left = [line for line in ran.out.splitlines() if line.startswith("转出")]
    assert place == ["不详", "+0", left[0].split()[1]]


def test_a_bar_appears_once_something_is_done(capsys):
    run = Run(datetime.date.fromisoformat(DAY))
    with progress(run) as advance:
        advance(0.0)
        assert not capsys.readouterr().err
        advance(0.5)
        advance(1.0)
