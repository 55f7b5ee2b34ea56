"""Points, invented and drawn: the least and the most mean the same on every engine."""

import functools
from decimal import Decimal

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.agreement import firms, tables
from tests.agreement.test_trees import AT_ONCE, SEED, TREES, named
from tests.property import trees, worlds
from tidu.bulk import gaps, values, writing
from tidu.bulk.amounts import NotExactError
from tidu.bulk.sql import dialect_named, translator_for
from tidu.rules import nodes
from tidu.rules.evaluate import value
from tidu.rules.missing import missing
from tidu.rules.parse import parse_condition
from tidu.rules.scope import Interval, Scope, as_range


def steps(lines):
    """``{"revenue >= '5万元'": "2"}`` as steps."""
    return tuple(
        nodes.Step(parse_condition(text, trees.NAMES), Decimal(points))
        for text, points in lines.items()
    )


def bands(lines, otherwise="0"):
    return nodes.Bands(steps(lines), Decimal(otherwise))


def added(lines, cap):
    return nodes.Sum(steps(lines), Decimal(cap))


FLAG = bands({"listed": "3"})
MONEY = bands({"revenue >= '20万元'": "10", "revenue >= '5万元'": "4"})

# What shipped score cards do not have, beside what they do.
CORNERS = (
    # a figure that earns more and more, and what only looks like one
    bands({"revenue >= '20万元'": "7.5", "revenue > '0'": "4", "revenue >= '-2万元'": "1"}, "-3"),
    bands({"revenue < '0'": "9", "revenue <= '5万元'": "4.25", "revenue < '20万元'": "1"}),
    bands({"revenue > '5万元'": "4", "revenue > '20万元'": "9"}),
    bands({"revenue > '20万元'": "4", "revenue > '5万元'": "9"}),
    bands({"revenue > '20万元'": "9", "revenue > '20万元' or listed": "2"}),
    bands({"revenue >= '5万元'": "9", "revenue >= '5万元' ": "4"}, "1"),
    bands({"revenue >= '20万元'": "5", "revenue >= '5万元'": "5"}, "5"),
    bands({"revenue >= '20万元'": "5", "revenue >= '5万元'": "1"}, "1"),
    bands({"revenue >= '20万元'": "5", "revenue <= '0'": "3"}),
    bands({"revenue <= '0'": "5", "revenue <= '0' or listed": "3", "revenue <= '5万元'": "1"}),
    bands({"revenue >= '20万元'": "5", "total_assets >= '5万元'": "3"}),
    bands({"revenue == '5万元'": "5", "revenue == '0'": "3"}),
    bands({"revenue != '5万元'": "5", "revenue != '0'": "3"}),
    bands({"revenue >= main_revenue": "5", "revenue >= rnd_expense": "3"}),
    bands({"revenue >= '20万元'": "2"}),
    bands({"revenue >= '20万元'": "1"}),
    bands({"revenue >= '20万元'": "2", "revenue >= '5万元'": "1"}),
    bands({"revenue >= '20万元'": "-1", "revenue >= '5万元'": "-2"}, "-4"),
    bands({"sum_years(3, new_equity) >= '20万元'": "5", "sum_years(3, new_equity) >= '5万元'": "3"}),
    bands({"sum_years(3, new_equity) <= '5万元'": "5", "sum_years(3, new_equity) <= '20万元'": "3"}, "1"),
    bands({"sum_years(2, revenue) >= '20万元'": "5", "sum_years(2, revenue) > '5万元'": "3"}, "1"),
    bands({"mean_years(2, revenue) >= '9万元'": "5", "mean_years(2, revenue) >= '5万元'": "3"}),
    bands({"part(class1_ip_in_use, class1_ip) >= 2": "5", "part(class1_ip_in_use, class1_ip) >= 1": "3"}, "1"),
    bands({"part(class1_ip_in_use, class1_ip) < 1": "5", "part(class1_ip_in_use, class1_ip) < 3": "3"}, "1"),
    bands({"first_given(revenue, total_assets) >= '20万元'": "5", "first_given(revenue, total_assets) >= '5万元'": "3"}),
    bands({"ratio(rnd_expense, revenue) >= '50%'": "5", "ratio(rnd_expense, revenue) >= '3%'": "3"}, "1"),
    bands({"ratio(rnd_expense, revenue) < '3%'": "5", "ratio(rnd_expense, revenue) < '50%'": "3"}, "1"),
    bands({"compound_growth(2, revenue) >= '50%'": "5", "compound_growth(2, revenue) >= '-5%'": "3"}),
    bands({"mean_growth(2, revenue) >= '50%'": "5", "mean_growth(2, revenue) >= '-5%'": "3"}, "2"),
    bands({"part(class1_ip_in_use, class1_ip) == 0": "5", "part(class1_ip_in_use, class1_ip) == 1": "3"}, "1"),
    bands({"sum_years(3, new_equity) > '5万元'": "5", "sum_years(3, new_equity) >= '20万元'": "3"}, "3"),
    bands({"revenue >= '20万元' or total_assets >= '20万元'": "5", "revenue >= '5万元' or total_assets >= '5万元'": "3"}),
    bands({"revenue >= '20万元' or main_revenue >= '20万元'": "5", "revenue >= '5万元' or total_assets >= '5万元' or rnd_expense >= '5万元'": "3"}),
    bands({"listed or own_brand": "3", "abnormal_list or quality_award": "5"}),
    bands({"age_years(established_on) >= '10年'": "5", "age_years(established_on) >= '9年'": "3"}),
    bands({"grade(sme_size) >= 3": "5", "grade(sme_size) >= 2": "3"}),
    bands({"revenue == '0'": "5", "revenue == '5万元'": "3"}, "1"),
    bands({"revenue != '0'": "5", "revenue != '5万元'": "3"}, "1"),
    # options
    bands({"rnd_institution in (national, province)": "5", "rnd_institution in (province, city)": "3"}, "0.5"),
    bands({"rnd_institution == none": "1", "rnd_institution == national": "7"}, "4"),
    bands({"rnd_institution == national": "5", "science_award == national": "3"}, "1"),
    bands({"rnd_institution == national": "5", "rnd_institution == national and listed": "3"}, "1"),
    # conditions of one form, and what only looks like it
    bands({"listed and revenue >= '9万元'": "5", "listed and revenue >= '5万元'": "3"}, "1"),
    bands({"listed and revenue >= '5万元'": "5", "listed and revenue >= '9万元'": "3"}, "1"),
    bands({"listed and revenue <= '5万元'": "5", "listed and revenue <= '9万元'": "3"}, "1"),
    bands({"listed and revenue <= '9万元'": "5", "listed and revenue <= '5万元'": "3"}, "1"),
    bands({"listed and revenue >= '9万元'": "5", "listed and revenue > '5万元'": "3"}),
    bands({"listed and revenue >= '9万元'": "5", "listed and total_assets >= '5万元'": "3"}),
    bands({"listed and revenue == '9万元'": "5", "listed and revenue == '5万元'": "3"}),
    bands({"listed and revenue != '9万元'": "5", "listed and revenue != '5万元'": "3"}),
    bands({"listed or revenue >= '9万元'": "5", "own_brand or revenue >= '5万元'": "3"}),
    bands({"listed or revenue >= '9万元'": "5", "listed or revenue >= '5万元'": "3"}, "1"),
    bands({"listed and revenue >= '9万元'": "5", "listed or revenue >= '5万元'": "3"}, "1"),
    bands({"listed and own_brand and revenue >= '9万元'": "5", "listed and own_brand": "3"}),
    bands({"listed and own_brand": "5", "listed and own_brand and revenue >= '9万元'": "3"}),
    bands({"listed and revenue >= '9万元'": "3", "listed and revenue >= '5万元'": "5"}, "1"),
    bands({"listed and revenue == '5万元'": "5", "listed and revenue == '9万元'": "3"}),
    bands({"listed and revenue != '5万元'": "5", "listed and revenue != '9万元'": "3"}),
    bands({"listed and revenue >= '9万元'": "5", "listed and revenue > '9万元'": "3"}),
    bands({"listed": "3", "listed ": "2"}, "1"),
    bands({"listed": "2.5", "own_brand": "0", "abnormal_list": "4"}, "-1.5"),
    # what may be manual or not apply
    bands({"where_given(listed) or revenue >= '9万元'": "5", "where_given(listed) or revenue >= '5万元'": "3"}),
    bands({"where_given(listed)": "5", "manual()": "3", "own_brand": "2"}, "1"),
    bands({"reviewed(market_position_reviewed)": "5", "own_brand": "7"}, "1"),
    bands({"not where_given(listed)": "5", "where_given(own_brand)": "3"}, "1"),
    bands({"listed": "5", "not where_given(own_brand)": "9", "abnormal_list": "2"}, "1"),
    added({"listed": "1", "own_brand": "1", "abnormal_list": "1"}, "2"),
    added({"listed": "2", "own_brand": "3.5", "quality_award": "1"}, "5"),
    added({"where_given(listed)": "2", "not where_given(own_brand)": "4", "manual()": "1"}, "6"),
    added({"reviewed(market_position_reviewed)": "2", "mean_growth(2, revenue) > '8%'": "3"}, "4.5"),
    nodes.Given(trees.ref("srdi_score"), Decimal(10)),
    nodes.Given(trees.ref("srdi_score", 2), Decimal("62.5")),
    nodes.Given(trees.ref("class1_ip"), Decimal(2)),
    nodes.Lowest((FLAG, MONEY)),
    nodes.Lowest((nodes.Number(Decimal(2)), MONEY)),
    nodes.Lowest((MONEY, nodes.Given(trees.ref("srdi_score"), Decimal(8)), FLAG)),
    nodes.Total((FLAG, MONEY), Decimal(12)),
    nodes.Total((FLAG, MONEY, bands({"own_brand": "0.25"}, "-1")), Decimal("10.5")),
)  # fmt: skip

WORTH = st.sampled_from(["0", "1", "2", "3", "5", "2.5", "0.25", "-1", "10"]).map(
    Decimal
)


def drawn_values():
    """Score items of every kind, over random conditions."""
    drawn = st.builds(nodes.Step, trees.conditions(), WORTH)
    alike = st.lists(WORTH, min_size=2, max_size=3).flatmap(
        lambda worth: st.builds(
            lambda op, left, bounds: tuple(
                nodes.Step(nodes.Compare(op, left, bound), each)
                for bound, each in zip(bounds, worth, strict=False)
            ),
            st.sampled_from(trees.OPERATORS),
            trees.MONEY_FACTS,
            st.lists(trees.MONEY_NUMBERS, min_size=3, max_size=3),
        )
    )
    lines = st.one_of(st.lists(drawn, min_size=1, max_size=3).map(tuple), alike)
    items = st.one_of(
        st.builds(nodes.Bands, lines, WORTH),
        st.builds(nodes.Sum, lines, st.sampled_from([Decimal(3), Decimal("4.5")])),
    )
    several = st.lists(items, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        items,
        st.builds(nodes.Lowest, several),
        st.builds(nodes.Total, several, st.just(Decimal(4))),
    )


@functools.cache
def random_values():
    found = []

    @hypothesis.seed(SEED)
    @settings(
        max_examples=TREES // 4,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn_values())
    def draw(node):
        found.append(node)

    draw()
    return list(dict.fromkeys(found))


def translated(batch, engine):
    """One query over the random firms, and the values it could be built for."""
    names = {column.name for column in tables.COLUMNS}
    to = translator_for(
        firms.LIBRARY, worlds.ON, dialect_named(engine), available=names
    )
    columns = {"uscc": to.column("uscc", None)}
    kept = []
    for at, node in enumerate(batch):
        try:
            low, high = values.ends(to.value(node))
        except NotExactError:
            continue
        low, high = (to.steps.name(end.sql, f"end_{at}") for end in (low, high))
        columns |= {f"low_{at}": low, f"high_{at}": high}
        unknown = writing.compare("<", low, high)
        columns[f"missing_{at}"] = gaps.missing_text(to, node, unknown, ())
        kept.append((at, node))
    select = to.steps.select(columns, writing.table("enterprises"))
    return select.sql(dialect=engine), kept


def agree(kept, rows, random_firms):
    """Compare the rows of one query; how many answers were the reference's."""
    compared = 0
    for row in rows:
        known = random_firms[int(row["uscc"])].values
        for at, node in kept:
            scope = Scope(known, worlds.ON, worlds.ON.year)
            wanted = value(node)(scope)
            lacking = missing(node, scope) if isinstance(wanted, Interval) else []
            found = [Decimal(str(row[f"{end}_{at}"])) for end in ("low", "high")]
            said = named(row[f"missing_{at}"])
            assert (node, *found) == (node, *as_range(wanted))
            assert (node, said) == (node, set(lacking))
            compared += 1
    return compared


def compare(drawn, engine, run, random_firms):
    compared = exact = 0
    for start in range(0, len(drawn), AT_ONCE):
        sql, kept = translated(drawn[start : start + AT_ONCE], engine)
        exact += len(kept)
        compared += agree(kept, run("trees", sql), random_firms)
    assert compared == exact * len(random_firms)
    return exact


def test_points_agree_with_the_reference(engine, run, random_firms):
    assert compare(CORNERS, engine, run, random_firms) == len(CORNERS)


def test_random_points_agree_with_the_reference(engine, run, random_firms):
    drawn = random_values()
    assert compare(drawn, engine, run, random_firms) > 0.9 * len(drawn) > 20
