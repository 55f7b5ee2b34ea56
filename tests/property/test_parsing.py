"""Reading what was printed gives the same tree; whatever is written, no crash."""

from hypothesis import given
from hypothesis import strategies as st

from tests.property.trees import NAMES, conditions
from tidu.rules.errors import ExpressionError
from tidu.rules.parse import parse_condition
from tidu.rules.printing import print_expression

PIECES = (
    "revenue", "listed", "rnd_institution", "none", "'3%'", "'1500万元'", "60", ">=",
    "==", "in", "not", "and", "or", "if", "else", "(", ")", "[y2]", "[", "]", ",",
    "ratio(", "at_least(2,", "ever(", "manual()", "\n", "营业收入", "'", '"', "#",
    "lambda:", "*", "=", ".", ":", "-", "{", "}",
)  # fmt: skip


@given(conditions())
def test_parse_of_print_is_the_same_tree(tree):
    assert parse_condition(print_expression(tree), NAMES) == tree


@given(conditions())
def test_print_of_parse_is_the_same_text(tree):
    text = print_expression(tree)

    assert print_expression(parse_condition(text, NAMES)) == text


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_any_text_is_read_or_refused_at_a_place_inside_it(text):
    found = read(text)

    if isinstance(found, ExpressionError):
        assert 1 <= found.column <= len(text.strip()) + 1
    else:
        assert parse_condition(print_expression(found), NAMES) == found


def read(text: str):
    try:
        return parse_condition(text, NAMES)
    except ExpressionError as error:
        return error
