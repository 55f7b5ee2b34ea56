"""The next best question: which missing figure would decide most.

A fact is worth asking for as far as it can still move an outcome: the rules have
already dropped every branch that known facts decide. A fact that decides a criterion
alone counts whole, one of several that are missing together counts its share. Schemes
that are decided anyway count last.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from fractions import Fraction

from tidu.rules.assess import Standing
from tidu.rules.facts import split_key
from tidu.rules.findings import Finding
from tidu.rules.outcomes import UNKNOWN
from tidu.rules.packs import Pack

# Alone it decides, so it may spare every other question about the scheme.
_ALONE = 2
_LADDER_TIERS = range(1, 7)


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """One fact to ask for.

    ``key`` names it (``revenue@2025``); ``decides`` lists the criteria it can move, as
    ``scheme/criterion``, those of open schemes first; ``alone`` those it decides by
    itself; ``weight`` is only good for ordering.
    """

    key: str
    decides: tuple[str, ...]
    alone: tuple[str, ...]
    weight: Fraction


def next_questions(
    pack: Pack, standings: Mapping[str, Standing] | Iterable[Standing]
) -> list[Question]:
    """All questions worth asking, the best first; empty where nothing is open."""
    found = standings.values() if isinstance(standings, Mapping) else standings
    weights: dict[str, Fraction] = {}
    decides: dict[str, dict[str, bool]] = {}
    in_order = sorted(found, key=lambda each: each.outcome is not UNKNOWN)
    for standing in in_order:
        worth = _worth(pack, standing)
        for finding in standing.findings:
            if finding.part_of or finding.points is not None or not finding.missing:
                continue
            _add(standing.scheme, finding, worth, weights, decides)
    order = {fact_id: at for at, fact_id in enumerate(pack.facts)}
    questions = [
        Question(
            key,
            tuple(decides[key]),
            tuple(name for name, alone in decides[key].items() if alone),
            weight,
        )
        for key, weight in weights.items()
    ]
    return sorted(
        questions, key=lambda q: (-q.weight, order[split_key(q.key)[0]], q.key)
    )


def _worth(pack: Pack, standing: Standing) -> Fraction:
    """What deciding one criterion of the scheme is worth: rungs of the ladder most."""
    if standing.outcome is not UNKNOWN:
        return Fraction(1, 1000)
    tier = pack.schemes[standing.scheme].tier
    return Fraction(2 if tier in _LADDER_TIERS else 1)


def _add(
    scheme: str,
    finding: Finding,
    worth: Fraction,
    weights: dict[str, Fraction],
    decides: dict[str, dict[str, bool]],
) -> None:
    alone = len(finding.missing) == 1
    share = worth * (_ALONE if alone else 1) / len(finding.missing)
    for key in finding.missing:
        weights[key] = weights.get(key, Fraction(0)) + share
        decides.setdefault(key, {})[f"{scheme}/{finding.id}"] = alone
