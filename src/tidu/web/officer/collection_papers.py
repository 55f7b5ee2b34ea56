"""What a round puts on paper: forms with what is known, notices, the chase list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.permissions import may_act_for_authority
from tidu.registry.actions import record_export
from tidu.registry.collecting import workbooks
from tidu.registry.collecting.lacking import bring_up_to_date
from tidu.registry.collecting.queries import OPEN, chase_list, in_state
from tidu.registry.collection_models import CollectionFirm, CollectionRound
from tidu.web.downloads import FORMS, download
from tidu.web.officer.collection import find_round
from tidu.web.officer.collection_words import (
    by_year,
    chase_row,
    days_late,
    in_one_line,
    month_day,
)
from tidu.web.pages import Asked, page
from tidu.web.wording import place_word, scheme_word

_WIDTHS = (6, 32, 21, 12, 10, 16, 10, 10, 9, 9, 12, 20, 60)
NOTICES = 200  # on one page to print


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """What one firm is told: which figures, of which year."""

    firm: CollectionFirm
    years: list[tuple[int | None, list[str]]]
    late: int


@page(may=may_act_for_authority)
def round_form(request: Asked, pk: int) -> HttpResponseBase:
    """One workbook for the whole county: the firms that still lack something."""
    opened = find_round(request, pk)
    bring_up_to_date(opened, None)
    firms = _asked(opened)[: workbooks.COUNTY_MOST]
    file = workbooks.county_workbook(opened, list(firms))
    _tell(request, opened, "county_form", len(firms), "xlsx")
    return FileResponse(file, as_attachment=True, filename=f"{opened.title}-总表.xlsx")


@page(may=may_act_for_authority)
def round_forms(request: Asked, pk: int) -> HttpResponseBase:
    """An archive with one workbook a firm; ``?part=2`` for those after the first."""
    opened = find_round(request, pk)
    bring_up_to_date(opened, None)
    typed = request.GET.get("part", "1")
    part = int(typed) if typed.isdecimal() else 1
    most = workbooks.EACH_MOST
    firms = list(_asked(opened)[max(0, part - 1) * most : max(1, part) * most])
    if not firms:
        raise Http404
    _tell(request, opened, "enterprise_forms", len(firms), "zip")
    file = workbooks.enterprise_workbooks(opened, firms)
    name = f"{opened.title}-企业填报表-{part}.zip"
    return FileResponse(file, as_attachment=True, filename=name)


@page(may=may_act_for_authority)
def firm_form(request: Asked, pk: int, firm: int) -> HttpResponseBase:
    """The workbook of one firm."""
    opened = find_round(request, pk)
    bring_up_to_date(opened)
    rows = opened.firms.select_related("enterprise__current")
    each = get_object_or_404(rows, pk=firm)
    _tell(request, opened, "enterprise_forms", 1, "xlsx")
    file = workbooks.enterprise_workbook(opened, each)
    name = workbooks.workbook_name(each)
    return FileResponse(file, as_attachment=True, filename=name)


@page(may=may_act_for_authority)
def round_list(request: Asked, pk: int, form: str) -> HttpResponseBase:
    """The chase list as a file."""
    if form not in FORMS:
        raise Http404
    opened = find_round(request, pk)
    bring_up_to_date(opened, None)
    firms = chase_list(opened)
    _tell(request, opened, "chase_list", firms.count(), form)
    columns = [
        _("序号"),
        _("企业名称"),
        _("统一社会信用代码"),
        _("区划"),
        _("联系人"),
        _("电话"),
        _("状态"),
        _("缺必填数"),
        _("超期天数"),
        _("催报次数"),
        _("最近催报"),
        _("催报备注"),
        _("缺哪些"),
    ]
    lines = _lines(request, opened)
    return download(form, _("催报清单"), columns, lines, _WIDTHS)


def _lines(request: Asked, opened: CollectionRound) -> Iterator[list[Any]]:
    firms: Iterator[Any] = chase_list(opened).iterator(chunk_size=1000)
    for number, firm in enumerate(firms, start=1):
        row = chase_row(firm, opened, request.actor)
        enterprise = firm.enterprise
        yield [
            number,
            enterprise.name,
            enterprise.uscc or "",
            place_word(enterprise.territory),
            row.person,
            row.phone,
            str(row.state.label),
            firm.lacking_count,
            row.late,
            firm.reminded,
            firm.reminded_on,
            firm.reminded_note or "",
            in_one_line(firm.lacking, enterprise.territory),
        ]


@page(may=may_act_for_authority)
def round_notices(request: Asked, pk: int) -> HttpResponse:
    """Notices to print, one a page: ``?firm=`` one, else all that lack something."""
    opened = find_round(request, pk)
    bring_up_to_date(opened, None)
    firms = _asked(opened)
    typed = request.GET.get("firm", "")
    if typed.isdecimal():
        firms = firms.filter(pk=typed)
    start = request.GET.get("from", "1")
    first = max(1, int(start)) if start.isdecimal() else 1
    total = firms.count()
    some = firms[first - 1 : first - 1 + NOTICES]
    notices = [
        Notice(f, by_year(f.lacking, f.enterprise.territory), days_late(opened))
        for f in some
    ]
    context = {
        "round": opened,
        "notices": notices,
        "total": total,
        "first": first,
        "last": first - 1 + len(notices),
        "following": first + NOTICES if first - 1 + NOTICES < total else None,
        "schemes": [scheme_word(each) for each in opened.schemes],
        "due": month_day(opened.due),
        "on": month_day(opened.on),
        "today": month_day(timezone.localdate()),
    }
    return render(request, "officer/collection_notices.html", context)


def _asked(opened: CollectionRound) -> Any:
    """The firms that still lack something, with their figures."""
    firms = in_state(chase_list(opened), *OPEN)
    return firms.select_related("enterprise__current", "enterprise__contact")


def _tell(
    request: Asked, opened: CollectionRound, what: str, count: int, form: str
) -> None:
    record_export(
        what=f"collection_{what}",
        filters=f"collection={opened.pk}",
        count=count,
        form=form,
        by=request.actor,
    )
