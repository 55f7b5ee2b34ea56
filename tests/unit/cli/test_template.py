"""``tidu template``: blank forms, empty or with what is known filled in."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from tidu.intake import read_file
from tidu.rules.library import default_library

ON = ("--on", "2026-06-01")
DAY = datetime.date(2026, 6, 1)
CODE, OTHER = "91990102MA0000001D", "91990102MA0000002G"
SAMPLE = Path(__file__).parents[3] / "samples/demo.xlsx"


@pytest.fixture
def firms(tmp_path):
    """Two firms: one with some figures, one with its name alone."""
    known = {"uscc": CODE, "name": "甲（虚构）", "revenue@2025": "6000万元"}
    path = tmp_path / "firms.json"
    path.write_text(json.dumps([known, {"uscc": OTHER, "name": "乙"}]), "utf-8")
    return path


def columns(path):
    return [c.key for c in read_file(path, default_library().facts, on=DAY).columns]


def test_a_county_form_asks_what_the_schemes_need(tidu, tmp_path):
    out = tmp_path / "form.xlsx"
    all_nine = tmp_path / "all.xlsx"

    ran = tidu("template", "--scheme", "srdi_sme", *ON, "-o", out)
    tidu("template", *ON, "-o", all_nine)

    assert ran.code == 0
    assert ran.out == ""
    assert "项数据" in ran.err
    assert f"填好以后：tidu assess {out}" in ran.err
    assert columns(out)[:3] == ["", "name", "uscc"]
    assert "revenue@2024" in columns(out)
    assert "dq01" not in columns(out)
    assert "dq01" in columns(all_nine)


def test_a_blank_form_is_assessed_as_no_enterprise(tidu, tmp_path):
    out = tmp_path / "form.xlsx"
    tidu("template", "--rows", 3, *ON, "-o", out)

    ran = tidu("assess", out, *ON, "--format", "json")

    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert "提醒" not in ran.err


def test_an_enterprise_form_is_read_as_one_firm(tidu, tmp_path):
    out = tmp_path / "form.xlsx"
    tidu("template", "--kind", "enterprise", *ON, "-o", out)

    ran = tidu("assess", out, *ON, "--scheme", "srdi_sme", "--format", "json")

    (firm,) = json.loads(ran.out)
    assert firm["schemes"]["srdi_sme"]["outcome"] == "unknown"


def test_known_figures_are_filled_in_and_only_the_missing_asked(tidu, tmp_path, firms):
    out = tmp_path / "form.xlsx"
    asked = ("--scheme", "srdi_sme", "--enterprise", firms)

    ran = tidu("template", *asked, *ON, "-o", out)

    assert ran.code == 0
    assert "2家企业" in ran.err
    first, second = read_file(out, default_library().facts, on=DAY).rows
    assert first.facts.flat()["revenue@2025"] == 60_000_000
    assert second.facts.flat() == {"uscc": OTHER, "name": "乙"}


def test_what_every_firm_has_told_is_not_asked_again(tidu, tmp_path):
    out = tmp_path / "form.xlsx"
    ran = tidu("template", "--enterprise", SAMPLE, *ON, "-o", out)

    assert ran.code == 0
    before = read_file(SAMPLE, default_library().facts, on=DAY).rows
    after = read_file(out, default_library().facts, on=DAY).rows
    assert [row.name for row in after] == [row.name for row in before]
    for old, new in zip(before, after, strict=True):
        flat = old.facts.flat()
        assert all(flat[key] == value for key, value in new.facts.items())
    assert "staff_total@2025" not in columns(out)


def test_each_firm_gets_a_workbook_of_its_own(tidu, tmp_path, firms):
    folder = tmp_path / "forms"
    asked = ("--kind", "enterprise", "--scheme", "srdi_sme", "--enterprise", firms)

    ran = tidu("template", *asked, *ON, "-o", folder)

    assert ran.code == 0
    assert f"tidu merge {folder}" in ran.err
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"乙-{OTHER}.xlsx", f"甲（虚构）-{CODE}.xlsx"]
    assert "revenue@2025" not in columns(folder / names[1])
    assert "revenue@2024" in columns(folder / names[1])
    (row,) = read_file(folder / names[1], default_library().facts, on=DAY).rows
    assert row.facts.flat() == {"uscc": CODE, "name": "甲（虚构）"}


def test_a_single_firm_gets_a_file(tidu, tmp_path):
    known = tmp_path / "one.json"
    known.write_text(json.dumps([{"revenue@2025": "6000万元"}]), "utf-8")
    out = tmp_path / "form.xlsx"

    ran = tidu(
        "template", "--kind", "enterprise", "--enterprise", known, *ON, "-o", out
    )

    assert ran.code == 0
    assert "revenue@2025" not in columns(out)


def test_an_unnamed_firm_in_a_folder_is_named_by_its_row(tidu, tmp_path):
    known = tmp_path / "one.json"
    known.write_text(json.dumps([{"revenue@2025": "6000万元"}]), "utf-8")
    folder = tmp_path / "forms"

    tidu("template", "--kind", "enterprise", "--enterprise", known, *ON, "-o", folder)

    assert [path.name for path in folder.iterdir()] == ["1.xlsx"]


def test_several_firms_do_not_fit_one_enterprise_form(tidu, tmp_path, firms):
    asked = ("--kind", "enterprise", "--enterprise", firms)

    ran = tidu("template", *asked, *ON, "-o", tmp_path / "form.xlsx")

    assert ran.code == 2
    assert "文件里有2家企业，一家一份" in ran.err


def test_a_file_without_a_readable_firm_is_refused(tidu, tmp_path):
    known = tmp_path / "bad.json"
    known.write_text(json.dumps([{"name": "甲", "revenue@2025": "很多"}]), "utf-8")

    ran = tidu("template", "--enterprise", known, *ON, "-o", tmp_path / "form.xlsx")

    assert ran.code == 2
    assert "没有可读的企业" in ran.err


def test_a_form_is_an_excel_file(tidu, tmp_path):
    ran = tidu("template", *ON, "-o", tmp_path / "form.csv")

    assert ran.code == 2
    assert "form.xlsx" in ran.err


def test_an_unknown_scheme_is_refused(tidu, tmp_path):
    ran = tidu("template", "--scheme", "nobel", *ON, "-o", tmp_path / "form.xlsx")

    assert ran.code == 2
    assert "没有认定 nobel" in ran.err


def test_a_province_asks_its_own_facts_too(tidu, tmp_path):
    out = tmp_path / "form.xlsx"
    asked = ("--scheme", "srdi_sme", "--province", "99", "--on", "2025-06-01")

    ran = tidu("template", *asked, "-o", out, "--lang", "en")

    assert ran.code == 0
    assert "Written:" in ran.err
    assert "demo_green_factory" in columns(out)
