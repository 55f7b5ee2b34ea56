"""A list of firms taken out as a file: recorded first, then sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tidu.registry.actions import record_export
from tidu.registry.models import Enterprise
from tidu.web.downloads import FORMS, Rows, download
from tidu.web.pages import Asked
from tidu.web.wording import place_word


def firm_heads() -> list[str]:
    """The columns that say which firm a row is about."""
    return [_("企业名称"), _("统一社会信用代码"), _("区划代码"), _("区划")]


def firm_cells(firm: Enterprise) -> list[Any]:
    """The cells below those columns."""
    return [firm.name, firm.uscc or "", firm.territory, place_word(firm.territory)]


@dataclasses.dataclass(frozen=True, slots=True)
class TakenOut:
    """A list to be taken out: the file's name, its table, and how many rows it has."""

    name: str
    columns: Sequence[str]
    rows: Rows
    count: int
    widths: Sequence[int] = ()


def exported(
    request: Asked, form: str, taken: TakenOut, *, what: str, filters: str = ""
) -> HttpResponseBase:
    """The list as a file of ``form``; who took it, and how many rows, is recorded.

    404 for a form that there is none of.
    """
    if form not in FORMS:
        raise Http404
    record_export(
        what=what, filters=filters, count=taken.count, form=form, by=request.actor
    )
    return download(form, taken.name, taken.columns, taken.rows, taken.widths)
