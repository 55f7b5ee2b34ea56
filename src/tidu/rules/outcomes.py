"""The five outcomes and how they join: three-valued logic with two kinds of "null".

``unknown`` asks the enterprise for a figure, ``manual`` asks a person to judge, and
``not_applicable`` leaves the conjunction. The truth tables are the first chapter of
``docs/reference/rule-language.md``, generated from ``tests/spec``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Outcome(enum.StrEnum):
    """What a criterion says about one enterprise."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    MANUAL = "manual"
    NOT_APPLICABLE = "not_applicable"

    __hash__ = object.__hash__  # identity: a member is its own only equal, and quick


MET = Outcome.MET
UNMET = Outcome.UNMET
UNKNOWN = Outcome.UNKNOWN
MANUAL = Outcome.MANUAL
NOT_APPLICABLE = Outcome.NOT_APPLICABLE

# From what wins to what gives way.
ALL_RANK = {UNMET: 0, UNKNOWN: 1, MANUAL: 2, MET: 3, NOT_APPLICABLE: 4}
ANY_RANK = {MET: 0, UNKNOWN: 1, MANUAL: 2, UNMET: 3, NOT_APPLICABLE: 4}


def join_all(outcomes: Iterable[Outcome]) -> Outcome:
    """All must hold: unmet > unknown > manual > met; nothing left: not_applicable."""
    return min(outcomes, key=ALL_RANK.__getitem__, default=NOT_APPLICABLE)


def join_any(outcomes: Iterable[Outcome]) -> Outcome:
    """One suffices: met > unknown > manual > unmet; nothing left: not_applicable."""
    return min(outcomes, key=ANY_RANK.__getitem__, default=NOT_APPLICABLE)


def negate(outcome: Outcome) -> Outcome:
    """Swap met and unmet; the rest stay."""
    if outcome is MET:
        return UNMET
    return MET if outcome is UNMET else outcome


def join_at_least(count: int, outcomes: Iterable[Outcome]) -> Outcome:
    """「任意两项以上」: true once ``count`` hold, open while it still could.

    Items that do not apply leave the list. Open items that must all come true are
    ``unknown`` as soon as one figure among them is missing and could decide; they are
    ``manual`` only if missing figures alone cannot reach the count.
    """
    seen = [each for each in outcomes if each is not NOT_APPLICABLE]
    if not seen:
        return NOT_APPLICABLE
    met = seen.count(MET)
    unknown = seen.count(UNKNOWN)
    manual = seen.count(MANUAL)
    if met >= count:
        return MET
    if met + unknown + manual < count:
        return UNMET
    return UNKNOWN if unknown else MANUAL
