"""Audit events in words, as the history of an enterprise shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.audit.models import Event
from tidu.web.wording import key_word, place_word, scheme_word, source_word

_WORDS = {
    "registry.enterprise_entered": gettext_lazy("入库"),
    "registry.facts_filed": gettext_lazy("填报数据"),
    "registry.name_changed": gettext_lazy("改名称"),
    "registry.uscc_changed": gettext_lazy("改信用代码"),
    "registry.territory_changed": gettext_lazy("改区划"),
    "registry.title_recorded": gettext_lazy("登记称号"),
    "registry.title_revoked": gettext_lazy("撤销称号"),
    "registry.enterprise_closed": gettext_lazy("出库"),
    "registry.enterprise_reopened": gettext_lazy("恢复"),
    "registry.enterprises_merged": gettext_lazy("合并"),
    "registry.merger_undone": gettext_lazy("撤销合并"),
    "eligibility.assessed": gettext_lazy("评估存档"),
}
_KEYS_SHOWN = 5


@dataclasses.dataclass(frozen=True, slots=True)
class EventLine:
    """One event: when, what, by whom, and what of it is worth reading."""

    event: Event
    what: str
    detail: str


def event_lines(events: Iterable[Event]) -> list[EventLine]:
    """Events in words; one whose word is not listed shows its own name."""
    return [
        EventLine(each, str(_WORDS.get(each.action, each.action)), _detail(each))
        for each in events
    ]


def _detail(event: Event) -> str:
    data: dict[str, Any] = event.data
    parts: list[str] = []
    if "from" in data:
        was, now = data["from"] or "", data["to"]
        if event.action == "registry.territory_changed":
            was, now = place_word(was), place_word(now)
        parts.append(f"{was} → {now}")
    if "keys" in data:
        names = [key_word(each) for each in data["keys"][:_KEYS_SHOWN]]
        more = len(data["keys"]) - len(names)
        parts.append(
            "、".join(names)
            + (_(" 等{n}项").format(n=len(data["keys"])) if more > 0 else "")
        )
    if "scheme" in data:
        parts.append(scheme_word(data["scheme"]))
    if other := data.get("other_name"):
        parts.append(other)
    if reason := data.get("reason"):
        parts.append(reason)
    if source := data.get("source"):
        known = event.action == "registry.facts_filed"
        parts.append(source_word(source) if known else source)
    return "；".join(parts)
