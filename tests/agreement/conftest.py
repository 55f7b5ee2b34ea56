"""The tables of random firms and the engines that hold them, once per test run."""

from random import Random

import pyarrow
import pyarrow.parquet
import pytest

from tests.agreement import engines, firms, tables
from tidu.bulk.arrow_types import arrow_schema

SEED = 2026
TREE_FIRMS = 120
SCHEME_FIRMS = 60


def write(path, columns, found):
    rows = [
        {column.name: tables.cell(column, facts) for column in columns}
        for facts in found
    ]
    table = pyarrow.Table.from_pylist(rows, schema=arrow_schema(columns))
    pyarrow.parquet.write_table(table, path, store_decimal_as_integer=True)
    return path


def seeded(number):
    return Random(SEED * 100_000 + number)  # noqa: S311 - figures, no secrets


# One engine, one worker: starting Spark twice costs more than it saves.
ENGINES = [
    pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in engines.NAMES
]


@pytest.fixture(scope="session", params=ENGINES)
def engine(request):
    engines.check(request.param)
    return request.param


@pytest.fixture(scope="session")
def random_firms():
    return [tables.firm(seeded(number), number) for number in range(TREE_FIRMS)]


@pytest.fixture(scope="session")
def whole_firms():
    return [firms.firm(seeded(number), number) for number in range(SCHEME_FIRMS)]


@pytest.fixture(scope="session")
def run(engine, tmp_path_factory, random_firms, whole_firms):
    """Run SQL over one of the two tables: ``run("trees", sql)``."""
    found = {
        "trees": (tables.COLUMNS, random_firms),
        "firms": (firms.COLUMNS, whole_firms),
    }
    current = {}

    def runner(which, sql):
        if current.get("which") != which:
            if "open" in current:
                current.pop("open").__exit__(None, None, None)
            columns, rows = found[which]
            folder = tmp_path_factory.mktemp(which)
            path = write(folder / "table.parquet", columns, rows)
            opened = engines.opened(engine, path, columns)
            current.update(which=which, open=opened, run=opened.__enter__())
        return current["run"](sql)

    yield runner
    if "open" in current:
        current.pop("open").__exit__(None, None, None)
