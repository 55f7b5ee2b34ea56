"""CSV and JSON as they come: damaged lines, doubled columns, odd encodings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tidu.intake import UnreadableFile, load_column_map
from tidu.rules.library import default_library

from .conftest import CODE, OTHER


def values(row):
    return row.facts.flat()


def told(intake, severity="error"):
    return [p.sentence() for p in intake.problems if p.severity == severity]


def test_quote_that_does_not_match_spoils_only_its_line(read):
    intake = read(
        "name,revenue(元)@2025\n"
        '"甲"公司,3\n'
        '"乙,4\n'
        "丙,5\n"
        '丁"牌"公司,6\n'
        '"戊\n公司",7\n'
        '"己,8\n'
    )
    assert [(row.row, row.name, row.readable) for row in intake.rows] == [
        (2, None, False),
        (3, None, False),
        (4, "丙", True),
        (5, '丁"牌"公司', True),
        (6, "戊\n公司", True),
        (7, None, False),
    ]
    assert told(intake)[0] == (
        '错误：firms.csv 第2行：“"甲"公司,3”这一行的引号不成对，或一格过长；'
        "请改正引号；其他行不受影响。"
    )


def test_cell_without_end_spoils_only_its_line(read):
    intake = read("name,revenue(元)@2025\n" + "甲" * 200_000 + ",3\n乙,4\n")
    assert [row.readable for row in intake.rows] == [False, True]


def test_same_header_twice(read):
    intake = read(
        f"uscc,revenue(元)@2025,revenue(元)@2025\n{CODE},1,2\n{OTHER},3,3\n,,4\n"
    )
    assert [row.readable for row in intake.rows] == [False, True, True]
    assert values(intake.rows[2])["revenue@2025"] == Decimal(4)
    assert [p.what for p in intake.warnings if p.row == 1] == ["与“{first}”列是同一项"]


def test_key_twice_in_an_object(read):
    intake = read(
        '[{"name":"甲","revenue@2025":1,"revenue@2025":2}]', name="firms.json"
    )
    assert [row.readable for row in intake.rows] == [False]


def test_text_that_keeps_excel_from_counting(read):
    intake = read(f'uscc,revenue(元)@2025\n="{CODE}",="5"\n')
    assert values(intake.rows[0]) == {"uscc": CODE, "revenue@2025": Decimal(5)}


def test_file_that_names_its_delimiter(read):
    intake = read("sep=;\nname;revenue(元)@2025\n甲;5\n")
    assert (intake.rows[0].name, intake.rows[0].row) == ("甲", 3)


def test_delimiter_is_told_from_commas_in_numbers_and_texts(read):
    intake = read(
        "2025年摸底表\nname;revenue(元)@2025;备注\n甲;5,000;a,b,c\n乙;6,000;a,b\n"
    )
    assert values(intake.rows[0])["revenue@2025"] == Decimal(5_000)


def test_lines_of_an_old_macintosh(read):
    assert len(read("name,revenue@2025\r甲,5\r乙,6\r").rows) == 2


def test_bad_byte_in_a_utf8_file_is_an_error_of_its_cell(read):
    rows = "企业名称,营业收入(元)@2025\n甲@公司,5\n乙公司,6\n".encode()

    intake = read(rows.replace(b"@", b"\xff").decode("latin-1"), encoding="latin-1")

    assert [row.readable for row in intake.rows] == [False, True]
    assert "有读不出的字符" in told(intake)[0]


def test_zero_byte_far_down_is_no_table(read):
    with pytest.raises(UnreadableFile, match="不是表格文件"):
        read("name\n" + "甲\n" * 3_000 + "\0\n")


def test_cell_under_no_name_is_told_once(read):
    intake = read(f"uscc,,name\n{CODE},5,甲\n{OTHER},6,乙\n")
    assert told(intake, "warning") == [
        "提醒：firms.csv 第2行 “B”列：“5”这一列没有列名；没有读；"
        "请写上列名，或删去这一列。"
    ]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("营业收入(人)@2025", "人"),
        ("从业人员(万元)@2025", "万元"),
        ("从业人员(%)@2025", "%"),
        ("全国细分市场占有率(年)", "年"),
    ],
)
def test_unit_that_does_not_fit_is_told(read, header, unit):
    intake = read(f"name,{header}\n甲,1\n")
    assert intake.rows[0].readable
    assert [p.values["unit"] for p in intake.warnings if "不适合" in p.what] == [unit]


def test_unknown_unit_is_told_and_the_column_left(read):
    intake = read(f"uscc,营业收入(千吨)@2025\n{CODE},1\n")
    assert told(intake, "warning") == [
        "提醒：firms.csv 第1行 “营业收入(千吨)@2025”列：不认识这一列；"
        "已忽略；括号里的“千吨”不是认得的单位或年份。"
    ]


def test_column_whose_cells_all_carry_units_needs_none(read):
    intake = read(f"uscc,营业收入@2025\n{CODE},5088万元\n")
    assert intake.problems == []


def test_header_without_rows_is_said(read):
    intake = read("name,revenue@2025\n")
    assert (intake.rows, intake.readings) == ([], ["文件里没有数据行"])


def test_problems_come_in_the_order_of_the_file(read):
    intake = read("name,营业收人,revenue@2025\n甲,1,x\n合计,1,1\n乙,1,x\n")
    assert [p.row for p in intake.problems] == sorted(p.row for p in intake.problems)
    assert {p.row for p in intake.problems} == {1, 2, 3, 4}


def test_objects_of_json_are_never_left_out(read):
    intake = read([{"name": "合计"}, {}, {"name": None}])
    assert [row.row for row in intake.rows] == [1, 2, 3]


def test_json_of_many_kinds(read):
    intake = read(
        '{"enterprises": [{"name": "甲", "revenue@2025": 1' + "0" * 40 + "},"
        ' {"name": "乙", "market_share": NaN},'
        ' {"name": "丙", "dq01": ["A", "none"]}]}',
        name="firms.json",
    )
    assert [row.readable for row in intake.rows] == [False] * 3
    assert "“A、none”写了“无”" in told(intake)[-1]


def test_part_of_a_derived_whole_is_checked_too(read, tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text("columns: {n: name}\nderive: {rnd_staff@2025: a * 2}\n", "utf-8")
    columns = load_column_map(path, default_library().facts)

    intake = read("n,employees@2025,a\n甲,5,3\n", columns=columns)

    assert [p.column for p in intake.warnings if "大于" in p.what] == ["研发人员"]
