"""Every chapter of the rule language, run on every engine."""

import itertools

import pytest

from tests.spec.book import (
    DICTIONARY,
    ON,
    PACK,
    VALUES,
    Case,
    Refusal,
    Refusals,
    TruthTable,
)
from tests.spec.contents import CHAPTERS
from tests.spec.engines import ENGINES, Engine
from tidu.rules.errors import ExpressionError
from tidu.rules.parse import Names, parse_condition, parse_value

LEAVES = {  # an expression for each outcome, over the facts below
    "met": "listed",
    "unmet": "not listed",
    "unknown": "abnormal_list",
    "manual": "manual()",
    "not_applicable": "where_given(larger_safety_accident)",
}
LEAF_FACTS = {"listed": "是"}


def parts(kind: type):
    return [
        (chapter, part)
        for chapter in CHAPTERS
        for part in chapter.parts
        if isinstance(part, kind)
    ]


CASES = [
    pytest.param(case, row, id=f"{chapter.number}-{case.expression}-{number}")
    for chapter, case in parts(Case)
    for number, row in enumerate(case.rows, 1)
]
TRUTHS = [
    pytest.param(table, outcomes, expected, id=f"{table.expression}-{outcomes}")
    for _, table in parts(TruthTable)
    for outcomes, expected in table.rows.items()
]
REFUSALS = [
    pytest.param(refusal, id=refusal.expression or "empty")
    for _, table in parts(Refusals)
    for refusal in table.rows
]


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request, tmp_path) -> Engine:
    return request.param(tmp_path)


@pytest.mark.parametrize(("case", "row"), CASES)
def test_case_gives_what_its_table_says(engine, case: Case, row):
    found = engine.run(case.expression, dict(row.facts), case.on, case.score_card)

    assert found == row.expected


@pytest.mark.parametrize(("table", "outcomes", "expected"), TRUTHS)
def test_truth_table_holds_in_every_order(engine, table, outcomes, expected):
    orders = [outcomes.split()]
    if table.symmetric:
        orders = list(itertools.permutations(orders[0]))

    found = {
        engine.run(fill(table.expression, order), LEAF_FACTS, ON, "")
        for order in orders
    }

    assert found == {expected}


def fill(expression: str, outcomes) -> str:
    for name, outcome in zip("ABC", outcomes, strict=False):
        expression = expression.replace(name, f"({LEAVES[outcome]})")
    return expression


@pytest.mark.parametrize("table", [table for _, table in parts(TruthTable)])
def test_truth_table_is_complete(table):
    count = sum(name in table.expression for name in "ABC")
    if table.symmetric:
        chosen = itertools.combinations_with_replacement(LEAVES, count)
    else:
        chosen = itertools.product(LEAVES, repeat=count)

    wanted = {" ".join(each) for each in chosen}

    assert set(table.rows) == wanted


@pytest.mark.parametrize("refusal", REFUSALS)
def test_refusal_names_column_and_remedy(refusal: Refusal):
    names = Names(DICTIONARY, VALUES, (), PACK.tables)
    read = parse_condition if refusal.condition else parse_value

    with pytest.raises(ExpressionError) as caught:
        read(refusal.expression, names)

    found = caught.value
    assert (found.column, found.what, found.remedy) == (
        refusal.column,
        refusal.what,
        refusal.remedy,
    )
