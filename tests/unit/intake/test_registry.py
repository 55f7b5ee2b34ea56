"""Real registrations with real defects: every row is accounted for.

The files may not ship, so these tests run only where the data folder lies beside the
project, or where TIDU_SHARED names it.
"""

from __future__ import annotations

import csv
import datetime
import os
from collections import Counter
from pathlib import Path

import pytest

from tidu.intake import load_column_map, read_file
from tidu.rules.library import default_library

SHARED = Path(os.environ.get("TIDU_SHARED", Path(__file__).parents[4] / "shared"))
REGISTRY = SHARED / "data/registry"
FACTS = default_library().facts
ON = datetime.date(2026, 6, 1)

pytestmark = pytest.mark.skipif(
    not REGISTRY.is_dir(), reason="the registrations may not ship and are not here"
)


@pytest.fixture
def read(tmp_path):
    """Read one of the registry files through a column map."""
    columns = tmp_path / "columns.yaml"
    columns.write_text(
        "columns:\n  企业名称: name\n  统一社会信用代码: uscc\n  注册日期: established_on\n",
        encoding="utf-8",
    )
    mapping = load_column_map(columns, FACTS)
    return lambda name: read_file(REGISTRY / name, FACTS, on=ON, columns=mapping)


def records(name: str) -> list[dict[str, str]]:
    with (REGISTRY / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["registry_dev_8k.csv", "registry_dirty_rows.csv"])
def test_every_row_is_read_or_has_an_error_that_names_its_cell(read, name):
    intake = read(name)
    assert [row.row for row in intake.rows] == list(range(2, len(records(name)) + 2))
    for row in intake.rows:
        errors = [p for p in row.problems if p.severity == "error"]
        assert row.readable is not bool(errors)
        assert all(each.row == row.row and each.column for each in errors)


def test_names_and_dates_are_those_of_the_file(read):
    written = records("registry_dev_8k.csv")
    for row in read("registry_dev_8k.csv").rows:
        record = written[row.row - 2]
        assert row.name == record["企业名称"].strip()
        if row.readable:
            date = row.facts.get("established_on")
            assert date is None or date.isoformat() == record["注册日期"]


def test_each_kind_of_defect_is_met_as_the_contract_says(read):
    written = records("registry_dirty_rows.csv")
    found = Counter(
        (written[row.row - 2]["defect"], row.readable, row.uscc is None)
        for row in read("registry_dirty_rows.csv").rows
    )
    assert found["bad_checksum_18", True, False] == 0
    assert found["bad_checksum_18", False, True] > 0
    assert found["legacy_15_digit", True, True] > 0
    assert all(
        not missing for (kind, _, missing), _ in found.items() if kind == "no_scope"
    )
