"""Trees as text. That reading gives them back is tested in tests/property."""

from decimal import Decimal

import pytest

from tests.unit.rules.test_parse import NAMES
from tidu.rules import nodes
from tidu.rules.parse import parse_condition, parse_value
from tidu.rules.printing import print_expression


@pytest.mark.parametrize(
    "text",
    [
        "revenue >= '1500万元'",
        "revenue[y2] < limit",
        "employees >= '1,000'",
        "employees >= '007'",
        "employees > -5",
        "mean_years(2, revenue) > 0",
        "mean_growth(2, revenue[y2]) > '5%'",
        "first_given(staff_total, employees[y2]) > 3",
        "part(class1_ip_own, class1_ip) >= 1",
        "age_days(established_on) >= '365天'",
        "score() >= 60 and score(ip) > 0",
        "grade(sme_size) <= 3 or grade(sme_size, strict) <= 3",
        "grade(sme_size, revenue) <= 3",
        "rnd_institution == city",
        "not rnd_institution in (city, none)",
        "not (listed and own_brand)",
        "not (not listed)",
        "(listed or own_brand) and abnormal_list",
        "(listed and own_brand) or abnormal_list",
        "listed if revenue > 0 else (own_brand if listed else manual())",
        "at_least(2, listed, own_brand, has(dq06, rules))",
        "each_year(2, revenue > 0)",
        "ever(new_equity > 0)",
        "where_given(larger_safety_accident)",
        "reviewed(key_field_reviewed)",
        "reviewed(key_link and listed, key_field_reviewed)",
    ],
)
def test_printed_text_is_what_was_read(text):
    names = NAMES.__class__(
        NAMES.facts,
        {"limit": nodes.Number(Decimal(1), "元", "1元", "limit")},
        NAMES.scores,
        NAMES.tables,
    )

    assert print_expression(parse_condition(text, names)) == text


def test_unequal_choice_is_printed_as_a_negation():
    found = print_expression(parse_condition("rnd_institution != city", NAMES))

    assert found == "not rnd_institution == city"


def test_value_is_printed_alone():
    text = "ratio(sum_years(2, revenue), total_assets)"

    assert print_expression(parse_value(text, NAMES)) == text


@pytest.mark.parametrize(
    "node", [nodes.Bands(()), nodes.Lowest(()), nodes.Step(nodes.Manual(), Decimal(1))]
)
def test_what_is_no_expression_is_not_printed(node):
    with pytest.raises(TypeError, match="not an expression"):
        print_expression(node)
