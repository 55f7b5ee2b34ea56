"""A small integer program: variables, rows, lexicographic solving with HiGHS.

Amounts are exact fractions; every row is brought to small whole coefficients and its
bound rounded to them, and a solution is checked against the rows in whole numbers, so
that the solver's tolerance cannot move a border by a cent.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import highspy
import numpy as np

_INFINITE = highspy.kHighsInf
_TOLERANCE = 1e-9
_TIME_LIMIT = 5.0  # seconds; a plan takes milliseconds
_NOTHING_FITS = {
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
}

Row = tuple[Mapping[int, int], int]  # Σ coefficient · variable ≥ bound
Costs = Mapping[int, float]


class UnsolvedError(Exception):
    """The solver gave neither a solution nor a proof that there is none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Linear:
    """``const + Σ coefficient · variable``; ``needs`` are binaries that must be 1."""

    const: Fraction
    terms: Mapping[int, Fraction] = dataclasses.field(default_factory=dict)
    needs: tuple[int, ...] = ()

    @staticmethod
    def of(number: Decimal | int) -> Linear:
        """A constant."""
        return Linear(Fraction(number))

    @staticmethod
    def times(number: Decimal | int, variable: int) -> Linear:
        """A variable with its coefficient."""
        return Linear(Fraction(0), {variable: Fraction(number)})

    def plus(self, other: Linear, factor: Fraction | int = 1) -> Linear:
        """This and ``factor`` times the other."""
        terms = dict(self.terms)
        for variable, coefficient in other.terms.items():
            terms[variable] = terms.get(variable, Fraction(0)) + factor * coefficient
        return Linear(
            self.const + factor * other.const,
            {variable: c for variable, c in terms.items() if c},
            tuple(dict.fromkeys(self.needs + other.needs)),
        )

    def minus(self, number: Decimal | Fraction | int) -> Linear:
        """This less a constant."""
        return Linear(self.const - Fraction(number), self.terms, self.needs)


class QuietHighs(highspy.Highs):
    """HiGHS prints a header as it is made; stdout belongs to the result alone."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Model:
    """Integer variables from 0 up, and rows ``Σ c·x ≥ bound`` over them."""

    def __init__(self) -> None:
        self.most: list[int] = []
        self.rows: list[Row] = []

    def variable(self, most: int = 1) -> int:
        """A new variable 0 … most; a binary by default."""
        self.most.append(most)
        return len(self.most) - 1

    def at_least(self, terms: Mapping[int, int], bound: int) -> None:
        """Add a row ``Σ c·x ≥ bound``."""
        self.rows.append((dict(terms), bound))

    def at_most(self, terms: Mapping[int, int], bound: int) -> None:
        """Add a row ``Σ c·x ≤ bound``."""
        self.rows.append(({v: -c for v, c in terms.items()}, -bound))

    def require(self, linear: Linear) -> None:
        """Add the row ``linear ≥ 0``."""
        self.at_least(*_whole(linear, strict=False))

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

    def solve(self, costs: Sequence[Costs]) -> list[int] | None:
        """The variables' values, minimising the costs one after another.

        None where no values satisfy the rows. Every cost but the last has whole
        coefficients. Raises UnsolvedError.
        """
        if not self.most:
            return [] if all(bound <= 0 for _, bound in self.rows) else None
        found: list[int] = []
        rows = list(self.rows)
        for at, cost in enumerate(costs, start=1):
            answer = self._minimise(cost, rows)
            if answer is None:
                return None
            found = answer
            if at < len(costs):
                whole = {v: -round(c) for v, c in cost.items()}
                rows.append((whole, sum(c * found[v] for v, c in whole.items())))
        return found

    def _minimise(self, cost: Costs, rows: list[Row]) -> list[int] | None:
        lowest, highest = [0] * len(self.most), list(self.most)
        found = _run(cost, rows, lowest, highest)
        if found is None or _hold(rows, found):
            return found
        # A binary was 1 only within the tolerance: settle the binaries and try again.
        for variable, most in enumerate(self.most):
            if most == 1:
                lowest[variable] = highest[variable] = found[variable]
        settled = _run(cost, rows, lowest, highest)
        if settled is None or not _hold(rows, settled):
            raise UnsolvedError("the solution does not satisfy the rows exactly")
        return settled


def _hold(rows: list[Row], values: list[int]) -> bool:
    return all(
        sum(c * values[v] for v, c in terms.items()) >= bound for terms, bound in rows
    )


def _run(
    cost: Costs, rows: list[Row], lowest: list[int], highest: list[int]
) -> list[int] | None:
    """One call of HiGHS."""
    count = len(lowest)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, len(rows)
    program.col_cost_ = np.array([cost.get(v, 0.0) for v in range(count)])
    program.col_lower_ = np.array(lowest, dtype=float)
    program.col_upper_ = np.array(highest, dtype=float)
    program.integrality_ = [highspy.HighsVarType.kInteger] * count
    program.row_lower_ = np.array([float(bound) for _, bound in rows])
    program.row_upper_ = np.full(len(rows), _INFINITE)
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    lengths = [len(terms) for terms, _ in rows]
    matrix.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    matrix.index_ = np.array([v for t, _ in rows for v in t], dtype=np.int32)
    matrix.value_ = np.array([float(c) for t, _ in rows for c in t.values()])
    solver = QuietHighs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", _TIME_LIMIT)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_feasibility_tolerance", _TOLERANCE)
    solver.setOptionValue("primal_feasibility_tolerance", _TOLERANCE)
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    if status in _NOTHING_FITS:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise UnsolvedError(f"HiGHS ended with {status.name}")
    return [round(x) for x in solver.getSolution().col_value]


def _whole(linear: Linear, *, strict: bool) -> tuple[dict[int, int], int]:
    """``linear ≥ 0`` with small whole coefficients: ``Σ c·x ≥ bound``."""
    if not linear.terms:
        holds = linear.const > 0 if strict else linear.const >= 0
        return {}, 0 if holds else 1
    scale = math.lcm(*(c.denominator for c in linear.terms.values()))
    whole = {v: int(c * scale) for v, c in linear.terms.items()}
    divisor = math.gcd(*whole.values())
    bound = -linear.const * scale / divisor
    lowest = math.floor(bound) + 1 if strict else math.ceil(bound)
    return {v: c // divisor for v, c in whole.items()}, lowest
