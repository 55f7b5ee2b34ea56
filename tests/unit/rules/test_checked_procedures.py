"""A pack's procedures are checked: their scheme, editions and clauses are there."""

import datetime

import pytest

from tests.packs.small import write_small
from tidu.rules.check import check_pack

PROCEDURE = """\
source: {document: 1-2026, grade: official}
steps:
  - {id: check, kind: preliminary_check, level: county}
  - {id: decision, kind: decision, level: province, clause: 第一条}
after:
  - rule_sets: [2026-01-01]
    validity_years: 3
    update_by: 05-31
    misses: 2
    consequence: revoked
    change_months: 3
    bar_years: 3
    clauses: {update: 第二条}
    grade: official
"""


def complaints(tmp_path, text, name="gold"):
    folder = write_small(tmp_path, **{f"procedures__{name}": text})
    found = check_pack(folder, datetime.date(2026, 2, 1))
    return [each.sentence() for each in found]


def test_a_procedure_in_order_is_clean(tmp_path):
    assert complaints(tmp_path, PROCEDURE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-01-01]", "2025-01-01]", "2025-01-01 不是这一称号的标准"),
        ("clause: 第一条", "clause: 第九条", "第九条"),
        ("update: 第二条", "update: 第八条", "第八条"),
    ],
)
def test_what_is_not_there_is_told(tmp_path, old, new, said):
    found = complaints(tmp_path, PROCEDURE.replace(old, new))

    assert any(said in each for each in found)


def test_a_procedure_of_no_scheme_is_told(tmp_path):
    found = complaints(tmp_path, PROCEDURE, "silver")

    assert any("silver 不是这一称号的标准" in each for each in found)


def test_papers_of_no_group_are_told(tmp_path):
    papers = """\
papers:
  - rule_sets: [2026-01-01]
    document: d
    clause: 第二条
    grade: official
    required: [poetry]
"""

    found = complaints(tmp_path, PROCEDURE + papers)

    assert any("材料 poetry 不是任何一组数据" in each for each in found)
