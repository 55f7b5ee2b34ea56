"""Words of lists that are paid without applying: amounts, states with their colour."""

from __future__ import annotations

from decimal import Decimal

from django import template

from tidu.eligibility.enums import EntryState
from tidu.eligibility.pay_list_models import EntitlementEntry, EntitlementList
from tidu.rules.vocabulary import Text
from tidu.web.context import speaks_english
from tidu.web.findings import OutcomeMark

register = template.Library()

_LISTS = {
    "paid": ("met", "✓"),
    "cancelled": ("not_applicable", "–"),
    "draft": ("unknown", "!"),
}
_ENTRIES = {
    EntryState.PAID: ("met", "✓"),
    EntryState.RETURNED: ("unmet", "✕"),
    EntryState.REMOVED: ("not_applicable", "–"),
    EntryState.SENT: ("unknown", "…"),
}


@register.filter
def money(amount: Decimal | None) -> str:
    """An amount with thousands and cents: 1,200,000.00."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def said(text: Text) -> str:
    """A text of the packs in the reader's language."""
    return text.say(english=speaks_english())


@register.filter
def list_mark(pay_list: EntitlementList) -> OutcomeMark:
    """A list's state: colour, sign and word."""
    colour, sign = _LISTS.get(pay_list.state, ("manual", "☰"))
    return OutcomeMark(colour, sign, said(pay_list.shown_state.label))


@register.filter
def entry_mark(entry: EntitlementEntry) -> OutcomeMark:
    """A firm's state on a list: colour, sign and word."""
    state = EntryState(entry.state)
    colour, sign = _ENTRIES.get(state, ("manual", "☰"))
    return OutcomeMark(colour, sign, str(state.label))
