"""The evaluator at points the spec chapters do not show."""

import datetime
from decimal import Decimal

import pytest

from tests.spec.book import DICTIONARY, PACK, read_facts
from tidu.rules import evaluate, nodes
from tidu.rules.judging import compare_range
from tidu.rules.missing import missing
from tidu.rules.parse import Names, parse_condition, parse_value
from tidu.rules.scope import Interval, Scope

ON = datetime.date(2026, 6, 1)
NAMES = Names(DICTIONARY, {}, (), PACK.tables)


def scope_of(**written: str) -> Scope:
    named = {
        name.replace("__y", "[y") + ("]" if "__y" in name else ""): text
        for name, text in written.items()
    }
    return Scope(read_facts(named), ON, ON.year)


def outcome(text: str, **written: str) -> str:
    return evaluate.condition(parse_condition(text, NAMES))(scope_of(**written)).value


def missing_of(text: str, **written: str) -> list[str]:
    return missing(parse_condition(text, NAMES), scope_of(**written))


@pytest.mark.parametrize(
    ("op", "low", "high", "found"),
    [
        (">=", 5, 9, "met"),
        (">", 5, 9, "unknown"),
        (">=", 1, 5, "unknown"),
        (">=", 1, 4, "unmet"),
        (">", 1, 5, "unmet"),
        (">=", 5, None, "met"),
        (">=", None, 4, "unmet"),
        (">=", None, None, "unknown"),
        ("<=", 1, 5, "met"),
        ("<", 1, 5, "unknown"),
        ("<=", 6, 9, "unmet"),
        ("<", 5, None, "unmet"),
        ("<=", None, 5, "met"),
        ("==", 6, 9, "unmet"),
        ("==", 1, 4, "unmet"),
        ("==", 1, 9, "unknown"),
        ("!=", 6, None, "met"),
        ("!=", None, 4, "met"),
        ("!=", 1, 9, "unknown"),
    ],
)
def test_range_decides_where_every_value_does(op, low, high, found):
    assert compare_range(op, Interval(low, high), Decimal(5)) == found


def test_bounded_part_is_compared_with_another_fact():
    text = "part(class1_ip_in_use, class1_ip) >= class2_ip"

    assert outcome(text, class1_ip="3", class2_ip="4") == "unmet"
    assert outcome(text, class1_ip="3", class2_ip="3") == "unknown"


def test_indicator_the_industry_does_not_use_is_not_applicable():
    text = "grade(sme_size, total_assets) <= 3"

    assert outcome(text, industry="C39") == "not_applicable"


def test_ever_reads_undated_facts_beside_yearly_ones():
    text = "ever(new_equity > 0 and not listed)"

    assert outcome(text, new_equity__y3="1元", listed="否") == "met"
    assert outcome(text, new_equity__y3="1元", listed="是") == "unknown"


def test_growth_of_a_count_is_exact():
    text = "compound_growth(1, employees) >= '10%'"

    assert outcome(text, employees="110人", employees__y2="100人") == "met"
    assert outcome(text, employees="109人", employees__y2="100人") == "unmet"


def test_undecided_branches_that_agree_decide():
    text = "listed if own_brand else listed"

    assert outcome(text, listed="是") == "met"
    assert outcome(text) == "unknown"


@pytest.mark.parametrize(
    "node", [nodes.Number(Decimal(1)), nodes.Step(nodes.Manual(), Decimal(1))]
)
def test_value_is_no_condition(node):
    with pytest.raises(TypeError, match="not a condition"):
        evaluate.condition(node)


@pytest.mark.parametrize(
    "node",
    [nodes.Manual(), nodes.Ratio(nodes.Number(Decimal(1)), nodes.Number(Decimal(2)))],
)
def test_condition_or_ratio_is_no_plain_value(node):
    with pytest.raises(TypeError, match="not a value"):
        evaluate.value(node)


def test_value_of_a_sum_over_one_unknown_year_is_unknown():
    tree = parse_value("sum_years(2, revenue)", NAMES)

    assert evaluate.value(tree)(scope_of(revenue="1元")) is None


@pytest.mark.parametrize(
    ("text", "written", "keys"),
    [
        ("listed and own_brand", {"listed": "是"}, ["own_brand"]),
        ("revenue > 0 or listed", {}, ["revenue@2025", "listed"]),
        ("not abnormal_list", {}, ["abnormal_list"]),
        ("srdi_score[y0] >= 50", {}, ["srdi_score@2026"]),
        ("sum_years(2, revenue) > 0", {"revenue": "1元"}, ["revenue@2024"]),
        ("compound_growth(2, revenue) > 0", {}, ["revenue@2025", "revenue@2023"]),
        ("mean_growth(2, revenue) > 0", {}, ["revenue@2025", "revenue@2024", "revenue@2023"]),
        ("first_given(staff_total, employees) > 3", {}, ["employees@2025"]),
        ("part(class1_ip_own, class1_ip) > 3", {"class1_ip": "9"}, ["class1_ip_own"]),
        ("ratio(rnd_expense, revenue) > 0", {"revenue": "1元"}, ["rnd_expense@2025"]),
        ("age_years(established_on) > 3", {}, ["established_on"]),
        ("class2_ip > class1_ip", {"class2_ip": "1"}, ["class1_ip"]),
        ("ratio(first_given(rnd_expense_deduction, rnd_expense), revenue) > 0", {"rnd_expense": "1元"}, ["revenue@2025"]),
        ("rnd_institution == city and has(dq06, rules)", {}, ["rnd_institution", "dq06"]),
        ("revenue > total_assets", {}, ["revenue@2025", "total_assets@2025"]),
        ("each_year(2, revenue > 0)", {"revenue": "1元"}, ["revenue@2024"]),
        ("ever(new_equity > 0)", {}, ["new_equity@2025"]),
        ("at_least(2, listed, own_brand, standards)", {"own_brand": "是"}, ["listed", "standards"]),
        ("reviewed(key_link, key_field_reviewed)", {}, ["key_link"]),
        ("reviewed(key_field_reviewed)", {}, []),
        ("manual() and listed", {}, ["listed"]),
        ("listed if revenue > 0 else own_brand", {}, ["revenue@2025", "listed", "own_brand"]),
        ("listed if revenue > 0 else own_brand", {"revenue": "1元"}, ["listed"]),
        ("listed if revenue > 0 else own_brand", {"revenue": "0"}, ["own_brand"]),
        ("grade(sme_size) <= 3", {"industry": "C39", "employees": "2000人"}, ["revenue@2025"]),
        ("grade(sme_size, employees) <= 3", {}, ["industry", "employees@2025"]),
        ("where_given(larger_safety_accident) and listed", {}, ["listed"]),
    ],
)  # fmt: skip
def test_missing_are_the_facts_that_would_decide(text, written, keys):
    assert missing_of(text, **written) == keys


def test_shift_moves_every_yearly_fact_back():
    tree = parse_condition("ratio(rnd_expense, revenue[y2]) > 0 and listed", NAMES)
    moved = parse_condition("ratio(rnd_expense[y3], revenue[y4]) > 0 and listed", NAMES)

    assert nodes.shift(tree, 2) == moved


def test_expand_leaves_other_nodes_alone():
    tree = parse_condition("listed", NAMES)

    assert nodes.expand(tree) == tree


@pytest.mark.parametrize(
    ("last", "found"), [("0.01", "met"), ("0", "met"), ("-0.01", "unmet")]
)
@pytest.mark.parametrize("function", ["compound_growth", "mean_growth"])
def test_growth_over_many_years_is_exact(function, last, found):
    text = f"{function}(40, revenue) >= '0%'"
    flat = dict.fromkeys(range(1985, 2026), Decimal("123456789012.34"))
    flat[2025] += Decimal(last)
    check = evaluate.condition(parse_condition(text, NAMES))

    assert check(Scope({"revenue": flat}, ON, ON.year)) == found


def test_compound_rate_with_many_digits_is_exact():
    text = "compound_growth(50, revenue) >= '33.333333%'"
    flat = {2025: Decimal("1E+20"), 1975: Decimal("0.01")}
    check = evaluate.condition(parse_condition(text, NAMES))

    assert check(Scope({"revenue": flat}, ON, ON.year)) == "met"
