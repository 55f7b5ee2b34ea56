"""All figures of one enterprise as an Excel file, and back: check, then confirm."""

from __future__ import annotations

import dataclasses
import io
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.eligibility.what_if import form_factor
from tidu.intake.files import Limits
from tidu.intake.problems import Intake, Problem, Row, UnreadableFile
from tidu.intake.reading import read_file
from tidu.registry.fact_values import from_json, to_json
from tidu.registry.file_kinds import safe_title
from tidu.registry.ledger import figures_of
from tidu.registry.permissions import may_file_for
from tidu.registry.queries import current_facts
from tidu.rules.facts import Fact, FactType, FactValue, split_key
from tidu.rules.naming import name_key, show_fact
from tidu.web.context import speaks_english
from tidu.web.downloads import XLSX, attachment, write_sheet
from tidu.web.enterprise.facts_edit import save_figures
from tidu.web.enterprise.figures import (
    IDENTITY,
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
from tidu.web.problems import by_sheet

LARGEST = 5 * 1024 * 1024
_LIMITS = Limits(bytes=LARGEST, rows=2000, unpacked=50 * 1024 * 1024, cells=200_000)
_HELD = "facts_upload"
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


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One figure of the file beside the one in force."""

    label: str
    before: str
    after: str
    place: str
    corrects: bool


@dataclasses.dataclass(slots=True)
class Trial:
    """What reading the file gave, before anything is saved.

    ``errors`` say why it is not this enterprise's file; ``unread`` what in it cannot be
    read, ``noted`` what was read with a doubt.
    """

    file: str
    errors: list[str]
    unread: list[Problem]
    noted: list[Problem]
    readings: list[str]
    differences: list[Difference]
    entries: dict[str, dict[str, Any]]
    same: int

    @property
    def ready(self) -> bool:
        return not self.wrong and bool(self.entries)

    @property
    def wrong(self) -> int:
        """How many errors keep the file out."""
        return len(self.errors) + len(self.unread)

    @property
    def corrects(self) -> bool:
        return any(each.corrects for each in self.differences)


def upload(request: Asked, firm: Firm) -> HttpResponse:
    """Read a file and show what it would change; a second step confirms it."""
    may_file_for(request.actor, firm.enterprise).or_refuse()
    if request.method != "POST":
        request.session.pop(_HELD, None)
        return _show(request, firm, {})
    if "confirm" in request.POST:
        return _confirmed(request, firm)
    given = request.FILES.get("file")
    if given is None:
        return _show(request, firm, {"problem": _("请先选一个文件")}, status=422)
    try:
        trial = _try(firm, given)
    except UnreadableFile as error:
        return _show(request, firm, {"problem": str(error)}, status=422)
    if trial.ready:
        request.session[_HELD] = {
            "enterprise": firm.enterprise.pk,
            "file": trial.file,
            "entries": trial.entries,
            "corrects": trial.corrects,
        }
    return _show(request, firm, {"trial": trial}, status=200 if trial.ready else 422)


def _confirmed(request: Asked, firm: Firm) -> HttpResponse:
    held = request.session.get(_HELD)
    if not held or held["enterprise"] != firm.enterprise.pk:
        text = _("没有待确认的文件，可能已经保存过；请重新上传")
        return _show(request, firm, {"problem": text}, status=422)
    reason = request.POST.get("reason", "").strip()[:300]
    if held["corrects"] and not reason:
        trial = _again(firm, held)
        problem = _("文件改了已有的数，请写明原因")
        return _show(request, firm, {"trial": trial, "problem": problem}, status=422)
    del request.session[_HELD]
    save_figures(request, firm, held["entries"], reason or held["file"])
    return redirect(firm.url("facts"))


def _show(
    request: Asked, firm: Firm, more: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {
        "firm": firm,
        "tab": "facts",
        "most": LARGEST // 1024 // 1024,
        "reason": request.POST.get("reason", ""),
        **more,
    }
    if trial := more.get("trial"):
        english = speaks_english()
        context["unread"] = by_sheet(trial.unread, english=english)
        context["noted"] = by_sheet(trial.noted, english=english)
    return render(request, "enterprise/facts_upload.html", context, status=status)


def _try(firm: Firm, given: Any) -> Trial:
    """Read the file with the same reader as every table; UnreadableFile as it does."""
    name = safe_title(given.name or "", "upload.xlsx")
    with tempfile.TemporaryDirectory(prefix="tidu-") as folder:
        path = Path(folder) / name
        if given.size > LARGEST:
            text = _("文件超过 {most} MB；请只留本企业的填报表")
            raise UnreadableFile(text, most=LARGEST // 1024 // 1024)
        with path.open("wb") as target:
            for chunk in given.chunks():
                target.write(chunk)
        english = speaks_english()
        pack = pack_of(firm.enterprise)
        try:
            intake = read_file(
                path,
                pack.facts,
                on=timezone.localdate(),
                english=english,
                limits=_LIMITS,
            )
        except UnreadableFile as error:  # its path is ours; the reader knows the name
            error.values = {**error.values, "path": name}
            error.args = (error.sentence(english=english),)
            raise
    return _compare(firm, intake)


def _compare(firm: Firm, intake: Intake) -> Trial:
    rows = [row for row in intake.rows if not row.repeats]
    errors = _whose(firm, rows)
    entries: dict[str, dict[str, Any]] = {}
    same = 0
    if len(rows) == 1 and not errors and not intake.errors:
        facts = rows[0].facts
        current = current_facts(firm.enterprise)
        for key, value in facts.items():
            if split_key(key)[0] in IDENTITY:
                continue
            if current.get(key) == value:
                same += 1
                continue
            entries[key] = {"value": to_json(value)}
            if place := facts.sources.get(key):
                entries[key]["place"] = place
    return Trial(
        file=intake.file,
        errors=errors,
        unread=intake.errors,
        noted=intake.warnings,
        readings=intake.readings,
        differences=_differences(firm, entries),
        entries=entries,
        same=same,
    )


def _whose(firm: Firm, rows: list[Row]) -> list[str]:
    """Why the rows are not this one enterprise's, if they are not."""
    if len(rows) != 1:
        text = _("文件里有 {count} 家企业；这里只收一家，请只留本企业的一行或一张表")
        return [text.format(count=len(rows))]
    code = rows[0].uscc
    if code and firm.enterprise.uscc and code != firm.enterprise.uscc:
        text = _("文件里的信用代码是 {code}，不是本企业的 {own}；请检查是否选对了文件")
        return [text.format(code=code, own=firm.enterprise.uscc)]
    return []


def _again(firm: Firm, held: Mapping[str, Any]) -> Trial:
    entries = held["entries"]
    return Trial(held["file"], [], [], [], [], _differences(firm, entries), entries, 0)


def _differences(firm: Firm, entries: Mapping[str, Any]) -> list[Difference]:
    english = speaks_english()
    pack, current = pack_of(firm.enterprise), current_facts(firm.enterprise)
    found = []
    for key, entry in entries.items():
        fact = pack.facts[split_key(key)[0]]
        before, after = current.get(key), from_json(entry["value"], fact.type)
        found.append(
            Difference(
                label=name_key(key, pack.words, english=english),
                before=show_fact(key, before, pack.words, english=english),
                after=show_fact(key, after, pack.words, english=english),
                place=entry.get("place", ""),
                corrects=before is not None,
            )
        )
    return found
