"""The pool of an office: who is in it, whom they are tied to, what was confirmed."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from tidu.accounts.actions import enter_person
from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Organisation, User
from tidu.accounts.permissions import may_do_work_of, may_work_for_authority
from tidu.accounts.verdicts import Verdict, no
from tidu.audit.actions import record
from tidu.casework.conflicts import Concerned, Conflicts, Tie, TieKind, find_conflicts
from tidu.casework.models import Case
from tidu.casework.review_models import Expert, TieChoice
from tidu.casework.review_models import Tie as KeptTie
from tidu.registry.models import Enterprise
from tidu.registry.names import exact_form
from tidu.registry.permissions import may_see_enterprise
from tidu.rules.errors import TiduError

_FIELD = re.compile(r"\d{2}")


class ExpertError(TiduError):
    """An expert or a tie cannot be kept so; the sentence says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class About:
    """What is kept of an expert. ``fields``: two-digit divisions of GB/T 4754."""

    name: str
    organisation_name: str
    organisation_code: str
    fields: Sequence[str]
    limit: int
    active: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class TieGiven:
    """A tie as somebody enters it; ``party``: a credit code or an IP number."""

    kind: TieChoice
    party: str
    source: str
    party_name: str = ""
    until: datetime.date | None = None


def may_keep_pool(actor: Actor) -> Verdict:
    """People of an authority who may change things there."""
    verdict = may_work_for_authority(actor)
    if verdict and actor.organisation is None:
        return no(_("请用主管部门人员的身份办理，以便记下是哪个单位"))
    return verdict


def may_keep_expert(actor: Actor, expert: Expert) -> Verdict:
    """The office whose pool it is."""
    return may_do_work_of(actor, expert.office_id, _("这是另一个主管部门的专家"))


def field_of(code: str) -> str:
    """The division of an industry code: ``C3484`` and ``3484`` → ``34``; else empty."""
    found = _FIELD.search(code)
    return found[0] if found else ""


def pool_of(office: Organisation) -> Organisation:
    """The pool that an office keeps; made once."""
    pool, _new = Organisation.objects.get_or_create(
        name=_("{office}专家库").format(office=office.name)[:200],
        kind=OrganisationKind.EXPERT_POOL,
        territory=office.territory,
    )
    return pool


@transaction.atomic
def enter_expert(*, username: str, about: About, by: Actor) -> tuple[Expert, str]:
    """An expert of the office's pool with an account; its one-time password."""
    may_keep_pool(by).or_refuse()
    assert by.organisation is not None
    pool = pool_of(by.organisation)
    membership, password = enter_person(
        username=username,
        name=about.name,
        organisation=pool,
        role=Role.EXPERT,
        by=by,
    )
    return add_to_pool(user=membership.user, about=about, by=by), password


@transaction.atomic
def add_to_pool(*, user: User, about: About, by: Actor) -> Expert:
    """Keep what is known of an expert whose account is in the pool."""
    may_keep_pool(by).or_refuse()
    assert by.organisation is not None
    expert = Expert.objects.create(
        office=by.organisation,
        pool=pool_of(by.organisation),
        user=user,
        confirmed_by=by.name if about.organisation_code else "",
        **_values(about),
    )
    _tell("entered", expert, by, **_values(about))
    return expert


@transaction.atomic
def change_expert(*, expert: Expert, about: About, by: Actor) -> None:
    """Write what is now known; a code that is entered is confirmed by who enters it."""
    may_keep_expert(by, expert).or_refuse()
    if about.organisation_code != expert.organisation_code:
        expert.confirmed_by = by.name if about.organisation_code else ""
    for name, value in _values(about).items():
        setattr(expert, name, value)
    expert.save()
    _tell("changed", expert, by, **_values(about))


@transaction.atomic
def add_tie(
    *, of: Expert | Enterprise, given: TieGiven, by: Actor, confirmed: bool
) -> KeptTie:
    """Enter a tie of an expert or of an enterprise; unconfirmed, it is only a hint."""
    _may_tie(by, of).or_refuse()
    if not given.party.strip() or not given.source.strip():
        raise ExpertError(_("请写明对方的代码或权利号，以及依据"))
    side = "expert" if isinstance(of, Expert) else "enterprise"
    tie = KeptTie.objects.create(
        **{side: of},
        kind=given.kind,
        party=given.party.strip().upper(),
        party_name=given.party_name.strip(),
        source=given.source.strip(),
        until=given.until,
        confirmed_by=by.name if confirmed else "",
    )
    _tell_of_tie("added", tie, by)
    return tie


@transaction.atomic
def confirm_tie(*, tie: KeptTie, by: Actor) -> None:
    """Say that the identity behind a tie is that; from now on it bars."""
    side = tie.expert or tie.enterprise
    assert side is not None
    _may_tie(by, side).or_refuse()
    tie.confirmed_by = by.name
    tie.save(update_fields=["confirmed_by"])
    _tell_of_tie("confirmed", tie, by)


@transaction.atomic
def drop_tie(*, tie: KeptTie, by: Actor) -> None:
    """Take back a tie that is not so; what an expert declared stays."""
    side = tie.expert or tie.enterprise
    assert side is not None
    _may_tie(by, side).or_refuse()
    if tie.kind == TieChoice.DECLARED or tie.declared_by:
        raise ExpertError(_("专家自己申报的回避不能删除"))
    _tell_of_tie("dropped", tie, by)
    tie.delete()


def experts_of(office: Organisation | None) -> models.QuerySet[Expert]:
    """The experts of an office's pool, those no longer in it included."""
    return Expert.objects.filter(office=office)


def conflicts_between(cases: Iterable[Case], experts: Iterable[Expert]) -> Conflicts:
    """Who must not review which case (by case number and expert key), and the hints."""
    chosen, people = list(cases), list(experts)
    firms = {each.enterprise_id for each in chosen}
    kept: dict[tuple[str, int], list[KeptTie]] = defaultdict(list)
    live = KeptTie.objects.filter(correction=None, mistaken=False)
    for tie in live.filter(
        models.Q(expert__in=people) | models.Q(enterprise__in=firms)
    ):
        if tie.expert_id:
            kept["expert", tie.expert_id].append(tie)
        elif tie.enterprise_id:
            kept["firm", tie.enterprise_id].append(tie)
    return find_conflicts(
        [
            Concerned(
                str(each.number),
                (
                    *_self_ties(each.enterprise),
                    *_ties(kept["firm", each.enterprise_id]),
                ),
            )
            for each in chosen
        ],
        [
            Concerned(
                each.key,
                (*_own_ties(each), *_work_ties(each), *_ties(kept["expert", each.pk])),
            )
            for each in people
        ],
    )


def party_of(enterprise: Enterprise) -> str:
    """An enterprise as a party, also where it has no credit code."""
    return f"enterprise:{enterprise.pk}"


def key_of_name(name: str) -> str:
    """A name as a party: alike is not the same, so it only ever makes a hint."""
    return f"name:{exact_form(name)}"


def _self_ties(enterprise: Enterprise) -> tuple[Tie, ...]:
    source = _("企业库")
    found = [Tie(TieKind.SELF, party_of(enterprise), confirmed=True, source=source)]
    if enterprise.uscc:
        found.append(Tie(TieKind.SELF, enterprise.uscc, confirmed=True, source=source))
    found.append(
        Tie(TieKind.SELF, key_of_name(enterprise.name), confirmed=False, source=source)
    )
    return tuple(found)


def _own_ties(expert: Expert) -> tuple[Tie, ...]:
    """The expert as a party: certain by number, alike by name."""
    source = _("专家库")
    return (
        Tie(TieKind.SELF, expert.party, confirmed=True, source=source),
        Tie(TieKind.SELF, key_of_name(expert.name), confirmed=False, source=source),
    )


def _work_ties(expert: Expert) -> list[Tie]:
    """The employer: by its confirmed code, else by a name that is only alike."""
    source = _("专家工作单位：{name}").format(name=expert.organisation_name)
    found = [
        Tie(
            TieKind.EMPLOYMENT,
            key_of_name(expert.organisation_name),
            confirmed=False,
            source=source,
            shown=expert.organisation_name,
        )
    ]
    if expert.organisation_code:
        confirmed = bool(expert.confirmed_by)
        found.append(
            Tie(TieKind.EMPLOYMENT, expert.organisation_code, confirmed, source)
        )
    return found


def _ties(kept: Iterable[KeptTie]) -> list[Tie]:
    return [
        Tie(
            TieKind(e.kind),
            e.party,
            bool(e.confirmed_by),
            e.source,
            e.until,
            e.party_name if e.kind == TieChoice.DECLARED else "",
        )
        for e in kept
    ]


def _may_tie(actor: Actor, of: Expert | Enterprise) -> Verdict:
    if isinstance(of, Expert):
        return may_keep_expert(actor, of)
    return may_keep_pool(actor) and may_see_enterprise(actor, of)


def _values(about: About) -> dict[str, Any]:
    if about.limit < 1:
        raise ExpertError(_("一个批次至少评 1 份；暂时不评的，请改为不在库"))
    return {
        "name": about.name,
        "organisation_name": about.organisation_name,
        "organisation_code": about.organisation_code.strip().upper(),
        "fields": sorted(set(about.fields)),
        "limit": about.limit,
        "active": about.active,
    }


def _tell(what: str, expert: Expert, by: Actor, **data: Any) -> None:
    record(
        action=f"casework.expert_{what}",
        by=by,
        about=expert,
        territory=expert.office.territory,
        data=data,
    )


def _tell_of_tie(what: str, tie: KeptTie, by: Actor) -> None:
    side = tie.expert.office if tie.expert else tie.enterprise
    assert side is not None
    record(
        action=f"casework.tie_{what}",
        by=by,
        about=tie,
        territory=side.territory,
        data={
            "expert": tie.expert_id,
            "enterprise": tie.enterprise_id,
            "kind": tie.kind,
            "party": tie.party,
            "source": tie.source,
        },
    )
