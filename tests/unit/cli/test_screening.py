"""``tidu sql`` and ``tidu screen``: results, refusals, and nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.agreement import engines
from tidu.bulk.columns import columns_for
from tidu.rules.library import default_library

ROOT = Path(__file__).parents[3]
DAY = ("--on", "2026-06-01")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("screening") / "demo.parquet"
    command = [str(Path(sys.executable).with_name("tidu"))]
    subprocess.run(
        [*command, "snapshot", str(ROOT / "samples/demo.xlsx"), "-o", str(path), *DAY],
        check=True,
        capture_output=True,
    )
    return path


def outcomes(path, scheme):
    found = parquet.read_table(path, columns=["uscc", f"{scheme}__outcome"]).to_pylist()
    return {row["uscc"]: row[f"{scheme}__outcome"] for row in found}


def assessed(tidu, scheme):
    ran = tidu(
        "assess",
        ROOT / "samples/demo.xlsx",
        *DAY,
        "--scheme",
        scheme,
        "--format",
        "json",
    )
    return {
        each["uscc"]: each["schemes"][scheme]["outcome"] for each in json.loads(ran.out)
    }


def test_screening_says_what_assessing_says(tidu, snapshot, tmp_path):
    out = tmp_path / "out.parquet"
    ran = tidu("screen", snapshot, *DAY, "-o", out)
    assert (ran.code, ran.out) == (0, "")
    assert "共40家企业" in ran.err
    assert "项认定" in ran.err
    for scheme in default_library().national.schemes:
        assert outcomes(out, scheme) == assessed(tidu, scheme)
    assert b'"kind": "screening"' in parquet.read_metadata(out).metadata[b"tidu"]


def test_brief_writes_the_outcome_the_score_and_the_first_failing_criterion(
    tidu, snapshot, tmp_path
):
    out = tmp_path / "out.parquet"
    more = ("--brief", "--scheme", "srdi_sme", "--lang", "en")
    ran = tidu("screen", snapshot, "--on", "2025-12-31", *more, "-o", out)
    assert ran.code == 0
    assert "40 enterprises" in ran.err
    assert parquet.read_schema(out).names == [
        "uscc",
        "srdi_sme__outcome",
        "srdi_sme__score_low",
        "srdi_sme__score_high",
        "srdi_sme__first_failing",
    ]
    firms = parquet.read_table(out).to_pylist()
    for firm in firms:
        failing = firm["srdi_sme__first_failing"] is not None
        assert failing or firm["srdi_sme__outcome"] != "unmet"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (
            ("--engine", "oracle"),
            2,
            "不能用 oracle 筛查；可用的引擎：duckdb、spark、postgres",
        ),
        (("--scheme", "srdi"), 2, "没有认定项目 srdi；可用："),
        (("--memory", "lots"), 1, "请检查 --memory"),
        (("--on", "2026-13-01"), 2, ""),
    ],
)
def test_bad_requests_are_one_sentence(tidu, snapshot, tmp_path, more, code, said):
    out = tmp_path / "out.parquet"
    ran = tidu("screen", snapshot, "-o", out, *more)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ("--engine", "oracle"),
            "Screening does not run on oracle; the engines are: duckdb, spark, postgres; "
            "for other databases write the statement with tidu sql\n",
        ),
        (("--scheme", "srdi"), "There is no scheme srdi; known are: digital_level, "),
        (("--memory", "lots"), "DuckDB does not start: "),
    ],
)
def test_errors_are_in_the_language_asked_for(tidu, snapshot, tmp_path, more, said):
    ran = tidu("screen", snapshot, "-o", tmp_path / "o.parquet", "--lang", "en", *more)
    assert ran.err.startswith(said)


def test_a_folder_that_is_not_there_is_one_sentence(tidu, snapshot, tmp_path):
    ran = tidu("screen", snapshot, "-o", tmp_path / "none" / "o.parquet")
    assert ran.code == 1
    assert ran.err.startswith(f"写不出 {tmp_path / 'none'}（")


def test_what_is_no_error_of_ours_asks_for_a_report(tidu, monkeypatch):
    monkeypatch.delenv("TIDU_DEBUG", raising=False)
    monkeypatch.setattr("tidu.cli.screening.default_library", lambda: 1 // 0)
    for language, said in (
        ("zh", "程序出错：ZeroDivisionError（"),
        ("en", "The program failed: ZeroDivisionError ("),
    ):
        ran = tidu("sql", "unicorn", "--lang", language)
        assert ran.code == 1
        assert ran.err.startswith(said)


def test_a_database_that_cannot_be_reached_is_one_sentence(tidu, tmp_path):
    dsn = "host=127.0.0.1 port=1 dbname=none connect_timeout=2"
    ran = tidu("screen", dsn, "--engine", "postgres", "-o", tmp_path / "o.parquet")
    assert ran.code == 1
    assert "连不上数据库" in ran.err


def test_an_engine_that_is_not_installed_says_how_to_get_it(
    tidu, snapshot, tmp_path, monkeypatch
):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    for engine, said in (("spark", "tidu[spark]"), ("postgres", "tidu[postgres]")):
        ran = tidu("screen", snapshot, "--engine", engine, "-o", tmp_path / "o.parquet")
        assert ran.code == 1
        assert said in ran.err


def test_a_table_without_credit_codes_is_refused(tidu, tmp_path):
    path = tmp_path / "p.parquet"
    parquet.write_table(pa.table({"listed": [True, False]}), path)
    ran = tidu("screen", path, "-o", tmp_path / "out.parquet")
    assert ran.code == 1
    assert "没有 uscc" in ran.err


def test_a_foreign_table_leaves_what_it_lacks_unknown(tidu, tmp_path):
    path, out = tmp_path / "p.parquet", tmp_path / "out.parquet"
    codes = pa.array(["91990221MA00000114", "91990222MA0000020G"])
    parquet.write_table(pa.table({"uscc": codes, "listed": [True, None]}), path)
    ran = tidu("screen", path, *DAY, "-o", out)
    assert ran.code == 0
    assert outcomes(out, "unicorn") == dict(
        zip(codes.to_pylist(), ["unmet", "unknown"], strict=True)
    )
    assert set(outcomes(out, "srdi_sme").values()) == {"unknown"}


def test_postgres_gives_the_same_result(tidu, snapshot, tmp_path, monkeypatch):
    engines.check("postgres")
    names = parquet.read_schema(snapshot).names
    found = columns_for(default_library().facts, range(2015, 2030))
    columns = [each for each in found if each.name in names]
    with engines.postgres_server(tmp_path / "server") as dsn:
        with psycopg.connect(dsn) as connection:
            engines.fill_postgres(connection, snapshot, columns)
        out = tmp_path / "out.parquet"
        with monkeypatch.context() as terminal:
            terminal.setenv("FORCE_COLOR", "1")  # a terminal shows what is running
            shown = tidu("screen", dsn, "--engine", "postgres", *DAY, "-o", out)
        ran = tidu("screen", dsn, "--engine", "postgres", *DAY, "-o", out)
        with psycopg.connect(dsn) as connection:
            connection.execute("DROP TABLE enterprises")
        gone = tidu("screen", dsn, "--engine", "postgres", *DAY, "-o", out)
    assert ran.code == 0, ran.err
    assert ran.err.startswith("共40家企业")
    assert "在 PostgreSQL 里筛查" in shown.err
    assert "0:00:0" in shown.err
    own = tmp_path / "own.parquet"
    assert tidu("screen", snapshot, *DAY, "-o", own).code == 0
    assert parquet.read_schema(out).names == parquet.read_schema(own).names
    key = "uscc"
    for name in parquet.read_schema(own).names:
        if not name.endswith(("_low", "_high", "__short")):
            columns = [key] if name == key else [key, name]
            ours, theirs = (
                sorted(map(str, parquet.read_table(each, columns=columns).to_pylist()))
                for each in (own, out)
            )
            assert ours == theirs
    assert gone.code == 1
    assert "没有 enterprises 表" in gone.err


def test_spark_writes_a_folder_with_the_same_result(tidu, snapshot, tmp_path):
    engines.check("spark")
    out, own = tmp_path / "out.parquet", tmp_path / "own.parquet"
    more = ("--brief", "--scheme", "srdi_sme")
    ran = tidu("screen", snapshot, *DAY, *more, "--engine", "spark", "-o", out)
    assert ran.code == 0, ran.err
    assert tidu("screen", snapshot, *DAY, *more, "-o", own).code == 0
    assert outcomes(out, "srdi_sme") == outcomes(own, "srdi_sme")


def test_a_killed_run_leaves_nothing_that_is_taken_for_a_result(tmp_path):
    command = str(Path(sys.executable).with_name("tidu"))
    people, out = tmp_path / "p.parquet", tmp_path / "out.parquet"
    making = [command, "synth", "--rows", "300000", "-o", str(people), *DAY]
    subprocess.run(making, check=True, capture_output=True)
    screening = [command, "screen", str(people), *DAY, "-o", str(out)]
    with subprocess.Popen(screening, stderr=subprocess.DEVNULL) as running:
        while not list(tmp_path.glob(".out.parquet.*.part")):
            assert running.poll() is None
            time.sleep(0.01)
        time.sleep(0.3)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert not out.exists()
    subprocess.run([*screening, "--brief"], check=True, capture_output=True)
    assert parquet.read_metadata(out).num_rows == 300_000
    assert not list(tmp_path.glob(".out.parquet.*.part"))


def test_a_full_disk_is_one_sentence_and_leaves_nothing(snapshot, tmp_path):
    mount, umount = shutil.which("mount"), shutil.which("umount")
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mount or not umount or os.name != "posix":
        pytest.skip("needs the mount command")
    mounting = [mount, "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(disk)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    command = str(Path(sys.executable).with_name("tidu"))
    screening = [command, "screen", str(snapshot), *DAY, "-o", str(disk / "o.parquet")]
    try:
        ran = subprocess.run(screening, check=False, capture_output=True, text=True)
        assert ran.returncode == 1
        assert "磁盘已满" in ran.stderr
        assert "Traceback" not in ran.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run([umount, str(disk)], check=True)


def test_sql_names_what_it_applies_and_runs(tidu):
    ran = tidu("sql", "unicorn", *DAY, "--brief")
    assert ran.code == 0
    assert ran.out.startswith("-- unicorn/working（")
    with duckdb.connect() as connection:
        columns = columns_for(default_library().facts, range(2022, 2027))
        kinds = ", ".join(f'"{each.name}" {each.sql_type}' for each in columns)
        connection.execute(f"CREATE TABLE enterprises ({kinds})")
        connection.execute("INSERT INTO enterprises (uscc, listed) VALUES ('1', true)")
        found = connection.execute(ran.out).fetchall()
    assert found == [("1", "unmet", "unlisted")]


def test_sql_before_the_first_standard_does_not_apply(tidu):
    ran = tidu("sql", "srdi_sme", "--on", "2020-01-01", "--lang", "en")
    assert "no standard yet on 2020-01-01" in ran.out
    assert "not_applicable" in ran.out or "4" in ran.out


def test_sql_for_an_unproven_engine_says_so(tidu):
    ran = tidu("sql", "unicorn", *DAY, "--dialect", "trino")
    assert ran.code == 0
    assert "未经实测：这条语句没有在 trino 上跑过" in ran.out
    unknown = tidu("sql", "unicorn", *DAY, "--dialect", "dbase")
    assert unknown.code == 2
    assert "不认识数据库方言 dbase" in unknown.err
