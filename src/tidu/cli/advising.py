"""``tidu plan``: the cheapest path to a tier, step by step, or what blocks it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from tidu.cli.asking import choose, print_json, title
from tidu.cli.assessing import (
    progress_bar,
    report_reading,
    with_schemes,
)
from tidu.cli.tables import hanging
from tidu.intake.assessing import Assessed, Request
from tidu.planning.levers import Levers, load_levers
from tidu.planning.paths import Path as PlannedPath
from tidu.planning.paths import Plan
from tidu.planning.paths import plan as plan_paths
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library
from tidu.rules.naming import name_key, show_fact

_ESTIMATES = N_(
    "工作量和费用是 Tidu 的估计，只用来排序；每条路径都已按改动后的数据重新评估过"
)
_UNSOLVED = N_(
    "{round}年的批次没有算出来，那里也许还有路径：这是程序的缺陷，请报告给维护者"
)


def plan_file(
    path: Path,
    request: Request,
    enterprise: str | None,
    *,
    columns: Path | None,
    form: str,
) -> int:
    """Do the work of ``tidu plan``; the return value is the exit code."""
    library = default_library()
    request = with_schemes(request, library)
    levers = load_levers(library.national)
    with progress_bar() as bar:
        intake, chosen = choose(path, request, library, enterprise, columns, bar)
        plans = [_plan(each, request, levers) for each in chosen]
    if form == "json":
        records = [
            {"uscc": each.row.uscc, **found.to_record(english=request.english)}
            for each, found in zip(chosen, plans, strict=True)
        ]
        print_json(records)
    else:
        console = Console(highlight=False)
        for each, found in zip(chosen, plans, strict=True):
            _print_plan(console, each, found, request)
    return report_reading(intake, english=request.english)


def _plan(each: Assessed, request: Request, levers: Levers) -> Plan:
    return plan_paths(
        each.pack,
        each.row.facts,
        request.schemes[0],
        on=request.on,
        kind=request.kind,
        levers=levers,
    )


def _print_plan(
    console: Console, each: Assessed, found: Plan, request: Request
) -> None:
    english = request.english
    console.print(title(each))
    label = each.pack.schemes[found.to].label.say(english=english)
    head = translate(N_("  目标：{label}"), english).format(label=label)
    console.print(head)
    if not found.paths:
        console.print(
            translate(N_("  三年内没有可行的路径，被下面的条件挡住："), english)
        )
        for blocker in found.blocked_by:
            text = N_("{label}（{clause}）：{reason}")
            if not blocker.clause:
                text = N_("{label}：{reason}")
            line = translate(text, english).format(
                label=blocker.label.say(english=english),
                clause=blocker.clause,
                reason=blocker.reason(english=english),
            )
            console.print(hanging("✕", line, 4))
    for at, path in enumerate(found.paths, start=1):
        _print_path(console, each, at, path, english=english)
    for year in found.unsolved:
        line = translate(_UNSOLVED, english).format(round=year)
        console.print(hanging("!", line, 2))
    if found.paths:
        estimates = Text(translate(_ESTIMATES, english), style="dim")
        console.print(Padding(estimates, (0, 0, 0, 2)))
    console.print()


def _print_path(
    console: Console, each: Assessed, at: int, path: PlannedPath, *, english: bool
) -> None:
    text = translate(N_("  路径{at}：最早{round}年，{count}处改动，{effort}"), english)
    if not path.changes:
        text = translate(N_("  路径{at}：{round}年即可申报，不用改动"), english)
    effort = path.effort_text(english=english)
    console.print(
        text.format(
            at=at, round=path.earliest_round, count=len(path.changes), effort=effort
        )
    )
    for change in path.changes:
        before = show_fact(change.key, change.before, each.pack.words, english=english)
        after = show_fact(change.key, change.after, each.pack.words, english=english)
        label = name_key(change.key, each.pack.words, english=english)
        text = N_("{label}：{before}→{after}（{clause}；约{days}天）")
        if change.won_in is not None:
            text = N_("{label}：{before}→{after}（{clause}；在{round}年的批次取得）")
        line = translate(text, english).format(
            label=label,
            before=before,
            after=after,
            clause=change.clause,
            days=change.lead_days,
            round=change.won_in,
        )
        console.print(hanging("·", line, 4))
        what = change.what.say(english=english)
        console.print(Padding(Text(what, style="dim"), (0, 0, 0, 6)))
    if path.manual:
        text = translate(N_("还需人工认定：{names}"), english)
        names = translate(N_("、"), english).join(
            each_label.say(english=english) for each_label in path.manual_labels
        )
        console.print(hanging("☰", text.format(names=names), 4))
