"""Options that several commands share, and the words they take."""

from __future__ import annotations

import datetime
import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidu.rules.rulesets import Kind

if TYPE_CHECKING:
    from tidu.cli import assessing


class Format(enum.StrEnum):
    """What a result is written as."""

    TABLE = "table"
    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"


class ShortFormat(enum.StrEnum):
    """What a result for single enterprises is written as."""

    TABLE = "table"
    JSON = "json"


class FormKind(enum.StrEnum):
    """Who fills a blank form."""

    COUNTY = "county"
    ENTERPRISE = "enterprise"


class Language(enum.StrEnum):
    """The language of sentences."""

    CHINESE = "zh"
    ENGLISH = "en"


class Chosen:
    """The language asked for, for what is said when a command has failed."""

    english = False


def _chosen(context: typer.Context, language: Language) -> Language:
    if isinstance(context.obj, Chosen):  # not where only the options are listed
        context.obj.english = language is Language.ENGLISH
    return language


def read_day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("日期应写成 2026-06-01") from error


File = Annotated[Path, typer.Argument(help="CSV、XLSX 或 JSON 文件，一行一家企业。")]
On = Annotated[
    datetime.date | None,
    typer.Option(
        "--on", parser=read_day, metavar="YYYY-MM-DD", help="按哪一天算；不写为今天。"
    ),
]
KindOption = Annotated[Kind, typer.Option("--kind", help="新申报、复核或变更。")]
Schemes = Annotated[
    list[str] | None, typer.Option("--scheme", help="只看某项认定，可写多次。")
]
Brief = Annotated[
    bool, typer.Option("--brief", help="每项认定只要结论、得分和第一个不符合的条件。")
]
Province = Annotated[
    str | None,
    typer.Option("--province", help="区划代码，如 11 或 110000；不写按每行的区划。"),
]
Columns = Annotated[
    Path | None, typer.Option("--columns", help="列名对照表（YAML），用于外来的表格。")
]
Lang = Annotated[
    Language, typer.Option("--lang", help="说明文字的语言。", callback=_chosen)
]
Enterprise = Annotated[
    str | None, typer.Option("--enterprise", help="只看这个统一社会信用代码的企业。")
]


def request_of(
    on: datetime.date | None,
    kind: Kind,
    province: str | None,
    schemes: tuple[str, ...],
    lang: Language,
) -> assessing.Request:
    """What a command asks of every row; without a day, today."""
    from tidu.cli import assessing  # noqa: PLC0415 - slow import

    return assessing.Request(
        on=on or datetime.date.today(),  # noqa: DTZ011 - the user's own calendar day
        kind=kind,
        province=province,
        schemes=schemes,
        english=lang is Language.ENGLISH,
    )
