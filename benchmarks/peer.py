"""One engine in its own process: it answers lines on stdin with measured times.

Used by the peers, which know nothing of Tidu, and by Tidu's own worker. The first line
out is a greeting; then each line in names a measure, each line out is JSON.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

Measure = Callable[[], Any]


def load() -> dict[str, Any]:
    """The data file named on the command line."""
    found: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return found


def serve(greeting: Mapping[str, Any], measures: Mapping[str, Measure]) -> None:
    """Greet, then measure what is asked for until stdin closes."""
    gc.collect()
    gc.freeze()  # the population itself is no part of what is measured
    print(json.dumps(greeting, ensure_ascii=False), flush=True)
    for line in sys.stdin:
        print(json.dumps(measures[line.strip()]()), flush=True)


def mean(call: Callable[[Any], object], given: list[Any]) -> float:
    """Seconds per call, one enterprise a call."""
    started = time.perf_counter()
    for each in given:
        call(each)
    return (time.perf_counter() - started) / len(given)


def each(call: Callable[[Any], object], given: Iterable[Any]) -> list[float]:
    """Seconds of every single call."""
    found = []
    for one in given:
        started = time.perf_counter()
        call(one)
        found.append(time.perf_counter() - started)
    return found


def agreement(
    results: Iterable[Mapping[str, Any]], enterprises: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Count, per rule, the comparable enterprises on which the engine differs.

    ``expected`` of an enterprise is what Tidu found. Comparable are those without a
    missing figure and without a base that is not positive.
    """
    differing: dict[str, int] = {}
    compared = 0
    for result, enterprise in zip(results, enterprises, strict=True):
        if not enterprise["comparable"]:
            continue
        compared += 1
        for name, expected in enterprise["expected"].items():
            if result[name] != expected:
                differing[name] = differing.get(name, 0) + 1
    return {"compared": compared, "differing": differing}
