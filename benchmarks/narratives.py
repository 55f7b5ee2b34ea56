"""How fast are near-duplicates found among 140,000 narratives, and a round's signals?

    python -m benchmarks.narratives

Texts and firms are made up by the red team's generator (tests/redteam). Writes its part
of docs/benchmarks-casework.md, between its marks, and leaves the rest of the page alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks import population
from tests.redteam import firms
from tests.redteam.building import BARS, FORGED, SIZE, red_team
from tests.redteam.wording import TRADES, narrative
from tidu.casework.integrity.near_duplicates import near_duplicates
from tidu.casework.integrity.queue import readable, reading_order
from tidu.casework.integrity.screening import screen
from tidu.rules.assess import assess, prepare
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

PAGE = Path(__file__).resolve().parents[1] / "docs/benchmarks-casework.md"
START = "<!-- narratives: written by benchmarks/narratives.py -->"
END = "<!-- narratives: end -->"
SEED, LENGTH, JACCARD = "narratives", 1_500, 0.6
TEXT_GOAL, ROUND_GOAL, RECALL_GOAL = 300, 60, 0.95  # seconds, seconds, share
STRANGERS = 1_000  # of the sample, beside the copies in it
Answer = TypeVar("Answer")


@dataclasses.dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor in all threads."""

    clock: float
    processor: float


def main() -> None:
    """Measure both, write the part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--texts", type=int, default=140_000)
    parser.add_argument("--copies", type=int, default=2_000)
    parser.add_argument("--applications", type=int, default=20_000)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    part = "\n\n".join(
        [texts_part(options.texts, options.copies), round_part(options.applications)]
    )
    text = options.page.read_text("utf-8") if options.page.exists() else ""
    options.page.write_text(with_part(text, part), "utf-8")
    print(part)


def with_part(text: str, part: str) -> str:
    """The page with this part replaced, or begun."""
    if START not in text:
        text = f"{text or '# Benchmarks of casework'}\n\n{START}\n{END}\n".lstrip("\n")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{part}\n\n{END}{after}"


def timed(work: Callable[[], Answer]) -> tuple[Answer, Took]:
    """What the work gives, and how long it took."""
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    return answer, Took(time.perf_counter() - clock, time.process_time() - processor)


def texts_part(size: int, copies: int) -> str:
    """Near-duplicates among many texts, and recall against brute force on a sample."""
    dice = firms.dice_of(SEED)
    texts = [written(dice) for _ in range(size - copies)]
    sources = dice.sample(range(size - copies), copies)
    texts += [copied(dice, texts[each]) for each in sources]
    pairs, took = timed(lambda: list(near_duplicates(texts, jaccard=JACCARD)))
    strangers = dice.sample(range(size - copies), STRANGERS)
    places = sorted({*sources, *range(size - copies, size), *strangers})
    expected = brute_force([texts[place] for place in places])
    true = {
        (places[left], places[right]): index
        for (left, right), index in expected.items()
    }
    inside = set(places)
    found = {
        (each.left, each.right)
        for each in pairs
        if each.left in inside and each.right in inside
    }
    recall = len(found & true.keys()) / len(true)
    bands = "; ".join(
        f"{low:.1f}–{low + 0.1:.1f}: {sum(p in found for p in of)} of {len(of)}"
        for low in (0.6, 0.7, 0.8, 0.9)
        if (of := [p for p, index in true.items() if low <= index < low + 0.1 + 1e-9])
    )
    wrong = len(found - true.keys())
    mean = sum(map(len, texts)) / size
    reached = took.clock < TEXT_GOAL and recall >= RECALL_GOAL
    return (
        "## Near-duplicate narratives\n\n"
        f"{size:,} made-up narratives of {mean:,.0f} characters, {copies:,} of them copies in which "
        "clauses were told anew, so that they come out at every likeness; {cores} cores, load of the "
        f"machine at the end {os.getloadavg()[0]:.1f}. Shared with others: read processor time first.\n\n"
        "| | goal | measured |\n| --- | ---: | ---: |\n"
        f"| seconds by the clock | {TEXT_GOAL} | {took.clock:.0f} |\n"
        f"| processor seconds, all threads | | {took.processor:.0f} |\n"
        f"| recall at Jaccard ≥ {JACCARD} | {RECALL_GOAL:.0%} | {recall:.1%} |\n"
        f"| pairs found that are below {JACCARD} | 0 | {wrong} |\n"
        f"| memory of the process, texts included, MB | | {memory():,} |\n\n"
        f"{'Reached' if reached else '**Missed**'}. {len(pairs):,} pairs in all. Recall is against comparing "
        f"{len(places):,} texts all with all ({len(true):,} pairs at {JACCARD} or more): the copies, "
        f"their sources and {STRANGERS:,} others; by likeness: {bands}. Strangers in this set have a "
        f"Jaccard index of {typical(texts, dice):.2f} (median): they write in the same stock phrases, which "
        "makes the work harder than free prose would."
    ).replace("{cores}", str(os.cpu_count()))


def written(dice: random.Random) -> str:
    """A narrative of about LENGTH characters."""
    return narrative(dice, dice.choice(sorted(TRADES)), LENGTH - 25)


def copied(dice: random.Random, text: str) -> str:
    """The text with a share of its clauses told anew, 0 to 40 %."""
    share, other = dice.uniform(0, 0.4), written(dice).split("，")
    return "，".join(
        dice.choice(other) if dice.random() < share else each
        for each in text.split("，")
    )


def brute_force(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """Pairs at JACCARD or more, from sets of shingles; nothing of the library is used."""
    numbers: dict[str, int] = {}
    rows = []
    for text in texts:
        kept = "".join("0" if c.isdigit() else c.lower() for c in text if c.isalnum())
        own = {kept[place : place + 3] for place in range(len(kept) - 2)}
        rows.append(np.array([numbers.setdefault(each, len(numbers)) for each in own]))
    flat = np.concatenate(rows)
    sizes = np.array([len(row) for row in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    found = {}
    mark = np.zeros(len(numbers), dtype=np.int32)
    for left, row in enumerate(rows):
        mark[row] = 1
        both = np.add.reduceat(mark[flat], starts)
        mark[row] = 0
        index = both / (sizes + sizes[left] - both)
        for right in np.flatnonzero(index[left + 1 :] >= JACCARD) + left + 1:
            found[left, int(right)] = float(index[right])
    return found


def typical(texts: Sequence[str], dice: random.Random) -> float:
    """The median index of two strangers."""
    found = []
    sample = dice.sample(texts, 200)
    for left, right in itertools.pairwise(sample):
        one, other = (
            {each[place : place + 3] for place in range(len(each) - 2)}
            for each in (left, right)
        )
        found.append(len(one & other) / len(one | other))
    return float(np.median(found))


def round_part(size: int) -> str:
    """A round: every application assessed with its reasons, and flagged."""
    applications = [
        each.application()
        for first in range(0, size, SIZE)
        for each in red_team(f"{SEED}/{first}", first)
    ]
    pack = default_library().national
    rule_set = pack.schemes["srdi_sme"].which(Kind.NEW, population.ON)[0]
    facts = [
        population.to_facts(each, pack.facts)
        for each in population.generate(min(size, population.SIZE))
    ]

    def assess_all() -> None:
        for number in range(size):
            ready = prepare(facts[number % len(facts)], pack, population.ON)
            standing = assess(pack, rule_set, ready, on=population.ON)
            for finding in (*standing.findings, *standing.advice):
                finding.sentence(english=False)

    _, assessing = timed(assess_all)
    signals, flagging = timed(lambda: screen(applications, bars=BARS))
    queue = reading_order(signals)
    total = assessing.clock + flagging.clock
    return (
        "## A round of applications, assessed and flagged\n\n"
        f"{size:,} applications with two narratives each: {size // SIZE} red-team sets, {size // SIZE * FORGED} of them "
        "forged. Assessed with every finding said as a sentence.\n\n"
        "| | goal, s | by the clock, s | processor, s |\n| --- | ---: | ---: | ---: |\n"
        f"| assess all | | {assessing.clock:.0f} | {assessing.processor:.0f} |\n"
        f"| flag all, eight kinds | | {flagging.clock:.0f} | {flagging.processor:.0f} |\n"
        f"| together | {ROUND_GOAL} | {total:.0f} | {assessing.processor + flagging.processor:.0f} |\n\n"
        f"{'Reached' if total < ROUND_GOAL else '**Missed**'}. {len(signals):,} signals in {len(queue):,} cases; "
        f"the first {len(readable(queue, size)):,} are read. Repeat it with `python -m benchmarks.narratives`."
    )


def memory() -> int:
    """The most this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
