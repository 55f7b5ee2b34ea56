"""20,000 cases, two reviews each, 800 experts with conflicts: how long, how even?

    python benchmarks/assignment.py

Writes its part of docs/benchmarks-casework.md, between its two marks. The rounds are
made up by a fixed seed; every answer is checked rule by rule without the solver, and
the load difference is compared with what has been proved to be the least.
"""

from __future__ import annotations

import dataclasses
import os
import platform
import random
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tidu.planning.assignment import assign, check_assignment, third_reviews
from tidu.planning.reviewing import Assignment, ReviewCase, Reviewer

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-casework.md"
START, END = "<!-- assignment -->", "<!-- /assignment -->"
CASES, EXPERTS = 20_000, 800
SEED = "demonstration round 2026-1, draw 20260901"
TARGET = 60  # seconds


@dataclasses.dataclass(frozen=True)
class Shape:
    """A round: fields (skewed or even), limits, organisations, conflicts."""

    name: str
    fields: int = 20
    limits: tuple[int, ...] = (60,)
    organisations: int = 200
    share: float = 0.01  # of all pairs in conflict
    barred: int = 0  # organisations barred as a whole, per case
    skewed: bool = False


SHAPES = (
    Shape("20 fields, 1 % of all pairs in conflict"),
    Shape("20 fields, 5 % of all pairs in conflict", share=0.05),
    Shape("limits almost used up: 51 for a mean of 50", limits=(51,)),
    Shape("60 organisations, 3 barred on each case", organisations=60, barred=3),
    Shape("one field for everybody", fields=1),
    Shape("fields 1 : ½ : ⅓ …, limits 40, 60, 80", limits=(40, 60, 80), skewed=True),
)


@dataclasses.dataclass(frozen=True)
class Round:
    cases: list[ReviewCase]
    experts: list[Reviewer]
    conflicts: set[tuple[str, str]]


def made(shape: Shape) -> Round:
    """A round of that shape, the same every time."""
    dice = random.Random(shape.name)  # noqa: S311 - no secret
    fields = [f"field {at:02}" for at in range(shape.fields)]
    weights = [1 / (at + 1) if shape.skewed else 1 for at in range(shape.fields)]
    cases = [
        ReviewCase(f"case {at:05}", dice.choices(fields, weights)[0])
        for at in range(CASES)
    ]
    experts = [
        Reviewer(
            f"expert {at:03}",
            f"organisation {dice.randrange(shape.organisations)}",
            frozenset(dice.sample(fields, min(dice.choice([1, 1, 2, 3]), len(fields)))),
            dice.choice(shape.limits),
        )
        for at in range(EXPERTS)
    ]
    conflicts: set[tuple[str, str]] = set()
    while len(conflicts) < CASES * EXPERTS * shape.share:
        conflicts.add((dice.choice(cases).id, dice.choice(experts).id))
    conflicts.update(_barred(shape, cases, experts, dice))
    return Round(cases, experts, conflicts)


def _barred(
    shape: Shape, cases: list[ReviewCase], experts: list[Reviewer], dice: random.Random
) -> Iterator[tuple[str, str]]:
    members = defaultdict(list)
    for each in experts:
        members[each.organisation].append(each.id)
    for case in cases:
        for organisation in dice.sample(sorted(members), shape.barred):
            yield from ((case.id, each) for each in members[organisation])


def main() -> None:
    """Measure each shape and write the table."""
    rows = [_measured(shape) for shape in SHAPES]
    text = PAGE.read_text("utf-8") if PAGE.exists() else "# Benchmarks of casework\n"
    before, found, rest = text.partition(START)
    after = rest.partition(END)[2] if found else "\n"
    body = f"{START}\n{_page(rows)}\n{END}"
    gap = "" if found else "\n"
    PAGE.write_text(f"{before}{gap}{body}{after}", encoding="utf-8")
    print(_page(rows))


def _measured(shape: Shape) -> str:
    round_ = made(shape)
    start = time.perf_counter()
    found = assign(round_.cases, round_.experts, conflicts=round_.conflicts, seed=SEED)
    seconds = time.perf_counter() - start
    told = check_assignment(
        found, round_.cases, round_.experts, conflicts=round_.conflicts
    )
    assert told == [], told[:3]
    third = _third(found, round_)
    print(f"{shape.name}: {seconds:.1f} s", flush=True)
    loads = sorted(found.loads.values())
    return (
        f"| {shape.name} | {len(round_.conflicts):,} | {seconds:.1f} s "
        f"| {loads[0]}–{loads[-1]} | {found.spread} | {found.least_spread} "
        f"| {len(found.missed):,} | {found.least_missed:,} | {third:.1f} s |"
    )


def _third(found: Assignment, round_: Round) -> float:
    """Seconds for a third review of every eighth case, limits raised by ten."""
    disagreeing = {case.id for case in round_.cases[::8]}
    raised = [
        dataclasses.replace(each, limit=each.limit + 10) for each in round_.experts
    ]
    start = time.perf_counter()
    third_reviews(
        found,
        round_.cases,
        disagreeing,
        raised,
        conflicts=round_.conflicts,
        seed=f"{SEED}, third",
    )
    return time.perf_counter() - start


def _page(rows: list[str]) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    listed = "\n".join(rows)
    return f"""## Assigning experts

{CASES:,} cases, two reviews each, {EXPERTS} experts; the round is made up by a fixed
seed. Aim: under {TARGET} s, no avoidable imbalance. Python {platform.python_version()},
one thread of {os.cpu_count()} cores shared with other work, peak memory {peak:.0f} MB.
`python benchmarks/assignment.py` makes this table.

| Round | Pairs in conflict | Time | Loads | Max − min | Proved least | Outside the field | Proved least | Third review of 2,500 |
| :-- | --: | --: | :-: | --: | --: | --: | --: | --: |
{listed}

*Proved least*: a relaxation that knows of conflicts only how many cases of a field they
leave to each expert is solved to the end first; no assignment can be better than it, and
the assignment keeps its quotas to the letter. Reviews outside the field come before even
loads: where the experts of a field do not suffice, they are filled to their limit first.
Every answer was checked rule by rule without the solver, and drawn a second time from the
same seed with the same result."""


if __name__ == "__main__":
    main()
