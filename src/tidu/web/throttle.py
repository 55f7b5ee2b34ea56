"""How often somebody may ask for heavy work without an account."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest

TRIES = 30
SECONDS = 600


def too_many(request: HttpRequest, what: str) -> bool:
    """Count a try of the address in this window; whether it was one too many.

    The address is the connection's own: a header that names another can be made up. The
    count is kept in Django's cache, so each process of the local-memory cache counts
    for itself.
    """
    window = int(time.time()) // SECONDS
    key = f"tries:{what}:{window}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=SECONDS)
    return bool(cache.incr(key) > TRIES)
