"""Enterprises that sign up: enter a new one, or let an officer confirm the claim."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actions import join
from tidu.accounts.actors import Actor
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.errors import AccountError
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.permissions import may_act_for_authority
from tidu.audit.actions import record
from tidu.registry.actions import enter_enterprise
from tidu.registry.claim_models import Claim
from tidu.registry.enums import ClaimState
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_decide_claim

FIRM_ROLES = (Role.OWNER, Role.FILER)


@transaction.atomic
def sign_up_enterprise(
    *, name: str, uscc: str, territory: str, note: str, user: User
) -> Membership | Claim:
    """Let a person act for an enterprise: at once where the registry has not known it.

    ``uscc``: checked; ``territory``: six digits. A code that the registry knows makes
    a claim, which waits for an officer of the place where the registry has the firm.
    """
    by = Actor(user)
    known = Enterprise.objects.filter(uscc=uscc).first()
    if known:
        return _claim(known.merged_into or known, name, note, user)
    enterprise = enter_enterprise(name=name, uscc=uscc, territory=territory, by=by)
    account = _account_of(enterprise)
    return join(user=user, organisation=account, role=Role.OWNER, by=by)


@transaction.atomic
def confirm_claim(*, claim: Claim, role: Role, by: Actor) -> Membership:
    """Let the person act for the enterprise, in the role the officer names."""
    waiting = _decide(claim, ClaimState.CONFIRMED, "", by)
    account = _account_of(waiting.enterprise)
    return join(user=waiting.user, organisation=account, role=role, by=by)


@transaction.atomic
def refuse_claim(*, claim: Claim, reason: str, by: Actor) -> None:
    """Refuse a claim; the person reads the reason on their account's page."""
    if not reason.strip():
        raise AccountError(_("请写明理由，申请人会看到"))
    _decide(claim, ClaimState.REFUSED, reason.strip(), by)


def claims_before(actor: Actor) -> models.QuerySet[Claim]:
    """The claims on enterprises of an authority's territory, the newest first."""
    scope = actor.scope
    if scope is None:
        return Claim.objects.none()
    return Claim.objects.filter(enterprise__territory__startswith=scope).select_related(
        "enterprise", "user", "decided_by"
    )


def waiting_claims(actor: Actor) -> int:
    """How many claims wait for the actor's authority; 0 for those who decide none."""
    if not may_act_for_authority(actor):
        return 0
    return claims_before(actor).filter(state=ClaimState.WAITING).count()


def _claim(enterprise: Enterprise, name: str, note: str, user: User) -> Claim:
    account = enterprise.organisation
    if account and account.memberships.filter(user=user, ended_at=None).exists():
        raise AccountError(_("您已经是这家企业的人员，不用再申请"))
    claim, new = Claim.objects.get_or_create(
        enterprise=enterprise,
        user=user,
        state=ClaimState.WAITING,
        defaults={"name": name, "note": note},
    )
    if not new:
        raise AccountError(_("您已经申请过这家企业，正在等主管部门核实"))
    record(
        action="registry.claim_made",
        by=Actor(user),
        about=claim,
        territory=enterprise.territory,
        data={"enterprise": enterprise.pk, "name": name},
    )
    return claim


def _decide(claim: Claim, state: ClaimState, reason: str, by: Actor) -> Claim:
    may_decide_claim(by, claim).or_refuse()
    waiting = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("enterprise", "user")
        .get(pk=claim.pk)
    )
    if waiting.state != ClaimState.WAITING:
        raise AccountError(_("这份申请已经有人处理过了，请刷新页面"))
    waiting.state, waiting.reason = state, reason
    waiting.decided_at, waiting.decided_by = timezone.now(), by.user
    waiting.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    record(
        action=f"registry.claim_{state.value}",
        by=by,
        about=waiting,
        territory=waiting.enterprise.territory,
        data={
            "enterprise": waiting.enterprise_id,
            "user": waiting.user_id,
            "reason": reason,
        },
    )
    return waiting


def _account_of(enterprise: Enterprise) -> Organisation:
    """The enterprise's own organisation; made where it has none."""
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if locked.organisation_id is None:
        locked.organisation = Organisation.objects.create(
            name=locked.name,
            kind=OrganisationKind.ENTERPRISE,
            territory=locked.territory,
        )
        locked.save(update_fields=["organisation"])
    assert locked.organisation is not None
    return locked.organisation
