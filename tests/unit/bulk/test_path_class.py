"""What it takes to meet a condition, from its tree and from where a firm stands."""

from __future__ import annotations

import datetime
from decimal import Decimal

import duckdb
import pytest

from tidu.bulk import writing
from tidu.bulk.path_class import BLOCKED, MONEY, PAPER, YEARS, Move, PathClass, Paths
from tidu.bulk.schemes import _score_up
from tidu.bulk.sql import dialect_named, translator_for
from tidu.rules import nodes
from tidu.rules.library import default_library
from tidu.rules.parse import Names, parse_condition, parse_value
from tidu.rules.rulesets import ScoreCard, ScoreItem, SourceGrade
from tidu.rules.vocabulary import NO_TEXT

LIBRARY = default_library()
FACTS = LIBRARY.facts
NAMES = Names(
    FACTS,
    scores=["", "brand"],
    tables=LIBRARY.national.tables,
)
MOVES = {
    "revenue": Move(MONEY),
    "main_revenue": Move(MONEY),
    "rnd_expense": Move(MONEY),
    "new_equity": Move(MONEY),
    "total_liabilities": Move(MONEY, falls=True),
    "class1_ip_in_use": Move(MONEY),
    "rnd_institution": Move(MONEY, options=("below_city", "city", "province")),
    "own_brand": Move(PAPER, options=("yes",)),
    "holds_tech_sme": Move(PAPER),
    "market_share": Move(MONEY),
}
ON = datetime.date(2026, 6, 1)


def paths(card=()) -> Paths:
    return Paths(FACTS, MOVES, card)


def condition(text: str) -> nodes.Node:
    return parse_condition(text, NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("revenue >= '1万元'", MONEY),
        ("revenue[y2] >= '1万元'", YEARS),
        ("revenue <= '1万元'", BLOCKED),
        ("not revenue <= '1万元'", MONEY),
        ("revenue == '1万元'", MONEY),
        ("total_assets >= '1万元'", BLOCKED),
        ("ratio(main_revenue, revenue) >= '80%'", MONEY),
        ("ratio(total_liabilities, total_assets) <= '80%'", MONEY),
        ("ratio(total_assets, total_liabilities) >= '80%'", MONEY),
        ("ratio(total_liabilities, total_assets) >= '80%'", BLOCKED),
        ("sum_years(2, new_equity) >= '1万元'", MONEY),
        ("compound_growth(2, revenue) >= '5%'", YEARS),
        ("compound_growth(2, total_assets) >= '5%'", BLOCKED),
        ("niche_years >= 3", YEARS),
        ("niche_years <= 3", BLOCKED),
        ("age_years(established_on) >= 3", YEARS),
        ("age_years(established_on) <= 3", BLOCKED),
        ("each_year(2, rnd_expense >= '1万元')", YEARS),
        ("each_year(2, total_assets >= '1万元')", BLOCKED),
        ("not each_year(2, revenue <= '1万元')", MONEY),
        ("part(class1_ip_in_use, class1_ip) >= 1", MONEY),
        ("first_given(class1_ip, class1_ip_in_use) >= 1", MONEY),
        ("grade(sme_size) <= 3", BLOCKED),
        ("holds_tech_sme", PAPER),
        ("not holds_tech_sme", BLOCKED),
        ("holds_innovative_sme", BLOCKED),
        ("holds_tech_sme or revenue >= '1万元'", PAPER),
        ("holds_tech_sme and revenue >= '1万元'", MONEY),
        ("not (revenue <= '1万元' or not holds_tech_sme)", MONEY),
        ("rnd_institution in (province, national)", MONEY),
        ("rnd_institution == national", BLOCKED),
        ("rnd_institution != none", MONEY),
        ("science_award == national_top3", BLOCKED),
        ("reviewed(market_position_reviewed)", BLOCKED),
        ("reviewed(market_share >= '10%', market_position_reviewed)", MONEY),
        ("manual()", BLOCKED),
        ("where_given(own_brand)", PAPER),
        ("ever(revenue >= '1万元')", MONEY),
        ("not ever(revenue >= '1万元')", BLOCKED),
        ("at_least(2, own_brand, revenue >= '1万元', niche_years >= 3)", MONEY),
        ("not at_least(3, revenue <= '1万元', holds_tech_sme, own_brand)", MONEY),
    ],
)
def test_the_class_of_a_condition(text, expected):
    assert paths().condition(condition(text)) is expected


REVENUE = condition("revenue >= '1万元'")
BRAND = condition("own_brand")
MORE = parse_value("revenue", NAMES)
WAN = nodes.Number(Decimal(10_000))


@pytest.mark.parametrize(
    ("node", "want", "expected"),
    [
        (nodes.Choose(BRAND, REVENUE, BRAND), True, MONEY),
        (nodes.Has(nodes.FactRef("rnd_institution", None), "city"), True, MONEY),
        (nodes.Has(nodes.FactRef("rnd_institution", None), "city"), False, BLOCKED),
        (nodes.AtLeast(3, (BRAND,)), True, BLOCKED),
        (nodes.All(()), True, BLOCKED),
        (nodes.Flag(nodes.PartOf(BRAND.fact, BRAND.fact)), True, PAPER),
    ],
)
def test_nodes_the_language_writes_otherwise(node, want, expected):
    assert paths().condition(node, want=want) is expected


@pytest.mark.parametrize(
    ("node", "up", "expected"),
    [
        (nodes.Total((WAN, MORE), Decimal(9)), True, MONEY),
        (nodes.Lowest((WAN, MORE)), True, BLOCKED),
        (nodes.Lowest((WAN, MORE)), False, BLOCKED),
        (nodes.Given(MORE, Decimal(9)), True, MONEY),
        (nodes.Bands((nodes.Step(REVENUE, Decimal(5)),)), True, MONEY),
        (nodes.Sum((nodes.Step(BRAND, Decimal(5)),), Decimal(5)), True, PAPER),
        (nodes.Sum((), Decimal(5)), True, BLOCKED),
        (nodes.Bands((nodes.Step(REVENUE, Decimal(5)),)), False, BLOCKED),
    ],
)
def test_the_class_of_a_value(node, up, expected):
    assert paths().value(node, up=up) is expected


def needed(node: nodes.Node, **row: object) -> PathClass:
    """The class worked out by the engine for one firm."""
    to = translator_for(LIBRARY, ON, dialect_named("duckdb"), available=list(row))
    found = {"code": paths().needed(to, node)}
    text = to.steps.select(found, writing.table("firm")).sql(dialect="duckdb")
    values = ", ".join(f'{value} AS "{name}"' for name, value in row.items())
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE firm AS SELECT {values}")
        return PathClass(connection.execute(text).fetchall()[0][0])


LOW, HIGH = "1000.00::DECIMAL(18,2)", "20000.00::DECIMAL(18,2)"


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        # only what fails counts
        (
            "own_brand and revenue >= '1万元'",
            {"own_brand": False, "revenue_2025": HIGH},
            PAPER,
        ),
        (
            "own_brand and revenue >= '1万元'",
            {"own_brand": False, "revenue_2025": LOW},
            MONEY,
        ),
        ("own_brand and niche_years >= 3", {"own_brand": False}, PAPER),
        # the cheaper alternative
        (
            "own_brand or niche_years >= 3",
            {"own_brand": False, "niche_years": 1},
            PAPER,
        ),
        # an alternative that does not apply is none
        ("where_given(own_brand) or niche_years >= 3", {"niche_years": 1}, YEARS),
        (
            "own_brand and each_year(2, revenue >= '1万元')",
            {"own_brand": True, "revenue_2025": LOW, "revenue_2024": HIGH},
            YEARS,
        ),
        # a reviewer's no has no remedy; a failing condition has
        (
            "reviewed(market_share >= '10%', market_position_reviewed)",
            {"market_share": "0.05::DECIMAL(18,8)"},
            MONEY,
        ),
        (
            "reviewed(market_share >= '10%', market_position_reviewed)",
            {"market_share": "0.2::DECIMAL(18,8)", "market_position_reviewed": False},
            BLOCKED,
        ),
        # what holds already counts towards the number
        (
            "at_least(2, own_brand, niche_years >= 3, holds_innovative_sme)",
            {"own_brand": False, "niche_years": 5, "holds_innovative_sme": False},
            PAPER,
        ),
        (
            "at_least(2, own_brand, niche_years >= 3, holds_innovative_sme)",
            {"own_brand": False, "niche_years": 1, "holds_innovative_sme": False},
            YEARS,
        ),
        (
            "at_least(3, own_brand, niche_years >= 3, holds_innovative_sme)",
            {"own_brand": True, "niche_years": 5, "holds_innovative_sme": False},
            BLOCKED,
        ),
    ],
)
def test_the_class_for_a_firm(text, row, expected):
    assert needed(condition(text), **row) is expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"own_brand": True, "revenue_2025": LOW}, MONEY),
        ({"own_brand": False, "revenue_2025": HIGH}, PAPER),
    ],
)
def test_the_branch_the_firm_is_in_counts(row, expected):
    node = nodes.Choose(BRAND, REVENUE, BRAND)
    assert needed(node, **row) is expected


def test_while_the_branch_is_open_the_harder_one_counts():
    node = nodes.Choose(condition("holds_tech_sme"), REVENUE, BRAND)
    assert needed(node, own_brand=False, revenue_2025=LOW) is MONEY


def scored(node: nodes.Node, card, **row: object) -> PathClass:
    to = translator_for(LIBRARY, ON, dialect_named("duckdb"), available=list(row))
    to.turn_to(_score_up(to, "demo", ScoreCard(card, {})))
    found = {"code": paths(card).needed(to, node)}
    text = to.steps.select(found, writing.table("firm")).sql(dialect="duckdb")
    values = ", ".join(f'{value} AS "{name}"' for name, value in row.items())
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE firm AS SELECT {values}")
        return PathClass(connection.execute(text).fetchall()[0][0])


def card():
    def of(name: str, points: nodes.Node, most: int):
        return ScoreItem(name, NO_TEXT, "", SourceGrade.OURS, points, Decimal(most))

    def steps(*pairs):
        return tuple(nodes.Step(condition(text), Decimal(n)) for text, n in pairs)

    return (
        of("brand", nodes.Sum(steps(("own_brand", 20)), Decimal(10)), 10),
        of(
            "rnd",
            nodes.Bands(
                steps(("rnd_expense >= '2万元'", 30), ("rnd_expense >= '1万元'", 20))
            ),
            30,
        ),
        of("years", nodes.Bands(steps(("niche_years >= 3", 20))), 20),
        of("size", nodes.Bands(steps(("total_assets >= '1万元'", 40))), 40),
        of(
            "given",
            nodes.Given(
                nodes.FactRef("market_share", FACTS["market_share"].type), Decimal(5)
            ),
            5,
        ),
    )


@pytest.mark.parametrize(
    ("bound", "rnd", "expected"),
    [
        (10, LOW, PAPER),
        (30, HIGH, PAPER),
        (45, LOW, MONEY),
        (46, LOW, YEARS),
        (65, LOW, YEARS),
        (66, LOW, BLOCKED),
    ],
)
def test_a_score_takes_the_cheapest_class_that_could_close_the_gap(
    bound, rnd, expected
):
    node = condition(f"score() >= {bound}")
    row = {
        "own_brand": False,
        "rnd_expense_2025": rnd,
        "niche_years": 1,
        "total_assets_2025": LOW,
        "market_share": "0.0::DECIMAL(18,8)",
    }
    assert scored(node, card(), **row) is expected


def test_a_score_by_its_tree_is_its_cheapest_item():
    assert paths(card()).condition(condition("score() >= 60")) is PAPER
    assert paths(card()).condition(condition("score() <= 60")) is BLOCKED


def test_a_score_against_another_value_is_judged_by_its_tree():
    node = nodes.Compare(">=", nodes.Score(), nodes.Score())
    assert needed(node, own_brand=False) is BLOCKED
