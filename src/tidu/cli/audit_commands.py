"""The commands about the trail of events."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tidu.cli.options import read_day

app = typer.Typer(
    help="审计：核对记录有没有被改过，导出给审计人员。", no_args_is_help=True
)


@app.command()
def verify() -> None:
    """核对：逐条重算审计链；断在哪一条就说哪一条，退出码 1。"""
    from tidu.cli import auditing, site  # noqa: PLC0415 - slow import

    site.start_django()
    raise typer.Exit(auditing.verify())


@app.command()
def export(
    first: Annotated[str, typer.Option("--from", help="从哪一天，如 2026-01-01。")],
    last: Annotated[str, typer.Option("--to", help="到哪一天（含）。")],
    output: Annotated[Path, typer.Option("-o", "--output", help="写到哪个 .xlsx。")],
) -> None:
    """导出：某几天的审计记录，写成 Excel；导出本身也会记下来。"""
    from tidu.cli import auditing, site  # noqa: PLC0415 - slow import

    site.start_django()
    count = auditing.export(read_day(first), read_day(last), output)
    sys.stdout.write(f"已写 {count} 条到 {output}\n")
