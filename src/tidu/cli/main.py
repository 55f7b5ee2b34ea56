"""``tidu``: the commands and their options. Everything heavy is imported on use."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import tidu
from tidu.cli.audit_commands import app as audit_app
from tidu.cli.collecting_commands import app as collecting_app
from tidu.cli.measure_commands import app as measure_app
from tidu.cli.options import (
    Brief,
    Chosen,
    Columns,
    Enterprise,
    File,
    Format,
    KindOption,
    Lang,
    Language,
    On,
    Province,
    Schemes,
    ShortFormat,
    read_day,
    request_of,
)
from tidu.cli.site_commands import app as site_app
from tidu.rules.errors import TiduError
from tidu.rules.language import N_, say, translate
from tidu.rules.rulesets import Kind

app = typer.Typer(
    name="tidu",
    help="梯度：企业站在哪一级、为什么、下一步做什么。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"tidu {tidu.__version__}\n")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="版本号。"),
    ] = False,
) -> None:
    """梯度：企业站在哪一级、为什么、下一步做什么。"""


packs_app = typer.Typer(help="政策包：列出、查看、比较、检查。", no_args_is_help=True)
app.add_typer(packs_app, name="packs")
app.add_typer(audit_app, name="audit")
app.add_typer(collecting_app)
app.add_typer(measure_app)
app.add_typer(site_app)


@app.command()
def assess(
    file: File,
    scheme: Schemes = None,
    on: On = None,
    kind: KindOption = Kind.NEW,
    province: Province = None,
    columns: Columns = None,
    form: Annotated[Format, typer.Option("--format", help="输出形式。")] = Format.TABLE,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="写到文件。")
    ] = None,
    details: Annotated[
        bool | None,
        typer.Option("--details/--no-details", help="逐条列出；三家以内默认列出。"),
    ] = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """评估：每家企业在每项认定里站在哪里、为什么、缺什么。"""
    from tidu.cli import assessing  # noqa: PLC0415 - slow import

    request = request_of(on, kind, province, tuple(scheme or ()), lang)
    raise typer.Exit(
        assessing.assess_file(
            file, request, columns=columns, form=form.value, out=out, details=details
        )
    )


@app.command()
def plan(
    file: File,
    to: Annotated[str, typer.Option("--to", help="想达到的认定，如 srdi_sme。")],
    enterprise: Enterprise = None,
    on: On = None,
    kind: KindOption = Kind.NEW,
    province: Province = None,
    columns: Columns = None,
    form: Annotated[
        ShortFormat, typer.Option("--format", help="输出形式。")
    ] = ShortFormat.TABLE,
    lang: Lang = Language.CHINESE,
) -> None:
    """规划：最省力的达标路径，逐步列出；走不通时说明被什么挡住。"""
    from tidu.cli import advising  # noqa: PLC0415 - slow import

    request = request_of(on, kind, province, (to,), lang)
    raise typer.Exit(
        advising.plan_file(file, request, enterprise, columns=columns, form=form.value)
    )


@app.command()
def ask(
    file: File,
    enterprise: Enterprise = None,
    on: On = None,
    kind: KindOption = Kind.NEW,
    province: Province = None,
    columns: Columns = None,
    form: Annotated[
        ShortFormat, typer.Option("--format", help="输出形式。")
    ] = ShortFormat.TABLE,
    lang: Lang = Language.CHINESE,
) -> None:
    """追问：还缺的数据里，先补哪一个最能定下结论。"""
    from tidu.cli import asking  # noqa: PLC0415 - slow import

    request = request_of(on, kind, province, (), lang)
    raise typer.Exit(
        asking.ask_file(file, request, enterprise, columns=columns, form=form.value)
    )


@app.command()
def sql(
    scheme: Annotated[str, typer.Argument(help="认定项目，如 srdi_sme。")],
    dialect: Annotated[
        str,
        typer.Option("--dialect", help="duckdb、postgres、spark、clickhouse 等。"),
    ] = "duckdb",
    on: On = None,
    kind: KindOption = Kind.NEW,
    brief: Brief = False,
    lang: Lang = Language.CHINESE,
) -> None:
    """语句：把一项认定标准写成一条 SQL，在自己的数据库里运行。"""
    from tidu.bulk.screen import Screening  # noqa: PLC0415 - slow import
    from tidu.cli import screening  # noqa: PLC0415 - slow import

    day = on or datetime.date.today()  # noqa: DTZ011 - the user's own calendar day
    asked = Screening((scheme,), day, kind, brief)
    english = lang is Language.ENGLISH
    raise typer.Exit(screening.print_sql(scheme, asked, dialect, english=english))


@app.command()
def screen(
    table: Annotated[
        str,
        typer.Argument(metavar="SNAPSHOT", help="快照文件；用 postgres 时是连接串。"),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--output", help="结果写到这个 Parquet 文件。")
    ],
    scheme: Schemes = None,
    on: On = None,
    kind: KindOption = Kind.NEW,
    brief: Brief = False,
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb、spark 或 postgres。")
    ] = "duckdb",
    master: Annotated[
        str, typer.Option("--master", help="Spark 集群的地址。")
    ] = "local[*]",
    memory: Annotated[str, typer.Option("--memory", help="内存上限。")] = "4GB",
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="用几个核。")
    ] = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """筛查：对快照里的所有企业套用标准，每家一行结果。"""
    from tidu.bulk.screen import Screening  # noqa: PLC0415 - slow import
    from tidu.cli import screening  # noqa: PLC0415 - slow import

    day = on or datetime.date.today()  # noqa: DTZ011 - the user's own calendar day
    asked = Screening(tuple(scheme or ()), day, kind, brief)
    run = screening.Run(engine, memory, threads, master)
    english = lang is Language.ENGLISH
    raise typer.Exit(screening.run_screen(table, out, asked, run, english=english))


@app.command()
def simulate(
    table: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="快照文件。")],
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--change", help="改一个数值，如 srdi_sme.min_rnd_ratio=4%，可写多次。"
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", help="一个方案：名称:改动,改动；可写多次并列比较。"),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(
            "--sweep",
            help="一个数值的整条曲线，如 srdi_sme.min_rnd_ratio=1%..10%/1000。",
        ),
    ] = None,
    on: On = None,
    kind: KindOption = Kind.NEW,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="写到 .xlsx、.parquet 或 .csv 文件。"),
    ] = None,
    memory: Annotated[str, typer.Option("--memory", help="内存上限。")] = "4GB",
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="用几个核。")
    ] = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """试算：标准改了，谁转入、谁转出；或一个门槛的整条曲线。"""
    from tidu.cli import simulating  # noqa: PLC0415 - slow import

    run = simulating.Run(
        on or datetime.date.today(),  # noqa: DTZ011 - the user's own calendar day
        kind,
        out,
        memory,
        threads,
        lang is Language.ENGLISH,
    )
    raise typer.Exit(
        simulating.run_simulate(table, change or (), scenario or (), sweep, run)
    )


@app.command()
def forecast(
    table: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="快照文件。")],
    start: Annotated[
        datetime.date,
        typer.Option(
            "--from", parser=read_day, metavar="YYYY-MM-DD", help="原标准按哪一天。"
        ),
    ],
    end: Annotated[
        datetime.date,
        typer.Option(
            "--to", parser=read_day, metavar="YYYY-MM-DD", help="新标准按哪一天。"
        ),
    ],
    expiring: Annotated[
        int | None,
        typer.Option("--expiring", metavar="YEAR", help="只看这一年到期的称号。"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="写到 .xlsx 或 .parquet 文件。"),
    ] = None,
    memory: Annotated[str, typer.Option("--memory", help="内存上限。")] = "4GB",
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="用几个核。")
    ] = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """预测：标准一变，谁会失去称号、缺在哪里、各季度有多少到期。"""
    from tidu.bulk.transition import Outlook  # noqa: PLC0415 - slow import
    from tidu.cli import forecasting  # noqa: PLC0415 - slow import

    outlook = Outlook(start, end, expiring)
    run = forecasting.Run(memory, threads)
    english = lang is Language.ENGLISH
    raise typer.Exit(
        forecasting.run_forecast(table, out, outlook, run, english=english)
    )


@app.command()
def snapshot(
    files: Annotated[list[Path], typer.Argument(help="一个或多个企业文件。")],
    out: Annotated[
        Path, typer.Option("-o", "--output", help="写到 Parquet 文件，或已有的文件夹。")
    ],
    on: On = None,
    columns: Columns = None,
    province: Province = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """快照：把企业文件写成一个不再改变的 Parquet 文件，用于全量筛查。"""
    from tidu.cli import populating  # noqa: PLC0415 - slow import

    raise typer.Exit(
        populating.snapshot(
            files,
            out,
            on=on or datetime.date.today(),  # noqa: DTZ011 - the user's own calendar day
            columns=columns,
            province=province,
            english=lang is Language.ENGLISH,
        )
    )


@app.command()
def synth(
    rows: Annotated[int, typer.Option("--rows", min=1, help="多少家企业。")],
    out: Annotated[
        Path, typer.Option("-o", "--output", help="写到这个 Parquet 文件。")
    ],
    seed: Annotated[int, typer.Option("--seed", min=0, help="种子；相同则相同。")] = 0,
    on: On = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """虚构：生成并不存在的企业，用来试算规模和政策效果。"""
    from tidu.cli import populating  # noqa: PLC0415 - slow import

    day = on or datetime.date.today()  # noqa: DTZ011 - the user's own calendar day
    english = lang is Language.ENGLISH
    raise typer.Exit(
        populating.synthesize(out, rows=rows, seed=seed, on=day, english=english)
    )


@packs_app.command("list")
def packs_list(
    lang: Lang = Language.CHINESE,
    form: Annotated[
        ShortFormat, typer.Option("--format", help="输出形式。")
    ] = ShortFormat.TABLE,
) -> None:
    """列出所有认定和各版标准。"""
    from tidu.cli import policies  # noqa: PLC0415 - slow import

    policies.list_packs(english=lang is Language.ENGLISH, form=form.value)


@packs_app.command("show")
def packs_show(
    scheme: Annotated[str, typer.Argument(help="认定的编号，如 srdi_sme。")],
    on: On = None,
    kind: KindOption = Kind.NEW,
    province: Province = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """查看一项认定的标准：每个条件、数值、条款和核对程度。"""
    from tidu.cli import policies  # noqa: PLC0415 - slow import

    day = on or datetime.date.today()  # noqa: DTZ011 - the user's own calendar day
    policies.show_scheme(scheme, day, kind, province, english=lang is Language.ENGLISH)


@packs_app.command("diff")
def packs_diff(
    scheme: Annotated[str, typer.Argument(help="认定的编号，如 srdi_sme。")],
    earlier: Annotated[
        datetime.date, typer.Argument(parser=read_day, help="前一个日期。")
    ],
    later: Annotated[
        datetime.date, typer.Argument(parser=read_day, help="后一个日期。")
    ],
    kind: KindOption = Kind.NEW,
    lang: Lang = Language.CHINESE,
) -> None:
    """比较两个日期的标准：逐条说明变了什么。"""
    from tidu.cli import policies  # noqa: PLC0415 - slow import

    policies.show_difference(
        scheme, earlier, later, kind, english=lang is Language.ENGLISH
    )


@packs_app.command("check")
def packs_check(
    path: Annotated[Path, typer.Argument(help="政策包的文件夹。")],
    lang: Lang = Language.CHINESE,
) -> None:
    """检查一个政策包：格式、条款、日期、示例。"""
    from tidu.cli import policies  # noqa: PLC0415 - slow import

    raise typer.Exit(policies.check(path, english=lang is Language.ENGLISH))


def run() -> None:
    """Run the command line; every failure is one plain sentence on stderr."""
    chosen = Chosen()
    try:
        app(obj=chosen)
    except TiduError as error:
        sys.stderr.write(error.sentence(english=chosen.english) + "\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.stderr.write(translate(STOPPED, chosen.english) + "\n")
        sys.exit(1)
    except Exception as error:
        if os.environ.get("TIDU_DEBUG"):
            raise
        kind = type(error).__name__
        broken = say(BROKEN, chosen.english, kind=kind, reason=str(error))
        sys.stderr.write(broken + "\n")
        sys.exit(1)


STOPPED = N_("已中断，没有写出结果。")
BROKEN = N_(
    "程序出错：{kind}（{reason}）；请设 TIDU_DEBUG=1 再运行一次，把输出发给维护者。"
)


if __name__ == "__main__":
    run()
