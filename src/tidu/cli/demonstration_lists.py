"""Lists of the fictional 示范省 paid without applying: one paid, one published.

Done by the actions that people use, as of today; only the days of the paid list are
put back afterwards. Firms, accounts and people are fictional.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.eligibility.bank_accounts import confirm_account, enter_account
from tidu.eligibility.enums import EntryState, NoticeDays
from tidu.eligibility.list_objections import object_to_entry
from tidu.eligibility.pay_files import Receipt, export_list, record_receipts
from tidu.eligibility.pay_list_models import EntitlementEntry, EntitlementList
from tidu.eligibility.pay_lists import (
    Notice,
    Terms,
    approve_list,
    cancel_list,
    freeze_list,
    publish_list,
    remove_entry,
    start_list,
)
from tidu.eligibility.working_out import work_out
from tidu.registry.actions import file_facts
from tidu.registry.enums import FilingSource
from tidu.registry.models import Enterprise
from tidu.registry.told import Told

AWARD, COUNTY = "demo_tier_award", "990221"
_DAY = datetime.timedelta(days=1)
_CONTACT = "甲水县中小企业主管部门，000-0000（虚构）"
_KEPT_FOR_LATER = "虚构：本批先发一部分，其余列入下一批"
_FEW = 6  # firms of the paid list
_LEAST = 2  # firms below which a list shows nothing
_CLEAR = {
    "holds_srdi": True,
    "holds_little_giant": False,
    "serious_dishonesty": False,
    "major_accident": False,
}


def load_pay_lists(today: datetime.date) -> None:
    """Load a list that is paid and one that stands on its notice."""
    officer = actor_for(User.objects.get(username="county_b"))
    head = actor_for(User.objects.get(username="county"))
    _clear_own_county(officer)
    if _paid(today, officer, head):
        _published(today, officer)


def _clear_own_county(officer: Actor) -> None:
    """File what some holders of the county lack, so that there is a list to pay."""
    holders = Enterprise.objects.filter(
        territory=COUNTY,
        closed_at=None,
        merged_into=None,
        titles__scheme="srdi_sme",
        titles__revoked_on=None,
        titles__valid_until__gte=timezone.localdate(),
    ).exclude(uscc=None)
    known = holders.select_related("current").distinct().order_by("pk")
    for firm in known[: 2 * _FEW]:
        lacking = {k: v for k, v in _CLEAR.items() if k not in firm.current.entries}
        if not lacking:
            continue
        file_facts(
            enterprise=firm,
            entries={key: {"value": value} for key, value in lacking.items()},
            source=FilingSource.OFFICIAL,
            reason="虚构：主管部门核对称号和失信名单",
            by=officer,
        )


def _start(
    title: str, budget: int, today: datetime.date, by: Actor
) -> EntitlementList | None:
    """A frozen list; none where the demonstration is too small to have one."""
    made = start_list(terms=Terms(AWARD, title, today, Decimal(budget)), by=by)
    work_out(made)
    made.refresh_from_db()
    if made.entries.filter(state=EntryState.KEPT).count() < _LEAST:
        cancel_list(pay_list=made, by=by, seen=made.counter, reason="虚构：没有企业")
        return None
    freeze_list(pay_list=made, by=by, seen=made.counter)
    made.refresh_from_db()
    return made


def _notice(made: EntitlementList, today: datetime.date, by: Actor) -> EntitlementList:
    notice = Notice(today, 7, NoticeDays.WORKING, _CONTACT)
    return publish_list(pay_list=made, notice=notice, by=by, seen=made.counter)


def _paid(today: datetime.date, officer: Actor, head: Actor) -> bool:
    """A first batch: some firms, approved, sent and paid; whether there was one."""
    title = f"甲水县{today.year}年专精特新企业梯度奖励第一批（虚构）"
    made = _start(title, 20_000_000, today, officer)
    if made is None:
        return False
    own = Enterprise.objects.filter(organisation__memberships__user__username="owner")
    kept = made.entries.filter(state=EntryState.KEPT).order_by("pk")
    first = [e for e in kept if not own.filter(pk=e.enterprise_id).exists()][:_FEW]
    for entry in kept.exclude(pk__in=[each.pk for each in first]):
        remove_entry(entry=entry, by=officer, reason=_KEPT_FOR_LATER)
    for at, entry in enumerate(first):
        _account(entry.enterprise, at)
    made = _notice(made, today, officer)
    EntitlementList.objects.filter(pk=made.pk).update(
        opens_on=today - 30 * _DAY, ends_on=today - 19 * _DAY
    )
    made.refresh_from_db()
    approve_list(pay_list=made, by=head, seen=made.counter)
    made.refresh_from_db()
    export_list(pay_list=made, by=head, seen=made.counter)
    receipts = [
        Receipt(each.uscc, today - (10 - at % 4) * _DAY, "")
        for at, each in enumerate(first)
    ]
    record_receipts(pay_list=made, receipts=receipts, by=officer)
    return True


def _published(today: datetime.date, officer: Actor) -> None:
    """A second batch that stands on its notice, with an objection to one firm."""
    title = f"甲水县{today.year}年专精特新企业梯度奖励第二批（虚构）"
    started = _start(title, 30_000_000, today, officer)
    if started is None:
        return
    made = _notice(started, today, officer)
    own = Enterprise.objects.filter(organisation__memberships__user__username="owner")
    others = made.entries.exclude(enterprise__in=own)
    entry = others.filter(state=EntryState.KEPT).first()
    if isinstance(entry, EntitlementEntry):
        told = Told(
            "虚构举报人", "000-0000", "虚构：这家企业的称号是否在有效期内，请核实原件。"
        )
        object_to_entry(entry=entry, told=told)


def _account(firm: Enterprise, at: int) -> None:
    """A fictional account, entered and confirmed by somebody of the firm."""
    if firm.organisation is None:
        firm.organisation = Organisation.objects.create(
            name=firm.name,
            kind=OrganisationKind.ENTERPRISE,
            territory=firm.territory,
        )
        firm.save(update_fields=["organisation"])
    member = firm.organisation.memberships.filter(ended_at=None).first()
    if member is None:
        person = User.objects.create_user(
            f"cashier{at:02d}", password=None, name="出纳（虚构）"
        )
        member = Membership.objects.create(
            user=person, organisation=firm.organisation, role=Role.OWNER
        )
    by, number = actor_for(member.user), f"9900000000{at:06d}"
    enter_account(
        enterprise=firm,
        holder=firm.name,
        bank="示范银行甲水支行（虚构）",
        number=number,
        by=by,
    )
    confirm_account(enterprise=firm, number=number, by=by)
