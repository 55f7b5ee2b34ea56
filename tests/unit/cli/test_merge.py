"""``tidu merge``: the files of a round become one table and a list of whom to chase."""

from __future__ import annotations

import datetime
import json

import pytest
import python_calamine as calamine
import xlsxwriter

from tidu.intake import read_file
from tidu.rules.library import default_library

ON = ("--on", "2026-06-01", "--scheme", "innovative_sme")
DAY = datetime.date(2026, 6, 1)
CODE, OTHER, THIRD = "91990102MA0000001D", "91990102MA0000002G", "91990102MA0000003K"


@pytest.fixture
def returned(tmp_path):
    """Write firms into a file of the round."""

    def write(name, *firms):
        path = tmp_path / name
        path.write_text(json.dumps(firms, ensure_ascii=False), "utf-8")
        return path

    return write


@pytest.fixture
def expected(tmp_path):
    path = tmp_path / "名单.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("名单")
    rows = [["企业名称", "统一社会信用代码", "联系人", "联系电话"]]
    rows += [
        ["甲", CODE, "张（虚构）", "0990-1"],
        ["乙", OTHER, "李（虚构）", "0990-2"],
    ]
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return path


def page(path, name):
    """A sheet's lines under its title and header."""
    rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name)
    return rows.to_python()[2:]


def test_files_become_one_table_that_can_be_assessed(tidu, tmp_path, returned):
    one = returned("1.json", {"uscc": CODE, "name": "甲", "revenue@2025": 100})
    two = returned(
        "2.json", {"uscc": CODE, "employees@2025": 30, "demo_local_chain": "是"}
    )
    out = tmp_path / "汇总.xlsx"

    ran = tidu("merge", one, two, *ON, "-o", out)

    assert ran.code == 0
    assert "2个文件，1家企业；不一致0处，还没返回0家，返回不全1家" in ran.err
    intake = read_file(out, default_library().facts, on=DAY)
    assert intake.problems == []
    assert [row.facts.flat() for row in intake.rows] == [
        {
            "uscc": CODE,
            "name": "甲",
            "revenue@2025": 1_000_000,
            "employees@2025": 30,
            "demo_local_chain": True,
        }
    ]
    assert tidu("assess", out, *ON, "--format", "json").code == 0


def test_conflicts_and_sources_keep_every_figure(tidu, tmp_path, returned):
    one = returned("1.json", {"uscc": CODE, "name": "甲", "revenue@2025": 100})
    two = returned("2.json", {"uscc": CODE, "name": "甲", "revenue@2025": 101})
    out = tmp_path / "汇总.xlsx"

    ran = tidu("merge", one, two, *ON, "-o", out, "--lang", "en")

    assert "conflicts: 1" in ran.err
    (conflict,) = page(out, "填报冲突")
    assert conflict == [
        "甲", CODE, "2025年营业收入", "100万元", "1.json 第1行", "101万元", "2.json 第1行",
    ]  # fmt: skip
    figures = [(line[3], line[4], line[5]) for line in page(out, "数据来源")]
    assert ("revenue@2025", "101万元", "2.json 第1行") in figures
    assert len(figures) == 6
    assert (
        read_file(out, default_library().facts, on=DAY)
        .rows[0]
        .facts.get("revenue@2025")
        == 1_000_000
    )


def test_the_chase_list_names_who_is_missing_what(tidu, tmp_path, returned, expected):
    one = returned(
        "1.json",
        {"uscc": CODE, "name": "甲", "revenue@2025": 100},
        {"uscc": THIRD, "name": "丙"},
        {"revenue@2025": 5},
    )
    out = tmp_path / "汇总.xlsx"

    ran = tidu("merge", one, *ON, "-o", out, "--expected", expected)

    assert ran.code == 0
    assert "还没返回1家，返回不全3家" in ran.err
    lines = page(out, "催报清单")
    assert [line[0] for line in lines] == ["乙", "丙", "甲", "1.json 3"]
    assert lines[0][1:5] == [OTHER, "李（虚构）", "0990-2", "未返回"]
    assert lines[0][6:] == ["全部", ""]
    assert lines[1][4] == "返回不全，不在名单里"
    assert lines[2][2:5] == ["张（虚构）", "0990-1", "返回不全"]
    assert lines[2][5] == lines[0][5] - 1
    assert lines[2][7] == "1.json"
    assert "项" in lines[2][6]


def test_a_firm_with_nothing_left_to_ask_is_done(tidu, tmp_path, returned):
    firm = {"uscc": CODE, "name": "甲", "abnormal_list": "是"}
    out = tmp_path / "汇总.xlsx"

    tidu("merge", returned("1.json", firm), *ON, "-o", out)

    (line,) = page(out, "催报清单")
    assert line[4:7] == ["已齐", 0, ""]


def test_errors_are_told_and_the_rest_goes_on(tidu, tmp_path, returned):
    bad = returned(
        "1.json", {"uscc": CODE, "revenue@2025": "很多", "employees@2025": 3}
    )
    broken = tmp_path / "坏.xlsx"
    broken.write_text("x")
    out = tmp_path / "汇总.xlsx"

    ran = tidu("merge", broken, bad, *ON, "-o", out)

    assert ran.code == 3
    assert "读不成金额" in ran.err
    assert "坏.xlsx" in ran.err
    assert "1个文件，1家企业" in ran.err
    kinds = [line[0] for line in page(out, "读入报告")]
    assert kinds.count("错误") == 2
    assert len(page(out, "数据来源")) == 2


def test_a_warning_is_in_the_report_and_not_on_the_screen(tidu, tmp_path, returned):
    odd = returned("1.json", {"uscc": CODE, "营业收入x": 1, "employees@2025": 3})
    out = tmp_path / "汇总.xlsx"

    ran = tidu("merge", odd, *ON, "-o", out)

    assert ran.code == 0
    assert "不认识" not in ran.err
    assert [line[0] for line in page(out, "读入报告")] == ["提醒"]


def test_nothing_readable_is_one_sentence(tidu, tmp_path):
    broken = tmp_path / "坏.xlsx"
    broken.write_text("x")

    ran = tidu("merge", broken, *ON, "-o", tmp_path / "汇总.xlsx")

    assert ran.code == 1
    assert "坏.xlsx" in ran.err
    assert not (tmp_path / "汇总.xlsx").exists()


def test_the_merged_table_is_an_excel_file(tidu, tmp_path, returned):
    ran = tidu(
        "merge", returned("1.json", {"name": "甲"}), *ON, "-o", tmp_path / "a.csv"
    )

    assert ran.code == 2
    assert "a.xlsx" in ran.err
