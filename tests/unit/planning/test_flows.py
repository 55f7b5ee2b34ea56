"""Networks of whole columns: wishes in order, contradictions, what is no network."""

import numpy as np
import pytest

from tidu.planning import flows
from tidu.planning.flows import Flow
from tidu.planning.model import UnsolvedError


def whole(*values):
    return np.array(values, dtype=np.int64)


def two_of_three():
    """Exactly two of three columns."""
    flow = Flow()
    row = flow.add_rows([2], 2)
    columns = flow.add_columns([1, 1, 1])
    flow.connect(np.repeat(row, 3), columns)
    return flow


def test_the_first_wish_weighs_most():
    found = two_of_three().solve([whole(0, 0, 1), whole(1, 0, 0)])

    assert found.tolist() == [1, 1, 0]


def test_a_later_wish_decides_what_the_first_leaves_open():
    found = two_of_three().solve([whole(0, 5, 5), whole(0, 1, 0)])

    assert found.tolist() == [1, 0, 1]


def test_contradicting_rows_have_no_answer():
    flow = two_of_three()
    row = flow.add_rows([0], 1)
    flow.connect(np.repeat(row, 3), np.arange(3))

    assert flow.solve([whole(1, 1, 1)]) is None


def test_rows_without_columns():
    satisfied, broken = Flow(), Flow()
    satisfied.add_rows([0], 0)
    broken.add_rows([1], 1)

    assert satisfied.solve([]).tolist() == []
    assert broken.solve([]) is None


def test_a_program_that_is_no_network_is_not_rounded():
    flow = Flow()  # an odd circle: three pairs, at most one column of each
    rows = flow.add_rows([0, 0, 0], 1)
    columns = flow.add_columns([1, 1, 1])
    flow.connect(rows, columns)
    flow.connect(rows, np.roll(columns, 1))

    with pytest.raises(UnsolvedError, match="not whole"):
        flow.solve([whole(-1, -1, -1)])


def test_a_solver_that_ran_out_of_time_says_so(monkeypatch):
    monkeypatch.setattr(flows, "_TIME_LIMIT", 0.0)

    with pytest.raises(UnsolvedError, match="kTimeLimit"):
        two_of_three().solve([whole(0, 0, 1)])
