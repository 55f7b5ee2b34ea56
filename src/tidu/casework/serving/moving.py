"""Move a request: the one place that changes its state, with clock, notices, event."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.casework.clocks import Clock
from tidu.casework.serving import permissions
from tidu.casework.serving.enums import Party
from tidu.casework.serving.models import (
    Adviser,
    ServiceMove,
    ServiceNotice,
    ServiceRequest,
)
from tidu.casework.serving.queries import service_of
from tidu.casework.wording import say_text
from tidu.rules import service_table as table
from tidu.rules.errors import TiduError
from tidu.rules.lifecycle import Transition
from tidu.rules.service_files import Confirmer, Service
from tidu.rules.working_days import default_working_days

TOLD = {
    "ask": (table.OFFICE,),
    "assign": (table.ADVISER, table.FIRM),
    "reassign": (table.ADVISER, table.FIRM),
    "ask_firm": (table.FIRM,),
    "reply": (table.ADVISER,),
    "hand_over": (table.RECEIVER,),
    "take_over": (table.FIRM,),
    "give_back": (table.ADVISER,),
    "answer": (table.CONFIRMER, table.FIRM),
    "confirm": (table.FIRM, table.ADVISER),
    "dispute": (table.OFFICE, table.ADVISER),
    "rework": (table.ADVISER, table.FIRM),
    "tell": (table.ADVISER,),
    "close": (table.FIRM, table.ADVISER),
    "withdraw": (table.OFFICE, table.ADVISER),
}
"""By event: who is told of it on their pages."""


class ServiceError(TiduError):
    """A service cannot be asked for, or worked on, so; the sentence says why."""


class RequestMoved(ServiceError):
    """Somebody else has moved the request, or it is in no state for this move."""


@transaction.atomic
def move_request(
    *,
    request: ServiceRequest,
    event: str,
    by: Actor,
    seen: int,
    text: str = "",
    **values: Any,
) -> ServiceMove:
    """Move a request by an event of its table; ``values``: what else is written.

    ``seen``: the counter the person had before them. Raises RequestMoved.
    """
    transition = _transition(request, event)
    service = service_of(request)
    permissions.may_move_request(by, request, service, transition).or_refuse()
    now = timezone.now()
    changed = {
        **values,
        **_clocked(request, transition.target, now),
        "state": transition.target,
        "counter": seen + 1,
        "state_since": now,
    }
    waiting = ServiceRequest.objects.filter(
        pk=request.pk, counter=seen, state=transition.source
    )
    if not waiting.update(**changed):
        raise moved(request)
    for name, value in changed.items():
        setattr(request, name, value)
    return note_move(request, service, transition, by, now, text)


def note_move(
    request: ServiceRequest,
    service: Service,
    transition: Transition,
    by: Actor,
    at: datetime.datetime,
    text: str,
) -> ServiceMove:
    """Keep a move in its history, tell who has to know, record it."""
    made = ServiceMove.objects.create(
        request=request,
        sequence=request.counter,
        event=transition.event,
        source=transition.source,
        target=transition.target,
        text=text,
        made_by_id=by.user_id,
        made_by=by.name,
        organisation_name=by.organisation_name,
        at=at,
    )
    old = request.notices.filter(seen_at=None)
    if transition.target not in table.FINAL:
        old = old.filter(day=0)
    old.update(seen_at=at)  # what is new is told again, what is over is not
    ServiceNotice.objects.bulk_create(
        ServiceNotice(
            request=request, party=party, adviser=adviser, event=transition.event
        )
        for party, adviser in dict.fromkeys(
            _told(request, service, transition.event, by)
        )
    )
    told = {"from": made.source, "to": made.target, "text": text}
    tell(transition.event, request, by, **told)
    return made


def tell(what: str, request: ServiceRequest, by: Actor, **data: Any) -> None:
    """Record what happened to a request, in its enterprise's territory."""
    record(
        action=f"casework.service_{what}",
        by=by,
        about=request,
        territory=request.enterprise.territory,
        data={
            "enterprise": request.enterprise_id,
            "service": request.service,
            "adviser": request.adviser_id,
            **data,
        },
    )


def check_seen(request: ServiceRequest, seen: int) -> None:
    """Raise RequestMoved where it has moved since somebody had it before them."""
    if request.counter != seen:
        raise moved(request)


def moved(request: ServiceRequest) -> RequestMoved:
    """Who was first, for whom came second."""
    last = request.moves.order_by("-sequence").first()
    said = _("{person}刚刚办理了这项服务（{time}），您的操作没有保存；请刷新后再看")
    person = last.made_by if last else _("有人")
    time = timezone.localtime(last.at if last else timezone.now())
    return RequestMoved(said.format(person=person, time=f"{time:%H:%M}"))


def confirming_party(request: ServiceRequest, service: Service) -> Party:
    """Whose pages show that an outcome waits: without an account it is the office."""
    if service.confirmer is Confirmer.FIRM:
        return Party.FIRM
    return Party.OTHER_SIDE if request.other_side_id else Party.OFFICE


def _transition(request: ServiceRequest, event: str) -> Transition:
    found = table.SERVICE_TABLE.find(request.state, event)
    if found is None:
        state = say_text(table.SERVICE_TABLE.states[request.state].label)
        said = _("这项服务现在是“{state}”，不能这样办理；请刷新页面")
        raise RequestMoved(said.format(state=state))
    return found


def _clocked(
    request: ServiceRequest, target: str, now: datetime.datetime
) -> dict[str, Any]:
    """The clock after a move: it stands, goes on, or ends, as the state says."""
    clock = Clock.of(request.clock)
    if clock.standing:
        clock = clock.resume(now)
    if target in table.FINAL:
        clock = clock.end(now)
    elif target in table.STANDING:
        clock = clock.pause(now, target)
    found = clock.read(now, default_working_days())
    ended = {"closed_at": now, "took": found.working_days} if found.finished else {}
    running = found.due if not found.finished else None
    return {
        "clock": clock.record(),
        "due_on": running.date if running else None,
        **ended,
    }


def _told(
    request: ServiceRequest, service: Service, event: str, by: Actor
) -> Iterator[tuple[Party, Adviser | None]]:
    mine = by.organisation.pk if by.organisation else None
    for party in TOLD.get(event, ()):
        match party:
            case table.FIRM if mine != request.enterprise.organisation_id:
                yield Party.FIRM, None
            case table.OFFICE if mine != request.office_id:
                yield Party.OFFICE, None
            case table.CONFIRMER:
                yield confirming_party(request, service), None
            case table.RECEIVER:
                yield Party.ADVISER, request.receiver
            case table.ADVISER if request.adviser and not permissions.is_adviser(
                by, request.adviser
            ):
                yield Party.ADVISER, request.adviser
