"""Spark: the same SELECT over a snapshot, in local mode or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def session(
    *, memory: str, folder: Path, master: str = "local[*]"
) -> Iterator[Any]:
    """A Spark session for one run; stopped afterwards.

    ``memory`` is the driver's, ``folder`` takes what Spark spills.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - optional dependency

    found = (
        SparkSession.builder.master(master)
        .appName("tidu")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", memory)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    found.sparkContext.setLogLevel("ERROR")
    try:
        yield found
    finally:
        found.stop()
