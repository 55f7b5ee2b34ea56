"""Which phones and addresses stand behind many applicants that nothing else connects?

Companies of a confirmed group count once; a shared accountant's phone and the address
of a park or incubator are left out where a person has confirmed what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tidu.casework.integrity.applications import (
    Application,
    Contact,
    ContactKind,
)
from tidu.casework.integrity.kinds import (
    Place,
    Said,
    Signal,
    SignalKind,
    Tie,
    others,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.rules.language import N_

_NOT_DIGIT = re.compile(r"\D")
_NOT_WORD = re.compile(r"[\W_]")
_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}$)")
_SHORTEST = 7  # digits of a phone, characters of an address
_SHOWN = 3, 4
_NONE = 1  # owners
_WEIGHTS = {ContactKind.PHONE: 1.0, ContactKind.ADDRESS: 0.9}
_PARK = re.compile("园区|产业园|工业园|科技园|创业园|孵化器|孵化园|众创空间|加速器")
_PARK_WEIGHT = 0.5  # most likely honest, and still told: a mill may sit in a park
_SEEN = {
    ContactKind.PHONE: N_("{owners}家互无关联的企业填写了同一电话 {value}"),
    ContactKind.ADDRESS: N_("{owners}家互无关联的企业填写了同一地址“{value}”"),
}
_TIES = {ContactKind.PHONE: N_("电话 {value}"), ContactKind.ADDRESS: N_("地址 {value}")}
_MAY_BE = N_("同一集团尚未确认关系；共用代理记账会计；同在一个园区或孵化器")
_CHECK = N_("致电确认接电话的人是谁、为哪些企业办理；属于上述情形的，登记后不再提示")


def normal_contact(contact: Contact) -> str:
    """A phone as its digits, an address without spaces and marks; "" if too short."""
    text = unicodedata.normalize("NFKC", contact.value).lower()
    if contact.kind is ContactKind.PHONE:
        text = _COUNTRY.sub("", _NOT_DIGIT.sub("", text))
    else:
        text = _NOT_WORD.sub("", text)
    return text if len(text) >= _SHORTEST else ""


def shared_contacts(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case and each contact that too many unrelated firms give."""
    users: dict[tuple[ContactKind, str], dict[str, Application]] = defaultdict(dict)
    explained: set[tuple[ContactKind, str]] = set()
    for application in applications:
        for contact in application.contacts:
            if value := normal_contact(contact):
                users[contact.kind, value][application.case] = application
                if contact.confirmed:
                    explained.add((contact.kind, value))
    for key in sorted(users.keys() - explained):
        found = list(users[key].values())
        owners = len({each.owner for each in found})
        if owners >= limits.contact_owners:
            yield from _signals(key, found, owners, limits)


def _signals(
    key: tuple[ContactKind, str], found: list[Application], owners: int, limits: Limits
) -> Iterator[Signal]:
    kind, value = key
    shown = _masked(value) if kind is ContactKind.PHONE else value
    seen = Said(_SEEN[kind], {"owners": owners, "value": shown})
    tie = Tie(f"{kind}:{value}", Said(_TIES[kind], {"value": shown}))
    weight = _PARK_WEIGHT if _PARK.search(value) else _WEIGHTS[kind]
    strength = weight * ramp(owners, _NONE, limits.contact_many)
    cases = [each.case for each in found]
    for case in cases:
        yield Signal(
            case=case,
            kind=SignalKind.SHARED_CONTACT,
            strength=strength,
            related=others(case, cases),
            places=(Place(case, f"contacts/{kind}", shown),),
            seen=seen,
            may_be=Said(_MAY_BE),
            check=Said(_CHECK),
            tie=tie,
        )


def _masked(phone: str) -> str:
    before, after = _SHOWN
    return phone[:before] + "*" * (len(phone) - before - after) + phone[-after:]
