"""``tidu assess``: the JSON of the contract, the table, the report, the exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import python_calamine

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "samples/demo.xlsx"
ON = ("--on", "2026-06-01")
NINE = {
    "tech_sme",
    "innovative_sme",
    "srdi_sme",
    "little_giant",
    "manufacturing_champion",
    "unicorn",
    "high_tech_enterprise",
    "sme_size",
    "digital_level",
}
FIRM = {
    "name": "甲",
    "industry": "C3451",
    "revenue@2025": 6000,
    "rnd_expense@2025": 180,
    "rnd_expense@2024": "150",
    "revenue@2024": 5000,
    "employees@2025": 120,
    "holds_innovative_sme": True,
}


@pytest.fixture
def firm(tmp_path):
    """One firm as a JSON file."""
    path = tmp_path / "firm.json"
    path.write_text(json.dumps([FIRM], ensure_ascii=False), encoding="utf-8")
    return path


def assess(tidu, path, *more):
    ran = tidu("assess", path, *ON, "--format", "json", *more)
    return ran, json.loads(ran.out)


def test_json_has_every_scheme_for_every_row(tidu):
    ran, found = assess(tidu, DEMO)
    assert ran.code == 0
    assert len(found) == 40
    assert all(set(each["schemes"]) == NINE for each in found)


def test_json_of_one_criterion_is_as_the_contract_says(tidu, firm):
    _, [found] = assess(tidu, firm, "--scheme", "srdi_sme")
    scheme = found["schemes"]["srdi_sme"]
    assert (found["uscc"], found["size"], found["row"]) == (None, "small", 1)
    assert (scheme["outcome"], scheme["rule_set"]) == ("unknown", "srdi_sme/2026-04-01")
    rnd = next(each for each in scheme["criteria"] if each["id"] == "rnd_each_year")
    assert {key: rnd[key] for key in ("outcome", "value", "threshold", "period")} == {
        "outcome": "met",
        "value": "1800000.00",
        "threshold": "1000000.00",
        "period": "2025",
    }
    assert rnd["clause"] == "附件1-3"
    assert rnd["grade"] == "restated"
    assert rnd["missing"] == []


def test_json_ratio_exactly_on_the_border_is_met(tidu, firm):
    _, [found] = assess(tidu, firm, "--scheme", "srdi_sme")
    sentence = found["schemes"]["srdi_sme"]["criteria"][5]["sentence"]
    assert "2025年研发费用占营业收入比重为3%，要求不低于3%，符合" in sentence


def test_file_that_cannot_be_read_is_refused_in_the_language_asked_for(tidu, tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("foo,bar\n1,2\n", encoding="utf-8")

    ran = tidu("assess", path, *ON, "--lang", "en")

    assert (ran.code, ran.out) == (1, "")
    assert "firms.csv has no known column" in ran.err


def test_sentences_in_english(tidu, firm):
    _, [found] = assess(tidu, firm, "--scheme", "sme_size", "--lang", "en")
    sentences = [c["sentence"] for c in found["schemes"]["sme_size"]["criteria"]]
    assert sentences[0] == (
        "Employees 2025: 120; this indicator stands for a small enterprise."
    )


def test_kind_and_date_choose_the_rule_set(tidu, firm):
    _, [found] = assess(
        tidu, firm, "--scheme", "little_giant", "--kind", "reverification"
    )
    assert found["schemes"]["little_giant"]["rule_set"] == "little_giant/2022-08-01"


def test_before_the_first_rule_set_nothing_applies(tidu, firm):
    ran = tidu(
        "assess", firm, "--on", "2020-01-01", "--format", "json",
        "--scheme", "srdi_sme",
    )  # fmt: skip
    scheme = json.loads(ran.out)[0]["schemes"]["srdi_sme"]
    assert (scheme["outcome"], scheme["rule_set"], scheme["criteria"]) == (
        "not_applicable",
        None,
        [],
    )


def test_province_adds_its_round_and_computes_its_own_score(tidu, tmp_path):
    path = tmp_path / "firm.json"
    path.write_text(
        json.dumps([{**FIRM, "demo_local_chain": True, "demo_export_share": "10%",
                     "demo_green_factory": "province"}]),
        encoding="utf-8",
    )  # fmt: skip
    ran = tidu("assess", path, "--on", "2025-06-01", "--province", "990000",
               "--format", "json", "--scheme", "srdi_sme")  # fmt: skip
    items = {
        c["id"]: c for c in json.loads(ran.out)[0]["schemes"]["srdi_sme"]["criteria"]
    }
    assert items["i09"]["points"] == 13
    ran = tidu("assess", path, *ON, "--province", "99", "--format", "json")
    assert (
        json.loads(ran.out)[0]["schemes"]["srdi_sme"]["round"]["closes"] == "2026-06-12"
    )


def test_score_range_where_an_item_is_unknown(tidu, firm):
    ran = tidu("assess", firm, "--on", "2025-06-01", "--format", "json",
               "--scheme", "srdi_sme")  # fmt: skip
    scheme = json.loads(ran.out)[0]["schemes"]["srdi_sme"]
    assert scheme["score"] is None
    low, high = scheme["score_range"]
    assert 0 <= low < high <= 100


def test_table_fits_80_columns_and_names_every_firm(tidu):
    ran = tidu("assess", DEMO, *ON)
    assert ran.code == 0
    assert "共40家企业" in ran.out
    assert max(width(line) for line in ran.out.splitlines()) <= 80


def width(line: str) -> int:
    from rich.cells import cell_len  # noqa: PLC0415 - slow import

    return cell_len(line)


def test_single_firm_is_told_criterion_by_criterion(tidu, firm):
    ran = tidu("assess", firm, *ON)
    assert "近两年研发费用及其占营业收入比重" in ran.out
    assert max(width(line) for line in ran.out.splitlines()) <= 80


def test_csv_has_one_line_per_firm_and_names_as_screen(tidu):
    ran = tidu("assess", DEMO, *ON, "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(ran.out)))
    assert len(lines) == 40
    assert lines[0]["srdi_sme__outcome"] == "unmet"
    assert lines[0]["srdi_sme__entry_title__missing"] == ""


def test_result_alone_is_on_stdout(tidu, tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("name,revenue@2025\n甲,很多\n乙,3万元\n", encoding="utf-8")
    ran, found = assess(tidu, path)
    assert ran.code == 3
    assert [each["name"] for each in found] == ["乙"]
    assert "第2行" in ran.err


def test_xlsx_report_opens_and_has_its_sheets(tidu, tmp_path):
    out = tmp_path / "report.xlsx"
    ran = tidu("assess", DEMO, *ON, "--format", "xlsx", "-o", out)
    assert ran.code == 0
    with python_calamine.CalamineWorkbook.from_path(str(out)) as book:
        assert book.sheet_names == ["总览", "逐条说明", "缺的数据", "读入报告", "说明"]
        overview = book.get_sheet_by_name("总览").to_python()
    assert overview[0][0] == "评估总览：按2026-06-01计算，新申报，共40家企业"
    assert len(overview) == 43
    assert list(tmp_path.iterdir()) == [out]


def test_xlsx_without_a_file_name_is_a_usage_error(tidu):
    ran = tidu("assess", DEMO, "--format", "xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "输出 xlsx 需要用 -o 写明文件名，如 -o 报告.xlsx\n"


def test_unknown_scheme_is_a_usage_error(tidu):
    ran = tidu("assess", DEMO, "--scheme", "srdi")
    assert ran.code == 2
    assert ran.err.startswith("没有认定 srdi；可以写：")


def test_wrong_date_is_a_usage_error(tidu):
    assert tidu("assess", DEMO, "--on", "6月1日").code == 2


def test_unreadable_file_is_one_plain_sentence(tidu, tmp_path):
    ran = tidu("assess", tmp_path / "none.csv")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"找不到文件 {tmp_path / 'none.csv'}；请检查文件名\n"


def test_output_that_cannot_be_written_leaves_nothing_half(tidu, tmp_path, firm):
    ran = tidu("assess", firm, *ON, "--format", "json", "-o", tmp_path / "no/such.json")
    assert ran.code == 1
    assert ran.err.startswith("写不出 ")


def test_real_companies_show_honest_unknowns(tidu):
    ran = tidu(
        "assess", ROOT / "samples/star_market_2025.csv", *ON, "--format", "json",
        "--columns", ROOT / "samples/star_market_2025.columns.yaml",
    )  # fmt: skip
    found = json.loads(ran.out)
    assert (ran.code, len(found)) == (0, 18)
    size = found[0]["schemes"]["sme_size"]
    assert size["outcome"] == "unknown"
    assert "年度报告第14页" in size["criteria"][1]["source"][0]


def test_a_wrong_column_map_is_a_pack_error_with_its_line(tidu, tmp_path, firm):
    path = tmp_path / "map.yaml"
    path.write_text("columns:\n  x: {fact: revenu}\n", encoding="utf-8")
    ran = tidu("assess", firm, "--columns", path)
    assert ran.code == 4
    assert ran.err == f"{path}:2: 不认识的事实 revenu；是不是想写 revenue\n"


def test_every_outcome_occurs_in_the_demo(tidu):
    _, found = assess(tidu, DEMO)
    outcomes = {
        criterion["outcome"]
        for each in found
        for scheme in each["schemes"].values()
        for criterion in scheme["criteria"]
    }
    assert outcomes == {"met", "unmet", "unknown", "manual", "not_applicable"}
