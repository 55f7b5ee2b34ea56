"""Whose pages these are: one's own enterprise, or one of an authority's territory.

Each view takes ``(request, firm, …)`` and stands under two addresses: ``own`` finds the
enterprise of who is signed in, ``of_territory`` the one named in the address, after
asking whether this authority may see it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from tidu.accounts.permissions import may_act_for_authority, may_act_for_enterprise
from tidu.registry.models import Enterprise
from tidu.registry.permissions import may_file_for, may_see_enterprise
from tidu.web.pages import Asked, page

View = Callable[..., Any]  # HttpResponse, or a FileResponse
_KNOWN = Enterprise.objects.select_related("current", "organisation")


@dataclasses.dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise as a page has it. ``by_authority``: an officer is looking."""

    enterprise: Enterprise
    by_authority: bool = False
    may_file: bool = True

    def url(self, name: str, *args: Any) -> str:
        """The address of one of the enterprise's pages for who is looking."""
        if self.by_authority:
            return reverse(f"firm_{name}", args=[self.enterprise.pk, *args])
        return reverse(name, args=args)


def own(view: View) -> View:
    """The view for people of an enterprise, about their own."""

    @page(may=may_act_for_enterprise)
    def of_own(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
        found = _KNOWN.filter(organisation=request.actor.organisation).first()
        if found is None:
            raise Http404
        may_file = bool(may_file_for(request.actor, found))
        answer: HttpResponse = view(
            request, Firm(found, may_file=may_file), *args, **kwargs
        )
        return answer

    return of_own


def of_territory(view: View) -> View:
    """The view for people of an authority, about an enterprise of its territory."""

    @page(may=may_act_for_authority)
    def of_one(request: Asked, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        firm = firm_of_territory(request, pk)
        answer: HttpResponse = view(request, firm, *args, **kwargs)
        return answer

    return of_one


def firm_of_territory(request: Asked, pk: int) -> Firm:
    """The enterprise of an address; refused outside the actor's territory."""
    found = get_object_or_404(_KNOWN, pk=pk)
    may_see_enterprise(request.actor, found).or_refuse()
    may_file = bool(may_file_for(request.actor, found))
    return Firm(found, by_authority=True, may_file=may_file)


Route = tuple[str, View, str]


def own_paths(routes: list[Route]) -> list[URLPattern]:
    """Addresses for an enterprise's own people."""
    return [path(route, own(view), name=name) for route, view, name in routes]


def territory_paths(routes: list[Route]) -> list[URLPattern]:
    """The same addresses below one enterprise, for officers."""
    return [
        path(route, of_territory(view), name=f"firm_{name}")
        for route, view, name in routes
    ]
