"""Put one fault at a time into the SQL builder and see whether agreement notices.

Each mutant runs in a process forked from this one, which imports the builder afresh
with the fault in it, builds the queries of the agreement tests again, and runs on DuckDB
those whose text has changed. What DuckDB does not notice is put to PostgreSQL and, where
it is installed, ClickHouse: corners and invented rule sets, without the random trees. A
mutant is killed when a row is not what the reference says, or the builder breaks.
``build/mutants.md`` names the survivors.

    python -m tests.mutation.run [--excluded] [module or module:line …]

``--excluded`` runs those that are left out instead: whichever is noticed should not be.
"""

import dataclasses
import difflib
import gc
import importlib
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing.connection import wait
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from tests.agreement import (
    conftest,
    engines,
    firms,
    tables,
    test_points,
    test_rule_sets,
    test_schemes,
    test_trees,
)
from tests.mutation.exclusions import reason_of
from tests.mutation.operators import Mutant, mutants
from tidu.rules.parse import parse_condition
from tidu.rules.rulesets import Kind

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "tidu" / "bulk"
MODULES = (
    *("columns", "writing", "amounts", "steps", "translator", "conditions", "values"),
    *("grades", "points", "schemes", "gaps", "sql"),
)
SOURCES = {name: (FOLDER / f"{name}.py").read_bytes() for name in MODULES}
REPORT = ROOT / "build" / "mutants.md"
FIRST = "duckdb"
OTHERS = [each for each in ("postgres", "clickhouse") if not engines.absence(each)]
SECONDS = 300  # of the clock, for one mutant; a case has a few of the processor
MEMORY = 64 * 2**30  # of addresses: ClickHouse claims more than it uses
AT_ONCE = int(os.environ.get("TIDU_MUTANTS_AT_ONCE", min(2, os.cpu_count() or 1)))
EXCLUDED = "--excluded"
FORK = multiprocessing.get_context("fork")


@dataclasses.dataclass(frozen=True)
class Case:
    """What one query compares: the test module it stands in, and what it asks."""

    name: str
    module: str
    asked: tuple  # a batch of trees; or scheme, day and kind; or a variant

    @property
    def held(self) -> str:
        """The table it is compared on."""
        return "firms" if self.module == "test_schemes" else "trees"

    @property
    def engines(self) -> list[str]:
        """Those it is run on, the first one first."""
        few = self.held == "trees" and not self.name.startswith(("trees", "refus"))
        return [FIRST, *OTHERS] if few else [FIRST]


@dataclasses.dataclass
class Base:
    """How a case went without a fault: text and rows by engine."""

    sql: dict[str, str]
    rows: dict[str, list]
    seconds: float  # of the processor, traced, on the first engine
    lines: frozenset  # (module, line) the builder ran through


@dataclasses.dataclass(frozen=True)
class Place:
    """Where the tables are: a folder, and the PostgreSQL they are copied into."""

    folder: Path
    uri: str


def all_cases() -> list[Case]:
    corners = [
        parse_condition(each, test_trees.trees.NAMES) for each in test_trees.CORNERS
    ]
    batches = (
        ("corners", "test_trees", corners),
        ("corner points", "test_points", test_points.CORNERS),
        ("points", "test_points", test_points.random_values()),
        ("trees", "test_trees", test_trees.random_trees()),
    )
    return [
        *(
            Case(f"{name} {at}", module, tuple(drawn[at : at + test_trees.AT_ONCE]))
            for name, module, drawn in batches
            for at in range(0, len(drawn), test_trees.AT_ONCE)
        ),
        *(Case(name, "test_rule_sets", (name,)) for name in test_rule_sets.NAMED),
        *(
            Case(f"{scheme} {on} {kind}", "test_schemes", (scheme, on, kind))
            for scheme in test_schemes.SCHEMES
            for on in test_schemes.DAYS
            for kind in Kind
        ),
        Case("refusals", "test_trees", ()),
    ]


CASES = all_cases()
BY_NAME = {case.name: case for case in CASES}
ROWS = {
    "trees": [tables.firm(conftest.seeded(n), n) for n in range(conftest.TREE_FIRMS)],
    "firms": [firms.firm(conftest.seeded(n), n) for n in range(conftest.SCHEME_FIRMS)],
}


# -- in the child --------------------------------------------------------------------


class Faulty(SourceFileLoader):
    """Loads one module of the builder from a text with a fault."""

    text = b""

    def get_code(self, fullname):
        return compile(self.text, self.path, "exec", dont_inherit=True)


class Finder:
    """Finds that module, and no other."""

    def __init__(self, mutant: Mutant):
        self.name = f"tidu.bulk.{mutant.module}"
        self.path = str(FOLDER / f"{mutant.module}.py")
        self.text = mutant.apply(SOURCES[mutant.module])

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        loader = Faulty(fullname, self.path)
        loader.text = self.text
        return spec_from_file_location(fullname, self.path, loader=loader)


def fresh(mutant: Mutant | None) -> None:
    """Import the builder and its tests again, with a fault."""
    if mutant:
        sys.meta_path.insert(0, Finder(mutant))
    for name in list(sys.modules):
        if name.startswith(("tidu.bulk", "tests.agreement")):
            del sys.modules[name]


def test_module(name: str):
    return importlib.import_module(f"tests.agreement.{name}")


def write_tables(folder: Path) -> None:
    again = test_module("conftest")
    for which, module in (("trees", "tables"), ("firms", "firms")):
        (folder / which).mkdir()
        columns = test_module(module).COLUMNS
        again.write(folder / which / "table.parquet", columns, ROWS[which])


class Comparison:
    """Runs cases over the tables of a place; what engines write goes to ``own``."""

    def __init__(self, place: Place, own: Path):
        self.place, self.own = place, own
        self.open = {}

    def run(self, engine: str, which: str, sql: str) -> list:
        if (engine, which) not in self.open:
            path = self.place.folder / which / "table.parquet"
            columns = test_module("tables" if which == "trees" else which).COLUMNS
            if engine == "postgres":
                opened = connected(self.place.uri, path, columns)
            else:
                (self.own / engine / which).mkdir(parents=True)
                path = shutil.copy(path, self.own / engine / which / path.name)
                opened = test_module("engines").opened(engine, path, columns)
            self.open[engine, which] = opened, opened.__enter__()
        return self.open[engine, which][1](sql)

    def build(self, engine: str, case: Case):
        """The query's text, and what compares its rows."""
        module = test_module(case.module)
        if case.name == "refusals":
            for text in module.WIDE:
                said = {each for each in engines.NAMES if module.accepted(text, each)}
                assert said == module.WIDE[text]
            test_module("test_rule_sets").agree_on_engines()
            return "", None
        if case.module == "test_schemes":
            sql = module.translated(*case.asked, engine)
            return sql, lambda rows: module.agree(*case.asked, rows, ROWS["firms"])
        if case.module == "test_rule_sets":
            asked = module.variants(ROWS["trees"])[case.name]
            sql = module.translated(engine, **asked)
            return sql, lambda rows: module.agree(rows, ROWS["trees"], **asked)
        sql, kept = module.translated(case.asked, engine)
        assert len(kept) == len(case.asked) or not case.name.startswith("corner")
        return sql, lambda rows: module.agree(kept, rows, ROWS["trees"])


@contextmanager
def connected(uri: str, table: Path, columns):
    """A connection whose own temporary table is ``enterprises``."""
    mine = "-c search_path=pg_temp"
    with psycopg.connect(uri, row_factory=dict_row, options=mine) as connection:
        test_module("engines").fill_postgres(connection, table, columns)
        yield lambda sql: connection.execute(sql.encode()).fetchall()


def give_up(_signal, _frame):
    raise TimeoutError


def judge(mutant: Mutant, names: list[str], bases: dict[str, Base], place: Place, out):
    """Say which case notices the fault; an empty text if none does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stderr = sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for good
    own = tempfile.TemporaryDirectory()
    engine, name = FIRST, "import"
    try:
        fresh(mutant)
        gc.disable()  # it dies soon
        test_module("test_schemes")
        again = mutant.module == "columns"  # the tests' tables are made with it
        if again:
            write_tables(Path(own.name))
            place = Place(Path(own.name), place.uri)
        comparison = Comparison(place, Path(own.name))
        signal.signal(signal.SIGPROF, give_up)
        for engine in (FIRST, *OTHERS):
            for name in names:
                base, case = bases[name], BY_NAME[name]
                if engine in case.engines:
                    signal.setitimer(signal.ITIMER_PROF, 3 + 10 * base.seconds)
                    put(comparison, engine, case, base, again=again)
    except TimeoutError:
        out.send("timeout")
    except BaseException:  # noqa: BLE001 - whatever breaks, it has been noticed
        out.send(name if engine == FIRST else f"{name} on {engine}")
    else:
        out.send("")
    finally:
        own.cleanup()
    out.close()
    os._exit(0)


def put(comparison: Comparison, engine: str, case: Case, base: Base, *, again: bool):
    """Compare a case on an engine if the fault has changed its query there."""
    sql, agree = comparison.build(engine, case)
    if agree and (again or sql != base.sql[engine]):
        rows = comparison.run(engine, case.held, sql)
        if rows != base.rows[engine]:
            agree(rows)


def measure(name: str, engine: str, place: Place, out) -> None:
    """Run cases without a fault: one on the first engine, or all on another.

    Sends text, rows, seconds, and the builder's lines each of them runs through.
    """
    fresh(None)
    gc.disable()
    own = tempfile.TemporaryDirectory()
    comparison = Comparison(place, Path(own.name))
    ours = {str(FOLDER / f"{name}.py"): name for name in MODULES}
    lines = set()

    def trace(frame, event, argument):
        name = ours.get(frame.f_code.co_filename)
        if name:
            lines.add((name, frame.f_lineno))
        return trace if name else None

    for case in [BY_NAME[name]] if name else CASES:
        if engine not in case.engines:
            continue
        test_module(case.module)
        lines.clear()
        started, rows = time.process_time(), []
        sys.settrace(trace)
        text, agree = comparison.build(engine, case)
        sys.settrace(None)
        if agree:
            rows = comparison.run(engine, case.held, text)
            agree(rows)
        seconds = time.process_time() - started
        out.send((case.name, text, rows, seconds, frozenset(lines)))
    out.send(None)
    own.cleanup()
    os._exit(0)


# -- in the parent -------------------------------------------------------------------


def forked(function, *arguments):
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=function, args=(*arguments, there))
    process.start()
    there.close()
    return process, here


def measured(place: Place) -> dict[str, Base]:
    """Every case without a fault; of those with the same query, the first."""
    _, pipe = forked(
        lambda out: (write_tables(place.folder), out.send(""), os._exit(0))
    )
    pipe.recv()
    found: dict[str, Base] = {}
    for case in CASES:
        for name, text, rows, seconds, lines in sent(case.name, FIRST, place):
            if not text or text not in {each.sql[FIRST] for each in found.values()}:
                found[name] = Base({FIRST: text}, {FIRST: rows}, seconds, lines)
    for engine in OTHERS:
        for name, text, rows, _, lines in sent("", engine, place):
            if name in found:
                found[name].sql[engine], found[name].rows[engine] = text, rows
                found[name].lines |= lines
    return found


def sent(name: str, engine: str, place: Place):
    """What a measuring process sends until it is done."""
    process, pipe = forked(measure, name, engine, place)
    yield from iter(pipe.recv, None)
    process.join()


def cases_of(mutant: Mutant, bases: dict[str, Base], kills: Counter) -> list[str]:
    """The cases that run through a mutant's lines, quick and deadly ones first."""
    reached = [
        name
        for name, base in bases.items()
        if mutant.reach is None
        or any((mutant.module, line) in base.lines for line in mutant.reach)
    ]
    return sorted(reached, key=lambda name: bases[name].seconds / (1 + kills[name]))


def judged(wanted: list[Mutant], bases, place) -> dict[Mutant, str]:
    """For each mutant the case that noticed it, empty if it survived."""
    found: dict[Mutant, str] = {}
    kills: Counter[str] = Counter()
    waiting, running = list(reversed(wanted)), {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutant = waiting.pop()
            names = cases_of(mutant, bases, kills)
            process, pipe = forked(judge, mutant, names, bases, place)
            running[pipe] = process, mutant, time.monotonic()
        for pipe in wait(list(running), timeout=1):
            process, mutant, _ = running.pop(pipe)
            try:
                found[mutant] = pipe.recv()
            except EOFError:
                found[mutant] = "crash"
            kills[found[mutant]] += 1
            process.join()
            print(f"{mutant.module}.py:{mutant.line} {mutant.fault}:", end=" ")
            print(found[mutant] or "SURVIVED", flush=True)
        for pipe, (process, mutant, started) in list(running.items()):
            if time.monotonic() - started > SECONDS:
                process.kill()
                process.join()
                found[mutant] = "timeout"
                del running[pipe]
    return found


def difference(mutant: Mutant) -> str:
    source = SOURCES[mutant.module]
    before, after = (
        text.decode().splitlines() for text in (source, mutant.apply(source))
    )
    changed = difflib.unified_diff(before, after, n=0, lineterm="")
    return "\n".join(list(changed)[3:])


def report(
    excluded: dict[Mutant, str], found: dict[Mutant, str], seconds: float
) -> str:
    """The table of modules, the reasons, and every survivor."""
    lines = ["# Mutants", "", f"{len(found)} run in {seconds / 60:.0f} minutes.", ""]
    lines += ["module | made | excluded | run | killed | timeout | survived | share"]
    lines += [" | ".join(["---"] * 8)]
    for name in (*MODULES, "all"):
        left = Counter(r for m, r in excluded.items() if name in {m.module, "all"})
        ran = [how for m, how in found.items() if name in {m.module, "all"}]
        survived, late = ran.count(""), ran.count("timeout")
        share = f"{(1 - survived / len(ran)):.1%}" if ran else "-"
        row = [left.total() + len(ran), left.total(), len(ran)]
        row += [len(ran) - survived - late, late, survived]
        lines.append(" | ".join([name, *map(str, row), share]))
    lines += ["", "## Excluded", ""]
    for reason, count in Counter(excluded.values()).most_common():
        lines.append(f"- {count}: {reason}")
    lines += ["", "## Killed by", ""]
    lines += [
        f"- {n}: {name}" for name, n in Counter(found.values()).most_common() if name
    ]
    lines += ["", "## Survivors", ""]
    for mutant in (each for each, how in found.items() if not how):
        place = f"{mutant.module}.py:{mutant.line}"
        lines += [f"{place} ({mutant.fault})", "```diff", difference(mutant), "```", ""]
    return "\n".join(lines)


def main() -> None:
    asked = [each for each in sys.argv[1:] if each != EXCLUDED]
    made = [each for name in MODULES for each in mutants(name, SOURCES[name])]
    if asked:
        made = [m for m in made if {m.module, f"{m.module}:{m.line}"} & set(asked)]
    excluded = {m: reason for m in made if (reason := reason_of(m, SOURCES[m.module]))}
    if EXCLUDED in sys.argv:
        made, excluded = list(excluded), {}
    wanted = [each for each in made if each not in excluded]
    gc.collect()
    gc.freeze()
    with (
        tempfile.TemporaryDirectory() as folder,
        engines.postgres_server(Path(folder) / "postgres") as uri,
    ):
        started, place = time.monotonic(), Place(Path(folder), uri)
        bases = measured(place)
        found = judged(wanted, bases, place)
    ordered = {each: found[each] for each in wanted}
    text = report(excluded, ordered, time.monotonic() - started)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    print("\n" + text.partition("\n## Killed by")[0])


if __name__ == "__main__":
    main()
