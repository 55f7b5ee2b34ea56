"""Facts: flat keys in, nested years inside, never changed."""

from decimal import Decimal

import pytest

from tidu.rules.facts import Choice, Fact, Facts, FactType, Period, key_of, split_key

REVENUE = Decimal(60_000_000)


def facts() -> Facts:
    return Facts.of(
        {"name": "甲公司", "revenue@2025": REVENUE, "revenue@2024": Decimal(5)},
        {"revenue@2025": "表1!C2"},
    )


def test_key_of_yearly_fact_carries_the_year():
    assert (key_of("revenue", 2025), key_of("name")) == ("revenue@2025", "name")


def test_split_key_is_the_inverse_of_key_of():
    assert split_key("revenue@2025") == ("revenue", 2025)
    assert split_key("name") == ("name", None)


def test_facts_of_flat_keys_nest_the_years():
    assert facts().values == {
        "name": "甲公司",
        "revenue": {2025: REVENUE, 2024: Decimal(5)},
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "甲公司"),
        ("revenue@2025", REVENUE),
        ("revenue@2020", None),
        ("revenue", None),
        ("name@2025", None),
        ("employees", None),
        ("employees@2025", None),
    ],
)
def test_get_gives_the_value_or_none(key, value):
    assert facts().get(key) == value


def test_flat_gives_back_what_was_put_in():
    assert facts().flat() == {
        "name": "甲公司",
        "revenue@2025": REVENUE,
        "revenue@2024": Decimal(5),
    }


def test_changed_replaces_and_takes_away():
    before = facts()

    found = before.changed({"name": "乙公司", "revenue@2024": None, "gone": None})

    assert found.flat() == {"name": "乙公司", "revenue@2025": REVENUE}
    assert found.sources == before.sources
    assert before.get("name") == "甲公司"


def test_facts_without_sources_have_none():
    assert Facts.of({}).sources == {}


def fact(**more) -> Fact:
    return Fact("x", "某", "x", "g", FactType.CHOICE, Period.YEAR, **more)


def test_fact_of_a_year_is_yearly():
    assert fact().yearly


def test_choice_label_is_given_in_both_languages():
    city = fact(
        choices=(Choice("none", "无", "none"), Choice("city", "市级", "city level"))
    )

    assert city.choice_label("city") == "市级"
    assert city.choice_label("city", english=True) == "city level"
    assert city.choice_label("town") == "town"
