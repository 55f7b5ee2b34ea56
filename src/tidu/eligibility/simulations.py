"""What one changed threshold would do to the firms of a territory's snapshot."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

from tidu.bulk.scenarios import (
    ScenarioError,
    numbers_in,
    quantity_text,
    read_scenarios,
    trees_of,
)
from tidu.bulk.screen import Snapshot, open_snapshot
from tidu.bulk.simulate import Asked, Moves, simulate
from tidu.bulk.sweep import Curve, read_sweep, run_sweep
from tidu.registry.models import Enterprise
from tidu.rules.library import default_library
from tidu.rules.nodes import Number
from tidu.rules.outcomes import MET
from tidu.rules.rulesets import Kind, RuleSet, SourceGrade
from tidu.rules.vocabulary import Text

_STEPS = 20  # of a sweep, from half the threshold to one and a half
_SHOWN = 100  # firms named
_SLICE = 5000
_MEMORY = "512MB"


@dataclasses.dataclass(frozen=True, slots=True)
class Threshold:
    """A named number of a scheme that decides something, as it is today.

    ``decides``: the criterion or score item that it stands in.
    """

    scheme: str
    value: str
    decides: Text
    number: Number
    clause: str
    grade: SourceGrade


@dataclasses.dataclass(frozen=True, slots=True)
class Mover:
    """A firm whose outcome changes; ``into``: it meets the changed standard only."""

    firm: Enterprise
    into: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Simulation:
    """Who moves, by division code and by name; ``sweep_refused``: why no curve."""

    moves: Moves
    places: tuple[tuple[str, int, int], ...]
    movers: tuple[Mover, ...]
    curve: Curve | None
    sweep_refused: str
    rows: int
    as_of: datetime.date | None


def thresholds(on: datetime.date) -> list[Threshold]:
    """Every number that can be changed, of every scheme in force on a day."""
    found = []
    for scheme in default_library().national.schemes.values():
        rule_set = scheme.which(Kind.NEW, on)
        if rule_set is None:
            continue
        labels = _labels(rule_set[0])
        used = {each.name for each in numbers_in(trees_of(rule_set[0], Kind.NEW))}
        found += [
            Threshold(
                scheme.id,
                name,
                labels.get(name, scheme.label),
                each.number,
                each.clause,
                each.grade,
            )
            for name, each in rule_set[0].values.items()
            if name in used
        ]
    return found


def _labels(rule_set: RuleSet) -> dict[str, Text]:
    """Each named number with what it stands in: the innermost criterion, or an item."""
    found: dict[str, Text] = {}
    waiting = list(rule_set.criteria)
    while waiting:
        each = waiting.pop(0)  # parts come after their whole, and win
        for number in numbers_in([each.tree(Kind.NEW)]):
            found[number.name] = each.label
        waiting += each.parts
    for item in rule_set.items:
        for number in numbers_in([item.points]):
            found.setdefault(number.name, item.label)
    return found


def run(path: Path, asked: Threshold, quantity: str, on: datetime.date) -> Simulation:
    """Simulate one change on a snapshot. Raises ScenarioError, SnapshotError."""
    library = default_library()
    change = f"{asked.scheme}.{asked.value}={quantity}"
    scenarios = read_scenarios(library, [change], [], on=on, kind=Kind.NEW)
    snapshot = open_snapshot(path, library, warn=lambda _text: None)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "movers.csv"
        simulated = simulate(
            snapshot, library, Asked(scenarios, on), out=out, memory=_MEMORY
        )
        moves = simulated.moves[0]
        places, movers = _movers(out, asked.scheme)
        curve, refused = _curve(snapshot, asked, on, Path(folder))
    as_of = snapshot.manifest.as_of if snapshot.manifest else None
    return Simulation(moves, places, movers, curve, refused, snapshot.rows, as_of)


def _curve(
    snapshot: Snapshot, asked: Threshold, on: datetime.date, folder: Path
) -> tuple[Curve | None, str]:
    """The curve around today's threshold, or why there is none."""
    number = asked.number
    ends = (number.value / 2, number.value * 3 / 2)
    low, high = (quantity_text(Decimal(end), number.unit) for end in ends)
    text = f"{asked.scheme}.{asked.value}={low}..{high}/{_STEPS}"
    library = default_library()
    try:
        sweep, _rule_set = read_sweep(library, text, on=on, kind=Kind.NEW)
    except ScenarioError as error:
        return None, str(error)
    found = run_sweep(
        snapshot, library, sweep, on=on, kind=Kind.NEW, folder=folder, memory=_MEMORY
    )
    return found, ""


def _movers(
    path: Path, scheme: str
) -> tuple[tuple[tuple[str, int, int], ...], tuple[Mover, ...]]:
    """Those who come to meet the standard or cease to, by place and by name."""
    into: dict[str, bool] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            was = row.pop(f"{scheme}__baseline")
            now = next(v for k, v in row.items() if k.startswith(f"{scheme}__"))
            if (was == MET) != (now == MET) and row["uscc"]:
                into[row["uscc"]] = now == MET
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    movers: list[Mover] = []
    codes = sorted(into)
    for start in range(0, len(codes), _SLICE):
        some = Enterprise.objects.filter(uscc__in=codes[start : start + _SLICE])
        for firm in some.only("pk", "name", "uscc", "territory"):
            came = into[firm.uscc or ""]
            counts[not came][firm.territory] += 1
            if len(movers) < _SHOWN:
                movers.append(Mover(firm, came))
    places = sorted({*counts[0], *counts[1]})
    return tuple((p, counts[0][p], counts[1][p]) for p in places), tuple(movers)
