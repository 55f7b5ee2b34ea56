"""Signing in: allauth's pages with our rules around them, every step recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.signals import password_changed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tidu.accounts.actions import remember
from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.permissions import may_act_for_authority, may_act_for_enterprise
from tidu.web.middleware import CHOSEN, needs_second_factor


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

    def is_open_for_signup(self, _request: HttpRequest, _login: Any) -> bool:
        return False

    def get_connect_redirect_url(self, _request: HttpRequest, _account: Any) -> str:
        return reverse("account")


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
    ):
        receiver = _recorder(action)
        signal.connect(receiver, weak=False, dispatch_uid=action)


def _recorder(action: str) -> Callable[..., None]:
    def heard(sender: Any, request: Any, user: Any, **_more: Any) -> None:  # noqa: ARG001
        if user is None:  # somebody whose session had ended already
            return
        session = getattr(request, "session", None) or {}
        remember(action=action, by=actor_for(user, session.get(CHOSEN)), user=user)

    return heard
