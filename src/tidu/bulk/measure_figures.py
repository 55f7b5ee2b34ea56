"""What only measures ask of a firm: rough figures of the fictional filers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from tidu.bulk.accounts import YEARS
from tidu.bulk.columns import Column
from tidu.bulk.figures import Block
from tidu.rules.facts import Fact, FactType

Array = npt.NDArray[Any]

KNOWN = 0.6
"""How likely a filer knows a figure."""
YES = 0.2
LOCAL = "demo_"
_EPOCH = np.datetime64("1970-01-01")
_SHARE = 10**8  # the unit of shares and plain numbers is 1e-8
_CENTS = 100  # in 元, so that money is in whole 元
_NOT_DRAWN = {FactType.TEXT, FactType.CODE, FactType.CHOICES}


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A figure as drawn: positions among the filers, and values in its unit."""

    at: Array
    values: Array


def put_measure_figures(block: Block, in_demo: Array) -> None:
    """Fill every column still empty for some filers; ``in_demo``: of every row.

    A part of what is drawn here stands where its whole does and never exceeds it.
    Figures of a year are those of the last two; a local fact is only asked where it
    belongs.
    """
    rows = block.accounts.rows[block.filers]
    drawn: dict[str, Drawn] = {}
    for column in [c for c in block.draft.columns.values() if _open(c, block)]:
        fact = column.fact
        whole = drawn.get(column.name.replace(fact.id, fact.part_of, 1))
        found = _part(block, whole) if whole else _figure(block, fact)
        if fact.id.startswith(LOCAL):
            here = in_demo[rows[found.at]]
            found = Drawn(found.at[here], found.values[here])
        block.draft.put(fact.id, rows[found.at], found.values, column.year)
        drawn[column.name] = found


def _open(column: Column, block: Block) -> bool:
    recent = range(block.on.year - min(2, YEARS), block.on.year)
    return (
        column.name not in block.draft.arrays
        and column.fact.type not in _NOT_DRAWN
        and (column.year is None or column.year in recent)
    )


def _part(block: Block, whole: Drawn) -> Drawn:
    share = block.random.random(len(whole.at))
    return Drawn(whole.at, np.floor(whole.values * share).astype(np.int64))


def _figure(block: Block, fact: Fact) -> Drawn:
    at = np.flatnonzero(block.some(KNOWN, len(block.filers)))
    many, random = len(at), block.random
    match fact.type:
        case FactType.BOOLEAN:
            values = block.some(YES, many)
        case FactType.CHOICE:
            values = random.integers(0, len(fact.choices), many)
        case FactType.DATE:
            today = (np.datetime64(block.on) - _EPOCH).astype(np.int64)
            values = today - random.integers(1, 5 * 365, many)
        case FactType.COUNT:
            values = random.poisson(np.exp(1.5 * np.abs(block.normal(many))))
        case FactType.RATIO:
            values = random.integers(0, 501, many) * (_SHARE // 1000)
        case FactType.NUMBER:
            values = random.integers(int(fact.least or 0), 6, many) * _SHARE
        case _:
            revenue = block.accounts.revenue[0][block.filers][at]
            values = np.rint(revenue * 0.2 * random.random(many)).astype(np.int64)
            values *= _CENTS
    return Drawn(at, values)
