"""The benchmark's own parts: the population, the peers' rules as data, the page.

Nothing is timed here, and no peer is needed.
"""

import importlib.util
import json
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tidu.rules.assess import assess, prepare
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
WORDS = {"and", "or", "not", "in", "min", "max", "true"}  # of the peer's language


def load(name):
    spec = importlib.util.spec_from_file_location(
        f"bench_{name}", FOLDER / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


population = load("population")
peer = load("peer")
graphs = load("zen_graphs")
report = load("report")

PACK = default_library().national
RULE_SET = PACK.schemes["srdi_sme"].which(Kind.NEW, population.ON)[0]
LARGE = {"industry": {"employees": 1000, "revenue": 400_000_000}}


@pytest.fixture(scope="module")
def records():
    return population.generate(600)


@pytest.fixture(scope="module")
def standings(records):
    facts = [
        prepare(population.to_facts(each, PACK.facts), PACK, population.ON)
        for each in records
    ]
    return [assess(PACK, RULE_SET, each, on=population.ON) for each in facts]


def test_same_seed_gives_same_population(records):
    assert population.generate(600) == records
    assert population.generate(600, seed=1) != records


def test_population_is_measured_against_annex_2_of_2022():
    assert RULE_SET.name == "srdi_sme/2022-08-01"


def test_population_reads_every_fact_of_annex_2():
    keys = population.peer_names().values()
    named = {key.partition("@")[0] for key in keys} | {"industry"}
    assert RULE_SET.facts <= named


def test_population_has_every_outcome_and_the_ends_of_every_item(standings):
    outcomes = {each.outcome.value for each in standings}
    assert {"met", "unmet", "unknown"} <= outcomes
    for item in RULE_SET.items:
        points = {standing.finding(item.id).points for standing in standings}
        assert {Decimal(0), item.max} <= points, item.id


def test_population_has_figures_exactly_on_the_border(records):
    on_border = [
        each
        for each in records
        if Decimal(each["facts"].get("rnd_expense@2024", 1))
        == Decimal(each["facts"].get("revenue@2024", 0)) * Decimal("0.03")
    ]
    assert on_border


def test_complete_means_that_nothing_is_missing(records):
    keys = {*population.peer_names().values(), "industry"}
    for each in records:
        assert each["complete"] == (set(each["facts"]) == keys)


def test_inputs_of_peers_fill_what_is_missing():
    record = {"facts": {"revenue@2024": "35.50", "industry": "C3912"}}
    names = {
        "revenue": "revenue@2024",
        "new_equity_2": "new_equity@2023",
        "own_brand": "own_brand",
        "science_award": "science_award",
    }
    table = PACK.tables["sme_size"]
    assert population.to_inputs(record, names, PACK.facts, table) == {
        "revenue": 35.5,
        "new_equity_2": 0.0,
        "own_brand": False,
        "science_award": "none",
        "size_row": "industry",
    }


def test_full_enterprises_have_every_fact_when_asked_for_whole():
    whole = population.generate_full(2, PACK.facts, whole=True)
    for facts in whole:
        assert set(PACK.facts) == set(facts.values)


def test_any_value_has_the_type_of_its_fact():
    draw = random.Random(1)  # noqa: S311
    for fact in PACK.facts.values():
        found = population._any_value(draw, fact)
        if fact.choices and isinstance(found, str):
            assert found in {each.id for each in fact.choices}


@pytest.mark.parametrize("form", ["expressions", "tables"])
def test_graph_names_only_figures_of_the_population(form):
    graph = getattr(graphs, form)(LARGE)
    names = {*population.peer_names(), "size_row", *graphs.ITEMS, "score"}
    for node in json.loads(graph)["nodes"]:
        for text in _expressions(node["content"]):
            bare = re.sub(r"'[^']*'|\$\.\w+", "", text)
            assert set(re.findall(r"[a-z_]\w*", bare)) <= names | WORDS


def _expressions(content):
    for rule in content.get("expressions", ()):
        yield rule["value"]
    for column in content.get("inputs", ()):
        yield column.get("field", "")
    for row in content.get("rules", ()):
        yield row["test"]


def test_graph_of_tables_has_a_node_for_each_item():
    nodes = json.loads(graphs.tables(LARGE))["nodes"]
    tables = [each["id"] for each in nodes if each["type"] == "decisionTableNode"]
    assert [*tables, "i06", "i09"] != tables
    assert sorted([*tables, "i06", "i09"]) == graphs.ITEMS


def test_function_is_javascript():
    graph = json.loads(graphs.function(LARGE, ["revenue", "score"]))
    source = graph["nodes"][2]["content"]["source"]
    assert "async ({revenue, score})" in source
    assert " and " not in source
    assert "$." not in source


def test_agreement_counts_only_comparable_enterprises():
    enterprises = [
        {"comparable": True, "expected": {"score": 60, "i01": 5}},
        {"comparable": True, "expected": {"score": 55, "i01": 5}},
        {"comparable": False, "expected": None},
    ]
    results = [{"score": 60, "i01": 5}, {"score": 55, "i01": 3}, {}]
    found = peer.agreement(results, enterprises)
    assert found == {"compared": 2, "differing": {"i01": 1}}


def test_percentile_is_a_value_of_the_list():
    assert report.percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert report.percentile([3.0, 1.0, 2.0], 1.0) == 3.0


def test_ratio_is_the_median_round_by_round():
    turns = {"tidu explained": [1.0, 2.0, 1.0], "zen x": [2.0, 4.0, 9.0]}
    assert report.ratio({"turns": turns}, "zen x") == 2.0


@pytest.mark.parametrize(
    ("times", "said"), [(3.0, "| ≥ 2× | 3× | reached |"), (1.0, "| 1× | **missed** |")]
)
def test_page_says_what_is_reached_and_what_is_missed(times, said):
    page = report.write(_found(times))
    assert f"create_decision` {said}" in page or said in page
    assert ("why" in page) == ("**missed**" in page)
    assert "not measured" in page  # there was no planner


def _found(times):
    turns = {key: [1e-4 * times, 1e-4 * times] for key in report.NAMES}
    turns["tidu explained"] = turns["tidu bare"] = [1e-4, 1e-4]
    turns |= {key: [1e-4 * times * 50] * 2 for key in turns if "openfisca" in key}
    agreed = {"compared": 10, "differing": {"score": 1}}
    return {
        "turns": turns,
        "singles": {"nine": [0.001], "nine spoken": [0.002]},
        "help": [0.2, 0.3, 0.4],
        "size": 10_000,
        "comparable": 10,
        "greetings": {
            "zen": {"version": "2", "agreement": {"tables": agreed}},
            "openfisca": {"version": "46", "agreement": {}, "one_by_one": 100},
            "tidu": {"findings": 25, "full": 300, "today": "2026-06-30"},
        },
    }
