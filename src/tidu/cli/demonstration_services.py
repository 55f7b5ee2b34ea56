"""Advisers of the fictional 示范省, and a dozen requests of firms in every state.

Made by the actions, on firms of the demonstration; everything in it is fictional. Days
are moved back afterwards, so that some have been silent for 9, 21 or 45 days.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.queries import authority_over
from tidu.casework.clocks import Clock
from tidu.casework.serving import working
from tidu.casework.serving.advisers import give_firm, make_adviser, note_contact
from tidu.casework.serving.asking import Given, ask_service
from tidu.casework.serving.enums import AdviserKind, ContactKind
from tidu.casework.serving.jobs import remind_of_silence
from tidu.casework.serving.models import Adviser, ServedFirm, ServiceRequest
from tidu.casework.serving.queries import offers_for
from tidu.registry.models import Enterprise
from tidu.rules.outcomes import UNMET
from tidu.rules.working_days import default_working_days

COUNTY, CITY, PROVINCE = "990221", "990200", "990000"
_ANSWERS: dict[str, dict[str, Any]] = {
    "service_package": {"wanted_help": "虚构：想知道还能享受哪些政策"},
    "management_diagnosis": {"concern": "虚构：订单多了，交期总误",
                             "field_of_management": "production"},
    "compliance_checkup": {"compliance_field": "labour"},
    "governance_checkup": {"why_now": "虚构：准备引进投资人", "board": False},
    "energy_diagnosis": {"energy_used": 820, "energy_cost": "1900000.00",
                         "largest_use": "虚构：热处理炉"},
    "metrology_visit": {"instruments": "虚构：三坐标测量机", "instrument_count": 3},
    "bridge_loan": {"lender": "示范虚构银行", "loan_amount": "5000000.00",
                    "due_on": "2026-12-20", "renewal_agreed": True},
    "guarantee_batch": {"amount_wanted": "8000000.00", "months_wanted": 12},
    "ip_prior_examination": {"ip_subject": "虚构：一种精密主轴",
                             "ip_kind": "invention"},
    "aeo_guidance": {"customs_code": "9900000000", "declarations": 160},
    "demo_policy_clinic": {"question": "虚构：研发费用怎样归集"},
}  # fmt: skip


@dataclasses.dataclass
class _Cast:
    """Who acts: the firm, the adviser in charge, a colleague, the office, a bank."""

    firm: Actor
    adviser: Actor
    colleague: Adviser
    office: Actor
    bank: Actor


@transaction.atomic
def load_services(today: datetime.date, password: str) -> None:
    """Enter advisers and a bank, ask for services, bring the requests to states."""
    county = _officer(COUNTY)
    mine = _adviser("adviser", "高明（虚构）", AdviserKind.SERVICE_OFFICER, password)
    envoy = _adviser("envoy", "苏工（虚构）", AdviserKind.SCIENCE_ENVOY, password)
    _adviser("volunteer", "叶立（虚构）", AdviserKind.VOLUNTEER, password)
    bank = _bank(password)
    firms = list(_firms())
    plans = [
        *_plans(firms[0], "owner"),
        *((firm, *plan) for firm, plan in zip(firms[1:], _OTHERS, strict=False)),
    ]
    for at, (firm, service, track, days, steps) in enumerate(plans):
        by = _applicant(firm, at)
        request = _asked(firm, by, service, track)
        if request is None:
            continue
        cast = _Cast(by, mine, _as_adviser(envoy), county, bank)
        for step in steps:
            step(request, cast)
        _move_back(request, days)
    own = Adviser.objects.get(membership=mine.membership)
    for firm in firms[-2:]:
        give_firm(adviser=own, enterprise=firm, by=county)
    remind_of_silence(today)


def _seen(request: ServiceRequest) -> dict[str, Any]:
    return {"request": request, "seen": request.counter}


def _assign(request: ServiceRequest, cast: _Cast) -> None:
    assert cast.adviser.membership is not None
    office = _officer(request.office.territory)
    to = cast.adviser.membership
    if request.office.territory != COUNTY:
        assert office.membership is not None
        to = office.membership
    side = cast.bank.organisation if request.service == "bridge_loan" else None
    working.assign(**_seen(request), to=to, by=office, other_side=side)


def _worker(request: ServiceRequest) -> Actor:
    assert request.adviser is not None
    membership = request.adviser.membership
    return actor_for(membership.user, membership.pk)


def _begin(request: ServiceRequest, _cast: _Cast) -> None:
    text = "先电话了解，再约时间上门（虚构）"
    working.begin(**_seen(request), by=_worker(request), text=text)


def _visit(request: ServiceRequest, cast: _Cast) -> None:
    note_contact(
        enterprise=request.enterprise,
        kind=ContactKind.VISIT,
        on=timezone.localdate(),
        text="上门一小时，看了车间，答应三天内给出清单（虚构）",
        by=cast.adviser,
        request=request,
    )


def _ask_firm(request: ServiceRequest, _cast: _Cast) -> None:
    text = "请补上年度报表和用能账单（虚构）"
    working.ask_firm(**_seen(request), by=_worker(request), text=text)


def _hand_over(request: ServiceRequest, cast: _Cast) -> None:
    text = "企业想做材料改性，请科技特派员接手；已约下周二（虚构）"
    working.hand_over(**_seen(request), to=cast.colleague, by=cast.adviser, text=text)


def _answer(result: str, text: str) -> Callable[[ServiceRequest, _Cast], None]:
    def step(request: ServiceRequest, _cast: _Cast) -> None:
        by = _worker(request)
        working.answer(**_seen(request), by=by, result=result, text=text)

    return step


def _confirm(request: ServiceRequest, cast: _Cast) -> None:
    working.confirm(**_seen(request), by=cast.firm, text="确有其事（虚构）")


def _dispute(request: ServiceRequest, cast: _Cast) -> None:
    text = "报告里的数据不是我们厂的（虚构）"
    working.dispute(**_seen(request), by=cast.firm, text=text)


def _tell(after: dict[str, Any]) -> Callable[[ServiceRequest, _Cast], None]:
    def step(request: ServiceRequest, cast: _Cast) -> None:
        text = "按清单改了，见数字（虚构）"
        working.tell_change(**_seen(request), by=cast.firm, after=after, text=text)

    return step


def _withdraw(request: ServiceRequest, cast: _Cast) -> None:
    working.withdraw(**_seen(request), by=cast.firm, text="自己解决了（虚构）")


_DONE = _answer("report", "已上门两次，报告当面交付并讲解（虚构）")
_DELIVERED = _answer("delivered", "已上门逐项说明，清单留在企业（虚构）")
_BRIDGED = _answer("bridged", "银行已续贷，转贷资金已归还（虚构）")
_CALIBRATED = _answer("calibrated", "三台已校准，证书已交（虚构）")
Steps = tuple[Callable[[ServiceRequest, _Cast], None], ...]


def _plans(
    firm: Enterprise, _who: str
) -> Iterator[tuple[Enterprise, str, str, int, Steps]]:
    """What the firm of ``owner`` asked for: one of each that it has to act on."""
    yield firm, "service_package", "", 31, (_assign, _begin, _visit, _DELIVERED,
                                            _confirm)  # fmt: skip
    yield firm, "energy_diagnosis", "", 12, (_assign, _begin, _ask_firm)
    yield firm, "management_diagnosis", "", 8, (_assign, _begin, _DONE)
    yield firm, "demo_policy_clinic", "", 4, (_assign, _begin, _visit)
    yield firm, "bridge_loan", "", 20, (_assign, _begin, _BRIDGED)


_OTHERS: tuple[tuple[str, str, int, Steps], ...] = (
    ("compliance_checkup", "", 1, ()),
    ("metrology_visit", "", 3, ()),
    ("governance_checkup", "", 22, (_assign,)),
    ("energy_diagnosis", "", 47, (_assign, _begin)),
    ("management_diagnosis", "", 10, (_assign, _begin, _hand_over)),
    ("compliance_checkup", "", 26, (_assign, _begin, _DONE, _dispute)),
    ("demo_policy_clinic", "", 25, (_assign, _begin)),
    ("metrology_visit", "", 40, (_assign, _begin, _CALIBRATED, _confirm,
                                 _tell({"defect_rate": "0.012"}))),
    ("service_package", "", 55, (_assign, _begin, _visit, _DELIVERED, _confirm,
                                 _tell({"measures_used": 4}))),
    ("energy_diagnosis", "", 60, (_assign, _begin, _DONE, _confirm,
                                  _tell({"energy_used": 760}))),
    ("compliance_checkup", "", 35, (_assign, _begin, _DONE, _confirm,
                                    _tell({"risks_open": 2}))),
    ("management_diagnosis", "", 70, (_assign, _begin, _DONE, _confirm,
                                      _tell({"measures_taken": 5}))),
    ("governance_checkup", "", 15, (_assign, _withdraw)),
)  # fmt: skip


def _asked(
    firm: Enterprise, by: Actor, service: str, track: str
) -> ServiceRequest | None:
    """A request, unless the rules say the firm may not ask."""
    offers = {e.service.id: e.standing for e in offers_for(firm, timezone.localdate())}
    if service not in offers or offers[service].outcome is UNMET:
        return None
    given = Given(
        need="虚构：想请专员看看该怎么办，最好这个月能有个说法。",
        contact_name="办公室（虚构）",
        contact_phone="000-00000000",
        track=track,
        answers=_ANSWERS[service],
    )
    return ask_service(enterprise=firm, service_id=service, given=given, by=by)


def _move_back(request: ServiceRequest, days: int) -> None:
    """Let a request have been asked so many days ago, its moves spread over them."""
    request.refresh_from_db()
    gone = datetime.timedelta(days=days, hours=2)
    moves = list(request.moves.order_by("sequence"))
    started = request.asked_at - gone
    step = gone / (len(moves) + 1) if not request.open else gone / 8
    for at, each in enumerate(moves):
        each.at = started + step * at
        each.save(update_fields=["at"])
    clock = Clock.of(request.clock)
    clock = Clock(
        started,
        clock.unit,
        clock.allowed,
        tuple(
            dataclasses.replace(each, start=moves[-1].at, end=None)
            for each in clock.pauses[-1:]
            if each.end is None
        ),
        moves[-1].at if clock.ended else None,
    )
    found = clock.read(timezone.now(), default_working_days())
    last = timezone.localdate(moves[-1].at)
    request.clock = clock.record()
    request.due_on = found.due.date if found.due and request.open else None
    request.took = found.working_days if clock.ended else None
    request.asked_at, request.state_since = started, moves[-1].at
    request.closed_at = moves[-1].at if clock.ended else None
    answered = {"ask_firm", "answer"} & {each.event for each in moves}
    heard = bool(answered) or request.contacts.exists()
    first = timezone.localdate(started + step * 2 if heard else started)
    request.last_contact_on = min(last, first)
    request.save()
    for contact in request.contacts.all():
        contact.on = request.last_contact_on
        contact.save(update_fields=["on"])
    request.notices.update(made_at=moves[-1].at)
    if request.adviser is None:
        return
    ServedFirm.objects.filter(
        adviser=request.adviser, enterprise=request.enterprise
    ).update(last_contact_on=request.last_contact_on if heard else None)
    if not request.open:
        request.notices.update(seen_at=moves[-1].at)


def _firms() -> Iterator[Enterprise]:
    """The firm of ``owner`` first, then others of its county."""
    rows = Enterprise.objects.filter(closed_at=None, merged_into=None).select_related(
        "current", "organisation"
    )
    yield from rows.filter(organisation__memberships__user__username="owner")
    county = rows.filter(territory=COUNTY).exclude(
        organisation__memberships__user__username="owner"
    )
    yield from county.order_by("-pk")[: len(_OTHERS) + 2]


def _applicant(firm: Enterprise, at: int) -> Actor:
    """Somebody who acts for a firm; an account is made where it has none."""
    if firm.organisation is None:
        firm.organisation = Organisation.objects.create(
            name=firm.name, kind=OrganisationKind.ENTERPRISE, territory=firm.territory
        )
        firm.save(update_fields=["organisation"])
        person = User.objects.create_user(f"asking{at:02d}", name="办公室（虚构）")
        Membership.objects.create(
            user=person, organisation=firm.organisation, role=Role.OWNER
        )
    member = firm.organisation.memberships.select_related("user").first()
    assert member is not None
    return actor_for(member.user, member.pk)


def _officer(territory: str) -> Actor:
    office = authority_over(territory)
    assert office is not None
    member = office.memberships.filter(
        role__in=(Role.OFFICER, Role.ADMINISTRATOR)
    ).first()
    assert member is not None
    return actor_for(member.user, member.pk)


def _adviser(username: str, name: str, kind: AdviserKind, password: str) -> Actor:
    office = authority_over(COUNTY)
    assert office is not None
    user = User.objects.create_user(
        username, password=password, name=name, phone="000-00000001"
    )
    membership = Membership.objects.create(
        user=user, organisation=office, role=Role.ADVISER
    )
    make_adviser(membership, office, kind, "政策、融资", by=_officer(COUNTY))
    return actor_for(user)


def _as_adviser(actor: Actor) -> Adviser:
    return Adviser.objects.get(membership=actor.membership)


def _bank(password: str) -> Actor:
    bank = Organisation.objects.create(
        name="示范虚构银行", kind=OrganisationKind.PROVIDER, territory=COUNTY
    )
    user = User.objects.create_user("bank", password=password, name="客户经理（虚构）")
    Membership.objects.create(user=user, organisation=bank, role=Role.PROVIDER_MEMBER)
    return actor_for(user)
