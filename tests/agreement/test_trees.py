"""Generated rule trees mean the same in Python and on every engine.

The same trees every time in CI; TIDU_AGREEMENT_TREES and TIDU_AGREEMENT_SEED search on.
"""

import functools
import os

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.agreement import firms, tables
from tests.property import trees, worlds
from tidu.bulk import conditions, gaps, writing
from tidu.bulk.amounts import NotExactError
from tidu.bulk.sql import dialect_named, translator_for
from tidu.rules.evaluate import condition
from tidu.rules.missing import missing
from tidu.rules.outcomes import UNKNOWN
from tidu.rules.parse import parse_condition
from tidu.rules.scope import Scope

TREES = int(os.environ.get("TIDU_AGREEMENT_TREES", "150"))
SEED = int(os.environ.get("TIDU_AGREEMENT_SEED", "1"))
AT_ONCE = 10  # trees in one query; more only make the text long


@functools.cache
def random_trees():
    found = []

    @hypothesis.seed(SEED)
    @settings(
        max_examples=TREES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(trees.conditions())
    def draw(node):
        found.append(node)

    draw()
    return list(dict.fromkeys(found))


def translated(batch, engine):
    """One query over the random firms, and the trees it could be built for."""
    names = {column.name for column in tables.COLUMNS}
    to = translator_for(
        firms.LIBRARY, worlds.ON, dialect_named(engine), available=names
    )
    columns = {"uscc": to.column("uscc", None)}
    kept = []
    for at, node in enumerate(batch):
        try:
            found = to.condition(node)
        except NotExactError:
            continue
        found = conditions.named(to, found, f"found_{at}", always=True)
        columns[f"outcome_{at}"] = conditions.outcome_text(found)
        unknown = conditions.is_unknown(found)
        columns[f"missing_{at}"] = gaps.missing_text(to, node, unknown, ())
        kept.append((at, node))
    select = to.steps.select(columns, writing.table("enterprises"))
    return select.sql(dialect=engine), kept


# What random trees seldom reach.
CORNERS = (
    "age_days(established_on) >= '5000天'",
    "age_days(established_on) < '5000天'",
    "age_years(established_on) > '5000年'",
    "age_years(established_on) <= '9年'",
    "age_years(established_on) == '9年'",
    "age_years(established_on) != '10年'",
    "age_days(established_on) > '3650天' and age_days(established_on) <= '3652天'",
    "at_least(1, where_given(listed), where_given(own_brand))",
    "at_least(2, where_given(listed), own_brand, manual(), revenue >= '1万元')",
    "where_given(listed) or where_given(own_brand)",
    "where_given(listed) if own_brand else where_given(abnormal_list)",
    "own_brand if where_given(listed) else not own_brand",
    "where_given(listed) and reviewed(market_position_reviewed)",
    "not (where_given(listed) and manual())",
    "part(class1_ip_in_use, class1_ip) == 1 or part(class1_ip_own, class1_ip) != 1",
    "sum_years(3, new_equity) == '1万元' or sum_years(2, new_equity) <= '1万元'",
    "mean_growth(2, revenue) >= '8%' or mean_growth(1, revenue) < '0%'",
    "compound_growth(3, revenue) > '33.3%'",
    "ratio(sum_years(2, rnd_expense), sum_years(2, revenue)) >= '3%'",
    "grade(sme_size, revenue) >= 2 or grade(sme_size, total_assets) == 3",
    "each_year(3, net_profit > 0 or revenue >= '5万元')",
    "ever(grade(sme_size) >= 2 and new_equity > 0)",
)


def test_random_trees_agree_with_the_reference(engine, run, random_firms):
    drawn = random_trees()
    compared, exact = compare(drawn, engine, run, random_firms)
    assert exact > 0.9 * len(drawn) > 50  # few are too wide for 38 digits
    assert compared == exact * len(random_firms)


def test_corners_agree_with_the_reference(engine, run, random_firms):
    drawn = [parse_condition(text, trees.NAMES) for text in CORNERS]
    compared, exact = compare(drawn, engine, run, random_firms)
    assert exact == len(CORNERS)
    assert compared == exact * len(random_firms)


def test_a_condition_too_wide_for_an_engine_is_refused(engine):
    wide = parse_condition("mean_growth(3, revenue) >= '10%'", trees.NAMES)
    _, kept = translated([wide], engine)
    assert bool(kept) is (engine in {"postgres", "clickhouse"})


def compare(drawn, engine, run, random_firms):
    """Compare every tree on every firm; how many answers, of how many trees."""
    compared = exact = 0
    for start in range(0, len(drawn), AT_ONCE):
        sql, kept = translated(drawn[start : start + AT_ONCE], engine)
        exact += len(kept)
        compared += agree(kept, run("trees", sql), random_firms)
    return compared, exact


def agree(kept, rows, random_firms):
    """Compare the rows of one query; how many answers were the reference's."""
    compared = 0
    for row in rows:
        values = random_firms[int(row["uscc"])].values
        for at, node in kept:
            scope = Scope(values, worlds.ON, worlds.ON.year)
            outcome = condition(node)(scope)
            lacking = missing(node, scope) if outcome is UNKNOWN else []
            said = row[f"missing_{at}"] or ""
            assert (node, row[f"outcome_{at}"]) == (node, outcome.value)
            assert (node, set(filter(None, said.split(";")))) == (node, set(lacking))
            compared += 1
    return compared
