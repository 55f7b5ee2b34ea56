"""Which columns a table of enterprises has, and what each of them holds.

One row per firm, table ``enterprises``. A column is a fact id, for a yearly fact
``id_YYYY``; NULL is unknown. Money is DECIMAL(18,2) in 元 (``valuation_usd`` in 美元),
ratios and numbers DECIMAL(18,8) (a ratio is a share of one), counts BIGINT, booleans
BOOLEAN, dates DATE; text, codes and choices VARCHAR. A multiple choice is its option
ids in the dictionary's order, joined by ``;``; an empty text is "none of them".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from tidu.rules.facts import Fact, FactDictionary, FactType

TABLE = "enterprises"
SEPARATOR = ";"  # between the options of a multiple choice
MONEY_PLACES = 2
SHARE_PLACES = 8

SQL_TYPES = {
    FactType.TEXT: "VARCHAR",
    FactType.CODE: "VARCHAR",
    FactType.CHOICE: "VARCHAR",
    FactType.CHOICES: "VARCHAR",
    FactType.DATE: "DATE",
    FactType.BOOLEAN: "BOOLEAN",
    FactType.COUNT: "BIGINT",
    FactType.MONEY: f"DECIMAL(18,{MONEY_PLACES})",
    FactType.RATIO: f"DECIMAL(18,{SHARE_PLACES})",
    FactType.NUMBER: f"DECIMAL(18,{SHARE_PLACES})",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column: a fact, and its year if it is yearly."""

    fact: Fact
    year: int | None = None

    @property
    def name(self) -> str:
        """``uscc``, ``revenue_2025``."""
        return column_name(self.fact.id, self.year)

    @property
    def key(self) -> str:
        """``uscc``, ``revenue@2025``: how findings and files name it."""
        return self.fact.id if self.year is None else f"{self.fact.id}@{self.year}"

    @property
    def sql_type(self) -> str:
        """Its type as the contract writes it: ``DECIMAL(18,2)``, ``BIGINT`` …"""
        return SQL_TYPES[self.fact.type]

    @property
    def unit(self) -> str:
        """What one stands for: 元, 美元, 1 (a share, a count, a number) or nothing."""
        if self.fact.type is FactType.MONEY:
            return "美元" if self.fact.dollars else "元"
        return "1" if self.fact.type in _COUNTED else ""


_COUNTED = {FactType.COUNT, FactType.RATIO, FactType.NUMBER}


def column_name(fact_id: str, year: int | None = None) -> str:
    """``revenue``, 2025 → ``revenue_2025``; without a year the id itself."""
    return fact_id if year is None else f"{fact_id}_{year}"


def columns_for(facts: FactDictionary, years: Iterable[int]) -> tuple[Column, ...]:
    """Every column of a table with these accounting years, in the dictionary's order.

    ``uscc`` comes first; a yearly fact has one column per year, latest first.
    """
    latest_first = sorted(set(years), reverse=True)
    found = [
        Column(fact, year)
        for fact in facts.values()
        for year in (latest_first if fact.yearly else [None])
    ]
    return tuple(sorted(found, key=lambda column: column.fact.id != "uscc"))
