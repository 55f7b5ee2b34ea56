"""The red-team set of a seed: 2,000 made-up applications, 80 of them forged."""

import functools
import random

from tests.redteam import firms
from tests.redteam.firms import REVENUE_BAR, RND_BAR, Firm, dice_of
from tests.redteam.forging import forgeries
from tests.redteam.honest import situations
from tidu.casework.integrity.applications import FiledDocument
from tidu.casework.integrity.auditors import Bar

# Thresholds were set on the one, the table is from the other.
TUNING, TABLE = "tuning", "published"
SIZE, FORGED = 2_000, 80
BARS = (Bar("revenue", REVENUE_BAR), Bar("rnd_expense", RND_BAR))


@functools.cache
def red_team(seed: str, first: int = 0) -> tuple[Firm, ...]:
    """All firms of the set by case, numbered from ``first``."""
    dice = dice_of(seed)
    numbers = list(range(first, first + SIZE))
    dice.shuffle(numbers)  # a case number gives nothing away

    def new(own: random.Random) -> Firm:
        return firms.firm(own, numbers.pop())

    odd = situations(dice_of(f"{seed}/honest"), new)
    forger = dice_of(f"{seed}/forged")
    plain = dice_of(f"{seed}/ordinary")
    ordinary = [new(plain) for _ in range(SIZE - len(odd) - FORGED)]
    made = forgeries(forger, new, ordinary)
    found = sorted((*odd, *ordinary, *made), key=lambda each: each.case)
    _common_papers(dice, found)
    return tuple(found)


def _common_papers(dice: random.Random, found: list[Firm]) -> None:
    """A public form that was confirmed as one, and a wide one that nobody looked at."""
    confirmed = FiledDocument("f" * 64, "公开的承诺书样式", public=True)
    unconfirmed = FiledDocument("e" * 64, "行业标准节选")
    for each in found:
        if dice.random() < 0.5:
            each.documents.append(confirmed)
        if dice.random() < 0.1:
            each.documents.append(unconfirmed)
