"""Figures that differ, and differences that are explained."""

import dataclasses

import pytest

from tests.unit.casework.integrity.applying import application, cases, figure
from tidu.casework.integrity.applications import FigureSource
from tidu.casework.integrity.figures import differing_figures
from tidu.casework.integrity.limits import DEFAULT

TAX, REPORT = FigureSource.TAX, FigureSource.ANNUAL_REPORT
EARLIER = FigureSource.EARLIER_FILING


def found(*figures):
    return list(differing_figures([application("C1", figures=figures)], DEFAULT))


def test_a_difference_beyond_the_tolerance_is_told_with_both_values():
    (signal,) = found(
        figure("revenue", 60_000_000), figure("revenue", 50_000_000, source=TAX)
    )

    assert signal.seen.sentence() == (
        "2025年营业收入：本次申报6,000万元，税务数据5,000万元，超出允许的差异10%"
    )
    assert signal.seen.sentence(english=True) == (
        "Operating revenue (2025): 6,000万元 in this application, 5,000万元 in tax, "
        "beyond the tolerance of 10%"
    ).replace("Operating revenue", figure("revenue", 1).fact.english)
    assert [each.where for each in signal.places] == [
        "figures/revenue@2025/application",
        "figures/revenue@2025/tax",
    ]


@pytest.mark.parametrize(
    ("source", "within", "beyond"),
    [
        (TAX, 90_000_000, 89_999_999),
        (REPORT, 95_000_000, 94_999_999),
        (EARLIER, 98_000_000, 97_999_999),
    ],
)
def test_the_tolerance_itself_is_allowed(source, within, beyond):
    here = figure("revenue", 100_000_000)

    assert found(here, figure("revenue", within, source=source)) == []
    assert cases(found(here, figure("revenue", beyond, source=source))) == ["C1"]


def test_rounding_to_ten_thousand_and_one_head_are_no_difference():
    assert (
        found(
            figure("rnd_expense", 100_000),
            figure("rnd_expense", 110_000, source=EARLIER),
            figure("employees", 9),
            figure("employees", 10, source=REPORT),
        )
        == []
    )


def test_a_head_more_is():
    (signal,) = found(figure("employees", 9), figure("employees", 11, source=REPORT))

    assert "本次申报9，年度报告11" in signal.seen.sentence()


def test_other_years_facts_and_sources_are_not_compared():
    assert (
        found(
            figure("revenue", 100_000_000),
            figure("revenue", 10_000_000, year=2024, source=TAX),
            figure("main_revenue", 10_000_000, source=TAX),
            figure("main_revenue", 90_000_000, source=REPORT),
        )
        == []
    )


def test_merged_accounts_are_not_compared_with_single_ones_where_both_are_known():
    here = figure("revenue", 100_000_000, merged=True)
    there = figure("revenue", 40_000_000, source=TAX, merged=False)

    assert found(here, there) == []
    assert cases(found(here, dataclasses.replace(there, merged=True))) == ["C1"]
    assert cases(found(here, dataclasses.replace(there, merged=None))) == ["C1"]


@pytest.mark.parametrize("side", [0, 1])
def test_a_confirmed_restatement_explains_and_a_claimed_one_is_told(side):
    pair = [figure("revenue", 100), figure("revenue", 90_000_000, source=EARLIER)]
    confirmed, claimed = pair.copy(), pair.copy()
    confirmed[side] = dataclasses.replace(pair[side], restatement_confirmed=True)
    claimed[side] = dataclasses.replace(pair[side], restated=True)

    assert found(*confirmed) == []
    (signal,) = found(*claimed)
    assert signal.seen.sentence().endswith("；企业称已更正，尚未核实")


def test_the_largest_difference_is_told_and_the_others_are_counted():
    (signal,) = found(
        figure("revenue", 100_000_000),
        figure("revenue", 80_000_000, source=TAX),
        figure("revenue", 20_000_000, source=REPORT),
    )
    (single,) = found(
        figure("revenue", 100_000_000), figure("revenue", 80_000_000, source=TAX)
    )

    assert "年度报告2,000万元" in signal.seen.sentence()
    assert signal.seen.sentence().endswith("；另有1处不一致")
    assert signal.strength > single.strength


def test_a_profit_against_a_loss_is_as_far_as_it_gets():
    (signal,) = found(
        figure("net_profit", 5_000_000), figure("net_profit", -5_000_000, source=TAX)
    )

    assert signal.strength == 0.98
