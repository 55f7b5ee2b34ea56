"""Advisers, and requests of firms brought to a state: all fictional."""

from __future__ import annotations

from tests.factories import acting, member
from tests.unit.casework.cases import LITTLE_GIANT, desk, firm, office
from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Organisation
from tidu.casework.serving import working
from tidu.casework.serving.advisers import make_adviser
from tidu.casework.serving.asking import Given, ask_service
from tidu.casework.serving.enums import AdviserKind
from tidu.casework.serving.models import Adviser, ServiceRequest
from tidu.rules import service_table as table

GIVEN = Given(
    need="虚构：想弄清楚哪里最该改",
    contact_name="虚构会计",
    contact_phone="000-0000",
    answers={
        "wanted_help": "虚构：人才",
        "concern": "虚构",
        "field_of_management": "people",
    },
)
LOAN = Given(
    need="虚构：贷款下月到期",
    contact_name="虚构会计",
    contact_phone="000-0000",
    answers={
        "lender": "虚构银行",
        "loan_amount": "3000000.00",
        "due_on": "2026-12-31",
        "renewal_agreed": True,
    },
)


def adviser(level: str = "county", kind: AdviserKind = AdviserKind.SERVICE_OFFICER):
    """An adviser of an office, and who acts as such."""
    person = member(office(level), Role.ADVISER)
    by = acting(person)
    assert by.membership is not None
    found = make_adviser(by.membership, office(level), kind, by=desk(level))
    return found, acting(person)


def bank() -> tuple[Organisation, Actor]:
    """A provider that confirms outcomes, and one of its people."""
    made = Organisation.objects.create(
        name="虚构银行", kind=OrganisationKind.PROVIDER, territory="990101"
    )
    return made, acting(member(made, Role.PROVIDER_MEMBER))


def asked(service: str = "service_package", given: Given = GIVEN, **facts: object):
    """A request of a firm, and who acts for it."""
    office("county")
    enterprise, by = firm(LITTLE_GIANT | facts)
    made = ask_service(enterprise=enterprise, service_id=service, given=given, by=by)
    return made, by


def given_to(mine: Adviser, request: ServiceRequest, level: str = "county") -> None:
    """Assign a request to an adviser of its office."""
    working.assign(
        request=request, to=mine.membership, by=desk(level), seen=request.counter
    )


def brought_to(state: str, service: str = "service_package", given: Given = GIVEN):
    """A request in a state: the request, the firm's and the adviser's actor."""
    request, firm_by = asked(service, given)
    mine, by = adviser()
    if state == table.ASKED:
        return request, firm_by, by
    given_to(mine, request)
    for step in _WAY[state]:
        step(request, firm_by, by)
    return request, firm_by, by


def _do(name: str, **more: object):
    def step(request: ServiceRequest, _firm: Actor, by: Actor) -> None:
        getattr(working, name)(request=request, by=by, seen=request.counter, **more)

    return step


def _hand_over(request: ServiceRequest, _firm: Actor, by: Actor) -> None:
    other, _by = adviser()
    working.hand_over(
        request=request, to=other, by=by, seen=request.counter, text="虚构的交接"
    )


def _firm_does(name: str, **more: object):
    def step(request: ServiceRequest, firm_by: Actor, _by: Actor) -> None:
        working_name = getattr(working, name)
        working_name(request=request, by=firm_by, seen=request.counter, **more)

    return step


_BEGIN = _do("begin")
_ANSWER = _do("answer", result="delivered", text="虚构：已上门说明")
_CONFIRM = _firm_does("confirm")
_WAY = {
    table.ACCEPTED: [],
    table.WORKING: [_BEGIN],
    table.WAITING: [_BEGIN, _do("ask_firm", text="虚构：请补合同")],
    table.HANDED_OVER: [_BEGIN, _hand_over],
    table.ANSWERED: [_BEGIN, _ANSWER],
    table.CONFIRMED: [_BEGIN, _ANSWER, _CONFIRM],
    table.DISPUTED: [_BEGIN, _ANSWER, _firm_does("dispute", text="虚构：没有来过")],
    table.CLOSED: [
        *(_BEGIN, _ANSWER, _CONFIRM),
        _firm_does("tell_change", after={"measures_used": 3}, text="虚构：用上三项"),
    ],
    table.WITHDRAWN: [_firm_does("withdraw", text="虚构：不需要了")],
}
