"""The commands that run an installation; Django is loaded when one is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Host = Annotated[str, typer.Option("--host", help="在哪个地址上提供网页。")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="端口。")]

app = typer.Typer()


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    threads: Annotated[
        int, typer.Option("--threads", min=1, help="同时处理几个请求。")
    ] = 4,
    demo: Annotated[
        bool, typer.Option("--demo", help="先装入虚构的示范省和各种账户。")
    ] = False,
) -> None:
    """网站：网页、后台任务和定时任务，一个进程全部启动。"""
    from tidu.cli import site  # noqa: PLC0415 - slow import

    if demo:
        site.load_demonstration()
    site.serve(host, port, threads)


@app.command()
def worker() -> None:
    """后台任务：导入、重新评估等，网页在别处运行时用。"""
    from tidu.cli import site  # noqa: PLC0415 - slow import

    site.work()


@app.command()
def doctor() -> None:
    """体检：配置、数据表、时钟、磁盘、政策包、审计链是否正常，不正常怎么办。"""
    from tidu.cli import doctoring  # noqa: PLC0415 - slow import

    raise typer.Exit(doctoring.examine())


@app.command()
def backup(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="写到哪个文件夹，或哪个 .tar 文件。"),
    ],
) -> None:
    """备份：数据库、佐证材料和密钥，一个自带清单、逐字节核对过的文件；不用停站。"""
    from tidu.cli import backing_up  # noqa: PLC0415 - slow import

    backing_up.print_made(backing_up.back_up(output))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="tidu backup 写的文件。")],
    into: Annotated[Path, typer.Option("--into", help="恢复到哪个空文件夹。")],
) -> None:
    """恢复：先核对整份备份，再写到空文件夹，最后体检；从不覆盖已有的数据。"""
    from tidu.cli import restoring  # noqa: PLC0415 - slow import

    raise typer.Exit(restoring.restore(file, into))


@app.command()
def upgrade(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="先把备份写到哪个文件夹，再升级。"),
    ] = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="只在副本上预演，不动现有的数据。")
    ] = False,
    room: Annotated[
        Path | None, typer.Option("--room", help="预演的副本放在哪个文件夹。")
    ] = None,
) -> None:
    """升级：在副本上预演（--rehearse），或先备份再更新数据表（-o 文件夹）。"""
    if rehearse == (output is not None):
        raise typer.BadParameter("请在 --rehearse 和 -o 文件夹里选一个")
    from tidu.cli import upgrading  # noqa: PLC0415 - slow import

    done = upgrading.upgrade(output) if output else upgrading.rehearse(room)
    raise typer.Exit(done)
