"""Flows through a network: whole columns, wishes one after another, solved with HiGHS.

The rows are those of a network (each column leaves one node and enters another, and
the limits on groups of columns are nested), so that every vertex of the linear program
is whole and its dual values are whole for whole costs. No branching is needed, and
what one wish leaves open is found exactly: a column whose reduced cost is not zero
stays where it is, a row whose dual value is not zero stays full.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
import numpy.typing as npt

from tidu.planning.model import QuietHighs, UnsolvedError

Whole = npt.NDArray[np.int64]

_TIME_LIMIT = 600.0  # seconds; the networks of a round take seconds
_HALF = 0.5  # dual values are whole: half a unit tells zero from one


class Flow:
    """Columns 0 … most, and rows ``low ≤ Σ ±x ≤ high``, added many at a time."""

    def __init__(self) -> None:
        self.most: list[Whole] = []
        self.low: list[Whole] = []
        self.high: list[Whole] = []
        self._entries: list[tuple[Whole, Whole, Whole]] = []
        self.columns = 0
        self.rows = 0

    def add_columns(self, most: npt.ArrayLike) -> Whole:
        """New columns with their upper bounds; returns their numbers."""
        bounds = np.asarray(most, dtype=np.int64)
        self.most.append(bounds)
        self.columns += bounds.size
        return np.arange(self.columns - bounds.size, self.columns)

    def add_rows(self, low: npt.ArrayLike, high: npt.ArrayLike) -> Whole:
        """New rows with their bounds; returns their numbers."""
        least, greatest = np.broadcast_arrays(
            np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
        )
        self.low.append(least)
        self.high.append(greatest)
        self.rows += least.size
        return np.arange(self.rows - least.size, self.rows)

    def connect(self, rows: Whole, columns: Whole, sign: int = 1) -> None:
        """Let each column count in the row that stands at its place."""
        self._entries.append((rows, columns, np.full(rows.size, sign)))

    def solve(self, wishes: Sequence[Whole]) -> Whole | None:
        """The columns' values; each wish is a cost per column, the first weighs most.

        None where the rows contradict each other. Raises UnsolvedError.
        """
        if not self.columns:
            low, high = np.concatenate(self.low), np.concatenate(self.high)
            fits = bool(np.all(low <= 0) and np.all(high >= 0))
            return np.zeros(0, dtype=np.int64) if fits else None
        solver = QuietHighs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", _TIME_LIMIT)
        solver.passModel(self._program())
        every = np.arange(self.columns, dtype=np.int32)
        found: Whole | None = None
        for wish in wishes:
            if found is not None:
                _stay(solver, found)
            solver.changeColsCost(self.columns, every, wish.astype(float))
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            if status != highspy.HighsModelStatus.kOptimal:
                raise UnsolvedError(f"HiGHS ended with {status.name}")
            values = np.array(solver.getSolution().col_value)
            found = np.rint(values).astype(np.int64)
            if np.abs(values - found).max() > _HALF / 1000:
                raise UnsolvedError("a vertex of the network is not whole")
        return found

    def _program(self) -> highspy.HighsLp:
        rows, columns, signs = (
            np.concatenate(part) for part in zip(*self._entries, strict=True)
        )
        order = np.lexsort((rows, columns))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.columns, self.rows
        program.col_cost_ = np.zeros(self.columns)
        program.col_lower_ = np.zeros(self.columns)
        program.col_upper_ = np.concatenate(self.most).astype(float)
        program.row_lower_ = np.concatenate(self.low).astype(float)
        program.row_upper_ = np.concatenate(self.high).astype(float)
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        counts = np.bincount(columns, minlength=self.columns)
        matrix.start_ = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        matrix.index_ = rows[order].astype(np.int32)
        matrix.value_ = signs[order].astype(float)
        return program


def _stay(solver: highspy.Highs, found: Whole) -> None:
    """Leave only what is as good as what was found."""
    solution = solver.getSolution()
    settled = np.flatnonzero(np.abs(np.array(solution.col_dual)) > _HALF)
    solver.changeColsBounds(
        settled.size,
        settled.astype(np.int32),
        found[settled].astype(float),
        found[settled].astype(float),
    )
    full = np.flatnonzero(np.abs(np.array(solution.row_dual)) > _HALF)
    activity = np.rint(np.array(solution.row_value)[full])
    solver.changeRowsBounds(  # type: ignore[attr-defined]
        full.size, full.astype(np.int32), activity, activity
    )
