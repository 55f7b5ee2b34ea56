"""Which measures work: those that a test walks from end to end.

``walks.csv`` is written by the tests that carry a measure's mark and pass, never by
hand: each changes stored state, differs for an SRDI and another firm, and fails when
the measure's pack file is emptied.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
from pathlib import Path

from tidu.rules.measures import MechanismKind

FILE = Path(__file__).with_name("walks.csv")
MISSING_ENGINES = frozenset(
    {
        MechanismKind.SUPERVISE,
        MechanismKind.CATALOGUE,
        MechanismKind.MATCH,
        MechanismKind.EVENT,
        MechanismKind.INDICATOR,
    }
)
"""Kinds whose data is declared but which nothing carries out yet."""


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """One test that walks a measure, and where a person can walk it."""

    measure: str
    test: str
    where: str


@functools.cache
def walks() -> tuple[Walk, ...]:
    """Every walk, by measure and test."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Walk(**row) for row in csv.DictReader(file))
