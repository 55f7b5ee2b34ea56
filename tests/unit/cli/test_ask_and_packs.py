"""``tidu ask`` and ``tidu packs``."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "samples/demo.xlsx"
ON = ("--on", "2026-06-01")
KINGFISHER = "91990102MA0000016X"  # lacks the platform's score only


def test_ask_names_the_one_missing_figure_first(tidu):
    ran = tidu("ask", DEMO, *ON, "--enterprise", KINGFISHER, "--format", "json")
    [found] = json.loads(ran.out)
    assert (ran.code, found["uscc"]) == (0, KINGFISHER)
    first = found["questions"][0]
    assert first["fact"] == "srdi_score@2026"
    assert "srdi_sme/srdi_score" in first["decides"]


def test_ask_table_is_readable(tidu):
    ran = tidu("ask", DEMO, *ON, "--enterprise", KINGFISHER)
    assert "2026年专精特新发展评价得分（平台）" in ran.out


def test_ask_for_a_firm_that_is_not_there(tidu):
    ran = tidu("ask", DEMO, "--enterprise", "91990102MA00000000")
    assert ran.code == 2
    assert "没有可读的企业" in ran.err


def test_packs_list_names_all_nine_schemes_and_both_packs(tidu):
    ran = tidu("packs", "list")
    assert ran.code == 0
    assert "little_giant" in ran.out
    assert "示范省政策包" in ran.out
    assert len(json.loads(tidu("packs", "list", "--format", "json").out)) == 9


def test_packs_show_gives_conditions_values_and_clauses(tidu):
    ran = tidu("packs", "show", "srdi_sme", *ON, "--province", "99")
    assert "min_revenue = 1500万元（附件1-2）" in ran.out
    assert "示范省2026年专精特新中小企业认定和复核（虚构）" in ran.out


def test_packs_show_with_score_card_and_before_the_first_edition(tidu):
    assert "5分：" in tidu("packs", "show", "srdi_sme", "--on", "2024-06-01").out
    early = tidu("packs", "show", "srdi_sme", "--on", "2020-01-01").out
    assert early == "2020-01-01 还没有这项认定的标准\n"


def test_packs_diff_shows_what_changed(tidu):
    ran = tidu("packs", "diff", "srdi_sme", "2025-12-31", "2026-06-01")
    assert ran.code == 0
    assert "1000万元" in ran.out
    assert "1500万元" in ran.out


def test_packs_diff_of_the_same_edition_and_of_none(tidu):
    same = tidu("packs", "diff", "srdi_sme", "2026-05-01", "2026-06-01").out
    assert same == "两个日期用的是同一版标准：srdi_sme/2026-04-01\n"
    none = tidu("packs", "diff", "srdi_sme", "2020-01-01", "2026-06-01").out
    assert none == "2020-01-01 还没有这项认定的标准，无法比较\n"


def test_packs_check_is_clean_on_both_packs(tidu):
    for name in ("national", "demo_province"):
        ran = tidu("packs", "check", ROOT / "packs" / name)
        assert (ran.code, ran.out) == (0, f"{ROOT / 'packs' / name}：没有问题\n")


def test_packs_check_of_a_broken_pack_is_exit_code_4(tidu, tmp_path):
    (tmp_path / "pack.yaml").write_text("id: x\nid: y\n", encoding="utf-8")
    ran = tidu("packs", "check", tmp_path)
    assert ran.code == 4
    assert "键 id 重复" in ran.out


def test_help_lists_the_commands(tidu):
    ran = tidu("--help")
    assert all(name in ran.out for name in ("assess", "plan", "ask", "packs"))


def test_a_failure_of_ours_is_one_sentence(tidu, monkeypatch):
    def fail(*_arguments, **_named):
        raise ZeroDivisionError("never")

    monkeypatch.setattr("tidu.cli.asking.ask_file", fail)
    ran = tidu("ask", DEMO)
    assert ran.code == 1
    assert ran.err.startswith("程序出错：ZeroDivisionError（never）")
    assert "Traceback" not in ran.err
