"""Small populations on the borders of the rules, as snapshot files for tests."""

from pathlib import Path
from random import Random

import pyarrow as pa
from pyarrow import parquet

from tests.agreement import firms, tables
from tidu.bulk import duck
from tidu.bulk.arrow_types import arrow_type
from tidu.bulk.screen import Screening, Snapshot, open_snapshot, query_for
from tidu.rules.library import Library, default_library
from tidu.rules.rulesets import Kind

LIBRARY = default_library()
DAY = firms.ON


def write_border_firms(path: Path, count: int, seed: int) -> None:
    """Random firms over every fact, half of the figures on or beside a border."""
    random = Random(seed)  # noqa: S311 - reproducible firms
    rows = [firms.firm(random, number) for number in range(count)]
    columns = {
        column.name: pa.array(
            [tables.cell(column, facts) for facts in rows], arrow_type(column)
        )
        for column in firms.COLUMNS
    }
    parquet.write_table(pa.table(columns), path)


def opened(path: Path, library: Library = LIBRARY) -> Snapshot:
    return open_snapshot(path, library, warn=lambda _sentence: None)


def screened(snapshot: Snapshot, library: Library, scheme: str, on, kind=Kind.NEW):
    """Credit code → outcome, by an ordinary screening."""
    query = query_for(snapshot, library, Screening((scheme,), on, kind, brief=True))
    with duck.connect(snapshot.path.parent) as connection:
        duck.attach(connection, snapshot.path)
        sql = f'SELECT uscc, "{scheme}__outcome" FROM ({query.text()})'  # noqa: S608
        rows = duck.run(connection, sql)
    return dict(rows)
