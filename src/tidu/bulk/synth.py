"""A fictional population: firms that do not exist, as many as wanted.

Names say 虚构企业, codes carry division 990000, districts are PP99xx, the manifest says
``fictional``. See docs/explanation/synthetic-population.md for every assumption.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tidu.bulk import profiles
from tidu.bulk.accounts import (
    BLOCK,
    Scale,
    Totals,
    draw_accounts,
    scale_of,
    scaled,
    stream,
    totals_of,
)
from tidu.bulk.columns import Column, columns_for
from tidu.bulk.drafting import Draft, draft_type
from tidu.bulk.figures import Block, is_technical, put_figures
from tidu.bulk.manifest import (
    SYNTHETIC,
    Manifest,
    SnapshotError,
    Source,
    new_manifest,
)
from tidu.bulk.measure_figures import put_measure_figures
from tidu.bulk.storing import write_table
from tidu.bulk.yearbook import DATA, industries, rows_of
from tidu.rules.language import N_
from tidu.rules.library import Library

Progress = Callable[[int, int], None]
Array = npt.NDArray[Any]
T = TypeVar("T")

FILERS = 1.0  # rank from which a firm files for titles: about one in six of the able
BLOCKS_PER_GROUP = 4
_TABLES = ("yearbook.csv", "other_industries.csv", "provinces.csv")


@dataclasses.dataclass(frozen=True)
class Population:
    """What is to be made: how many firms, from which seed, as of which day."""

    rows: int
    seed: int
    on: datetime.date
    library: Library

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        if not 1 <= self.rows < profiles.MOST_FIRMS:
            raise SnapshotError(
                N_("--rows {rows} 超出范围；请写1到{most}之间的数"),
                rows=self.rows,
                most=profiles.MOST_FIRMS - 1,
            )

    @functools.cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column, for the current year and the four years before."""
        years = range(self.on.year - 4, self.on.year + 1)
        return columns_for(self.library.facts, years)

    @functools.cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @functools.cached_property
    def schema(self) -> pa.Schema:
        """The schema blocks are drafted in."""
        return pa.schema([(c.name, draft_type(c)) for c in self.columns])

    @property
    def blocks(self) -> int:
        """How many blocks there are; the last one may be short."""
        return -(-self.rows // BLOCK)

    def size_of(self, block: int) -> int:
        """How many firms a block has."""
        return min(BLOCK, self.rows - block * BLOCK)

    @functools.cached_property
    def classes(self) -> tuple[list[str], Array, Array]:
        """Industry classes; per industry the first of its classes and their number."""
        path = self.library.national.folder / "lists/gbt4754_2017.csv"
        codes = [line.split(",")[0] for line in path.read_text("utf-8").splitlines()]
        known = [[c for c in codes if _is_class(c, i.code)] for i in industries()]
        counts = np.array([len(each) for each in known])
        return (
            [code for each in known for code in each],
            np.concatenate([[0], np.cumsum(counts)[:-1]]),
            counts,
        )


def _is_class(code: str, industry: str) -> bool:
    return code.startswith(industry) and len(code) == len("C3451")


def write_population(
    path: Path,
    population: Population,
    *,
    blocks_per_group: int = BLOCKS_PER_GROUP,
    progress: Progress | None = None,
) -> Manifest:
    """Write the population as a Parquet file with its manifest.

    ``progress`` is called with blocks done and to do. The firms are the same for any
    ``blocks_per_group``; memory grows with it.
    """
    manifest = new_manifest(
        SYNTHETIC,
        population.library.national,
        population.columns,
        sources=tuple(_source(name) for name in _TABLES),
        as_of=population.on,
        fictional=True,
        seed=population.seed,
    )
    tables = row_groups(population, blocks_per_group, progress)
    return write_table(path, population.schema, tables, manifest)


def row_groups(
    population: Population, blocks_per_group: int, progress: Progress | None = None
) -> Iterator[pa.Table]:
    """The population table by table, of so many blocks each."""
    steps = 2 * population.blocks
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, steps)

    totals = Totals.none()
    blocks, ahead = population.blocks, blocks_per_group + (os.cpu_count() or 1)
    for each in _in_order(blocks, ahead, lambda at: _totals(population, at)):
        totals.add(each)
        tick()
    scale = scale_of(totals, population.on.year - 1)
    waiting: list[pa.Table] = []
    for table in _in_order(blocks, ahead, lambda at: draw(population, scale, at)):
        waiting.append(table)
        tick()
        if len(waiting) == blocks_per_group:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _totals(population: Population, at: int) -> Totals:
    return totals_of(draw_accounts(population.seed, at, population.size_of(at)))


def _in_order(many: int, ahead: int, work: Callable[[int], T]) -> Iterator[T]:
    """Results in order, some of them worked out ahead: numpy lets threads run."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting: deque[Future[T]] = deque()
        for at in range(many):
            waiting.append(pool.submit(work, at))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def draw(population: Population, scale: Scale, at: int) -> pa.Table:
    """Draw one block of firms with every column."""
    size = population.size_of(at)
    accounts = scaled(draw_accounts(population.seed, at, size), scale)
    random = stream(population.seed, at, 1)
    draft = Draft(size, population.by_name)
    noise = random.standard_normal(len(accounts.rows), dtype=np.float32)
    rank = 0.75 * accounts.quality + 0.3 * accounts.size + 0.5 * noise
    able = is_technical()[accounts.of_industry]
    filers = np.flatnonzero(able & (rank > FILERS))
    block = Block(accounts, draft, random, population.on, at * BLOCK, filers, rank)
    codes, first, count = population.classes
    which = random.random(size) * count[accounts.industry]
    draft.put_coded("industry", first[accounts.industry] + which.astype(int), codes)
    places, ends, demo = _places()
    where = np.searchsorted(ends, random.random(size), side="right")
    profiles.put_identity(block, places, where)
    put_figures(block)
    profiles.put_titles(block)
    profiles.put_conduct(block)
    profiles.put_innovation(block)
    profiles.put_digital(block)
    profiles.put_demo_province(block, demo[where])
    put_measure_figures(block, demo[where])
    return draft.table(population.schema)


@functools.cache
def _places() -> tuple[list[str], Array, Array]:
    """Made-up districts, upper ends of their shares, which are of the demo province."""
    provinces = [(row["code"], float(row["share"])) for row in rows_of("provinces.csv")]
    districts = range(1, profiles.DISTRICTS + 1)
    places = [f"{code}99{each:02}" for code, _ in provinces for each in districts]
    ends = np.cumsum([share for _, share in provinces for _ in districts])
    demo = np.array([place.startswith(profiles.DEMO) for place in places])
    return places, ends / ends[-1], demo


def _source(name: str) -> Source:
    content = (DATA / name).read_bytes()
    return Source(name, hashlib.sha256(content).hexdigest(), len(rows_of(name)))
