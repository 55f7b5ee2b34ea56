"""The file that pays, and the receipts that come back: a line once, errors by cell."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.audit.actions import record
from tidu.eligibility import permissions
from tidu.eligibility.enums import EntryState
from tidu.eligibility.pay_list_models import (
    BankAccount,
    EntitlementEntry,
    EntitlementList,
)
from tidu.eligibility.pay_list_queries import sharing_accounts, today
from tidu.eligibility.pay_lists import ListImpossible, ListMoved, move, tell
from tidu.intake.amounts import bare_number
from tidu.intake.dates import read_date
from tidu.intake.files import Limits, open_sheets
from tidu.intake.problems import ERROR, CellError, Problem
from tidu.intake.sheets import Cells, Sheet, cell_at
from tidu.rules.language import N_
from tidu.rules.pay_list import APPROVED, EXPORTED

USCC, AMOUNT, RESULT = "统一社会信用代码", "金额（元）", "结果"
PAID_ON, REASON = "到账日期", "退回原因"
PAY_HEADS = (
    *("序号", "企业名称", USCC, "户名", "开户银行", "账号", AMOUNT, "用途"),
    *(RESULT, PAID_ON, REASON),
)
"""A pay file goes to a bank: its heads are Chinese, and its last three it fills in."""
PAID_WORDS = frozenset({"已到账", "到账", "成功", "已发放", "paid"})
RETURNED_WORDS = frozenset({"退回", "已退回", "失败", "退票", "returned"})
_HEAD_ROWS = 20  # a bank may put lines above the heads
_WANTED = (USCC, RESULT, PAID_ON, REASON)
_LIMITS = Limits(bytes=20 * 1024 * 1024, rows=700_000)


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """One line that came back: paid on a day, or returned for a reason."""

    uscc: str
    paid_on: datetime.date | None
    reason: str


def ready_to_pay(pay_list: EntitlementList) -> models.QuerySet[EntitlementEntry]:
    """Kept or returned, with a confirmed account that is nobody else's."""
    confirmed = BankAccount.objects.filter(
        enterprise=models.OuterRef("enterprise"),
        replaced_at=None,
        confirmed_at__isnull=False,
    )
    waiting = pay_list.entries.filter(
        state__in=(EntryState.KEPT, EntryState.RETURNED)
    ).annotate(current_account=models.Subquery(confirmed.values("pk")[:1]))
    return waiting.filter(current_account__isnull=False).exclude(
        enterprise__in=sharing_accounts(pay_list)
    )


@transaction.atomic
def export_list(*, pay_list: EntitlementList, by: Actor, seen: int) -> int:
    """Fix who goes out in the next pay file, with the account as it is; how many.

    A line is in one file only, so that nothing is paid twice by sending a file again.
    """
    permissions.may_take_pay_file(by, pay_list).or_refuse()
    found = EntitlementList.objects.select_for_update().get(pk=pay_list.pk)
    if found.state not in {APPROVED, EXPORTED} or found.counter != seen:
        raise ListMoved(_("这份名单刚刚被人办理过；请刷新页面再看"))
    batch = found.batches + 1
    lines = list(ready_to_pay(found))
    if not lines:
        raise ListImpossible(_("没有可以发放的：企业还没有确认账户，或账户与别家相同"))
    for each in lines:
        each.state, each.batch = EntryState.SENT, batch
        each.account_id = each.current_account  # type: ignore[attr-defined]
        each.reason = ""
    EntitlementEntry.objects.bulk_update(
        lines, ["state", "batch", "account", "reason"], batch_size=500
    )
    total = sum((each.amount for each in lines), Decimal(0))
    move(
        found,
        "export" if found.state == APPROVED else "export_again",
        by,
        seen,
        values={"batches": batch},
        data={
            "batch": batch,
            "firms": len(lines),
            "total": f"{total:.2f}",
            "sha256": _digest(found, batch),
        },
    )
    return len(lines)


@transaction.atomic
def take_pay_file(*, pay_list: EntitlementList, by: Actor) -> Iterator[list[Any]]:
    """The lines of the newest pay file, whole account numbers; who took it is kept."""
    permissions.may_take_pay_file(by, pay_list).or_refuse()
    if not pay_list.batches:
        raise ListImpossible(_("还没有导出过发放文件"))
    lines = _lines(pay_list, pay_list.batches)
    count = lines.count()
    record(
        action="eligibility.pay_file_taken",
        by=by,
        about=pay_list,
        territory=pay_list.organisation.territory,
        data={"batch": pay_list.batches, "firms": count},
    )
    return _written(pay_list, lines)


def read_receipts(
    path: Path, pay_list: EntitlementList
) -> tuple[list[Receipt], list[Problem]]:
    """The lines of a bank's file, and what is wrong with which cell.

    Raises UnreadableFile; ListImpossible where no row has the heads that are needed.
    """
    sent = {
        entry.uscc: entry
        for entry in pay_list.entries.filter(state=EntryState.SENT).only(
            "uscc", "amount", "state"
        )
    }
    receipts: list[Receipt] = []
    problems: list[Problem] = []
    seen: Counter[str] = Counter()
    for sheet in open_sheets(path, _LIMITS):
        heads = _heads(sheet)
        if heads is None:
            continue
        start, at = heads
        for row, cells in sheet.rows(start + 1):
            if not any(str(each or "").strip() for each in cells):
                continue
            line = _Line(path.name, sheet, row, cells, at)
            found = line.read(sent, seen, problems)
            if found:
                receipts.append(found)
        return receipts, problems
    said = _("没有找到表头“{uscc}”和“{result}”；请用发放文件，填好最后三列")
    raise ListImpossible(said.format(uscc=USCC, result=RESULT))


@transaction.atomic
def record_receipts(
    *, pay_list: EntitlementList, receipts: Sequence[Receipt], by: Actor
) -> bool:
    """Write what came back; whether the list is paid with it.

    Where every firm that is kept has its money, the list is settled by itself.
    """
    permissions.may_work_on_list(by, pay_list).or_refuse()
    found = EntitlementList.objects.select_for_update().get(pk=pay_list.pk)
    if found.state != EXPORTED:
        raise ListMoved(_("这份名单现在不等回单；请刷新页面"))
    by_code = {each.uscc: each for each in receipts}
    lines = list(found.entries.filter(state=EntryState.SENT, uscc__in=list(by_code)))
    if len(lines) != len(by_code):
        raise ListMoved(_("有人刚刚导入过回单，这次没有保存；请刷新后再看"))
    for each in lines:
        came = by_code[each.uscc]
        paid = came.paid_on is not None
        each.state = EntryState.PAID if paid else EntryState.RETURNED
        each.paid_on, each.reason = came.paid_on, came.reason[:500]
    EntitlementEntry.objects.bulk_update(
        lines, ["state", "paid_on", "reason"], batch_size=500
    )
    paid_now = sum(each.state == EntryState.PAID for each in lines)
    tell("receipts", found, by, paid=paid_now, returned=len(lines) - paid_now)
    left = found.entries.exclude(state__in=(EntryState.PAID, EntryState.REMOVED))
    if left.exists():
        return False
    move(found, "settle", by, found.counter, data={"unpaid": 0})
    return True


class _Line:
    """One row of a bank's file, read cell by cell."""

    def __init__(
        self, file: str, sheet: Sheet, row: int, cells: Cells, at: dict[str, int]
    ) -> None:
        self._file, self._sheet, self._row = file, sheet, row
        self._cells, self._at = cells, at

    def read(
        self,
        sent: dict[str, EntitlementEntry],
        seen: Counter[str],
        problems: list[Problem],
    ) -> Receipt | None:
        before = len(problems)
        uscc = self._text(USCC).upper()
        entry = sent.get(uscc)
        seen[uscc] += 1
        if entry is None:
            self._wrong(problems, USCC, _STRANGE)
        elif seen[uscc] > 1:
            self._wrong(problems, USCC, _TWICE)
        elif AMOUNT in self._at and self._amount() != entry.amount:
            self._wrong(problems, AMOUNT, _OTHER_AMOUNT, amount=f"{entry.amount:.2f}")
        word, reason = self._text(RESULT), self._text(REASON)
        paid_on = None
        if word in PAID_WORDS:
            paid_on = self._day(problems)
        elif word in RETURNED_WORDS:
            if not reason:
                self._wrong(problems, REASON, _NO_REASON)
        else:
            self._wrong(problems, RESULT, _NO_RESULT)
        if len(problems) > before:
            return None
        return Receipt(uscc, paid_on, "" if paid_on else reason)

    def _text(self, head: str) -> str:
        cell = cell_at(self._cells, self._at.get(head))
        return "" if cell is None else str(cell).strip()

    def _amount(self) -> Decimal | None:
        try:
            return bare_number(cell_at(self._cells, self._at[AMOUNT]))
        except (CellError, ValueError, ArithmeticError):
            return None

    def _day(self, problems: list[Problem]) -> datetime.date | None:
        cell = cell_at(self._cells, self._at.get(PAID_ON))
        try:
            day = read_date(cell, lambda _note: None)
        except (CellError, ValueError, TypeError):
            self._wrong(problems, PAID_ON, _NO_DAY)
            return None
        if day > today():
            self._wrong(problems, PAID_ON, _LATER)
            return None
        return day

    def _wrong(
        self, problems: list[Problem], head: str, said: tuple[str, str], **values: Any
    ) -> None:
        at = self._at.get(head)
        problems.append(
            Problem(
                severity=ERROR,
                file=self._file,
                sheet=self._sheet.name,
                row=self._row + self._sheet.first,
                column=head,
                cell="" if at is None else self._sheet.cell_name(self._row, at),
                text=self._text(head),
                what=said[0],
                remedy=said[1],
                values=values,
            )
        )


_STRANGE = (
    N_("不是这份名单里已送银行的企业"),
    N_("请核对代码，或删去这一行"),
)
_TWICE = (N_("同一企业出现两次"), N_("请删去一行"))
_OTHER_AMOUNT = (N_("与应发的 {amount} 元不同"), N_("请与银行核对"))
_NO_REASON = (N_("退回的没有写原因"), N_("请写明退回原因"))
_NO_RESULT = (N_("看不懂的结果"), N_("请写“已到账”或“退回”"))
_NO_DAY = (N_("不是日期"), N_("请写成 2026-06-01"))
_LATER = (N_("到账日期在今天以后"), N_("请核对日期"))


def _heads(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of the heads and where each stands; None where there is none."""
    for row, cells in enumerate(sheet.head[:_HEAD_ROWS]):
        words = ["" if c is None else str(c).strip() for c in cells]
        if USCC in words and RESULT in words:
            wanted = (*_WANTED, AMOUNT)
            return row, {each: words.index(each) for each in wanted if each in words}
    return None


def _lines(pay_list: EntitlementList, batch: int) -> models.QuerySet[EntitlementEntry]:
    return (
        pay_list.entries.filter(batch=batch)
        .select_related("account")
        .order_by("territory", "name", "pk")
    )


def _written(
    pay_list: EntitlementList, lines: models.QuerySet[EntitlementEntry]
) -> Iterator[list[Any]]:
    for number, each in enumerate(lines.iterator(chunk_size=1000), start=1):
        assert each.account is not None
        yield [
            number,
            each.name,
            each.uscc,
            each.account.holder,
            each.account.bank,
            each.account.number,
            each.amount,
            pay_list.title,
            *("", "", ""),
        ]


def _digest(pay_list: EntitlementList, batch: int) -> str:
    total = hashlib.sha256()
    for each in _written(pay_list, _lines(pay_list, batch)):
        total.update(json.dumps([str(c) for c in each], ensure_ascii=False).encode())
    return total.hexdigest()


def days_since(pay_list: EntitlementList) -> int | None:
    """Days since the list was published; None before."""
    if pay_list.opens_on is None:
        return None
    return (timezone.localdate() - pay_list.opens_on).days
