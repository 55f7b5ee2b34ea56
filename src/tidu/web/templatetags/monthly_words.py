"""What the monthly table's templates look up."""

from __future__ import annotations

from django import template

from tidu.registry.monthly import PlaceLine
from tidu.web.officer import monthly_workbook

register = template.Library()
register.filter("exit_word", monthly_workbook.exit_word)
register.simple_tag(monthly_workbook.notes, name="monthly_notes")


@register.filter
def holders(line: PlaceLine, scheme: str) -> int:
    """How many hold a title in a place."""
    return line.holders[scheme]
