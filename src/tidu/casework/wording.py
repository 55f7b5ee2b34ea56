"""Texts of the packs in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from tidu.rules.vocabulary import Text


def speaks_english() -> bool:
    """Whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def say_text(text: Text) -> str:
    """A text of the packs in the reader's language."""
    return text.say(english=speaks_english())
