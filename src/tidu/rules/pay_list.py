"""The states of a list that is paid without applying (免申即享), and who may be on one.

A grant is put on a list; what the tax authority handles never is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from tidu.rules.amounts import AmountRule, Nature, Per
from tidu.rules.entitlements import applying
from tidu.rules.lifecycle import Lifecycle, State, Transition
from tidu.rules.measures import Mechanism, MechanismKind, StartWay
from tidu.rules.packs import Pack
from tidu.rules.vocabulary import Text

OFFICE = "office"
"""Whoever works for the authority that runs the list."""
SECOND = "second_person"
"""Somebody of that authority who did not freeze the list."""
CASHIER = "cashier"
"""Whoever of that authority may hold whole account numbers."""

DRAFT, FROZEN, PUBLISHED, APPROVED = "draft", "frozen", "published", "approved"
EXPORTED, PAID, CANCELLED = "exported", "paid", "cancelled"

STATES = {
    each.id: each
    for each in (
        State(DRAFT, Text("草稿", "Draft"), OFFICE),
        State(FROZEN, Text("已冻结", "Frozen"), OFFICE),
        State(PUBLISHED, Text("公示中", "Published"), OFFICE),
        State(APPROVED, Text("已批准", "Approved"), CASHIER),
        State(EXPORTED, Text("已导出，等回单", "Exported, awaiting receipts"), OFFICE),
        State(PAID, Text("已办结", "Paid"), final=True),
        State(CANCELLED, Text("已作废", "Cancelled"), final=True),
    )
}
LABELS = {
    "freeze": Text("冻结", "freeze"),
    "publish": Text("公示", "publish"),
    "approve": Text("批准", "approve"),
    "export": Text("导出发放文件", "export the pay file"),
    "export_again": Text("重发退回的", "pay returned ones again"),
    "settle": Text("办结", "settle"),
    "cancel": Text("作废", "cancel"),
}


def _move(event: str, source: str, target: str, by: str) -> Transition:
    return Transition(event, source, target, by, LABELS[event])


PAY_LIST = Lifecycle(
    STATES,
    (
        _move("freeze", DRAFT, FROZEN, OFFICE),
        _move("publish", FROZEN, PUBLISHED, OFFICE),
        _move("approve", PUBLISHED, APPROVED, SECOND),
        _move("export", APPROVED, EXPORTED, CASHIER),
        _move("export_again", EXPORTED, EXPORTED, CASHIER),
        _move("settle", EXPORTED, PAID, OFFICE),
        *(
            _move("cancel", each, CANCELLED, OFFICE)
            for each in (DRAFT, FROZEN, PUBLISHED, APPROVED)
        ),
    ),
    DRAFT,
)
"""Once a pay file has left the house nothing can be cancelled, only settled."""


def why_not_listed(mechanism: Mechanism) -> Text | None:
    """Why a mechanism never stands on such a list; None where it may."""
    if mechanism.start is StartWay.TAX_RETURN:
        return Text(
            "由税务机关办理，不能列入发放名单",
            "handled by the tax authority; it never stands on a pay list",
        )
    unasked = mechanism.start is StartWay.AUTO
    if mechanism.kind is not MechanismKind.GRANT or not unasked:
        return Text(
            "不是免申即享的奖补，企业要自己申请",
            "not a grant that is had without applying",
        )
    if mechanism.slot or not _paid_in_yuan(mechanism.amount):
        return Text(
            "政策没有写明以元发放的金额", "the policy states no amount paid in yuan"
        )
    return None


def _paid_in_yuan(rule: AmountRule | None) -> bool:
    return rule is not None and rule.nature is Nature.PAID and rule.unit == "元"


def listable(pack: Pack, on: datetime.date, territory: str) -> list[Mechanism]:
    """The grants that an authority of a territory can pay without being asked."""
    return [
        mechanism
        for mechanism, _measure in applying(pack, on, territory)
        if why_not_listed(mechanism) is None
    ]


def excluding(mechanism: Mechanism, others: Iterable[Mechanism]) -> list[Mechanism]:
    """Those that a firm cannot have together with it: ``not_with``, ``choose_one``."""
    return [
        other
        for other in others
        if other.id != mechanism.id
        and (
            other.id in mechanism.not_with
            or mechanism.id in other.not_with
            or (mechanism.choose_one and mechanism.choose_one == other.choose_one)
        )
    ]


def period_of(per: Per, on: datetime.date, named: str) -> str:
    """What “already paid” is asked for: ever, the year, the month, or what is named."""
    match per:
        case Per.ONCE:
            return ""
        case Per.YEAR:
            return f"{on:%Y}"
        case Per.MONTH:
            return f"{on:%Y-%m}"
    return named.strip()


NAMED = frozenset({Per.PROJECT, Per.BATCH, Per.CASE})
"""Periods that have no date of their own: the authority names them."""
