"""Addresses of an enterprise's pages: the same page for its people and for officers."""

from __future__ import annotations

from typing import Any

from django import template

from tidu.web.enterprise.firm import Firm

register = template.Library()


@register.simple_tag(takes_context=True)
def firm_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """``{% firm_url 'facts_edit' group %}``: the reader's own page of that name."""
    firm: Firm = context["firm"]
    return firm.url(name, *args)
