"""How a measured value is judged against a constant: the second half of a comparison.

Nothing is divided: a quotient is judged by multiplying its base.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET, Outcome
from tidu.rules.scope import NOT_USED, UNDEFINED, Interval, multiply

Judge = Callable[[Any], Outcome]

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def judge_number(op: str, bound: Decimal) -> Judge:
    """Judge a value that may be unknown, undefined or an Interval."""
    holds = OPERATORS[op]

    def judge(found: Any) -> Outcome:
        if found is None:
            return UNKNOWN
        if found is UNDEFINED:
            return MANUAL
        if found is NOT_USED:
            return NOT_APPLICABLE
        if isinstance(found, Interval):
            return compare_range(op, found, bound)
        return MET if holds(found, bound) else UNMET

    return judge


def judge_proportion(op: str, scale: Decimal) -> Judge:
    """Judge two figures by what they would give divided: the second times ``scale``."""
    holds = OPERATORS[op]

    def judge(found: Any) -> Outcome:
        if found is None:
            return UNKNOWN
        if found is UNDEFINED:
            return MANUAL
        top, base = found
        return MET if holds(top, multiply(base, scale)) else UNMET

    return judge


def as_judged(outcome: Outcome) -> Outcome:
    """What was measured is an outcome already."""
    return outcome


def compare_range(op: str, left: Interval, right: Any) -> Outcome:
    """Compare an Interval with an exact bound."""
    low, high = left
    match op:
        case ">=" | ">":
            sure = low is not None and OPERATORS[op](low, right)
            never = high is not None and not OPERATORS[op](high, right)
        case "<=" | "<":
            sure = high is not None and OPERATORS[op](high, right)
            never = low is not None and not OPERATORS[op](low, right)
        case "==":
            sure, never = False, _outside(low, high, right)
        case _:
            sure, never = _outside(low, high, right), False
    if sure:
        return MET
    return UNMET if never else UNKNOWN


def _outside(low: Any, high: Any, bound: Any) -> bool:
    return (low is not None and bound < low) or (high is not None and bound > high)
