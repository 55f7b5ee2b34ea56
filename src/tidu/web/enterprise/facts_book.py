"""All figures of one enterprise as an Excel file, to fill in and upload again."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.what_if import form_factor
from tidu.registry.ledger import figures_of
from tidu.registry.queries import current_facts
from tidu.rules.facts import Fact, FactType, FactValue, split_key
from tidu.rules.naming import name_key, show_fact
from tidu.web.context import speaks_english
from tidu.web.downloads import XLSX, attachment, write_sheet
from tidu.web.enterprise.figures import (
    YEARS_BACK,
    group_label,
    groups_of,
    in_group,
    keys_of,
    pack_of,
    shown,
    unit_label,
)
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked

_BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def download(request: Asked, firm: Firm) -> HttpResponse:  # noqa: ARG001 - a view
    """A form to fill in and upload again, and where each figure is from."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _BOOK)
    _write_form(book, firm)
    _write_sources(book, firm)
    book.close()
    name = f"{firm.enterprise.name}_{timezone.localdate()}.xlsx"
    return attachment(target.getvalue(), name, XLSX)


def _write_form(book: Any, firm: Firm) -> None:
    enterprise = firm.enterprise
    pack, facts = pack_of(enterprise), current_facts(enterprise)
    on = timezone.localdate()
    years = list(range(on.year - YEARS_BACK, on.year + 1))
    sheet = book.add_worksheet("填报表")
    bold = book.add_format({"bold": True, "bottom": 1})
    group_format = book.add_format({"bold": True, "font_color": "#0F6E6E"})
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1 + len(years), 16)
    sheet.freeze_panes(1, 1)
    for at, head in enumerate(["项目", "单位", *(f"{year}年" for year in years)]):
        sheet.write_string(0, at, head, bold)
    line = 1
    for head, text in (
        ("企业名称", enterprise.name),
        ("统一社会信用代码", enterprise.uscc),
    ):
        sheet.write_string(line, 0, head)
        sheet.write_string(line, 2, text or "")
        line += 1
    for group in groups_of(pack):
        sheet.write_string(line, 0, str(group_label(group)), group_format)
        line += 1
        for fact in in_group(pack, group):
            sheet.write_string(line, 0, fact.label)
            sheet.write_string(line, 1, unit_label(fact))
            for key in keys_of(fact, on):
                year = split_key(key)[1]
                at = 2 + (years.index(year) if year else 0)
                _write_value(sheet, line, at, fact, facts.get(key), pack)
            line += 1


def _write_value(
    sheet: Any, line: int, at: int, fact: Fact, value: FactValue | None, pack: Any
) -> None:
    if value is None:
        return
    if fact.type in {FactType.MONEY, FactType.RATIO}:
        assert isinstance(value, Decimal)
        sheet.write_number(line, at, value / form_factor(fact))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        sheet.write_number(line, at, value)
    else:
        text = show_fact(fact.id, value, pack.words, english=False)
        sheet.write_string(line, at, text)


def _write_sources(book: Any, firm: Firm) -> None:
    pack, english = pack_of(firm.enterprise), speaks_english()
    evidence = {each.pk: each for each in firm.enterprise.evidence.all()}
    heads = [
        _("数据"),
        _("值"),
        _("来源"),
        _("填报人"),
        _("时间"),
        _("出处"),
        _("佐证材料"),
        _("是否现行"),
        _("为什么"),
    ]
    rows = []
    for key, figure in figures_of(firm.enterprise).items():
        fact = pack.facts.get(split_key(key)[0])
        if fact is None:
            continue
        for filed in figure.filed:
            each = shown(filed, fact, evidence, pack, english=english)
            chosen = filed is figure.in_force.chosen
            rows.append(
                [
                    name_key(key, pack.words, english=english),
                    each.value,
                    each.source,
                    each.filed_by,
                    timezone.localtime(each.filed_at),
                    each.place,
                    each.evidence.title if each.evidence else "",
                    _("是") if chosen else "",
                    figure.in_force.reason if chosen else "",
                ]
            )
    write_sheet(book, book.add_worksheet("来历说明"), heads, rows)
