"""Pages of a long list: never more is counted than anybody leafs through."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict

PER_PAGE = 50
MOST = 2_000  # rows counted and leafed through where a full count is slow


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list. ``more``: the list is longer than ``count``."""

    items: list[Any]
    number: int
    count: int
    more: bool
    previous: str
    following: str

    @property
    def first(self) -> int:
        return (self.number - 1) * PER_PAGE + 1 if self.items else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * PER_PAGE + len(self.items)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def leaf_through(
    rows: models.QuerySet[Any], asked: QueryDict, *, full: bool = True
) -> Leaf:
    """The page that ``?page=`` asks for; ``full``: everything is counted."""
    if full:
        count, more = rows.count(), False
    else:
        count = rows.order_by()[: MOST + 1].count()
        more, count = count > MOST, min(count, MOST)
    pages = max(1, -(-count // PER_PAGE))
    typed = asked.get("page", "1")
    number = min(pages, max(1, int(typed))) if typed.isdecimal() else 1
    start = (number - 1) * PER_PAGE
    return Leaf(
        items=list(rows[start : min(start + PER_PAGE, count)]) if count else [],
        number=number,
        count=count,
        more=more,
        previous=address(asked, page=str(number - 1)) if number > 1 else "",
        following=address(asked, page=str(number + 1)) if number < pages else "",
    )


def leaf_of(items: list[Any], asked: QueryDict) -> Leaf:
    """The page of a list that is worked out whole, not read row by row."""
    count = len(items)
    pages = max(1, -(-count // PER_PAGE))
    typed = asked.get("page", "1")
    number = min(pages, max(1, int(typed))) if typed.isdecimal() else 1
    return Leaf(
        items=items[(number - 1) * PER_PAGE : number * PER_PAGE],
        number=number,
        count=count,
        more=False,
        previous=address(asked, page=str(number - 1)) if number > 1 else "",
        following=address(asked, page=str(number + 1)) if number < pages else "",
    )


def address(asked: QueryDict, **changes: str) -> str:
    """The query of an address with other values; an empty one is taken out."""
    wanted = {**asked.dict(), **changes}
    return "?" + urlencode({name: text for name, text in wanted.items() if text})
