"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from tidu.accounts.actors import PUBLIC
from tidu.web.menu import menu_for
from tidu.web.middleware import needs_second_factor


def speaks_english() -> bool:
    """Whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the site, the actor, the menu, and the language as the rules take it."""
    actor = getattr(request, "actor", PUBLIC)
    return {
        "site_name": settings.SITE_NAME,
        "demonstration": settings.DEMONSTRATION,
        "actor": actor,
        "menu": menu_for(request, actor),
        "english": speaks_english(),
        "second_factor_required": needs_second_factor(actor),
    }
