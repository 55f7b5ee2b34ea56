"""How a column of a table of enterprises is held in Arrow and in Parquet."""

from __future__ import annotations

from collections.abc import Iterable

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
