"""A round's rows become applications: what is known, as it was frozen; no more."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.unit.casework.cases import SRDI, call, desk, firm, office
from tests.unit.casework.signal_cases import PDF, apply, complete
from tidu.casework.actions import (
    resubmit_case,
    start_case,
    state_clause,
    submit_case,
    withdraw_case,
)
from tidu.casework.deciding import return_case
from tidu.casework.enums import KnownAs, RightOrigin
from tidu.casework.experts import TieGiven, add_tie
from tidu.casework.integrity.applications import (
    ContactKind,
    ContactRole,
    FigureSource,
    Obtained,
)
from tidu.casework.queries import readiness_of
from tidu.casework.review_models import TieChoice
from tidu.casework.rights import GivenRight
from tidu.casework.signal_inputs import applications_of, bars_of
from tidu.casework.signal_models import KnownTie
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource, IdentityKind
from tidu.registry.models import FormerIdentity

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    for level in ("county", "city"):
        office(level)
    return call()


def only(opened):
    (found,) = applications_of(opened)
    return found


def test_what_nobody_has_said_stays_unknown(opened):
    case, _by = apply(opened)

    found = only(opened)

    assert found.case == case.number
    assert found.enterprise == str(case.enterprise_id)
    assert found.filed_on == timezone.localdate()
    assert found.auditor is None
    assert found.group is None
    assert found.rights == found.documents == found.former_names == ()
    assert [each.kind for each in found.contacts] == [ContactKind.PHONE]
    assert all(each.merged is None for each in found.figures)
    assert found.industry == "C3484"  # the letter comes from the table of industries


def test_all_that_a_case_holds_is_mapped(opened):
    bought = datetime.date(2026, 4, 1)
    case, _by = apply(
        opened,
        agent_name="虚构代办",
        agent_phone="000-7654321",
        contact_address="虚构路1号",
        auditor_name="虚构会计师事务所",
        narrative="虚构的自述",
        rights=[
            GivenRight("ZL1", RightOrigin.TRANSFERRED, bought, "虚构转让方"),
            GivenRight("ZL2"),
        ],
        files=[PDF],
    )
    FormerIdentity.objects.create(
        enterprise=case.enterprise,
        kind=IdentityKind.NAME,
        value="虚构旧名有限公司",
        source="虚构",
    )

    found = only(opened)

    values = {(each.kind, each.value, each.agent) for each in found.contacts}
    assert (ContactKind.PHONE, "000-7654321", "虚构代办") in values
    assert (ContactKind.ADDRESS, "虚构路1号", None) in values
    assert found.auditor.name == "虚构会计师事务所"
    assert found.former_names == ("虚构旧名有限公司",)
    assert found.narratives[0].text == "虚构的自述"
    assert {each.text for each in found.narratives[1:]} == {"虚构的说明"}
    assert [
        (each.number, each.obtained, each.changed_on, each.from_whom)
        for each in found.rights
    ] == [
        ("ZL1", Obtained.TRANSFERRED, bought, "虚构转让方"),
        ("ZL2", None, None, None),
    ]
    assert [each.title for each in found.documents] == ["虚构材料0"]
    assert not found.documents[0].public


def test_figures_are_those_that_were_frozen(opened):
    case, by = apply(opened)
    file_facts(
        enterprise=case.enterprise,
        entries={"revenue@2025": {"value": "99000000.00"}},
        source=FilingSource.ENTERPRISE,
        by=by,
        reason="虚构",
    )

    figures = {(each.fact.id, each.year): each for each in only(opened).figures}

    assert figures["revenue", 2025].value == Decimal("80000000.00")
    assert figures["employees", 2025].value == 180
    assert all(each.source is FigureSource.APPLICATION for each in figures.values())


def test_drafts_and_what_was_withdrawn_are_not_read(opened):
    enterprise, by = firm()
    start_case(opened=opened, enterprise=enterprise, by=by)
    case, owner = apply(opened)
    withdraw_case(case=case, by=owner, seen=case.counter)

    assert list(applications_of(opened)) == []


def test_an_application_in_an_earlier_round_is_an_earlier_filing(opened):
    first = call("county")
    case, by = apply(first)
    file_facts(
        enterprise=case.enterprise,
        entries={"revenue@2025": {"value": "90000000.00"}},
        source=FilingSource.ENTERPRISE,
        by=by,
        reason="虚构",
    )
    later = start_case(opened=opened, enterprise=case.enterprise, by=by)
    complete(later, by)
    submit_case(case=later, by=by, seen=later.counter)

    def told(of):
        return {
            each.value
            for each in only(of).figures
            if each.fact.id == "revenue"
            and each.year == 2025
            and each.source is FigureSource.EARLIER_FILING
        }

    assert told(opened) == {Decimal("80000000.00")}
    assert told(first) == set()  # what came later is not earlier


def test_what_was_asked_to_be_corrected_is_no_difference(opened):
    case, by = apply(opened)
    return_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        reason="虚构：核对研发费用",
        fields=["rnd_expense@2025"],
    )
    file_facts(
        enterprise=case.enterprise,
        entries={
            "rnd_expense@2025": {"value": "9000000.00"},
            "revenue@2025": {"value": "90000000.00"},
        },
        source=FilingSource.ENTERPRISE,
        by=by,
        reason="虚构",
    )
    case.refresh_from_db()
    resubmit_case(case=case, by=by, seen=case.counter)

    earlier = {
        each.fact.id: each.value
        for each in only(opened).figures
        if each.source is FigureSource.EARLIER_FILING and each.year == 2025
    }

    assert "rnd_expense" not in earlier
    assert earlier["revenue"] == Decimal("80000000.00")


def test_tax_data_and_annual_reports_are_compared_and_replace_nothing(opened):
    case, _by = apply(opened)
    for source, value in (
        (FilingSource.TAX, "70000000.00"),
        (FilingSource.ANNUAL_REPORT, "71000000.00"),
    ):
        file_facts(
            enterprise=case.enterprise,
            entries={"revenue@2025": {"value": value}},
            source=source,
            by=desk("county"),
            reason="虚构",
        )
    case.enterprise.refresh_from_db()

    found = {
        each.source: each.value
        for each in only(opened).figures
        if (each.fact.id, each.year) == ("revenue", 2025)
    }

    assert found == {
        FigureSource.APPLICATION: Decimal("80000000.00"),
        FigureSource.TAX: Decimal("70000000.00"),
        FigureSource.ANNUAL_REPORT: Decimal("71000000.00"),
    }
    entry = case.enterprise.current.entries["revenue@2025"]
    assert entry["value"] == SRDI["revenue@2025"]


def test_confirmed_ties_make_a_group_and_hints_do_not(opened):
    (one, _), (two, _), (head, _), (other, _) = (apply(opened) for _ in range(4))
    for case, confirmed in ((one, True), (two, True), (other, False)):
        add_tie(
            of=case.enterprise,
            given=TieGiven(TieChoice.GROUP, head.enterprise.uscc, "虚构公示"),
            by=desk("county"),
            confirmed=confirmed,
        )

    owners = {each.case: each.owner for each in applications_of(opened)}

    assert owners[one.number] == owners[two.number] == owners[head.number]
    assert owners[other.number] == str(other.enterprise_id)


def test_a_known_telephone_is_confirmed_in_the_rounds_of_who_said_so(opened):
    apply(opened, agent_phone="000-00008888")
    apply(call("county"), agent_phone="000-00008888")
    KnownTie.objects.create(
        organisation=opened.organisation,
        key="phone:00000008888",
        label={"zh": "电话", "en": "phone"},
        known_as=KnownAs.ACCOUNTANT,
        note="虚构",
        made_by="虚构人员",
    )

    def roles(of):
        return {each.value: each.confirmed for each in only(of).contacts}

    assert roles(opened)["000-00008888"] is ContactRole.ACCOUNTANT
    elsewhere = opened.organisation.rounds.model.objects.exclude(pk=opened.pk).get()
    assert roles(elsewhere)["000-00008888"] is None


def test_bars_are_the_least_amounts_of_the_standard(opened):
    found = {(each.fact_id, each.value) for each in bars_of(opened)}

    assert ("revenue", Decimal(15_000_000)) in found
    assert all(value > 0 for _fact, value in found)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(count, opened, django_assert_num_queries):
    for _ in range(count):
        case, by = apply(opened, files=[PDF], rights=[GivenRight("ZL1")])
        for each in readiness_of(case).clauses:
            state_clause(case=case, criterion=each.id, text="虚构", by=by)

    with django_assert_num_queries(11):
        assert len(list(applications_of(opened))) == count
