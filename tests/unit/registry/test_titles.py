"""What lists of titles say is in force as official figures."""

import datetime

import pytest

from tests.factories import EnterpriseFactory, acting, officer
from tidu.accounts.verdicts import Refused
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.mergers import merge_enterprises, undo_merger
from tidu.registry.queries import current_facts, figures_filed
from tidu.registry.titles import record_title, revoke_title, withdraw_title

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


def by():
    return acting(officer("990000"))


def record(firm, start, end, scheme="srdi_sme"):
    return record_title(
        enterprise=firm,
        scheme=scheme,
        valid_from=day(start),
        valid_until=day(end) if end else None,
        source="示范省名单（虚构）",
        by=by(),
    )


def held(firm, fact="holds_srdi", until="srdi_valid_until"):
    firm.refresh_from_db()
    entries = firm.current.entries
    return tuple(entries.get(key, {}).get("value") for key in (fact, until))


def test_a_recorded_title_is_held_until_its_last_day():
    firm = EnterpriseFactory()

    record(firm, "2024-07-01", "2027-06-30")

    assert held(firm) == (True, "2027-06-30")
    facts = current_facts(firm)
    assert facts.get("holds_srdi") is True
    assert facts.get("srdi_valid_until") == day("2027-06-30")


def test_the_list_wins_over_what_the_enterprise_said_and_both_are_shown():
    firm = EnterpriseFactory(facts={"holds_srdi": False})

    record(firm, "2024-07-01", "2027-06-30")

    assert held(firm) == (True, "2027-06-30")
    assert firm.current.conflicts == 1


def test_an_older_list_recorded_later_changes_nothing():
    firm = EnterpriseFactory()
    record(firm, "2024-07-01", "2027-06-30")

    record(firm, "2021-07-01", "2024-06-30")

    assert held(firm) == (True, "2027-06-30")


def test_a_title_without_an_end_has_no_last_day():
    firm = EnterpriseFactory()
    record(firm, "2021-07-01", "2024-06-30")

    record(firm, "2024-07-01", None)

    assert held(firm) == (True, None)


def test_a_revoked_title_is_held_no_more():
    firm = EnterpriseFactory(facts={"holds_srdi": True})
    title = record(firm, "2024-07-01", "2027-06-30")

    revoke_title(title=title, on=day("2026-06-01"), reason="虚构", by=by())

    assert held(firm) == (False, None)


def test_a_withdrawn_title_leaves_what_others_said():
    firm = EnterpriseFactory()
    file_facts(
        enterprise=firm,
        entries={"holds_srdi": {"value": True}},
        source=FilingSource.ENTERPRISE,
        by=by(),
    )
    title = record(firm, "2024-07-01", "2027-06-30")

    withdraw_title(title=title, by=by())

    assert held(firm) == (True, None)
    assert not firm.titles.exists()


def test_a_scheme_that_no_rule_asks_for_files_nothing():
    firm = EnterpriseFactory()

    record(firm, "2024-07-01", "2027-06-30", scheme="unicorn")

    assert not firm.filings.exists()


def test_a_title_is_no_filing_of_figures():
    firm = EnterpriseFactory()

    record(firm, "2024-07-01", "2027-06-30")

    assert firm.filings.count() == 1
    assert not figures_filed().exists()


def test_another_territory_withdraws_nothing():
    firm = EnterpriseFactory(territory="990101")
    title = record(firm, "2024-07-01", "2027-06-30")

    with pytest.raises(Refused):
        withdraw_title(title=title, by=acting(officer("990201")))
    assert firm.titles.exists()


def test_of_two_entries_of_one_firm_the_later_title_counts():
    kept, twin = EnterpriseFactory(), EnterpriseFactory(uscc=None)
    record(twin, "2024-07-01", "2027-06-30")
    record(kept, "2021-07-01", "2024-06-30")

    merger = merge_enterprises(kept=kept, duplicate=twin, source="虚构", by=by())

    assert held(kept) == (True, "2027-06-30")

    undo_merger(merger=merger, by=by())

    assert held(kept) == (True, "2024-06-30")
    assert held(twin) == (True, "2027-06-30")
