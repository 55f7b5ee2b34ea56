"""``tidu snapshot`` and ``tidu synth``: what they write, say and exit with."""

from __future__ import annotations

import csv
from pathlib import Path

from pyarrow import parquet

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "samples/demo.xlsx"


def names(path):
    return parquet.read_table(path)["name"].to_pylist()


def test_the_command_says_what_it_did(tidu, tmp_path):
    path = tmp_path / "p.parquet"
    ran = tidu("snapshot", DEMO, "-o", path, "--on", "2026-06-01")
    assert (ran.code, ran.out) == (0, "")
    assert "已写入40家企业；错误0条，提醒1条。" in ran.err
    assert f"下一步：tidu screen {path} -o" in ran.err


def test_rows_that_cannot_be_read_exit_3_and_the_others_are_written(tidu, tmp_path):
    source = tmp_path / "a.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["name", "revenue@2025(万元)", "market_share"],
                ["甲", "x", "1%"],
                ["乙", "5", "10.00000000001%"],
            ]
        )
    path = tmp_path / "p.parquet"
    ran = tidu("snapshot", source, "-o", path, "--on", "2026-06-01", "--lang", "en")
    assert ran.code == 3
    assert "a.csv" in ran.err
    assert "Wrote 1 enterprises; 1 errors" in ran.err
    assert "Warning: 1 ratios or numbers" in ran.err
    assert names(path) == ["乙"]


def test_the_command_takes_a_column_map(tidu, tmp_path):
    path = tmp_path / "p.parquet"
    star = ROOT / "samples/star_market_2025"
    ran = tidu(
        "snapshot",
        star.with_suffix(".csv"),
        "-o",
        path,
        "--columns",
        f"{star}.columns.yaml",
        "--on",
        "2026-06-01",
    )
    assert ran.code == 0
    assert len(names(path)) == 18


def test_a_folder_that_is_not_there_exits_1(tidu, tmp_path):
    ran = tidu("snapshot", DEMO, "-o", tmp_path / "none/p.parquet")
    assert ran.code == 1
    assert ran.err.startswith("写不出")


def test_synth_writes_and_says_so(tidu, tmp_path):
    path = tmp_path / "p.parquet"
    ran = tidu("synth", "--rows", 100, "--seed", 3, "-o", path, "--on", "2026-06-01")
    assert (ran.code, ran.out) == (0, "")
    assert f"已写出100家虚构企业（种子3）：{path}" in ran.err
    ran = tidu("synth", "--rows", 100, "--seed", 3, "-o", path, "--lang", "en")
    assert "Wrote 100 fictional enterprises (seed 3)" in ran.err
    assert tidu("synth", "--rows", 0, "-o", path).code == 2
    assert tidu("synth", "--rows", 10**9, "-o", path).code == 1
