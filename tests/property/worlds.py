"""Random facts of one enterprise, complete, and with some taken away."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from tests.property import trees
from tidu.rules.facts import Facts
from tidu.rules.scope import Interval, Scope

ON = datetime.date(2026, 6, 1)
YEARS = range(ON.year - 12, ON.year + 1)
WAN = 10_000

AMOUNTS = st.integers(-2, 30).map(lambda n: Decimal(n * WAN))
EVENTS = st.integers(0, 30).map(lambda n: Decimal(n * WAN))
SHARES = st.sampled_from(["0", "0.03", "0.333", "0.5", "1"]).map(Decimal)
SMALL = st.integers(0, 3)
GRADED_CODES = ("C39", "F51", "I65", "L71", "E47", "M", "K7020")
CODES = (*GRADED_CODES, "J66", "A05", "F", "K", "G59")


@st.composite
def complete_facts(draw, codes=GRADED_CODES) -> dict[str, object]:
    """Every fact a random tree reads, figures that fit together."""
    flat: dict[str, object] = {}
    for fact_id in trees.MONEY:
        flat |= {f"{fact_id}@{year}": draw(AMOUNTS) for year in YEARS}
    flat |= {f"new_equity@{year}": draw(EVENTS) for year in YEARS}
    flat |= {fact_id: draw(SMALL) for fact_id in trees.COUNTS}
    flat |= {fact_id: draw(SHARES) for fact_id in trees.RATIOS}
    flat |= {fact_id: draw(st.booleans()) for fact_id in trees.FLAGS}
    for fact_id in trees.CHOICES:
        ids = [each.id for each in trees.FACTS[fact_id].choices]
        flat[fact_id] = draw(st.sampled_from(ids))
    for part, whole in trees.PARTS:  # a part never exceeds its whole
        flat[part] = draw(st.integers(0, flat[whole]))
    for part, whole in trees.FLAG_PARTS:
        flat[whole] = draw(st.booleans())
        flat[part] = flat[whole] and draw(st.booleans())
    flat["dq06"] = frozenset(draw(st.sets(st.sampled_from(["none", "rules"]))))
    flat["market_position_reviewed"] = draw(st.booleans())
    flat["established_on"] = draw(
        st.dates(datetime.date(2015, 1, 1), datetime.date(2020, 12, 31))
    )
    flat["industry"] = draw(st.sampled_from(codes))
    flat |= {f"employees@{year}": draw(st.integers(0, 1200)) for year in YEARS}
    return flat


@st.composite
def incomplete_facts(draw, keep=(), codes=GRADED_CODES):
    """``(less, more, complete)``: each with some facts of the next taken away."""
    complete = draw(complete_facts(codes))
    more = draw(thinned(complete, keep))
    return draw(thinned(more, keep)), more, complete


def thinned(flat: Mapping[str, object], keep=()) -> st.SearchStrategy[dict]:
    keys = [key for key in flat if key not in keep]
    return st.sets(st.sampled_from(keys)).map(
        lambda gone: {key: value for key, value in flat.items() if key not in gone}
    )


def scope_of(flat: Mapping[str, object], card=()) -> Scope:
    return Scope(Facts.of(flat).values, ON, ON.year, card)


def contains(outer, inner) -> bool:
    """Whether all that a value may still be lies within the other."""
    low, high = outer if isinstance(outer, Interval) else (outer, outer)
    least, most = inner if isinstance(inner, Interval) else (inner, inner)
    return low <= least and most <= high
