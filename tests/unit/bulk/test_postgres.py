"""PostgreSQL: a real server; what it cannot do is one sentence and leaves no file."""

from __future__ import annotations

import psycopg
import pytest
import sqlglot
from pyarrow import parquet

from tests.agreement import engines, firms
from tests.unit.bulk.populations import DAY, LIBRARY, write_border_firms
from tidu.bulk import postgres
from tidu.bulk.duck import EngineError
from tidu.bulk.manifest import SnapshotError, new_manifest
from tidu.bulk.postgres import screen_on_postgres
from tidu.bulk.screen import SCREENING, Screening
from tidu.bulk.sql import Query, dialect_named

ASKED = Screening(("unicorn",), DAY, brief=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    engines.check("postgres")
    with engines.postgres_server(tmp_path_factory.mktemp("postgres")) as dsn:
        yield dsn


@pytest.fixture
def table(server, tmp_path):
    """A server with the table ``enterprises`` of as many random firms as asked for."""
    with psycopg.connect(server) as connection:

        def make(count):
            path = tmp_path / "firms.parquet"
            write_border_firms(path, count, seed=5)
            engines.fill_postgres(connection, path, firms.COLUMNS)
            connection.commit()
            path.unlink()
            return server

        yield make
        connection.rollback()
        connection.execute("DROP TABLE IF EXISTS enterprises")


def select(text):
    """A query of our own, as if it had been built."""
    return Query(sqlglot.parse_one(text), dialect_named("postgres"), (), (), {})


def write(dsn, text, out):
    manifest = new_manifest(SCREENING, LIBRARY.national, (), as_of=DAY)
    with postgres.connect(dsn) as connection:
        return postgres.write_result(connection, select(text), out, manifest)


def test_an_empty_table_gives_an_empty_result(table, tmp_path):
    out = tmp_path / "out.parquet"
    found = screen_on_postgres(table(0), LIBRARY, ASKED, out)
    assert found.rows == 0
    assert found.outcomes == {"unicorn": {}}
    assert found.most_absent() == []
    assert parquet.read_table(out).num_rows == 0


def test_firms_are_counted_by_outcome(table, tmp_path):
    out = tmp_path / "out.parquet"
    found = screen_on_postgres(table(50), LIBRARY, ASKED, out)
    written = parquet.read_table(out)["unicorn__outcome"].to_pylist()
    assert found.rows == 50
    assert found.outcomes["unicorn"] == {
        each: written.count(each) for each in set(written)
    }


def test_the_connection_cannot_write(table):
    with postgres.connect(table(1)) as connection, pytest.raises(psycopg.Error):
        connection.execute("DELETE FROM enterprises")


def test_a_failing_statement_is_one_sentence(server, tmp_path):
    with pytest.raises(EngineError) as caught:
        write(server, "SELECT uscc FROM nowhere", tmp_path / "out.parquet")
    said = str(caught.value)
    assert said == (
        'PostgreSQL 没有算成：relation "nowhere" does not exist；请检查数据库里的表'
    )
    assert list(tmp_path.iterdir()) == []


def test_a_figure_too_fine_for_its_column_is_one_sentence(server, tmp_path):
    finer = "SELECT 0.00000000000000000001::numeric AS x__short"
    with pytest.raises(EngineError, match="PostgreSQL 没有算成"):
        write(server, finer, tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_sentence(server, tmp_path):
    with pytest.raises(SnapshotError, match=r"写不出 .*请检查文件夹和权限"):
        write(server, "SELECT 1 AS uscc", tmp_path / "none" / "out.parquet")


def test_empty_texts_are_told_from_unknown_ones(server, tmp_path):
    out = tmp_path / "out.parquet"
    write(server, "SELECT '' AS a, NULL AS b, 'x,\"y' AS c, 1.50 AS d_low", out)
    [row] = parquet.read_table(out).to_pylist()
    assert (row["a"], row["b"], row["c"], float(row["d_low"])) == (
        "",
        None,
        'x,"y',
        1.5,
    )
