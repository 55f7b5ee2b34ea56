"""The service package as a PDF to hand over."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import tidu.eligibility.typesetting
from tidu.eligibility.typesetting import typeset
from tidu.web.downloads import attachment
from tidu.web.enterprise.firm import Firm
from tidu.web.enterprise.package import package_context
from tidu.web.entitlements import EntitlementCard
from tidu.web.pages import Asked

_NOT_IN_FONT = "☰"
TEMPLATE = Path(tidu.eligibility.typesetting.__file__).with_name("package.typ")


def package_paper(request: Asked, firm: Firm) -> HttpResponse:  # noqa: ARG001 - a view
    """The package as PDF/A."""
    shown = package_context(firm)
    name = f"{firm.enterprise.name}_{_('服务包')}_{shown['on']}.pdf"
    at = datetime.datetime.combine(shown["on"], datetime.time(), datetime.UTC)
    file = typeset(TEMPLATE, paper_data(firm, shown), at)
    return attachment(file, name, "application/pdf")


def paper_data(firm: Firm, shown: dict[str, Any]) -> dict[str, Any]:
    """What the template reads: texts only."""
    return {
        "lang": "en" if get_language() == "en" else "zh",
        "title": _("专精特新服务包（一户一策）"),
        "by": "Tidu",
        "firm": firm.enterprise.name,
        "uscc": firm.enterprise.uscc or "",
        "day": _("{day} 测算").format(day=shown["on"]),
        "footer": _("按 {now} 的数据由梯度系统生成").format(
            now=timezone.localtime().strftime("%Y-%m-%d %H:%M")
        ),
        "worth-label": _("确定可得或可省"),
        "worth": shown["worth"],
        "worth-note": _(
            "每年或每个项目各计一次；额度上限不算在内。以主管部门和税务机关的核定为准。"
        ),
        "given-up": [
            _("没有选“{label}”：{why}").format(label=each.label, why=each.given_up)
            for each in shown["given_up"]
        ],
        "areas": [
            {
                "label": area.label,
                "cards": [_card(each) for each in area.cards],
                "open": [_open(each) for each in area.open],
                "more": _("还可以参加：") + _names(area.more) if area.more else "",
            }
            for area in shown["areas"]
        ],
        "open-label": _("还没定的"),
    }


def _names(cards: list[EntitlementCard]) -> str:
    return _("、").join(each.label for each in cards)


def _open(card: EntitlementCard) -> str:
    """What is not decided, in one line: its name, and why."""
    missing = _("、").join(each.label for each in card.missing)
    if card.depends:
        why = _("看地方规定")
    else:
        why = (
            _("还缺：{missing}").format(missing=missing)
            if missing
            else card.outcome.word
        )
    return _("{label}（{why}）").format(label=card.label, why=why)


def _card(card: EntitlementCard) -> dict[str, Any]:
    outcome = _("看地方规定") if card.depends else card.outcome.word
    sign = "…" if card.depends else card.outcome.sign
    missing = _("、").join(each.label for each in card.missing)
    until = _("到 {day} 为止").format(day=card.until) if card.until else ""
    lines = [
        " · ".join(each for each in (card.start, card.agency, until) if each),
        _("还缺：{missing}").format(missing=missing) if missing else "",
        card.priority,
        f"{card.source}（{card.grade}）",
    ]
    return {
        "sign": outcome if sign in _NOT_IN_FONT else f"{sign} {outcome}",
        "label": card.label,
        "amount": card.amount,
        "nature": card.nature,
        "gives": card.gives,
        "lines": [each for each in lines if each],
    }
