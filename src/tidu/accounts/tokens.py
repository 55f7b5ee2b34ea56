"""Tokens: make one, recognise one, take one back."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import Scope
from tidu.accounts.token_models import Token
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import record

PREFIX = "tidu_"
LIFETIME = datetime.timedelta(days=365)
USED_EVERY = datetime.timedelta(minutes=10)  # how exactly the last use is known


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *, by: Actor, name: str, scopes: Iterable[Scope], expires_at: datetime.datetime
) -> tuple[Token, str]:
    """Make a token for the actor's own membership; its secret is told only now."""
    may_have_tokens(by).or_refuse()
    assert by.membership is not None
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        membership=by.membership,
        name=name,
        secret_digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=min(expires_at, timezone.now() + LIFETIME),
    )
    record(
        action="accounts.token_issued",
        by=by,
        about=token,
        data={"scopes": token.scopes, "expires_at": token.expires_at.isoformat()},
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: Token, by: Actor) -> None:
    """Take a token back; it stops at once."""
    own = token.membership == by.membership
    (yes() if own or by.is_superuser else no(_("只能停用自己的令牌"))).or_refuse()
    if token.revoked_at:
        return
    token.revoked_at, token.revoked_by = timezone.now(), by.user
    token.save(update_fields=["revoked_at", "revoked_by"])
    record(action="accounts.token_revoked", by=by, about=token)


def may_have_tokens(actor: Actor) -> Verdict:
    """People with a membership; their programs get no more than they have."""
    if actor.membership:
        return yes()
    return no(_("先加入一个单位，才能建接口令牌"))


def recognise(secret: str) -> tuple[Actor, Token] | None:
    """Whose program it is, or None for a secret that is unknown, expired or revoked."""
    token = (
        Token.objects.select_related("membership__organisation", "membership__user")
        .filter(
            secret_digest=digest_of(secret),
            revoked_at=None,
            membership__ended_at=None,
            membership__organisation__closed_at=None,
            membership__user__is_active=True,
        )
        .first()
    )
    now = timezone.now()
    if token is None or token.expires_at <= now:
        return None
    if token.used_at is None or now - token.used_at > USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return Actor(token.membership.user, token.membership), token
