"""Parts that come a hundred times a page, rendered once: outcomes, findings, options.

What is rendered depends on nothing but the value and the language, so the same finding
of another firm is not rendered again; most firms lack the same figures.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tidu.web.findings import FindingRow, OutcomeMark

_OUTCOMES, _FINDINGS = 64, 8192  # kept; a finding is about a kilobyte

register = template.Library()


@register.simple_tag
def outcome(mark: OutcomeMark) -> SafeString:
    """An outcome's sign and word, as ``components/_outcome.html`` writes it."""
    return _outcome(mark, get_language())


@register.simple_tag
def finding(row: FindingRow) -> SafeString:
    """A finding, as ``components/_finding.html`` writes it."""
    return _finding(row, get_language())


@register.simple_tag
def options(pairs: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """The options of a select: value and label; the one chosen is marked."""
    chosen = str(chosen or "")
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, _SELECTED if str(value) == chosen else "", label)
            for value, label in pairs
        ),
    )


_SELECTED = mark_safe(" selected")


@functools.lru_cache(_OUTCOMES)
def _outcome(mark: OutcomeMark, _language: str | None) -> SafeString:
    return render_to_string("components/_outcome.html", {"outcome": mark})


@functools.lru_cache(_FINDINGS)
def _finding(row: FindingRow, _language: str | None) -> SafeString:
    return render_to_string("components/_finding.html", {"row": row})
