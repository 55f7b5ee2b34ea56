"""Who acts in each request, and what a person must do before anything else."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from tidu.accounts.actors import Actor, actor_for

CHOSEN = "membership"
_ALWAYS = ("account_logout", "set_language")


class ActorMiddleware:
    """Put the actor on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_for(request.user, request.session.get(CHOSEN))  # type: ignore[attr-defined]
        return self.get_response(request)


class DutyMiddleware:
    """Nothing else opens to a person who has a one-time password, or to an authority's
    person without the second factor that the installation asks for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        duty = duty_of(request.actor)  # type: ignore[attr-defined]
        if duty is None or request.path.startswith(
            tuple(map(reverse, (*duty, *_ALWAYS)))
        ):
            return self.get_response(request)
        address = reverse(duty[0])
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(address)
        return redirect(address)


def duty_of(actor: Actor) -> tuple[str, ...] | None:
    """The page a person must go to, with those they may use on the way; None: free."""
    if actor.user is None:
        return None
    if actor.user.must_change_password:
        return ("account_change_password",)
    if needs_second_factor(actor) and not has_second_factor(actor):
        return ("mfa_activate_totp", "mfa_index", "account_reauthenticate")
    return None


def needs_second_factor(actor: Actor) -> bool:
    """Whether the installation asks this person for a second factor."""
    return bool(
        settings.REQUIRE_SECOND_FACTOR and actor.user and actor.scope is not None
    )


def has_second_factor(actor: Actor) -> bool:
    """Whether the person has set up codes from their telephone."""
    found = Authenticator.objects.filter(user=actor.user, type=Authenticator.Type.TOTP)
    return bool(found.exists())
