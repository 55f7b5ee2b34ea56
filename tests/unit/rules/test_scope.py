"""Dates and ranges that everything is evaluated against."""

import datetime
from decimal import Decimal, Inexact

import pytest

from tidu.rules.scope import (
    Interval,
    add_years,
    as_range,
    full_years,
    interval,
    multiply,
)

day = datetime.date


def test_interval_of_equal_ends_is_the_value():
    assert interval(3, 3) == 3


def test_interval_of_different_ends_stays_one():
    assert interval(3, 5) == Interval(3, 5)


def test_range_of_an_exact_value_has_equal_ends():
    assert (as_range(3), as_range(Interval(3, 5))) == (Interval(3, 3), Interval(3, 5))


@pytest.mark.parametrize(
    ("date", "years", "found"),
    [
        (day(2016, 6, 1), 10, day(2026, 6, 1)),
        (day(2016, 2, 29), 10, day(2026, 2, 28)),
        (day(2016, 2, 29), 12, day(2028, 2, 29)),
        (day(2016, 3, 1), -1, day(2015, 3, 1)),
    ],
)
def test_add_years_keeps_the_day_where_it_exists(date, years, found):
    assert add_years(date, years) == found


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        (day(2022, 12, 31), day(2025, 12, 31), 3),
        (day(2023, 1, 1), day(2025, 12, 31), 2),
        (day(2024, 2, 29), day(2025, 2, 28), 1),
        (day(2027, 1, 1), day(2025, 12, 31), 0),
    ],
)
def test_full_years_go_by_anniversaries(since, until, years):
    assert full_years(since, until) == years


def test_products_are_exact():
    assert multiply(Decimal("0.0000000000000001"), Decimal("99999999999999999.99")) == (
        Decimal("9.999999999999999999")
    )


def test_inexact_product_is_an_error():
    digits = Decimal("1." + "3" * 3000)

    with pytest.raises(Inexact):
        multiply(digits, digits)
