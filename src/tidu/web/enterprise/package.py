"""The service package (一户一策): everything the firm may have, on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.packages import current_package, package_with
from tidu.planning.bundle import best_bundle
from tidu.rules.entitlements import Package, gains
from tidu.rules.ladder import next_scheme
from tidu.web.context import speaks_english
from tidu.web.downloads import Sheet, as_book
from tidu.web.enterprise.firm import Firm
from tidu.web.enterprise.ladder import standings_today
from tidu.web.entitlements import AreaShown, EntitlementCard, areas_of, gain_lines
from tidu.web.pages import Asked


def package(request: Asked, firm: Firm) -> HttpResponse:
    """The page itself."""
    return render(request, "enterprise/package.html", package_context(firm))


def package_context(firm: Firm) -> dict[str, Any]:
    """What the page shows of one enterprise today."""
    english = speaks_english()
    found = current_package(firm.enterprise, on=timezone.localdate())
    bundle = best_bundle(found)
    areas = areas_of(found, bundle, english=english)
    return {
        "firm": firm,
        "tab": "package",
        "enterprise": firm.enterprise,
        "on": found.on,
        "areas": areas,
        "worth": bundle.total(english=english),
        "met": sum(len(each.cards) for each in areas),
        "open": sum(len(each.open) for each in areas),
        "given_up": [c for a in areas for c in a.cards if c.given_up],
        "next": _next_tier(firm, found, english=english),
    }


def _next_tier(firm: Firm, found: Package, *, english: bool) -> dict[str, Any] | None:
    """The title after the one held, and what it would change in the package."""
    standings = standings_today(firm)
    scheme = next_scheme(standings.pack, standings.prepared, standings.schemes)
    if scheme is None:
        return None
    title = standings.pack.schemes[scheme]
    lines = gain_lines(
        gains(found, package_with(found, title.title_fact)), english=english
    )
    return {"label": title.label.say(english=english), "lines": lines}


def package_file(request: Asked, firm: Firm) -> HttpResponse:  # noqa: ARG001 - a view
    """The package as an Excel file."""
    context = package_context(firm)
    name = f"{firm.enterprise.name}_{_('服务包')}_{context['on']}"
    return as_book(name, [_sheet(context["areas"])])


def _sheet(areas: list[AreaShown]) -> Sheet:
    heads = [
        _("类别"), _("事项"), _("结论"), _("内容"), _("金额"), _("怎样办"),
        _("经办部门"), _("截止"), _("还缺"), _("依据"), _("核对程度"),
    ]  # fmt: skip
    rows = [
        [area.label, *_row(card)]
        for area in areas
        for card in (*area.cards, *area.open, *area.more)
    ]
    return _("服务包"), heads, rows


def _row(card: EntitlementCard) -> list[str]:
    outcome = _("看地方规定") if card.depends else card.outcome.word
    missing = _("、").join(each.label for each in card.missing)
    return [
        card.label, outcome, card.gives, card.amount, card.start, card.agency,
        card.until, missing, card.source, card.grade,
    ]  # fmt: skip
