"""Values become Arrow columns without losing a digit."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from tests.unit.bulk.populations import LIBRARY
from tidu.bulk.arrow_types import arrow_array, arrow_type
from tidu.bulk.columns import Column

CENT, STEP = Decimal("0.01"), Decimal("0.00000001")


@pytest.mark.parametrize(
    ("fact", "values"),
    [
        ("revenue", [Decimal(0), None, CENT, -CENT, 10**16 - CENT, CENT - 10**16]),
        ("market_share", [None, STEP, Decimal(1) / 4, 10**10 - STEP]),
        ("revenue", []),
        ("revenue", [None]),
        ("uscc", ["91990221MA00000114", None]),
        ("listed", [True, None, False]),
    ],
)
def test_values_come_back_as_they_were(fact, values):
    column = Column(LIBRARY.facts[fact])
    found = arrow_array(values, column)
    assert found.type == arrow_type(column)
    assert found.to_pylist() == values
    assert found.null_count == values.count(None)


def test_a_figure_that_does_not_fit_is_refused():
    with pytest.raises((OverflowError, pa.ArrowInvalid)):
        arrow_array([Decimal(10) ** 20], Column(LIBRARY.facts["revenue"]))
