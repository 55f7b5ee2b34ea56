"""What every page's tests share: a page read in English leaves no English behind."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _no_language_left():
    yield
    translation.deactivate()
