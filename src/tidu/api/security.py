"""Who calls: a token in the Authorization header, with the scope the call needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from tidu.accounts.actors import Actor
from tidu.accounts.enums import Scope
from tidu.accounts.token_models import RepeatableCall, Token
from tidu.accounts.tokens import recognise
from tidu.accounts.verdicts import Refused
from tidu.api.problems import Unacceptable

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 100


class Caller:
    """A program: the actor it is, and its token."""

    def __init__(self, actor: Actor, token: Token) -> None:
        self.actor = actor
        self.token = token


class ByToken(HttpBearer):
    """Asks for a token with a scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = recognise(token)
        if found is None:
            return None
        actor, known = found
        if self.scope not in known.scopes:
            text = _("这个令牌没有“{scope}”的范围，请另建一个")
            raise Refused(text.format(scope=self.scope.label))
        return Caller(actor, known)


def once(
    request: HttpRequest, caller: Caller, work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Carry out a write once for its Idempotency-Key; repeated, answer the same.

    Without the key the write is carried out each time. A key that came before with
    another request is refused with 409.
    """
    key = request.headers.get(KEY_HEADER, "")
    if not key:
        return work()
    if len(key) > LONGEST_KEY:
        raise Unacceptable(_("Idempotency-Key 最长 100 个字符"))
    content = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    digest = hashlib.sha256(content).hexdigest()
    known = RepeatableCall.objects.filter(token=caller.token, key=key).first()
    if known is None:
        try:
            with transaction.atomic():
                answer = work()
                RepeatableCall.objects.create(
                    token=caller.token,
                    key=key,
                    request_digest=digest,
                    status=200,
                    answer=answer,
                )
        except IntegrityError:  # the same call came twice at once: the other one won
            known = RepeatableCall.objects.get(token=caller.token, key=key)
        else:
            return answer
    if known.request_digest != digest:
        raise Unacceptable(
            _("这个 Idempotency-Key 已用于另一个请求，请换一个"), status=409
        )
    return dict(known.answer)
