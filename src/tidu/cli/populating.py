"""Make tables of enterprises: ``tidu snapshot`` and ``tidu synth``."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from tidu.bulk.accounts import BLOCK
from tidu.bulk.synth import Population, write_population
from tidu.cli.assessing import progress_bar, steps_of
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library


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
    text = translate(
        N_("已写出{rows}家虚构企业（种子{seed}）：{path}"), english
    ).format(rows=written.rows, seed=seed, path=out)
    after = translate(N_("下一步：tidu screen {path} -o 结果.parquet"), english)
    sys.stderr.write(f"{text}\n{after.format(path=out)}\n")
    return 0
