"""Which row of the size table an industry code belongs to."""

from decimal import Decimal

import pytest

from tidu.rules.library import default_library
from tidu.rules.tables import Indicator

SIZE = default_library().national.tables["sme_size"]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("3912", "C3912"),
        ("C3912", "C3912"),
        ("c39", "C39"),
        ("01", "A01"),
        ("05", "A05"),
        ("7040", "K7040"),
        ("97", "T97"),
        ("99", "99"),
        ("x", "X"),
    ],
)
def test_code_is_written_with_its_letter(code, written):
    assert SIZE.with_letter(code) == written


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("3912", ["industry"]),
        ("B", ["industry"]),
        ("A01", ["agriculture"]),
        ("A05", ["none"]),
        ("0511", ["none"]),
        ("A", ["agriculture"]),
        ("5910", ["transport"]),
        ("G5920", ["warehousing"]),
        ("G59", ["warehousing"]),
        ("F", ["wholesale", "retail"]),
        ("K7010", ["real_estate_development"]),
        ("K7040", ["none"]),
        ("K7090", ["other"]),
        ("J66", ["none"]),
        ("Q83", ["none"]),
        ("99", []),
        ("X", []),
    ],
)
def test_listed_code_means_its_row_and_a_shorter_one_all_below_it(code, rows):
    assert [row.id for row in SIZE.candidates(code)] == rows


@pytest.mark.parametrize("code", [None, ""])
def test_unknown_code_may_be_any_row(code):
    assert SIZE.candidates(code) == SIZE.rows


def test_every_row_has_a_code_that_leads_to_it():
    for row in SIZE.rows:
        assert row in SIZE.candidates(row.codes[0])


def test_grade_bound_belongs_to_the_grade_above():
    indicator = Indicator("x", (Decimal(10), Decimal(20)), "人")

    assert [indicator.grade(each) for each in (9, 10, 19, 20)] == [1, 2, 2, 3]
