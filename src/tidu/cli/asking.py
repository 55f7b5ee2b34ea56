"""``tidu ask``: which missing figure to find out first."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tidu.cli.assessing import (
    UsageError,
    assess_rows,
    progress_bar,
    read_rows,
    report_reading,
    with_schemes,
)
from tidu.intake import Intake
from tidu.intake.assessing import Assessed, Request
from tidu.planning.questions import Question, next_questions
from tidu.rules.facts import split_key
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library
from tidu.rules.naming import name_key

_SHOWN_QUESTIONS = 10


def ask_file(
    path: Path,
    request: Request,
    enterprise: str | None,
    *,
    columns: Path | None,
    form: str,
) -> int:
    """Do the work of ``tidu ask``; the return value is the exit code."""
    library = default_library()
    request = with_schemes(request, library)
    with progress_bar() as bar:
        intake, chosen = choose(path, request, library, enterprise, columns, bar)
    asked = [(each, next_questions(each.pack, each.standings)) for each in chosen]
    if form == "json":
        records = [
            {
                "uscc": each.row.uscc,
                "name": each.row.name,
                "questions": [_question_record(q, each, request) for q in questions],
            }
            for each, questions in asked
        ]
        print_json(records)
    else:
        console = Console(highlight=False)
        for each, questions in asked:
            _print_questions(console, each, questions, request)
    return report_reading(intake, english=request.english)


def choose(
    path: Path,
    request: Request,
    library: Library,
    enterprise: str | None,
    columns: Path | None,
    bar: Any,
) -> tuple[Intake, list[Assessed]]:
    """Read the file and assess the enterprise asked for, or all of them."""
    intake = read_rows(path, request, library, columns, bar)
    wanted = [
        row for row in intake.rows if enterprise in {None, row.uscc} and row.readable
    ]
    if enterprise is not None and not wanted:
        raise UsageError(f"文件里没有可读的企业 {enterprise}；请核对统一社会信用代码")
    return intake, list(assess_rows(wanted, request, library, bar))


def print_json(records: list[dict[str, Any]]) -> None:
    sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=1) + "\n")


def _question_record(
    question: Question, each: Assessed, request: Request
) -> dict[str, Any]:
    fact = each.pack.facts[split_key(question.key)[0]]
    return {
        "fact": question.key,
        "label": name_key(question.key, each.pack.words, english=request.english),
        "decides": list(question.decides),
        "alone": list(question.alone),
        "unit": fact.form_unit,
    }


def _print_questions(
    console: Console, each: Assessed, questions: list[Question], request: Request
) -> None:
    english = request.english
    console.print(title(each))
    if not questions:
        text = translate(N_("现有数据已能得出全部结论，不用再补。"), english)
        console.print(Padding(text, (0, 0, 1, 2)))
        return
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", justify="right")
    table.add_column(
        translate(N_("先补这个数"), english), max_width=36, overflow="fold"
    )
    table.add_column(translate(N_("能影响的条件"), english), overflow="fold")
    for at, question in enumerate(questions[:_SHOWN_QUESTIONS], start=1):
        label = name_key(question.key, each.pack.words, english=english)
        unit = each.pack.facts[split_key(question.key)[0]].form_unit
        text = translate(N_("{label}（{unit}）"), english) if unit else "{label}"
        decides = _decides(question, each, english=english)
        table.add_row(str(at), text.format(label=label, unit=unit), decides)
    console.print(table)
    rest = len(questions) - _SHOWN_QUESTIONS
    if rest > 0:
        text = translate(
            N_("另有{count}个数影响较小，可用 --format json 查看"), english
        )
        console.print(Padding(Text(text.format(count=rest), style="dim"), (0, 0, 0, 2)))
    console.print()


def _decides(question: Question, each: Assessed, *, english: bool) -> str:
    names = []
    for name in question.decides[:2]:
        scheme, criterion = name.split("/")
        label = each.pack.schemes[scheme].label.say(english=english)
        about = each.standings[scheme].finding(criterion).about
        names.append(f"{label}·{about.label.say(english=english)}")
    shown = translate(N_("；"), english).join(names)
    if len(question.decides) > len(names):
        text = translate(N_("{names}等{count}条"), english)
        return text.format(names=shown, count=len(question.decides))
    return shown


def title(each: Assessed) -> Text:
    title = Text(each.row.name or f"#{each.row.row}", style="bold")
    title.append(f"  {each.row.uscc or ''}")
    return title
