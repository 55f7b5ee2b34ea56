"""The fictional applications: only those that are meant to look forged can."""

import itertools
from decimal import Decimal

from tidu.casework.integrity.limits import DEFAULT
from tidu.cli.demonstration_signals import (
    COPIED,
    MILL,
    PARK,
    figures_of,
    told_by,
)

FIRMS, LAST = 60, 2025


def test_no_two_firms_share_amounts_but_who_copied():
    figures = {at: set(figures_of(at, LAST).items()) for at in range(FIRMS)}

    alike = {
        (left, right)
        for left, right in itertools.combinations(figures, 2)
        if len(figures[left] & figures[right]) >= DEFAULT.copied_values
    }

    assert alike == {(other, at) for at, other in COPIED.items()}


def test_parts_are_never_more_than_the_whole():
    for at in range(FIRMS):
        found = {key: Decimal(value) for key, value in figures_of(at, LAST).items()}
        for year in (LAST, LAST - 1):
            assert found[f"main_revenue@{year}"] < found[f"revenue@{year}"]
        assert found[f"rnd_expense@{LAST}"] < found[f"revenue@{LAST}"]


def test_texts_and_addresses_are_told_as_fictional():
    for at in range(FIRMS):
        said = told_by(at, "示范虚构有限公司")
        assert said["narrative"].startswith("虚构：")
        assert "虚构" in said["auditor_name"]
        assert ("孵化园" in said["contact_address"]) == (at in PARK)
        assert ("agent_phone" in said) == (at in MILL)
