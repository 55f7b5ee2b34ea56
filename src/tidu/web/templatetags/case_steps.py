"""Words of steps and score items: ``{{ step|step_word }}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from tidu.casework.wording import say_text
from tidu.rules.procedures import Step

register = template.Library()


@register.filter
def step_word(step: Step) -> str:
    """The name of a step: 省级评审."""
    return say_text(step.label)


@register.filter
def item_word(label: str) -> str:
    """A score item: Tidu's own translated, others as written."""
    return gettext(label) if label else ""
