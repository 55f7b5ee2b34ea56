"""The commands of a collection round: ``tidu template`` and ``tidu merge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.cli.options import (
    Columns,
    FormKind,
    Lang,
    Language,
    On,
    Province,
    Schemes,
    request_of,
)
from tidu.rules.rulesets import Kind

app = typer.Typer()


@app.command()
def template(
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="写到 .xlsx 文件；企业有几家时写到这个文件夹。"
        ),
    ],
    kind: Annotated[
        FormKind,
        typer.Option("--kind", help="县区一张总表，或一家企业一份。"),
    ] = FormKind.COUNTY,
    scheme: Schemes = None,
    on: On = None,
    procedure: Annotated[
        Kind, typer.Option("--procedure", help="新申报、复核或变更。")
    ] = Kind.NEW,
    province: Province = None,
    rows: Annotated[
        int | None, typer.Option("--rows", min=0, help="总表留多少空行；默认50。")
    ] = None,
    enterprise: Annotated[
        Path | None,
        typer.Option("--enterprise", help="已有的企业文件：预填已知的，只问还缺的。"),
    ] = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """摸底表：做一张空白表，写明每个数的单位、年度和在哪里找。"""
    from tidu.cli import collecting  # noqa: PLC0415 - slow import

    request = request_of(on, procedure, province, tuple(scheme or ()), lang)
    raise typer.Exit(
        collecting.write_template(out, kind.value, request, rows, enterprise)
    )


@app.command()
def merge(
    files: Annotated[list[Path], typer.Argument(help="收回来的文件，一个或多个。")],
    out: Annotated[Path, typer.Option("-o", "--output", help="写到 .xlsx 文件。")],
    expected: Annotated[
        Path | None,
        typer.Option("--expected", help="应报名单：名称、代码，可有联系人和电话。"),
    ] = None,
    scheme: Schemes = None,
    on: On = None,
    procedure: Annotated[
        Kind, typer.Option("--procedure", help="新申报、复核或变更。")
    ] = Kind.NEW,
    province: Province = None,
    columns: Columns = None,
    lang: Lang = Language.CHINESE,
) -> None:
    """汇总：把收回来的表并成一张，列出不一致的数和要催的企业。"""
    from tidu.cli import merging  # noqa: PLC0415 - slow import

    request = request_of(on, procedure, province, tuple(scheme or ()), lang)
    raise typer.Exit(
        merging.merge_files(files, out, request, expected=expected, columns=columns)
    )
