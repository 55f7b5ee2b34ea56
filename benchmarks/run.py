"""``make bench``: Tidu and its peers on the same enterprises, one core, in one run.

Every engine is a process of its own; they take turns, so that whatever else the machine
does falls on all of them. Ratios are taken round by round. Writes docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import population
import report
import tidu_annex2

from tidu.rules.assess import assess
from tidu.rules.library import default_library
from tidu.rules.packs import Pack

HERE = Path(__file__).resolve().parent
HELP_STARTS = 9
ZEN = [
    f"{form}/{way}"
    for form in ("expressions", "tables")
    for way in ("engine", "content", "decision")
]
SLOW = ["function/engine"]  # JavaScript: for information, two rounds are enough
TURNS = [
    ("tidu", "explained"),
    *(("zen", name) for name in ZEN),
    ("openfisca", "arrays"),
    ("tidu", "bare"),
    ("openfisca", "document"),
    ("openfisca", "traced"),
    ("openfisca", "vectorised"),
    ("tidu", "spoken"),
]


class Worker:
    """One engine in its own process; ``ask`` has it measure once."""

    def __init__(self, python: str, script: str, data: Path) -> None:
        self.process = subprocess.Popen(
            [python, str(HERE / script), str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.greeting: dict[str, Any] = self._line()

    def ask(self, measure: str) -> Any:
        """Seconds, or a list of seconds, as the engine measured them."""
        assert self.process.stdin is not None
        self.process.stdin.write(measure + "\n")
        self.process.stdin.flush()
        return self._line()

    def close(self) -> None:
        """Let the process end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def _line(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.process.args!r} ended early: see its message above")
        return json.loads(line)


def main() -> None:
    """Measure everything, print it, write the page."""
    options = _options()
    if hasattr(os, "sched_setaffinity"):  # not everywhere; the children inherit it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pack = default_library().national
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "population.json"
        shared = write_data(pack, options.size)
        data.write_text(json.dumps(shared), encoding="utf-8")
        peers = os.environ.get("BENCH_PYTHON", sys.executable)
        workers = {
            "tidu": Worker(sys.executable, "tidu_annex2.py", data),
            "zen": Worker(peers, "zen_annex2.py", data),
            "openfisca": Worker(peers, "openfisca_annex2.py", data),
        }
        found = measure(workers, options.rounds)
        found["greetings"] = {name: each.greeting for name, each in workers.items()}
        for each in workers.values():
            each.close()
    found["size"] = options.size
    found["help"] = help_starts()
    found["comparable"] = sum(each["comparable"] for each in shared["enterprises"])
    page = report.write(found)
    print(page)
    if options.output:
        options.output.write_text(page, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=population.SIZE)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--output", type=Path, default=HERE.parent / "docs" / "benchmarks.md"
    )
    parser.add_argument(
        "--dry", dest="output", action="store_const", const=None, help="write no page"
    )
    return parser.parse_args()


def write_data(pack: Pack, size: int) -> dict[str, Any]:
    """The population with what the peers are given and what they must find."""
    records = population.generate(size)
    names = population.peer_names()
    table = pack.tables["sme_size"]
    rule_set = tidu_annex2.annex2(pack)
    for record, facts in zip(records, tidu_annex2.prepared(records, pack), strict=True):
        standing = assess(pack, rule_set, facts, on=population.ON)
        expected = tidu_annex2.expected(standing) if record["complete"] else None
        record["expected"] = expected
        record["comparable"] = expected is not None
        record["inputs"] = population.to_inputs(record, names, pack.facts, table)
    large = {
        row.id: {each.fact: int(each.bounds[-1]) for each in row.indicators}
        for row in table.rows
        if row.indicators
    }
    return {"enterprises": records, "large": large}


def measure(workers: dict[str, Worker], rounds: int) -> dict[str, Any]:
    """All engines in turn, forwards and backwards; the first round only warms up."""
    turns: dict[str, list[float]] = {f"{who} {what}": [] for who, what in TURNS}
    singles: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for who, what in TURNS if number % 2 else reversed(TURNS):
            seconds = workers[who].ask(what)
            if number:
                turns[f"{who} {what}"].append(seconds)
        print(f"round {number} of {rounds}", file=sys.stderr)
    for name in SLOW:
        turns[f"zen {name}"] = [workers["zen"].ask(name) for _ in range(2)]
    for name in ("nine", "nine spoken", "plan"):
        if name in workers["tidu"].greeting["measures"]:
            workers["tidu"].ask(name)
            runs = [workers["tidu"].ask(name) for _ in range(3)]
            singles[name] = [
                statistics.median(each) for each in zip(*runs, strict=True)
            ]
    return {"turns": turns, "singles": singles}


def help_starts() -> list[float]:
    """Wall time of ``tidu --help``, process start included."""
    script = Path(sys.executable).with_name("tidu")
    command = [str(script)]
    if not script.exists():
        command = [sys.executable, "-c", "from tidu.cli.main import run; run()"]
    found = []
    for _ in range(HELP_STARTS + 1):
        started = time.perf_counter()
        subprocess.run([*command, "--help"], check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - started)
    return found[1:]  # the first start reads the disk


if __name__ == "__main__":
    main()
