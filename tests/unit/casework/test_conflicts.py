"""Who stays away: confirmed identities bar, what looks alike is shown to a person."""

import datetime

import pytest

from tidu.casework.conflicts import Concerned, Ground, Tie, TieKind, find_conflicts

FIRM, GROUP, HOLDER, PATENT = "91-firm", "91-group", "91-holder", "ZL2024-1"


def tie(kind, party, *, confirmed=True, source="工商登记", until=None):
    return Tie(TieKind(kind), party, confirmed, source, until)


CASE = Concerned(
    "案1",
    (
        tie("self", FIRM),
        tie("group", GROUP),
        tie("shareholding", HOLDER),
        tie("ip", PATENT, source="专利登记簿"),
    ),
)


def expert(*ties):
    return Concerned("专1", ties)


@pytest.mark.parametrize(
    ("theirs", "ground"),
    [
        (tie("employment", FIRM), Ground.SAME_ORGANISATION),
        (tie("employment", GROUP), Ground.SAME_ORGANISATION),
        (tie("employment", HOLDER), Ground.SHAREHOLDING),
        (tie("self", HOLDER), Ground.SHAREHOLDING),
        (tie("shareholding", FIRM), Ground.SHAREHOLDING),
        (tie("ip", PATENT), Ground.SHARED_IP),
        (tie("declared", FIRM, source="专家申报"), Ground.DECLARED),
    ],
)
def test_a_confirmed_tie_bars_with_its_reason(theirs, ground):
    found = find_conflicts([CASE], [expert(theirs)])

    (reason,) = found.barred["案1", "专1"]
    assert reason.ground is ground
    assert theirs.party in reason.sentence()
    assert found.hints == {}


def test_a_reason_names_what_is_shared_and_both_sources():
    found = find_conflicts([CASE], [expert(tie("ip", PATENT, source="简历"))])

    (reason,) = found.barred["案1", "专1"]
    assert (
        reason.sentence() == "专家与企业同列一项知识产权（ZL2024-1、简历、专利登记簿）"
    )
    assert reason.sentence(english=True).startswith("the expert and the enterprise")


def test_an_unconfirmed_tie_is_a_hint_only():
    found = find_conflicts([CASE], [expert(tie("employment", FIRM, confirmed=False))])

    assert found.barred == {}
    assert [r.ground for r in found.hints["案1", "专1"]] == [Ground.SAME_ORGANISATION]


def test_a_tie_of_the_enterprise_must_be_confirmed_too():
    unsure = Concerned("案1", (tie("ip", PATENT, confirmed=False),))

    found = find_conflicts([unsure], [expert(tie("ip", PATENT))])

    assert (found.barred, len(found.hints)) == ({}, 1)


def test_a_barred_pair_gives_only_its_certain_reasons():
    both = expert(tie("employment", FIRM), tie("shareholding", FIRM, confirmed=False))

    found = find_conflicts([CASE], [both])

    assert [r.ground for r in found.barred["案1", "专1"]] == [Ground.SAME_ORGANISATION]
    assert found.hints == {}


def test_ties_long_ended_no_longer_count():
    former = expert(tie("employment", FIRM, until=datetime.date(2022, 5, 1)))

    def barred(**options):
        return find_conflicts([CASE], [former], **options).barred

    assert barred() != {}
    assert barred(since=datetime.date(2022, 5, 1)) != {}
    assert barred(since=datetime.date(2022, 5, 2)) == {}


def test_parties_that_merely_touch_bar_nobody():
    """Both hold shares of a third, both belong to it: no ground of the rules."""
    found = find_conflicts(
        [CASE], [expert(tie("shareholding", HOLDER), tie("employment", "91-other"))]
    )

    assert (found.barred, found.hints) == ({}, {})
