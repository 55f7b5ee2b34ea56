"""A firm asks for a service: what it says, what the registry knows, who may ask."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import Organisation
from tidu.accounts.queries import authority_over
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.archives import keep_packs
from tidu.casework.clocks import Clock
from tidu.casework.permissions import may_apply_for
from tidu.casework.queries import today
from tidu.casework.serving.models import ServiceRequest
from tidu.casework.serving.moving import ServiceError, note_move
from tidu.casework.serving.queries import pack_of, services_in, standing_on
from tidu.casework.wording import say_text
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.fact_values import to_json
from tidu.registry.guards import enterprise_is_open
from tidu.registry.models import Enterprise
from tidu.registry.queries import current_facts
from tidu.rules.assess import Standing, prepare
from tidu.rules.facts import Facts
from tidu.rules.lifecycle import Transition
from tidu.rules.outcomes import UNMET
from tidu.rules.rulesets import Criterion
from tidu.rules.service_files import Asked, Service
from tidu.rules.service_table import ASKED, EVENT_LABELS
from tidu.rules.vocabulary import Text
from tidu.rules.working_days import DayUnit, default_working_days

ASK = Transition("ask", "", ASKED, "firm", EVENT_LABELS["ask"])


class ServiceRefused(ServiceError):
    """A condition is not met; the sentence names it with its clause."""


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """What a firm says when it asks.

    ``answers``: own field → value as JSON; ``facts``: changed figures as entries for
    the registry; ``before``: how things are now, field of ``effects`` → value as JSON.
    """

    need: str
    contact_name: str
    contact_phone: str
    track: str = ""
    answers: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    before: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@transaction.atomic
def ask_service(
    *, enterprise: Enterprise, service_id: str, given: Given, by: Actor
) -> ServiceRequest:
    """Ask for a service; figures that changed are filed in the registry with it.

    Raises ServiceRefused where a condition is not met, ServiceError where something
    required is missing; then nothing is written. What is unknown keeps nobody out.
    """
    may_apply_for(by, enterprise).or_refuse()
    enterprise_is_open(enterprise).or_refuse()
    on, pack = today(), pack_of(enterprise)
    service = services_in(pack, enterprise.territory, on).get(service_id)
    if service is None:
        raise ServiceError(_("本地现在没有这项服务；请看服务清单"))
    may_ask_again(enterprise, service, given.track).or_refuse()
    if given.facts:
        file_facts(
            enterprise=enterprise,
            entries=given.facts,
            source=FilingSource.ENTERPRISE,
            by=by,
            reason=_("服务申请：{name}").format(name=service.label.chinese),
        )
    facts = current_facts(enterprise)
    _refuse_incomplete(service, given, facts, on)
    standing = standing_on(pack, service, prepare(facts, pack, on), on)
    if standing.outcome is UNMET:
        raise ServiceRefused(why_not(service, standing))
    made = _make(enterprise, service, given, standing, facts)
    note_move(made, service, ASK, by, made.asked_at, given.need.strip())
    return made


def office_for(enterprise: Enterprise, service: Service) -> Organisation | None:
    """The office of the service's level, else the next one up, else the one below.

    In an installation of a county there is none above it; the county's own asks on.
    """
    code = enterprise.territory[: service.level.digits].ljust(6, "0")
    return authority_over(code) or authority_over(enterprise.territory)


def may_ask_again(enterprise: Enterprise, service: Service, track: str) -> Verdict:
    """Not while the same is still open."""
    same = enterprise.service_requests.filter(
        service=service.id, track=track, closed_at=None
    )
    if same.exists():
        return no(_("同样的申请还在办理中，请接着看那一件"))
    return yes()


def why_not(service: Service, standing: Standing) -> str:
    """The conditions that are not met, each with its clause."""
    number = service.rule_set.number
    failing = [
        _("{label}（{number}{clause}）").format(
            label=say_text(each.about.label),
            number=number,
            clause=each.about.clause,
        )
        for each in standing.findings
        if each.outcome is UNMET and not each.part_of
    ]
    text = _("不符合申请条件：{criteria}")
    return text.format(criteria=_("、").join(failing))


def findings_of(standing: Standing) -> list[dict[str, Any]]:
    """What was found, kept as it was said that day."""
    return [
        {
            "id": each.id,
            "outcome": each.outcome.value,
            "label": each.about.label.chinese,
            "label_en": each.about.label.english,
            "clause": each.about.clause,
            "says": each.sentence(),
            "says_en": each.sentence(english=True),
            "missing": list(each.missing),
        }
        for each in standing.findings
        if isinstance(each.about, Criterion)
    ]


def known_effects(service: Service, facts: Facts, year: int) -> dict[str, Any]:
    """What the registry knows of the figures that the service may change."""
    found = {}
    for each in service.effects:
        value = None if each.own else facts.get(each.key(year))
        if value is not None:
            found[each.fact.id] = to_json(value)
    return found


def _refuse_incomplete(
    service: Service, given: Given, facts: Facts, on: datetime.date
) -> None:
    lacking = []
    if not given.need.strip():
        lacking.append(_("要解决的事"))
    if not (given.contact_name.strip() and given.contact_phone.strip()):
        lacking.append(_("联系人和电话"))
    if service.tracks and service.track(given.track) is None:
        lacking.append(_("通道"))
    lacking += [
        say_text(Text(each.fact.label, each.fact.english))
        for each in service.asks
        if each.required and _is_open(each, given, facts, on)
    ]
    if lacking:
        text = _("还没有填写：{names}")
        raise ServiceError(text.format(names=_("、").join(lacking)))


def _is_open(each: Asked, given: Given, facts: Facts, on: datetime.date) -> bool:
    if each.own:
        value = given.answers.get(each.fact.id)
        return value is None or value == ""
    return facts.get(each.key(on.year)) is None


def _make(
    enterprise: Enterprise,
    service: Service,
    given: Given,
    standing: Standing,
    facts: Facts,
) -> ServiceRequest:
    office = office_for(enterprise, service)
    if office is None:
        raise ServiceError(_("本站没有办理这项服务的主管部门；请向当地主管部门咨询"))
    now = timezone.now()
    unit = DayUnit(service.within.unit if service.within else DayUnit.WORKING_DAY)
    clock = Clock(now, unit, service.within.days if service.within else None)
    due = clock.read(now, default_working_days()).due
    known = {each.fact.id for each in service.asks if each.own}
    made = ServiceRequest.objects.create(
        service=service.id,
        track=given.track,
        packs=keep_packs(),
        enterprise=enterprise,
        office=office,
        counter=1,
        state_since=now,
        asked_at=now,
        need=given.need.strip(),
        contact_name=given.contact_name.strip(),
        contact_phone=given.contact_phone.strip(),
        answers={k: v for k, v in given.answers.items() if k in known},
        outcome=standing.outcome.value,
        findings=findings_of(standing),
        clock=clock.record(),
        due_on=due.date if due else None,
        last_contact_on=today(),
        before={
            **known_effects(service, facts, today().year),
            **{
                e.fact.id: given.answers[e.fact.id]
                for e in service.effects
                if e.fact.id in given.answers
            },
            **given.before,
        },
    )
    made.number = f"F{now:%Y}-{made.pk:06d}"
    made.save(update_fields=["number"])
    return made
