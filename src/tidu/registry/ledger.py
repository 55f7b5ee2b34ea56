"""Every figure of an enterprise with all that was filed of it, and what is in force."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tidu.registry.models import Enterprise, Filing
from tidu.registry.precedence import Filed, InForce, collect, filed_in, in_force


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what is in force and why, and everything filed, the newest first."""

    key: str
    in_force: InForce
    filed: tuple[Filed, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """What one filing says of a figure, for its history."""

    filing: Filing
    filed: Filed
    in_force: bool


def figures_of(enterprise: Enterprise) -> Mapping[str, Figure]:
    """All figures of an enterprise by key; one query."""
    found = collect(enterprise.filings.all())
    return {key: figure_of(key, filed) for key, filed in found.items()}


def figure_of(key: str, filed: list[Filed]) -> Figure:
    """One figure from what was filed of it."""
    newest = sorted(filed, key=lambda each: (each.filed_at, each.filing), reverse=True)
    return Figure(key, in_force(filed), tuple(newest))


def history_of(enterprise: Enterprise, key: str) -> tuple[InForce, list[Statement]]:
    """Everything filed of one figure, also what was withdrawn, the newest first."""
    filings = [each for each in enterprise.filings.all() if key in each.entries]
    found = in_force(collect(filings).get(key, []))
    chosen = found.chosen.filing if found.chosen else None
    return found, [
        Statement(each, filed_in(each, each.entries[key]), each.pk == chosen)
        for each in filings
    ]
