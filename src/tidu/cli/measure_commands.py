"""``tidu package`` and ``tidu measures``: what the 26 measures give, and to whom."""

from __future__ import annotations

from typing import Annotated

import typer

from tidu.cli.options import (
    Columns,
    Enterprise,
    File,
    Lang,
    Language,
    On,
    Province,
    ShortFormat,
    request_of,
)
from tidu.rules.rulesets import Kind

app = typer.Typer()


@app.command()
def package(
    file: File,
    enterprise: Enterprise = None,
    on: On = None,
    province: Province = None,
    columns: Columns = None,
    form: Annotated[
        ShortFormat, typer.Option("--format", help="输出形式。")
    ] = ShortFormat.TABLE,
    everything: Annotated[
        bool, typer.Option("--all", help="不符合的也列出来，并说明差在哪里。")
    ] = False,
    lang: Lang = Language.CHINESE,
) -> None:
    """服务包：一家企业能享受的全部政策、金额、最好的组合和办理方式。"""
    from tidu.cli import packaging  # noqa: PLC0415 - slow import

    request = request_of(on, Kind.NEW, province, (), lang)
    raise typer.Exit(
        packaging.package_file(
            file,
            request,
            enterprise,
            columns=columns,
            form=form.value,
            everything=everything,
        )
    )


@app.command()
def measures(
    number: Annotated[
        int | None,
        typer.Argument(min=1, max=26, help="只看第几条措施，列出它的每一项。"),
    ] = None,
    on: On = None,
    province: Province = None,
    form: Annotated[
        ShortFormat, typer.Option("--format", help="输出形式。")
    ] = ShortFormat.TABLE,
    lang: Lang = Language.CHINESE,
) -> None:
    """措施：26 条措施各给什么、哪些已经能用、哪些还要等。"""
    from tidu.cli import measuring  # noqa: PLC0415 - slow import

    request = request_of(on, Kind.NEW, province, (), lang)
    raise typer.Exit(measuring.list_measures(request, number, form=form.value))
