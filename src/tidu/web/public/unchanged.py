"""Policy pages change with the packs and the day: who has one need not get it again."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from tidu import __version__
from tidu.rules.library import default_library
from tidu.web.pages import Asked, View

_WEB = Path(__file__).resolve().parent.parent
_MESSAGES = _WEB.parent / "locale"


def changes_with_packs(view: View) -> View:
    """Answer 304 to whoever has the page as it is.

    The browser asks every time (``no-cache``), so an edition that comes into force is
    seen at once; no proxy keeps a page, as it shows who has signed in.
    """
    conditional: View = condition(etag_func=fingerprint)(view)

    @functools.wraps(view)
    def asked(request: Asked, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.DEBUG or len(get_messages(request)):
            return view(request, *args, **kwargs)
        answer = conditional(request, *args, **kwargs)
        patch_cache_control(answer, private=True, no_cache=True)
        patch_vary_headers(answer, ["Cookie", "Accept-Language"])
        return answer

    return asked


def fingerprint(request: Asked, *_args: Any, **_kwargs: Any) -> str:
    """Everything that a policy page is made of, as the value of its ETag."""
    actor = request.actor
    get_token(request)  # so that a 304 keeps the cookie which the page's forms need
    parts = (
        request.get_full_path(),
        get_language(),
        timezone.localdate(),
        _packs(),
        _program(),
        settings.SITE_NAME,
        settings.DEMONSTRATION,
        actor.user_id,
        actor.name,
        actor.organisation_name,
        actor.role_name,
        actor.is_superuser,
        request.COOKIES.get(settings.CSRF_COOKIE_NAME),
        request.get_host(),
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _packs() -> list[str]:
    library = default_library()
    packs = [library.national, *library.provinces.values()]
    return [each.digest for each in packs]


@functools.cache
def _program() -> str:
    """Version, templates and translations: an upgrade makes every page anew."""
    total = hashlib.sha256(__version__.encode())
    files = [*_WEB.glob("templates/**/*.html"), *_MESSAGES.glob("**/*.mo")]
    for path in sorted(files):
        total.update(path.read_bytes())
    return total.hexdigest()
