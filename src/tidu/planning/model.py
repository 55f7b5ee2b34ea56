"""A small integer program: variables, rows, lexicographic solving with HiGHS.

Every row is brought to small whole coefficients and its bound rounded to them, so that
the solver's tolerance cannot move a border by a cent.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import highspy
import numpy as np

INFINITE = highspy.kHighsInf
_TIME_LIMIT = 5.0  # seconds; a plan takes milliseconds


@dataclasses.dataclass(frozen=True, slots=True)
class Linear:
    """``const + Σ coefficient · variable``; ``needs`` are binaries that must be 1."""

    const: Decimal
    terms: Mapping[int, Decimal] = dataclasses.field(default_factory=dict)
    needs: tuple[int, ...] = ()

    def plus(self, other: Linear, factor: Decimal = Decimal(1)) -> Linear:
        """This and ``factor`` times the other."""
        terms = dict(self.terms)
        for variable, coefficient in other.terms.items():
            terms[variable] = terms.get(variable, Decimal(0)) + factor * coefficient
        return Linear(
            self.const + factor * other.const,
            {variable: c for variable, c in terms.items() if c},
            tuple(dict.fromkeys(self.needs + other.needs)),
        )


class _QuietHighs(highspy.Highs):
    """HiGHS prints a header as it is made; stdout belongs to the result alone."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Model:
    """Integer variables from 0 up, and rows ``Σ c·x ≥ bound`` over them."""

    def __init__(self) -> None:
        self.most: list[int] = []
        self.rows: list[tuple[dict[int, int], int]] = []

    def variable(self, most: int = 1) -> int:
        """A new variable 0 … most; a binary by default."""
        self.most.append(most)
        return len(self.most) - 1

    def at_least(self, terms: Mapping[int, int], bound: int) -> None:
        """Add a row ``Σ c·x ≥ bound``."""
        self.rows.append((dict(terms), bound))

    def imply(self, binary: int, needed: int) -> None:
        """``binary`` is 1 only if ``needed`` is."""
        self.at_least({needed: 1, binary: -1}, 0)

    def indicator(self, linear: Linear, *, strict: bool = False) -> int | bool:
        """A binary that may be 1 only where ``linear ≥ 0`` (``> 0`` if strict).

        True or False where the bounds of the variables decide it already.
        """
        terms, bound = _whole(linear, strict=strict)
        least = sum(min(c * self.most[v], 0) for v, c in terms.items())
        most = sum(max(c * self.most[v], 0) for v, c in terms.items())
        if most < bound:
            return False
        if least >= bound and not linear.needs:
            return True
        binary = self.variable()
        if least < bound:
            self.at_least({**terms, binary: -(bound - least)}, least)
        for needed in linear.needs:
            self.imply(binary, needed)
        return binary

    def solve(self, costs: list[Mapping[int, float]]) -> list[int] | None:
        """The variables' values, minimising the costs one after another; or None."""
        found: list[int] | None = None
        rows = list(self.rows)
        for cost in costs:
            found = self._minimise(cost, rows)
            if found is None:
                return None
            if cost is not costs[-1]:
                spent = round(sum(found[v] * c for v, c in cost.items()))
                rows.append(({v: -round(c) for v, c in cost.items()}, -spent))
        return found

    def _minimise(
        self, cost: Mapping[int, float], rows: list[tuple[dict[int, int], int]]
    ) -> list[int] | None:
        count = len(self.most)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = count, len(rows)
        program.col_cost_ = np.array([cost.get(v, 0.0) for v in range(count)])
        program.col_lower_ = np.zeros(count)
        program.col_upper_ = np.array(self.most, dtype=float)
        program.integrality_ = [highspy.HighsVarType.kInteger] * count
        program.row_lower_ = np.array([float(bound) for _, bound in rows])
        program.row_upper_ = np.full(len(rows), INFINITE)
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        lengths = [len(terms) for terms, _ in rows]
        matrix.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        matrix.index_ = np.array([v for t, _ in rows for v in t], dtype=np.int32)
        matrix.value_ = np.array([float(c) for t, _ in rows for c in t.values()])
        solver = _QuietHighs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", _TIME_LIMIT)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.passModel(program)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return [round(x) for x in solver.getSolution().col_value]


def _whole(linear: Linear, *, strict: bool) -> tuple[dict[int, int], int]:
    """``linear ≥ 0`` with small whole coefficients: ``Σ c·x ≥ bound``."""
    if not linear.terms:
        holds = linear.const > 0 if strict else linear.const >= 0
        return {}, 0 if holds else 1
    fractions = {v: Fraction(c) for v, c in linear.terms.items()}
    scale = math.lcm(*(f.denominator for f in fractions.values()))
    whole = {v: int(f * scale) for v, f in fractions.items()}
    divisor = math.gcd(*whole.values())
    bound = -Fraction(linear.const) * scale / divisor
    lowest = math.floor(bound) + 1 if strict else math.ceil(bound)
    return {v: c // divisor for v, c in whole.items()}, lowest
