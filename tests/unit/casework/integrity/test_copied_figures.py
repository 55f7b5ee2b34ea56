"""The same block of amounts in two firms, as it is or multiplied through."""

import pytest

from tests.redteam.firms import dice_of
from tests.unit.casework.integrity.applying import application, cases, figure
from tidu.casework.integrity.applications import FigureSource
from tidu.casework.integrity.copied_figures import copied_figures
from tidu.casework.integrity.limits import DEFAULT

FACTS = (
    "revenue",
    "main_revenue",
    "rnd_expense",
    "net_profit",
    "total_assets",
    "total_liabilities",
)


def block(seed, factor=1.0, facts=FACTS):
    dice = dice_of(seed)
    values = [dice.randint(10_000_000, 90_000_000) for _ in FACTS]
    return tuple(
        figure(fact, round(value * factor))
        for fact, value in zip(FACTS, values, strict=True)
        if fact in facts
    )


def found(*blocks, **parts):
    applications = [
        application(f"C{n}", figures=each, **parts) for n, each in enumerate(blocks)
    ]
    return list(copied_figures(applications, DEFAULT))


def test_a_block_as_it_is_is_told_at_both():
    signals = found(block("a"), block("a"), block("b"))

    assert cases(signals) == ["C0", "C1"]
    assert signals[0].seen.sentence() == "2025年等6个金额与案卷C1的企业完全相同"
    assert len(signals[0].places) == 6
    assert signals[0].tie == signals[1].tie


def test_a_block_multiplied_through_keeps_its_ratios():
    signals = found(block("a"), block("a", 1.37))

    assert cases(signals) == ["C0", "C1"]
    assert signals[1].seen.sentence() == "2025年等5个金额与案卷C0的企业成同一比例"


@pytest.mark.parametrize("facts", [FACTS[:3], ()], ids=["three values", "none"])
def test_a_few_equal_values_are_not(facts):
    assert found(block("a", facts=facts), block("a", facts=facts)) == []


def test_round_amounts_and_other_sources_say_nothing():
    even = tuple(figure(fact, 50_000_000) for fact in FACTS)
    tax = tuple(
        figure(each.fact.id, each.value, source=FigureSource.TAX) for each in block("a")
    )
    heads = tuple(figure("employees", 1234, year=year) for year in range(2018, 2026))
    losses = tuple(figure("net_profit", -1_234_567, year=y) for y in range(2018, 2026))

    assert found(even, even) == []
    assert found(tax, tax) == []
    assert found(heads, heads) == []
    assert found(losses, losses) == []


def test_a_confirmed_group_may_hand_in_the_same_accounts():
    assert found(block("a"), block("a"), group="G") == []


def test_amounts_that_very_many_have_say_nothing():
    assert found(*(block("a") for _ in range(DEFAULT.common_value + 1))) == []


def test_ratios_need_the_revenue_of_the_year():
    without = FACTS[1:]

    assert found(block("a", facts=without), block("a", 1.37, facts=without)) == []


def test_all_copies_are_related():
    assert found(block("a"), block("a"), block("a"))[0].related == ("C1", "C2")
