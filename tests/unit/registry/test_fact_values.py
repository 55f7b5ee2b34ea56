"""Facts as JSON and back, to the cent."""

import datetime
from decimal import Decimal

import pytest

from tidu.registry.fact_values import facts_from, from_json, to_json
from tidu.rules.facts import FactType
from tidu.rules.library import default_library


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Decimal("60880000.01"), FactType.MONEY),
        (Decimal("-0.05"), FactType.RATIO),
        (Decimal("1E+10"), FactType.MONEY),
        (120, FactType.COUNT),
        (3, FactType.NUMBER),
        (Decimal("2.5"), FactType.NUMBER),
        (True, FactType.BOOLEAN),
        (datetime.date(2015, 6, 1), FactType.DATE),
        ("C3484", FactType.CODE),
        ("示范", FactType.TEXT),
        ("national", FactType.CHOICE),
        (frozenset({"b", "a"}), FactType.CHOICES),
    ],
)
def test_a_value_comes_back_as_it_was(value, kind):
    assert from_json(to_json(value), kind) == value


@pytest.mark.parametrize(
    ("value", "kind"), [("many", FactType.MONEY), (None, FactType.COUNT)]
)
def test_a_value_of_another_kind_is_refused(value, kind):
    with pytest.raises(ValueError, match=str(value)):
        from_json(value, kind)


def test_entries_become_facts_with_their_places():
    entries = {
        "revenue@2025": {"value": "60880000.00", "place": "利润表"},
        "employees@2025": {"value": None},
        "a_fact_of_an_older_pack": {"value": 1},
    }

    facts = facts_from(entries, default_library().facts)

    assert facts.flat() == {"revenue@2025": Decimal("60880000.00")}
    assert facts.sources == {"revenue@2025": "利润表"}
