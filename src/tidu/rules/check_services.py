"""Whether a pack's services are in order: clauses that stand somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from tidu.rules.complaints import Complaint, Headings, without_heading
from tidu.rules.language import N_
from tidu.rules.packs import Pack
from tidu.rules.service_files import Service


def check_services(
    pack: Pack, base: Pack | None, headings: Headings
) -> Iterator[Complaint]:
    """Clauses without a heading; mechanisms that start a service nobody describes."""
    known = base.services if base else {}
    for each in pack.services.values():
        if each.id not in known and not each.mechanism:
            yield from _check_clauses(each, headings)
    for mechanism in pack.mechanisms.values():
        if mechanism.service and mechanism.service not in pack.services:
            yield Complaint(
                mechanism.place,
                N_("{id} 指向服务 {service}，没有这个服务"),
                N_("请写 services/ 里已有的编号，或先写好 services/{service}.yaml"),
                {"id": mechanism.id, "service": mechanism.service},
            )


def _check_clauses(service: Service, headings: Headings) -> Iterator[Complaint]:
    rule_set = service.rule_set
    named = [
        rule_set.annex,
        *(each.clause for each in rule_set.values.values()),
        *(each.clause for top in rule_set.criteria for each in top.walk()),
        *([service.within.clause] if service.within else []),
    ]
    return without_heading(service.place, rule_set.document, named, headings)
