"""DuckDB: what goes wrong is one sentence, and a run can be stopped."""

from __future__ import annotations

import time

import pytest

from tidu.bulk import duck
from tidu.bulk.duck import EngineError
from tidu.bulk.manifest import SnapshotError

ENDLESS = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b"
SORTED = "CREATE TABLE t AS SELECT range AS n, hash(range) AS h FROM range(9000000) ORDER BY h"


def test_it_uses_as_many_threads_as_asked_for(tmp_path):
    with duck.connect(tmp_path, threads=1) as connection:
        assert duck.run(connection, "SELECT current_setting('threads')") == [(1,)]


def test_it_spills_into_the_folder_and_leaves_nothing_there(tmp_path):
    with duck.connect(tmp_path) as connection:
        [(place,)] = duck.run(connection, "SELECT current_setting('temp_directory')")
        assert place.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(SnapshotError) as caught, duck.connect(tmp_path / "none"):
        pass
    assert str(caught.value) == (
        f"写不出 {tmp_path / 'none'}（No such file or directory）；请检查文件夹和权限"
    )


def test_a_memory_limit_nobody_understands_is_one_sentence(tmp_path):
    with (
        pytest.raises(EngineError, match="请检查 --memory"),
        duck.connect(tmp_path, memory="lots"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_names_the_option_that_helps(tmp_path):
    with duck.connect(tmp_path, memory="1MB", threads=1) as connection:
        with pytest.raises(EngineError) as caught:
            duck.run(connection, SORTED)
        assert str(caught.value) == (
            "内存上限不够；请用 --memory 给得多一些，或用 --brief"
        )


def test_a_full_disk_is_told_from_too_little_memory(tmp_path):
    with duck.connect(tmp_path, memory="40MB", threads=1) as connection:
        duck.run(connection, "SET max_temp_directory_size = '1MB'")
        with pytest.raises(EngineError) as caught:
            duck.run(connection, SORTED)
        assert str(caught.value) == "磁盘已满，没有写出结果；请腾出空间后重新运行"


def test_any_other_trouble_is_the_first_line_of_it(tmp_path):
    with duck.connect(tmp_path) as connection:
        with pytest.raises(EngineError) as caught:
            duck.run(connection, "SELECT *\nFROM nowhere")
        said = str(caught.value)
    assert said.startswith("DuckDB 没有算成：Catalog Error: Table with name nowhere")
    assert said.endswith("；请检查快照，或重新制作")
    assert "\n" not in said


def test_a_run_is_stopped_at_once_and_the_connection_still_works(tmp_path):
    def stop(_share):
        raise KeyboardInterrupt

    with duck.connect(tmp_path) as connection:
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            duck.run(connection, ENDLESS, stop)
        assert time.monotonic() - started < 30
        assert duck.run(connection, "SELECT 1") == [(1,)]


def test_progress_is_a_share_of_one(tmp_path):
    shares = []
    with duck.connect(tmp_path) as connection:
        duck.run(connection, SORTED, shares.append)
    assert shares
    assert all(0 <= share <= 1 for share in shares)
