"""What firms of each industry are like: the statistical yearbook, and assumptions.

Industry (B, C, D) is table 13-2 of the China Statistical Yearbook, which counts firms
above the designated size only. Everything else is Tidu's own assumption. Both are in
``data``, with their sources.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).parent / "data"
INDUSTRY_SHARE = 0.20  # of all firms; an assumption
LEAST_SHARE = 0.0002  # of an industry, so that even small populations have some
_YI, _WAN = 1e8, 1e4


@dataclasses.dataclass(frozen=True, slots=True)
class Means:
    """Means per firm in one year: money in 元, heads; margin as a share of revenue."""

    revenue: float
    assets: float
    liabilities: float
    employees: float
    margin: float


@dataclasses.dataclass(frozen=True, slots=True)
class Industry:
    """One industry: GB/T 4754 code, share of all firms, means of each year known.

    ``counted``: from the yearbook; else assumed.
    """

    code: str
    share: float
    counted: bool
    means: Mapping[int, Means]


def rows_of(name: str) -> list[dict[str, str]]:
    """The lines of a table in ``data``, without the comments on top."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@functools.cache
def industries() -> tuple[Industry, ...]:
    """Every industry of the population, shares adding up to one."""
    counted = _counted()
    assumed = _assumed()
    inside = sum(each.share for each in counted)
    outside = sum(each.share for each in assumed)
    spread = [
        dataclasses.replace(
            each, share=max(LEAST_SHARE, INDUSTRY_SHARE * each.share / inside)
        )
        for each in counted
    ]
    rest = 1 - sum(each.share for each in spread)
    return (
        *spread,
        *(dataclasses.replace(e, share=rest * e.share / outside) for e in assumed),
    )


def means_in(industry: Industry, year: int) -> Means:
    """The means of a year; before the first one known the first, after it the last."""
    known = industry.means
    return known[min(max(year, min(known)), max(known))]


def _counted() -> list[Industry]:
    """The yearbook's industries; share is the number of firms in the last year."""
    by_code: dict[str, dict[int, dict[str, str]]] = {}
    for row in rows_of("yearbook.csv"):
        by_code.setdefault(row["code"], {})[int(row["year"])] = row
    return [
        Industry(
            code=code,
            share=float(years[max(years)]["enterprises"]),
            counted=True,
            means={year: _yearbook_means(row) for year, row in years.items()},
        )
        for code, years in by_code.items()
    ]


def _yearbook_means(row: Mapping[str, str]) -> Means:
    firms = float(row["enterprises"])
    return Means(
        revenue=float(row["revenue"]) * _YI / firms,
        assets=float(row["total_assets"]) * _YI / firms,
        liabilities=float(row["total_liabilities"]) * _YI / firms,
        employees=float(row["employees"]) * _WAN / firms,
        margin=float(row["total_profit"]) / float(row["revenue"]),
    )


def _assumed() -> list[Industry]:
    return [
        Industry(
            code=row["code"],
            share=float(row["share"]),
            counted=False,
            means={0: _assumed_means(row)},
        )
        for row in rows_of("other_industries.csv")
    ]


def _assumed_means(row: Mapping[str, str]) -> Means:
    assets = float(row["total_assets"]) * _WAN
    return Means(
        revenue=float(row["revenue"]) * _WAN,
        assets=assets,
        liabilities=float(row["debt"]) * assets,
        employees=float(row["employees"]),
        margin=float(row["margin"]),
    )
