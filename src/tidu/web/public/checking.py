"""What a self-check says: the ladder, what is missing, the cheapest path, the file."""

from __future__ import annotations

import dataclasses
import datetime
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tidu.eligibility.standings import Standings, standings_of
from tidu.eligibility.what_if import national_levers
from tidu.intake import Intake, Limits, Row, UnreadableFile, read_file, report
from tidu.intake.assessing import Assessed, Request, assess_rows
from tidu.planning.paths import plan
from tidu.planning.questions import Question, next_questions
from tidu.rules.errors import TiduError
from tidu.rules.facts import Facts
from tidu.rules.ladder import RUNGS, next_step
from tidu.rules.library import default_library
from tidu.rules.naming import ask_key
from tidu.rules.rulesets import Kind
from tidu.rules.wording import size_word
from tidu.web.findings import OutcomeMark, mark
from tidu.web.ladders import Ladder, ladder_of
from tidu.web.paths import PlanShown, plan_shown
from tidu.web.problems import SheetProblems, by_sheet

SHOWN_QUESTIONS = 8
SHOWN_ROWS = 200
SHOWN_PROBLEMS = 50
MOST_FIRMS = 500  # a report of so many takes seconds; more belongs into the registry
MEGABYTE = 1024 * 1024
LIMITS = Limits(bytes=5 * MEGABYTE, rows=5_000, unpacked=60 * MEGABYTE, cells=2_000_000)


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionShown:
    """A missing figure, and the criteria it can move."""

    label: str
    decides: str


@dataclasses.dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything said about one enterprise."""

    name: str
    on: datetime.date
    kind: Kind
    ladder: Ladder
    size: str
    questions: list[QuestionShown]
    more_questions: int
    plan: PlanShown | None
    figures: int


@dataclasses.dataclass(frozen=True, slots=True)
class RowShown:
    """One enterprise of a file in a line."""

    row: int
    name: str
    uscc: str
    size: str
    outcomes: list[tuple[str, OutcomeMark]]
    following: str
    step: str


@dataclasses.dataclass(frozen=True, slots=True)
class FileResult:
    """Everything said about a file: lines, what could not be read, how it was read."""

    file: str
    count: int
    unread: int
    columns: list[str]
    rows: list[RowShown]
    left_out: int
    problems: list[SheetProblems]
    more_problems: int
    readings: list[str]
    one: CheckResult | None


class TooManyFirmsError(TiduError):
    """The file has more enterprises than a self-check takes."""


def check_facts(found: Standings, *, english: bool, name: str = "") -> CheckResult:
    """The result for one enterprise."""
    ladder = ladder_of(found, english=english)
    questions = next_questions(found.pack, found.schemes)
    shown = None
    if ladder.following:
        planned = plan(
            found.pack,
            found.facts,
            ladder.following.id,
            on=found.on,
            kind=found.kind,
            levers=national_levers(),
        )
        shown = plan_shown(planned, found.pack, english=english)
    size = found.schemes["sme_size"].value_name
    return CheckResult(
        name,
        found.on,
        found.kind,
        ladder,
        size_word(size, english=english) if size else "",
        [_question(q, found, english=english) for q in questions[:SHOWN_QUESTIONS]],
        max(0, len(questions) - SHOWN_QUESTIONS),
        shown,
        len(found.facts.flat()),
    )


def _question(question: Question, found: Standings, *, english: bool) -> QuestionShown:
    names: dict[str, list[str]] = {}
    for each in question.decides:
        scheme, criterion = each.split("/")
        label = found.pack.schemes[scheme].label.say(english=english)
        about = found.schemes[scheme].finding(criterion).about
        names.setdefault(label, []).append(about.label.say(english=english))
    said = [
        _("{scheme}：{criteria}").format(scheme=label, criteria=_("、").join(criteria))
        for label, criteria in list(names.items())[:2]
    ]
    decides = _("；").join(said)
    if len(names) > len(said):
        decides = _("{names}等{count}条").format(
            names=decides, count=len(question.decides)
        )
    return QuestionShown(
        ask_key(question.key, found.pack.words, english=english), decides
    )


def report_of(facts: Facts, request: Request, out: BinaryIO) -> None:
    """Write the XLSX report of one enterprise that filled in the form."""
    row = Row("", 1, None, _("自测企业"), facts, [])
    request = _all_schemes(request)
    assessed = list(assess_rows([row], request, default_library()))
    report.write(out, assessed, Intake(_("在线填写"), [row], [], []), request)


def read_upload(upload: UploadedFile[Any], request: Request) -> Intake:
    """Read an uploaded file; nothing of it is left behind.

    Raises UnreadableFile, and TooManyFirmsError.
    """
    given = Path(upload.name or "file")
    name = given.stem[:60] + given.suffix[:8]  # file systems count bytes, not signs
    with tempfile.TemporaryDirectory(prefix="tidu-check-") as folder:
        path = Path(folder) / name
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        try:
            intake = read_file(
                path,
                default_library().facts,
                on=request.on,
                english=request.english,
                limits=LIMITS,
            )
        except UnreadableFile as error:
            raise _without_folder(error, name, english=request.english) from error
    if len(intake.rows) > MOST_FIRMS:
        text = _(
            "表里有 {count} 家企业，自测一次最多 {most} 家；"
            "请分成几个文件，或请主管部门在企业库里导入"
        )
        raise TooManyFirmsError(text.format(count=len(intake.rows), most=MOST_FIRMS))
    return intake


def _without_folder(
    error: UnreadableFile, name: str, *, english: bool
) -> UnreadableFile:
    """The error as the reader knows the file: by its name, without our folder."""
    found = UnreadableFile(error.msgid, **{**error.values, "path": name})
    said = found.sentence(english=english)
    if "--columns" in said:  # a remedy of the command line
        said = _("{path} 里没有认得的列名；第一行请写指标名称，如 2025年营业收入")
        said = said.format(path=name)
    found.args = (said,)
    return found


def check_file(intake: Intake, request: Request) -> FileResult:
    """The result for a file."""
    english = request.english
    readable = [row for row in intake.rows if row.readable]
    request = _all_schemes(request)
    assessed = list(assess_rows(readable, request, default_library()))
    schemes = [each for schemes in RUNGS for each in schemes]
    labels = default_library().national.schemes
    problems = intake.errors + intake.warnings
    return FileResult(
        intake.file,
        len(assessed),
        len(intake.rows) - len(readable),
        [labels[each].label.say(english=english) for each in schemes],
        [_row(each, schemes, english=english) for each in assessed[:SHOWN_ROWS]],
        max(0, len(assessed) - SHOWN_ROWS),
        by_sheet(problems[:SHOWN_PROBLEMS], english=english),
        max(0, len(problems) - SHOWN_PROBLEMS),
        intake.readings,
        _only(assessed, request) if len(intake.rows) == 1 else None,
    )


def write_report(intake: Intake, request: Request, out: BinaryIO) -> None:
    """Write the XLSX report of a file."""
    request = _all_schemes(request)
    readable = [row for row in intake.rows if row.readable]
    assessed = list(assess_rows(readable, request, default_library()))
    report.write(out, assessed, intake, request)


def _all_schemes(request: Request) -> Request:
    known = default_library().for_territory(request.province).schemes
    return dataclasses.replace(request, schemes=tuple(known))


def _only(assessed: list[Assessed], request: Request) -> CheckResult | None:
    """The whole result where the file has a single enterprise."""
    if len(assessed) != 1:
        return None
    row = assessed[0].row
    territory = request.province or str(row.facts.get("territory") or "")
    found = standings_of(
        row.facts, on=request.on, kind=request.kind, territory=territory
    )
    return check_facts(found, english=request.english, name=row.name or "")


def _row(each: Assessed, schemes: list[str], *, english: bool) -> RowShown:
    following = each.next_rung
    label = step = ""
    if following:
        label = each.pack.schemes[following].label.say(english=english)
        step = next_step(each.standings[following], english=english)
    names = [each.pack.schemes[s].label.say(english=english) for s in schemes]
    marks = [mark(each.standings[s].outcome, english=english) for s in schemes]
    return RowShown(
        each.row.row,
        each.row.name or "",
        each.row.uscc or "",
        size_word(each.size, english=english) if each.size else "",
        list(zip(names, marks, strict=True)),
        label,
        step,
    )
