"""Spark: the same result as DuckDB; without it, a sentence that says what to install.

Those that start Spark are not run where it is not installed, and say so.
"""

from __future__ import annotations

import importlib.util
import json

import pytest
from pyarrow import parquet

from tests.agreement import engines
from tests.unit.bulk.populations import DAY, LIBRARY, opened, write_border_firms
from tidu.bulk import spark
from tidu.bulk.duck import EngineError
from tidu.bulk.screen import Screening, screen
from tidu.bulk.spark import screen_on_spark

ASKED = Screening(("unicorn",), DAY, brief=True)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("spark") / "firms.parquet"
    write_border_firms(path, 200, seed=8)
    return opened(path)


def test_without_java_it_says_what_to_install(monkeypatch, tmp_path):
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("NOT RUN: pyspark is not installed (make engines)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="没有找到 Java；Spark 需要 Java 17"):
        spark.check_installed()


@pytest.mark.xdist_group("spark")
def test_it_gives_what_duckdb_gives(snapshot, tmp_path):
    engines.check("spark")
    ours, theirs = tmp_path / "duckdb.parquet", tmp_path / "spark"
    stages = []
    found = screen_on_spark(
        snapshot, LIBRARY, ASKED, theirs, master="local[2]", stage=stages.append
    )
    assert stages == ["启动 Spark", "在 Spark 上筛查", "统计结果"]
    expected = screen(snapshot, LIBRARY, ASKED, ours)
    assert (found.rows, found.outcomes) == (200, expected.outcomes)
    assert found.most_absent() == expected.most_absent()
    about = json.loads((theirs / spark.ABOUT).read_text(encoding="utf-8"))
    assert about["snapshot"] == snapshot.path.name
    rows = [
        sorted(parquet.read_table(each).to_pylist(), key=lambda row: row["uscc"])
        for each in (ours, theirs)
    ]
    assert rows[0] == rows[1]


@pytest.mark.xdist_group("spark")
def test_a_failing_statement_is_one_sentence_and_leaves_nothing(snapshot, tmp_path):
    engines.check("spark")
    out = tmp_path / "out"
    with (
        spark.session(memory="1GB", folder=tmp_path, master="local[1]") as found,
        pytest.raises(EngineError, match="Spark 没有算成"),
    ):
        spark.write_result(found, snapshot.path, "SELECT nothing", out, {})
    assert not out.exists()


@pytest.mark.xdist_group("spark")
def test_a_cluster_that_is_not_one_is_one_sentence(tmp_path):
    engines.check("spark")
    with (
        pytest.raises(EngineError, match="Spark 启动不了（nowhere）"),
        spark.session(memory="1GB", folder=tmp_path, master="nowhere"),
    ):
        pass
