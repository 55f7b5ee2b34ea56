"""Generated rule trees mean the same in Python and on every engine.

The same trees every time in CI; TIDU_AGREEMENT_TREES and TIDU_AGREEMENT_SEED search on.
"""

import functools
import os
from decimal import Decimal

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.agreement import firms, tables
from tests.property import trees, worlds
from tidu.bulk import conditions, gaps, values, writing
from tidu.bulk.amounts import NotExactError
from tidu.bulk.sql import dialect_named, translator_for
from tidu.rules import nodes
from tidu.rules.evaluate import condition, value
from tidu.rules.missing import missing
from tidu.rules.outcomes import UNKNOWN, UNMET
from tidu.rules.parse import parse_condition
from tidu.rules.readings import unit_of
from tidu.rules.scope import Scope, as_range

TREES = int(os.environ.get("TIDU_AGREEMENT_TREES", "150"))
SEED = int(os.environ.get("TIDU_AGREEMENT_SEED", "1"))
TINY = Decimal("1e-9")  # shortfalls have ten decimals
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
            if isinstance(node, nodes.Not):  # named first, as sweeps name criteria
                inner = to.condition(node.item)
                name = f"inner_{at}"
                to.replaced[node.item] = conditions.named(to, inner, name, always=True)
            found = to.condition(node)
            short = gaps.shortfall(to, node)
        except NotExactError:
            continue
        found = conditions.named(to, found, f"found_{at}", always=True)
        columns[f"outcome_{at}"] = conditions.outcome_text(found)
        unknown = conditions.is_unknown(found)
        columns[f"missing_{at}"] = gaps.missing_text(to, node, unknown, ())
        columns[f"short_{at}"] = writing.null("INT") if short is None else short
        kept.append((at, node))
    select = to.steps.select(columns, writing.table("enterprises"))
    return select.sql(dialect=engine), kept


GAPS = (
    "revenue >= '20万元' and total_assets > '9万元' and rnd_expense >= '1万元'",
    "revenue >= '20万元' or total_assets > '9万元' or rnd_expense >= '1亿元'",
    "revenue < '-2万元' and (total_assets <= '0' or rnd_expense < '0')",
    "revenue <= '0' or total_assets < '0' and rnd_expense < '0'",
    "each_year(3, net_profit > 0 or revenue >= '25万元')",
    "each_year(2, revenue >= '25万元')",
    "ratio(rnd_expense, revenue) >= '90%' and revenue >= '25万元'",
    "ratio(rnd_expense, revenue) < '3%'",
    "ratio(class1_ip_in_use, class1_ip) > '50%'",
    "compound_growth(2, revenue) > '33.3%' or revenue > '29万元'",
    "compound_growth(1, revenue) <= '-5%'",
    "sum_years(3, new_equity) >= '70万元' and revenue >= '20万元'",
    "sum_years(3, new_equity) < '5万元'",
    "sum_years(2, revenue) > '50万元'",
    "mean_years(2, revenue) > '25万元'",
    "first_given(main_revenue, revenue) >= '25万元'",
    "part(class1_ip_in_use, class1_ip) >= 3 and class2_ip >= 2",
    "part(class1_ip_in_use, class1_ip) < 1",
    "class1_ip > 3 and class2_ip > 3",
    "class1_ip > 3 and revenue > '29万元'",
    "market_share >= '100%' and dq02 >= '50%'",
    "market_share >= '100%' and class1_ip >= 3",
    "revenue == '5万元' or revenue != '5万元'",
    "not revenue >= '5万元'",
    "revenue >= total_assets",
    "listed or revenue >= '5万元'",
    "age_years(established_on) >= '10年'",
    "ratio(rnd_expense, revenue) >= '100%' or revenue > '29万元'",
    "ratio(rnd_expense, revenue) >= '200%' and revenue >= '1万元'",
    "srdi_score >= 8 or srdi_score >= 100",
)

EVERY, ROOMY = {"duckdb", "postgres", "spark", "clickhouse"}, {"postgres", "clickhouse"}
EXACT = (  # on the last digit of 38
    "ratio(rnd_expense, revenue) >= '100.000000000000000099%'",
    "ratio(sum_years(3, rnd_expense), sum_years(3, revenue)) > '333.33333333333333366%'",
    "compound_growth(2, revenue) > '-0.00000049%'",
    "mean_growth(2, revenue) >= '-1%'",
)
# Condition → the engines whose decimals are wide enough.
WIDE = dict.fromkeys(EXACT, EVERY) | {
    "ratio(rnd_expense, revenue) >= '100.000000000000000101%'": ROOMY,
    "ratio(sum_years(3, rnd_expense), sum_years(3, revenue)) > '333.33333333333333367%'": ROOMY,
    "compound_growth(2, revenue) > '0.00000049%'": ROOMY,
    "ratio(sum_years(3, rnd_expense), revenue) < '0.99999999999999999999%'": ROOMY,
    "mean_growth(2, revenue) >= '1%'": ROOMY,
    "mean_growth(2, employees) >= '10%'": ROOMY,
    "mean_growth(2, employees) >= '-50%'": ROOMY,  # its sum, not its products
    "ratio(class1_ip_in_use, class1_ip) > '1084202172485504434.1%'": EVERY,
    "ratio(class1_ip_in_use, class1_ip) > '1084202172485504434.2%'": ROOMY,
    "mean_growth(3, revenue) >= '10%'": ROOMY,
    "mean_growth(4, revenue) >= '10%'": ROOMY,
    "mean_growth(4, revenue) >= '0.01%'": {"postgres"},  # just above 76 digits
    "mean_growth(5, revenue) >= '10%'": {"postgres"},
}

# What random trees seldom reach: of conditions, and of what they fall short by.
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
    "at_least(1, where_given(listed), manual())",
    "at_least(2, listed, own_brand, abnormal_list)",
    "not reviewed(market_position_reviewed)",
    "not (listed and manual())",
    "not ratio(rnd_expense, revenue) >= '3%'",
    "where_given(listed) or where_given(own_brand)",
    "where_given(listed) if own_brand else where_given(abnormal_list)",
    "own_brand if where_given(listed) else not own_brand",
    "where_given(listed) and reviewed(market_position_reviewed)",
    "not (where_given(listed) and manual())",
    "part(class1_ip_in_use, class1_ip) == 1 or part(class1_ip_own, class1_ip) != 1",
    "sum_years(3, new_equity) == '1万元' or sum_years(2, new_equity) <= '1万元'",
    "mean_growth(2, revenue) >= '8%' or mean_growth(1, revenue) < '0%'",
    "compound_growth(3, revenue) > '33.3%'",
    "mean_growth(2, revenue) == '100%'",
    "ratio(sum_years(2, rnd_expense), sum_years(2, revenue)) >= '3%'",
    "grade(sme_size, revenue) >= 2 or grade(sme_size, total_assets) == 3",
    "each_year(3, net_profit > 0 or revenue >= '5万元')",
    "ever(grade(sme_size) >= 2 and new_equity > 0)",
    "listed or own_brand or manual()",
    "listed or own_brand or where_given(abnormal_list)",
    "listed if own_brand else abnormal_list",
    "revenue >= '5万元' if listed else total_assets >= '5万元'",
    "manual() if own_brand else listed",
    "listed if manual() else own_brand",
    "at_least(1, where_given(listed) and revenue >= '5万元', where_given(own_brand) and manual())",
    "at_least(2, where_given(listed) and revenue >= '5万元', not where_given(own_brand))",
    "reviewed(where_given(listed), market_position_reviewed)",
    "reviewed(where_given(listed) or revenue >= '5万元', market_position_reviewed)",
    "grade(sme_size, strict) >= 2 and not grade(sme_size, strict) == 3",
    "age_years(established_on) > '10年'",
    "age_years(established_on) < '10年'",
    "age_years(established_on) <= '10年'",
    "age_years(established_on) == '10年'",
    "age_days(established_on) >= '3652天'",
    "age_days(established_on) > '3652天'",
    "age_days(established_on) < '3652天'",
    "age_days(established_on) <= '3652天'",
    "age_days(established_on) == '3652天'",
    *(f"grade(sme_size) {op} {n}" for op in trees.OPERATORS for n in (1, 2, 3, 4)),
    *(f"sum_years(2, new_equity) {op} '30万元'" for op in trees.OPERATORS),
    *(f"part(class1_ip_in_use, class1_ip) {op} 2" for op in trees.OPERATORS),
    *GAPS,
    *EXACT,
)


def gap(node, scope):
    """What an unmet condition lacks; Ellipsis where its kind has no gap."""
    match node:
        case nodes.EachYear():
            return gap(nodes.expand(node), scope)
        case nodes.All(items) | nodes.Any(items):
            pick = max if isinstance(node, nodes.All) else min
            found = [gap(each, scope) for each in items]
            known = [each for each in found if each is not None]
            return ... if ... in found else pick(known, default=None)
        case nodes.Compare(">=" | ">" | "<=" | "<" as op, left, nodes.Number(bound)):
            if condition(node)(scope) is UNMET:
                return _distance(left, bound, op, scope)
            return None
    return ...


def _distance(left, bound, op, scope):
    match left:
        case nodes.Ratio(part, whole):
            return abs(value(whole)(scope) * bound - value(part)(scope))
        case nodes.Growth(count, fact, mean=False):
            newest, oldest = (value(nodes.shift(fact, n))(scope) for n in (0, count))
            return abs(oldest * (1 + bound) ** count - newest)
        case nodes.Growth() | nodes.Age() | nodes.Grade() | nodes.SumYears(mean=True):
            return ...
    low, high = as_range(value(left)(scope))
    end = high if op.startswith(">") else low
    return None if end is None else abs(bound - end)


def _unit(left):
    match left:
        case nodes.Ratio(part=inner) | nodes.Growth(fact=inner):
            return _unit(inner)
    return unit_of(left)


def agree_on_gap(node, short, outcome, scope):
    """Compare a shortfall; there is none where the conditions share no unit."""
    compared = [each for each in nodes.walk(node) if isinstance(each, nodes.Compare)]
    shared = len({_unit(each.left) for each in compared}) == 1
    wanted = gap(node, scope) if shared and outcome is UNMET else None
    wanted = None if wanted is ... else wanted
    assert (node, short is None) == (node, wanted is None)
    assert short is None or abs(Decimal(str(short)) - wanted) < TINY, node


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


@pytest.mark.parametrize("text", WIDE)
def test_a_condition_too_wide_for_an_engine_is_refused(engine, text):
    assert accepted(text, engine) is (engine in WIDE[text])


def accepted(text, engine):
    return bool(translated([parse_condition(text, trees.NAMES)], engine)[1])


def test_what_is_no_condition_or_value_is_refused():
    to = translator_for(firms.LIBRARY, worlds.ON, dialect_named("duckdb"))
    part = parse_condition("part(class1_ip_in_use, class1_ip) >= 1", trees.NAMES).left
    for build in (
        lambda: to.condition(trees.number("1")),
        lambda: to.value(nodes.Manual()),
        lambda: values.exact(to, part),
        lambda: values.flag(to, trees.number("1")),
    ):
        with pytest.raises(TypeError):
            build()


def compare(drawn, engine, run, random_firms):
    """Compare every tree on every firm; how many answers, of how many trees."""
    compared = exact = 0
    for start in range(0, len(drawn), AT_ONCE):
        sql, kept = translated(drawn[start : start + AT_ONCE], engine)
        exact += len(kept)
        compared += agree(kept, run("trees", sql), random_firms)
    return compared, exact


def named(cell):
    """The facts a cell names; one without any is NULL, not empty."""
    return set() if cell is None else set(cell.split(";"))


def agree(kept, rows, random_firms):
    """Compare the rows of one query; how many answers were the reference's."""
    compared = 0
    for row in rows:
        values = random_firms[int(row["uscc"])].values
        for at, node in kept:
            scope = Scope(values, worlds.ON, worlds.ON.year)
            outcome = condition(node)(scope)
            lacking = missing(node, scope) if outcome is UNKNOWN else []
            said = named(row[f"missing_{at}"])
            assert (node, row[f"outcome_{at}"]) == (node, outcome.value)
            assert (node, said) == (node, set(lacking))
            agree_on_gap(node, row[f"short_{at}"], outcome, scope)
            compared += 1
    return compared
