"""The monthly table for the superior: on the screen, on paper, as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.permissions import may_act_for_authority
from tidu.registry.actions import record_export
from tidu.registry.monthly import MonthlyTable, PlaceLine, monthly_table
from tidu.registry.months import Month
from tidu.web.downloads import FORMS, download
from tidu.web.officer.monthly_workbook import monthly_workbook, name_lines
from tidu.web.pages import Asked, page
from tidu.web.wording import place_word

_OFFERED = 24  # months in the choice


@page(may=may_act_for_authority)
def monthly(request: Asked) -> HttpResponse:
    month = month_asked(request)
    table = monthly_table(request.actor.scope or "", month)
    context = {
        **words_of(request.actor, table),
        "table": table,
        "months": months_offered(),
        "lines": [(_place(request.actor, each), each) for each in table.places],
        "schemes": [each.scheme for each in table.tiers],
    }
    return render(request, "officer/monthly.html", context)


@page(may=may_act_for_authority)
def monthly_file(request: Asked, form: str) -> HttpResponseBase:
    """The whole table as a workbook; as CSV the firms that entered, left or are due."""
    if form not in FORMS:
        raise Http404
    month = month_asked(request)
    table = monthly_table(request.actor.scope or "", month)
    record_export(
        what="monthly",
        filters=f"month={month.text}",
        count=len(table.entered) + len(table.exits) + len(table.due),
        form=form,
        by=request.actor,
    )
    words = words_of(request.actor, table)
    if form == "xlsx":
        places = [_place(request.actor, each) for each in table.places]
        return monthly_workbook(table, words, places)
    columns = [
        _("类别"),
        _("企业名称"),
        _("统一社会信用代码"),
        _("区划"),
        _("称号"),
        _("有效期自"),
        _("有效期至"),
    ]
    return download("csv", _("月报名单"), columns, name_lines(table))


def month_asked(request: Asked) -> Month:
    """The month of ``?month=2026-11``; the last full one where it means nothing."""
    last = Month.of(timezone.localdate()).plus(-1)
    asked = Month.read(request.GET.get("month", ""))
    return asked if asked and asked <= last.plus(1) else last


def months_offered() -> list[Month]:
    """The current month and those before it, the latest first."""
    now = Month.of(timezone.localdate())
    return [now.plus(-back) for back in range(_OFFERED)]


def words_of(actor: Actor, table: MonthlyTable) -> dict[str, Any]:
    """Title, sender and dates, as the page and the workbook say them."""
    month = table.month
    today = timezone.localdate()
    territory = actor.organisation.territory if actor.organisation else ""
    return {
        "title": _("{year}年{month}月优质中小企业梯度培育情况表").format(
            year=month.year, month=month.number
        ),
        "sender": actor.organisation_name or _("全部区划"),
        "place": place_word(territory) if territory else _("全部区划"),
        "until": month.last,
        "made": today,
        "unfinished": month.last >= today,
    }


def _place(actor: Actor, line: PlaceLine) -> str:
    """The name of a place; firms registered with the territory itself say so."""
    own = actor.organisation.territory if actor.organisation else ""
    name = place_word(line.place)
    if line.place == own == name:  # a division that no list of divisions has
        name = actor.organisation_name
    if line.place == own and len(own.rstrip("0")) < len("990101"):
        return _("{place}（未分到县区）").format(place=name)
    return name
