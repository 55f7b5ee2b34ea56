"""Real registrations: every row is read, or an error names its cell.

The files may not be shipped; the tests run where they lie beside the repository, or
where TIDU_SHARED says.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from tidu.intake import load_column_map, read_file
from tidu.rules.library import default_library

from .conftest import ON

BESIDE = Path(__file__).parents[3].parent / "shared"
REGISTRY = Path(os.environ.get("TIDU_SHARED", BESIDE)) / "data" / "registry"
FACTS = default_library().facts
MAP = """\
columns:
  企业名称: name
  统一社会信用代码: uscc
  注册日期: established_on
ignore: [defect, 企业类型, 注册资金, 经营范围, 所在省份, 地区, 注册地址]
"""

needs = pytest.mark.skipif(
    not REGISTRY.is_dir(), reason="the registry files are not beside the repository"
)


@pytest.fixture
def read_registry(tmp_path):
    """Read one of the files through a column map, with its own rows beside."""

    def read_it(name, text=MAP):
        columns = tmp_path / "map.yaml"
        columns.write_text(text, encoding="utf-8")
        path = REGISTRY / name
        with path.open(encoding="utf-8-sig", newline="") as file:
            written = list(csv.DictReader(file))
        mapping = load_column_map(columns, FACTS)
        return written, read_file(path, FACTS, on=ON, columns=mapping)

    return read_it


def accounts_for_every_row(written, intake):
    """Each row of the file is a row of the intake, read or with an error that names it."""
    assert [row.row for row in intake.rows] == list(range(2, len(written) + 2))
    assert (intake.left_out, intake.blank) == (0, 0)
    for row in intake.rows:
        if not row.readable and not row.repeats:
            errors = [p for p in row.problems if p.severity == "error"]
            assert errors
            assert all(p.row == row.row and p.column and p.text for p in errors)
    return True


@needs
def test_eight_thousand_registrations(read_registry):
    written, intake = read_registry("registry_dev_8k.csv")

    assert len(written) == 8_000
    assert accounts_for_every_row(written, intake)
    assert Counter(p.what for p in intake.problems) == {"年份超出范围": 6}
    assert all(int(p.text[:4]) < 1980 for p in intake.errors)
    for line, row in zip(written, intake.rows, strict=True):
        assert row.uscc == line["统一社会信用代码"]
        assert row.name == line["企业名称"].strip()
        date = row.facts.get("established_on")
        assert date is None or str(date) == line["注册日期"]


@needs
def test_real_defects_are_told_apart(read_registry):
    written, intake = read_registry("registry_dirty_rows.csv")

    assert accounts_for_every_row(written, intake)
    found = Counter(
        (line["defect"], problem.severity, problem.what)
        for line, row in zip(written, intake.rows, strict=True)
        for problem in row.problems
    )
    assert found == {
        ("bad_checksum_18", "error", "统一社会信用代码的校验位不对"): 96,
        ("legacy_15_digit", "warning", "是旧的注册号"): 150,
        ("legacy_15_digit", "error", "年份超出范围"): 5,
        ("legacy_13_or_other", "warning", "是旧的注册号"): 90,
        ("legacy_13_or_other", "error", "统一社会信用代码是{length}位"): 10,
    }
    assert all(
        row.uscc is None
        for line, row in zip(written, intake.rows, strict=True)
        if line["defect"] in {"bad_checksum_18", "legacy_15_digit"}
    )


@needs
def test_register_whose_header_slipped_is_mapped(read_registry):
    written, intake = read_registry(
        "neeq_register_2017-10.csv",
        "columns: {公司名称: name}\n"
        "constants: {listed: {value: 否, source: 新三板不是上市}}\n"
        "ignore: [股票代码, 股票名称, 注册地址, 挂牌日期, 所在地, 主办券商, 网址]\n",
    )

    assert accounts_for_every_row(written, intake)
    assert len(intake.rows) == len(written)
    assert intake.errors == []
