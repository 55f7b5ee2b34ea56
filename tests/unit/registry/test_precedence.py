"""Which figure is in force: the stronger source, then the later filing."""

import datetime

import pytest

from tidu.registry.enums import FilingSource
from tidu.registry.precedence import Filed, current_entries, in_force

DAY = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


class Kept:
    """A filing as the table has it."""

    def __init__(self, pk, source, entries, hours=0, *, withdrawn=False):
        self.pk = pk
        self.source = source
        self.entries = entries
        self.filed_at = DAY + hours * HOUR
        self.filed_by = "虚构人员"
        self.withdrawn_at = DAY if withdrawn else None


def filed(value, source, hours=0, filing=1):
    return Filed(value, source, DAY + hours * HOUR, filing)


def test_alone_it_is_in_force():
    found = in_force([filed("1.00", FilingSource.IMPORT)])

    assert (found.chosen.value, found.others) == ("1.00", ())
    assert found.reason == "只有一个来源"


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    list(zip(list(FilingSource), list(FilingSource)[1:], strict=False)),
)
def test_stronger_source_wins_even_when_it_came_earlier(stronger, weaker):
    found = in_force([filed("1.00", stronger, 0, 1), filed("2.00", weaker, 9, 2)])

    assert found.chosen.value == "1.00"
    assert [each.value for each in found.others] == ["2.00"]
    assert found.reason == f"“{stronger.label}”优先于“{weaker.label}”"


def test_a_source_corrects_itself():
    source = FilingSource.ENTERPRISE
    found = in_force([filed("2.00", source, 5, 2), filed("1.00", source, 1, 1)])

    assert (found.chosen.value, found.others) == ("2.00", ())


def test_of_the_same_moment_the_later_number_wins():
    source = FilingSource.ENTERPRISE
    found = in_force([filed("2.00", source, 0, 2), filed("1.00", source, 0, 1)])

    assert found.chosen.value == "2.00"


def test_sources_that_agree_are_no_conflict():
    found = in_force(
        [
            filed("1.00", FilingSource.IMPORT),
            filed("1.00", FilingSource.ENTERPRISE, 1, 2),
        ]
    )

    assert (found.others, found.reason) == ((), "各来源一致")


def test_withdrawn_figure_gives_way_to_the_other_source():
    source = FilingSource.ENTERPRISE
    figures = [
        filed("1.00", FilingSource.IMPORT),
        filed("2.00", source, 1, 2),
        filed(None, source, 2, 3),
    ]

    assert in_force(figures).chosen.value == "1.00"


def test_all_withdrawn_is_no_figure():
    source = FilingSource.ENTERPRISE
    found = in_force([filed("2.00", source, 1, 2), filed(None, source, 2, 3)])

    assert found.chosen is None


def test_current_entries_name_filing_place_evidence_and_conflict():
    filings = [
        Kept(1, "import", {"revenue@2025": {"value": "1.00"}}),
        Kept(
            2,
            "statement",
            {"revenue@2025": {"value": "2.00", "place": "利润表", "evidence": 7}},
        ),
        Kept(3, "official", {"revenue@2025": {"value": "3.00"}}, withdrawn=True),
        Kept(4, "enterprise", {"employees@2025": {"value": None}}),
    ]

    assert current_entries(filings) == {
        "revenue@2025": {
            "value": "2.00",
            "filing": 2,
            "place": "利润表",
            "evidence": 7,
            "conflict": True,
        }
    }
