"""The monthly table: what was held on a day, by titles, filings and imports alone."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory
from tests.unit.registry.importing import committed, firm_line, run, somebody, table
from tidu.registry.actions import close_enterprise
from tidu.registry.imports.actions import undo_import
from tidu.registry.models import Enterprise, Filing, HeldTitle
from tidu.registry.monthly import holders, monthly_table, place_under
from tidu.registry.months import Month
from tidu.registry.titles import revoke_title

pytestmark = pytest.mark.django_db

JUNE = Month(2026, 6)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def moment(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def hold(start: str, end: str | None, scheme: str = "srdi_sme", **given) -> HeldTitle:
    firm = given.get("firm") or EnterpriseFactory(
        territory=given.get("territory", "990101")
    )
    return HeldTitle.objects.create(
        enterprise=firm,
        scheme=scheme,
        valid_from=day(start),
        valid_until=day(end) if end else None,
        source="虚构",
    )


def line(table, scheme: str = "srdi_sme"):
    return next(each for each in table.tiers if each.scheme == scheme)


def figures(each) -> tuple[int, ...]:
    return (
        each.before, each.entered, each.expired, each.revoked, each.closed, each.after,
        each.due,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-01-01", "2028-12-31", (1, 0, 0, 0, 0, 1, 0)),
        ("2025-01-01", None, (1, 0, 0, 0, 0, 1, 0)),
        ("2026-06-01", "2029-05-31", (0, 1, 0, 0, 0, 1, 0)),
        ("2026-06-30", "2029-05-31", (0, 1, 0, 0, 0, 1, 0)),
        ("2026-07-01", "2029-05-31", (0, 0, 0, 0, 0, 0, 0)),
        ("2023-06-30", "2026-06-29", (1, 0, 1, 0, 0, 0, 0)),
        ("2023-06-30", "2026-06-30", (1, 0, 0, 0, 0, 1, 1)),
        ("2023-06-30", "2026-05-31", (1, 0, 1, 0, 0, 0, 0)),
        ("2023-06-30", "2026-05-30", (0, 0, 0, 0, 0, 0, 0)),
        ("2024-01-01", "2026-12-31", (1, 0, 0, 0, 0, 1, 1)),
        ("2024-01-01", "2027-01-01", (1, 0, 0, 0, 0, 1, 0)),
    ],
)
def test_a_title_counts_to_its_last_day(start, end, expected):
    hold(start, end)

    assert figures(line(monthly_table("990101", JUNE))) == expected


def test_a_title_prolonged_is_neither_entry_nor_exit():
    first = hold("2023-06-16", "2026-06-15")
    hold("2026-06-16", "2029-06-15", firm=first.enterprise)

    found = line(monthly_table("990101", JUNE))

    assert figures(found) == (1, 0, 0, 0, 0, 1, 0)


def test_revoked_and_closed_are_told_from_expired():
    by = somebody()
    revoked = hold("2025-01-01", "2028-01-01")
    closed = hold("2025-01-01", "2028-01-01")
    hold("2023-06-11", "2026-06-10")
    revoke_title(title=revoked, on=day("2026-06-20"), reason="虚构", by=by)
    close_enterprise(enterprise=closed.enterprise, reason="注销（虚构）", by=by)
    Enterprise.objects.filter(pk=closed.enterprise_id).update(
        closed_at=moment("2026-06-30T23:59:00")
    )

    found = monthly_table("990101", JUNE)

    assert figures(line(found)) == (3, 0, 1, 1, 1, 0, 0)
    assert [(e.revoked, e.closed) for e in found.exits].count((False, False)) == 1
    assert holders("990101", day("2026-06-19"))[revoked.enterprise_id, "srdi_sme"]
    assert (revoked.enterprise_id, "srdi_sme") not in holders(
        "990101", day("2026-06-20")
    )


def test_each_line_adds_up_in_every_month():
    spans = [("2023-01-15", "2026-01-14"), ("2026-02-01", "2026-04-30"),
             ("2026-03-31", "2026-03-31"), ("2025-12-31", "2026-06-30")]  # fmt: skip
    for start, end in spans:
        hold(start, end)

    for number in range(1, 9):
        for each in monthly_table("99", Month(2026, number)).tiers:
            left = each.expired + each.revoked + each.closed
            assert each.before + each.entered - left == each.after


def test_places_one_step_below_and_their_sum():
    one = hold("2025-01-01", "2028-12-31", territory="990101")
    hold("2025-01-01", "2028-12-31", scheme="little_giant", firm=one.enterprise)
    hold("2025-01-01", "2028-12-31", territory="990202")
    EnterpriseFactory(territory="990100")
    EnterpriseFactory(territory="980101")
    Enterprise.objects.update(created_at=moment("2026-01-01T00:00:00"))

    found = monthly_table("99", JUNE)

    assert [(each.place, each.firms) for each in found.places] == [
        ("990100", 2),
        ("990200", 1),
    ]
    city = found.places[0]
    assert (city.holders["srdi_sme"], city.holders["little_giant"]) == (1, 1)
    assert city.any_title == 1
    assert (found.total.firms, found.total.holders["srdi_sme"]) == (3, 2)


def test_another_territory_sees_nothing():
    hold("2025-01-01", "2028-12-31", territory="990101")

    found = monthly_table("990102", JUNE)

    assert (found.places, found.total.firms, line(found).after) == ([], 0, 0)


def test_firms_without_a_filing_this_year():
    for at in ("2025-12-31T23:59:00", "2026-01-01T00:00:00", "2026-07-01T00:00:00"):
        firm = EnterpriseFactory(facts={"employees@2025": 5})
        Filing.objects.filter(enterprise=firm).update(filed_at=moment(at))
    early = moment("2025-01-01T00:00:00")
    Enterprise.objects.update(created_at=early)

    assert monthly_table("990101", JUNE).total.unfiled == 2
    assert monthly_table("990101", Month(2026, 7)).total.unfiled == 1


def test_imports_of_the_month_that_were_not_taken_back():
    by = somebody()
    committed(table(firm_line(1), firm_line(2)), by)
    taken = committed(table(firm_line(3)), by)
    run(undo_import, batch=taken, by=by)
    now = Month.of(timezone.localdate())

    found = monthly_table("990101", now).imports

    assert (found.files, found.entered, found.updated) == (1, 2, 0)
    assert monthly_table("990101", now.plus(-1)).imports.files == 0
    assert monthly_table("990102", now).imports.files == 0


def test_titles_outside_the_ladder_have_their_own_line():
    hold("2025-01-01", "2028-12-31", scheme="high_tech_enterprise")

    found = monthly_table("990101", JUNE)

    assert found.tiers[-1].scheme == "high_tech_enterprise"
    assert found.total.holders["high_tech_enterprise"] == 1


def test_months_go_over_the_year():
    assert Month(2026, 11).plus(6) == Month(2027, 5)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month(2024, 2).last == day("2024-02-29")
    assert Month.read("2026-13") is None
    assert Month.read("2026-06") == JUNE


@pytest.mark.parametrize(
    ("scope", "code", "place"),
    [("", "990101", "990000"), ("99", "990101", "990100"), ("9901", "990101", "990101"),
     ("990101", "990101", "990101"), ("9901", "990100", "990100")],
)  # fmt: skip
def test_the_place_one_step_below(scope, code, place):
    assert place_under(scope, code) == place
