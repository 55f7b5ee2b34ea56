"""Make tables of enterprises: ``tidu snapshot`` and ``tidu synth``."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from tidu.bulk.accounts import BLOCK
from tidu.bulk.snapshot import Order, take_snapshot
from tidu.bulk.synth import Population, write_population
from tidu.cli.assessing import progress_bar, report_reading, steps_of
from tidu.intake import load_column_map
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library


def snapshot(
    files: list[Path],
    out: Path,
    *,
    on: datetime.date,
    columns: Path | None,
    province: str | None,
    english: bool,
) -> int:
    """Do the work of ``tidu snapshot``; the return value is the exit code."""
    library = default_library()
    mapping = load_column_map(columns, library.facts) if columns else None
    order = Order(on, library, mapping, province, english)
    with progress_bar() as bar:
        progress = steps_of(bar, translate(N_("读入"), english))
        taken = take_snapshot(files, out, order, progress)
    code = 0
    for intake in taken.intakes:
        code = max(code, report_reading(intake, english=english))
    errors = sum(len(each.errors) for each in taken.intakes)
    warnings = sum(len(each.warnings) for each in taken.intakes)
    if taken.nudged:
        _say(NUDGED, english, count=taken.nudged)
    _say(WRITTEN, english, rows=taken.rows, errors=errors, warnings=warnings)
    _say(WHERE, english, path=taken.path)
    _say(NEXT, english, path=taken.path)
    return code


def synthesize(
    out: Path, *, rows: int, seed: int, on: datetime.date, english: bool
) -> int:
    """Do the work of ``tidu synth``; the return value is the exit code."""
    population = Population(rows, seed, on, default_library())
    with progress_bar() as bar:
        advance = steps_of(bar, translate(N_("生成"), english))
        written = write_population(
            out,
            population,
            # The bar counts firms, of which the work is done in blocks, in two passes.
            progress=lambda done, total: advance(done * BLOCK // 2, total * BLOCK // 2),
        )
    _say(MADE, english, rows=written.rows, seed=seed, path=out)
    _say(NEXT, english, path=out)
    return 0


def _say(msgid: str, english: bool, **values: object) -> None:
    sys.stderr.write(translate(msgid, english).format(**values) + "\n")


MADE = N_("已写出{rows}家虚构企业（种子{seed}）：{path}")
WRITTEN = N_("已写入{rows}家企业；错误{errors}条，提醒{warnings}条。")
WHERE = N_("快照：{path}")
NEXT = N_("下一步：tidu screen {path} -o 结果.parquet")
NUDGED = N_(
    "提醒：{count}个比例或数超过八位小数，四舍五入会落到可能的门槛上，"
    "已向原值一侧移动0.00000001。"
)
