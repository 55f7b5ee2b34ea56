"""Reminders at day 9, 21 and 45 of silence, loads of advisers, who sees what."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import acting, member
from tests.unit.casework.cases import desk, firm, office
from tests.unit.casework.serving import (
    GIVEN,
    adviser,
    asked,
    bank,
    brought_to,
    given_to,
)
from tidu.accounts.actors import PUBLIC, SYSTEM
from tidu.accounts.enums import Role
from tidu.accounts.permissions import may_act_for_authority, may_see_work_of
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.serving import working
from tidu.casework.serving.advisers import (
    change_adviser,
    enter_adviser,
    give_firm,
    note_contact,
    note_seen,
    take_back_firm,
)
from tidu.casework.serving.asking import ask_service
from tidu.casework.serving.enums import AdviserKind, ContactKind, Party
from tidu.casework.serving.jobs import remind_of_silence
from tidu.casework.serving.models import ServedFirm, ServiceNotice, ServiceRequest
from tidu.casework.serving.moving import ServiceError
from tidu.casework.serving.permissions import (
    may_move_request,
    may_see_request,
    may_see_served,
)
from tidu.casework.serving.queries import loads_seen_by, service_of, silence_of
from tidu.registry.permissions import may_see_enterprise
from tidu.rules import service_table as table

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def silent_for(days, state=table.WORKING):
    request, firm_by, by = brought_to(state)
    request.last_contact_on = TODAY() - datetime.timedelta(days=days)
    request.save()
    return request, firm_by, by


def reminders(request, party=Party.ADVISER):
    rows = ServiceNotice.objects.filter(request=request, party=party, day__gt=0)
    return sorted(rows.values_list("day", flat=True))


@pytest.mark.parametrize(
    ("days", "told"),
    [(8, []), (9, [9]), (20, [9]), (21, [21]), (44, [21]), (45, [45]), (200, [45])],
)
def test_an_adviser_is_reminded_by_the_days_of_silence(days, told):
    request, _firm_by, _by = silent_for(days)

    remind_of_silence(TODAY())

    assert reminders(request) == told


def test_each_reminder_comes_once_and_the_office_hears_at_the_last():
    request, _firm_by, _by = silent_for(0)
    start = request.last_contact_on
    for day in range(60):
        remind_of_silence(start + datetime.timedelta(days=day))

    assert reminders(request) == [9, 21, 45]
    assert reminders(request, Party.OFFICE) == [45]
    assert Event.objects.filter(action="casework.service_reminded").count() == 3


def test_a_contact_ends_the_silence_and_a_note_does_not():
    request, _firm_by, by = silent_for(30)
    remind_of_silence(TODAY())
    same = {"enterprise": request.enterprise, "by": by, "request": request}

    note_contact(**same, kind=ContactKind.NOTE, on=TODAY(), text="虚构的备注")
    assert silence_of(request, TODAY()) == 30
    note_contact(**same, kind=ContactKind.CALL, on=TODAY(), text="虚构的电话")

    request.refresh_from_db()
    assert silence_of(request, TODAY()) == 0
    assert not request.notices.filter(day__gt=0, seen_at=None).exists()
    served = ServedFirm.objects.get(enterprise=request.enterprise, ended_at=None)
    assert served.last_contact_on == TODAY()
    assert remind_of_silence(TODAY()) == 0


def test_what_is_closed_or_unassigned_reminds_nobody():
    silent_for(50, table.CLOSED)
    request, _by = asked()
    ServiceRequest.objects.filter(pk=request.pk).update(
        last_contact_on=TODAY() - datetime.timedelta(days=50)
    )

    assert remind_of_silence(TODAY()) == 0


def test_a_contact_lies_not_ahead_and_says_something():
    request, _firm_by, by = brought_to(table.WORKING)
    same = {"enterprise": request.enterprise, "by": by, "kind": ContactKind.VISIT}
    tomorrow = TODAY() + datetime.timedelta(days=1)

    with pytest.raises(ServiceError, match="晚于今天"):
        note_contact(**same, on=tomorrow, text="虚构")
    with pytest.raises(ServiceError, match="写一句"):
        note_contact(**same, on=TODAY(), text=" ")


def test_looking_ends_what_is_new_but_not_a_reminder():
    request, _firm_by, _by = silent_for(10, table.ACCEPTED)
    remind_of_silence(TODAY())
    mine = request.adviser

    note_seen(request=request, party=Party.ADVISER, adviser=mine)

    left = ServiceNotice.objects.filter(party=Party.ADVISER, seen_at=None)
    assert [each.day for each in left] == [9]


def test_a_load_counts_firms_open_silent_late_and_how_long_it_took():
    mine, by = adviser()
    for number in range(5):
        enterprise, firm_by = firm(
            {"abnormal_list": False}, uscc=f"91990101MA1{number:07d}"
        )
        request = ask_service(
            enterprise=enterprise, service_id="service_package", given=GIVEN, by=firm_by
        )
        given_to(mine, request)
        working.begin(request=request, by=by, seen=request.counter)
        if number:
            ServiceRequest.objects.filter(pk=request.pk).update(
                state=table.CLOSED, closed_at=timezone.now(), took=number * 2
            )
        else:
            ServiceRequest.objects.filter(pk=request.pk).update(
                due_on=TODAY() - datetime.timedelta(days=1),
                last_contact_on=TODAY() - datetime.timedelta(days=9),
            )

    [load] = loads_seen_by(desk("county"))

    assert (load.firms, load.open, load.silent, load.late) == (5, 1, 1, 1)
    assert load.usual.count == 4
    assert load.usual.p50 is None  # fewer than five say nothing
    assert loads_seen_by(desk("city"))[0].adviser == mine
    assert loads_seen_by(acting(member(office("county"), Role.ADVISER))) == []


def test_an_adviser_of_an_authority_sees_no_territory():
    request, _firm_by, by = brought_to(table.WORKING)
    other, _other_by = firm({"abnormal_list": False}, uscc="91990101MA99999999")

    assert by.scope is None
    assert not may_act_for_authority(by)
    assert not may_see_work_of(by, by.organisation.pk, "虚构")
    assert not may_see_enterprise(by, request.enterprise)
    assert may_see_served(by, request.enterprise)
    assert not may_see_served(by, other)


def test_an_office_keeps_its_advisers_and_their_lists():
    county = desk("county")
    made, password = enter_adviser(
        username="envoy9",
        name="虚构特派员",
        kind=AdviserKind.SCIENCE_ENVOY,
        field="材料",
        by=county,
    )
    enterprise, _by = firm({"abnormal_list": False})
    served = give_firm(adviser=made, enterprise=enterprise, by=county)

    assert len(password) > 10
    with pytest.raises(Refused):
        give_firm(adviser=made, enterprise=enterprise, by=desk("city"))
    with pytest.raises(Refused):
        take_back_firm(served=served, by=desk("county", Role.OBSERVER))
    take_back_firm(served=served, by=county)
    assert not ServedFirm.objects.filter(ended_at=None).exists()


def test_who_has_open_requests_stays_in_service():
    request, _firm_by, _by = brought_to(table.WORKING)
    same = {"adviser": request.adviser, "kind": AdviserKind.VOLUNTEER, "field": ""}

    with pytest.raises(ServiceError, match="改派或移交"):
        change_adviser(**same, active=False, by=desk("county"))
    change_adviser(**same, active=True, by=desk("county"))
    request.adviser.refresh_from_db()
    assert request.adviser.kind == AdviserKind.VOLUNTEER


def people(request, firm_by, by):
    other_firm, stranger = firm({"abnormal_list": False}, uscc="91990101MA88888888")
    _mine, colleague = adviser()
    assert other_firm
    receiver = request.receiver
    return {
        "firm": firm_by,
        "adviser": by,
        "receiver": acting(receiver.membership.user) if receiver else None,
        "officer": desk("county"),
        "observer": desk("county", Role.OBSERVER),
        "city": desk("city"),
        "other firm": stranger,
        "colleague": colleague,
        "bank": bank()[1],
        "public": PUBLIC,
        "system": SYSTEM,
    }


MAY = {
    table.FIRM: {"firm"},
    table.ADVISER: {"adviser"},
    table.RECEIVER: {"receiver"},
    table.OFFICE: {"officer"},
    table.CONFIRMER: {"firm"},
}


@pytest.mark.parametrize("state", [s for s in table.STATES if s not in table.FINAL])
def test_each_move_is_for_its_party_and_nobody_else(state):
    request, firm_by, by = brought_to(state)
    service = service_of(request)
    known = people(request, firm_by, by)

    for way in table.SERVICE_TABLE.leaving(state):
        allowed = {
            name
            for name, actor in known.items()
            if actor and may_move_request(actor, request, service, way)
        }
        assert allowed == MAY[way.by], way


@pytest.mark.parametrize("state", list(table.STATES))
def test_a_request_is_seen_by_firm_authorities_and_who_works_on_it(state):
    request, firm_by, by = brought_to(state)
    known = people(request, firm_by, by)

    seen = {
        n for n, actor in known.items() if actor and may_see_request(actor, request)
    }

    wanted = {"firm", "officer", "observer", "city", "system"}
    if request.adviser:
        wanted.add("adviser")
    if request.receiver:
        wanted.add("receiver")
    assert seen == wanted
