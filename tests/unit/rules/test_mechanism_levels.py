"""Levels stated in examples of mechanisms, sizes below medium, tax periods."""

import datetime
from decimal import Decimal

import pytest

from tidu.rules.amounts import Per
from tidu.rules.entitlements import put_together
from tidu.rules.errors import PackError
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.measure_examples import (
    compare_mechanism,
    entitlement_of,
    load_mechanism_examples,
)

EXAMPLE = """\
examples:
  - name: 甲
    mechanism: aeo_finance
    on: 2026-06-01
    facts: {audit_opinion: qualified}
    expect: {audit_report: met}
    levels: LEVELS
"""
ON = datetime.date(2026, 6, 1)


def failures(tmp_path, levels: str) -> list[tuple[str, str, str]]:
    """What, expected and got of each answer that does not come out."""
    pack = default_library().national
    (tmp_path / "examples/mechanisms").mkdir(parents=True)
    path = tmp_path / "examples/mechanisms/own.yaml"
    path.write_text(EXAMPLE.replace("LEVELS", levels), encoding="utf-8")
    (example,) = load_mechanism_examples(pack, tmp_path)
    found = compare_mechanism(example, entitlement_of(pack, example))
    return [(each.what, each.expected, each.got) for each in found]


def test_a_level_that_comes_out_is_no_failure(tmp_path):
    assert failures(tmp_path, "{audit_report: 1, solvency: 0..2}") == []


def test_another_level_is_a_failure(tmp_path):
    assert failures(tmp_path, "{audit_report: 2, solvency: 1..2}") == [
        ("level audit_report", "2", "1"),
        ("level solvency", "1..2", "0..2"),
    ]


def test_a_level_of_a_plain_criterion_is_refused(tmp_path):
    with pytest.raises(PackError, match="没有分级的条件 solvent"):
        failures(tmp_path, "{solvent: 1}")


def test_a_level_nobody_can_read_is_refused(tmp_path):
    with pytest.raises(PackError, match="读不懂"):
        failures(tmp_path, "{solvency: 高}")


MEDIUM = {
    "industry": "3912",
    "employees@2025": 400,
    "revenue@2025": Decimal(90_000_000),
    "rural_business": False,
}


@pytest.mark.parametrize(
    ("changes", "chinese", "english"),
    [
        (
            {},
            "按划型标准为中型企业，不属于小微企业；“三农主体”为“否”，要求为“是”；"
            "满足其中一项即可。",
            "A medium enterprise by the size standard; not small or micro; In "
            "agriculture or rural services: no; must be yes; one of these is enough.",
        ),
        (
            {"employees@2025": 60},
            "按划型标准为小型企业，属于小微企业。",
            "A small enterprise by the size standard; is small or micro.",
        ),
        (
            {"employees@2025": 60, "revenue@2025": None},
            "按现有数据已可确定属于小微企业。",
            "The figures at hand already show that it is small or micro.",
        ),
    ],
)
def test_a_size_below_medium_is_not_called_an_sme(changes, chinese, english):
    facts = Facts.of(MEDIUM).changed(changes)
    package = put_together(default_library().national, facts, on=ON)
    finding = package.find("head_office_guarantee").standing.finding("served")

    assert finding.sentence() == chinese
    assert finding.sentence(english=True) == english


def test_a_tax_period_has_both_names():
    assert Per.TAX_PERIOD.label.say(english=False) == "每个纳税期"
    assert Per.TAX_PERIOD.label.say(english=True) == "per tax period"
