"""Clocks and texts of the packs in words: ``{{ reading|clock }}``."""

from __future__ import annotations

from django import template

from tidu.casework.clocks import Reading
from tidu.casework.wording import say_text
from tidu.web.context import speaks_english

register = template.Library()
register.filter("say", say_text)


@register.filter
def clock(reading: Reading) -> str:
    """What a clock says, in the reader's language."""
    return reading.sentence(english=speaks_english())
