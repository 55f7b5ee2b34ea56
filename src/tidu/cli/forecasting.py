"""Who keeps a title when the standard changes: ``tidu forecast``."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tidu.bulk import duck
from tidu.bulk.forecast import Due, Forecast, forecast
from tidu.bulk.path_class import MONEY, PAPER, Move, PathClass
from tidu.bulk.screen import open_snapshot
from tidu.bulk.transition import Outlook
from tidu.cli import forecast_workbook
from tidu.cli.assessing import UsageError, progress_bar
from tidu.planning.levers import Levers, load_levers
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library
from tidu.rules.outcomes import UNMET, Outcome
from tidu.rules.wording import SIGNS, STYLES, outcome_word, path_word, short_name

FORMS = (".xlsx", ".parquet")
MOST_CRITERIA = 12  # shown; all of them are in the workbook
MOST_QUARTERS = 16  # titles last three years
CHEAP = Decimal(100_000)  # 元; a certificate that costs more is no mere paperwork
PAPERS = {"choice", "title"}  # ways of levers that end in a certificate or an entry


@dataclasses.dataclass(frozen=True)
class Run:
    """How much of the machine a forecast may take."""

    memory: str = duck.MEMORY
    threads: int | None = None


def moves_of(levers: Levers) -> dict[str, Move]:
    """What the levers can move, and in which class.

    A title or certificate to be had for less than CHEAP is paper, all else money.
    """
    found = {}
    for fact_id, lever in levers.by_fact.items():
        dearest = max(lever.fixed.money[1], lever.per_step.money[1])
        path = PAPER if lever.way in PAPERS and dearest < CHEAP else MONEY
        found[fact_id] = Move(path, lever.way == "down", lever.options)
    return found


def run_forecast(
    table: Path, out: Path | None, outlook: Outlook, run: Run, *, english: bool
) -> int:
    """Do the work of ``tidu forecast``; the return value is the exit code."""
    _check_target(table, out)
    library = default_library()

    def warn(sentence: str) -> None:
        sys.stderr.write(sentence + "\n")

    snapshot = open_snapshot(table, library, warn=warn, english=english)
    folder = out.parent if out else Path(tempfile.gettempdir())
    with progress_bar() as bar:
        task = bar.add_task(translate(N_("预测"), english), total=1.0)

        def advance(share: float) -> None:
            if not bar.live.is_started:
                bar.start()
            bar.update(task, completed=share)

        with forecast(
            snapshot,
            library,
            outlook,
            moves_of(load_levers(library.national)),
            folder,
            memory=run.memory,
            threads=run.threads,
            progress=advance,
        ) as found:
            bar.stop()
            _print_result(Console(highlight=False), found, english=english)
            for sentence in _notes(found, library, english=english):
                warn(sentence)
            if out:
                left_out = _write(found, library, out, english=english)
                if left_out:
                    warn(translate(CAPPED, english).format(rows=left_out))
                warn(translate(N_("结果：{path}"), english).format(path=out))
    return 0


def _check_target(table: Path, out: Path | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in FORMS:
        raise UsageError(
            N_("不能写成 {name}；-o 的文件名请以 {forms} 结尾"),
            name=out.name,
            forms=FORMS,
        )
    if not out.parent.is_dir():
        raise UsageError(N_("没有文件夹 {folder}；请先建好"), folder=out.parent)
    if out.resolve() == table.resolve():
        raise UsageError(N_("-o {out} 就是快照本身；请换一个文件名"), out=out)


def _write(found: Forecast, library: Library, out: Path, *, english: bool) -> int:
    """Write the file; the return value is the number of rows that did not fit."""
    if out.suffix.lower() == ".xlsx":
        most = forecast_workbook.MOST_ROWS
        return forecast_workbook.write(out, found, library, english=english, most=most)
    found.write_parquet(out)
    return 0


def _notes(found: Forecast, library: Library, *, english: bool) -> Iterable[str]:
    """What the reader has to know beside the figures."""
    schemes = library.national.schemes
    join = translate(N_("、"), english).join
    skipped = [schemes[each].label.say(english=english) for each in found.skipped]
    if skipped:
        yield translate(SKIPPED, english).format(names=join(skipped))
    undated = [
        schemes[each.title.scheme].label.say(english=english)
        for each in found.standings
        if not each.title.until
    ]
    if undated and found.outlook.expiring is None:
        yield translate(UNDATED, english).format(names=join(undated))
    left_out = [
        f"{schemes[scheme].label.say(english=english)} {holders:,}"
        for scheme, holders in found.left_out.items()
        if holders
    ]
    if left_out:
        yield translate(LEFT_OUT, english).format(names=join(left_out))


# -- the terminal --------------------------------------------------------------------


def _print_result(console: Console, found: Forecast, *, english: bool) -> None:
    outlook = found.outlook
    head = HEAD if outlook.expiring is None else HEAD_EXPIRING
    console.print(
        translate(head, english).format(
            start=outlook.start,
            end=outlook.end,
            year=outlook.expiring,
            rows=f"{found.rows:,}",
        )
    )
    if not found.rows:
        return
    console.print(_standings(found, english=english))
    legend = [f"{SIGNS[o]} {outcome_word(o, english=english)}" for o in Outcome]
    console.print("  ".join(legend), style="dim")
    if found.failing:
        console.print(translate(TOP_FAILING, english))
        console.print(_failing(found, english=english))
        console.print(translate(OURS, english), style="dim")
    console.print(translate(CLIFF, english))
    console.print(_cliff(found, english=english))
    console.print(translate(RANGE, english), style="dim")


def _table() -> Table:
    return Table(box=None, padding=(0, 1, 0, 0), header_style="bold")


def _outcome_columns(table: Table) -> None:
    for outcome in Outcome:
        style = STYLES[outcome]
        table.add_column(SIGNS[outcome], justify="right", style=style, no_wrap=True)


def _standings(found: Forecast, *, english: bool) -> Table:
    table = _table()
    table.add_column(translate(N_("称号"), english), no_wrap=True)
    table.add_column(translate(N_("持有"), english), justify="right", no_wrap=True)
    before = translate(N_("原{sign}"), english).format(sign=SIGNS[UNMET])
    table.add_column(before, justify="right", style="dim", no_wrap=True)
    _outcome_columns(table)
    for each in found.standings:
        table.add_row(
            short_name(each.title.scheme, english=english),
            f"{each.holders:,}",
            f"{each.before.get(UNMET, 0):,}",
            *(f"{each.after.get(outcome, 0):,}" for outcome in Outcome),
        )
    return table


def _failing(found: Forecast, *, english: bool) -> Table:
    table = _table()
    table.add_column(translate(N_("称号"), english), no_wrap=True)
    label = translate(N_("条件"), english)
    table.add_column(label, no_wrap=True, overflow="ellipsis", max_width=26)
    for head in (N_("家数"), N_("原符合")):
        table.add_column(translate(head, english), justify="right", no_wrap=True)
    for path in PathClass:
        word = path_word(path.word, english=english)
        table.add_column(word, justify="right", no_wrap=True)
    labels = found.labels(english=english)
    worst = sorted(found.failing, key=lambda each: -each.holders)[:MOST_CRITERIA]
    for each in worst:
        table.add_row(
            short_name(each.scheme, english=english),
            labels[each.scheme, each.criterion],
            f"{each.holders:,}",
            f"{each.passed_before:,}",
            *(f"{each.paths.get(path, 0):,}" for path in PathClass),
        )
    return table


def by_quarter(cliff: Iterable[Due]) -> Mapping[str | None, Due]:
    """The cliff of all titles and provinces together, by quarter, undated last."""
    counts: dict[str | None, Counter[Outcome]] = {}
    for each in cliff:
        counts.setdefault(each.quarter, Counter()).update(each.outcomes)
    order = sorted(counts, key=lambda quarter: (quarter is None, quarter or ""))
    return {each: Due("", None, each, counts[each]) for each in order}


def _cliff(found: Forecast, *, english: bool) -> Table:
    table = _table()
    table.add_column(translate(N_("季度"), english), no_wrap=True)
    table.add_column(translate(N_("到期"), english), justify="right", no_wrap=True)
    _outcome_columns(table)
    loss = translate(N_("预计失去"), english)
    table.add_column(loss, justify="right", no_wrap=True)
    quarters = by_quarter(found.cliff)
    for quarter, due in list(quarters.items())[:MOST_QUARTERS]:
        low, high = due.loss
        table.add_row(
            quarter or translate(N_("不详"), english),
            f"{due.due:,}",
            *(f"{due.outcomes.get(outcome, 0):,}" for outcome in Outcome),
            f"{low:,}–{high:,}",
        )
    if len(quarters) > MOST_QUARTERS:
        table.add_row("…")
    return table


HEAD = N_("按{start}和{end}的复核标准比较，共{rows}项称号")
HEAD_EXPIRING = N_("按{start}和{end}的复核标准比较，{year}年到期的称号共{rows}项")
TOP_FAILING = N_("新标准下不符合最多的条件（原符合：按原标准符合的家数）：")
OURS = N_("文书、投入、年限、无办法：出路的等级，是 Tidu 自己的划分，不是政策")
CLIFF = N_("各季度到期的称号和预计失去的数量：")
RANGE = N_("失去的数量从“不符合”起，到再加上“缺数据”和“待人工认定”为止")
SKIPPED = N_("快照没有这些称号的列，没有预测：{names}")
UNDATED = N_("快照没有这些称号的到期日，季度记为不详：{names}")
LEFT_OUT = N_("到期日不详、看不出哪年到期、没有计入的家数：{names}")
CAPPED = N_("Excel 放不下：少写了{rows}行；要全部的行，请用 -o 文件.parquet")
