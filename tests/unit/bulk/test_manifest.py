"""The manifest, writing whole or not at all, and every way a table is refused."""

from __future__ import annotations

import dataclasses
import datetime
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from tidu.bulk import storing
from tidu.bulk.arrow_types import arrow_schema
from tidu.bulk.checking import check_snapshot, columns_in, read_manifest
from tidu.bulk.columns import Column
from tidu.bulk.manifest import KEY, SNAPSHOT, SnapshotError, Source, new_manifest
from tidu.bulk.storing import switch_live, write_table
from tidu.rules.facts import Fact, FactType, Period
from tidu.rules.library import default_library

LIBRARY = default_library()
COLUMNS = columns_in(["uscc", "revenue_2025", "rnd_staff_2025", "dq02"], LIBRARY.facts)
SCHEMA = arrow_schema(COLUMNS)
DAY = datetime.date(2026, 6, 1)


def table(rows=1000):
    return pa.table(
        [
            [f"{at:018}" for at in range(rows)],
            [Decimal(at) / 100 for at in range(rows)],
            [at if at % 3 else None for at in range(rows)],
            [Decimal("0.5")] * rows,
        ],
        schema=SCHEMA,
    )


def manifest(**more):
    source = Source("甲.xlsx", "a" * 64, 3)
    kept = {"sources": (source,), "as_of": DAY} | more
    return new_manifest(SNAPSHOT, LIBRARY.national, COLUMNS, **kept)


@pytest.fixture
def path(tmp_path):
    """A whole table."""
    path = tmp_path / "p.parquet"
    write_table(path, SCHEMA, [table(), table(500)], manifest())
    return path


def check(path, **more):
    warnings = []
    found = check_snapshot(path, LIBRARY, warn=warnings.append, **more)
    return found, warnings


def refused(path, knowledge=LIBRARY):
    with pytest.raises(SnapshotError) as raised:
        check_snapshot(path, knowledge)
    assert raised.value.exit_code == 1
    assert str(path) in str(raised.value)
    assert "；请" in str(raised.value)
    return str(raised.value)


def test_a_whole_table_comes_back_with_its_manifest(path):
    found, warnings = check(path)
    assert warnings == []
    assert found == read_manifest(path)
    assert (found.rows, found.kind, found.as_of) == (1500, "snapshot", DAY)
    assert found.sources == (Source("甲.xlsx", "a" * 64, 3),)
    assert found.pack_sha256 == LIBRARY.national.digest
    assert [(c.name, c.type, c.unit) for c in found.columns] == [
        ("uscc", "VARCHAR", ""),
        ("revenue_2025", "DECIMAL(18,2)", "元"),
        ("rnd_staff_2025", "BIGINT", "1"),
        ("dq02", "DECIMAL(18,8)", "1"),
    ]
    assert parquet.read_table(path).equals(pa.concat_tables([table(), table(500)]))
    assert found.made.tzinfo is not None


def test_money_is_stored_as_an_integer(path):
    with parquet.ParquetFile(path) as file:
        column = file.schema.column(1)
        assert (column.physical_type, file.num_row_groups) == ("INT64", 2)


def test_a_table_without_rows_can_be_written(tmp_path):
    path = tmp_path / "empty.parquet"
    write_table(path, SCHEMA, [table(0)], manifest())
    assert check(path)[0].rows == 0


def test_a_table_cut_off_anywhere_is_refused(path, tmp_path):
    whole = path.read_bytes()
    cut = tmp_path / "cut.parquet"
    footer = int.from_bytes(whole[-8:-4], "little")
    ends = {0, 1, 3, 4, 8, 12, len(whole) // 2, len(whole) - footer - 8}
    ends |= {len(whole) - footer, len(whole) - 9, len(whole) - 8, len(whole) - 4}
    for end in sorted({*ends, len(whole) - 1, *range(16, len(whole), 997)}):
        cut.write_bytes(whole[:end])
        sentence = refused(cut)
        assert ("不是 Parquet 文件" in sentence) is (end == 0)
        assert "文件不完整" in sentence or end == 0


def test_a_changed_byte_anywhere_is_refused(path, tmp_path):
    whole = path.read_bytes()
    changed = tmp_path / "changed.parquet"
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    places = {*range(0, footer, 311), *range(footer, len(whole), 7)}
    at = whole.index(KEY, footer)
    for place in sorted(places | {0, 3, at, footer - 1, len(whole) - 1}):
        broken = bytearray(whole)
        broken[place] ^= 1
        changed.write_bytes(broken)
        assert "已损坏" in refused(changed) or place < 4


def test_contents_are_not_read_where_nobody_asks(path, tmp_path):
    broken = bytearray(path.read_bytes())
    broken[200] ^= 1
    path.write_bytes(broken)
    assert check(path, contents=False)[0].rows == 1500
    assert "内容与它的校验码不符" in refused(path)


def test_a_file_that_is_not_parquet_or_not_there_is_refused(tmp_path):
    text = tmp_path / "firms.csv"
    text.write_text("uscc,name\n", encoding="utf-8")
    assert "不是 Parquet 文件" in refused(text)
    assert "打不开" in refused(tmp_path / "none.parquet")


def forged(path, alter):
    """The same table with another manifest text: ``alter`` changes the JSON."""
    text = alter(manifest().text())
    metadata = {KEY: text.encode() if isinstance(text, str) else text}
    with parquet.ParquetWriter(path, SCHEMA, store_schema=False) as writer:
        writer.write_table(table())
        writer.add_key_value_metadata(metadata)
    return path


def test_a_newer_format_is_refused_whatever_else_it_says(tmp_path):
    path = forged(tmp_path / "new.parquet", lambda _: '{"format": 2, "odd": 1}')
    assert "请升级 Tidu" in refused(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": "x"}', b"\xff"]
)
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path, text):
    path = forged(tmp_path / "odd.parquet", lambda _: text)
    assert "清单读不懂" in refused(path)


def test_a_manifest_put_onto_another_table_is_refused(tmp_path):
    path = forged(tmp_path / "forged.parquet", lambda text: text)
    assert "文件尾与它的校验码不符" in refused(path)


def written(path, columns, schema, rows, tables=None):
    made = dataclasses.replace(manifest(), columns=columns)
    write_table(path, schema, tables or [rows], made)
    return path


def test_rows_other_than_promised_are_refused(tmp_path, monkeypatch):
    whole = dataclasses.replace
    monkeypatch.setattr(
        storing.dataclasses,
        "replace",
        lambda made, **more: whole(
            made, **more | ({"rows": 7} if "rows" in more else {})
        ),
    )
    path = tmp_path / "rows.parquet"
    write_table(path, SCHEMA, [table()], manifest())
    assert "清单写有7行，实有1000行" in refused(path)


def test_a_promised_column_missing_is_refused(tmp_path):
    fewer = table().drop_columns(["dq02"])
    path = written(tmp_path / "p.parquet", manifest().columns, fewer.schema, fewer)
    assert "缺少清单里的列 dq02" in refused(path)


def test_another_type_is_refused(tmp_path):
    schema = SCHEMA.set(2, pa.field("rnd_staff_2025", pa.string()))
    path = written(
        tmp_path / "p.parquet", manifest().columns, schema, table().cast(schema)
    )
    assert "rnd_staff_2025 类型是 string；请改成 BIGINT" in refused(path)


def test_another_unit_than_the_packs_is_refused(path):
    fact = dataclasses.replace(LIBRARY.facts["revenue"], dollars=True)
    other = dataclasses.replace(
        LIBRARY.national, facts=dict(LIBRARY.facts) | {"revenue": fact}
    )
    assert "revenue_2025 以“元”计，政策包以“美元”计" in refused(path, other)


def test_a_fact_the_pack_does_not_know_is_a_warning(path):
    facts = {k: v for k, v in LIBRARY.facts.items() if k not in {"dq02", "uscc"}}
    other = dataclasses.replace(LIBRARY.national, facts=facts)
    warnings = []
    check_snapshot(path, other, warn=warnings.append)
    assert warnings == [f"提醒：{path} 有政策包不认识的列，不使用：uscc、dq02。"]


# -- foreign tables ----------------------------------------------------------------


def foreign(tmp_path, **columns):
    path = tmp_path / "foreign.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def test_a_foreign_table_is_used_with_warnings(tmp_path):
    path = foreign(
        tmp_path,
        uscc=pa.array(["x"], pa.large_string()),
        name=pa.array(["甲"]).dictionary_encode(),
        revenue_2025=pa.array([1], pa.int32()),
        dq02=pa.array([Decimal("0.5")], pa.decimal128(5, 2)),
        listed=pa.array([True]),
        established_on=pa.array([DAY]),
        class1_ip=pa.array([3], pa.int16()),
        colour=pa.array(["red"]),
    )
    found, warnings = check(path, english=False)
    assert found is None
    assert len(warnings) == 3
    assert "没有 Tidu 的清单" in warnings[0]
    assert "按未知处理：abnormal_list、serious_dishonesty" in warnings[1]
    assert " … (" in warnings[1]
    assert warnings[2].endswith("不使用：colour。")
    assert "no manifest" in check(path, english=True)[1][0]


def test_a_foreign_table_with_every_column_has_one_warning(tmp_path):
    facts = {each: LIBRARY.facts[each] for each in ("uscc", "name")}
    only = dataclasses.replace(LIBRARY.national, facts=facts)
    path = foreign(tmp_path, uscc=["x"], name=["甲"])
    warnings = []
    assert check_snapshot(path, only, warn=warnings.append) is None
    assert len(warnings) == 1
    assert check_snapshot(path, only) is None


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("revenue_2025", pa.array([1.5]), "浮点数存不准"),
        ("dq02", pa.array([0.5], pa.float32()), "浮点数存不准"),
        ("revenue_2025", pa.array([Decimal("1.234")]), "decimal128(4, 3)"),
        ("revenue_2025", pa.array([Decimal(1)], pa.decimal128(20, 2)), "(20, 2)"),
        ("revenue_2025", pa.array(["1"]), "string"),
        ("class1_ip", pa.array([1.0]), "double"),
        ("uscc", pa.array([1]), "int64"),
        ("listed", pa.array([1]), "int64"),
        ("established_on", pa.array(["2020-01-01"]), "string"),
    ],
)
def test_a_foreign_type_that_does_not_widen_exactly_is_refused(
    tmp_path, name, values, reason
):
    sentence = refused(foreign(tmp_path, **{name: values}))
    assert name in sentence
    assert reason in sentence


def test_names_of_columns():
    facts = LIBRARY.facts
    names = ["revenue", "uscc_2025", "nobody_2025", "nobody", "revenue_2025", "uscc"]
    assert columns_in(names, facts) == (
        Column(facts["revenue"], 2025),
        Column(facts["uscc"]),
    )


def test_a_fact_may_end_in_digits():
    fact = Fact("x_2020", "甲", "x", "", FactType.COUNT, Period.NOW)
    assert columns_in(["x_2020"], {"x_2020": fact}) == (Column(fact),)


# -- whole or not at all -----------------------------------------------------------


def leftovers(folder):
    return sorted(each.name for each in folder.iterdir() if each.name.startswith("."))


def test_an_error_leaves_the_old_table_and_nothing_else(path):
    before = path.read_bytes()

    def tables():
        yield table()
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(SnapshotError, match="Input/output error"):
        write_table(path, SCHEMA, tables(), manifest())
    assert path.read_bytes() == before
    assert leftovers(path.parent) == []


def test_any_other_error_leaves_nothing_either(path):
    def tables():
        yield table()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_table(path, SCHEMA, tables(), manifest())
    assert leftovers(path.parent) == []


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    path = tmp_path / "none" / "p.parquet"
    with pytest.raises(SnapshotError, match=r"写不出.*请检查文件夹和权限"):
        write_table(path, SCHEMA, [table()], manifest())


KILLED = """
import sys, time, pathlib
sys.path.insert(0, sys.argv[2])
from test_manifest import SCHEMA, manifest, table
from tidu.bulk.storing import write_table

def tables():
    while True:
        yield table()
        print("row group", flush=True)
        time.sleep(0.01)

write_table(pathlib.Path(sys.argv[1]), SCHEMA, tables(), manifest())
"""


def test_a_killed_run_leaves_no_table_and_the_next_cleans_up(path):
    before = path.read_bytes()
    here = os.path.dirname(__file__)  # noqa: PTH120
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), here], stdout=subprocess.PIPE
    ) as running:
        for _ in range(3):
            assert running.stdout.readline() == b"row group\n"
        part = path.with_name(f".{path.name}.{running.pid}.part")
        # A living run keeps its part: another run writes the same target beside it.
        write_table(path, SCHEMA, [table()], manifest())
        assert part.exists()
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert leftovers(path.parent) == [part.name]
    assert path.read_bytes() != before
    assert check(path)[0].rows == 1000
    write_table(path, SCHEMA, [table(2000)], manifest())
    assert leftovers(path.parent) == []
    assert check(path)[0].rows == 2000


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 200 kB; needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if not mount or not umount:
        pytest.skip("needs the mount command")
    mounting = [mount, "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(small_disk):
    path = small_disk / "p.parquet"
    write_table(path, SCHEMA, [table(10)], manifest())
    noise = [table(50_000) for _ in range(5)]
    with pytest.raises(SnapshotError, match="磁盘已满；请腾出空间"):
        write_table(path, SCHEMA, noise, manifest())
    assert leftovers(small_disk) == []
    assert check(path)[0].rows == 10


def test_where_files_cannot_be_locked_writing_works_too(path, monkeypatch):
    monkeypatch.setattr(storing, "_POSIX", False)
    write_table(path, SCHEMA, [table(3)], manifest())
    assert check(path)[0].rows == 3


def test_the_live_link_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "current.parquet").mkdir()
    with pytest.raises(SnapshotError, match=r"current\.parquet"):
        switch_live(tmp_path / "current.parquet", tmp_path / "p.parquet")
    assert leftovers(tmp_path) == []


def test_writing_notes_the_time_in_utc():
    now = time.time()
    assert abs(manifest().made.timestamp() - now) < 60
