"""An uploaded file of one enterprise: read it, show what it would change, confirm."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.intake.files import Limits
from tidu.intake.problems import Intake, Problem, Row, UnreadableFile
from tidu.intake.reading import read_file
from tidu.registry.fact_values import from_json, to_json
from tidu.registry.file_kinds import safe_title
from tidu.registry.permissions import may_file_for
from tidu.registry.queries import current_facts
from tidu.rules.facts import split_key
from tidu.rules.naming import name_key, show_fact
from tidu.web.context import speaks_english
from tidu.web.enterprise.facts_edit import save_figures
from tidu.web.enterprise.figures import (
    IDENTITY,
    pack_of,
)
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked
from tidu.web.problems import by_sheet

LARGEST = 5 * 1024 * 1024
_LIMITS = Limits(bytes=LARGEST, rows=2000, unpacked=50 * 1024 * 1024, cells=200_000)
_HELD = "facts_upload"


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
