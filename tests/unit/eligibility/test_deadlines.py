"""What ends when: official lists before filed dates, rounds of the territory."""

import datetime

import pytest

from tests.factories import EnterpriseFactory
from tidu.eligibility.deadlines import deadlines, rounds_ahead
from tidu.eligibility.queries import current_standings
from tidu.registry.models import HeldTitle

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 6, 1)


def held(firm, until, scheme="srdi_sme", start=datetime.date(2023, 7, 1), **more):
    return HeldTitle.objects.create(
        enterprise=firm,
        scheme=scheme,
        valid_from=start,
        valid_until=until,
        source="虚构名单",
        **more,
    )


def told(firm):
    found = current_standings(firm, on=ON)
    return [(e.label.chinese, e.date, e.official) for e in deadlines(firm, found)]


def test_a_list_wins_over_a_filed_date_and_the_nearest_comes_first():
    firm = EnterpriseFactory(
        facts={"srdi_valid_until": "2030-01-01", "high_tech_valid_until": "2027-01-01"}
    )
    held(firm, datetime.date(2026, 6, 30))

    (srdi, high_tech) = told(firm)
    assert srdi[1:] == (datetime.date(2026, 6, 30), True)
    assert high_tech[1:] == (datetime.date(2027, 1, 1), False)


def test_a_renewed_title_counts_by_its_last_term_and_a_revoked_one_not_at_all():
    firm = EnterpriseFactory()
    held(firm, datetime.date(2029, 7, 1), start=datetime.date(2026, 7, 1))
    held(firm, datetime.date(2026, 6, 30))
    held(
        firm,
        datetime.date(2027, 1, 1),
        scheme="little_giant",
        revoked_on=datetime.date(2026, 1, 1),
        revoked_reason="虚构",
    )

    assert [each[1] for each in told(firm)] == [datetime.date(2029, 7, 1)]


@pytest.mark.parametrize(
    ("until", "days", "soon", "past"),
    [
        (datetime.date(2026, 5, 31), -1, False, True),
        (ON, 0, True, False),
        (datetime.date(2026, 11, 28), 180, True, False),
        (datetime.date(2026, 11, 29), 181, False, False),
    ],
)
def test_half_a_year_before_its_end_is_soon(until, days, soon, past):
    firm = EnterpriseFactory()
    held(firm, until)

    (found,) = deadlines(firm, current_standings(firm, on=ON))
    assert (found.days, found.soon, found.past) == (days, soon, past)


def test_rounds_are_those_of_the_territory_not_yet_closed():
    here, elsewhere = EnterpriseFactory(), EnterpriseFactory(territory="110101")

    ahead = rounds_ahead(current_standings(here, on=ON))
    assert [(each.rule_set, each.year) for each in ahead] == [
        ("srdi_sme/2026-04-01", 2026),
        ("srdi_sme/2026-04-01", 2027),
    ]
    assert rounds_ahead(current_standings(elsewhere, on=ON)) == []
