"""Read services and requests: what a firm may ask, what an adviser has, how long."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from tidu.accounts.actors import Actor
from tidu.casework.archives import library_for
from tidu.casework.clocks import Clock, Reading, Usual, usual
from tidu.casework.queries import today
from tidu.casework.serving.enums import Party
from tidu.casework.serving.models import (
    Adviser,
    Contact,
    ServedFirm,
    ServiceNotice,
    ServiceRequest,
)
from tidu.casework.wording import say_text
from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts, scope_filter
from tidu.rules.assess import Standing, assess, prepare
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.outcomes import MET
from tidu.rules.packs import Pack
from tidu.rules.service_files import Service
from tidu.rules.service_table import ASKED, CLOSED, FINAL, STANDING
from tidu.rules.working_days import default_working_days

SILENT_DAYS = (9, 21, 45)
"""Days without a contact after which an adviser is reminded."""
_YEAR = 365
_RELATED = (
    *("enterprise__organisation", "office", "packs", "other_side"),
    *("adviser__membership__user", "receiver__membership__user"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A service a firm may ask about, and whether it may have it."""

    service: Service
    standing: Standing


def pack_of(enterprise: Enterprise) -> Pack:
    """The pack in force where the enterprise is."""
    return default_library().for_territory(enterprise.territory)


def services_in(pack: Pack, territory: str, on: datetime.date) -> Mapping[str, Service]:
    """The services of a place and a day, by id, in the order of the measures."""
    found = (
        each
        for each in pack.services.values()
        if territory.startswith(each.territory)
        and any(w.start <= on < w.end for w in each.rule_set.windows)
    )
    return {e.id: e for e in sorted(found, key=lambda e: (e.measure, e.id))}


def standing_on(
    pack: Pack, service: Service, prepared: Facts, on: datetime.date
) -> Standing:
    """Whether a firm may ask; ``prepared`` facts. Without criteria everybody may."""
    windows = service.rule_set.windows
    window = next(each for each in windows if each.start <= on < each.end)
    found = assess(pack, service.rule_set, prepared, on=on, window=window)
    if not service.rule_set.criteria:
        return dataclasses.replace(found, outcome=MET)
    return found


def offers_for(enterprise: Enterprise, on: datetime.date) -> list[Offer]:
    """Every service of the firm's place with what was found about the firm."""
    pack = pack_of(enterprise)
    prepared = prepare(current_facts(enterprise), pack, on)
    return [
        Offer(each, standing_on(pack, each, prepared, on))
        for each in services_in(pack, enterprise.territory, on).values()
    ]


def kept_pack(request: ServiceRequest) -> Pack:
    """The pack as it was when the request was made."""
    library = library_for(request.packs)
    return library.for_territory(request.enterprise.territory)


def service_of(request: ServiceRequest) -> Service:
    """The service as it was when it was asked for."""
    return kept_pack(request).services[request.service]


def with_all(
    rows: models.QuerySet[ServiceRequest],
) -> models.QuerySet[ServiceRequest]:
    """With everything a page says of a request, but not the text of the packs."""
    return rows.select_related(*_RELATED).defer("packs__files")


def requests_of(enterprise: Enterprise) -> models.QuerySet[ServiceRequest]:
    """Everything a firm asked for, the newest first."""
    return with_all(enterprise.service_requests.order_by("-asked_at", "-id"))


def requests_seen_by(actor: Actor) -> models.QuerySet[ServiceRequest]:
    """Requests of an authority's territory, silence on top: the unassigned first."""
    scope = actor.scope
    if scope is None:
        return ServiceRequest.objects.none()
    rows = ServiceRequest.objects.filter(scope_filter(scope, "enterprise__territory"))
    return with_all(in_order(rows))


def in_order(
    rows: models.QuerySet[ServiceRequest],
) -> models.QuerySet[ServiceRequest]:
    """What nobody has taken first, then the longest silence; what is done last."""
    return rows.order_by(
        F("closed_at").asc(nulls_first=True),
        models.Case(models.When(state=ASKED, then=0), default=1),
        "last_contact_on",
        "id",
    )


def caseload_of(adviser: Adviser) -> models.QuerySet[ServiceRequest]:
    """What an adviser has to do or is offered, the longest silence on top."""
    rows = ServiceRequest.objects.filter(Q(adviser=adviser) | Q(receiver=adviser))
    return with_all(rows.filter(closed_at=None).order_by("last_contact_on", "id"))


def firms_of(adviser: Adviser) -> models.QuerySet[ServedFirm]:
    """The firms on an adviser's list, those longest without a contact on top."""
    counted = Count(
        "enterprise__service_requests",
        filter=Q(
            enterprise__service_requests__closed_at=None,
            enterprise__service_requests__adviser=adviser,
        ),
    )
    return (
        adviser.served.filter(ended_at=None)
        .select_related("enterprise")
        .annotate(needs=counted)
        .order_by(F("last_contact_on").asc(nulls_first=True), "id")
    )


def contacts_with(enterprise: Enterprise) -> models.QuerySet[Contact]:
    """Visits, calls and notes about a firm, the newest first."""
    return enterprise.service_contacts.select_related(
        "adviser__membership__user", "request"
    )


def adviser_of(actor: Actor) -> Adviser | None:
    """The actor as an adviser; None where nobody has made them one."""
    if actor.membership is None:
        return None
    rows = Adviser.objects.select_related("membership__user", "office")
    return rows.filter(membership=actor.membership).first()


def advisers_for(office_id: int) -> models.QuerySet[Adviser]:
    """The advisers an office may give work to."""
    return Adviser.objects.filter(
        office=office_id, active=True, membership__ended_at=None
    ).select_related("membership__user", "membership__organisation")


@dataclasses.dataclass(frozen=True, slots=True)
class Load:
    """What an adviser has: ``silent`` past 9 days, ``late`` past its last day.

    ``usual``: working days of the past year's closed requests.
    """

    adviser: Adviser
    firms: int
    open: int
    silent: int
    late: int
    usual: Usual


def loads_seen_by(actor: Actor) -> list[Load]:
    """Every adviser of an authority's territory with their load, the fullest first."""
    scope = actor.scope
    if scope is None:
        return []
    advisers = (
        Adviser.objects.filter(scope_filter(scope, "office__territory"))
        .select_related("membership__user", "membership__organisation", "office")
        .order_by("-active", "id")
    )
    day, ids = today(), [each.pk for each in advisers]
    opened = ServiceRequest.objects.filter(adviser__in=ids, closed_at=None)
    silent = Q(last_contact_on__lte=day - datetime.timedelta(days=SILENT_DAYS[0]))
    counts = {
        adviser: counted
        for adviser, *counted in opened.order_by()
        .values_list("adviser")
        .annotate(
            held=Count("pk"),
            quiet=Count("pk", filter=silent),
            late=Count("pk", filter=Q(due_on__lt=day)),
        )
    }
    firms = dict(
        ServedFirm.objects.filter(adviser__in=ids, ended_at=None)
        .order_by()
        .values_list("adviser")
        .annotate(count=Count("pk"))
    )
    took = _took(ids)
    found = []
    for each in advisers:
        held, quiet, late = counts.get(each.pk, (0, 0, 0))
        times = usual(took.get(each.pk, []))
        found.append(Load(each, firms.get(each.pk, 0), held, quiet, late, times))
    return sorted(found, key=lambda each: (-each.silent, -each.open))


def _took(ids: Iterable[int]) -> dict[int, list[int]]:
    since = timezone.now() - datetime.timedelta(days=_YEAR)
    rows = ServiceRequest.objects.filter(
        adviser__in=ids, state=CLOSED, closed_at__gte=since
    ).exclude(took=None)
    found: dict[int, list[int]] = {}
    for adviser, days in rows.order_by().values_list("adviser", "took"):
        found.setdefault(adviser, []).append(days or 0)
    return found


def reading_of(request: ServiceRequest, now: datetime.datetime) -> Reading:
    """The clock of the answer; why it stands is said in the reader's language."""
    clock = Clock.of(request.clock)
    pauses = tuple(
        dataclasses.replace(each, reason=say_text(STANDING[each.reason]))
        for each in clock.pauses
    )
    clock = dataclasses.replace(clock, pauses=pauses)
    return clock.read(now, default_working_days())


def silence_of(request: ServiceRequest, on: datetime.date) -> int:
    """Days since the adviser was last in touch; 0 for what has ended."""
    return (on - request.last_contact_on).days if request.open else 0


def unseen_by(
    party: Party, *, adviser: Adviser | None = None, **rows: Any
) -> models.QuerySet[ServiceNotice]:
    """What a party has not looked at; ``rows``: of which requests (``office=…``)."""
    found = ServiceNotice.objects.filter(
        party=party, seen_at=None, **{f"request__{k}": v for k, v in rows.items()}
    )
    if party is Party.ADVISER:
        found = found.filter(adviser=adviser)
    return found.select_related(
        "request__enterprise", "request__packs", "adviser__membership__user"
    ).defer("request__packs__files")


def waiting_in(actor: Actor) -> tuple[int, int]:
    """Requests of the actor's office nobody has taken; disputed ones."""
    rows = ServiceRequest.objects.filter(office=actor.organisation).exclude(
        state__in=FINAL
    )
    states = list(rows.order_by().values_list("state", flat=True))
    return states.count(ASKED), states.count("disputed")
