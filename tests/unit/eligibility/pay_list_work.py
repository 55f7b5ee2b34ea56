"""Lists of the fictional award, brought to each of their states by the actions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from tests.factories import EnterpriseFactory, OfficeFactory, acting, member, owner_of
from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.eligibility.bank_accounts import confirm_account, enter_account
from tidu.eligibility.enums import NoticeDays
from tidu.eligibility.pay_files import export_list
from tidu.eligibility.pay_list_models import EntitlementList
from tidu.eligibility.pay_list_queries import today
from tidu.eligibility.pay_lists import (
    Notice,
    Terms,
    approve_list,
    freeze_list,
    publish_list,
    start_list,
)
from tidu.eligibility.working_out import work_out
from tidu.registry.models import Enterprise

AWARD = "demo_tier_award"
ON = datetime.date(2026, 6, 1)
DAY = datetime.timedelta(days=1)
MET = {
    "holds_srdi": True,
    "holds_little_giant": False,
    "serious_dishonesty": False,
    "major_accident": False,
}
CODES = ("91990000MA000001X1", "91990000MA000002X2", "91990000MA000003X3")


class Office:
    """An authority with the three people a list needs, and one who only reads."""

    def __init__(self, territory: str = "990102") -> None:
        self.organisation = OfficeFactory(territory=territory)
        self.officer = self._person(Role.OFFICER)
        self.second = self._person(Role.OFFICER)
        self.head = self._person(Role.ADMINISTRATOR)
        self.observer = self._person(Role.OBSERVER)

    def _person(self, role: Role) -> Actor:
        return acting(member(self.organisation, role))


def firm(number: int, territory: str = "990102", **facts: Any) -> Enterprise:
    """A fictional firm that meets the award, unless told otherwise."""
    given = {key: v for key, v in {**MET, **facts}.items() if v is not None}
    return EnterpriseFactory(
        uscc=CODES[number % 3][:12] + f"{number:06d}", territory=territory, facts=given
    )


def drafted(
    office: Office, budget: int = 10_000_000, on: datetime.date = ON
) -> EntitlementList:
    """A draft that is worked out."""
    made = start_list(
        terms=Terms(AWARD, "示范奖励名单（虚构）", on, Decimal(budget)),
        by=office.officer,
    )
    work_out(made)
    made.refresh_from_db()
    return made


def frozen(office: Office, **how: Any) -> EntitlementList:
    made = drafted(office, **how)
    freeze_list(pay_list=made, by=office.officer, seen=made.counter)
    made.refresh_from_db()
    return made


def published(office: Office, **how: Any) -> EntitlementList:
    """A list that stands on its notice from today."""
    made = frozen(office, **how)
    notice = Notice(today(), 5, NoticeDays.WORKING, "示范科室 000-0000（虚构）")
    return publish_list(
        pay_list=made, notice=notice, by=office.officer, seen=made.counter
    )


def over(made: EntitlementList, days: int = 20) -> EntitlementList:
    """The same list as if its notice had ended."""
    EntitlementList.objects.filter(pk=made.pk).update(
        opens_on=today() - days * DAY, ends_on=today() - DAY
    )
    made.refresh_from_db()
    return made


def approved(office: Office, **how: Any) -> EntitlementList:
    made = over(published(office, **how))
    approve_list(pay_list=made, by=office.second, seen=made.counter)
    made.refresh_from_db()
    return made


def with_account(enterprise: Enterprise, number: str = "") -> Actor:
    """The firm's own person, who entered and confirmed an account."""
    by = acting(owner_of(enterprise))
    number = number or f"62220000{enterprise.pk:08d}"
    enter_account(
        enterprise=enterprise,
        holder=enterprise.name,
        bank="示范银行（虚构）",
        number=number,
        by=by,
    )
    confirm_account(enterprise=enterprise, number=number, by=by)
    return by


def exported(office: Office, **how: Any) -> EntitlementList:
    made = approved(office, **how)
    export_list(pay_list=made, by=office.head, seen=made.counter)
    made.refresh_from_db()
    return made
