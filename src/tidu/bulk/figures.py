"""Fictional accounts as columns: money, staff, R&D; some exactly on a border."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tidu.bulk.accounts import YEARS, Accounts
from tidu.bulk.drafting import Draft
from tidu.bulk.yearbook import industries

Array = npt.NDArray[Any]

EVEN = 0.06  # of firms write whole 万元, and a third of these stand exactly on a border
ON_BORDER = 0.35
_WAN = 1_000_000  # cents in 万元
REVENUE_BORDERS = np.array([300, 1000, 1500, 2000, 5000, 10_000, 40_000]) * _WAN
LARGE = 1.3  # of a standard normal size
NEAR = 0.05  # a revenue this close to a border is moved onto it
DEBT_BORDERS = (75, 80)  # percent
SHARE_BORDERS = (70, 80, 90)
RND_BORDERS = (3, 5)
TECHNICAL = ("I64", "I65", "M73", "M74", "M75")  # services that do R&D
RND_HEAVY = {"C27": 1.6, "C35": 1.4, "C37": 1.3, "C39": 1.7, "C40": 1.8}
RND_HEAVY |= {"I65": 2.6, "M73": 3.0, "M75": 1.8, "I64": 2.0}


@dataclasses.dataclass(frozen=True)
class Block:
    """What every part of a fictional firm is drawn from.

    ``first`` is the number of the block's first firm, ``on`` the day of the table.
    ``filers`` are positions among the firms with accounts: those who file for titles.
    """

    accounts: Accounts
    draft: Draft
    random: np.random.Generator
    on: datetime.date
    first: int
    filers: Array
    rank: Array  # standard normal: how far up the ladder a firm with accounts stands

    @property
    def firms(self) -> int:
        """How many firms have accounts."""
        return len(self.accounts.rows)

    def some(self, share: float | Array, many: int | None = None) -> Array:
        """True for this share of the firms with accounts (or of ``many``)."""
        size = self.firms if many is None else many
        drawn: Array = self.random.random(size, dtype=np.float32) < share
        return drawn

    def normal(self, many: int | None = None) -> Array:
        """Standard normal numbers, one per firm with accounts (or ``many``)."""
        size = self.firms if many is None else many
        return self.random.standard_normal(size, dtype=np.float32).astype(float)

    def put_year(self, fact: str, t: int, values: Array, keep: Array) -> None:
        """Fill a yearly column of y(t+1) for the firms with accounts in ``keep``."""
        keep = keep & self.accounts.known[t]
        rows = self.accounts.rows[keep]
        self.draft.put(fact, rows, values[keep], self.on.year - 1 - t)


@dataclasses.dataclass(frozen=True)
class Traits:
    """What is true of a firm in every year: (firms,) each."""

    even: Array
    border: Array
    talkative: Array  # how likely it knows a figure that not everybody has
    does_rnd: Array


def is_technical() -> Array:
    """Which industries file for titles: manufacturing and technical services."""
    return np.array([e.code[0] == "C" or e.code in TECHNICAL for e in industries()])


def put_figures(block: Block) -> None:
    """Fill every column of the accounts."""
    a = block.accounts
    at = a.of_industry
    even = block.some(EVEN)
    filer = np.zeros(block.firms, dtype=bool)
    filer[block.filers] = True
    talkative = np.where(filer, 0.97, np.where(a.size > 0, 0.6, 0.25))
    eager = a.quality + block.normal() > -0.2  # noqa: PLR2004 - about half of them
    traits = Traits(
        even=even,
        # Never the largest: their figures decide the means of small industries.
        border=even & block.some(ON_BORDER) & (a.size < LARGE),
        talkative=talkative,
        does_rnd=is_technical()[at] & (eager | filer),
    )
    heavy = np.array([RND_HEAVY.get(e.code, 1.0) for e in industries()])[at]
    share = -3.9 + 0.5 * a.quality + 0.4 * block.normal()
    intensity = np.exp(share) * heavy * np.where(filer, 1.5, 1.0)
    main = np.clip(1 - 0.12 * np.abs(block.normal()), 0.3, 1)
    pick = block.random.integers(0, 6, block.firms)
    for t in range(YEARS):
        revenue = _revenue(block, traits, t)
        _put_balance(block, traits, t, pick)
        _put_income(block, traits, t, revenue, main, pick)
        spent = _rnd(block, traits, revenue, intensity, pick)
        _put_rnd(block, traits, t, revenue, spent)
        _put_staff(block, traits, t)


def _cents(amounts: Array) -> Array:
    found: Array = np.rint(amounts * 100).astype(np.int64)
    return found


def _whole(cents: Array, even: Array) -> Array:
    """Whole 万元 for those who write them, at least one."""
    rounded = np.maximum(np.rint(cents / _WAN).astype(np.int64), 1) * _WAN
    found: Array = np.where(even, rounded, cents)
    return found


def _percent_of(cents: Array, percents: tuple[int, ...], pick: Array) -> Array:
    """Exactly so many percent; exact because ``cents`` are whole 万元."""
    chosen = np.array(percents)[pick % len(percents)]
    found: Array = cents // 100 * chosen
    return found


def _revenue(block: Block, traits: Traits, t: int) -> Array:
    cents = _whole(_cents(block.accounts.revenue[t]), traits.even)
    after = np.searchsorted(REVENUE_BORDERS, cents).clip(1, len(REVENUE_BORDERS) - 1)
    below, above = REVENUE_BORDERS[after - 1], REVENUE_BORDERS[after]
    nearest = np.where(cents - below < above - cents, below, above)
    near = traits.even & (np.abs(cents - nearest) < NEAR * nearest)
    cents = np.where(near, nearest, cents)
    block.put_year("revenue", t, cents, np.ones(block.firms, dtype=bool))
    return cents


def _put_balance(block: Block, traits: Traits, t: int, pick: Array) -> None:
    """Assets, and liabilities: those of the yearbook's firms are all known."""
    everyone = np.ones(block.firms, dtype=bool)
    a = block.accounts
    assets = _whole(_cents(a.assets[t]), traits.even)
    exact = _percent_of(assets, DEBT_BORDERS, pick)
    liabilities = _cents(a.liabilities[t])
    near = np.abs(exact - liabilities) < 0.1 * liabilities
    liabilities = np.where(traits.border & near, exact, liabilities)
    counted = np.array([each.counted for each in industries()])[a.of_industry]
    block.put_year("total_assets", t, assets, everyone)
    block.put_year("total_liabilities", t, liabilities, counted | block.some(0.9))


def _put_income(
    block: Block, traits: Traits, t: int, revenue: Array, main: Array, pick: Array
) -> None:
    everyone = np.ones(block.firms, dtype=bool)
    margin = block.accounts.margin[t]
    profit = np.rint(revenue * margin).astype(np.int64)
    cost = np.rint(revenue * np.maximum(1 - 1.15 * margin, 0.02)).astype(np.int64)
    block.put_year("net_profit", t, profit, everyone)
    block.put_year("cost_expense", t, cost, block.some(traits.talkative))
    exact = _percent_of(revenue, SHARE_BORDERS, pick)
    chief = np.where(traits.border, exact, np.rint(revenue * main).astype(np.int64))
    block.put_year("main_revenue", t, chief, block.some(traits.talkative))
    lead = np.rint(chief * np.clip(0.75 + 0.2 * block.normal(), 0.1, 1))
    told = block.some(np.where(traits.talkative > 0.9, 0.95, 0.05))  # noqa: PLR2004
    block.put_year("lead_product_revenue", t, lead.astype(np.int64), told)


def _rnd(
    block: Block, traits: Traits, revenue: Array, intensity: Array, pick: Array
) -> Array:
    """R&D expense in cents; some exactly 3 % or 5 % of revenue."""
    share = np.clip(intensity * np.exp(0.12 * block.normal()), 0, 0.6)
    spent = np.rint(revenue * share).astype(np.int64)
    exact = _percent_of(revenue, RND_BORDERS, pick)
    spent = np.where(traits.border, exact, spent)
    return np.where(traits.does_rnd, spent, 0)


def _put_rnd(
    block: Block, traits: Traits, t: int, revenue: Array, spent: Array
) -> None:
    told = block.some(traits.talkative)
    block.put_year("rnd_expense", t, spent, told)
    more = traits.does_rnd & told
    deducted = np.rint(spent * (1 - 0.12 * np.abs(block.normal())).clip(0.3, 1))
    block.put_year(
        "rnd_expense_deduction", t, deducted.astype(np.int64), more & block.some(0.6)
    )
    certified = more & block.some(0.35)
    audited = np.rint(spent * np.clip(1 + 0.06 * block.normal(), 0.6, 1.3))
    audited = audited.astype(np.int64)
    block.put_year("rnd_expense_hightech", t, audited, certified)
    home = np.where(block.some(0.8), audited, audited // 10 * 9)
    block.put_year("rnd_expense_domestic", t, home, certified)
    sold = np.rint(revenue * np.clip(0.68 + 0.15 * block.normal(), 0, 1))
    block.put_year("hightech_revenue", t, sold.astype(np.int64), certified)


def _put_staff(block: Block, traits: Traits, t: int) -> None:
    a = block.accounts
    heads = np.maximum(np.rint(a.employees[t]), 1).astype(np.int64)
    block.put_year("employees", t, heads, np.ones(block.firms, dtype=bool))
    told = block.some(traits.talkative)
    total = np.rint(heads * np.clip(1 + 0.02 * block.normal(), 0.8, 1.2))
    total = np.maximum(total, 1).astype(np.int64)
    block.put_year("staff_total", t, total, told)
    share = 0.07 + 0.05 * a.quality + 0.06 * block.normal()
    rnd = np.rint(heads * np.clip(share, 0.01, 0.8)).astype(np.int64)
    rnd = np.where(traits.does_rnd, rnd, 0)
    block.put_year("rnd_staff", t, rnd, told)
    technical = np.minimum(heads, np.rint(rnd * 1.3).astype(np.int64))
    block.put_year("sci_tech_staff", t, technical, told & block.some(0.8))
