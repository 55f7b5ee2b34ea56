"""Which mechanisms are paid without applying, for which period, and what excludes what."""

import dataclasses
import datetime

import pytest

from tidu.rules.amounts import Nature, Per
from tidu.rules.library import default_library
from tidu.rules.measures import MechanismKind, StartWay
from tidu.rules.pay_list import (
    DRAFT,
    EXPORTED,
    NAMED,
    PAY_LIST,
    excluding,
    listable,
    period_of,
    why_not_listed,
)

ON = datetime.date(2026, 6, 1)
PACK = default_library().for_territory("990102")
AWARD = PACK.mechanisms["demo_tier_award"]


def test_the_table_is_in_order_and_ends_paid_or_cancelled():
    assert PAY_LIST.faults() == []
    assert [s.id for s in PAY_LIST.states.values() if s.final] == ["paid", "cancelled"]


def test_what_has_left_the_house_is_not_cancelled():
    assert PAY_LIST.find(DRAFT, "cancel")
    assert PAY_LIST.find(EXPORTED, "cancel") is None


def test_a_grant_paid_in_yuan_without_applying_is_listed():
    assert why_not_listed(AWARD) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"start": StartWay.TAX_RETURN}, "税务机关"),
        ({"start": StartWay.APPLY}, "自己申请"),
        ({"kind": MechanismKind.TERMS}, "自己申请"),
        ({"slot": "local_funds"}, "金额"),
        ({"amount": None}, "金额"),
        (
            {"amount": dataclasses.replace(AWARD.amount, nature=Nature.SAVED)},
            "金额",
        ),
    ],
)
def test_anything_else_is_refused_with_its_reason(change, why):
    assert why in why_not_listed(dataclasses.replace(AWARD, **change)).chinese


def test_only_the_own_province_and_its_time_are_listed():
    listed = listable(PACK, ON, "990102")
    assert AWARD in listed
    assert all(each.id.startswith("demo_") for each in listed)
    assert listable(PACK, datetime.date(2025, 12, 31), "990102") == []
    assert listable(PACK, ON, "440100") == []


@pytest.mark.parametrize(
    ("per", "period"),
    [
        (Per.ONCE, ""),
        (Per.YEAR, "2026"),
        (Per.MONTH, "2026-06"),
        (Per.PROJECT, "甲项目"),
        (Per.BATCH, "甲项目"),
        (Per.CASE, "甲项目"),
    ],
)
def test_what_paid_before_is_asked_for(per, period):
    assert period_of(per, ON, " 甲项目 ") == period
    assert (per in NAMED) == (period == "甲项目")


def test_not_with_excludes_in_both_directions():
    other = dataclasses.replace(AWARD, id="demo_other", not_with=("demo_tier_award",))

    assert excluding(AWARD, [AWARD, other]) == [other]
    assert excluding(other, [AWARD, other]) == [AWARD]


def test_of_a_group_only_one_is_chosen():
    one = dataclasses.replace(AWARD, id="demo_one", choose_one="award")
    two = dataclasses.replace(AWARD, id="demo_two", choose_one="award")

    assert excluding(one, [AWARD, one, two]) == [two]
    assert excluding(AWARD, [one, two]) == []
