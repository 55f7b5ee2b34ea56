"""63号 annex 2 over millions of firms: Tidu's SQL, OpenFisca vectorised, Spark.

``make everybody`` writes docs/benchmarks-bulk.md. All engines get the same synthetic
firms on the same cores, one after another in the same run; ratios count, not seconds.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy
import population
import pyarrow
from pyarrow import parquet

from tidu.bulk import duck, spark, writing
from tidu.bulk.columns import TABLE
from tidu.bulk.schemes import translate_scheme
from tidu.bulk.screen import Snapshot, open_snapshot
from tidu.bulk.sql import dialect_named, translator_for
from tidu.bulk.synth import Population, write_population
from tidu.rules.library import Library, default_library
from tidu.rules.rulesets import Kind

HERE = Path(__file__).resolve().parent
ON = datetime.date(2025, 6, 30)
TODAY = datetime.date(2026, 6, 1)
SCHEME = "srdi_sme"
SWEEP = "srdi_sme.min_rnd_ratio=1%..10%/1000"
ROUNDS = 3


def main() -> None:
    """Measure, print, write the page."""
    options = _options()
    library = default_library()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        found = measure(library, folder, options)
    page = write_page(found)
    print(page)
    if options.output:
        options.output.write_text(page, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000_000, 60_000_000])
    parser.add_argument("--folder", type=Path, default=None, help="needs some GB")
    parser.add_argument(
        "--output", type=Path, default=HERE.parent / "docs" / "benchmarks-bulk.md"
    )
    return parser.parse_args()


def measure(library: Library, folder: Path, options: argparse.Namespace) -> Any:
    """Every engine on the same firms; then all nine schemes at several sizes."""
    table = folder / "annex2.parquet"
    write_population(table, Population(options.rows, 1, ON, library))
    snapshot = open_snapshot(table, library, warn=print)
    query, columns = annex2(library, snapshot, "duckdb")
    found: dict[str, Any] = {"rows": options.rows, "columns": len(columns)}
    found["memory"] = in_memory(table, query, columns)
    found["peers"] = openfisca(folder, table, library, found["memory"].pop("counts"))
    found["file"] = from_file(table, query, columns, folder)
    found["spark"] = on_spark(library, snapshot, folder)
    table.unlink()
    shutil.rmtree(folder / "spark.parquet", ignore_errors=True)
    found["sizes"] = [
        all_schemes(library, folder, size, more=size == options.rows)
        for size in sorted({*options.sizes, options.rows})
    ]
    found["rules"] = rules_of(library, list(library.national.schemes))
    found["rules_annex2"] = rules_of(library, [SCHEME], day=ON)
    return found


def rules_of(library: Library, schemes: list[str], day: datetime.date = TODAY) -> int:
    """How many criteria and score items the schemes have on a day."""
    chosen = [library.national.schemes[s].which(Kind.NEW, day) for s in schemes]
    return sum(
        len(rule_set.criteria) + len(rule_set.items)
        for rule_set, _ in filter(None, chosen)
    )


def annex2(
    library: Library, snapshot: Snapshot, dialect: str
) -> tuple[str, tuple[str, ...]]:
    """The gates, the items and the outcome as codes and points, no texts."""
    to = translator_for(
        library,
        ON,
        dialect_named(dialect),
        available=snapshot.names,
        most=snapshot.ranges,
    )
    rule_set = next(
        r for r in library.national.schemes[SCHEME].rule_sets if r.id == "2022-08-01"
    )
    made = translate_scheme(to, SCHEME, rule_set, Kind.NEW)
    assert made.score is not None
    columns = {"outcome": made.outcome.sql}
    for each in made.judged:
        if each.points is None:
            columns[each.id] = each.outcome.sql
        else:
            assert each.points.low is not None
            assert each.points.high is not None
            columns[each.id] = each.points.low.sql
            columns[f"{each.id}_most"] = each.points.high.sql
    assert made.score.low is not None
    assert made.score.high is not None
    columns |= {"score": made.score.low.sql, "score_most": made.score.high.sql}
    select = to.steps.select(columns, writing.table(TABLE))
    return select.sql(dialect=dialect), tuple(to.used)


def timed(
    call: Callable[[], object], rounds: int = ROUNDS, *, warm: bool = True
) -> float:
    """The median of some runs, after one to warm up; seconds."""
    if warm:
        call()
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def in_memory(table: Path, query: str, columns: tuple[str, ...]) -> dict[str, Any]:
    """DuckDB and Polars with all columns in memory, results kept in memory."""
    names = ", ".join(f'"{each}"' for each in columns)
    found: dict[str, Any] = {}
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"CREATE TABLE {TABLE} AS SELECT {names} FROM '{table}'")
        found["duckdb"] = timed(
            lambda: connection.execute(f"CREATE OR REPLACE TEMP TABLE r AS {query}")
        )
        counted = "SELECT outcome, count(*) FROM r GROUP BY 1 ORDER BY 1"
        found["counts"] = connection.execute(counted).fetchall()
    try:
        import polars  # noqa: PLC0415 - a candidate, measured where it is found
    except ImportError:
        return found
    frame = polars.read_parquet(table, columns=list(columns))
    context = polars.SQLContext(**{TABLE: frame})
    found["polars"] = timed(lambda: context.execute(query).collect(), rounds=1)
    result = context.execute(query).collect()
    counts = sorted(result.group_by("outcome").len().rows())
    found["polars_agrees"] = counts == [tuple(each) for each in found["counts"]]
    return found


def openfisca(
    folder: Path, table: Path, library: Library, counts: list[Any]
) -> dict[str, Any]:
    """OpenFisca in its own process, its arrays prepared beforehand."""
    arrays = folder / "arrays"
    arrays.mkdir()
    write_arrays(table, library, arrays)
    done = subprocess.run(
        [
            os.environ.get("BENCH_PYTHON", sys.executable),
            str(HERE / "openfisca_everybody.py"),
            str(arrays),
            str(ROUNDS),
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    shutil.rmtree(arrays)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["met_in_tidu"] = sum(n for code, n in counts if code == 3)  # noqa: PLR2004
    return found


def write_arrays(table: Path, library: Library, folder: Path) -> None:
    """One .npy per figure; unknown is zero there, choices are small numbers."""
    size = library.national.tables["sme_size"]
    large = {
        row.id: {each.fact: int(each.bounds[-1]) for each in row.indicators}
        for row in size.rows
        if row.indicators
    }
    codes: dict[str, int] = {"none": 0}
    kinds: dict[str, str] = {}
    for name, key in population.peer_names(ON.year - 1).items():
        fact_id, _, year = key.partition("@")
        column = f"{fact_id}_{year}" if year else fact_id
        found = parquet.read_table(table, columns=[column])[column].combine_chunks()
        if pyarrow.types.is_dictionary(found.type) or pyarrow.types.is_string(
            found.type
        ):
            encoded = found.cast(pyarrow.string()).dictionary_encode()
            words = encoded.dictionary.to_pylist()
            numbers = [codes.setdefault(word, len(codes)) for word in words]
            at = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            values = numpy.array([*numbers, 0], dtype=numpy.int32)[at]
        elif pyarrow.types.is_boolean(found.type):
            values = found.fill_null(pyarrow.scalar(value=False)).to_numpy(
                zero_copy_only=False
            )
        elif pyarrow.types.is_decimal(found.type):
            values = (
                found.cast(pyarrow.float64())
                .fill_null(0)
                .to_numpy(zero_copy_only=False)
                .astype(numpy.float32)
            )
        else:
            values = (
                found.fill_null(0).to_numpy(zero_copy_only=False).astype(numpy.int32)
            )
        numpy.save(folder / f"{name}.npy", values)
        kinds[name] = values.dtype.name
    industry = parquet.read_table(table, columns=["industry"])["industry"]
    encoded = industry.cast(pyarrow.string()).combine_chunks().dictionary_encode()
    rows = [size.candidates(each)[0].id for each in encoded.dictionary.to_pylist()]
    numbers = [codes.setdefault(each, len(codes)) for each in (*large, *rows)][
        len(large) :
    ]
    at = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    numpy.save(
        folder / "size_row.npy", numpy.array([*numbers, 0], dtype=numpy.int32)[at]
    )
    kinds["size_row"] = "int32"
    about = {"codes": codes, "kinds": kinds, "large": large}
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")


def from_file(
    table: Path, query: str, columns: tuple[str, ...], folder: Path
) -> dict[str, float]:
    """Parquet to Parquet, and a plain copy of the same columns: the physical limit."""
    names = ", ".join(f'"{each}"' for each in columns)
    out = folder / "result.parquet"
    with duck.connect(folder) as connection:
        duck.attach(connection, table)
        plain = f"SELECT {names} FROM {TABLE}"
        return {
            "tidu": timed(
                lambda: duck.write_result(connection, query, out, {}), rounds=1
            ),
            "copy": timed(
                lambda: duck.write_result(connection, plain, out, {}), rounds=1
            ),
        }


def on_spark(library: Library, snapshot: Snapshot, folder: Path) -> float | None:
    """Parquet to Parquet on Spark in local mode; None where there is no Spark."""
    try:
        spark.check_installed()
    except duck.EngineError:
        return None
    query, _ = annex2(library, snapshot, "spark")
    with spark.session(memory="6GB", folder=folder, master="local[2]") as session:
        return timed(
            lambda: spark.write_result(
                session, snapshot.path, query, folder / "spark.parquet", {}
            ),
            rounds=1,
            warm=False,
        )


def all_schemes(
    library: Library, folder: Path, rows: int, *, more: bool
) -> dict[str, Any]:
    """All nine schemes, brief, by ``tidu screen``; with ``more`` also the others.

    The others: every criterion, a sweep of 1,000 thresholds, a forecast.
    """
    table = folder / f"all-{rows}.parquet"
    started = time.perf_counter()
    write_population(table, Population(rows, 2, TODAY, library))
    made = time.perf_counter() - started
    found: dict[str, Any] = {"rows": rows, "made": made, "bytes": table.stat().st_size}
    out = folder / "out.parquet"
    screening = ("screen", str(table), "-o", str(out), "--on", TODAY.isoformat())
    found["brief"] = command(*screening, "--brief")
    if more:
        found["full"] = command(*screening, "--memory", "5GB")
        found["sweep"] = command(
            *("simulate", str(table), "--on", TODAY.isoformat(), "-o", str(out)),
            *("--sweep", SWEEP),
        )
        found["single"] = command(*screening, "--brief", "--scheme", SCHEME)
        found["forecast"] = command(
            *("forecast", str(table), "-o", str(out)),
            *("--from", "2025-12-31", "--to", TODAY.isoformat()),
        )
    table.unlink()
    return found


def command(*arguments: str) -> tuple[float, int]:
    """Run one command of ``tidu`` in a process of its own: seconds, peak bytes."""
    tidu = [sys.executable, "-m", "tidu.cli.main", *arguments]
    watched = [sys.executable, str(HERE / "watched.py"), *tidu]
    done = subprocess.run(watched, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"tidu {' '.join(arguments)}: {done.stderr}")
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


def write_page(found: dict[str, Any]) -> str:
    """The measurements as a page."""
    rows = found["rows"]
    tidu, fisca = found["memory"]["duckdb"], found["peers"]["seconds"]
    lines = [
        ("Tidu on DuckDB, in memory", tidu),
        ("OpenFisca-Core, vectorised, single precision, no unknown", fisca),
    ]
    if "polars" in found["memory"]:
        agrees = "" if found["memory"]["polars_agrees"] else " (another answer!)"
        lines.append((f"the same SQL on Polars{agrees}", found["memory"]["polars"]))
    lines += [
        ("Tidu on DuckDB, Parquet → Parquet", found["file"]["tidu"]),
        ("a plain copy of the columns read, Parquet → Parquet", found["file"]["copy"]),
    ]
    if found["spark"] is not None:
        spark_line = "Tidu on Spark, local mode, Parquet → Parquet"
        lines.append((spark_line, found["spark"]))
    body = "\n".join(
        f"| {name} | {seconds:.1f} | {rows / seconds / 1e6:.2f} | "
        f"{fisca / seconds:.2f} |"
        for name, seconds in lines
    )
    sizes = "\n".join(
        f"| {each['rows']:,} | {each['brief'][0]:.0f} | "
        f"{each['rows'] / each['brief'][0]:,.0f} | {each['brief'][1] / 1e9:.1f} | "
        f"{each['rows'] / each['made']:,.0f} | {each['bytes'] / each['rows']:.0f} |"
        for each in found["sizes"]
    )
    whole = next(each for each in found["sizes"] if each["rows"] == rows)
    other = "\n".join(
        f"| {name} | {whole[key][0]:.0f} | {rows / whole[key][0]:,.0f} | "
        f"{whole[key][1] / 1e9:.1f} |"
        for key, name in (
            ("brief", "`tidu screen --brief`, nine schemes"),
            ("full", "`tidu screen`, every criterion with its missing facts"),
            ("single", f"`tidu screen --brief --scheme {SCHEME}`"),
            ("sweep", f"`tidu simulate --sweep {SWEEP}`"),
            ("forecast", "`tidu forecast`, every title and its holders"),
        )
    )
    per_rule = (rows * found["rules"] / whole["brief"][0]) / (
        rows * found["rules_annex2"] / fisca
    )
    return (
        (HERE / "bulk_page.md")
        .read_text(encoding="utf-8")
        .format(
            machine=f"{platform.machine()}, {os.cpu_count()} cores",
            rows=f"{rows:,}",
            body=body,
            sizes=sizes,
            other=other,
            sweep=f"{whole['sweep'][0] / whole['single'][0]:.1f}",
            rules=found["rules"],
            per_rule=f"{per_rule:.2f}",
            ratio=f"{fisca / tidu:.2f}",
            goal="reached" if fisca / tidu >= 3 else "**missed**",  # noqa: PLR2004
            met=f"{found['peers']['met_in_tidu']:,}",
            fisca_met=f"{found['peers']['met']:,}",
            fisca=found["peers"]["version"],
            duckdb=duckdb.__version__,
        )
    )


if __name__ == "__main__":
    main()
