"""What a journey needs: a browser, a running site, somebody at the screen.

``visitor`` is one at a desk, ``phone`` one with a phone; ``visits`` makes others, for
instance one that reads English.
"""

import os

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.journeys.browser import DESKTOP, PHONE, Visitor, opened_browser

# The browser's own loop makes Django believe that it runs inside of one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=20_000)  # milliseconds, on a machine that does much else


@pytest.fixture(scope="session")
def browser():
    with opened_browser() as found:
        yield found


@pytest.fixture(autouse=True)
def _marked_as_fictional(settings):
    """Every page says so, in the pictures too."""
    settings.DEMONSTRATION = True


@pytest.fixture(autouse=True)
def _new_count():
    """Nobody has tried anything yet: the throttle counts in the cache."""
    cache.clear()


@pytest.fixture
def visits(browser, live_server):
    """Make visitors: ``visits(width=375, locale="en")``."""
    made = []

    def make(width: int = DESKTOP, locale: str = "zh-CN") -> Visitor:
        made.append(Visitor(browser, live_server.url, width, locale))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def visitor(visits):
    return visits()


@pytest.fixture
def phone(visits):
    return visits(PHONE)
