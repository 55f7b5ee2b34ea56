"""Words of codes in officers' templates: ``{{ code|place }}``."""

from __future__ import annotations

from django import template

from tidu.registry.enums import ImportState, ListState, ReturnState
from tidu.web import wording

register = template.Library()
register.filter("place", wording.place_word)
register.filter("scheme", wording.scheme_word)
register.filter("key", wording.key_word)
register.filter("firm_size", wording.enterprise_size_word)
register.filter("source", wording.source_word)
register.filter("person", wording.person_word)

_STATES = {
    ImportState.COMMITTED: "met",
    ImportState.UNREADABLE: "unmet",
    ImportState.FAILED: "unmet",
    ImportState.UNDONE: "not_applicable",
    ImportState.DISCARDED: "not_applicable",
}


@register.filter
def state_colour(state: str) -> str:
    """The colour class of an import's state."""
    return _STATES.get(ImportState(state), "unknown")


_RETURNS = {ReturnState.SILENT: "unmet", ReturnState.INCOMPLETE: "unknown"}
_LISTS = {
    ListState.COMMITTED: "met",
    ListState.UNDONE: "not_applicable",
    ListState.UNREADABLE: "unmet",
}


@register.filter
def return_colour(state: str) -> str:
    """The colour class of where a firm stands in a round."""
    return _RETURNS.get(ReturnState(state), "met")


@register.filter
def list_colour(state: str) -> str:
    """The colour class of a recognition list's state."""
    return _LISTS.get(ListState(state), "unknown")
