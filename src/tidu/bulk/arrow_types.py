"""How a column of a table of enterprises is held in Arrow and in Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from tidu.bulk.columns import MONEY_PLACES, SHARE_PLACES, Column
from tidu.rules.facts import FactType

DIGITS = 18  # of a DECIMAL; fits a 64-bit integer, which is how Parquet stores it
_SHARE = pa.decimal128(DIGITS, SHARE_PLACES)

ARROW_TYPES: dict[FactType, pa.DataType] = {
    FactType.TEXT: pa.string(),
    FactType.CODE: pa.string(),
    FactType.CHOICE: pa.string(),
    FactType.CHOICES: pa.string(),
    FactType.DATE: pa.date32(),
    FactType.BOOLEAN: pa.bool_(),
    FactType.COUNT: pa.int64(),
    FactType.MONEY: pa.decimal128(DIGITS, MONEY_PLACES),
    FactType.RATIO: _SHARE,
    FactType.NUMBER: _SHARE,
}


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a column: ``decimal128(18, 2)`` for money."""
    return ARROW_TYPES[column.fact.type]


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The schema of a table with these columns; every one may be NULL."""
    return pa.schema([(column.name, arrow_type(column)) for column in columns])


def arrow_array(values: Sequence[Any], column: Column) -> pa.Array:
    """Values as a column holds them, None for unknown.

    Decimals must have no more decimals than the column's type and fit its digits.
    """
    kind = arrow_type(column)
    if not pa.types.is_decimal(kind):
        return pa.array(values, kind)
    # As whole numbers they become Arrow ten times quicker than as Decimals.
    whole = [None if each is None else int(each.scaleb(kind.scale)) for each in values]
    held = pa.array(whole, pa.int64())
    narrow = pa.decimal64(kind.precision, kind.scale)
    exact = pa.Array.from_buffers(narrow, len(held), held.buffers(), held.null_count)
    return exact.cast(kind)
