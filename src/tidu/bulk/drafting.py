"""Arrays of numbers → the Arrow columns of one block of firms, without Python loops.

A block is filled column by column: which rows know the fact, and their values in the
smallest unit (cents, 1e-8 of a share, days since 1970, the position of an option).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tidu.bulk.arrow_types import arrow_type
from tidu.bulk.columns import SEPARATOR, Column, column_name
from tidu.rules.facts import Fact, FactType

Array = npt.NDArray[Any]
_DECIMALS = {FactType.MONEY, FactType.RATIO, FactType.NUMBER}


class Draft:
    """One block of firms in the making; columns nobody fills are NULL throughout."""

    def __init__(self, size: int, columns: Mapping[str, Column]) -> None:
        self.size = size
        self.columns = columns
        self.arrays: dict[str, pa.Array] = {}

    def put(
        self, fact: str, rows: Array | None, values: Array, year: int | None = None
    ) -> None:
        """Fill a column: ``values`` for these rows (None: all), NULL for the others.

        A column the library does not know is left out.
        """
        column = self.columns.get(column_name(fact, year))
        if column is None:
            return
        if rows is None:
            valid, full = None, values
        else:
            full = np.zeros(self.size, dtype=values.dtype)
            full[rows] = values
            known = np.zeros(self.size, dtype=bool)
            known[rows] = True
            valid = _bits(known)
        if column.fact.type is FactType.CHOICES:
            self.arrays[column.name] = _choices(column.fact, full, rows, valid)
        else:
            self.arrays[column.name] = _array(column.fact, full, valid)

    def put_coded(self, fact: str, codes: Array, words: list[str]) -> None:
        """Fill a text column, every row known: positions in a list of words."""
        if fact in self.columns:
            self.arrays[fact] = pa.DictionaryArray.from_arrays(
                pa.array(codes.astype(np.int16)), pa.array(words)
            )

    def put_fixed(self, fact: str, letters: Array) -> None:
        """Fill a text column from bytes of one length: shape (rows, length)."""
        size, length = letters.shape
        offsets = np.arange(0, (size + 1) * length, length, dtype=np.int32)
        self.arrays[fact] = pa.StringArray.from_buffers(
            size, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))
        )

    def table(self, schema: pa.Schema) -> pa.Table:
        """The block as a table of this schema."""
        return pa.table(
            [
                self.arrays[field.name]
                if field.name in self.arrays
                else _nothing(self.size, field.type)
                for field in schema
            ],
            schema=schema,
        )


def draft_type(column: Column) -> pa.DataType:
    """The Arrow type a column is drafted in; Parquet holds it as ``arrow_type`` says.

    Texts of few values are a dictionary, decimals 64-bit integers.
    """
    if column.fact.type in {FactType.CODE, FactType.CHOICE}:
        return pa.dictionary(pa.int16(), pa.string())
    kind = arrow_type(column)
    if column.fact.type in _DECIMALS:
        return pa.decimal64(kind.precision, kind.scale)  # half of decimal128's bytes
    return kind


def _array(fact: Fact, full: Array, valid: pa.Buffer | None) -> pa.Array:
    size = len(full)
    if fact.type in _DECIMALS:
        kind = draft_type(Column(fact))
        buffers = [valid, pa.py_buffer(full.astype(np.int64, copy=False))]
        return pa.Array.from_buffers(kind, size, buffers)
    if fact.type is FactType.BOOLEAN:
        return pa.Array.from_buffers(pa.bool_(), size, [valid, _bits(full)])
    if fact.type is FactType.CHOICE:
        words = pa.array([each.id for each in fact.choices])
        buffers = [valid, pa.py_buffer(full.astype(np.int16))]
        places = pa.Array.from_buffers(pa.int16(), size, buffers)
        return pa.DictionaryArray.from_arrays(places, words)
    if fact.type is FactType.DATE:
        buffers = [valid, pa.py_buffer(full.astype(np.int32))]
        return pa.Array.from_buffers(pa.date32(), size, buffers)
    buffers = [valid, pa.py_buffer(full.astype(np.int64, copy=False))]
    return pa.Array.from_buffers(pa.int64(), size, buffers)


def _choices(
    fact: Fact, full: Array, rows: Array | None, valid: pa.Buffer | None
) -> pa.Array:
    """Bit masks over the options → their ids in order, ``none`` being the empty set."""
    options = [each.id for each in fact.choices if each.id != "none"]
    told = full if rows is None else full[rows]
    masks, places = np.unique(told.astype(np.int16), return_inverse=True)
    words = [
        SEPARATOR.join(o for at, o in enumerate(options) if mask >> at & 1).encode()
        for mask in masks.tolist()
    ]
    lengths = np.zeros(len(full), np.int32)
    lengths[... if rows is None else rows] = np.array([*map(len, words)])[places]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    letters = b"".join([words[place] for place in places.tolist()])
    buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), len(full), buffers)


@functools.cache
def _nothing(size: int, kind: pa.DataType) -> pa.Array:
    """A column without values; the same one serves every block."""
    return pa.nulls(size, kind)


def _bits(flags: Array) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags.astype(bool), bitorder="little"))
