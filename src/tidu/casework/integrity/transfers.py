"""Whose intellectual property came from somebody else shortly before filing?

A change of owner that is a change of name, or stays within a confirmed group, is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tidu.casework.integrity.applications import Application, Obtained, Right
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
from tidu.registry.names import exact_form
from tidu.rules.language import N_

_SEEN = N_("所列{total}项知识产权中有{late}项在申报前{days}天内由他人转入")
_SEEN_SOURCE = N_("{seen}；转让方“{source}”还向本批{others}家申报企业转让过")
_MAY_BE = N_("尚未登记的更名；集团内部划转；高校院所成果转化；并购后正常过户")
_CHECK = N_(
    "查看转让合同和付款凭证，询问转入的技术用在哪些产品上；属于更名的，登记曾用名"
)
_MANY_BUYERS = 3
_SHARE_WEIGHT = 0.7  # of the strength; the rest is how many others bought there


def late_transfers(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case that counts on rights transferred in late."""
    late = {
        each.case: (each, found)
        for each in applications
        if (found := _late_rights(each, limits))
    }
    buyers: dict[str, set[str]] = defaultdict(set)
    for application, found in late.values():
        for right in found:
            if right.from_whom:
                buyers[exact_form(right.from_whom)].add(application.case)
    for application, found in late.values():
        known = [each for each in application.rights if each.obtained]
        enough = len(found) >= limits.transfer_count
        if enough and len(found) >= limits.transfer_share * len(known):
            yield _signal(application, found, len(known), buyers, limits)


def _late_rights(application: Application, limits: Limits) -> list[Right]:
    own = {exact_form(each) for each in (application.name, *application.former_names)}
    return [
        right
        for right in application.rights
        if right.obtained is Obtained.TRANSFERRED
        and right.changed_on is not None
        and 0 <= (application.filed_on - right.changed_on).days <= limits.transfer_days
        and not (right.from_whom and exact_form(right.from_whom) in own)
        and not (application.group and right.from_group == application.group)
    ]


def _signal(
    application: Application,
    found: Sequence[Right],
    total: int,
    buyers: dict[str, set[str]],
    limits: Limits,
) -> Signal:
    sources = [each.from_whom for each in found if each.from_whom]
    source = max(sources, key=lambda name: len(buyers[exact_form(name)]), default="")
    fellows = sorted(buyers.get(exact_form(source), set()) - {application.case})
    related = others(application.case, fellows)
    seen = Said(
        _SEEN, {"total": total, "late": len(found), "days": limits.transfer_days}
    )
    if related:
        values = {"seen": seen, "source": source, "others": len(fellows)}
        seen = Said(_SEEN_SOURCE, values)
    share = ramp(len(found) / total, 0.0, 1.0)
    shop = ramp(len(fellows), 0, _MANY_BUYERS)
    return Signal(
        case=application.case,
        kind=SignalKind.LATE_TRANSFER,
        strength=_SHARE_WEIGHT * share + (1 - _SHARE_WEIGHT) * shop,
        related=related,
        places=tuple(
            Place(application.case, f"rights/{each.number}", f"{each.changed_on}")
            for each in found
        ),
        seen=seen,
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
        tie=Tie(
            f"source:{exact_form(source)}",
            Said(N_("转让方 {value}"), {"value": source}),
        )
        if related
        else None,
    )
