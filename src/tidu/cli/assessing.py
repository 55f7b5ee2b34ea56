"""Read a file, assess every enterprise, write the result in the form asked for."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tidu
from tidu.intake import Intake, Row, assessing, load_column_map, read_file
from tidu.intake.assessing import Assessed as Assessed  # noqa: PLC0414 - for commands
from tidu.intake.assessing import Request as Request  # noqa: PLC0414 - for commands
from tidu.intake.problems import WARNING
from tidu.rules.assess import Standing
from tidu.rules.errors import TiduError
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library
from tidu.rules.records import standing_record
from tidu.rules.scope import as_range

if TYPE_CHECKING:
    from rich.progress import Progress

PROGRESS_FROM = 2_000  # rows; below, a bar would only flicker
SAME_WARNINGS = 3  # of one kind; more only push the rest off the screen
SOME_ROWS_UNREADABLE = 3


class UsageError(TiduError):
    """The command was called in a way it does not take."""

    exit_code = 2


def assess_file(
    path: Path,
    request: Request,
    *,
    columns: Path | None,
    form: str,
    out: Path | None,
    details: bool | None,
) -> int:
    """Do the work of ``tidu assess``; the return value is the exit code."""
    if form == "xlsx" and out is None:
        raise UsageError("输出 xlsx 需要用 -o 写明文件名，如 -o 报告.xlsx")
    library = default_library()
    request = with_schemes(request, library)
    with progress_bar() as bar:
        intake = read_rows(path, request, library, columns, bar)
        readable = [row for row in intake.rows if row.readable]
        assessed = list(assess_rows(readable, request, library, bar))
    if form == "table":
        from tidu.cli import tables  # noqa: PLC0415 - slow import

        tables.print_standings(assessed, request, details=details, out=out)
    elif form == "xlsx":
        from tidu.intake import report  # noqa: PLC0415 - slow import

        assert out is not None
        write_whole(out, lambda part: report.write(part, assessed, intake, request))
    else:
        text = _json(assessed, request) if form == "json" else _csv(assessed)
        _write_text(out, text, excel=form == "csv")
    return report_reading(intake, english=request.english)


def with_schemes(request: Request, library: Library) -> Request:
    """The request with every scheme named; UsageError for one nobody knows."""
    known = library.national.schemes
    for each in request.schemes:
        if each not in known:
            raise UsageError(f"没有认定 {each}；可以写：{'、'.join(known)}")
    return dataclasses.replace(request, schemes=request.schemes or tuple(known))


def read_rows(
    path: Path,
    request: Request,
    library: Library,
    columns: Path | None,
    bar: Progress | None = None,
) -> Intake:
    """Read the file against every fact some pack knows."""
    facts = library.facts
    mapping = load_column_map(columns, facts) if columns else None
    title = translate(N_("读入"), request.english)
    progress = steps_of(bar, title) if bar else None
    return read_file(
        path,
        facts,
        on=request.on,
        columns=mapping,
        progress=progress,
        english=request.english,
    )


def assess_rows(
    rows: Sequence[Row], request: Request, library: Library, bar: Progress | None = None
) -> Iterator[Assessed]:
    """Assess rows, in the order of the file, with a progress bar."""
    title = translate(N_("评估"), request.english)
    progress = steps_of(bar, title) if bar else None
    return assessing.assess_rows(rows, request, library, progress)


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on stderr that shows itself for long work, on a terminal only."""
    from rich.console import Console  # noqa: PLC0415 - slow import
    from rich.progress import Progress  # noqa: PLC0415 - slow import

    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    try:
        yield bar
    finally:
        if bar.live.is_started:  # stopping prints a line even where nothing was shown
            bar.stop()


def steps_of(bar: Progress, title: str) -> Callable[[int, int], None]:
    """A function of rows done and to do that moves the bar."""
    task: list[Any] = []

    def advance(done: int, total: int) -> None:
        if total < PROGRESS_FROM:
            return
        if not task:
            task.append(bar.add_task(title, total=total))
            bar.start()
        bar.update(task[0], completed=done, total=total)

    return advance


def report_reading(intake: Intake, *, english: bool) -> int:
    """Say on stderr what could not be read and how figures were taken."""
    warned: Counter[tuple[str, str]] = Counter()
    for problem in intake.problems:
        kind = (problem.what, problem.column)
        warned[kind] += problem.severity == WARNING
        if warned[kind] <= SAME_WARNINGS:
            sys.stderr.write(problem.sentence(english=english) + "\n")
    rest = sum(max(0, count - SAME_WARNINGS) for count in warned.values())
    if rest:
        text = translate(
            N_("另有{count}条同样的提醒，见 xlsx 报告的“读入报告”。"), english
        )
        sys.stderr.write(text.format(count=rest) + "\n")
    for reading in intake.readings:
        sys.stderr.write(reading + "\n")
    return SOME_ROWS_UNREADABLE if intake.errors else 0


def enterprise_record(each: Assessed, request: Request) -> dict[str, Any]:
    """One element of the JSON array of ``assess``."""
    return {
        "uscc": each.row.uscc,
        "name": each.row.name,
        "row": each.row.row,
        "sheet": each.row.sheet,
        "size": each.size,
        "basis": {
            "on": request.on.isoformat(),
            "kind": request.kind.value,
            "pack": each.pack.id,
            "pack_sha256": each.pack.digest,
            "tidu": tidu.__version__,
        },
        "schemes": {
            scheme: standing_record(standing, english=request.english)
            | _round_record(each, standing, request)
            for scheme, standing in each.standings.items()
        },
    }


def _round_record(
    each: Assessed, standing: Standing, request: Request
) -> dict[str, Any]:
    """The province's round of this rule set in this year, where it announced one."""
    if standing.rule_set is None:
        return {}
    found = each.pack.round_for(standing.rule_set.name, request.on.year)
    if found is None:
        return {}
    return {
        "round": {
            "label": found.label.say(english=request.english),
            "opens": found.opens.isoformat(),
            "closes": found.closes.isoformat(),
            "materials": [m.say(english=request.english) for m in found.materials],
            "clause": found.clause,
        }
    }


def _json(assessed: list[Assessed], request: Request) -> str:
    records = (
        json.dumps(enterprise_record(each, request), ensure_ascii=False)
        for each in assessed
    )
    return "[" + ",\n".join(records) + "]\n"


def _csv(assessed: list[Assessed]) -> str:
    """One line per enterprise, columns named as in ``tidu screen``."""
    lines = [_flat(each) for each in assessed]
    header = list(dict.fromkeys(name for line in lines for name in line))
    if not header:
        header = ["uscc", "name", "row", "size"]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def _flat(each: Assessed) -> dict[str, Any]:
    line: dict[str, Any] = {
        "uscc": each.row.uscc or "",
        "name": each.row.name or "",
        "row": each.row.row,
        "size": each.size or "",
    }
    for scheme, standing in each.standings.items():
        low, high = as_range(standing.score)
        line[f"{scheme}__outcome"] = standing.outcome.value
        line[f"{scheme}__value"] = standing.value_name or ""
        line[f"{scheme}__score_low"] = "" if low is None else low
        line[f"{scheme}__score_high"] = "" if high is None else high
        for finding in standing.findings:
            name = f"{scheme}__{finding.id}"
            line[name] = finding.outcome.value
            line[f"{name}__missing"] = ";".join(finding.missing)
    return line


def _write_text(out: Path | None, text: str, *, excel: bool) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        # Excel takes a CSV for the local code page unless a mark says UTF-8.
        encoding = "utf-8-sig" if excel else "utf-8"
        write_whole(out, lambda part: part.write_text(text, encoding=encoding))


def write_whole(out: Path, write: Callable[[Path], Any]) -> None:
    """Write beside the target and move it there: never a half-written result."""
    part = out.with_name(f".{out.name}.part")
    try:
        write(part)
        part.replace(out)
    except OSError as error:
        raise TiduError(
            f"写不出 {out}（{error.strerror}）；请检查文件夹和权限"
        ) from error
    finally:
        part.unlink(missing_ok=True)
