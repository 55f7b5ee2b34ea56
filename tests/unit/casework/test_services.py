"""A firm asks, an adviser works, the other side confirms, the firm says what changed."""

import dataclasses
import datetime

import pytest
from django.utils import timezone

from tests.factories import acting, member
from tests.unit.casework.cases import LITTLE_GIANT, desk, firm, office
from tests.unit.casework.serving import (
    GIVEN,
    LOAN,
    adviser,
    asked,
    bank,
    brought_to,
    given_to,
)
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.clocks import Clock
from tidu.casework.serving import working
from tidu.casework.serving.asking import ServiceRefused, ask_service
from tidu.casework.serving.enums import ConfirmedWay, Party
from tidu.casework.serving.models import (
    Adviser,
    ServedFirm,
    ServiceNotice,
    ServiceRequest,
)
from tidu.casework.serving.moving import RequestMoved, ServiceError
from tidu.casework.serving.queries import reading_of, service_of
from tidu.registry.models import Filing
from tidu.rules import service_table as table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county(db):
    return office("county")


def seen_of(request):
    return {"request": request, "seen": request.counter}


def test_asking_keeps_what_was_found_and_tells_the_office():
    request, _by = asked()

    assert request.state == table.ASKED
    assert request.number == f"F{timezone.now():%Y}-{request.pk:06d}"
    assert request.office == office("county")
    assert request.outcome == "met"
    assert request.moves.get().event == "ask"
    assert ServiceNotice.objects.get(request=request).party == Party.OFFICE
    event = Event.objects.get(action="casework.service_ask")
    assert event.object_id == str(request.pk)
    assert event.territory == request.enterprise.territory


def test_a_condition_that_is_not_met_refuses_with_its_clause_and_writes_nothing():
    enterprise, by = firm(LITTLE_GIANT | {"holds_little_giant": False})
    filed = Filing.objects.count()
    given = dataclasses.replace(
        GIVEN,
        answers={"person_field": "a", "programme": "b", "achievement": "c"},
        facts={"employees@2025": {"value": 200}},
    )

    with pytest.raises(ServiceRefused, match="国办发〔2024〕43号（十九）"):
        ask_service(
            enterprise=enterprise,
            service_id="talent_recommendation",
            given=given,
            by=by,
        )

    assert not ServiceRequest.objects.exists()
    assert Filing.objects.count() == filed


def test_what_is_unknown_keeps_nobody_out_and_is_named():
    facts = {k: v for k, v in LITTLE_GIANT.items() if not k.startswith("holds_")}
    enterprise, by = firm(facts)

    request = ask_service(
        enterprise=enterprise, service_id="bridge_loan", given=LOAN, by=by
    )

    assert request.outcome == "unknown"
    [found] = request.findings
    assert set(found["missing"]) == {"holds_srdi", "holds_little_giant"}


def test_required_fields_are_asked_for_by_name():
    enterprise, by = firm(LITTLE_GIANT)
    given = dataclasses.replace(GIVEN, answers={}, need=" ")

    with pytest.raises(ServiceError, match="要解决的事、最需要的帮助"):
        ask_service(
            enterprise=enterprise, service_id="service_package", given=given, by=by
        )


def test_a_changed_figure_is_filed_in_the_registry_with_the_request():
    enterprise, by = firm(LITTLE_GIANT)
    given = dataclasses.replace(GIVEN, facts={"revenue@2025": {"value": "90000000.00"}})

    ask_service(
        enterprise=enterprise, service_id="management_diagnosis", given=given, by=by
    )

    enterprise.current.refresh_from_db()
    assert enterprise.current.entries["revenue@2025"]["value"] == "90000000.00"
    assert "管理诊断" in Filing.objects.order_by("-pk").first().reason


def test_the_same_is_not_asked_twice_while_it_is_open():
    request, by = asked()

    with pytest.raises(Refused, match="还在办理中"):
        ask_service(
            enterprise=request.enterprise,
            service_id="service_package",
            given=GIVEN,
            by=by,
        )
    working.withdraw(**seen_of(request), by=by)
    again = ask_service(
        enterprise=request.enterprise, service_id="service_package", given=GIVEN, by=by
    )
    assert again.pk != request.pk


def test_a_service_with_tracks_wants_one_of_them():
    enterprise, by = firm(LITTLE_GIANT)
    office("city")
    answers = {"ip_subject": "虚构主轴", "ip_kind": "invention"}
    given = dataclasses.replace(GIVEN, answers=answers)

    with pytest.raises(ServiceError, match="通道"):
        ask_service(
            enterprise=enterprise,
            service_id="ip_prior_examination",
            given=given,
            by=by,
        )
    request = ask_service(
        enterprise=enterprise,
        service_id="ip_prior_examination",
        given=dataclasses.replace(given, track="enforcement"),
        by=by,
    )
    assert request.office == office("city")


def test_a_request_from_asked_to_closed():
    request, firm_by, _by = brought_to(table.CLOSED)

    events = [each.event for each in request.moves.all()]
    assert events == ["ask", "assign", "begin", "answer", "confirm", "tell"]
    assert request.confirmed_way == ConfirmedWay.ITSELF
    assert request.after == {"measures_used": 3}
    assert request.closed_at
    assert request.took == 0
    assert Clock.of(request.clock).ended
    assert Event.objects.filter(action="casework.service_tell").count() == 1
    with pytest.raises(RequestMoved, match="已办结"):
        working.withdraw(**seen_of(request), by=firm_by)


def test_the_clock_stands_while_the_firm_has_to_act():
    request, firm_by, _by = brought_to(table.WAITING)
    assert reading_of(request, timezone.now()).pause.reason == "等企业补充"

    working.reply(**seen_of(request), by=firm_by, text="虚构：合同已传")

    assert reading_of(request, timezone.now()).pause is None
    assert request.state == table.WORKING


def test_days_come_only_from_a_text_that_states_them():
    plain, _by = asked()
    assert plain.due_on is None
    assert "没有规定时限" in reading_of(plain, timezone.now()).sentence()

    given = dataclasses.replace(GIVEN, answers={"question": "虚构"})
    local, _by = asked("demo_policy_clinic", given)
    assert local.due_on > timezone.localdate()
    assert reading_of(local, timezone.now()).allowed == 10


def test_of_two_who_move_it_the_second_is_told_who_was_first():
    request, _firm_by, by = brought_to(table.WORKING)
    seen = request.counter
    working.ask_firm(request=request, by=by, seen=seen, text="虚构")
    stale = ServiceRequest.objects.get(pk=request.pk)
    stale.state = table.WORKING

    with pytest.raises(RequestMoved, match="刚刚办理了这项服务"):
        working.answer(request=stale, by=by, seen=seen, result="delivered", text="虚构")


def test_handing_over_needs_a_note_and_the_receivers_yes():
    request, _firm_by, by = brought_to(table.WORKING)
    other, other_by = adviser()
    old = request.adviser
    with pytest.raises(ServiceError, match="交接说明"):
        working.hand_over(**seen_of(request), to=other, by=by, text="")
    working.hand_over(**seen_of(request), to=other, by=by, text="虚构：合同还缺一页")
    assert request.adviser == old

    with pytest.raises(Refused):
        working.take_over(**seen_of(request), by=by)
    working.take_over(**seen_of(request), by=other_by)

    assert request.adviser == other
    assert request.receiver is None
    served = ServedFirm.objects.filter(enterprise=request.enterprise, ended_at=None)
    assert [each.adviser for each in served] == [other]


def test_an_offer_can_be_given_back():
    request, _firm_by, by = brought_to(table.WORKING)
    other, other_by = adviser()
    working.hand_over(**seen_of(request), to=other, by=by, text="虚构")
    working.give_back(**seen_of(request), by=other_by, text="虚构：不懂这一行")

    assert request.state == table.WORKING
    assert request.adviser.membership == by.membership


def loan_answered(other_side=None):
    request, firm_by = asked("bridge_loan", LOAN)
    mine, by = adviser()
    working.assign(
        **seen_of(request), to=mine.membership, by=desk("county"), other_side=other_side
    )
    working.begin(**seen_of(request), by=by)
    working.answer(**seen_of(request), by=by, result="bridged", text="虚构：已放款")
    return request, firm_by, by


def test_the_other_side_confirms_and_neither_firm_nor_adviser_can():
    provider, banker = bank()
    request, firm_by, by = loan_answered(provider)
    for wrong in (firm_by, by, desk("province")):
        with pytest.raises(Refused):
            working.confirm(**seen_of(request), by=wrong, text="虚构回单")
    assert ServiceNotice.objects.filter(party=Party.OTHER_SIDE).count() == 1

    working.confirm(**seen_of(request), by=banker)

    assert request.confirmed_way == ConfirmedWay.ITSELF


def test_without_an_account_the_office_registers_a_paper_of_the_other_side():
    request, _firm_by, _by = loan_answered()
    with pytest.raises(ServiceError, match="书面材料"):
        working.confirm(**seen_of(request), by=desk("county"), text="")

    working.confirm(**seen_of(request), by=desk("county"), text="虚构银行回单 1 号")

    assert request.confirmed_way == ConfirmedWay.PAPER
    assert request.confirmed_note == "虚构银行回单 1 号"


def test_an_officer_who_worked_on_it_does_not_confirm_it_on_paper():
    request, _firm_by = asked("bridge_loan", LOAN)
    officer = desk("county")
    working.assign(**seen_of(request), to=officer.membership, by=officer)
    working.begin(**seen_of(request), by=officer)
    working.answer(
        **seen_of(request), by=officer, result="bridged", text="虚构：已放款"
    )

    with pytest.raises(Refused, match="不能替对方确认"):
        working.confirm(**seen_of(request), by=officer, text="虚构回单")


def test_a_dispute_goes_to_the_office_and_back_to_work():
    request, _firm_by, by = brought_to(table.DISPUTED)
    working.rework(**seen_of(request), by=desk("county"), text="虚构：再上门一次")

    assert request.state == table.WORKING
    assert request.result == ""
    assert request.adviser.membership == by.membership


def test_closing_without_a_confirmation_says_why_and_is_not_confirmed():
    request, _firm_by, _by = brought_to(table.ANSWERED)
    with pytest.raises(ServiceError, match="为什么"):
        working.close_request(**seen_of(request), by=desk("county"), text="")
    working.close_request(**seen_of(request), by=desk("county"), text="虚构：联系不上")

    assert request.state == table.CLOSED
    assert request.confirmed_way == ""


def test_what_changed_has_to_be_said_in_figures_or_words():
    request, firm_by, _by = brought_to(table.CONFIRMED)
    with pytest.raises(ServiceError, match="变化"):
        working.tell_change(**seen_of(request), by=firm_by, after={"x": 1}, text=" ")


def test_only_people_of_the_office_can_be_given_work():
    request, _by = asked()
    stranger = member(office("city"), Role.ADVISER)
    watching = member(office("county"), Role.OBSERVER)

    for person in (stranger, watching):
        with pytest.raises(ServiceError, match="只能指派给本单位"):
            working.assign(
                **seen_of(request), to=acting(person).membership, by=desk("county")
            )
    working.assign(**seen_of(request), to=desk("county").membership, by=desk("county"))
    assert Adviser.objects.get().kind == "service_officer"


def test_a_request_keeps_the_service_as_it_was():
    request, _by = asked()

    assert service_of(request).label.chinese == "专属服务包"
    assert request.packs.digest


def test_who_leaves_a_request_is_no_longer_reminded_of_it():
    request, _firm_by, _by = brought_to(table.WORKING)
    ServiceNotice.objects.create(
        request=request,
        party=Party.ADVISER,
        adviser=request.adviser,
        event="reminder",
        day=9,
        since=datetime.date(2026, 1, 1),
    )
    other, _other_by = adviser()

    given_to(other, request)

    open_ones = ServiceNotice.objects.filter(party=Party.ADVISER, seen_at=None)
    assert {each.adviser for each in open_ones} == {other}
