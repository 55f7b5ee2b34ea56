"""The shipped sample of real companies reads completely, with its sources."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tidu.intake import load_column_map, read_file
from tidu.rules.library import default_library

from .conftest import ON

SAMPLES = Path(__file__).parents[3] / "samples"
FACTS = default_library().facts


def real_companies():
    columns = load_column_map(SAMPLES / "star_market_2025.columns.yaml", FACTS)
    return read_file(SAMPLES / "star_market_2025.csv", FACTS, on=ON, columns=columns)


def test_all_eighteen_companies_are_read():
    intake = real_companies()

    assert len(intake.rows) == 18
    assert all(row.readable for row in intake.rows)
    assert {p.what for p in intake.problems} == {"没有统一社会信用代码"}


def test_figures_carry_the_page_they_stand_on():
    facts = real_companies().rows[0].facts

    assert facts.get("revenue@2025") == Decimal("5456316783.63")
    assert "年度报告第14页" in facts.sources["revenue@2025"]


def test_employees_are_worked_out_and_said_so():
    facts = real_companies().rows[0].facts

    assert facts.get("employees@2025") == 784
    assert "推算：研发人员583人除以占比74.36%" in facts.sources["employees@2025"]


def test_what_the_reports_do_not_say_stays_unknown():
    known = {key for row in real_companies().rows for key, _ in row.facts.items()}

    assert known <= {
        "name",
        "uscc",
        "listed",
        "revenue@2025",
        "rnd_expense@2025",
        "rnd_staff@2025",
        "employees@2025",
    }
