"""Random firms over every fact of the library, many of them on a border."""

import datetime
import functools
from decimal import Decimal
from random import Random

from tests.property import worlds
from tidu.bulk.columns import columns_for
from tidu.rules import nodes
from tidu.rules.facts import Fact, Facts, FactType
from tidu.rules.library import default_library

LIBRARY = default_library()
ON = worlds.ON
YEARS = range(ON.year - 4, ON.year + 1)
COLUMNS = columns_for(LIBRARY.facts, YEARS)
ODDS = (0.0, 0.0, 0.1, 0.4, 0.9)  # of a fact being unknown, by firm
CODES = (
    "C3912",
    "3912",
    "F51",
    "F5199",
    "K7010",
    "K70",
    "A05",
    "A",
    "X1",
    "",
    "3",
    "q84",
)
CENT = Decimal("0.01")


@functools.cache
def borders() -> dict[FactType, list[Decimal]]:
    """Every constant of every rule set, and its neighbours."""
    found: dict[FactType, set[Decimal]] = {kind: set() for kind in FactType}
    for rule_set in LIBRARY.national.rule_sets():
        for node in (n for tree in rule_set.trees for n in nodes.walk(tree)):
            if isinstance(node, nodes.Number):
                kind = {
                    "元": FactType.MONEY,
                    "美元": FactType.MONEY,
                    "%": FactType.RATIO,
                }
                found[kind.get(node.unit, FactType.COUNT)].add(node.value)
    return {kind: sorted(values) for kind, values in found.items()}


def value(fact: Fact, random: Random) -> object:
    """A value of a fact, on or near a border half of the time."""
    near = borders()
    match fact.type:
        case FactType.BOOLEAN:
            return random.random() < 0.5
        case FactType.CHOICE:
            return random.choice(fact.choices).id
        case FactType.CHOICES:
            ids = [each.id for each in fact.choices]
            return frozenset(random.sample(ids, random.randint(0, len(ids))))
        case FactType.DATE:
            years = random.choice([0, 1, 2, 3, 10, 15])
            day = ON.replace(year=ON.year - years)
            return day + datetime.timedelta(days=random.choice([-400, -1, 0, 1, 400]))
        case FactType.CODE:
            return random.choice(CODES if fact.id == "industry" else ("990101", "11"))
        case FactType.TEXT:
            return fact.id
        case FactType.MONEY:
            if random.random() < 0.5:
                on = random.choice(near[FactType.MONEY])
                return on + random.choice([-CENT, Decimal(0), CENT])
            return Decimal(random.randint(0, 10**12)) / 100
        case FactType.RATIO:
            on = random.choice(near[FactType.RATIO])
            return on + random.choice([0, 0, 1, -1]) * Decimal("0.00000001")
        case FactType.COUNT:
            if random.random() < 0.5:
                return max(
                    0, int(random.choice(near[FactType.COUNT])) + random.randint(-1, 1)
                )
            return random.randint(0, 2000)
    return Decimal(random.randint(0, 40)) / 2


def firm(random: Random, number: int) -> Facts:
    """A firm; the odds that a fact is unknown differ from firm to firm."""
    odds = random.choice(ODDS)
    flat = {
        column.key: value(column.fact, random)
        for column in COLUMNS
        if random.random() >= odds
    }
    if random.random() < 0.5:  # a plausible firm: money in proportion
        for year in YEARS:
            base = Decimal(random.choice([10**7, 15 * 10**6, 5 * 10**7, 3 * 10**8]))
            shares = {
                "main_revenue": "0.8",
                "rnd_expense": "0.03",
                "total_assets": "1.5",
            }
            shares |= {"total_liabilities": "0.9", "lead_product_revenue": "0.5"}
            flat[f"revenue@{year}"] = base
            for fact_id, share in shares.items():
                jitter = random.choice([-CENT, Decimal(0), CENT])
                flat[f"{fact_id}@{year}"] = base * Decimal(share) + jitter
    flat["uscc"] = f"{number:018d}"
    return Facts.of({k: v for k, v in flat.items() if k in KEYS})


KEYS = {column.key for column in COLUMNS}
