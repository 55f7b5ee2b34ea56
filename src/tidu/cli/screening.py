"""Rules over everybody: ``tidu sql`` and ``tidu screen``."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tidu.bulk import duck, spark
from tidu.bulk.postgres import screen_on_postgres
from tidu.bulk.screen import Screened, Screening, Stage, open_snapshot, screen
from tidu.bulk.spark import screen_on_spark
from tidu.bulk.sql import build_query, dialect_named
from tidu.cli.assessing import UsageError, progress_bar
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library
from tidu.rules.outcomes import Outcome
from tidu.rules.wording import SIGNS, STYLES, kind_word, outcome_word, short_name

ENGINES = ("duckdb", "spark", "postgres")
MOST_ABSENT = 10  # facts shown; more would hide the first ones


@dataclasses.dataclass(frozen=True)
class Run:
    """Where a screening runs."""

    engine: str = "duckdb"
    memory: str = duck.MEMORY
    threads: int | None = None
    master: str = spark.LOCAL


def print_sql(scheme: str, asked: Screening, dialect: str, *, english: bool) -> int:
    """Do the work of ``tidu sql``: one scheme as a SELECT, on stdout."""
    library = default_library()
    _check_schemes(library, (scheme,))
    found = dialect_named(dialect)
    query = build_query(
        library,
        (scheme,),
        on=asked.on,
        kind=asked.kind,
        dialect=found,
        brief=asked.brief,
    )
    rule_set = query.rule_sets[scheme]
    head = HEAD if rule_set else HEAD_NONE
    lines = translate(head, english).format(
        name=rule_set.name if rule_set else scheme,
        number=rule_set.number if rule_set else "",
        on=asked.on,
        kind=kind_word(asked.kind, english=english),
        columns=len(query.columns),
    )
    if not found.proven:
        lines += "\n" + translate(UNPROVEN, english).format(dialect=dialect)
    sys.stdout.write("".join(f"-- {line}\n" for line in lines.split("\n")))
    sys.stdout.write(query.text() + ";\n")
    return 0


def run_screen(
    table: str, out: Path, asked: Screening, run: Run, *, english: bool
) -> int:
    """Do the work of ``tidu screen``; the return value is the exit code."""
    library = default_library()
    schemes = asked.schemes or tuple(library.national.schemes)
    _check_schemes(library, schemes)
    asked = dataclasses.replace(asked, schemes=schemes)
    if run.engine not in ENGINES:
        raise UsageError(
            N_(
                "不能用 {engine} 筛查；可用的引擎：{engines}；"
                "其他数据库请用 tidu sql 写出语句"
            ),
            engine=run.engine,
            engines=ENGINES,
        )
    found = _screen(table, library, asked, out, run, english=english)
    _print_result(Console(stderr=True, highlight=False), found, out, english=english)
    return 0


def _screen(
    table: str,
    library: Library,
    asked: Screening,
    out: Path,
    run: Run,
    *,
    english: bool,
) -> Screened:
    if run.engine == "postgres":
        with spinner(english=english) as stage:
            return screen_on_postgres(table, library, asked, out, stage=stage)

    def warn(sentence: str) -> None:
        sys.stderr.write(sentence + "\n")

    snapshot = open_snapshot(Path(table), library, warn=warn, english=english)
    if run.engine == "spark":
        with spinner(english=english) as stage:
            return screen_on_spark(
                snapshot,
                library,
                asked,
                out,
                memory=run.memory,
                master=run.master,
                stage=stage,
            )
    with progress_bar() as bar:
        task = bar.add_task(translate(N_("筛查"), english), total=1.0)

        def advance(share: float) -> None:
            if share and not bar.live.is_started:
                bar.start()
            bar.update(task, completed=share)

        return screen(
            snapshot,
            library,
            asked,
            out,
            memory=run.memory,
            threads=run.threads,
            progress=advance,
        )


@contextmanager
def spinner(*, english: bool) -> Iterator[Stage]:
    """What an engine that reports no share is doing, and for how long.

    On stderr, on a terminal only; it vanishes when the work is done.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _msgid: None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda msgid: bar.update(
            task, description=translate(msgid, english), refresh=True
        )


def _check_schemes(library: Library, schemes: tuple[str, ...]) -> None:
    for each in schemes:
        if each not in library.national.schemes:
            raise UsageError(
                N_("没有认定项目 {scheme}；可用：{known}"),
                scheme=each,
                known=tuple(library.national.schemes),
            )


def _print_result(
    console: Console, found: Screened, out: Path, *, english: bool
) -> None:
    title = translate(N_("共{rows}家企业"), english).format(rows=f"{found.rows:,}")
    console.print(title)
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(translate(N_("认定项目"), english))
    for outcome in Outcome:
        word = outcome_word(outcome, english=english)
        sign = f"{SIGNS[outcome]} {word}"
        table.add_column(sign, justify="right", style=STYLES[outcome])
    for scheme, counts in found.outcomes.items():
        name = short_name(scheme, english=english)
        cells = [f"{counts.get(each.value, 0):,}" for each in Outcome]
        table.add_row(name, *cells)
    console.print(table)
    absent = found.most_absent()[:MOST_ABSENT]
    if absent:
        console.print(translate(ABSENT, english))
        lacks = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
        for column, firms, schemes in absent:
            fact = column.fact
            label = fact.english if english else fact.label
            year = "" if column.year is None else f" {column.year}"
            share = f"{firms / found.rows:.0%}" if found.rows else ""
            used = translate(N_("用于{schemes}项认定"), english)
            lacks.add_row(
                f"  {label}{year}", f"{firms:,}", share, used.format(schemes=schemes)
            )
        console.print(lacks)
    console.print(translate(WRITTEN, english).format(path=out))


HEAD = N_(
    "{name}（{number}），{on}，{kind}\n"
    "读 enterprises 表的{columns}列：金额以元计，比例以1为100%，NULL 为不详"
)
HEAD_NONE = N_("{name}：{on} 还没有标准，{kind}")
UNPROVEN = N_("未经实测：这条语句没有在 {dialect} 上跑过，请先在小表上核对")
ABSENT = N_("最该补的数据（缺的家数，占比）：")
WRITTEN = N_("结果：{path}")
