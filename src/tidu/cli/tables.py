"""Standings in the terminal: a matrix for many enterprises, every finding for a few."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tidu.rules.assess import Standing
from tidu.rules.findings import Finding
from tidu.rules.ladder import is_detail, next_step
from tidu.rules.language import N_, translate
from tidu.rules.outcomes import MET, Outcome
from tidu.rules.scope import Interval
from tidu.rules.units import plain
from tidu.rules.wording import (
    SIGNS,
    STYLES,
    grade_word,
    kind_word,
    outcome_word,
    short_name,
    size_word,
)

if TYPE_CHECKING:
    from tidu.intake.assessing import Assessed, Request

_DETAILS_UP_TO = 3


def print_standings(
    assessed: list[Assessed],
    request: Request,
    *,
    details: bool | None,
    out: Path | None,
) -> None:
    """Print the table of ``tidu assess``, or write the same text to a file."""
    if out is None:
        _print(Console(highlight=False), assessed, request, details=details)
        return
    with out.open("w", encoding="utf-8") as file:
        console = Console(file=file, highlight=False, width=80)
        _print(console, assessed, request, details=details)


def _print(
    console: Console,
    assessed: list[Assessed],
    request: Request,
    *,
    details: bool | None,
) -> None:
    english = request.english
    head = translate(N_("按{on}计算，{kind}，共{count}家企业"), english)
    kind = kind_word(request.kind, english=english)
    console.print(head.format(on=request.on, kind=kind, count=len(assessed)))
    if details is None:
        details = len(assessed) <= _DETAILS_UP_TO
    if details:
        for each in assessed:
            _print_enterprise(console, each, request)
    elif assessed:
        console.print(_matrix(assessed, request))
        console.print(_legend(english=english))
        steps = _next_steps(assessed, request)
        if steps.row_count:
            console.print(steps)
    console.print(_basis(assessed, request), style="dim")


def _matrix(assessed: list[Assessed], request: Request) -> Table:
    english = request.english
    schemes = [each for each in request.schemes if each != "sme_size"]
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(translate(N_("企业"), english), no_wrap=True, max_width=28)
    table.add_column(translate(N_("规模"), english), no_wrap=True)
    for scheme in schemes:
        name = short_name(scheme, english=english)
        table.add_column(name, justify="center", no_wrap=True)
    for each in assessed:
        cells = [_sign(each.standings[scheme]) for scheme in schemes]
        size = size_word(each.size, english=english)
        table.add_row(short_title(each), size, *cells)
    return table


def _sign(standing: Standing) -> Text:
    sign = SIGNS[standing.outcome]
    if standing.outcome is MET and standing.value_name is not None:
        sign = standing.value_name
    return Text(sign, style=STYLES[standing.outcome])


def _legend(*, english: bool) -> Text:
    line = Text()
    for outcome in Outcome:
        line.append(SIGNS[outcome], style=STYLES[outcome])
        line.append(f" {outcome_word(outcome, english=english)}   ")
    line.append(translate(N_("数字：等级"), english), style="dim")
    return line


def _next_steps(assessed: list[Assessed], request: Request) -> Table:
    english = request.english
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(translate(N_("企业"), english), no_wrap=True, max_width=28)
    table.add_column(translate(N_("下一级"), english), no_wrap=True)
    table.add_column(translate(N_("还差什么"), english), overflow="fold")
    for each in assessed:
        scheme = each.next_rung
        if scheme is None:
            continue
        name = short_title(each)
        step = short_name(scheme, english=english)
        table.add_row(name, step, next_step(each.standings[scheme], english=english))
    return table


def short_title(each: Assessed) -> str:
    """The enterprise's name without its legal form, else its code or row."""
    name = each.row.name or each.row.uscc or f"#{each.row.row}"
    for form in ("股份有限公司", "有限责任公司", "有限公司"):
        name = name.replace(form, "")
    return name


def _print_enterprise(console: Console, each: Assessed, request: Request) -> None:
    english = request.english
    console.print()
    title = Text(each.row.name or "", style="bold")
    title.append(f"  {each.row.uscc or ''}  ")
    title.append(size_word(each.size, english=english))
    console.print(title)
    for scheme, standing in each.standings.items():
        _print_scheme(console, each, scheme, standing, request)


def _print_scheme(
    console: Console, each: Assessed, scheme: str, standing: Standing, request: Request
) -> None:
    english = request.english
    label = each.pack.schemes[scheme].label.say(english=english)
    head = Text()
    head.append(SIGNS[standing.outcome] + " ", style=STYLES[standing.outcome])
    head.append(label, style="bold")
    head.append(f"  {outcome_word(standing.outcome, english=english)}")
    if standing.value_name is not None:
        value = standing.value_name
        shown = size_word(value, english=english) if scheme == "sme_size" else value
        head.append(f"  {shown}")
    head.append(score_text(standing, english=english))
    if standing.rule_set:
        head.append(f"  {standing.rule_set.number}", style="dim")
    console.print()
    console.print(head)
    for finding in standing.findings:
        console.print(_finding_line(finding, english=english))
    for note in standing.notes:
        _note(console, note.say(english=english))
    found = each.pack.round_for(
        standing.rule_set.name if standing.rule_set else "", request.on.year
    )
    if found:
        text = translate(N_("{label}：{opens} 至 {closes}"), english)
        _note(
            console,
            text.format(
                label=found.label.say(english=english),
                opens=found.opens,
                closes=found.closes,
            ),
        )


def score_text(standing: Standing, *, english: bool) -> str:
    """The score or its range, with two spaces before it; empty without score card."""
    match standing.score:
        case None:
            return ""
        case Interval(low, high):
            text = translate(N_("  得分 {low}～{high}"), english)
            return text.format(low=plain(low), high=plain(high))
        case score:
            return translate(N_("  得分 {score}"), english).format(score=plain(score))


def _finding_line(finding: Finding, *, english: bool) -> Padding:
    line = Text(finding.about.label.say(english=english))
    line.append(translate(N_("："), english))
    line.append(finding.sentence(english=english))
    line.append(f" {finding.about.clause}", style="dim")
    sign = Text(SIGNS[finding.outcome], style=STYLES[finding.outcome])
    return hanging(sign, line, 4 if is_detail(finding) else 2)


def hanging(sign: Text | str, text: Text | str, indent: int) -> Padding:
    """A text with its sign in a column of its own, so that long lines hang."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=2, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(sign, text)
    return Padding(grid, (0, 0, 0, indent))


def _note(console: Console, text: str) -> None:
    console.print(Padding(Text(text, style="dim"), (0, 0, 0, 2)))


def _basis(assessed: list[Assessed], request: Request) -> Text:
    """Which standards were used and how far they were checked."""
    english = request.english
    seen: dict[str, str] = {}
    for each in assessed:
        for standing in each.standings.values():
            if standing.rule_set:
                word = grade_word(standing.rule_set.grade, english=english)
                seen[standing.rule_set.number] = word
    by_word: dict[str, list[str]] = {}
    for number, word in seen.items():
        by_word.setdefault(word, []).append(number)
    parts = [
        translate(N_("{word}：{numbers}"), english).format(
            word=word, numbers=translate(N_("、"), english).join(numbers)
        )
        for word, numbers in by_word.items()
    ]
    return Text(translate(N_("；"), english).join(parts))
