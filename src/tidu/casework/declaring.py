"""Ties that a firm or an expert declares of its own side: dated, corrected by adding.

What an expert declares of themselves by a code bars at once. What a firm declares is a
hint until an office has confirmed it, or a firm could choose who does not review it.
"""

from __future__ import annotations

import dataclasses
import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_as_expert
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record
from tidu.casework.experts import (
    ExpertError,
    confirm_tie,
    conflicts_between,
    experts_of,
    key_of_name,
    may_keep_pool,
)
from tidu.casework.permissions import may_apply_for
from tidu.casework.review_models import OWN_WORD, Expert, Review, Tie, TieChoice
from tidu.casework.reviewing import release
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_see_enterprise

FIRM_KINDS = (
    TieChoice.SHAREHOLDING,
    TieChoice.GROUP,
    TieChoice.IP,
    TieChoice.PERSON,
)
EXPERT_KINDS = (TieChoice.EMPLOYMENT, TieChoice.SHAREHOLDING, TieChoice.IP)


@dataclasses.dataclass(frozen=True, slots=True)
class Declared:
    """What somebody says of their own side. ``code``: a credit code or the number of a
    right, empty where only a name is known; ``source``: what the tie is.
    """

    kind: TieChoice
    code: str
    name: str
    source: str
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def party(self) -> str:
        """As it meets the other side's ties."""
        return self.code.strip().upper() or key_of_name(self.name)


def may_declare(actor: Actor, of: Expert | Enterprise) -> Verdict:
    """The firm's own people; the expert in person."""
    if isinstance(of, Enterprise):
        return may_apply_for(actor, of)
    if of.user_id == actor.user_id and may_act_as_expert(actor):
        return yes()
    return no(_("只有专家本人可以申报自己的关系"))


def may_settle(actor: Actor, firm: Enterprise) -> Verdict:
    """Offices of the firm's territory that may change things there."""
    return may_keep_pool(actor) and may_see_enterprise(actor, firm)


def ties_of(of: Expert | Enterprise) -> models.QuerySet[Tie]:
    """All that stands of one side, the newest first, with what corrected it."""
    return of.ties.select_related("replaces", "correction").order_by("-made_at", "-pk")


@transaction.atomic
def declare_tie(
    *,
    of: Expert | Enterprise,
    declared: Declared,
    by: Actor,
    replaces: Tie | None = None,
    mistaken: bool = False,
) -> Tie:
    """Declare a tie, or correct one that was declared; the earlier one stays.

    Raises ExpertError where it says too little, or was corrected already.
    """
    may_declare(by, of).or_refuse()
    _check(of, declared, replaces)
    expert = isinstance(of, Expert)
    made = Tie.objects.create(
        **{"expert" if expert else "enterprise": of},
        kind=declared.kind,
        party=declared.party[:64],
        party_name=declared.name.strip(),
        source=declared.source.strip(),
        since=declared.since,
        until=declared.until,
        declared_by=by.name,
        declared_by_id=by.user_id,
        confirmed_by=OWN_WORD if expert and declared.code.strip() else "",
        replaces=replaces,
        mistaken=mistaken,
    )
    _tell("corrected" if replaces else "declared", made, of, by)
    if isinstance(of, Expert):
        release_barred(by=by, expert=of)
    return made


@transaction.atomic
def settle_tie(*, tie: Tie, by: Actor, expert: Expert | None = None) -> None:
    """Confirm what a firm declared; where it names a person, say which expert it is.

    Raises ExpertError for a person without an expert, or one of another name.
    """
    firm = tie.enterprise
    assert firm is not None
    may_settle(by, firm).or_refuse()
    if Tie.objects.filter(replaces=tie).exists() or tie.mistaken:
        raise ExpertError(_("这一项已经更正过，请看最新的一项"))
    if not tie.party.startswith("name:"):
        confirm_tie(tie=tie, by=by)
    elif expert is None or expert not in pool_by_name(by).get(tie.party, []):
        raise ExpertError(_("请选出是哪一位专家；本单位库里没有同名的，不用核实"))
    else:
        made = Tie.objects.create(
            enterprise=firm,
            kind=tie.kind,
            party=expert.party,
            party_name=tie.party_name,
            source=tie.source,
            since=tie.since,
            until=tie.until,
            confirmed_by=by.name,
            replaces=tie,
        )
        _tell("confirmed", made, firm, by)
    release_barred(by=by, firm=firm)


@transaction.atomic
def lift_tie(*, tie: Tie, by: Actor) -> None:
    """Say of a firm's tie that there is none; it stays, with who said so and when."""
    firm = tie.enterprise
    assert firm is not None
    may_settle(by, firm).or_refuse()
    if Tie.objects.filter(replaces=tie).exists() or tie.mistaken:
        raise ExpertError(_("这一项已经更正过，请看最新的一项"))
    made = Tie.objects.create(
        enterprise=firm,
        kind=tie.kind,
        party=tie.party,
        party_name=tie.party_name,
        source=tie.source,
        confirmed_by=by.name,
        replaces=tie,
        mistaken=True,
    )
    _tell("lifted", made, firm, by)


def pool_by_name(actor: Actor) -> dict[str, list[Expert]]:
    """The experts of the actor's pool under the keys of their names. One query."""
    found: dict[str, list[Expert]] = {}
    for each in experts_of(actor.organisation).exclude(office=None):
        found.setdefault(key_of_name(each.name), []).append(each)
    return found


@transaction.atomic
def release_barred(
    *, by: Actor, expert: Expert | None = None, firm: Enterprise | None = None
) -> list[Review]:
    """Take open sheets back from whom they may no longer lie with; others are drawn."""
    open_ones = Review.objects.filter(
        submitted_at=None, released_at=None, case__state=models.F("step")
    ).select_related("case__enterprise", "case__round", "expert", "draw__plan__office")
    if expert is not None:
        open_ones = open_ones.filter(expert=expert)
    if firm is not None:
        open_ones = open_ones.filter(case__enterprise=firm)
    held = list(open_ones)
    barred = conflicts_between(
        {each.case_id: each.case for each in held}.values(),
        {each.expert_id: each.expert for each in held}.values(),
    ).barred
    freed = []
    for each in held:
        reasons = barred.get((str(each.case.number), each.expert.key))
        if reasons:
            release(review=each, reason=reasons[0].sentence(), by=by)
            freed.append(each)
    return freed


def _check(of: Expert | Enterprise, declared: Declared, replaces: Tie | None) -> None:
    kinds = EXPERT_KINDS if isinstance(of, Expert) else FIRM_KINDS
    if declared.kind not in kinds:
        raise ExpertError(_("这种关系不在可以申报的几种里；请刷新页面"))
    if not (declared.code.strip() or declared.name.strip()):
        raise ExpertError(_("请写明对方的名称，或代码、权利号"))
    if declared.kind is TieChoice.IP and not declared.code.strip():
        raise ExpertError(_("共同知识产权请写权利号"))
    if not declared.source.strip():
        raise ExpertError(_("请写明是什么关系，如持股比例、任职时间"))
    if declared.since and declared.since > timezone.localdate():
        raise ExpertError(_("开始日期不能晚于今天"))
    if declared.since and declared.until and declared.until < declared.since:
        raise ExpertError(_("结束日期不能早于开始日期"))
    if replaces is None:
        return
    side = replaces.expert if isinstance(of, Expert) else replaces.enterprise
    if side != of or not replaces.declared_by:
        raise ExpertError(_("只能更正自己申报的；其他的请联系主管部门"))
    if replaces.confirmed_by not in {"", OWN_WORD}:
        raise ExpertError(_("主管部门已经核实这一项；要更正的，请联系主管部门"))
    if Tie.objects.filter(replaces=replaces).exists():
        raise ExpertError(_("这一项已经更正过，请看最新的一项"))


def _tell(what: str, tie: Tie, of: Expert | Enterprise, by: Actor) -> None:
    territory = of.office.territory if isinstance(of, Expert) else of.territory
    record(
        action=f"casework.tie_{what}",
        by=by,
        about=tie,
        territory=territory,
        data={
            "expert": tie.expert_id,
            "enterprise": tie.enterprise_id,
            "kind": tie.kind,
            "party": tie.party,
            "source": tie.source,
            "replaces": tie.replaces_id,
            "mistaken": tie.mistaken,
        },
    )
