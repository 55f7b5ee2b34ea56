"""What a draft asks of its applicant: what is missing or old, the dearest first."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from tidu.casework.documents import read_by
from tidu.casework.models import Case
from tidu.casework.queries import (
    Clause,
    Readiness,
    clauses_of,
    pack_for,
    readiness_of,
    standing_of,
)
from tidu.planning.questions import next_questions
from tidu.registry.ledger import Figure, figures_of
from tidu.rules.assess import Standing
from tidu.rules.facts import split_key
from tidu.rules.outcomes import MANUAL
from tidu.rules.packs import Pack

OLD = datetime.timedelta(days=365)
"""After so long a figure without a year is asked again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A case before its applicant. ``missing``: keys, the most valuable first;
    ``old``: keys in force that were last filed long ago, or on which sources differ;
    ``decides``: key → what it decides; ``stated``: clauses a person judges.
    """

    pack: Pack
    standing: Standing
    readiness: Readiness
    missing: tuple[str, ...]
    old: tuple[str, ...]
    decides: dict[str, tuple[str, ...]]
    stated: tuple[Clause, ...]


def draft_of(case: Case, now: datetime.datetime) -> Draft:
    """Everything a draft's page shows, worked out once."""
    standing, pack, readiness = standing_of(case), pack_for(case), readiness_of(case)
    questions = {
        each.key: each.decides
        for each in next_questions(pack, {case.round.scheme: standing})
    }
    worth = {key: at for at, key in enumerate(questions)}
    missing = sorted(readiness.facts, key=lambda key: worth.get(key, len(worth)))
    clauses = clauses_of(case, standing)
    return Draft(
        pack,
        standing,
        readiness,
        tuple(missing),
        tuple(_old(clauses, figures_of(case.enterprise), now)),
        questions,
        tuple(_stated(clauses)),
    )


def _stated(clauses: list[Clause]) -> list[Clause]:
    """Clauses that a person judges; the parts in place of a whole."""
    manual = [each for each in clauses if each.finding.outcome is MANUAL]
    whole = {each.finding.part_of for each in manual}
    return [each for each in manual if each.finding.id not in whole]


def _old(
    clauses: list[Clause], figures: Mapping[str, Figure], now: datetime.datetime
) -> list[str]:
    read: dict[str, None] = {}
    for each in clauses:
        read.update(dict.fromkeys(read_by(each.finding)))
    return [
        key for key in read if (known := figures.get(key)) and _is_old(key, known, now)
    ]


def _is_old(key: str, figure: Figure, now: datetime.datetime) -> bool:
    chosen = figure.in_force.chosen
    if chosen is None:
        return False
    if figure.in_force.others:
        return True
    return split_key(key)[1] is None and now - chosen.filed_at > OLD
