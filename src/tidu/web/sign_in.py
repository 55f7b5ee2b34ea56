"""Signing in: allauth's pages with our rules around them, every step recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.signals import password_changed
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from requests.exceptions import InvalidJSONError, RequestException

from tidu.accounts.actions import remember
from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.permissions import (
    may_act_as_adviser,
    may_act_for_authority,
    may_act_for_enterprise,
)
from tidu.web.middleware import CHOSEN, needs_second_factor

_log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by invitation or as an enterprise; never by allauth's own form."""

    error_messages = {  # noqa: RUF012 - the library's own way
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对；连续输错 5 次会暂时锁定"),
        "too_many_login_attempts": _("试得太多了，请过一分钟再试"),
        "enter_current_password": _("现在的密码不对"),
        "incorrect_password": _("密码不对"),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page each audience begins its day on."""
        return start_page(actor_for(request.user, request.session.get(CHOSEN)))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Another system may sign in people we know; new ones need an invitation."""

    error_messages = {  # noqa: RUF012 - the library's own way
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("您的账户还没有密码，解除绑定后就无法登录"),
        "connected_other": _("这个登录已经绑定了本站的另一个账户"),
    }

    def is_open_for_signup(self, _request: HttpRequest, _login: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, login: Any) -> None:
        """Somebody the other system knows and we do not: say how they come in."""
        if not login.is_existing and login.state.get("process") != AuthProcess.CONNECT:
            said = login.account.extra_data["userinfo"]
            names = (said.get(n) for n in ("name", "preferred_username", "sub"))
            who = next(filter(None, names), "")
            context = {"system": login.provider.name, "who": who}
            page = render(request, "socialaccount/unknown.html", context, status=403)
            raise ImmediateHttpResponse(page)

    def on_authentication_error(
        self,
        request: HttpRequest,  # noqa: ARG002 - the library's signature
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say what went wrong in a person's words; the details go to the log."""
        if error != AuthError.CANCELLED:
            reason = exception or error or "unknown"
            _log.warning("sign-in by %s failed: %s", provider.name, reason)
        if extra_context is not None:
            extra_context["system"] = provider.name
            extra_context["reason"] = _why_not(exception, extra_context)

    def get_connect_redirect_url(self, _request: HttpRequest, _account: Any) -> str:
        return reverse("account")


def _why_not(exception: Exception | None, known: dict[str, Any]) -> str:
    if isinstance(exception, RequestException) and not isinstance(
        exception, InvalidJSONError
    ):
        return "unreachable"
    if exception:
        return "answer"
    return "refused" if known.get("state") else "late"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes from a telephone; who needs them cannot switch them off."""

    error_messages = {  # noqa: RUF012 - the library's own way
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对；请用手机上正在显示的 6 位数再试"),
        "cannot_delete_authenticator": _("本站要求主管部门人员使用两步验证，不能停用"),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(actor_for(authenticator.user))


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """allauth's form; the field is a user name, never an address."""


def start_page(actor: Actor) -> str:
    """Where a person's day begins: their firm, their registry, or their account."""
    if may_act_for_enterprise(actor):
        return reverse("enterprise_home")
    if may_act_for_authority(actor):
        return reverse("registry")
    if may_act_as_adviser(actor):
        return reverse("caseload")
    return reverse("account")


def name_tried(request: HttpRequest, credentials: Any) -> str:
    """The name that failed tries are counted under, whatever its capitals.

    The sign-in library's form calls it ``login``, its credentials ``username``.
    """
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login")
    return str(name or "").strip().lower()


def locked_out(request: HttpRequest, credentials: Any, *_: Any) -> HttpResponse:  # noqa: ARG001
    """Too many failed tries: say for how long, and what to do."""
    return render(request, "account/locked_out.html", status=429)


def listen() -> None:
    """Record what the libraries do to accounts, by whichever page it happens."""
    for signal, action in (
        (user_logged_in, "accounts.signed_in"),
        (user_logged_out, "accounts.signed_out"),
        (password_changed, "accounts.password_changed"),
        (authenticator_added, "accounts.second_factor_added"),
        (authenticator_removed, "accounts.second_factor_removed"),
        (authenticator_reset, "accounts.second_factor_renewed"),
        (social_account_added, "accounts.other_sign_in_added"),
        (social_account_removed, "accounts.other_sign_in_removed"),
    ):
        receiver = _recorder(action)
        signal.connect(receiver, weak=False, dispatch_uid=action)


def _recorder(action: str) -> Callable[..., None]:
    def heard(sender: Any, request: Any, user: Any = None, **more: Any) -> None:  # noqa: ARG001
        if user is None and (login := more.get("sociallogin")):
            user = login.user
        if user is None and (bound := more.get("socialaccount")):
            user = bound.user
        if user is None:  # somebody whose session had ended already
            return
        session = getattr(request, "session", None) or {}
        remember(action=action, by=actor_for(user, session.get(CHOSEN)), user=user)

    return heard
