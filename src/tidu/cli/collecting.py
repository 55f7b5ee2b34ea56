"""``tidu template``: a blank form for a county or for one enterprise."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from tidu.cli.assessing import (
    Request,
    UsageError,
    read_rows,
    report_reading,
    with_schemes,
    write_whole,
)
from tidu.intake import Row
from tidu.intake.blank_books import write_county, write_enterprise
from tidu.intake.blank_forms import Blank, blank_form, form_name, form_of, only
from tidu.rules.asking import lacking
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library

BLANK_ROWS = 50


def write_template(
    out: Path,
    form: str,
    request: Request,
    rows: int | None,
    known: Path | None,
) -> int:
    """Do the work of ``tidu template``; the return value is the exit code."""
    library = default_library()
    request = with_schemes(request, library)
    blank = blank_for(request, library)
    if known is None:
        blank = dataclasses.replace(blank, rows=BLANK_ROWS if rows is None else rows)
        _write(out, form, blank)
        _report(out, blank, 0, request)
        return 0
    intake = read_rows(known, request, library, None)
    firms = [row for row in intake.rows if row.readable]
    if not firms:
        raise UsageError(f"{known} 里没有可读的企业；请先改正其中的错误")
    if form == "enterprise":
        _write_each(out, blank, firms, request)
    else:
        wanted = dict.fromkeys(k for row in firms for k in _missing(row, blank))
        asked = dataclasses.replace(
            blank,
            sections=only(blank.sections, wanted),
            firms=[row.facts for row in firms],
            rows=rows or 0,
        )
        _write(out, form, asked)
        _report(out, asked, len(firms), request)
    return report_reading(intake, english=request.english)


def blank_for(request: Request, library: Library) -> Blank:
    """The form for the schemes, day and province of a request, without any firm."""
    pack = library.for_territory(request.province)
    return blank_form(pack, request.schemes, request.on, request.kind)


def _missing(row: Row, blank: Blank) -> list[str]:
    return lacking(blank.pack, row.facts, blank.schemes, blank.on, blank.kind)


def _write(out: Path, form: str, blank: Blank) -> None:
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"摸底表是 Excel 文件，请写成 {out.stem}.xlsx")
    write = write_enterprise if form == "enterprise" else write_county
    write_whole(out, lambda part: write(part, blank))


def _write_each(
    out: Path, blank: Blank, firms: Sequence[Row], request: Request
) -> None:
    """One workbook for each firm: into a folder, or for a single firm into a file."""
    several = len(firms) > 1 or out.suffix.lower() != ".xlsx"
    if several and out.suffix.lower() == ".xlsx":
        raise UsageError(
            f"文件里有{len(firms)}家企业，一家一份；请用 -o 写一个文件夹，如 -o 发企业"
        )
    if several:
        out.mkdir(parents=True, exist_ok=True)
    for row in firms:
        asked = form_of(blank, row.facts, _missing(row, blank), row.name or "")
        name = form_name(row.name or str(row.row), row.uscc or "")
        _write(out / name if several else out, "enterprise", asked)
    _report(out, blank, len(firms), request)


def _report(out: Path, blank: Blank, firms: int, request: Request) -> None:
    facts = len(blank.asks)
    if firms:
        text = translate(N_("已写出：{path}（{firms}家企业）"), request.english)
    else:
        text = translate(N_("已写出：{path}（{facts}项数据）"), request.english)
    sys.stderr.write(text.format(path=out, firms=firms, facts=facts) + "\n")
    after = N_("收回以后：tidu merge {path}/*.xlsx -o 汇总.xlsx")
    if not out.is_dir():
        after = N_("填好以后：tidu assess {path}")
    sys.stderr.write(translate(after, request.english).format(path=out) + "\n")
