"""An enterprise's account to be paid to: entered once, typed again before it counts."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.eligibility.pay_list_models import BankAccount
from tidu.eligibility.permissions import may_keep_account
from tidu.registry.models import Enterprise
from tidu.rules.errors import TiduError

_SHORTEST, _LONGEST = 8, 32  # digits of an account


class AccountWrong(TiduError):
    """The account cannot be kept or confirmed: why, and what to type."""


def digits_of(text: str) -> str:
    """An account number without the blanks and hyphens people write."""
    return "".join(text.split()).replace("-", "")


@transaction.atomic
def enter_account(
    *, enterprise: Enterprise, holder: str, bank: str, number: str, by: Actor
) -> BankAccount:
    """Keep an account to be confirmed; the one in force counts until then.

    Raises AccountWrong for a number that is none, or another holder than the firm.
    """
    may_keep_account(by, enterprise).or_refuse()
    number, holder = digits_of(number), holder.strip()
    if not (number.isascii() and number.isdigit()) or not (
        _SHORTEST <= len(number) <= _LONGEST
    ):
        raise AccountWrong(_("账号应是 8 到 32 位数字；请核对"))
    if holder != enterprise.name:
        said = _("户名应与企业名称“{name}”一致，奖补只发到本企业的账户")
        raise AccountWrong(said.format(name=enterprise.name))
    enterprise = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    waiting = enterprise.bank_accounts.filter(replaced_at=None, confirmed_at=None)
    waiting.update(replaced_at=timezone.now())
    made = BankAccount.objects.create(
        enterprise=enterprise,
        holder=holder,
        bank=bank.strip(),
        number=number,
        entered_by=by.user,
    )
    _tell("entered", made, by)
    return made


@transaction.atomic
def confirm_account(*, enterprise: Enterprise, number: str, by: Actor) -> BankAccount:
    """Type the number a second time: where both agree, the account counts."""
    may_keep_account(by, enterprise).or_refuse()
    enterprise = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    found = account_to_confirm(enterprise)
    if found is None:
        raise AccountWrong(_("没有等待确认的账户；请先填写"))
    if digits_of(number) != found.number:
        raise AccountWrong(_("两次填写的账号不一样；请对照开户许可证再填一遍"))
    now = timezone.now()
    old = enterprise.bank_accounts.filter(replaced_at=None, confirmed_at__isnull=False)
    old.update(replaced_at=now)
    found.confirmed_at, found.confirmed_by = now, by.user
    found.save(update_fields=["confirmed_at", "confirmed_by"])
    _tell("confirmed", found, by)
    return found


def account_of(enterprise: Enterprise) -> BankAccount | None:
    """The account that counts, None where there is none yet."""
    known = enterprise.bank_accounts.filter(
        replaced_at=None, confirmed_at__isnull=False
    )
    return known.first()


def account_to_confirm(enterprise: Enterprise) -> BankAccount | None:
    """The account that still has to be typed a second time."""
    known = enterprise.bank_accounts.filter(replaced_at=None, confirmed_at=None)
    return known.first()


def _tell(what: str, account: BankAccount, by: Actor) -> None:
    """Only the last digits: an event cannot be forgotten."""
    record(
        action=f"eligibility.account_{what}",
        by=by,
        about=account,
        territory=account.enterprise.territory,
        data={"enterprise": account.enterprise_id, "account": account.masked},
    )
