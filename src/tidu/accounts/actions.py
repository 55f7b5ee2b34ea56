"""Writes to people and organisations: open an account, invite, change, end, reset."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts import permissions
from tidu.accounts.actors import Actor
from tidu.accounts.enums import ROLES, OrganisationKind, Role
from tidu.accounts.errors import AccountError
from tidu.accounts.models import Invitation, Membership, Organisation, User
from tidu.accounts.queries import LEADS, digest_of, leaders_of
from tidu.audit.actions import record

VALID_DAYS = 7
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"  # no 0O 1lI
_PASSWORD_GROUPS = 4  # of four letters each
_FEW = 10_000  # rounds of hashing


@transaction.atomic
def open_account(
    *, username: str, name: str, password: str | None, phone: str = ""
) -> User:
    """Enter a person who signs in by a password of their own, or by none yet.

    Refused where the user name is taken, also in other capitals.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise AccountError(_("用户名“{name}”已有人用，请换一个").format(name=username))
    user = User.objects.create_user(username, password=password, name=name, phone=phone)
    record(action="accounts.account_opened", by=Actor(user), about=user)
    return user


@transaction.atomic
def enter_person(
    *, username: str, name: str, organisation: Organisation, role: Role, by: Actor
) -> tuple[Membership, str]:
    """An account made for somebody else, and its one-time password, told only here.

    They must choose their own before anything else; the caller has asked who may.
    """
    password = _one_time_password()
    user = open_account(username=username, name=name, password=None)
    user.password = _quick_hash(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    return join(user=user, organisation=organisation, role=role, by=by), password


@transaction.atomic
def join(
    *, user: User, organisation: Organisation, role: Role, by: Actor
) -> Membership:
    """Let a person act for an organisation; the caller has asked who may allow it.

    Refused for a role that the organisation's kind does not have. Who is a member
    already keeps the membership, with the role they had.
    """
    _check_role(organisation, role)
    membership, new = Membership.objects.get_or_create(
        user=user, organisation=organisation, ended_at=None, defaults={"role": role}
    )
    if new:
        _record("accounts.joined", by, membership)
    return membership


@transaction.atomic
def invite(
    *, organisation: Organisation, name: str, role: Role, by: Actor
) -> tuple[Invitation, str]:
    """Invite somebody: the invitation, and the secret of its link, told only here."""
    permissions.may_manage_people(by, organisation).or_refuse()
    _check_role(organisation, role)
    assert by.user is not None  # the system invites nobody
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        role=role,
        name=name,
        secret_digest=digest_of(secret),
        invited_by=by.user,
        expires_at=timezone.now() + datetime.timedelta(days=VALID_DAYS),
    )
    _record_invitation("accounts.invited", by, invitation)
    return invitation, secret


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: Actor) -> Membership:
    """Join the organisation as the signed-in person; a link works once."""
    assert by.user is not None
    waiting = Invitation.objects.select_for_update().get(pk=invitation.pk)
    check_open(waiting)
    waiting.accepted_at, waiting.accepted_by = timezone.now(), by.user
    waiting.save(update_fields=["accepted_at", "accepted_by"])
    _record_invitation("accounts.invitation_accepted", by, waiting)
    return join(
        user=by.user,
        organisation=waiting.organisation,
        role=Role(waiting.role),
        by=by,
    )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Make an invitation's link useless; one that was used stays as it is."""
    permissions.may_manage_people(by, invitation.organisation).or_refuse()
    if invitation.accepted_at or invitation.withdrawn_at:
        return
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    _record_invitation("accounts.invitation_withdrawn", by, invitation)


def check_open(invitation: Invitation) -> None:
    """Refuse an invitation that was used or withdrawn, or is over a week old."""
    if invitation.accepted_at:
        raise AccountError(_("这个邀请已经用过了；已加入的，请直接登录"))
    if invitation.withdrawn_at:
        raise AccountError(_("这个邀请已被收回；请向邀请您的人再要一个链接"))
    if invitation.expires_at <= timezone.now():
        raise AccountError(_("这个邀请已经过期；请向邀请您的人再要一个链接"))


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: Actor) -> None:
    """Give one of an organisation's people another role; one leader must stay."""
    permissions.may_manage_people(by, membership.organisation).or_refuse()
    _check_role(membership.organisation, role)
    before = Role(membership.role)
    if before is role:
        return
    if role not in LEADS:
        _check_led_without(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _record("accounts.role_changed", by, membership, {"from": before, "to": role})


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor) -> None:
    """Let a person no longer act for an organisation; what they did stays theirs."""
    permissions.may_manage_people(by, membership.organisation).or_refuse()
    if membership.ended_at:
        return
    _check_led_without(membership)
    membership.ended_at, membership.ended_by = timezone.now(), by.user
    membership.save(update_fields=["ended_at", "ended_by"])
    _record("accounts.membership_ended", by, membership)


@transaction.atomic
def reset_password(*, membership: Membership, by: Actor) -> str:
    """A one-time password for one of an organisation's people, told only here.

    They must choose their own before anything else; they are signed out everywhere.
    """
    permissions.may_reset_sign_in_of(by, membership).or_refuse()
    user = membership.user
    password = _one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _record("accounts.password_reset", by, membership)
    return password


@transaction.atomic
def reset_second_factor(*, membership: Membership, by: Actor) -> None:
    """Take a lost second factor off one of an organisation's people."""
    permissions.may_reset_sign_in_of(by, membership).or_refuse()
    Authenticator.objects.filter(user=membership.user).delete()
    _record("accounts.second_factor_reset", by, membership)


@transaction.atomic
def remember(*, action: str, by: Actor, user: User) -> None:
    """Record what the sign-in library did to a person's account; see web.sign_in."""
    if action == "accounts.password_changed" and user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    territory = by.organisation.territory if by.organisation else ""
    record(action=action, by=by, about=user, territory=territory)


def _one_time_password() -> str:
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _letter in range(4))
        for _group in range(_PASSWORD_GROUPS)
    )


def _quick_hash(password: str) -> str:
    """A hash of a one-time password with few rounds, for hundreds are made at once.

    Rounds slow down the guessing of what people think up; these 16 letters (2⁹³) are
    drawn by lot, and the first sign-in hashes them anew before they are changed.
    """
    hasher = get_hasher()
    few = {"iterations": _FEW} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    return hasher.encode(password, hasher.salt(), **few)


def _check_role(organisation: Organisation, role: Role) -> None:
    if role not in ROLES[OrganisationKind(organisation.kind)]:
        raise AccountError(
            _("“{role}”不是这类单位的角色，请另选一个").format(role=role.label)
        )


def _check_led_without(membership: Membership) -> None:
    """An organisation keeps somebody who can manage its people."""
    if membership.role not in LEADS:
        return
    locked = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    if leaders_of(locked).exclude(pk=membership.pk).exists():
        return
    raise AccountError(
        _("这是本单位最后一位负责人或管理员；请先把另一人设为负责人或管理员")
    )


def _record(
    action: str, by: Actor, membership: Membership, more: dict[str, Any] | None = None
) -> None:
    organisation = membership.organisation
    data = {"user": membership.user_id, "name": str(membership.user)}
    data |= {"organisation": organisation.pk, "role": membership.role} | (more or {})
    _about(action, by, membership, organisation, data)


def _record_invitation(action: str, by: Actor, invitation: Invitation) -> None:
    organisation = invitation.organisation
    data: dict[str, Any] = {"name": invitation.name, "role": invitation.role}
    data |= {"organisation": organisation.pk}
    _about(action, by, invitation, organisation, data)


def _about(
    action: str,
    by: Actor,
    thing: models.Model,
    organisation: Organisation,
    data: dict[str, Any],
) -> None:
    territory = organisation.territory
    record(action=action, by=by, about=thing, territory=territory, data=data)
