"""Telephones in templates: ``{{ person|phone_for:actor }}``."""

from __future__ import annotations

from django import template

from tidu.accounts import masking
from tidu.accounts.actors import Actor
from tidu.accounts.models import User

register = template.Library()


@register.filter
def phone_for(person: User, actor: Actor) -> str:
    """A person's telephone, whole or masked as this actor may read it."""
    return masking.phone_for(actor, person)
