"""Whether chance explains an auditor's clients just above a bar."""

import itertools
from decimal import Decimal

import pytest

from tests.unit.casework.integrity.applying import application, cases, figure
from tidu.casework.integrity.applications import Auditor, FigureSource
from tidu.casework.integrity.auditors import Bar, auditor_concentrations, fisher
from tidu.casework.integrity.limits import DEFAULT

BARS = (Bar("revenue", Decimal(50_000_000)), Bar("rnd_expense", Decimal(3_000_000)))
CLOSE, FAR = 50_500_000, 70_000_000


def clients(auditor, close, far):
    return [
        application(
            f"{auditor}{number:03d}",
            auditor=Auditor(auditor, f"虚构{auditor}事务所"),
            figures=(figure("revenue", CLOSE if number < close else FAR),),
        )
        for number in range(close + far)
    ]


def spread(count=20):
    return [each for n in range(count) for each in clients(f"R{n}-", 0, 5)]


def found(applications, bars=BARS):
    return list(auditor_concentrations(applications, bars, DEFAULT))


def test_six_of_seven_just_above_are_told_and_the_seventh_is_not():
    signals = found([*spread(), *clients("A", 6, 1)])

    assert cases(signals) == [f"A{n:03d}" for n in range(6)]
    assert signals[0].seen.sentence() == (
        "审计机构“虚构A事务所”的7家客户中有6家的营业收入刚好超过门槛（3%以内），"
        "其他机构为100家中的0家"
    )
    assert signals[0].related == tuple(f"A{n:03d}" for n in range(1, 6))
    assert [each.where for each in signals[0].places] == [
        "auditor",
        "figures/revenue@2025",
    ]


def test_a_few_of_many_are_chance():
    others = [each for n in range(20) for each in clients(f"R{n}-", 1, 9)]

    assert found([*others, *clients("A", 2, 10)]) == []


def test_of_four_clients_nothing_can_be_said():
    assert found([*spread(), *clients("A", 4, 0)]) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [(50_000_000, True), (49_999_999, False), (51_499_999, True), (51_500_000, False)],
)
def test_just_above_begins_at_the_bar_and_ends_three_percent_higher(value, told):
    group = [
        application(
            f"A{n}", auditor=Auditor("A", "A"), figures=(figure("revenue", value),)
        )
        for n in range(6)
    ]

    assert bool(found([*spread(), *group])) is told


def test_only_the_latest_declared_year_counts_and_the_unknown_is_left_out():
    auditor = Auditor("A", "A")
    group = [
        application(
            f"A{n}",
            auditor=auditor,
            figures=(
                figure("revenue", FAR),
                figure("revenue", CLOSE, year=2024),
                figure("revenue", CLOSE, source=FigureSource.TAX),
            ),
        )
        for n in range(6)
    ]
    unknown = [application(f"U{n}", auditor=auditor) for n in range(6)]
    nobody = [
        application(f"N{n}", figures=(figure("revenue", CLOSE),)) for n in range(6)
    ]

    assert found([*spread(), *group, *unknown, *nobody]) == []


def test_without_bars_there_is_no_test():
    assert found([*spread(), *clients("A", 9, 0)], bars=()) == []


@pytest.mark.parametrize(("drawn", "hits"), [(4, 3), (6, 2), (9, 0), (8, 4)])
def test_the_chance_is_that_of_counting_all_draws(drawn, hits):
    marked = [1] * 4 + [0] * 6
    draws = list(itertools.combinations(marked, drawn))
    expected = sum(sum(draw) >= hits for draw in draws) / len(draws)

    assert fisher(drawn, hits, 10, 4) == pytest.approx(expected)
