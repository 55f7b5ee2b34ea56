"""A job speaks the language of the page on which somebody asked for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.utils import translation


def note_language(summary: dict[str, Any]) -> None:
    """Keep the language of the page with the job."""
    summary["language"] = translation.get_language() or settings.LANGUAGE_CODE


def language_of(summary: dict[str, Any]) -> AbstractContextManager[None]:
    """A block in that language."""
    return translation.override(summary.get("language") or settings.LANGUAGE_CODE)


def asked_in_english(summary: dict[str, Any]) -> bool:
    """Whether the rules' sentences of the job are wanted in English."""
    return str(summary.get("language", "")).startswith("en")
