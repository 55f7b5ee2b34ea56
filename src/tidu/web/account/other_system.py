"""Signing in by another system (OpenID Connect): there, and back again.

The library's two views with what it leaves open: the ID token must carry this session's
nonce and a good signature (a closed network may have no TLS), both answers must speak
of the same person, and an answer that is late or broken becomes a page, never a fault.
"""

from __future__ import annotations

import hmac
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect import views as library
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from requests import RequestException

from tidu.accounts.permissions import anybody
from tidu.web.pages import Asked, page

NONCE = "other_system_nonce"
_PAGES = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class Unusable(OAuth2Error):  # type: ignore[misc]
    """The other system answered something that nobody may be signed in by."""


class OtherSystem(library.OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One system that may sign people in; every answer of it is checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        found = super().openid_config
        if not isinstance(found, dict) or not all(found.get(name) for name in _PAGES):
            message = "the discovery document names not all of: " + ", ".join(_PAGES)
            raise Unusable(message)
        return found

    def get_access_token_data(self, *args: Any, **named: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_access_token_data(*args, **named)
        self.did_fetch_access_token = False  # so that the signature is checked too
        return found

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **named: Any
    ) -> Any:
        if not named["response"].get("id_token"):
            message = "the answer holds no ID token"
            raise Unusable(message)
        login = super().complete_login(request, app, token, **named)
        said = login.account.extra_data
        if said["id_token"].get("sub") != said["userinfo"].get("sub"):
            message = "ID token and user information speak of different people"
            raise Unusable(message)
        return login

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        found = super()._fetch_user_info(access_token)
        if not isinstance(found, dict) or not found.get("sub"):
            message = "the user information names nobody"
            raise Unusable(message)
        return found

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super()._decode_id_token(app, id_token)
        except (KeyError, TypeError, ValueError) as fault:  # no token at all
            message = "the ID token cannot be read"
            raise Unusable(message) from fault
        expected = self.request.session.get(NONCE, "")
        if not expected or not hmac.compare_digest(
            str(found.get("nonce", "")), expected
        ):
            message = "the ID token was not made for this session"
            raise Unusable(message)
        return found


@page(may=anybody)
def leave(request: Asked, provider_id: str) -> HttpResponse:
    """Lead to the other system, with a nonce that its answer must repeat."""
    if request.method != "POST":  # a link must not begin a sign-in
        return redirect("account_login")
    provider = _provider(request, provider_id)
    provider.oauth2_adapter_class = OtherSystem
    nonce = request.session.setdefault(NONCE, get_random_string(32))
    asked = provider.get_redirect_from_request_kwargs(request) | {
        "auth_params": provider.get_auth_params() | {"nonce": nonce},
        "scope": provider.get_scope(),  # ours, whatever the address says
    }
    try:
        answer: HttpResponse = provider.redirect(request, **asked)
    except (RequestException, OAuth2Error) as fault:  # before the library's own try
        return _failed(request, provider, fault)
    return answer


@page(may=anybody)
def come_back(request: Asked, provider_id: str) -> HttpResponse:
    """Take the other system's answer: sign in, or say why not."""
    provider = _provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(OtherSystem(request, provider_id))
    try:
        answer: HttpResponse = view(request)
    except (RequestException, OAuth2Error) as fault:  # before the library's own try
        return _failed(request, provider, fault)
    return answer


def _provider(request: Asked, provider_id: str) -> Any:
    try:
        return OtherSystem(request, provider_id).get_provider()
    except SocialApp.DoesNotExist as fault:
        raise Http404 from fault


def _failed(request: Asked, provider: Any, fault: Exception) -> HttpResponse:
    answer: HttpResponse = render_authentication_error(
        request, provider, exception=fault
    )
    return answer
