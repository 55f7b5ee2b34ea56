"""Telephone and identity numbers: whole for whose duty needs them, else masked."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.models import User
from tidu.accounts.permissions import may_manage_people, may_run_site
from tidu.accounts.verdicts import Verdict, no, yes

_SHOWN_BEFORE, _SHOWN_AFTER = 3, 4
_SHORT = 7  # digits of a telephone without its area
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])([1-8]\d{5})(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}[\dXx]"
    r"(?![0-9A-Za-z])"
)


def may_see_contact(actor: Actor, person: User) -> Verdict:
    """The person, those who run the site, who manages the people of their office."""
    if actor.user_id == person.pk:
        return yes(_("本人"))
    if may_run_site(actor):
        return yes(_("系统管理员"))
    if actor.organisation and may_manage_people(actor, actor.organisation):
        shared = person.memberships.filter(
            organisation=actor.organisation, ended_at=None
        )
        if shared.exists():
            return yes(_("本单位人员的管理者"))
    return no(_("只有本人和管理人员可以看到完整的号码"))


def phone_for(actor: Actor, person: User) -> str:
    """A person's telephone as this actor may read it: 13812341234 or 138****1234."""
    if not person.phone or may_see_contact(actor, person):
        return person.phone
    return masked_phone(person.phone)


def masked_phone(phone: str) -> str:
    """A telephone with its middle hidden: 138****1234, 010-****5678, ****."""
    digits = sum(character.isdigit() for character in phone)
    if digits <= _SHORT:
        return "*" * len(phone)
    seen, shown = 0, []
    for character in phone:
        seen += character.isdigit()
        hidden = _SHOWN_BEFORE < seen <= digits - _SHOWN_AFTER and character.isdigit()
        shown.append("*" if hidden else character)
    return "".join(shown)


def masked_text(text: str) -> str:
    """A free text with the mobile and identity numbers in it masked.

    A credit code is left as it is: it begins with 9 or holds letters.
    """
    text = _IDENTITY.sub(lambda found: f"{found[1]}{'*' * 8}{found[0][-4:]}", text)
    return _MOBILE.sub(r"\1****\2", text)
