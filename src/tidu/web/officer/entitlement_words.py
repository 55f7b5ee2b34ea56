"""What happened to a list that is paid without applying, in words."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.audit.queries import events_about
from tidu.eligibility.pay_list_models import EntitlementList
from tidu.rules.pay_list import LABELS
from tidu.rules.vocabulary import Text
from tidu.web.context import speaks_english

_OTHER = {
    "started": gettext_lazy("建立草稿"),
    "budget_changed": gettext_lazy("改预算"),
    "worked_out": gettext_lazy("算出名单"),
    "worked_out_again": gettext_lazy("要求重新计算"),
    "receipts": gettext_lazy("导入回单"),
    "pay_file_taken": gettext_lazy("下载发放文件"),
}
_SHOWN = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Happened:
    """One thing: what, when, by whom, and what of it is worth reading."""

    what: str
    at: datetime.datetime
    who: str
    detail: str


def history_of(pay_list: EntitlementList) -> list[Happened]:
    """What happened to a list, the newest first."""
    return [
        Happened(
            _word(each.action.removeprefix("eligibility.").removeprefix("list_")),
            each.at,
            each.actor_name,
            _detail(each.data),
        )
        for each in events_about(pay_list)[:_SHOWN]
    ]


def say(text: Text) -> str:
    """A text of the packs in the reader's language."""
    return text.say(english=speaks_english())


def _word(name: str) -> str:
    if name in LABELS:
        return say(LABELS[name])
    return str(_OTHER.get(name, name))


def _money(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def _detail(data: Mapping[str, Any]) -> str:
    parts = []
    if "firms" in data:
        parts.append(_("{count} 家").format(count=data["firms"]))
    if "total" in data:
        parts.append(_("合计 {total} 元").format(total=_money(data["total"])))
    if "met" in data:
        said = _("{rows} 家中 {met} 家符合，{open} 家缺数据")
        parts.append(said.format(rows=data["rows"], met=data["met"], open=data["open"]))
    if "paid" in data:
        said = _("到账 {paid} 家，退回 {returned} 家")
        parts.append(said.format(paid=data["paid"], returned=data["returned"]))
    if data.get("budget"):
        parts.append(_("预算 {budget} 元").format(budget=_money(data["budget"])))
    if "ends_on" in data:
        parts.append(_("公示到 {day}").format(day=data["ends_on"]))
    if data.get("reason"):
        parts.append(str(data["reason"]))
    if "digest" in data:
        parts.append(_("校验码 {digest}").format(digest=data["digest"][:12]))
    return _("；").join(parts)
