"""Texts for people: Chinese msgids written in place, English from the catalogue."""

from __future__ import annotations

import functools
import gettext
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "locale"


def N_(msgid: str) -> str:  # noqa: N802
    """Mark a text for translation where it is only stored."""
    return msgid


@functools.cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("tidu", LOCALE, languages=["en"], fallback=True)


def translate(msgid: str, english: bool) -> str:
    """The text in English where asked for, else the Chinese msgid itself."""
    return _catalogue().gettext(msgid) if english else msgid
