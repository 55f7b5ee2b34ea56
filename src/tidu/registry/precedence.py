"""Which of several filed figures is in force, and why: one rule, in one place.

The stronger source wins: an official list over the authority's correction, that over
audited statements, those over what the enterprise filed, that over an imported table,
that over a self-assessment; tax data and annual reports are there to be compared with,
and win over nothing. Of equally strong sources the one filed last wins. A figure
that loses stays on the page beside the winner.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tidu.registry.enums import FilingSource
from tidu.registry.fact_values import same_value

ORDER = tuple(FilingSource)
"""Sources from the strongest to the weakest."""


@dataclasses.dataclass(frozen=True, slots=True)
class Filed:
    """One figure as one filing has it; ``value`` as JSON, None where withdrawn."""

    value: Any
    source: FilingSource
    filed_at: datetime.datetime
    filing: int
    place: str = ""
    evidence: int | None = None
    filed_by: str = ""

    @property
    def strength(self) -> tuple[int, datetime.datetime, int]:
        return (-ORDER.index(self.source), self.filed_at, self.filing)


@dataclasses.dataclass(frozen=True, slots=True)
class InForce:
    """The figure in force, the others that differ from it, and the reason."""

    chosen: Filed | None
    others: tuple[Filed, ...]
    reason: str


def collect(filings: Iterable[Any]) -> dict[str, list[Filed]]:
    """Every figure of an enterprise's filings (``registry.Filing``), by key."""
    found: dict[str, list[Filed]] = {}
    for filing in filings:
        if filing.withdrawn_at:
            continue
        for key, entry in filing.entries.items():
            found.setdefault(key, []).append(filed_in(filing, entry))
    return found


def filed_in(filing: Any, entry: Mapping[str, Any]) -> Filed:
    """One entry of a filing (``registry.Filing``), with whose word it is."""
    return Filed(
        value=entry.get("value"),
        source=FilingSource(filing.source),
        filed_at=filing.filed_at,
        filing=filing.pk,
        place=entry.get("place", ""),
        evidence=entry.get("evidence"),
        filed_by=filing.filed_by,
    )


def in_force(figures: Iterable[Filed]) -> InForce:
    """Choose among the figures filed under one key.

    Of each source only the last one counts: a source corrects itself. A source whose
    last word is a withdrawal says nothing.
    """
    last: dict[FilingSource, Filed] = {}
    for figure in sorted(figures, key=lambda each: each.strength):
        last[figure.source] = figure
    stated = sorted(
        (each for each in last.values() if each.value is not None),
        key=lambda each: each.strength,
        reverse=True,
    )
    if not stated:
        return InForce(None, (), _("已撤回，视为没有数据"))
    chosen, *rest = stated
    others = tuple(e for e in rest if not same_value(e.value, chosen.value))
    if not rest:
        return InForce(chosen, others, _("只有一个来源"))
    if not others:
        return InForce(chosen, others, _("各来源一致"))
    reason = _("“{stronger}”优先于“{weaker}”").format(
        stronger=chosen.source.label, weaker=others[0].source.label
    )
    return InForce(chosen, others, reason)


def current_entries(filings: Iterable[Any]) -> dict[str, Mapping[str, Any]]:
    """What ``CurrentFacts.entries`` holds: the figures in force, with their filing."""
    entries: dict[str, Mapping[str, Any]] = {}
    for key, figures in collect(filings).items():
        found = in_force(figures)
        if found.chosen is None:
            continue
        entry: dict[str, Any] = {
            "value": found.chosen.value,
            "filing": found.chosen.filing,
        }
        if found.chosen.place:
            entry["place"] = found.chosen.place
        if found.chosen.evidence:
            entry["evidence"] = found.chosen.evidence
        if found.others:
            entry["conflict"] = True
        entries[key] = entry
    return entries
