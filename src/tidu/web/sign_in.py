"""Signing in: allauth's pages with our rules around them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by invitation or as an enterprise; never by allauth's own form."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Another system may sign in people we know; new ones need an invitation."""

    def is_open_for_signup(self, _request: HttpRequest, _login: Any) -> bool:
        return False


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """allauth's form; the field is a user name, never an address."""


def locked_out(request: HttpRequest, credentials: Any, *_: Any) -> HttpResponse:  # noqa: ARG001
    """Too many failed tries: say for how long, and what to do."""
    return render(request, "account/locked_out.html", status=429)
