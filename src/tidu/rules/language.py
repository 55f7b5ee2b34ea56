"""Texts for people: Chinese msgids written in place, English from the catalogue."""

from __future__ import annotations

import dataclasses
import functools
import gettext
from pathlib import Path
from typing import Any

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


@dataclasses.dataclass(frozen=True)
class Phrase:
    """A part of a sentence that is itself said in the sentence's language."""

    msgid: str


def say(msgid: str, english: bool, **values: Any) -> str:
    """The sentence in the language, its ``{named}`` places filled from ``values``.

    A Phrase among them is translated, a tuple is a list of words. A sentence without
    values is said as it stands, braces and all.
    """
    sentence = translate(msgid, english)
    if not values:
        return sentence
    said = {name: _said(value, english) for name, value in values.items()}
    return sentence.format(**said)


def _said(value: Any, english: bool) -> Any:
    if isinstance(value, Phrase):
        return translate(value.msgid, english)
    if isinstance(value, tuple):
        comma = translate(N_("、"), english)
        return comma.join(str(_said(each, english)) for each in value)
    return value
