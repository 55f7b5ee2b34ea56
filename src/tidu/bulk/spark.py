"""Spark: the same SELECT over a snapshot, in local mode or on a cluster."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tidu.bulk import duck, storing
from tidu.bulk.columns import TABLE
from tidu.bulk.duck import EngineError
from tidu.bulk.screen import (
    COUNTING,
    Screened,
    Screening,
    Snapshot,
    Stage,
    count_absent,
    count_outcomes,
    describe,
    query_for,
)
from tidu.rules.language import N_
from tidu.rules.library import Library

LOCAL = "local[*]"
ABOUT = "_tidu.json"  # beside Spark's part files; names with _ are not data


def check_installed() -> None:
    """EngineError with what to install where Spark cannot start."""
    if importlib.util.find_spec("pyspark") is None:
        raise EngineError(N_("没有安装 Spark；请运行 pip install 'tidu[spark]'"))
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise EngineError(
            N_("没有找到 Java；Spark 需要 Java 17，请安装或设好 JAVA_HOME")
        )


@contextmanager
def session(*, memory: str, folder: Path, master: str = LOCAL) -> Iterator[Any]:
    """A Spark session for one run; stopped afterwards.

    ``memory`` is the driver's, ``folder`` takes what Spark spills.
    """
    check_installed()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - optional dependency

    try:
        found = (
            SparkSession.builder.master(master)
            .appName("tidu")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", memory.lower().removesuffix("b"))
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.local.dir", str(folder))
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
    except Exception as error:  # whatever the Java side throws
        raise EngineError(
            N_("Spark 启动不了（{master}）：{reason}；请检查 --master 和 --memory"),
            master=master,
            reason=_brief(error),
        ) from error
    found.sparkContext.setLogLevel("OFF")
    try:
        yield found
    finally:
        found.stop()


def screen_on_spark(
    snapshot: Snapshot,
    library: Library,
    asked: Screening,
    out: Path,
    *,
    memory: str = duck.MEMORY,
    master: str = LOCAL,
    stage: Stage = lambda _msgid: None,
) -> Screened:
    """Screen everybody; the result is a folder of Parquet files, as Spark writes."""
    query = query_for(snapshot, library, asked, "spark")
    about = describe(snapshot, library, asked, query)
    stage(N_("启动 Spark"))
    with session(memory=memory, folder=out.parent, master=master) as found:
        stage(N_("在 Spark 上筛查"))
        write_result(found, snapshot.path, query.text(pretty=False), out, about)
    stage(COUNTING)
    with duck.connect(out.parent, memory=memory) as connection:
        duck.attach(connection, snapshot.path)
        outcomes = count_outcomes(connection, out, asked)
        absent = count_absent(connection, snapshot, library, asked, query)
    return Screened(snapshot.rows, query, outcomes, absent)


def write_result(
    spark: Any, table: Path, sql: str, out: Path, manifest: Mapping[str, object]
) -> None:
    """Write a query's result as a folder of Parquet files, whole or not at all."""
    with storing.whole_folder(out) as part:
        try:
            spark.read.parquet(str(table)).createOrReplaceTempView(TABLE)
            spark.sql(sql).write.mode("overwrite").parquet(str(part))
        except Exception as error:  # whatever the Java side throws
            raise EngineError(
                N_("Spark 没有算成：{reason}；请检查快照，或重新制作"),
                reason=_brief(error),
            ) from error
        about = json.dumps(manifest, ensure_ascii=False)
        (part / ABOUT).write_text(about, encoding="utf-8")


def _brief(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error) else repr(error)
