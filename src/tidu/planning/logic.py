"""Truths of a plan joined: constants stay constants, others become binaries and rows.

A binary may be 1 only where what it stands for holds; that one direction is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tidu.planning.model import Linear, Model

Truth = int | bool  # a binary, or a constant; by identity, for variable 1 equals True


class Logic:
    """And, or, at least, none and comparisons over one model."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def all(self, truths: Iterable[Truth]) -> Truth:
        """A binary that may be 1 only where all are."""
        found = list(truths)
        if any(each is False for each in found):
            return False
        parts = list(dict.fromkeys(each for each in found if each is not True))
        if len(parts) <= 1:
            return parts[0] if parts else True
        joined = self.model.variable()
        for part in parts:
            self.model.imply(joined, part)
        return joined

    def any(self, truths: Iterable[Truth]) -> Truth:
        """A binary that may be 1 only where one is."""
        return self.at_least(1, list(truths))

    def at_least(self, count: int, truths: list[Truth]) -> Truth:
        """A binary that may be 1 only where ``count`` are."""
        count -= sum(each is True for each in truths)
        parts = [e for e in truths if e is not True and e is not False]
        if count <= 0:
            return True
        if len(parts) < count:
            return False
        if len(parts) == 1:
            return parts[0]
        joined = self.model.variable()
        terms = {joined: -count}
        for part in parts:
            terms[part] = terms.get(part, 0) + 1
        self.model.at_least(terms, 0)
        return joined

    def none(self, binaries: Iterable[int]) -> Truth:
        """A binary that may be 1 only where none of the binaries is."""
        parts = list(binaries)
        if not parts:
            return True
        stays = self.model.variable()
        for part in parts:
            self.model.at_most({stays: 1, part: 1}, 1)
        return stays

    def holds(self, op: str, difference: Linear) -> Truth:
        """``difference op 0`` as a binary."""
        down = Linear(Fraction(0)).plus(difference, -1)
        match op:
            case ">=" | ">":
                return self.model.indicator(difference, strict=op == ">")
            case "<=" | "<":
                return self.model.indicator(down, strict=op == "<")
        ends = (difference, down)
        if op == "==":
            return self.all(self.model.indicator(each) for each in ends)
        return self.any(self.model.indicator(each, strict=True) for each in ends)
