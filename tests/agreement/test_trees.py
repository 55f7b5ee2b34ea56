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


def test_random_trees_agree_with_the_reference(engine, run, random_firms):
    drawn = random_trees()
    compared = exact = 0
    for start in range(0, len(drawn), AT_ONCE):
        sql, kept = translated(drawn[start : start + AT_ONCE], engine)
        exact += len(kept)
        for row in run("trees", sql):
            values = random_firms[int(row["uscc"])].values
            for at, node in kept:
                scope = Scope(values, worlds.ON, worlds.ON.year)
                outcome = condition(node)(scope)
                lacking = missing(node, scope) if outcome is UNKNOWN else []
                said = row[f"missing_{at}"] or ""
                assert (node, row[f"outcome_{at}"]) == (node, outcome.value)
                assert (node, set(filter(None, said.split(";")))) == (
                    node,
                    set(lacking),
                )
                compared += 1
    assert exact > 0.9 * len(drawn) > 50  # few are too wide for 38 digits
    assert compared == exact * len(random_firms)
