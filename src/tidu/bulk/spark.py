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

from tidu.bulk import storing
from tidu.bulk.columns import TABLE
from tidu.bulk.duck import EngineError

LOCAL = "local[*]"
ABOUT = "_tidu.json"  # beside Spark's part files; names with _ are not data


def check_installed() -> None:
    """EngineError with what to install where Spark cannot start."""
    if importlib.util.find_spec("pyspark") is None:
        raise EngineError("没有安装 Spark；请运行 pip install 'tidu[spark]'")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise EngineError("没有找到 Java；Spark 需要 Java 17，请安装或设好 JAVA_HOME")


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
        raise EngineError(f"Spark 启动不了（{master}）：{_brief(error)}") from error
    found.sparkContext.setLogLevel("OFF")
    try:
        yield found
    finally:
        found.stop()


def write_result(
    spark: Any, table: Path, sql: str, out: Path, manifest: Mapping[str, object]
) -> None:
    """Write a query's result as a folder of Parquet files, whole or not at all."""
    with storing.whole_folder(out) as part:
        try:
            spark.read.parquet(str(table)).createOrReplaceTempView(TABLE)
            spark.sql(sql).write.mode("overwrite").parquet(str(part))
        except Exception as error:  # whatever the Java side throws
            raise EngineError(f"Spark 没有算成：{_brief(error)}") from error
        about = json.dumps(manifest, ensure_ascii=False)
        (part / ABOUT).write_text(about, encoding="utf-8")


def _brief(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error) else repr(error)
