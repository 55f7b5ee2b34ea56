"""``--columns``: foreign columns, constants, derivations, and maps that are wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tidu.intake import load_column_map
from tidu.rules.errors import PackError
from tidu.rules.library import default_library

FACTS = default_library().facts


@pytest.fixture
def mapped(tmp_path):
    """Write a column map and load it."""

    def load(text):
        path = tmp_path / "map.yaml"
        path.write_text(text, encoding="utf-8")
        return load_column_map(path, FACTS)

    return load


def values(intake, row=0):
    return intake.rows[row].facts.flat()


def told(intake, severity="error"):
    return [p.sentence() for p in intake.problems if p.severity == severity]


def refuse(mapped, text):
    with pytest.raises(PackError) as error:
        mapped(text)
    assert error.value.exit_code == 4
    return str(error.value).rpartition("map.yaml:")[2]


def test_columns_with_unit_year_and_page(read, mapped):
    columns = mapped(
        "columns:\n"
        "  corp: name\n"
        "  turnover: {fact: revenue, year: fy, unit: 元, source: '年报第{page}页'}\n"
        "  heads: employees@2025\n"
    )
    intake = read("corp,turnover,fy,page,heads\n甲,5000,2024,12.0,7\n", columns=columns)
    assert values(intake) == {
        "name": "甲",
        "revenue@2024": Decimal(5000),
        "employees@2025": 7,
    }
    sources = intake.rows[0].facts.sources
    assert sources["revenue@2024"] == "firms.csv 第2行，年报第12页"
    assert told(intake) == []
    assert all("不认识" not in each for each in told(intake, "warning"))


def test_short_form_without_sections(read, mapped):
    columns = mapped("turnover: revenue(元)@2025\ncorp: name\n")
    intake = read("corp,turnover\n甲,5000\n", columns=columns)
    assert values(intake)["revenue@2025"] == Decimal(5000)


def test_columns_not_in_the_map_are_read_by_their_own_headers(read, mapped):
    columns = mapped("columns: {turnover: revenue(元)@2025}\nignore: [memo]\n")
    intake = read(
        "企业名称,turnover,从业人员@2025,memo,其他栏目\n甲,5000,7,x,y\n",
        columns=columns,
    )
    assert values(intake)["employees@2025"] == 7
    assert [p.column for p in intake.warnings if "不认识" in p.what] == ["其他栏目"]


def test_ignored_columns_at_the_end_are_not_too_many(read, mapped):
    columns = mapped("columns: {corp: name}\nignore: [a, b]\n")
    assert read("corp,a,b\n甲,1,2\n", columns=columns).rows[0].readable


def test_constant_for_every_row(read, mapped):
    columns = mapped(
        "columns: {corp: name}\n"
        "constants:\n"
        "  listed: {value: 是, source: 交易所名单}\n"
        "  revenue@2025: 1.2亿\n"
    )
    intake = read("corp\n甲\n", columns=columns)
    assert values(intake)["listed"] is True
    assert values(intake)["revenue@2025"] == Decimal(120_000_000)
    assert intake.rows[0].facts.sources["listed"] == "交易所名单"


def test_derivation_from_columns_is_rounded_and_named_as_source(read, mapped):
    columns = mapped(
        "columns: {staff: rnd_staff@2025}\n"
        "derive:\n"
        "  employees@2025:\n"
        "    expression: staff / (share / 100)\n"
        "    source: 研发人员{staff}人除以{share}%\n"
    )
    intake = read("name,staff,share\n甲,583.0,74.36\n", columns=columns)
    assert values(intake)["employees@2025"] == 784
    assert intake.rows[0].facts.sources["employees@2025"] == (
        "firms.csv 第2行，推算：研发人员583人除以74.36%"
    )


@pytest.mark.parametrize(
    "derive",
    [
        "derive: {employees@2025: rnd_staff / market_share}",
        "derive: {employees: rnd_staff / market_share}",
        'derive: ["employees@2025 = rnd_staff / market_share"]',
        "derive: [employees = rnd_staff / 占比]",
        'derive: {employees@2025: "rnd_staff / `占比`"}',
    ],
)
def test_ways_to_write_a_derivation(read, mapped, derive):
    columns = mapped(f"columns: {{占比: market_share}}\n{derive}\n")
    intake = read("name,rnd_staff@2025,占比\n甲,5,12.5%\n", columns=columns)
    assert values(intake)["employees@2025"] == 40


def test_equation_in_place_of_a_column(read, mapped):
    columns = mapped("staff: rnd_staff@2025\nshare: employees = staff / share\n")
    intake = read("name,staff,share\n甲,5,0.125\n", columns=columns)
    assert values(intake)["employees@2025"] == 40


def test_column_with_signs_in_its_name(read, mapped):
    columns = mapped(
        'columns: {n: name}\nderive: {employees@2025: "人数 * 100 / `占比(%)`"}\n'
    )
    assert values(read("n,人数,占比(%)\n甲,5,10\n", columns=columns)) == {
        "name": "甲",
        "employees@2025": 50,
    }


def test_all_four_operations(read, mapped):
    columns = mapped("columns: {n: name}\nderive: {revenue@2025: (a + b) * 2 - a / 4}")
    intake = read("n,a,b\n甲,4,3\n", columns=columns)
    assert values(intake)["revenue@2025"] == Decimal("13.00")


def test_fact_of_another_year_is_not_used(read, mapped):
    columns = mapped("derive: {employees@2025: rnd_staff * 2}\ncolumns: {n: name}\n")
    intake = read("n,rnd_staff@2024\n甲,5\n", columns=columns)
    assert "employees@2025" not in values(intake)


def test_unknown_figure_gives_no_derivation_and_a_written_one_wins(read, mapped):
    columns = mapped("columns: {n: name}\nderive: {employees@2025: a * 2}\n")
    intake = read("n,a,employees@2025\n甲,-,\n乙,4,9\n", columns=columns)
    assert "employees@2025" not in values(intake, 0)
    assert values(intake, 1)["employees@2025"] == 9


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("0", "除数为零，或数太大"),
        ("约3", "读不成数字"),
        ("-1", "不能为负"),
    ],
)
def test_derivation_that_fails_is_an_error_of_its_row(read, mapped, cell, what):
    columns = mapped("columns: {n: name}\nderive: {employees@2025: 100 / a}\n")
    intake = read(f"n,a\n甲,{cell}\n乙,4\n", columns=columns)
    assert [row.readable for row in intake.rows] == [False, True]
    assert what in told(intake)[0]
    assert "employees@2025 = 100 / a" in told(intake)[0]


def test_derived_ratio_above_ten_is_refused(read, mapped):
    columns = mapped("columns: {n: name}\nderive: {market_share: a / b}\n")
    intake = read("n,a,b\n甲,50,2\n乙,1,4\n", columns=columns)
    assert "超过1000%" in told(intake)[0]
    assert values(intake, 1)["market_share"] == Decimal("0.25")


def test_year_of_a_row_that_is_none(read, mapped):
    columns = mapped("columns: {a: {fact: revenue, year: fy, unit: 元}, n: name}\n")
    intake = read("n,a,fy\n甲,5,24\n乙,5,2024年\n丙,5,1970\n", columns=columns)
    assert [row.readable for row in intake.rows] == [False, True, False]
    assert "年份读不懂" in told(intake)[0]
    assert "年份超出范围" in told(intake)[1]


def test_part_larger_than_its_whole_where_the_year_is_a_column(read, mapped):
    columns = mapped(
        "columns:\n"
        "  n: name\n"
        "  a: {fact: employees, year: fy}\n"
        "  b: {fact: rnd_staff, year: fy}\n"
    )
    intake = read("n,a,b,fy\n甲,5,6,2024\n", columns=columns)
    assert [p.column for p in intake.warnings if "大于" in p.what] == ["b"]


def test_column_the_file_does_not_have_is_a_warning(read, mapped):
    columns = mapped("columns: {corp: name, tunrover: revenue(元)@2025}\n")
    intake = read("corp,turnover\n甲,5\n", columns=columns)
    assert (
        "提醒：firms.csv “tunrover”列：对照表里有这一列，文件里没有；请核对列名。"
        in (told(intake, "warning"))
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: {a: revenu@2025}\n", "1: 不认识的事实 revenu@2025"),
        ("columns: {a: revenue@1970}\n", "1: revenue@1970 的年份超出范围"),
        ("columns:\n  a: {fact: revenue, year: 1970}\n", "2: 年份 1970 超出范围"),
        ("columns:\n  a: {fact: revenue, unit: 吨}\n", "2: 不认识的单位 吨"),
        ("columns:\n  a: {fact: revenue, units: 元}\n", "2: 不认识的键 units"),
        ("columns: {a: name}\nconstants: {listed: 也许}\n", "2: listed 的 也许"),
        ("columns: {a: name}\nconstants: {revenue: 5}\n", "2: revenue 要写年份"),
        ("columns: {a: name}\nconstants: {listed@2025: 是}\n", "2: listed 不分年度"),
        ("columns: {a: name}\nderive: {listed: a}\n", "2: listed 不是数"),
        ("columns: {a: name}\nderive: {staff@2025: a}\n", "2: 不认识的事实 staff"),
        ("columns: {a: name}\nderive: {employees@2025: a(1)}\n", "2: 算式读不懂"),
        ("columns: {a: name}\nderive: {employees@2025: a **}\n", "2: 算式读不懂"),
        ("columns: {a: name}\nderive: {employees@2025: a ** 9}\n", "2: 算式读不懂"),
        ("columns: {a: name, a: uscc}\n", "1: 键 a 重复"),
    ],
)
def test_wrong_map_names_its_line(mapped, text, said):
    assert refuse(mapped, text).startswith(said)


def test_expression_without_end_is_refused(mapped):
    brackets = "(" * 5_000
    text = f'columns: {{a: name}}\nderive: {{employees@2025: "{brackets}"}}\n'
    assert len(refuse(mapped, text)) < 700
