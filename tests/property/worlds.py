"""Random facts of one enterprise, complete, and with some taken away."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from tests.property import trees
from tidu.rules.facts import Facts
from tidu.rules.scope import Interval, Scope

ON = datetime.date(2026, 6, 1)
YEARS = range(ON.year - 12, ON.year + 1)
WAN = 10_000

AMOUNTS = [Decimal(n * WAN) for n in range(-2, 31)]
SHARES = [Decimal(text) for text in ("0", "0.03", "0.333", "0.5", "1")]
GRADED_CODES = ("C39", "F51", "I65", "L71", "E47", "M", "K7020")
CODES = (*GRADED_CODES, "J66", "A05", "F", "K", "G59")
SEEDS = st.integers(0, 2**48)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - figures, no secrets


def complete(random: Random, codes=GRADED_CODES) -> dict[str, object]:
    """Every fact a random tree reads, figures that fit together."""
    choice = random.choice
    flat: dict[str, object] = {}
    for fact_id in trees.MONEY:
        flat |= {f"{fact_id}@{year}": choice(AMOUNTS) for year in YEARS}
    flat |= {f"new_equity@{year}": abs(choice(AMOUNTS)) for year in YEARS}
    flat |= {fact_id: choice(range(4)) for fact_id in trees.COUNTS}
    flat |= {fact_id: choice(SHARES) for fact_id in trees.RATIOS}
    flat |= {fact_id: choice([True, False]) for fact_id in trees.FLAGS}
    for fact_id in trees.CHOICES:
        flat[fact_id] = choice(trees.FACTS[fact_id].choices).id
    for part, whole in trees.PARTS:  # a part never exceeds its whole
        flat[part] = choice(range(flat[whole] + 1))
    for part, whole in trees.FLAG_PARTS:
        flat[whole] = choice([True, False])
        flat[part] = flat[whole] and choice([True, False])
    flat["dq06"] = frozenset(choice([(), ("none",), ("rules",), ("rules", "none")]))
    flat["market_position_reviewed"] = choice([True, False])
    flat["established_on"] = ON - datetime.timedelta(days=choice(range(3000, 4000)))
    flat["industry"] = choice(codes)
    flat |= {f"employees@{year}": choice([0, 10, 300, 1200]) for year in YEARS}
    return flat


def thinned(random: Random, flat: Mapping[str, object], keep=()) -> dict[str, object]:
    """The facts without some of them; how many, is drawn as well."""
    share = random.random()
    return {
        key: value
        for key, value in flat.items()
        if key in keep or random.random() < share
    }


def _three_worlds(seed: int) -> tuple[dict[str, object], ...]:
    random = seeded(seed)
    full = complete(random)
    more = thinned(random, full, keep=("industry",))
    return thinned(random, more, keep=("industry",)), more, full


# (less, more, full): each with some facts of the next taken away; the industry stays
THREE_WORLDS = SEEDS.map(_three_worlds)


def scope_of(flat: Mapping[str, object], card=()) -> Scope:
    return Scope(Facts.of(flat).values, ON, ON.year, card)


def contains(outer, inner) -> bool:
    """Whether all that a value may still be lies within the other."""
    low, high = outer if isinstance(outer, Interval) else (outer, outer)
    least, most = inner if isinstance(inner, Interval) else (inner, inner)
    return low <= least and most <= high
