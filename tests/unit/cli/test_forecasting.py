"""``tidu forecast``: what it prints, writes, refuses and exits with."""

from __future__ import annotations

import dataclasses
import datetime

import pyarrow as pa
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook
from rich.cells import cell_len

from tests.agreement import tables
from tidu.bulk.arrow_types import arrow_schema
from tidu.bulk.columns import columns_for
from tidu.bulk.forecast import Due, forecast
from tidu.bulk.path_class import MONEY, PAPER, Move
from tidu.bulk.screen import open_snapshot
from tidu.bulk.transition import COLUMNS, Outlook
from tidu.cli import forecast_workbook, forecasting
from tidu.planning.levers import load_levers
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.outcomes import MET, UNMET

LIBRARY = default_library()
START, END = datetime.date(2025, 12, 31), datetime.date(2026, 6, 1)
DAYS = ("--from", START, "--to", END)
NAMES = {
    "uscc", "name", "territory", "holds_srdi", "srdi_valid_until", "holds_champion",
    "niche_years", "abnormal_list",
}  # fmt: skip
ALL = [each for each in columns_for(LIBRARY.facts, ()) if each.name in NAMES]
HELD = 40


def person(number: int, until: datetime.date | None) -> Facts:
    flat = {
        "uscc": f"{number:018d}",
        "name": f"=虚构{number}号",
        "territory": "110000" if number % 2 else "440000",
        "holds_srdi": True,
        "srdi_valid_until": until,
        "holds_champion": number == 1,
        "niche_years": 2 if number % 3 == 0 else 9,
        "abnormal_list": number % 5 == 0,
    }
    return Facts.of({key: value for key, value in flat.items() if value is not None})


def ends(number: int) -> datetime.date | None:
    if number == HELD:
        return None
    return datetime.date(2026 + number % 3, 1 + number % 12, 15)


def write(path, people, columns=ALL):
    rows = [{c.name: tables.cell(c, facts) for c in columns} for facts in people]
    parquet.write_table(pa.Table.from_pylist(rows, arrow_schema(columns)), path)
    return path


@pytest.fixture
def snapshot(tmp_path):
    people = [person(number, ends(number)) for number in range(1, HELD + 1)]
    return write(tmp_path / "p.parquet", people)


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def test_the_terminal_shows_titles_criteria_and_the_cliff(tidu, snapshot):
    ran = tidu("forecast", snapshot, *DAYS)
    assert ran.code == 0
    assert "按2025-12-31和2026-06-01的复核标准比较，共41项称号" in ran.out
    assert "从事特定细分市场年限" in ran.out
    assert "Tidu 自己的划分" in ran.out
    assert "2026Q1" in ran.out
    assert "不详" in ran.out
    assert "快照没有这些称号的到期日，季度记为不详：制造业单项冠军企业" in ran.err
    assert "没有预测：科技型中小企业" in ran.err
    assert all(cell_len(line) <= 80 for line in ran.out.splitlines())


def test_english_has_no_chinese(tidu, snapshot):
    ran = tidu("forecast", snapshot, *DAYS, "--lang", "en")
    assert "41 titles" in ran.out
    assert not [c for c in ran.out if "\u4e00" <= c <= "\u9fff"]
    assert all(cell_len(line) <= 80 for line in ran.out.splitlines())


def test_one_year_leaves_out_who_has_no_end_date(tidu, snapshot):
    ran = tidu("forecast", snapshot, *DAYS, "--expiring", 2027)
    assert "2027年到期的称号共13项" in ran.out
    assert "2026Q" not in ran.out
    assert "没有计入的家数：专精特新中小企业 1、制造业单项冠军企业 1" in ran.err


def test_a_year_in_which_none_ends(tidu, snapshot):
    ran = tidu("forecast", snapshot, *DAYS, "--expiring", 2040)
    assert ran.code == 0
    assert "2040年到期的称号共0项" in ran.out
    assert len(ran.out.splitlines()) == 1


def test_nobody_fails_anything(tidu, tmp_path):
    columns = [c for c in ALL if c.name in {"uscc", "holds_srdi", "srdi_valid_until"}]
    table = write(tmp_path / "p.parquet", [person(1, ends(1))], columns)
    ran = tidu("forecast", table, *DAYS)
    assert "不符合最多的条件" not in ran.out
    assert "0–1" in ran.out


def test_a_snapshot_with_every_title_skips_none(tidu, tmp_path):
    titles = {each.title_fact for each in LIBRARY.national.schemes.values()}
    columns = [c for c in columns_for(LIBRARY.facts, ()) if c.name in NAMES | titles]
    table = write(tmp_path / "p.parquet", [person(1, ends(1))], columns)
    assert "没有预测" not in tidu("forecast", table, *DAYS).err


def test_many_quarters_are_cut_and_said_to_be(tidu, tmp_path):
    days = [datetime.date(2026 + n // 4, 1 + n % 4 * 3, 1) for n in range(20)]
    people = [person(number, day) for number, day in enumerate(days, 2)]
    ran = tidu("forecast", write(tmp_path / "p.parquet", people), *DAYS)
    assert "2029Q4" in ran.out
    assert "2030Q1" not in ran.out
    assert "…" in ran.out


def test_parquet_has_a_row_for_each_holder_and_title(tidu, snapshot, tmp_path):
    out = tmp_path / "o.parquet"
    ran = tidu("forecast", snapshot, *DAYS, "-o", out)
    assert ran.code == 0
    assert f"结果：{out}" in ran.err
    written = parquet.read_table(out)
    assert written.column_names == list(COLUMNS)
    assert written.num_rows == 41
    assert sorted(tmp_path.iterdir()) == [out, snapshot]


def sheets(path):
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_says_the_same_as_the_parquet(tidu, snapshot, tmp_path):
    book, out = tmp_path / "o.XLSX", tmp_path / "o.parquet"
    assert tidu("forecast", snapshot, *DAYS, "-o", book).code == 0
    assert tidu("forecast", snapshot, *DAYS, "-o", out).code == 0
    found = sheets(book)
    assert list(found) == ["汇总", "断崖", "持有者"]
    head, *lines = found["持有者"][2:]
    written = parquet.read_table(out).to_pylist()
    assert len(lines) == len(written) == 41
    by_code = {(line[0], line[3]): dict(zip(head, line, strict=True)) for line in lines}
    labels = {
        each.id: each.label.say(english=False)
        for each in LIBRARY.national.schemes.values()
    }
    for row in written:
        line = by_code[row["uscc"], labels[row["scheme"]]]
        assert line["企业名称"] == row["name"]  # no formula
        assert (line["有效期至"] or None) == row["valid_until"]
        assert line["季度"] == (row["quarter"] or "")
        assert line["不符合的条件"].count("；") == (row["failing"] or "").count(";")
        assert bool(line["出路"]) is bool(row["path"])
    cliff = found["断崖"][3:]
    assert sum(line[3] for line in cliff) == 41
    for line in cliff:
        assert line[9] == line[5]
        assert line[10] == line[5] + line[6] + line[7]
    assert "自估" in found["汇总"][1][0]
    assert sorted(tmp_path.iterdir()) == sorted([book, out, snapshot])


def test_the_english_workbook(tidu, snapshot, tmp_path):
    out = tmp_path / "o.xlsx"
    tidu("forecast", snapshot, *DAYS, "-o", out, "--lang", "en")
    found = sheets(out)
    assert list(found) == ["Summary", "Cliff", "Holders of titles"]
    words = {line[10] for line in found["Holders of titles"][3:]}
    assert words <= {"", "paper", "money", "years", "blocked"}


def test_a_sheet_that_is_too_short_says_so(snapshot, tmp_path):
    out = tmp_path / "o.xlsx"
    opened = open_snapshot(snapshot, LIBRARY, warn=lambda _sentence: None)
    moves = forecasting.moves_of(load_levers(LIBRARY.national))
    with forecast(opened, LIBRARY, Outlook(START, END), moves, tmp_path) as found:
        left = forecast_workbook.write(out, found, LIBRARY, english=False, most=10)
    assert left == 31
    rows = sheets(out)["持有者"]
    assert rows[1][0] == "共41行，这里只有前10行；要全部的行，请写成 .parquet"
    assert len(rows) == 13


def test_the_command_says_that_rows_were_left_out(
    snapshot, tmp_path, tidu, monkeypatch
):
    monkeypatch.setattr(forecast_workbook, "MOST_ROWS", 10)
    ran = tidu("forecast", snapshot, *DAYS, "-o", tmp_path / "o.xlsx")
    assert "少写了31行；要全部的行，请用 -o 文件.parquet" in ran.err


def test_before_any_rules_there_is_nothing_to_say(tidu, tmp_path):
    columns = [c for c in ALL if c.name in {"uscc", "holds_champion"}]
    table = write(tmp_path / "p.parquet", [person(1, None)], columns)
    out = tmp_path / "o.xlsx"
    early = ("--from", "2022-01-01", "--to", "2022-01-01")
    assert tidu("forecast", table, *early, "-o", out).code == 0
    assert "– → –" in sheets(out)["汇总"][4]
    late = ("--from", "2022-01-01", "--to", "2026-06-01")
    assert tidu("forecast", table, *late, "-o", out).code == 0


def test_a_criterion_the_old_rules_lacked_is_named_so(tidu, tmp_path):
    columns = [c for c in ALL if c.name in {"uscc", "holds_champion", "niche_years"}]
    holder = Facts.of({"uscc": f"{1:018d}", "holds_champion": True, "niche_years": 2})
    table = write(tmp_path / "p.parquet", [holder], columns)
    out = tmp_path / "o.xlsx"
    tidu("forecast", table, "--from", "2022-01-01", "--to", END, "-o", out)
    assert sheets(out)["持有者"][3][13] == "原标准没有"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--from", END, "--to", START), 2, "--to 2025-12-31 早于 --from 2026-06-01"),
        ((*DAYS, "--expiring", 2020), 2, "--expiring 2020 早于 --from"),
        ((*DAYS, "-o", "o.csv"), 2, "请以 .xlsx、.parquet 结尾"),
        ((*DAYS, "-o", "nowhere/o.xlsx"), 2, "没有文件夹 nowhere"),
    ],
)
def test_what_cannot_be_asked(tidu, snapshot, arguments, code, sentence):
    ran = tidu("forecast", snapshot, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert sentence in ran.err
    assert len(ran.err.splitlines()) == 1


def test_the_snapshot_is_never_written_over(tidu, snapshot):
    before = snapshot.read_bytes()
    ran = tidu("forecast", snapshot, *DAYS, "-o", snapshot)
    assert (ran.code, ran.out) == (2, "")
    assert "就是快照本身" in ran.err
    assert snapshot.read_bytes() == before


def test_a_workbook_that_cannot_be_finished_is_not_there(snapshot, tmp_path):
    out = tmp_path / "o.xlsx"
    out.write_text("before")
    opened = open_snapshot(snapshot, LIBRARY, warn=lambda _sentence: None)
    with forecast(opened, LIBRARY, Outlook(START, END), {}, tmp_path) as found:
        broken = dataclasses.replace(found, cliff=(None,))
        with pytest.raises(AttributeError):
            forecast_workbook.write(out, broken, LIBRARY, english=False, most=10)
    assert out.read_text() == "before"
    assert sorted(tmp_path.iterdir()) == [out, snapshot]


def test_a_snapshot_without_titles(tidu, tmp_path):
    columns = [each for each in ALL if each.name in {"uscc", "name"}]
    table = write(tmp_path / "p.parquet", [person(1, None)], columns)
    ran = tidu("forecast", table, *DAYS, "-o", tmp_path / "o.xlsx")
    assert ran.code == 1
    assert "没有称号列" in ran.err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == [table]


def test_levers_become_classes():
    moves = forecasting.moves_of(load_levers(LIBRARY.national))
    assert moves["rnd_expense"] == Move(MONEY)
    assert moves["total_liabilities"].falls
    assert moves["own_brand"] == Move(PAPER, options=("yes",))
    assert moves["holds_srdi"].path is PAPER
    assert moves["rnd_institution"].path is MONEY


def test_quarters_add_up_over_titles_and_provinces():
    cliff = [
        Due("srdi_sme", "11", None, {MET: 1}),
        Due("srdi_sme", "11", "2027Q2", {MET: 1, UNMET: 2}),
        Due("little_giant", "44", "2027Q2", {UNMET: 3}),
    ]
    found = forecasting.by_quarter(cliff)
    assert list(found) == ["2027Q2", None]
    assert found["2027Q2"].outcomes == {MET: 1, UNMET: 5}
    assert found["2027Q2"].loss == (5, 5)
