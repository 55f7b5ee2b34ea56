"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def speaks_english() -> bool:
    """Whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the site, the actor, and the language as the rules take it."""
    return {
        "site_name": settings.SITE_NAME,
        "actor": getattr(request, "actor", None),
        "english": speaks_english(),
    }
