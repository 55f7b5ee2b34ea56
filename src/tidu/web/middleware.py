"""Who acts in each request; officers without their second factor go and set it up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tidu.accounts.actors import actor_for

CHOSEN = "membership"


class ActorMiddleware:
    """Put the actor on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_for(request.user, request.session.get(CHOSEN))  # type: ignore[attr-defined]
        return self.get_response(request)
