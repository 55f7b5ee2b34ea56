"""Ratios far above the industry; unknown ones are not far."""

import pytest

from tests.redteam.firms import dice_of
from tests.unit.casework.integrity.applying import application, cases, figure
from tidu.casework.integrity.applications import FigureSource
from tidu.casework.integrity.limits import DEFAULT
from tidu.casework.integrity.peers import RATIOS, _shown, far_from_peers


def peers(count=30, industry="C3562"):
    dice = dice_of("peers")
    return [
        application(
            f"P{number:02d}",
            industry=industry,
            figures=(
                figure("revenue", 50_000_000),
                figure("rnd_expense", int(2_500_000 * dice.uniform(0.7, 1.4))),
                figure("employees", dice.randint(60, 90)),
            ),
        )
        for number in range(count)
    ]


def odd(*figures, industry="C3562"):
    return application("X", industry=industry, figures=figures)


FAR = figure("revenue", 50_000_000), figure("rnd_expense", 25_000_000)


def test_ten_times_the_median_is_told_with_the_median():
    (signal,) = far_from_peers([*peers(), odd(*FAR)], DEFAULT)

    assert signal.case == "X"
    assert signal.seen.sentence().startswith(
        "2025年研发费用占营业收入为50%，同行业31家"
    )
    assert [each.where for each in signal.places] == [
        "figures/rnd_expense@2025",
        "figures/revenue@2025",
    ]


def test_a_tenth_of_the_median_is_not():
    low = figure("revenue", 50_000_000), figure("rnd_expense", 250_000)

    assert list(far_from_peers([*peers(), odd(*low)], DEFAULT)) == []


@pytest.mark.parametrize(
    "figures",
    [
        (),
        (FAR[1],),
        (FAR[0], figure("rnd_expense", -1)),
        (figure("revenue", 0), FAR[1]),
        (FAR[0], figure("rnd_expense", 25_000_000, year=2024)),
        (FAR[0], figure("rnd_expense", 25_000_000, source=FigureSource.TAX)),
    ],
)
def test_what_is_unknown_or_not_positive_is_never_far(figures):
    assert list(far_from_peers([*peers(), odd(*figures)], DEFAULT)) == []


def test_the_latest_year_with_both_values_counts():
    earlier = [figure(each.fact.id, each.value, year=2024) for each in FAR]
    only = figure("revenue", 1_000, year=2025)

    (signal,) = far_from_peers([*peers(), odd(*earlier, only)], DEFAULT)

    assert signal.seen.sentence().startswith("2024年")


def test_an_applicant_without_an_industry_is_not_compared():
    assert list(far_from_peers([*peers(), odd(*FAR, industry=None)], DEFAULT)) == []


def test_an_industry_with_few_firms_is_compared_with_its_section():
    few = [*peers(), odd(*FAR, industry="C1495")]
    alone = [*peers(), odd(*FAR, industry="I6513")]

    assert "同行业31家" in next(far_from_peers(few, DEFAULT)).seen.sentence()
    assert list(far_from_peers(alone, DEFAULT)) == []


def test_a_short_code_is_compared_at_its_own_level():
    found = far_from_peers([*peers(), odd(*FAR, industry="C35")], DEFAULT)

    assert cases(found) == ["X"]


def test_the_farthest_ratio_is_told_and_the_others_are_counted():
    (signal,) = far_from_peers([*peers(), odd(*FAR, figure("employees", 1))], DEFAULT)

    assert "人均营业收入为5,000万元" in signal.seen.sentence()
    assert signal.seen.sentence().endswith("；另有1项比率同样偏离")


def test_an_industry_in_which_all_are_alike_allows_a_little():
    same = [
        application(
            f"P{n}",
            industry="C3562",
            figures=(FAR[0], figure("rnd_expense", 3_000_000)),
        )
        for n in range(25)
    ]
    near = odd(FAR[0], figure("rnd_expense", 4_500_000))

    assert list(far_from_peers([*same, near], DEFAULT)) == []


@pytest.mark.parametrize(
    ("value", "ratio", "expected"),
    [
        (0.031234, RATIOS[0], "3.123%"),
        (1.5, RATIOS[0], "150%"),
        (123.4, RATIOS[0], "12340%"),
        (1_204_321.0, RATIOS[1], "120.4万元"),
        (1234.5, RATIOS[1], "1,234元"),
    ],
)
def test_four_digits_that_count_are_shown(value, ratio, expected):
    assert _shown(value, ratio) == expected
