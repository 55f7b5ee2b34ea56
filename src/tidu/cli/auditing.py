"""``tidu audit``: check the chain of events, hand events to auditors."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from django.db import models, transaction
from django.utils import timezone

from tidu.accounts.actors import SYSTEM
from tidu.audit.actions import record
from tidu.audit.models import ChainHead, Event
from tidu.audit.queries import check_chain
from tidu.rules.errors import TiduError

_HEADS = (
    *("序号", "时间", "事项", "经手人", "身份", "单位", "区划"),
    *("对象类别", "对象编号", "对象", "内容", "上一条摘要", "摘要"),
)
_WIDTHS = (8, 20, 28, 16, 12, 30, 8, 22, 12, 30, 60, 20, 20)
_ROWS = 1_000_000  # what a sheet holds below its heads, about


class TooManyEvents(TiduError):
    """More events than a sheet has rows."""


def verify() -> int:
    """Make every digest again; 0 where the chain is whole, else 1."""
    found = check_chain()
    if found.whole:
        sys.stdout.write(f"审计链完整：{found.events} 条，逐条核对相符\n")
        return 0
    if found.broken is not None:
        sys.stdout.write(
            f"审计链在第 {found.broken} 条断开：{_first(found.broken)}；"
            "这一条被改过，或者它前面缺了记录。请用备份核对这一条\n"
        )
    else:
        sys.stdout.write(
            f"审计链末尾缺了记录：应到第 {_head()} 条，现有 {found.events} 条。"
            "请用备份核对\n"
        )
    return 1


def export(first: datetime.date, last: datetime.date, output: Path) -> int:
    """Write the events of some days as a workbook; how many."""
    events = Event.objects.filter(at__gte=_start(first), at__lt=_end(last))
    count = events.count()
    if count > _ROWS:
        raise TooManyEvents(
            "这几天有 {count} 条，一张表放不下；请分几段导出", count=count
        )
    book = xlsxwriter.Workbook(
        str(output), {"constant_memory": True, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet("审计记录")
    sheet.freeze_panes(1, 0)
    for at, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head)
    for row, cells in enumerate(_lines(events.order_by("number")), start=1):
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell)
    book.close()
    chain, _new = ChainHead.objects.get_or_create(pk=1)
    days = {"from": first.isoformat(), "to": last.isoformat(), "count": count}
    with transaction.atomic():
        record(action="audit.exported", by=SYSTEM, about=chain, data=days)
    return count


def _lines(events: models.QuerySet[Event]) -> Iterator[list[str]]:
    for each in events.iterator(chunk_size=2000):
        yield [
            str(each.number),
            f"{timezone.localtime(each.at):%Y-%m-%d %H:%M:%S}",
            each.action,
            each.actor_name,
            each.actor_role,
            each.organisation_name,
            each.territory,
            each.object_type,
            each.object_id,
            each.object_name,
            json.dumps(each.data, ensure_ascii=False, sort_keys=True)[:32_000],
            each.previous,
            each.digest,
        ]


def _first(number: int) -> str:
    found = Event.objects.filter(number=number).first()
    if found is None:
        return "这一条不在了"
    at = timezone.localtime(found.at)
    return f"{at:%Y-%m-%d %H:%M} {found.action} {found.object_name}"


def _head() -> int:
    head = ChainHead.objects.filter(pk=1).first()
    return head.number if head else 0


def _start(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _end(day: datetime.date) -> datetime.datetime:
    return _start(day + datetime.timedelta(days=1))
