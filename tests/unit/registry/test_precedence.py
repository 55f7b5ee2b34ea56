"""Which of several filed figures is in force, and why."""

import datetime
import itertools

import pytest

from tidu.registry.current import entries_of_one
from tidu.registry.enums import FilingSource
from tidu.registry.fact_values import same_value
from tidu.registry.models import Filing
from tidu.registry.precedence import ORDER, current_entries, in_force

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def filing(number: int, source: FilingSource, value, **more) -> Filing:
    return Filing(
        pk=number,
        source=source,
        entries={"employees@2025": {"value": value, "place": f"表 第{number}行"}},
        filed_by="虚构人员",
        filed_at=START + datetime.timedelta(days=number),
        **more,
    )


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.pairwise(ORDER)))
def test_the_stronger_source_wins_whoever_came_last(stronger, weaker):
    filings = [filing(1, stronger, 10), filing(2, weaker, 20)]

    entry = current_entries(filings)["employees@2025"]

    assert entry == {
        "value": 10,
        "filing": 1,
        "place": "表 第1行",
        "conflict": True,
    }


def test_a_source_corrects_itself():
    filings = [filing(1, FilingSource.IMPORT, 10), filing(2, FilingSource.IMPORT, 20)]

    entry = current_entries(filings)["employees@2025"]

    assert (entry["value"], "conflict" in entry) == (20, False)


def test_a_withdrawn_figure_leaves_the_next_source():
    filings = [
        filing(1, FilingSource.IMPORT, 10),
        filing(2, FilingSource.OFFICIAL, 20),
        filing(3, FilingSource.OFFICIAL, None),
    ]

    assert current_entries(filings)["employees@2025"]["value"] == 10


def test_a_withdrawn_filing_counts_for_nothing():
    filings = [
        filing(1, FilingSource.IMPORT, 10),
        filing(2, FilingSource.OFFICIAL, 20, withdrawn_at=START),
    ]

    assert current_entries(filings)["employees@2025"]["filing"] == 1


def test_nothing_stated_is_nothing_in_force():
    assert current_entries([filing(1, FilingSource.IMPORT, None)]) == {}
    assert in_force([]).chosen is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("60000000.00", "60000000", True),
        ("0.0300", "0.03", True),
        ("60000000", "6000000", False),
        ("0101", "101", False),
        ("100", "1e2", False),
        (True, "true", False),
        (["a"], ["a"], True),
    ],
)
def test_values_are_compared_by_what_they_say(one, other, same):
    assert same_value(one, other) is same


def test_one_filing_is_in_force_as_it_is():
    one = filing(7, FilingSource.IMPORT, 10)
    one.entries["listed"] = {"value": None}
    one.entries["revenue@2025"] = {"value": "1.00", "place": "", "evidence": 3}

    assert entries_of_one(one.entries, 7) == current_entries([one])
