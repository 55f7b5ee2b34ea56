"""A grant over a territory's registry: who has it, and each amount with its working.

``make paylist`` writes docs/benchmarks-measures.md: fictional firms from ``tidu
synth``, the fictional award of 示范省 over all of them, as the job of a list does it.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from tidu.bulk.grants import Grant, judged
from tidu.bulk.screen import Snapshot, open_snapshot
from tidu.bulk.synth import Population, write_population
from tidu.rules.library import default_library

HERE = Path(__file__).resolve().parent
ON = datetime.date(2026, 6, 1)
GOAL_FIRMS, GOAL_SECONDS = 600_000, 60
GRANTS = ("demo_tier_award", "high_tech_cit")
MEMORY = "512MB"

PAGE = """# Benchmarks of measures

Written by `make paylist`; do not edit. Machine: {machine}, {cores} cores. DuckDB {duckdb}. Fictional
firms (`tidu synth`); the machine is noisy: read ratios, not seconds.

## 免申即享: one grant over everybody, `tidu.bulk.grants`, {memory} for DuckDB

| grant | firms | seconds | of it who has it (SQL) | of it amounts (Python) | who has it | figures missing |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

Goal: {goal:,} firms in {seconds} s. Measured for the award: {measured:.1f} s, **{verdict}**.

`demo_tier_award` is the fictional award of 示范省 (20万元, for a little giant 50万元): three criteria
and one line of amount. `high_tech_cit` is a tax incentive and never stands on a pay list; it is
measured because its amount depends on a figure that differs from firm to firm. The seconds include
checking every byte of the snapshot, counting who is not entitled by the first criterion that fails,
naming the missing figures of everybody who is open, and working each amount out exactly, once for
each set of figures it depends on. They do not include writing the snapshot from the database or the
list into it: both grow with the database, not with the rules.
"""


def main() -> None:
    """Measure, print, write the page."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = measure(Path(folder), options.sizes)
    page = write_page(found)
    print(page)
    if options.output:
        options.output.write_text(page, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[GOAL_FIRMS])
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument(
        "--output", type=Path, default=HERE.parent / "docs" / "benchmarks-measures.md"
    )
    return parser.parse_args()


def measure(folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """Every grant over every size, in this order."""
    library = default_library()
    found = []
    for size in sizes:
        table = folder / f"{size}.parquet"
        write_population(table, Population(size, 1, ON, library))
        found += [one_grant(table, name) for name in GRANTS]
        table.unlink()
    return found


def one_grant(table: Path, name: str) -> dict[str, Any]:
    """Run a grant as a list's job does, and time its parts; seconds."""
    library = default_library()
    pack = library.for_territory("990000")
    started = time.perf_counter()
    snapshot: Snapshot = open_snapshot(table, library, warn=print)
    grant = Grant(pack, pack.mechanisms[name], ON)
    with judged(snapshot, library, grant, memory=MEMORY) as judgement:
        counts = judgement.counts()
        decided = time.perf_counter()
        met = sum(1 for _each in judgement.entitled())
        worked = time.perf_counter()
        open_ = sum(1 for _each in judgement.open())
    ended = time.perf_counter()
    assert (met, open_) == (counts.met, counts.open)
    return {
        "grant": name,
        "rows": counts.rows,
        "seconds": ended - started,
        "decided": decided - started,
        "worked": worked - decided,
        "met": met,
        "open": open_,
    }


def write_page(found: list[dict[str, Any]]) -> str:
    """The page, with what was measured."""
    rows = "\n".join(
        f"| `{each['grant']}` | {each['rows']:,} | {each['seconds']:.1f} "
        f"| {each['decided']:.1f} | {each['worked']:.1f} "
        f"| {each['met']:,} | {each['open']:,} |"
        for each in found
    )
    award = [each for each in found if each["grant"] == GRANTS[0]]
    nearest = min(award, key=lambda each: abs(each["rows"] - GOAL_FIRMS))
    reached = nearest["rows"] >= GOAL_FIRMS and nearest["seconds"] <= GOAL_SECONDS
    return PAGE.format(
        machine=platform.machine(),
        cores=os.cpu_count(),
        duckdb=duckdb.__version__,
        memory=MEMORY,
        rows=rows,
        goal=GOAL_FIRMS,
        seconds=GOAL_SECONDS,
        measured=nearest["seconds"],
        verdict="reached" if reached else "missed",
    )


if __name__ == "__main__":
    main()
