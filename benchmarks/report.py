"""The measurements as a page: ratios first, misses said plainly."""

from __future__ import annotations

import os
import platform
import statistics
from pathlib import Path
from typing import Any

Found = dict[str, Any]

PAGE = Path(__file__).with_name("page.md")
LEAST = {"zen": 2.0, "openfisca": 50.0}
MOST = {"nine": 0.003, "plan": 0.3, "help": 0.5}
EXPLAINED = "tidu explained"
RATIOS = (
    ("zen-engine with trace, fastest way to call it", "zen expressions/engine", "zen"),
    ("zen-engine with trace, `create_decision`", "zen expressions/decision", "zen"),
    ("zen-engine with trace, decision tables", "zen tables/decision", "zen"),
    ("OpenFisca one by one, fastest way", "openfisca arrays", "openfisca"),
    ("OpenFisca one by one, from a document", "openfisca document", "openfisca"),
    ("OpenFisca one by one, its tracer on", "openfisca traced", "openfisca"),
)
TIMES = {
    "nine": "all nine schemes explained, one enterprise",
    "plan": "`tidu plan`, one enterprise and scheme",
}
WHOLE = 10  # microseconds from here on without decimals
NODE = "zen-engine, one expression node, "
TABLES = "zen-engine, decision tables, "
ALONE = "OpenFisca one by one, "
CONTENT = "`create_decision(ZenDecisionContent)`"
NAMES = {
    "tidu bare": "Tidu, outcomes and points only",
    EXPLAINED: "**Tidu, explained**",
    "tidu spoken": "Tidu, explained and written out in Chinese sentences",
    "zen expressions/engine": NODE + "`ZenEngine.evaluate`, static loader",
    "zen expressions/content": NODE + CONTENT,
    "zen expressions/decision": NODE + "`create_decision`",
    "zen tables/engine": TABLES + "`ZenEngine.evaluate`, static loader",
    "zen tables/content": TABLES + CONTENT,
    "zen tables/decision": TABLES + "`create_decision`",
    "zen function/engine": "zen-engine, one JavaScript function",
    "openfisca arrays": ALONE + "default simulation and `set_input`",
    "openfisca document": ALONE + "`build_from_entities`",
    "openfisca traced": ALONE + "`build_from_entities`, its tracer on",
    "openfisca vectorised": "OpenFisca, all at once (for information)",
}
ZEN_MISSED = """
**zen-engine.** It is compiled Rust and keeps its rules compiled when called through
`ZenEngine.evaluate` with a static loader. Through `create_decision`, the call its
front page shows, most of the time goes into the call. What is handed back differs:
the trace of an expression node is one result per rule; a finding of Tidu also has the
value, the threshold, the year, the gap and the missing facts. Decision tables come
nearest to that: the row that was hit and the figures it read. Tidu is pure Python on
exact decimals, and makes some sixty objects a call, each with all these fields.
"""
OPENFISCA_MISSED = """
**OpenFisca.** It needs {arrays:,.0f} µs for one enterprise; a fiftieth of that would
be {share:,.0f} µs for {findings} explained findings. Like for like, without
explanations on either side, Tidu is {bare:.0f} times faster. For whole populations
OpenFisca takes arrays; so used it is faster than any engine that goes enterprise by
enterprise, and it explains nothing.
"""


def ratio(found: Found, peer: str, base: str = EXPLAINED) -> float:
    """How many times as long the peer takes: the median over the rounds."""
    other: list[float] = found["turns"][peer]
    own: list[float] = found["turns"][base]
    if len(other) != len(own):
        return statistics.median(other) / statistics.median(own)
    return statistics.median(o / t for o, t in zip(other, own, strict=True))


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of all stay under."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def write(found: Found) -> str:
    """The whole page."""
    greetings = found["greetings"]
    version = platform.python_version_tuple()
    return PAGE.read_text(encoding="utf-8").format(
        machine=f"{os.cpu_count()} cores, Python {version[0]}.{version[1]}",
        size=f"{found['size']:,}",
        zen=greetings["zen"]["version"],
        openfisca=greetings["openfisca"]["version"],
        goals=_goals(found),
        misses=_misses(found),
        table=_table(found),
        findings=greetings["tidu"]["findings"],
        spoken=_spoken(found),
        comparable=f"{found['comparable']:,}",
        agreement=_agreement(greetings),
        rounds=len(found["turns"][EXPLAINED]),
        alone=greetings["openfisca"]["one_by_one"],
        full=greetings["tidu"]["full"],
        today=greetings["tidu"]["today"],
    )


def _rows(*rows: tuple[Any, ...]) -> str:
    head, *body = (f"| {' | '.join(map(str, row))} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])


def _verdict(*, holds: bool) -> str:
    return "reached" if holds else "**missed**"


def _goals(found: Found) -> str:
    ratios = []
    for name, peer, goal in RATIOS:
        times, least = ratio(found, peer), LEAST[goal]
        holds = _verdict(holds=times >= least)
        ratios.append((name, f"≥ {least:g}×", f"{times:.2g}×", holds))
    rows = [_time(found, key) for key in TIMES]
    start = statistics.median(found["help"])
    rows.append(
        (
            f"`tidu --help`, {len(found['help'])} starts",
            "median < 0.5 s",
            f"{start:.2f} s",
            _verdict(holds=start < MOST["help"]),
        )
    )
    return "\n\n".join(
        [
            _rows(("peer ÷ Tidu explained", "goal", "measured", ""), *ratios),
            _rows(("time", "goal", "measured", ""), *rows),
        ]
    )


def _time(found: Found, key: str) -> tuple[str, str, str, str]:
    goal = f"p95 < {MOST[key] * 1000:g} ms"
    values = found["singles"].get(key)
    if not values:
        return TIMES[key], goal, "not measured", ""
    half, most = percentile(values, 0.5), percentile(values, 0.95)
    return (
        f"{TIMES[key]}, {len(values)} measured",
        goal,
        f"p50 {half * 1000:.2f} ms, p95 {most * 1000:.2f} ms",
        _verdict(holds=most < MOST[key]),
    )


def _misses(found: Found) -> str:
    parts = []
    if ratio(found, "zen expressions/engine") < LEAST["zen"]:
        parts.append(ZEN_MISSED)
    if ratio(found, "openfisca arrays") < LEAST["openfisca"]:
        arrays = statistics.median(found["turns"]["openfisca arrays"]) * 1e6
        parts.append(
            OPENFISCA_MISSED.format(
                arrays=arrays,
                share=arrays / LEAST["openfisca"],
                findings=found["greetings"]["tidu"]["findings"],
                bare=ratio(found, "openfisca arrays", "tidu bare"),
            )
        )
    if parts:
        parts.insert(0, "\n### Where a goal is missed, and why\n")
    return "".join(parts)


def _table(found: Found) -> str:
    rows = [
        (name, f"{ratio(found, key):.2g}×", _digits(found["turns"][key]))
        for key, name in NAMES.items()
    ]
    return _rows(("", "÷ Tidu explained", "µs per enterprise, median"), *rows)


def _digits(times: list[float]) -> str:
    micro = statistics.median(times) * 1e6
    return f"{micro:,.0f}" if micro >= WHOLE else f"{micro:.1f}"


def _spoken(found: Found) -> str:
    spoken = found["singles"]["nine spoken"]
    half, most = percentile(spoken, 0.5) * 1000, percentile(spoken, 0.95) * 1000
    return (
        "All nine schemes with Chinese sentences take "
        f"{half:.2f} ms (p50), {most:.2f} ms (p95)."
    )


def _agreement(greetings: Found) -> str:
    zen, other = greetings["zen"]["agreement"], greetings["openfisca"]["agreement"]
    names = {f"zen-engine, {name}": each for name, each in zen.items()}
    names |= {f"OpenFisca, {name}": each for name, each in other.items()}
    rows = []
    for name, each in names.items():
        differing = each["differing"]
        agreed = 1 - differing.get("score", 0) / each["compared"]
        listed = ", ".join(f"{rule} {n}" for rule, n in sorted(differing.items()))
        rows.append(
            (name, f"{each['compared']:,}", f"{agreed:.2%}", listed or "nothing")
        )
    return _rows(("", "compared", "same score", "differs"), *rows)
