"""Fictional accounts: industry, size, four years of figures with the yearbook's means.

Firms are drawn in blocks of a fixed size, each from its own stream of random numbers,
so that the same seed gives the same firms however the work is cut. A first pass over
all blocks adds up what was drawn; the second scales it, industry by industry and year
by year, to the means of :mod:`tidu.bulk.yearbook`.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from tidu.bulk.yearbook import industries, means_in

BLOCK = 65_536
YEARS = 4  # of accounts: y1 … y4
SIZE_SPREAD = 1.6  # sigma of log revenue within an industry
# Share of firms known by their registration only: the yearbook's industries, others.
REGISTER_ONLY = (0.30, 0.55)
YOUNG = 0.08  # of firms with accounts have fewer than four years of them

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Accounts:
    """The firms of one block; figures only for the ``rows`` that have accounts.

    Shapes: ``industry`` (block,); ``rows``, ``quality``, ``size``, ``history``
    (firms,); figures (years, firms) in 元, heads, share of revenue. ``history`` is the
    number of years on file, ``quality`` and ``size`` are standard normal.
    """

    industry: Places
    rows: Places
    quality: Floats
    size: Floats
    history: Places
    revenue: Floats
    assets: Floats
    liabilities: Floats
    employees: Floats
    margin: Floats

    @property
    def of_industry(self) -> Places:
        """The industry of each firm with accounts."""
        return self.industry[self.rows]

    @functools.cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Whether a year is on file: (years, firms)."""
        return self.history > np.arange(YEARS)[:, None]


@dataclasses.dataclass(frozen=True)
class Scale:
    """What turns drawn figures into final ones: (industries, years) each.

    Money and heads are multiplied, margins shifted.
    """

    revenue: Floats
    assets: Floats
    liabilities: Floats
    employees: Floats
    margin: Floats


def stream(seed: int, block: int, part: int) -> np.random.Generator:
    """The random numbers of one part of one block."""
    key = np.random.SeedSequence(seed, spawn_key=(block, part))
    return np.random.Generator(np.random.SFC64(key))


@functools.cache
def _table() -> tuple[Floats, Floats]:
    """Upper ends of the industries' shares, and their shares without accounts."""
    known = industries()
    ends = np.cumsum([each.share for each in known])
    silent = [REGISTER_ONLY[0 if each.counted else 1] for each in known]
    return ends / ends[-1], np.array(silent)


def draw_accounts(seed: int, block: int, firms: int) -> Accounts:
    """Draw block number ``block``, cut to its first ``firms`` rows; not yet scaled."""
    random = stream(seed, block, 0)
    ends, silent = _table()
    industry = np.searchsorted(ends, random.random(BLOCK), side="right")
    rows = np.flatnonzero(random.random(BLOCK) >= silent[industry])
    many = len(rows)

    def normal(*shape: int) -> Floats:
        return random.standard_normal((*shape, many), dtype=np.float32).astype(float)

    quality = normal()
    size = np.clip(0.96 * normal() + 0.28 * quality, -4, 4)
    old = random.random(many)
    history = np.where(old < YOUNG, 1 + (old * (3 / YOUNG)).astype(np.int64), YEARS)
    revenue = SIZE_SPREAD * size + _back(0.05 + 0.04 * quality, 0.16 * normal(3))
    assets = 0.9 * SIZE_SPREAD * size + 0.5 * normal()
    assets = assets + _back(0.05 + 0.02 * quality, 0.08 * normal(3))
    owed = assets - 0.05 * quality + 0.3 * normal() + 0.04 * normal(YEARS)
    heads = 0.72 * SIZE_SPREAD * size + 0.4 * normal()
    heads = heads + _back(0.02 + 0.02 * quality, 0.07 * normal(3))
    margin = 0.012 * quality + 0.05 * normal() + 0.025 * normal(YEARS)
    cut = int(np.searchsorted(rows, firms))
    return Accounts(
        industry=industry[:firms],
        rows=rows[:cut],
        quality=quality[:cut],
        size=size[:cut],
        history=history[:cut],
        revenue=np.exp(revenue[:, :cut]),
        assets=np.exp(assets[:, :cut]),
        liabilities=np.exp(owed[:, :cut]),
        employees=np.exp(heads[:, :cut]),
        margin=np.clip(margin[:, :cut], -0.6, 0.6),
    )


def _back(growth: Floats, noise: Floats) -> Floats:
    """Logarithms of y1 … y4 relative to y1, from yearly growth: (years, firms)."""
    steps = np.cumsum(growth + noise, axis=0)
    return np.concatenate([np.zeros((1, steps.shape[1])), -steps])


@dataclasses.dataclass
class Totals:
    """What the first pass adds up: (industries, years) each."""

    firms: Floats
    revenue: Floats
    assets: Floats
    liabilities: Floats
    employees: Floats
    profit: Floats

    @staticmethod
    def none() -> Totals:
        """Nothing added up yet."""
        shape = (len(industries()), YEARS)
        return Totals(*(np.zeros(shape) for _ in dataclasses.fields(Totals)))

    def add(self, other: Totals) -> None:
        """Add the totals of one more block."""
        for field in dataclasses.fields(Totals):
            mine = getattr(self, field.name)
            mine += getattr(other, field.name)


def totals_of(block: Accounts) -> Totals:
    """Add up one block as it was drawn."""
    at, many = block.of_industry, len(industries())

    def by_industry(figures: npt.NDArray[Any]) -> Floats:
        known = np.where(block.known, figures, 0)
        sums = [np.bincount(at, weights=year, minlength=many) for year in known]
        return np.stack(sums, axis=1)

    return Totals(
        firms=by_industry(block.known),
        revenue=by_industry(block.revenue),
        assets=by_industry(block.assets),
        liabilities=by_industry(block.liabilities),
        employees=by_industry(block.employees),
        profit=by_industry(block.revenue * block.margin),
    )


def scale_of(totals: Totals, latest: int) -> Scale:
    """What brings the drawn means to the yearbook's; ``latest`` is the year y1."""
    known = industries()

    def target(name: str) -> Floats:
        return np.array(
            [
                [getattr(means_in(each, latest - t), name) for t in range(YEARS)]
                for each in known
            ]
        )

    firms = totals.firms

    def ratio(name: str, total: Floats) -> Floats:
        return np.divide(
            target(name) * firms, total, out=np.ones_like(total), where=total > 0
        )

    drawn = np.divide(
        totals.profit,
        totals.revenue,
        out=np.zeros_like(totals.profit),
        where=totals.revenue > 0,
    )
    return Scale(
        revenue=ratio("revenue", totals.revenue),
        assets=ratio("assets", totals.assets),
        liabilities=ratio("liabilities", totals.liabilities),
        employees=ratio("employees", totals.employees),
        margin=target("margin") - drawn,
    )


def scaled(block: Accounts, scale: Scale) -> Accounts:
    """The block with its final figures."""
    at = block.of_industry
    return dataclasses.replace(
        block,
        revenue=block.revenue * scale.revenue[at].T,
        assets=block.assets * scale.assets[at].T,
        liabilities=block.liabilities * scale.liabilities[at].T,
        employees=block.employees * scale.employees[at].T,
        margin=block.margin + scale.margin[at].T,
    )
