"""A page says who may see it; without that it cannot be reached.

``@page(may=may_act_for_authority)`` asks the verdict before the view runs, keeps the
rule on the view, and turns a refusal of the public into the sign-in page.
tests/pages walks the URL list and fails on a view without a rule.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tidu.accounts.actors import PUBLIC, Actor
from tidu.accounts.verdicts import Verdict

View = Callable[..., HttpResponseBase]
Rule = Callable[[Actor], Verdict]


class Asked(HttpRequest):
    """A request with its actor; what ActorMiddleware makes of every request."""

    actor: Actor
    htmx: Any


def page(*, may: Rule) -> Callable[[View], View]:
    """Declare who may see a view; what depends on its object is asked inside it."""

    def declare(view: View) -> View:
        @functools.wraps(view)
        def asked(request: Asked, *args: Any, **kwargs: Any) -> HttpResponseBase:
            verdict = may(request.actor)
            if not verdict and request.actor == PUBLIC:
                return redirect_to_login(request.get_full_path())
            verdict.or_refuse()
            return view(request, *args, **kwargs)

        asked.rule = may  # type: ignore[attr-defined]
        return asked

    return declare
