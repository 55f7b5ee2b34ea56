"""All signals of a round: one function, no side effects, no decision."""

from __future__ import annotations

from collections.abc import Sequence

from tidu.casework.integrity.applications import Application
from tidu.casework.integrity.auditors import Bar, auditor_concentrations
from tidu.casework.integrity.contacts import shared_contacts
from tidu.casework.integrity.copied_figures import copied_figures
from tidu.casework.integrity.documents import reused_documents
from tidu.casework.integrity.figures import differing_figures
from tidu.casework.integrity.kinds import Signal
from tidu.casework.integrity.limits import DEFAULT, Limits
from tidu.casework.integrity.narratives import similar_narratives
from tidu.casework.integrity.peers import far_from_peers
from tidu.casework.integrity.transfers import late_transfers


def screen(
    applications: Sequence[Application],
    *,
    bars: Sequence[Bar] = (),
    limits: Limits = DEFAULT,
) -> tuple[Signal, ...]:
    """Signals of a round by case and kind. The whole round is compared with itself.

    ``bars``: the least values the round's rule set asks; without them no auditor is
    tested. The same applications in any order give the same signals.
    """
    ordered = sorted(applications, key=lambda each: each.case)
    found = (
        *shared_contacts(ordered, limits),
        *similar_narratives(ordered, limits),
        *late_transfers(ordered, limits),
        *differing_figures(ordered, limits),
        *far_from_peers(ordered, limits),
        *auditor_concentrations(ordered, bars, limits),
        *reused_documents(ordered, limits),
        *copied_figures(ordered, limits),
    )
    return tuple(sorted(found, key=lambda each: (each.case, each.kind)))
